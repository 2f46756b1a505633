"""How far off are the shares of a map of basins whose cells were not all descended?

    .venv/bin/python benchmarks/shares.py           prints the table, and writes it into benchmarks/README.md

States of the panel `basins` at its own cells: data set and optimizer at random, rate and steps at random over their
sliders. Until STATES of them say that not every start was descended (HOVERING, whose basins are speckled), and STEADY
of the other optimizers that were not descended whole. Each map is made once more with every cell descended, by the same
machine code; and of OTHER of its cells drawn at random the ends are found by the code of tests/explorers/own_numbers.py.

off      the largest difference of any share, in points
other    of the cells that other code descended, how many have another label than the whole map (points)
"""
import os
import platform
import re
import sys
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ["BPVIZ_COMPILED"] = "1"
ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "explorers")]
import numpy as np  # noqa: E402
import own_numbers as own  # noqa: E402
from sentences import two_weights  # noqa: E402

import bpviz as bp  # noqa: E402
from bpviz.base.work import finished  # noqa: E402
from bpviz.descent import compiled  # noqa: E402
from bpviz.descent.kernels import kernel  # noqa: E402
from bpviz.descent.settle import AWAY, NOWHERE, near  # noqa: E402
from bpviz.explorers.basins import CELLS, EXPLORER, scene  # noqa: E402
from bpviz.explorers.choices import OURS  # noqa: E402
from bpviz.landscape.attractors import attractors_of  # noqa: E402

STATES, STEADY, OTHER, MOST_TRIED = 40, 12, 500, 400
SLOW_BY_HAND = 2000            # steps of NAdam, whose other code takes ever longer at each


def drawn(rng, names):
    """Knob values of the panel, drawn at random."""
    values = EXPLORER.values(data=str(rng.choice(EXPLORER.knob("data").corners)), optimizer=str(rng.choice(names)))
    for name in ("rate", "steps"):
        knob = EXPLORER.knob(name)
        values[name] = knob.check(float(f"{10 ** rng.uniform(np.log10(knob.low), np.log10(knob.high)):.{0 if knob.whole else 3}{'f' if knob.whole else 'g'}}"))
    return values


def by_other_code(land, values, optimizer, whole, rng):
    """The share of cells drawn at random whose end is another one by the other code, in points; nan where a floor or a
    minimum whose Hessian is singular is among the ends, which it does not know, and after too many steps."""
    if values["optimizer"] == "NAdam" and values["steps"] > SLOW_BY_HAND:
        return np.nan
    if not len(whole.minima) or not (whole.minima.isolated.all() and np.allclose(whole.minima.catch, whole.minima.catch.min())):
        return np.nan
    cells = rng.choice(whole.label.size, OTHER, replace=False)
    rows, columns = np.unravel_index(cells, whole.label.shape)
    starts = np.stack([whole.plane.axes[0][columns], whole.plane.axes[1][rows]])
    starts = whole.plane.origin[:, None] + whole.plane.first[:, None] * starts[0] + whole.plane.second[:, None] * starts[1]
    last = own.ends(two_weights(land.fit), starts, own.Walker(values["optimizer"], values["rate"], values["momentum"]),
                    values["steps"])
    with own.quiet():
        apart = np.linalg.norm(last[:, :, None] - whole.minima.theta[:, None], axis=0)
        label = np.where(apart.min(axis=1) < near(optimizer), apart.argmin(axis=1), NOWHERE) 
    label[np.isnan(last).any(axis=0)] = AWAY
    return 100 * np.mean(label != whole.label[rows, columns])


def compare(values, scenes, rng, hovering):
    """(values, share filled, off, wrong among the filled, other, wrong among those that the map probed), or None where every
    cell was descended."""
    land = scenes[values["data"]]
    optimizer = OURS.named(values["optimizer"], values["rate"], values["momentum"])
    compiled.ready(kernel(land.fit, optimizer))
    how = dict(optimizer=optimizer, steps=values["steps"], minima=attractors_of(land.points))
    fast = bp.basins(land.fit, land.plane.low, land.plane.high, CELLS, **how)
    if fast.descended.all():
        return None
    whole = bp.basins(land.fit, land.plane.low, land.plane.high, CELLS, exact=True, **how)
    theirs = names(whole)
    off = max(abs(names(fast).get(name, 0.0) - theirs.get(name, 0.0)) for name in {*names(fast), *theirs})
    filled = ~fast.descended
    mine = np.array([where(fast, k) for k in range(AWAY, len(fast.minima))])
    other = np.array([where(whole, k) for k in range(AWAY, len(whole.minima))])
    wrong = np.mean(mine[fast.label[filled] - AWAY] != other[whole.label[filled] - AWAY])
    said = fast.elsewhere / max(fast.probed, 1) if hovering else np.nan
    return values, filled.mean(), 100 * off, wrong, by_other_code(land, values, optimizer, whole, rng), said


def where(found, label):
    """What a label means in any map of the same objective: its loss and place."""
    if label < 0:
        return found.name(label)
    return f"{found.minima.loss[label]:.4g} {np.round(found.minima.theta[:, label], 2) if found.minima.isolated[label] else ''}"


def names(found):
    """{what a label means: its share}."""
    return {where(found, k): found.part(k) for k in range(AWAY, len(found.minima))}


def main():
    rng, began = np.random.default_rng(0), time.perf_counter()
    scenes = {name: finished(scene({"data": name})) for name in EXPLORER.knob("data").corners}
    steady = [name for name in OURS.racers if name not in own.HOVER]
    lines = ["| optimizers | maps | cells filled, median | off, points: median | 90 % below | worst | more than half a point off "
             "| filled cells that end elsewhere: worst | as said by 400 of them: at most apart | other code: median | worst |",
             "|---|---|---|---|---|---|---|---|---|---|---|"]
    for title, of, wanted in (("that hover", own.HOVER, STATES), ("all others", steady, STEADY)):
        found = []
        for _ in range(MOST_TRIED):
            one = compare(drawn(rng, of), scenes, rng, of is own.HOVER)
            if one is not None:
                found.append(one)
                print({k: one[0][k] for k in ("data", "optimizer", "rate", "steps")}, *(f"{x:.3g}" for x in one[1:]), flush=True)
            if len(found) == wanted:
                break
        filled, off, wrong, other, said = np.array([one[1:] for one in found]).T
        lines.append(f"| {title} | {len(found)} | {np.median(filled):.0%} | {np.median(off):.2f} | {np.quantile(off, 0.9):.2f} | "
                     f"{off.max():.2f} | {(off > 0.5).sum()} | {wrong.max():.1%} | "
                     f"{f'{100 * np.abs(wrong - said).max():.1f} points' if of is own.HOVER else '–'} | {np.nanmedian(other):.1f} | {np.nanmax(other):.1f} |")
    print("\n".join(lines))
    text = "\n".join(["", f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, NumPy {np.__version__}, "
                      f"{time.perf_counter() - began:.0f} s in all, {CELLS} x {CELLS} cells.", "", *lines, ""])
    path = ROOT / "benchmarks" / "README.md"
    page = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(<!-- shares -->\n).*(<!-- /shares -->)", lambda found: found[1] + text + found[2], page,
                           flags=re.S), encoding="utf-8")


if __name__ == "__main__":
    main()
