"""How fast is the list of the critical points of three to nine weights, and is it the same list as before?

    python benchmarks/critical.py [--before FOLDER]

FOLDER: another state of this repository; its figures come from the same run, list by list in turn, and its answers are
compared with those of here. Writes its table into benchmarks/README.md.
"""
import argparse
import os
import pickle
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
WANTED_S, WANTED_SAME = 3.0, 1e-9
LISTS = [                           # sizes, biases, activation, loss, rows
    *[((1, 2), True, "identity", "softmax cross-entropy", rows) for rows in (5, 30, 150)],
    *[((2, 2), bias, "identity", "softmax cross-entropy", rows) for bias in (False, True) for rows in (8, 60)],
    *[((1, 3), True, "identity", "softmax cross-entropy", rows) for rows in (5, 30)],
    *[((1, 1, 2), True, name, "softmax cross-entropy", rows) for name in ("tanh", "sigmoid") for rows in (4, 20)],
    *[((1, 2, 2), False, name, "softmax cross-entropy", rows) for name in ("tanh", "sigmoid") for rows in (3, 20)],
    *[(sizes, False, "tanh", "softmax cross-entropy", rows) for sizes in ((1, 1, 3), (1, 1, 1, 2)) for rows in (4, 20)],
    *[(sizes, bias, name, "squared error", rows) for sizes, bias, name in (
        ((1, 1, 1), True, "sigmoid"), ((1, 2, 1), False, "tanh"), ((2, 1, 1), False, "tanh"), ((1, 2, 1), True, "tanh"),
        ((2, 1), True, "sigmoid"), ((1, 1, 1, 1), False, "sigmoid"), ((2, 2, 1), False, "sigmoid"),
        ((2, 2, 1), True, "sigmoid")) for rows in (3, 4)]]

# Dimensions of surfaces that are counted by hand, so that an older state of bpviz need not be right about them.
# The 2-2-1 sigmoid network without biases, three rows: its minimum fits all, six weights under three equations. At its
# saddle the second layer is 0, all outputs are 1/2, and each of its two slopes is one equation on the two weights into
# its own unit: sum over rows of (1/2 - y) f(u x) = 0. Four weights, two equations.
COUNTED = {LISTS.index(((2, 2, 1), False, "sigmoid", "squared error", 3)): (3, 2)}


def one(k):
    """The seconds (of the processor) and the answer of list k.

    Of symmetric copies, and of the points of a surface, any may stand for the others: copies have one length and one
    set of eigenvalues, points of a surface one loss.
    """
    import bpviz as bp
    sizes, bias, name, loss, rows = LISTS[k]
    rng = np.random.default_rng(k)
    x = rng.normal(size=(sizes[0], rows)).round(2)
    y = (np.eye(sizes[-1])[:, rng.integers(sizes[-1], size=rows)] if loss.startswith("softmax")
         else rng.uniform(0.1, 0.9, size=(sizes[-1], rows)).round(2))
    fit = bp.Fit(bp.Network(sizes, name, bias=bias), loss, bp.Data(x, y))
    began = time.process_time()
    points = bp.critical_points(fit)
    seconds, alone = time.process_time() - began, [k for k, n in enumerate(points.dimension) if n == 0]
    return seconds, {"weights": fit.n_params, "names": (points.kind, points.copies, points.dimension, points.evidence),
                     "numbers": (points.loss, points.flats.loss, np.linalg.norm(points.theta[:, alone], axis=0),
                                 points.eigenvalues[:, alone])}


def asked(root, k):
    """List k, worked out by the bpviz in the folder `root`, in a process of its own."""
    words = {**os.environ, "PYTHONPATH": str(root), "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, __file__, "--one", str(k)], env=words, cwd=root, stdout=subprocess.PIPE,
                          check=True)
    return pickle.loads(done.stdout)


def apart(one, other, counted=None):
    """How far two answers lie apart at most, beside 1 and their size; inf where they are not the same points.

    counted: the dimensions by hand, which the first then has to have, whatever the other says.
    """
    pairs = list(zip(one["numbers"], other["numbers"], strict=True))
    if counted is not None:
        one, other = ({**each, "names": (*each["names"][:2], dimension, *each["names"][3:])}
                      for each, dimension in ((one, one["names"][2]), (other, counted)))
    if one["names"] != other["names"] or any(a.shape != b.shape for a, b in pairs):
        return np.inf
    return max(float((np.abs(a - b) / (1 + np.abs(b))).max(initial=0)) for a, b in pairs)


def main():
    words = argparse.ArgumentParser()
    words.add_argument("--before", type=Path)
    words.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = words.parse_args()
    if given.one is not None:
        sys.stdout.buffer.write(pickle.dumps(one(given.one)))
        return
    rows, lines = [], ["| network | loss | rows | weights | points | s | s before | apart |", "|---|---|---|---|---|---|---|---|"]
    for k, (sizes, _, name, loss, many) in enumerate(LISTS):
        seconds, answer = asked(ROOT, k)
        before, other = asked(given.before, k) if given.before else (np.nan, answer)
        rows.append((seconds, before, apart(answer, other, COUNTED.get(k))))
        lines.append(f"| {'-'.join(map(str, sizes))} {name} | {loss} | {many} | {answer['weights']} | "
                     f"{len(answer['names'][0])} | {seconds:.2f} | {before:.2f} | {rows[-1][2]:.0e} |")
        print(lines[-1], flush=True)
    seconds, before, far = np.array(rows).T
    lines += ["", f"{len(rows)} lists: {seconds.sum():.0f} s, before {before.sum():.0f} s ({before.sum() / seconds.sum():.1f} "
                  f"times as fast). The slowest takes {seconds.max():.1f} s, before {before.max():.1f} s; wanted under "
                  f"{WANTED_S:g} s: {'met' if seconds.max() < WANTED_S else 'NOT met'}. Answers lie at most {far.max():.0e} "
                  f"apart, wanted {WANTED_SAME:g}: {'met' if far.max() <= WANTED_SAME else 'NOT met'}."]
    print(lines[-1])
    path = ROOT / "benchmarks" / "README.md"
    head, mark, rest = path.read_text(encoding="utf-8").partition("<!-- critical -->")
    _, end, tail = rest.partition("<!-- /critical -->")
    path.write_text(f"{head}{mark}\n\n" + "\n".join(lines) + f"\n\n{end}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
