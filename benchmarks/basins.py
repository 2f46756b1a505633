"""How fast is a map of basins, and how right is the quick one?

    python benchmarks/basins.py [--quick]

Needs numba, jax and torch beside bpviz's own packages (pip install numba jax torch). Everything in one run, same starts,
float64, medians of interleaved repeats. Writes its table into benchmarks/README.md.
"""
import argparse
import os
import platform
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402

import bpviz as bp  # noqa: E402
from bpviz.descent import compiled  # noqa: E402
from bpviz.descent.kernels import Kernel, PlainKernel, kernel  # noqa: E402
from bpviz.descent.program import program  # noqa: E402

jax.config.update("jax_enable_x64", True)
torch.set_default_dtype(torch.float64)
RNG = np.random.default_rng(0)
CASES = {
    "1-1-1, 4 rows": bp.Fit(bp.Network((1, 1, 1), "sigmoid", bias=False), "squared error", bp.DATA["trident"]),
    "2-2-1, 4 rows": bp.Fit(bp.Network((2, 2, 1), "sigmoid"), "squared error", bp.DATA["xor"]),
    "2-4-1, 16 rows": bp.Fit(bp.Network((2, 4, 1), "sigmoid"), "squared error",
                             bp.Data(RNG.normal(size=(2, 16)), RNG.uniform(size=(1, 16)))),
}
WANTED = {"1-1-1, 4 rows": 2.0, "2-2-1, 4 rows": 2.0, "2-4-1, 16 rows": 1.0}


def blocks(fit, theta):
    """theta (P, N) as [(W, b)] for jax and torch, by plain slicing."""
    start, layers = 0, []
    for n, m in zip(fit.network.sizes, fit.network.sizes[1:], strict=False):
        W = theta[start:start + n * m].reshape((n, m) + theta.shape[1:])
        start += n * m
        b = None
        if fit.network.bias:
            b = theta[start:start + m]
            start += m
        layers.append((W, b))
    return layers


def jax_steps(fit, rate, steps):
    """jit(vmap(fori_loop)) over networks, gradient by jax.grad; trailing axis, which is jax's faster one here."""
    x, t = jnp.array(fit.data.x), jnp.array(fit.data.y)

    def loss(theta):
        a = x
        for W, b in blocks(fit, theta):
            z = W.T @ a
            a = jax.nn.sigmoid(z if b is None else z + b[:, None])
        return jnp.mean(jnp.sum((a - t) ** 2, axis=0))
    slope = jax.grad(loss)
    run = jax.jit(jax.vmap(lambda w: jax.lax.fori_loop(0, steps, lambda k, w: w - rate * slope(w), w),
                           in_axes=1, out_axes=1))
    return lambda theta: np.asarray(run(theta).block_until_ready())


def torch_by_hand(fit, rate, steps):
    """The backward pass by hand in torch, networks on the last axis, all cores."""
    x, t = torch.tensor(fit.data.x)[:, :, None], torch.tensor(fit.data.y)[:, :, None]
    rows = fit.data.rows

    def run(start):
        theta = torch.tensor(start)
        with torch.no_grad():
            for _ in range(steps):
                layers, a = blocks(fit, theta), [x]
                for W, b in layers:
                    z = torch.einsum("ioN,irN->orN", W, a[-1].expand(-1, -1, theta.shape[1]))
                    a.append(torch.sigmoid(z if b is None else z + b[:, None]))
                delta = 2 * (a[-1] - t) / rows * a[-1] * (1 - a[-1])
                parts = []
                for k in range(len(layers) - 1, -1, -1):
                    slope = torch.einsum("irN,orN->ioN", a[k].expand(-1, -1, theta.shape[1]), delta)
                    piece = [slope.reshape(-1, theta.shape[1])] + ([delta.sum(1)] if layers[k][1] is not None else [])
                    parts = piece + parts
                    if k:
                        delta = torch.einsum("ioN,orN->irN", layers[k][0], delta) * a[k] * (1 - a[k])
                theta -= rate * torch.cat(parts)
        return theta.numpy()
    return run


def torch_autograd(fit, rate, steps):
    x, t = torch.tensor(fit.data.x)[:, :, None], torch.tensor(fit.data.y)[:, :, None]

    def run(start):
        theta = torch.tensor(start, requires_grad=True)
        for _ in range(steps):
            a = x
            for W, b in blocks(fit, theta):
                z = torch.einsum("ioN,irN->orN", W, a.expand(-1, -1, theta.shape[1]))
                a = torch.sigmoid(z if b is None else z + b[:, None])
            slope, = torch.autograd.grad(((a - t) ** 2).sum(0).mean(0).sum(), theta)
            theta = (theta - rate * slope).detach().requires_grad_()
        return theta.detach().numpy()
    return run


def ours(engine, rate, steps, pool=None):
    rates = np.full(steps, rate)

    def run(start):
        theta = start.copy()
        if pool is None:
            engine.advance(theta, engine.start(theta.shape[1]), rates)
            return theta
        half = theta.shape[1] // 2 // 64 * 64
        parts = [theta[:, :half].copy(), theta[:, half:].copy()]
        list(pool.map(lambda part: engine.advance(part, engine.start(part.shape[1]), rates), parts))
        return np.concatenate(parts, axis=1)
    return run


def interleaved(ways, repeats):
    """{name: median seconds} of functions called in turn, each once before as a warm-up."""
    times = {name: [] for name in ways}
    for way in ways.values():
        way()
    for _ in range(repeats):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - began)
    return {name: statistics.median(values) for name, values in times.items()}


def raw_speed(quick, say):
    repeats = 2 if quick else 5
    say("Million steps of one network per second, plain gradient descent, 16,384 networks (2 threads where said; jax and "
        "torch use both cores).", "")
    say("| network | numpy, plain | numpy, kept buffers | machine code | **machine code, 2 threads** | jax | torch by hand | "
        "torch autograd | ours / jax | wanted |", "|---|---|---|---|---|---|---|---|---|---|")
    with ThreadPoolExecutor(2) as pool:
        for name, fit in CASES.items():
            N, steps, rate = 16_384, (20 if quick else 240), 0.5
            start = RNG.normal(size=(fit.n_params, N))
            optimizer = bp.GradientDescent(rate)
            machine, written = kernel(fit, optimizer), program(fit, bp.GradientDescent(1.0))
            compiled.ready(machine)
            few, short = start[:, :N // 8], max(2, steps // 8)
            buffers = Kernel(fit, written)
            work = {
                "plain": (ours(PlainKernel(fit, bp.GradientDescent(1.0)), rate, short), few, short),
                "numpy": (ours(buffers, rate, short), start, short),
                "machine": (ours(machine, rate, steps), start, steps),
                "threads": (ours(machine, rate, steps, pool), start, steps),
                "jax": (jax_steps(fit, rate, steps), start, steps),
                "hand": (torch_by_hand(fit, rate, short), start, short),
                "autograd": (torch_autograd(fit, rate, short), few, short),
            }
            ends = {key: run(begin[:, :64].copy()) for key, (run, begin, n) in work.items() if n == steps}
            assert all(np.allclose(end, ends["machine"], atol=1e-10) for end in ends.values())
            seconds = interleaved({key: lambda run=run, begin=begin: run(begin) for key, (run, begin, _) in work.items()}, repeats)
            speed = {key: work[key][1].shape[1] * work[key][2] / seconds[key] / 1e6 for key in work}
            ratio = speed["threads"] / speed["jax"]
            say(f"| {name} | " + " | ".join(f"{speed[key]:.3g}" for key in work) +
                f" | {ratio:.2f} | at least {WANTED[name]:g}: {'met' if ratio >= WANTED[name] else 'NOT met'} |")
    say("")


def picture(quick, say):
    """A finished picture of 512 x 512 starts: ours, fast and exact, against jax descending every cell."""
    cells, repeats = (128, 2) if quick else (512, 5)
    rows = []
    for data, rate, steps in (("seesaw", 20.0, 1500), ("trident", 2.0, 1500)):
        fit = bp.Fit(CASES["1-1-1, 4 rows"].network, "squared error", bp.DATA[data])
        optimizer = bp.GradientDescent(rate)
        compiled.ready(kernel(fit, optimizer))
        points = bp.critical_points(fit)
        run, grid = jax_steps(fit, rate, steps), np.stack(np.meshgrid(*[np.linspace(-6, 6, cells)] * 2)).reshape(2, -1)

        def by_jax(run=run, grid=grid, points=points):
            ends = run(grid)
            apart = np.linalg.norm(ends[:, :, None] - points.theta[:, points.minima][:, None], axis=0)
            return np.where(apart.min(axis=1) < 0.01, apart.argmin(axis=1), -1).reshape(cells, cells)
        words = dict(cells=cells, optimizer=optimizer, steps=steps)
        maps = {}
        with ThreadPoolExecutor(2) as pool:
            ways = {"jax": lambda by_jax=by_jax, maps=maps: maps.update(jax=by_jax()),
                    "fast": lambda fit=fit, words=words, maps=maps: maps.update(fast=bp.basins(fit, **words).label),
                    "both": lambda fit=fit, words=words, maps=maps: maps.update(
                        both=bp.basins(fit, executor=pool, **words).label)}
            seconds = interleaved(ways, repeats)
            began = time.perf_counter()
            exact = bp.basins(fit, exact=True, executor=pool, **words).label
            seconds["exact"] = time.perf_counter() - began
        best = min(seconds["fast"], seconds["both"])
        rows.append((data, seconds, seconds["jax"] / best, (maps["fast"] != exact).mean(), (maps["jax"] != exact).mean()))
    say(f"A finished picture of {cells} x {cells} starts, 1,500 steps, gradient descent, machine code:", "",
        "| data, rate | jax, every cell | ours, fast | fast, 2 threads | exact, 2 threads | jax / ours | wanted | cells that differ, "
        "fast from exact | jax from exact |", "|---|---|---|---|---|---|---|---|---|")
    for data, seconds, ratio, differ, jaxs in rows:
        say(f"| {data} | {seconds['jax']:.2f} s | {seconds['fast']:.2f} s | {seconds['both']:.2f} s | {seconds['exact']:.2f} s | "
            f"{ratio:.1f} | at least 10: {'met' if ratio >= 10 else 'NOT met'} | {differ:.4%} (at most 0.1 %: "
            f"{'met' if differ <= 0.001 else 'NOT met'}) | {jaxs:.4%} |")
    say("")


def disagreement(quick, say):
    """Fast against exact on every data set and optimizer, NumPy or machine code alike."""
    cells = 96 if quick else 200
    say(f"Cells that differ, fast from exact, {cells} x {cells} starts (wanted: at most 0.1 % for gradient descent at a small rate):",
        "", "| data | optimizer | steps | differ | descended |", "|---|---|---|---|---|")
    sets = [("seesaw", "sigmoid"), ("trident", "sigmoid"), ("linear saddle", "identity"), ("trident", "tanh")]
    small = {"seesaw": 5.0, "trident": 1.0, "linear saddle": 0.02}
    for data, activation in sets:
        fit = bp.Fit(bp.Network((1, 1, 1), activation, bias=False), "squared error", bp.DATA[data])
        rate = small[data] if activation != "tanh" else 0.1
        for optimizer, steps in ((bp.GradientDescent(rate), 2000), (bp.GradientDescent(rate), 20_000),
                                 (bp.GradientDescent(rate / 10, 0.9), 2000), (bp.RMSprop(0.02), 2000), (bp.Adam(0.05), 2000)):
            compiled.ready(kernel(fit, optimizer))
            fast, exact = (bp.basins(fit, cells=cells, optimizer=optimizer, steps=steps, exact=e) for e in (False, True))
            name = f"{type(optimizer).__name__}({optimizer.rate:g}{', 0.9' if optimizer.momentum else ''})"
            say(f"| {data}, {activation} | {name} | {steps:,} | {(fast.label != exact.label).mean():.3%} | {fast.descended.mean():.0%} |")
    say("")


def growth(quick, say):
    """Seconds against cells, steps, weights and rows, one at a time, machine code on one thread and on two."""
    say("Growth, machine code, exact mode (seconds on one thread, on two):", "", "| what grows | values | one | two |", "|---|---|---|---|")
    base = bp.Fit(bp.Network((1, 1, 1), "sigmoid", bias=False), "squared error", bp.DATA["trident"])

    def timed(fit, N, steps, pool):
        engine = kernel(fit, bp.GradientDescent(0.5))
        compiled.ready(engine)
        start = RNG.normal(size=(fit.n_params, N))
        run = ours(engine, 0.5, steps, pool)
        run(start[:, :128].copy())
        began = time.perf_counter()
        run(start)
        return time.perf_counter() - began
    shapes = [(1, n, 1) for n in (1, 2, 4, 8)]
    series = {
        "cells": [(base, n * n, 300, f"{n}²") for n in (64, 128, 256, 512)],
        "steps": [(base, 128 * 128, n, f"{n:,}") for n in (250, 500, 1000, 2000)],
        "weights": [(bp.Fit(bp.Network(s), "squared error", bp.DATA["trident"]), 4096, 300, str(bp.Network(s).n_params)) for s in shapes],
        "rows": [(bp.Fit(bp.Network((1, 2, 1)), "squared error", bp.Data(np.linspace(-2, 2, n), np.full(n, 0.4))), 4096, 300, str(n))
                 for n in (4, 8, 16, 32)],
    }
    with ThreadPoolExecutor(2) as pool:
        for name, points in series.items():
            one = [timed(fit, N, steps, None) for fit, N, steps, _ in points]
            two = [timed(fit, N, steps, pool) for fit, N, steps, _ in points]
            say(f"| {name} | {', '.join(p[3] for p in points)} | {', '.join(f'{t:.3f}' for t in one)} | "
                f"{', '.join(f'{t:.3f}' for t in two)} |")
    say("")


def proofs(say):
    """certify=True on the data sets of the course."""
    say("Proofs of completeness (`critical_points(fit, certify=True)`), window [-6, 6]²; wanted: under 20 s each:", "",
        "| data | activation | verdict | boxes | seconds |", "|---|---|---|---|---|")
    for data in ("seesaw", "trident", "linear saddle"):
        for activation in ("sigmoid", "tanh", "softplus", "swish", "softsign"):
            fit = bp.Fit(bp.Network((1, 1, 1), activation, bias=False), "squared error", bp.DATA[data])
            c = bp.critical_points(fit, certify=True).certificate
            say(f"| {data} | {activation} | {c.words.split(' between')[0]} | {c.boxes:,} | {c.seconds:.2f} |")
    say("")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few repeats, small maps; the README is left alone")
    quick = parser.parse_args().quick
    os.environ.setdefault("BPVIZ_COMPILED", "1")
    lines, began = [], time.perf_counter()

    def say(*text):
        for line in text:
            print(line, flush=True)
            lines.append(line)
    raw_speed(quick, say)
    picture(quick, say)
    disagreement(quick, say)
    growth(quick, say)
    proofs(say)
    say(f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, {platform.machine()}, numpy {np.__version__}, jax "
        f"{jax.__version__}, torch {torch.__version__}, {time.perf_counter() - began:.0f} s in all.")
    if not quick:
        readme = ROOT / "benchmarks" / "README.md"
        text = readme.read_text(encoding="utf-8")
        head, rest = text.split("<!-- basins -->\n")
        tail = rest.split("<!-- /basins -->")[1]
        readme.write_text(head + "<!-- basins -->\n\n" + "\n".join(lines) + "\n\n<!-- /basins -->" + tail, encoding="utf-8")


if __name__ == "__main__":
    main()
