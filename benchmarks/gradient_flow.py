"""How long does it take to see what became of the gradient in every layer, and is it the same as torch's?

    python benchmarks/gradient_flow.py

Needs torch beside bpviz's own packages (pip install torch). Everything in one run on the same weights and rows, medians
of interleaved repeats. Writes its table into benchmarks/README.md.
"""
import os
import platform
import re
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")   # or torch's idle threads spin while the others work
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
import numpy as np  # noqa: E402
import torch  # noqa: E402

import bpviz as bp  # noqa: E402
from bpviz.base.work import Memory, finished  # noqa: E402
from bpviz.explorers import all_explorers  # noqa: E402
from bpviz.network.gradient_flow import gradients_by_layer, norm  # noqa: E402
from bpviz.plots.blit import Blit  # noqa: E402
from bpviz.plots.style import style  # noqa: E402

DEPTH, WIDTH, ROWS, REPEATS = 20, 64, 256, 201
TORCH = {"tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu}


def task(activation):
    """DEPTH layers of WIDTH units on normal rows; He's start for relu, Glorot's for the others."""
    rng = np.random.default_rng(0)
    network = bp.Network((WIDTH,) * (DEPTH + 1), activation)
    fit = bp.Fit(network, "squared error", bp.Data(rng.normal(size=(WIDTH, ROWS)), rng.normal(size=(WIDTH, ROWS))))
    return fit, bp.initial_weights(network, "He" if activation == "relu" else "Glorot normal", sigma_b=0.1)


def ours(fit, theta):
    """Per layer |dL/dW| and |dL/dz|, from the hand-written backward pass."""
    trace = bp.backprop(fit, theta)
    return [norm(W) for W, _ in fit.network.layers(trace.gradient)], [norm(delta) for delta in trace.delta]


def by_torch(fit, theta, dtype):
    """A function that finds the same by torch.autograd."""
    layers = [tuple(torch.tensor(part, dtype=dtype, requires_grad=True) for part in layer)
              for layer in fit.network.layers(theta)]
    x, t = (torch.tensor(part.T.copy(), dtype=dtype) for part in (fit.data.x, fit.data.y))
    f = TORCH[fit.network.activations[0]]

    def run():
        for layer in layers:
            for part in layer:
                part.grad = None
        a, pre = x, []
        for W, b in layers:
            z = torch.addmm(b, a, W)
            z.retain_grad()
            pre.append(z)
            a = f(z)
        ((a - t) ** 2).sum(dim=1).mean().backward()
        return [float(W.grad.norm()) for W, _ in layers], [float(z.grad.norm()) for z in pre]
    return run


def medians(*functions):
    """Median milliseconds of each, interleaved."""
    times = [[] for _ in functions]
    for k in range(REPEATS + 2):
        for function, kept in zip(functions, times, strict=True):
            began = time.perf_counter()
            function()
            if k > 1:
                kept.append((time.perf_counter() - began) * 1000)
    return [statistics.median(kept) for kept in times]


def panel_update():
    """Milliseconds of kernel time for the first answer to a moved slider at depth 20, width 64, and for its picture."""
    explorer = all_explorers()["vanishing"]
    values = explorer.values(depth=DEPTH, width=WIDTH)
    scene = finished(explorer.scene(values))
    with style():
        canvas, drawing = explorer.picture(scene, 940)
        blit = Blit(canvas, drawing.moving)
    computing, drawing_time = [], []
    for k in range(12):
        began = time.perf_counter()
        parts = explorer.compute(scene, {**values, "scale": 1.0 + 0.01 * k}, Memory())
        result = next(part.result for part in parts if part.result)
        found = time.perf_counter()
        drawing.update(result)
        blit.frame()
        explorer.words(result), explorer.table(result)
        computing.append((found - began) * 1000)
        drawing_time.append((time.perf_counter() - found) * 1000)
    return statistics.median(computing), statistics.median(drawing_time)


def largest():
    """Longest piece and whole time, ms, of gradients_by_layer at depth 50, width 256, 256 rows."""
    rng = np.random.default_rng(0)
    network = bp.Network((256,) * 51, "tanh")
    fit = bp.Fit(network, "squared error", bp.Data(rng.normal(size=(256, ROWS)), rng.normal(size=(256, ROWS))))
    theta, pieces, last = bp.initial_weights(network), [], time.perf_counter()
    for _ in gradients_by_layer.parts(fit, theta):
        now = time.perf_counter()
        pieces.append((now - last) * 1000)
        last = now
    return max(pieces), sum(pieces), len(pieces)


def main():
    began, lines = time.perf_counter(), []
    for activation in TORCH:
        fit, theta = task(activation)
        double, single = by_torch(fit, theta, torch.float64), by_torch(fit, theta, torch.float32)
        mine, theirs = ours(fit, theta), double()
        apart = max(np.abs(np.divide(a, b) - 1).max() for a, b in zip(mine, theirs, strict=True))
        us, them, floats = medians(lambda fit=fit, theta=theta: ours(fit, theta), double, single)
        lines.append(f"| {activation} | {us:.1f} | {them:.1f} | {floats:.1f} | {them / us:.2f} | at least 1 | "
                     f"{'yes' if them >= us else 'NO'} | {apart:.0e} |")
    compute, picture = panel_update()
    longest, whole, count = largest()
    text = "\n".join([
        "", f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, torch {torch.__version__}, "
        f"{torch.get_num_threads()} threads each, {time.perf_counter() - began:.0f} s in all, medians of {REPEATS} "
        "interleaved repeats.", "",
        f"Depth {DEPTH}, width {WIDTH}, {ROWS} rows: the norms of dL/dW and dL/dz of every layer.", "",
        "| activation | ours, ms | torch float64 | torch float32 | torch float64 / ours | wanted | met | norms apart |",
        "|---|---|---|---|---|---|---|---|", *lines, "",
        "| the panel `vanishing` | measured | wanted | met |", "|---|---|---|---|",
        f"| first answer and its picture, depth {DEPTH}, width {WIDTH}, {ROWS} rows | {compute:.0f} + {picture:.0f} ms "
        f"| at most 60 ms | {'yes' if compute + picture <= 60 else 'NO'} |",
        f"| depth 50, width 256, {ROWS} rows: longest of {count} pieces, all together | {longest:.0f} ms, {whole:.0f} ms "
        "| progress, no freeze |  |", ""])
    path = ROOT / "benchmarks" / "README.md"
    page = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(<!-- gradient_flow -->\n).*(<!-- /gradient_flow -->)",
                           lambda found: found[1] + text + found[2], page, flags=re.S), encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
