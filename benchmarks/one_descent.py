"""How long does one descent take, against the NumPy loop that people write by hand?

    python benchmarks/one_descent.py

From 2 weights to thousands, the same start, rate and steps, medians of interleaved repeats in one run, in seconds of
this thread's processor time (BLAS on one thread), which neighbours on the machine cannot stretch. Ours makes a Fit anew
each time, so what is prepared for it counts; it keeps every theta, loss and gradient norm, the loop only the losses.
Writes its table into benchmarks/README.md.
"""
import os
import platform
import re
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
import numpy as np  # noqa: E402

import bpviz as bp  # noqa: E402
from bpviz.network.data import moons  # noqa: E402

REPEATS, SHORT = 11, 200


def sigmoid_loop(data, layers, rate, steps, adam=False):
    """Two layers of sigmoids and a squared error, rows by features, as in the tutorials."""
    x, t = data.x.T.copy(), data.y.T.copy()
    (W1, b1), (W2, b2) = layers
    losses, n = [], len(x)
    m, v = ([np.zeros_like(p) for p in (W1, b1, W2, b2)] for _ in range(2))
    for k in range(1, steps + 1):
        h = 1 / (1 + np.exp(-(x @ W1 + b1)))
        o = 1 / (1 + np.exp(-(h @ W2 + b2)))
        losses.append(np.mean(np.sum((o - t) ** 2, axis=1)))
        d2 = 2 * (o - t) * o * (1 - o) / n
        d1 = d2 @ W2.T * h * (1 - h)
        gradients = x.T @ d1, d1.sum(axis=0), h.T @ d2, d2.sum(axis=0)
        if adam:
            for i, (p, g) in enumerate(zip((W1, b1, W2, b2), gradients, strict=True)):
                m[i] = 0.9 * m[i] + 0.1 * g
                v[i] = 0.999 * v[i] + 0.001 * g ** 2
                p -= rate * (m[i] / (1 - 0.9 ** k)) / (np.sqrt(v[i] / (1 - 0.999 ** k)) + 1e-8)
        else:
            for p, g in zip((W1, b1, W2, b2), gradients, strict=True):
                p -= rate * g
    return [(W1, b1), (W2, b2)], losses


def two_weights_loop(data, layers, rate, steps):
    """f(w2 f(w1 x)) without biases: still arrays over the rows."""
    x, t = data.x[0].copy(), data.y[0].copy()
    w1, w2 = (float(W[0, 0]) for W, _ in layers)
    losses = []
    for _ in range(steps):
        h = 1 / (1 + np.exp(-w1 * x))
        o = 1 / (1 + np.exp(-w2 * h))
        losses.append(np.mean((o - t) ** 2))
        d2 = 2 * (o - t) * o * (1 - o)
        d1 = d2 * w2 * h * (1 - h)
        w2 -= rate * np.mean(d2 * h)
        w1 -= rate * np.mean(d1 * x)
    return [(np.array([[w1]]), None), (np.array([[w2]]), None)], losses


def softmax_loop(data, layers, rate, steps):
    """Hidden layers of relu and a softmax, the case study of CS231n with a loop over layers."""
    x, t = data.x.T.copy(), data.y.T.copy()
    label, n, rows, losses = t.argmax(axis=1), len(x), np.arange(len(x)), []
    for _ in range(steps):
        a = [x]
        for W, b in layers[:-1]:
            a.append(np.maximum(0, a[-1] @ W + b))
        scores = a[-1] @ layers[-1][0] + layers[-1][1]
        e = np.exp(scores)
        p = e / np.sum(e, axis=1, keepdims=True)
        losses.append(np.mean(-np.log(p[rows, label])))
        d = p
        d[rows, label] -= 1
        d /= n
        for k in range(len(layers) - 1, -1, -1):
            W, b = layers[k]
            dW, db = a[k].T @ d, d.sum(axis=0)
            if k:
                d = d @ W.T
                d[a[k] <= 0] = 0
            W -= rate * dW
            b -= rate * db
    return layers, losses


def case(sizes, loop, data, rate, steps, optimizer=bp.GradientDescent):
    """(network, data, the loop, ours, steps, in words which optimizer)."""
    soft = loop is softmax_loop
    network = bp.Network(sizes, ("relu",) * (len(sizes) - 2) + ("identity",) if soft else "sigmoid",
                         bias=loop is not two_weights_loop)
    theta = bp.initial_weights(network, "He" if soft else "Glorot normal", seed=0)
    options = {"adam": True} if optimizer is bp.Adam else {}

    def plain(steps):
        layers = [(W.copy(), None if b is None else b.copy()) for W, b in network.layers(theta)]
        return network.pack(loop(data, layers, rate, steps, **options)[0])

    def ours(steps):
        fit = bp.Fit(network, "softmax cross-entropy" if soft else "squared error", data)
        return bp.descend(fit, theta, optimizer(rate), steps).end
    return network, data, plain, ours, steps, "Adam, " if options else ""


def classes(n_in, n_out, rows):
    rng = np.random.default_rng(0)
    middle, label = rng.normal(size=(n_in, n_out)), rng.integers(n_out, size=rows)
    return bp.Data(middle[:, label] + rng.normal(scale=0.5, size=(n_in, rows)), np.eye(n_out)[:, label])


def spiral():
    """The three arms of CS231n's case study."""
    rng, arms = np.random.default_rng(0), []
    for j in range(3):
        r, turn = np.linspace(0, 1, 100), np.linspace(j * 4, (j + 1) * 4, 100) + rng.normal(size=100) * 0.2
        arms.append(np.stack([r * np.sin(turn), r * np.cos(turn)]))
    return bp.Data(np.concatenate(arms, axis=1), np.repeat(np.eye(3), 100, axis=1))


CASES = [
    case((1, 1, 1), two_weights_loop, bp.DATA["seesaw"], 5.0, 5000),
    case((2, 2, 1), sigmoid_loop, bp.DATA["xor"], 0.5, 5000),
    case((2, 4, 1), sigmoid_loop, bp.DATA["xor"], 0.5, 5000),
    case((2, 4, 1), sigmoid_loop, moons(16), 0.5, 5000),
    case((2, 4, 1), sigmoid_loop, moons(100), 0.5, 5000),
    case((2, 4, 1), sigmoid_loop, moons(100), 0.01, 5000, bp.Adam),
    case((2, 16, 1), sigmoid_loop, moons(400), 0.5, 2000),
    case((4, 10, 3), softmax_loop, classes(4, 3, 150), 0.1, 2000),
    case((2, 100, 3), softmax_loop, spiral(), 0.1, 1000),
    case((64, 32, 10), softmax_loop, classes(64, 10, 500), 0.05, 500),
    case((64, 100, 100, 10), softmax_loop, classes(64, 10, 200), 0.05, 300),
]


def medians(repeats, *ways):
    """Seconds of processor time of each way, median of interleaved repeats."""
    taken = [[] for _ in ways]
    for _ in range(repeats):
        for way, times in zip(ways, taken, strict=True):
            began = time.thread_time()
            way()
            times.append(time.thread_time() - began)
    return [statistics.median(times) for times in taken]


def main():
    began, lines = time.perf_counter(), []
    for network, data, plain, ours, steps, how in CASES:
        apart = np.abs(plain(SHORT) - ours(SHORT)).max()
        loop, us, short_loop, short = medians(
            REPEATS, lambda plain=plain, steps=steps: plain(steps), lambda ours=ours, steps=steps: ours(steps),
            lambda plain=plain: plain(SHORT), lambda ours=ours: ours(SHORT))
        lines.append(f"| {'-'.join(map(str, network.sizes))} | {network.n_params:,} | {data.rows} | {how}{steps:,} | "
                     f"{loop:.3f} | {us:.3f} | {loop / us:.2f} | at least 1: {'met' if loop >= us else 'NOT met'} | "
                     f"{short_loop / short:.2f} | {apart:.0e} |")
        print(lines[-1], flush=True)
    text = "\n".join([
        "", f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, NumPy {np.__version__}, "
        f"{time.perf_counter() - began:.0f} s in all, medians of {REPEATS} interleaved repeats, "
        "seconds of processor time, BLAS on one thread.", "",
        f"| network | weights | rows | steps | loop by hand, s | ours, s | loop / ours | wanted | loop / ours, {SHORT} steps "
        "| ends apart |", "|---|---|---|---|---|---|---|---|---|---|", *lines, ""])
    path = ROOT / "benchmarks" / "README.md"
    page = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(<!-- one_descent -->\n).*(<!-- /one_descent -->)",
                           lambda found: found[1] + text + found[2], page, flags=re.S), encoding="utf-8")


if __name__ == "__main__":
    main()
