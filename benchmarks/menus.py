"""How long a learner looks at the old picture after choosing from a menu, and how long the kernel is deaf meanwhile.

    .venv/bin/python benchmarks/menus.py            prints the table, and writes it into benchmarks/README.md
    .venv/bin/python benchmarks/menus.py NAME ...   only these explorers, every choice, the README is left alone

Each explorer's own panel is opened as in a notebook, and its live picture as if it had come. Each choice of each menu is
made in a copy of that process (fork), so it is the first one there and nothing of it is prepared, by setting the value
of the menu's widget. What the other panels hold is kept from Python's garbage collector (250 ms a time with all of them
open, which one panel does not cost). Counted is processor time of the kernel's thread, which neighbours on the machine cannot stretch:

picture   from the choice to the first picture that is sent after it (a map that is still faded or coarse says so)
piece     the longest stretch in which the loop heard no message, until the work rests or FOLLOWED_S are over

Median of REPEATS, all choices in turn; without machine code but what the panel asks for itself.
"""
import argparse
import asyncio
import gc
import json
import os
import platform
import re
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")
os.environ.setdefault("MPLBACKEND", "agg")
from bpviz import explore  # noqa: E402
from bpviz.explorers import all_explorers  # noqa: E402

REPEATS, FOLLOWED_S, PICTURE_MS, PIECE_MS = 3, 0.5, 100, 50


async def opened(name):
    """The panel of an explorer with its first picture, at rest, its live picture as if a browser had said so."""
    panel = getattr(explore, name)()
    panel.live = True
    panel.worker.cancel()
    return panel


async def follow(panel, menu, choice):
    """(ms to the first picture, ms of the longest piece) after this choice."""
    sent, show = [], panel.picture.show

    def seen(*args, **words):
        show(*args, **words)
        sent.append(time.thread_time())
    panel.picture.show = seen
    pieces, began = [], time.thread_time()
    panel.knobs[menu].value = choice
    at = time.thread_time()
    pieces.append(at - began)
    while panel.worker.task is not None and not panel.worker.resting and (not sent or at - began < FOLLOWED_S):
        await asyncio.sleep(0)                       # the worker's next slice is run before this goes on
        before, at = at, time.thread_time()
        pieces.append(at - before)
    if panel.error or panel.values[menu] != choice:
        raise RuntimeError(f"{menu} = {choice}: {panel.error}")
    panel.worker.cancel()
    return 1000 * (sent[0] - began), 1000 * max(pieces)


def in_a_copy(panel, menu, choice):
    """What `follow` measures in a fork of this process."""
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(there, json.dumps(asyncio.run(follow(panel, menu, choice))).encode())
            os._exit(0)
        finally:
            os._exit(1)
    os.close(there)
    with os.fdopen(here) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    if not text:
        raise RuntimeError(f"{panel.explorer.name}, {menu} = {choice}: no measure")
    return json.loads(text)


def measure(names, repeats):
    """{(explorer, menu, choice): [(ms to the picture, ms of the longest piece), ...]}, in turn."""
    panels, found = {name: asyncio.run(opened(name)) for name in names}, defaultdict(list)
    gc.collect()
    gc.freeze()
    for _ in range(repeats):
        for name, panel in panels.items():
            for menu in panel.explorer.menus:
                for choice in menu.options():
                    if choice != panel.values[menu.name]:
                        found[name, menu.name, choice].append(in_a_copy(panel, menu.name, choice))
    return found


def middle(found):
    """{(explorer, menu, choice): (median ms to the picture, median ms of the longest piece)}."""
    return {key: tuple(statistics.median(times) for times in zip(*taken, strict=True)) for key, taken in found.items()}


def table(medians):
    """The worst choice of each explorer, and how many of its choices keep both targets."""
    lines = ["| explorer | choices | picture, ms: worst | median | at most 100 | longest piece, ms: worst | at most 50 "
             "| choices over either |", "|---|---|---|---|---|---|---|---|"]
    met = {False: "NOT met", True: "met"}
    for name in dict.fromkeys(key[0] for key in medians):
        own = {key[1:]: taken for key, taken in medians.items() if key[0] == name}
        first, piece = (max(own, key=lambda key, k=k, own=own: own[key][k]) for k in (0, 1))
        over = sum(taken[0] > PICTURE_MS or taken[1] > PIECE_MS for taken in own.values())
        lines.append(f"| {name} | {len(own)} | {own[first][0]:.0f} ({first[0]} {first[1]}) | "
                     f"{statistics.median(taken[0] for taken in own.values()):.0f} | {met[own[first][0] <= PICTURE_MS]} | "
                     f"{own[piece][1]:.0f} ({piece[0]} {piece[1]}) | {met[own[piece][1] <= PIECE_MS]} | {over} |")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="explorers, all if none is named")
    parser.add_argument("--repeats", type=int, default=REPEATS)
    told, began = parser.parse_args(), time.perf_counter()
    with tempfile.TemporaryDirectory() as cache:
        os.environ["BPVIZ_CACHE"] = cache
        found = middle(measure(told.names or [name for name, one in all_explorers().items() if one.menus], told.repeats))
    if told.names:
        for key, (picture, piece) in found.items():
            print(f"{' '.join(key):50} {picture:8.0f} {piece:8.0f}")
    lines = table(found)
    print("\n".join(lines))
    if told.names:
        return
    text = "\n".join(["", f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, {platform.machine()}, "
                      f"{time.perf_counter() - began:.0f} s in all, ms of processor time, {told.repeats} interleaved "
                      f"repeats (the median counts), {len(found)} choices.", "", *lines, ""])
    path = Path(__file__).with_name("README.md")
    page = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(<!-- menus -->\n).*(<!-- /menus -->)", lambda found: found[1] + text + found[2], page,
                           flags=re.S), encoding="utf-8")


if __name__ == "__main__":
    main()
