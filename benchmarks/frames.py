"""How long a panel takes for one frame: compute, move the artists, blit; without browser and wire.

    .venv/bin/python benchmarks/frames.py [TREE ...]      medians in ms for each explorer, of one tree or of several

A frame is what follows a move of one slider: of the handle's first one, or of the explorer's first that is not of whole
numbers. Only the first result of a frame counts where more follow (a map that refines, runs that go on). Trees are
measured in turn, ROUNDS times each, in a Python of its own, FRAMES frames a round; the least loaded round of each counts
(the machine is shared).
"""
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS, FRAMES, WIDTH = 3, 40, 960


def measure():
    """{explorer: median ms} of the bpviz that is imported here."""
    from bpviz.explorers import all_explorers
    from bpviz.widgets.projector import Projector

    found = {}
    for name, explorer in all_explorers().items():
        projector, values = Projector(explorer), explorer.values()
        result = None
        for part in projector.work(values, WIDTH, 1.0):
            result = part.result if part.result is not None else result
        projector.frame(result)
        smooth = [one for one in explorer.sliders if not one.whole] or explorer.sliders
        knob = explorer.knob(explorer.handle[0]) if explorer.handle else smooth[0]
        times = []
        for k in range(FRAMES):
            to = values[knob.name] + (1 + k % 20) * (1 if knob.whole else 0.013 * (knob.high - knob.low) / 12)
            moved = {**values, knob.name: knob.check(min(knob.high, int(to) if knob.whole else to))}
            begun = time.perf_counter()
            work = projector.work(moved, WIDTH, 1.0)
            result = next((part.result for part in work if part.result is not None), None)
            if result is not None:
                projector.frame(result)
            times.append(1000 * (time.perf_counter() - begun))
            work.close()
        found[name] = statistics.median(times)
    return found


def main(trees):
    rounds = {tree: [] for tree in trees}
    for _ in range(ROUNDS):
        for tree in trees:
            env = {**os.environ, "PYTHONPATH": str(Path(tree).resolve()), "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "agg"}
            out = subprocess.run([sys.executable, __file__, "--measure"], env=env, capture_output=True, text=True, check=True)
            rounds[tree].append(json.loads(out.stdout.splitlines()[-1]))
    names = list(dict.fromkeys(name for tree in trees for name in rounds[tree][0]))
    print(f"{'explorer':14}" + "".join(f"{Path(tree).resolve().name:>12}" for tree in trees) + "   ms a frame")
    for name in names:
        best = [min((one[name] for one in rounds[tree] if name in one), default=None) for tree in trees]
        print(f"{name:14}" + "".join(f"{'–' if value is None else f'{value:.1f}':>12}" for value in best))


if __name__ == "__main__":
    if sys.argv[1:] == ["--measure"]:
        print(json.dumps(measure()))
    else:
        main(sys.argv[1:] or [Path(__file__).resolve().parent.parent])
