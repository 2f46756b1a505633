"""Which diagnosis each known mistake gets: mistakes x diagnoses, over many draws, and all ordered pairs of mistakes.

    python benchmarks/confusion.py [draws [network]] [--pairs]   200 draws of the network of lesson 3
    python benchmarks/confusion.py 200 chain                 of the smallest one, single numbers
    python benchmarks/confusion.py 200 gradients             of lesson 3's, only the four gradients asked for

What it shows is that mistakes are told apart, not that learners make these.
"""
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bpviz.coursework.diagnosis.diagnose import verdict_on, walk_back  # noqa: E402
from bpviz.coursework.diagnosis.draws import draws  # noqa: E402
from bpviz.coursework.kinds.partials import chain, network, two_layers  # noqa: E402

NETWORKS = {"rows": two_layers(), "chain": chain(), "gradients": two_layers(asked=("dW2", "db2", "dW1", "db1")),
            "deep": network(units=("tanh", "relu", "sigmoid"))}


def answers(partials, some, lines):
    """What a function with these lines instead of the right ones gives on each draw; None where it cannot run."""
    found = [partials.work_out({name: draw[name] for name in partials.inputs}, lines) for draw in some]
    if any(one[part] is None for one in found for part in partials.shapes):
        return None
    return tuple({part: one[part] for part in partials.parts} for one in found)


def singles(partials, seeds):
    """{key of the mistake: Counter of the keys it was given}, and milliseconds a verdict."""
    table, took = {one.key: Counter() for one in partials.known}, 0.0
    for seed in range(seeds):
        some = draws(partials, np.random.default_rng(seed))
        for one in partials.known:
            results = answers(partials, some, {one.part: one.line})
            start = time.process_time()
            verdict = verdict_on(partials, some, results)
            took += time.process_time() - start
            table[one.key][verdict.key] += 1
    return table, 1000 * took / seeds / len(table)


def names(partials, some, results):
    """Every key that is given to a part, in backward order."""
    rights = {edge.part: tuple(draw[edge.part] for draw in some) for edge in partials.edges}
    theirs = {part: tuple(one[part] for one in results) for part in partials.parts}
    return [one.key for one in walk_back(partials, some, theirs, rights, {}) if one.key]


def pairs(partials, seeds):
    """Counter of what is said of two mistakes at once, at two parts, over all ordered pairs; and examples of each."""
    order = list(partials.shapes)
    count, examples = Counter(), {}
    for seed in range(seeds):
        some = draws(partials, np.random.default_rng(seed))
        for first in partials.known:
            for second in partials.known:
                if order.index(first.part) < order.index(second.part):
                    results = answers(partials, some, {first.part: first.line, second.part: second.line})
                    if results is not None:
                        said = names(partials, some, results)
                        kind = what_is_said(first.key, second.key, said)
                        count[kind] += 1
                        examples.setdefault(kind, []).append((first.key, second.key, said))
    return count, examples


def what_is_said(first, second, said):
    """In words. "a or b" is one name for two that are the same number here, given the first mistake."""
    if said[:1] != [first]:
        return "the first not named"
    if second in said:
        return "both named" if len(said) == 2 else "both named, and another"
    if len(said) == 1:
        return "the first named, by which the second is undone or hidden"
    twin = second in said[1].split(" or ")
    return "both named, the second with its twin" if twin else "the first named, another instead"


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--pairs"]
    seeds, asked = int(words[0]) if words else 200, NETWORKS[words[1] if words[1:] else "rows"]
    table, each = singles(asked, seeds)
    for key, row in table.items():
        print(f"{key:42}" + ", ".join(f"{count:4} {'itself' if said == key else said}" for said, count in row.most_common()))
    right = sum(row[key] for key, row in table.items())
    print(f"{len(table)} mistakes x {seeds} draws: {right:,} of {seeds * len(table):,} named, "
          f"{100 * right / seeds / len(table):.2f} %; {each:.2f} ms a verdict")
    if "--pairs" in sys.argv:
        some = max(1, seeds // 100)
        count, examples = pairs(asked, some)
        for kind, found in examples.items():
            for one in found[:12] if kind != "both named" else ():
                print(f"  {kind}: {one}")
        print(f"{sum(count.values()):,} ordered pairs on {some} draws: " +
              ", ".join(f"{kind} {number:,}" for kind, number in count.most_common()))
