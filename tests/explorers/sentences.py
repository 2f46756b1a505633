"""Is it true? Every sentence of an explorer is taken apart by patterns, and each claim in it judged by other code.

`python tests/explorers/sentences.py 3000 [seed] [explorer ...]` turns the knobs of every explorer at random so many
times and prints every claim that is false, and how many claims of which kind were judged. The tests run a small part.

state   an explorer, its knob values, its scene and results
claim   (kind, whether it is true, what was found); a pattern that meets a sentence it does not know is a claim too
"""
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import numpy as np
from scipy.integrate import solve_ivp
from scipy.stats import binomtest

sys.path.insert(0, str(Path(__file__).parent))
import own_adam  # noqa: E402
import own_numbers as own  # noqa: E402
import own_puzzles  # noqa: E402

from bpviz.base.work import Memory, finished  # noqa: E402
from bpviz.base.written import POWER, SIGN, as_python  # noqa: E402
from bpviz.explorers import all_explorers  # noqa: E402
from bpviz.explorers.deep import TASK, deep_fit  # noqa: E402
from bpviz.network.backprop import backprop as passed_back  # noqa: E402
from bpviz.network.starts import initial_weights  # noqa: E402

NUMBER = r"-?[\d,]+\.?\d*(?:e[+-]?\d+)?"
LESS = {"basins": {"CELLS": 24}, "escape": {"STARTS": 30}, "trainability": {"CELLS": 16}, "boundary": {"CELLS": 16},
        "surface": {"CELLS": 32, "NET": 16}, "cure": {"MOST_STEPS": 60}, "vanishing": {"SEEDS": 2}, "phase": {"CELLS": 16}}
MOST = {"basins": {"steps": 1500}, "escape": {"steps": 300}, "boundary": {"steps": 100}, "trainability": {"steps": 60},
        "vanishing": {"steps": 6, "width": 12, "depth": 30}, "minima": {"steps": 4000}, "cure": {"width": 16, "depth": 12, "moment": 60, "seeds": 4}}
SCENES = {}


@dataclass
class State:
    explorer: object
    values: dict
    scene: object
    results: list


def number(text):
    return float(text.replace(",", ""))


def near(value, said, digits=3):
    """Whether a number printed with so many digits is this value."""
    said = number(said) if isinstance(said, str) else said
    return abs(value - said) <= 0.51 * 10.0 ** (np.floor(np.log10(max(abs(said), 1e-300))) - digits + 1) + 1e-12


def random_state(explorer, rng):
    return made(explorer, random_values(explorer, rng))


def random_values(explorer, rng):
    """Menus at random; every slider with probability one half at random over its reach, else as the menus set it."""
    values = explorer.values(**{menu.name: str(rng.choice(list(menu.corners))) for menu in explorer.menus})
    for knob in explorer.sliders:
        if rng.random() < 0.5:
            low, high = (np.log10(knob.low), np.log10(knob.high)) if knob.log else (knob.low, knob.high)
            place = rng.uniform(low, high)
            place = 10 ** place if knob.log else place
            values[knob.name] = float(np.clip(round(place) if knob.whole else place, knob.low, knob.high))
    for name, most in MOST.get(explorer.name, {}).items():
        values[name] = min(values[name], float(most))
    return values


def made(explorer, values, enough=lambda result: False):
    """The State of these values, computed to its end or to the first result that is enough."""
    values = {name: explorer.knob(name).check(value) for name, value in values.items()}
    choice = (explorer.name, *explorer.setting(values))
    if choice not in SCENES:                                     # as a panel keeps it
        SCENES[choice] = finished(explorer.scene(values))
    scene = SCENES[choice]
    for name, most in explorer.limits(scene).items():
        if most is not None:
            values[name] = min(values[name], most)
    results = []
    for part in explorer.compute(scene, values, Memory()):
        if part.result is not None:
            results.append(part.result)
            if enough(part.result):
                break
    return State(explorer, values, scene, results)


def judged(state):
    """All claims of the last sentence, and of one on the way there."""
    judge, claims = JUDGES.get(state.explorer.name), []
    middle = state.results[len(state.results) // 2:][:1] if len(state.results) > 2 else []
    for result in [*middle, state.results[-1]]:
        words = state.explorer.words(result)
        claims += list(plain_words(words))
        words = as_python(words)
        if judge:
            claims += list(judge(state, result, words))
    return claims


def plain_words(words):
    yield "ends as a sentence", bool(words.endswith((".", "…"))), words[-20:]
    longest = max((len(n) for n in re.findall(r"[\d,.]+", words)), default=0)
    yield "no number longer than 12 characters", longest <= 12, longest
    yield "numbers as a person writes them", not SIGN.search(words) and not POWER.search(words), words
    yield "no nan, inf or blank pair", not re.search(r"\bnan\b|\binf\b|  |\.\.|, ,", words), words
    yield "short enough to read", len(words) <= 900, len(words)


# ---- verdicts

@dataclass
class Case:
    """What a verdict is about: the numbers by other code, the path, the list of points, and how it was walked."""
    net: object
    path: object
    points: object
    walker: object              # () -> own.Walker
    rate: float
    limit: object               # largest curvature -> stability limit
    hovers: bool = False

    @property
    def kept(self):
        """The last step that is not a repetition of the last point of one that ran away."""
        theta = self.path.theta
        if self.path.ended != "ran away":
            return theta.shape[1] - 1
        return max([k for k in range(theta.shape[1]) if k == 0 or (theta[:, k] != theta[:, k - 1]).any()])


def two_weights(fit):
    return own_adam.net_of(fit)


def case_of(land, path, name, rate, momentum):
    m = momentum if name in ("momentum", "Nesterov") else 0.0
    limit = {"gradient descent": lambda c: 2 / c, "momentum": lambda c: 2 * (1 + m) / c,
             "Nesterov": lambda c: 2 * (1 + m) / (c * (1 + 2 * m))}.get(name, lambda c: np.inf)
    return Case(two_weights(land.fit), path, land.points, lambda: own.Walker(name, rate, momentum), rate, limit,
                name in own.HOVER)


def verdict_claims(case, words):
    """Every claim of a verdict about two weights."""
    known, words = False, as_python(words)
    for start, judge in VERDICTS.items():
        if words.startswith(start):
            known = True
            yield from judge(case, words)
    yield "a verdict of a known kind", known, words
    yield from shared(case, words)


def point_named(case, label):
    return case.points.label.index(label)


def curvatures_at(case, k):
    """Eigenvalues at point k by differences, after some Newton steps of our own."""
    w = case.points.theta[:, k].copy()
    for _ in range(4):
        w = w - np.linalg.lstsq(own.hessian(case.net, w), case.net.gradient(w), rcond=1e-9)[0]
    return np.linalg.eigvalsh(own.hessian(case.net, w)), w


def shared(case, words):
    """Claims that any verdict may make."""
    net, path, end = case.net, case.path, case.path.end
    for rate, limit, label in re.findall(rf"[Rr]ate ({NUMBER}) is above the stability limit \S+ = ({NUMBER})"
                                                  r" of minimum (\w+)", words):
        found = case.limit(curvatures_at(case, point_named(case, label))[0][-1])
        yield "stability limit", near(found, limit) and number(rate) > found * (1 - 1e-6), (found, limit)
    for rate, times, limit in re.findall(rf"[Rr]ate ({NUMBER}) is ({NUMBER}) times what the curvature .*? allows "
                                         rf"\(({NUMBER})\)", words):
        yield "times the limit", number(times) > 1 and near(number(rate) / number(limit), number(times), 2), words
        where = path.theta[:, 0] if "at the start" in words else path.theta[:, -min(64, path.steps + 1):].mean(axis=1)
        top = np.linalg.eigvalsh(own.hessian(net, where))[-1]
        yield "limit by the curvature there", abs(case.limit(top) / number(limit) - 1) < 0.02, (case.limit(top), limit)
    if found := re.search(r"loss (\S+?), \|gradient\| (exactly 0|\S+?)[,;:.]?(?: |$)", words):
        loss, slope = float(net.loss(end)), float(np.linalg.norm(net.gradient(end)))
        yield "loss at the end", near(loss, found[1]) or abs(loss) < 1e-11, (loss, found[1])
        yield "gradient at the end", slope_is(slope, found[2]), (slope, found[2])
    for label, rank in re.findall(r"minimum (\w+), loss \S+, (the \w+(?: \w+)? of \w+|one of [\w ]*|the only minimum)", words):
        yield "rank", rank_is(case, point_named(case, label), rank), rank
    if "are not in proportion to the gradient" in words:
        yield "an optimizer whose steps stay long", case.hovers, words
    if found := re.search(r"Hessian eigenvalues? ((?:-?[\d.]+(?:e[+-]\d+)?, )*-?[\d.]+(?:e[+-]\d+)?), (both|all|one|none|\d+)(.*?) (above|below) 0", words):
        values = [number(v) for v in found[1].split(", ")]
        top = max(map(abs, values))
        below, zero = sum(v < 0 for v in values), sum(abs(v) <= 1e-7 * top for v in values)
        right = {"both": below + zero == 0 and len(values) == 2 and found[4] == "above", "none": below == 0 and zero > 0,
                 "one": below == 1, "all": below in (0, len(values))}
        yield "signs of the eigenvalues", right.get(found[2], False), words


def slope_is(slope, said):
    if said == "exactly 0":
        return slope < 1e-14
    return abs(np.log10(max(slope, 1e-16) / max(number(said), 1e-16))) < 0.3 or max(slope, number(said)) < 2e-9


def rank_is(case, k, said):
    losses = np.sort([float(case.net.loss(case.points.theta[:, j])) for j in case.points.minima])
    mine = float(case.net.loss(case.points.theta[:, k]))
    equal = int((np.abs(losses - mine) < 1e-8).sum())
    above, many = int((losses < mine - 1e-8).sum()), len(losses)
    if many == 1:
        return said.startswith("the only")
    count = {2: "two", 3: "three", 4: "four", 5: "five"}.get(many, str(many))
    if equal > 1:
        return said.startswith(f"one of {dict(enumerate(('', '', 'two', 'three', 'four', 'five'))).get(equal, equal)} equally")
    if many == 2:
        return said == f"the {'lower' if above == 0 else 'higher'} of two"
    names = {0: "the lowest", 1: "the second lowest", 2: "the third lowest", many - 1: "the highest"}
    return said == f"{names[above]} of {count}" if above in names else True


def again(case, more):
    """The same descent walked by other code and on for `more` steps, or None where rounding took it elsewhere."""
    n = case.kept
    w, _ = own.walk(case.net, case.path.theta[:, 0], case.walker(), n + more)
    if w.shape[1] <= n or np.abs(w[:, n] - case.path.theta[:, n]).max() > 1e-6 * (1 + np.abs(w[:, n]).max()):
        return None
    return w


def settled(case, words):
    if "does not name" in words:
        values = np.linalg.eigvalsh(own.hessian(case.net, case.path.end))
        yield "settled in a minimum", values[0] > 0 and np.linalg.norm(case.net.gradient(case.path.end)) < 1e-3, values
        return
    found = re.match(rf"Settled in minimum (\w+), loss (\S+), .*?, after ({NUMBER}) steps?; (.*?); Hessian eigenvalues "
                     rf"({NUMBER}), ({NUMBER})", words)
    yield "settled: the sentence is known", bool(found), words
    if not found:
        return
    k, since = point_named(case, found[1]), int(number(found[3]))
    values, place = curvatures_at(case, k)
    yield "settled: at a minimum", np.abs(place - case.points.theta[:, k]).max() < 1e-5, (place, case.points.theta[:, k])
    yield "settled: the minimum's loss", near(float(case.net.loss(place)), found[2]), (found[2], case.net.loss(place))
    printed = [number(found[5]), number(found[6])]
    yield ("settled: eigenvalues", all(near(v, p, 2) or abs(v - p) < 1e-3 * max(map(abs, printed))
                                       for v, p in zip(values, printed, strict=True)), (values, printed))
    apart = np.linalg.norm(case.path.theta[:, :case.kept + 1] - place[:, None], axis=0)
    yield ("settled: since that step", (apart[since:] < 0.0101).all() and (since == 0 or apart[since - 1] > 0.0099),
           (since, apart[max(0, since - 1):][:3]))
    if "need not shrink" not in words and (w := again(case, 400)) is not None:
        on = np.linalg.norm(w[:, case.kept:] - place[:, None], axis=0)
        yield "settled: it stays", on.max() < 0.0105, on.max()


def hovering(case, words):
    found = re.match(rf"Hovers around minimum (\w+), loss (\S+), .*?: over the last 64 of ({NUMBER}) steps it was "
                     rf"({NUMBER}) to ({NUMBER}) away( and came no nearer)?", words)
    yield "hovering: the sentence is known", bool(found), words
    if not found:
        return
    place = curvatures_at(case, point_named(case, found[1]))[1]
    apart = np.linalg.norm(case.path.theta[:, -64:] - place[:, None], axis=0)
    yield "hovering: how far", near(apart.min(), found[4], 2) and near(apart.max(), found[5], 2), (apart.min(), apart.max())
    yield "hovering: no nearer", not found[6] or apart[32:].mean() > 0.89 * apart[:32].mean(), words
    yield "hovering: only where steps stay long", case.hovers or apart.max() <= 0.0101, words


def bouncing(case, words):
    tail = case.path.theta[:, -64:]
    found = re.match(rf"Bouncing, (a cycle of (\d+) steps|without a fixed period), loss (?:between (\S+) and )?(\S+) over the "
                     rf"last 32 of ({NUMBER}) steps; a step is ({NUMBER}) long on average, ({NUMBER})% of them turn back", words)
    yield "bouncing: the sentence is known", bool(found), words
    if not found:
        return
    losses = case.net.loss(case.path.theta[:, -32:])
    yield ("bouncing: the losses", near(losses.max(), found[4], 2) and near(losses.min(), found[3] or found[4], 2),
           (losses.min(), losses.max()))
    moves = np.diff(tail, axis=1)
    turn = np.mean([moves[:, k] @ moves[:, k + 1] < 0 for k in range(moves.shape[1] - 1)])
    yield ("bouncing: steps and turns", near(np.linalg.norm(moves, axis=0).mean(), found[6], 2)
           and abs(100 * turn - number(found[7])) < 2, (turn, found[7]))
    size = np.linalg.norm(tail - tail.mean(axis=1, keepdims=True), axis=0).max()

    def repeats(p):
        return np.abs(tail[:, p:] - tail[:, :-p]).max() < 0.021 * size
    yield ("bouncing: the period", repeats(int(found[2])) if found[2] else not any(repeats(p) for p in range(2, 9)) or
           size < 1e-2, found[1])
    yield "bouncing: it does not come to rest", np.linalg.norm(moves[:, -8:], axis=0).max() > 1e-4, moves[:, -1]


def stalled(case, words):
    found = re.match(rf"Stalled near (saddle|maximum) (\w+) after ({NUMBER}) steps?, ({NUMBER}) away", words)
    if not found:
        values = np.linalg.eigvalsh(own.hessian(case.net, case.path.end))
        yield "stalled: some curvature is below 0", values[0] < 1e-9, values
        return
    values, place = curvatures_at(case, point_named(case, found[2]))
    gap = np.linalg.norm(case.path.end - place)
    yield "stalled: how far away", near(gap, found[4], 2) or gap < 1e-6, (gap, found[4])
    yield "stalled: a way down", values[0] < 0 and (found[1] == "maximum") == (values[1] < 0), values
    if grows := re.search(rf"grows by a factor ({NUMBER})", words):
        yield "stalled: growth", abs(1 - case.rate * values[0] - number(grows[1])) < 1e-3 * number(grows[1]), values


def valley(case, words):
    """Down to the floor by our own search, then along it both ways, and inwards: equally deep everywhere."""
    end, level = case.path.end, float(case.net.loss(case.path.end))
    values, vectors = np.linalg.eigh(own.hessian(case.net, end))
    way = vectors[:, 0]
    if said := re.search(rf"Hessian eigenvalues 0, ({NUMBER}),", words):
        yield "valley: the curvature across", abs(values[1] / number(said[1]) - 1) < 0.03, (values, said[1])
    here, depth = own.along_the_floor(case.net, end, way, 0.0)
    yield "valley: close to the floor", np.linalg.norm(here - end) < 0.0105 and level - depth < 1e-3 * (values[1] + 1e-9), here
    beside = [own.along_the_floor(case.net, here, way, far) for far in (-0.01, 0.01)]
    yield ("valley: as deep on both sides", all(abs(d - depth) < 1e-9 * (1 + values[1]) for _, d in beside),
           [d - depth for _, d in beside])
    if case.points.valley.shape[1] == 0:
        yield "valley: only where level curves were found, or unlisted", True, ""
    point, d = here, depth
    for _ in range(40):                             # a plateau changes its level further in, a floor does not
        tangent = np.linalg.eigh(own.hessian(case.net, point))[1][:, 0]
        inwards, length = -np.sign(tangent @ point) * tangent, np.linalg.norm(point)
        if abs(tangent @ point) < 0.3:
            break
        step = 0.02 if length < 8 else 0.05 * length
        point, d = own.along_the_floor(case.net, point, inwards, step, max(0.011, 0.1 * step))
    yield "valley: as deep further in", abs(d - depth) < 1e-7 * (1 + values[1]), (point, d, depth)


def plateau(case, words):
    slope, end = case.net.gradient(case.path.end), case.path.end
    size = float(np.linalg.norm(slope))
    if words.startswith(("Stuck", "On level ground")):
        flat = np.abs(own.hessian(case.net, end)).max() < 1e-9 and size < 1e-12
        yield "plateau: flat ground", flat, (size, own.hessian(case.net, end))
        lost = words.startswith("On level ground")
        yield "plateau: where no loss is left nobody is stuck", not hasattr(case.net, "slope") or lost == (abs(float(case.net.loss(end))) <= 1e-15), words
        return
    if found := re.search(rf"at \(({NUMBER}), ({NUMBER})\)", words):
        yield "plateau: the place", near(end[0], found[1], 2) and near(end[1], found[2], 2), end
    if words.startswith("On a plateau") and "the level changes along it" in words:
        point, depth, apart = end, float(case.net.loss(end)), 0.0
        while (length := np.linalg.norm(point)) > 1 and apart < 1e-7 * (1 + depth):
            tangent = np.linalg.eigh(own.hessian(case.net, point))[1]
            tangent = tangent[:, np.abs(tangent.T @ point).argmax()]           # so far out the way in is the level way
            step = 0.02 * length
            point, d = own.along_the_floor(case.net, point, -np.sign(tangent @ point) * tangent, step, max(0.011, 0.3 * step))
            apart = abs(d - depth)
        yield "plateau: its level changes", apart >= 1e-7 * (1 + depth), (apart, words)
        yield "plateau: it lies far out or is nearly flat", size < 1e-3, size
        return
    if case.kept == 0:
        return
    found = re.search(rf"over the second half they (grew|shrank) by ({NUMBER}) and the loss (fell|rose) by ({NUMBER})\..*"
                      r"slopes (outwards|inwards)", words)
    yield "plateau: the sentence is known", bool(found), words
    if not found:
        return
    n = case.kept
    middle = case.path.theta[:, n // 2]
    growth = np.linalg.norm(end) - np.linalg.norm(middle)
    fell = float(case.net.loss(middle) - case.net.loss(end))
    yield "plateau: grew or shrank", (growth >= 0) == (found[1] == "grew") and near(abs(growth), found[2], 2), growth
    yield ("plateau: fell or rose", abs(fell) < 1e-12 or ((fell >= 0) == (found[3] == "fell") and near(abs(fell), found[4], 2)),
           (fell, found[4]))
    yield ("plateau: slopes outwards or inwards", size < 1e-13 or ((slope @ end < 0) == (found[5] == "outwards")), slope)
    near_minima = [np.linalg.norm(case.points.theta[:, k] - end) for k in case.points.minima]
    yield "plateau: no minimum here", size > 0 and min(near_minima, default=9) >= 1, (size, near_minima)
    yield ("plateau: beyond the window", ("beyond the window" in words) == bool(((end < case.points.low) | (end > case.points.high)).any()), end)


def moving(case, words):
    end, n = case.path.end, case.kept
    if found := re.search(rf", ({NUMBER}) away from minimum (\w+)(?:, (nearer|no nearer))?", words):
        place = curvatures_at(case, point_named(case, found[2]))[1]
        apart = np.linalg.norm(case.path.theta[:, [n // 2, n]] - place[:, None], axis=0)
        yield "moving: how far", near(apart[1], found[1], 2) or apart[1] < 1e-6, (apart, found[1])
        if found[3]:
            yield "moving: nearer", abs(apart[0] - apart[1]) < 1e-9 or (apart[0] > apart[1]) == (found[3] == "nearer"), apart
    if found := re.search(rf"({NUMBER}) more steps? takes? it into minimum (\w+) \(tried\)", words):
        more, place = int(number(found[1])), curvatures_at(case, point_named(case, found[2]))[1]
        w, _ = own.walk(case.net, end, own.Walker("gradient descent", case.rate), more + 200)
        on = np.linalg.norm(w - place[:, None], axis=0)
        slack = 2 + more // 50                      # rounding grows on the way over a plateau
        yield ("moving: more steps take it there", len(on) > more + slack and on[more + slack:].max() < 0.0101
               and on[max(0, more - slack - 1)] > 0.0099, (more, on[max(0, more - 1):][:3]))
    elif found := re.search(rf", ({NUMBER}) off a valley floor \(equally good points of loss ({NUMBER})\); the last step", words):
        way = np.linalg.eigh(own.hessian(case.net, end))[1][:, 0]
        here, depth = own.along_the_floor(case.net, end, way, 0.0, 2 * number(found[1]) + 1e-6)
        gap = np.linalg.norm(here - end)
        yield "moving: off a valley floor", abs(gap - number(found[1])) < 0.02 * gap + 1e-6, (gap, found[1])
        yield "moving: the floor's loss", near(depth, found[2], 2) or abs(depth) < 1e-9, (depth, found[2])
    elif found := re.search(rf"The loss (?:fell by ({NUMBER})|did not fall) over the second half, and the last step was "
                            rf"({NUMBER}) long", words):
        fell = float(case.net.loss(case.path.theta[:, n // 2]) - case.net.loss(end))
        yield "moving: the loss fell", near(fell, found[1], 2) if found[1] else fell < 1e-12, (fell, words)
        step = np.linalg.norm(case.path.theta[:, n] - case.path.theta[:, n - 1])
        yield "moving: the last step", near(step, found[2], 2), step
    else:
        yield "moving: says something", words.startswith("At the start") or "more" in words or "at work" in words, words
    plain = case.walker().name == "gradient descent"
    yield "moving: a step moves it", not plain or "exactly 0" not in words or n == 0, words
    yield "moving: not already at rest in a minimum", not (
        "|gradient| exactly 0" in words and np.linalg.eigvalsh(own.hessian(case.net, end))[0] > 1e-6), words


def standing(case, words):
    """A step of our own from its end moves it by nothing, or its own last one did."""
    end, walker = case.path.end, case.walker()
    told = words.split(": ")[-1].split(". ")[0]
    if "the gradient is 0" in told:
        yield "standing: a step moves nothing", bool((np.abs(walker.step(end, case.net.gradient(end)) - end) <= 1e-12 * (1 + np.abs(end))).all()), end
    else:
        yield "standing: the last step moved nothing", case.kept > 0 and bool((case.path.theta[:, case.kept] == case.path.theta[:, case.kept - 1]).all()), end


def ran_away(case, words):
    if words.startswith("No step"):
        first = case.path.theta[:, 0]
        yield "away: no number at the start", not np.isfinite(case.net.loss(first) + np.abs(case.net.gradient(first)).max()), first
        return
    found = re.match(rf"Ran away after ({NUMBER}) steps?, loss (\S+) there", words)
    n = int(number(found[1]))
    last = case.path.theta[:, n]
    yield "away: the loss there", near(float(net_loss(case, last)), found[2], 2), found[2]
    yield "away: the last one kept", (case.path.theta[:, n:] == last[:, None]).all() and np.abs(last).max() <= 1e6, n
    if case.walker().name == "gradient descent":
        ahead = own.Walker("gradient descent", case.rate).step(last, case.net.gradient(last))
        with own.quiet():
            beyond = not np.isfinite(ahead).all() or np.abs(ahead).max() > 0.99e6 or not np.isfinite(case.net.loss(ahead))
        yield "away: the next one is out of reach", beyond, ahead
    if found := re.search(rf"From the same start rate ({NUMBER}) does not run away \(tried, ({NUMBER}) steps", words):
        walker = case.walker()
        walker.rate = number(found[1])
        _, away = own.walk(case.net, case.path.theta[:, 0], walker, int(number(found[2])))
        yield "away: a smaller rate keeps it", not away, found[1]
    if "falling all the while" in words:
        losses = case.net.loss(case.path.theta[:, n // 2:n + 1])
        yield "away: the loss was falling", (np.diff(losses) < 0).all(), losses[-3:]


def net_loss(case, w):
    with own.quiet():
        return case.net.loss(w)


def balanced(case, words):
    label = re.match(r"Stands on minimum (\w+)", words)[1]
    values, place = curvatures_at(case, point_named(case, label))
    yield "balanced: on it, above its limit", np.linalg.norm(case.path.end - place) < 0.01 and case.rate > case.limit(values[-1]), values


def undecided(case, words):
    values = np.linalg.eigvalsh(own.hessian(case.net, case.path.end))
    yield "undecided: a curvature next to 0", np.abs(values).min() < 1e-3 * np.abs(values).max(), values


VERDICTS = {"Settled in": settled, "Hovers": hovering, "Bouncing": bouncing, "Stalled": stalled, "Settled on": valley,
            "Drifting": plateau, "Stuck": plateau, "On level ground": plateau, "Stands still": standing, "On a plateau": plateau, "Still moving": moving, "At the start": moving,
            "Ran away": ran_away, "No step": ran_away, "Stands on": balanced, "Next to": undecided, "At rest": undecided}


# ---- the explorers

def minima(state, result, words):
    if result.verdict is None:
        yield "on the way", words.startswith(f"On the way: {result.path.steps:,} of"), words
        return
    words, *bent = words.split(" Pushed at step ")
    yield from pushed_claims(state, result, bent)
    words, *rest = words.split(" Of the loss at the end of the path, ")
    yield "no row is named without rows", state.scene.answers or not rest, rest
    yield from costs_most(state.scene.fit, result.path.end, rest) if state.scene.answers else ()
    yield from verdict_claims(case_of(state.scene, result.path, "gradient descent", state.values["rate"], 0.0), words)


def pushed_claims(state, result, said):
    """From the weights of the step, moved by hand, a loop of our own walks on; in which minimum it ends, and without the push."""
    v, net, points = state.values, two_weights(state.scene.fit), state.scene.points
    by = np.array([v["push1"], v["push2"]])
    yield "pushed: said if it was", bool(said) == bool(by.any()), said
    if not said:
        return
    found = re.fullmatch(rf"([\d,]+) to \(({NUMBER}), ({NUMBER})\) and trained on for at most ([\d,]+) steps?, it (?:comes back to (\w+)|"
                         rf"now ends in (\w+), without the push in (\w+)|settles in (\w)|has settled in no minimum, loss (.*)|"
                         r"(runs away|settles on a valley floor|settles in a minimum that the list does not name)(?:, loss (.*))?)\.", said[0])
    yield "pushed: the sentence is known", bool(found), said
    if not found:
        return
    step = int(number(found[1]))
    yield "pushed: at which step", step == min(v["moment"], result.path.kept), (step, said)
    yield "pushed: for how long", int(number(found[4])) == int(v["steps"]), said
    at = result.path.theta[:, step] + by
    yield "pushed: where to", np.allclose(at, [number(found[2]), number(found[3])], atol=0.00501), (at, said)
    path, away = own.walk(net, at, own.Walker("gradient descent", v["rate"], 0.0), int(v["steps"]))
    near_by = lambda w: [points.label[k] for k in points.minima if np.linalg.norm(points.theta[:, k] - w) < 0.02]  # noqa: E731
    to = found[5] or found[6] or found[8]
    if to:
        yield "pushed: ends there", not away and to in near_by(path[:, -1]), (to, path[:, -1])
    calm = np.ptp(net.loss(path[:, -9:])) < 1e-3 * net.loss(path[:, -1])                                 # else rounding decides
    loss = found[9] or found[11]
    if loss and not away and calm:
        yield "pushed: the loss at its end", near(float(net.loss(path[:, -1])), loss, 2), (said, net.loss(path[:, -1]))
    end = result.pushed.path.end
    yield "pushed: it runs away", (found[10] == "runs away") == (result.pushed.path.ended == "ran away"), (said, end)
    if found[10] and found[10] != "runs away":
        curved, slope = np.linalg.eigvalsh(own.hessian(net, end)), np.linalg.norm(net.gradient(end))
        level = abs(curved[0]) < 1e-3 * curved[1]
        yield "pushed: the ground of its end", slope < 1e-3 and not near_by(end) and (level if "floor" in found[10] else curved[0] > 0), (said, curved, slope)
    if found[5] or found[7]:
        yield "pushed: without the push", (found[5] or found[7]) in near_by(result.path.end), (said, result.path.end)


def costs_most(fit, theta, rest):
    """Which row makes up most of the loss, and what the network answers there: by the formula on paper."""
    f, (x,), (target,) = own.F[fit.network.activations[-1]][0], fit.data.x, fit.data.y
    with own.quiet():
        answer = f(theta[1] * f(theta[0] * x))
        cost = (answer - target) ** 2
        whole = cost.sum() + len(cost) * fit.l2 * (theta @ theta)             # the penalty is no row's
    yield "a row is named where there are several and there is a loss", bool(rest) == bool(
        len(cost) > 1 and 1e-9 < whole < np.inf) or 0.99e-9 < whole < 1.01e-9, (rest, whole)
    if rest:
        found = re.fullmatch(rf"(more than )?({NUMBER})% comes from the row x = ({NUMBER}): the network answers "
                             rf"({NUMBER}), wanted is ({NUMBER})\.", rest[0])
        yield "the sentence on the row is known", bool(found), rest
        if not found:
            return
        more, said, row, given, wanted = found.groups()
        k = int(np.abs(x - number(row)).argmin())
        yield "that row costs most", cost[k] >= cost.max() * (1 - 1e-9), (cost, rest)
        share = 100 * cost[k] / whole
        yield "its share", number(said) < share < 100 + 1e-9 if more else abs(share - number(said)) <= 0.51, (share, rest)
        yield "its answer and target", near(answer[k], given) and near(target[k], wanted), (answer[k], target[k], rest)


def rate(state, result, words):
    found = re.match(rf"Rate ({NUMBER}): (.*?) Stability limits 2/λmax: (.*?)\. (By theory .*?\. )?(At this start.*)$", words)
    yield "rate: the sentence is known", bool(found), words
    case = case_of(state.scene.land, result.path, "gradient descent", state.values["rate"], 0.0)
    yield from verdict_claims(case, found[2])
    yield from line_claims(case.net, result, state.values, found[5])
    if found[3].startswith("none"):
        level = np.linalg.norm(case.net.gradient(np.array([[2.0], [0.2]]) if case.points.valley.shape[1] == 0 else
                                                 case.points.valley[:, ::7]), axis=0)
        yield "rate: no minimum listed", not case.points.minima, found[3]
        yield "rate: a curve of level points crosses the window", ("curve" in found[3]) == bool((level < 1e-8).any()), found[3]
        return
    for label, limit in re.findall(rf"(\w+) ({NUMBER})", found[3]):
        value = 2 / curvatures_at(case, point_named(case, label))[0][-1]
        yield "rate: stability limits", near(value, limit, 2), (value, limit)
    yield from theory_claims(case, result, state.values["rate"], found[4])


def theory_claims(case, result, rate, words):
    """What is said of the rate by theory: the curvatures of the minima by differences, where the path ended by distance."""
    limits = {case.points.label[k]: 2 / curvatures_at(case, k)[0][-1] for k in case.points.minima}
    known = re.fullmatch(r"By theory (?:no minimum (?:of the list )?holds|(.+?) can hold) this rate(.*)\. ", words or "")
    yield "rate: the sentence on theory is known", bool(known), words
    holds = set(re.split(", | and ", known[1])) if known[1] else set()
    sure = {label for label, limit in limits.items() if abs(rate / limit - 1) > 1e-6}
    yield "rate: which minima hold it", holds & sure == {label for label in sure if rate < limits[label]}, (limits, rate, words)
    at = {case.points.label[k]: np.linalg.norm(result.path.end - case.points.theta[:, k]) for k in case.points.minima}
    unlisted = "does not name" in known[2]
    yield "rate: a minimum without a letter is told of as one", unlisted == ("does not name" in result.words), (words, result.words)
    if unlisted:
        return
    told = re.search(r"settled in (\w+)|stands (?:in (\w+)|there)|(settled in none|not settled there)", known[2])
    yield "rate: what the run did is known", bool(told), words
    here = told[1] or told[2] or re.search(r", (\w+) cannot", words)
    label = here if isinstance(here, str) else here and here[1]
    if told[0].startswith("settled in none") or told[3]:
        yield "rate: settled in none", not result.words.startswith("Settled in "), (at, result.words)
    else:
        yield "rate: settled there", at[label] < 0.02 and (told[1] is not None) == (rate < limits[label]), (at, limits, rate)


def line_claims(net, result, values, words):
    """The parabola through the start: its curvature by central differences of the loss, its steps and the true ones by hand."""
    start, rate = np.array([values["w1"], values["w2"]]), values["rate"]
    with own.quiet():
        slope = net.gradient(start)
    size = np.linalg.norm(slope)
    if "level" in words:
        yield "rate: level ground is level", size < 1e-11, size
        return
    down = -slope / size

    def along(s):
        return float(net.loss(start + s * down))

    def steep(s):
        return float(down @ net.gradient(start + s * down))
    h = 1e-5
    curvature = (steep(h) - steep(-h)) / (2 * h)
    said = number(re.search(rf"λ = ({NUMBER})[,:]", as_python(words))[1])
    yield "rate: curvature along the gradient", abs(curvature - said) < 6e-3 * abs(curvature) + 1e-8 * size + 1e-12, (curvature, said)
    times = 1 - rate * curvature
    sure = abs(curvature) > 1e-7 * size and min(abs(times), abs(times + 1)) > 1e-5
    if said == 0:
        yield "rate: a straight line is straight", abs(curvature) <= 1e-7 * size, (curvature, size)
    kind = "bottom" if curvature < 0 else "straight in" if times > 0 else "zigzag" if times > -1 else "leave"
    yield "rate: what the steps on the parabola do", not sure or kind in words, (curvature, times, words)
    title = {"bottom": "No bottom", "straight in": "straight in", "zigzag": "zigzags in", "leave": "leaves"}[kind]
    yield "rate: the title of the parabola", not sure or title in result.heading, (kind, result.heading)
    for name, limit in re.findall(rf"([12])/λ = ({NUMBER})", words):
        yield "rate: 1/λ and 2/λ", not sure or near(int(name) / curvature, limit, 2), (curvature, name, limit)
    spots = [0.0]
    with own.quiet():
        for _ in range(5):
            spots.append(spots[-1] - rate * steep(spots[-1]))
        first, last = along(0.0), along(spots[-1])
    if found := re.search(rf"five steps lead from ({NUMBER}) to ({NUMBER})\.$", words):
        chaos = abs(along(spots[-1] * (1 + 1e-9)) - last) > 1e-6 * abs(last) if np.isfinite(last) else True
        yield "rate: five true steps", chaos or close_to(first, found[1], 0.006) and (close_to(last, found[2], 0.006) or abs(last) < 2e-12), (first, last)
        yield "rate: falls or rises", chaos or abs(first - last) < 1e-12 * (1 - (first == last)) or ("stays" if first == last else "falls" if last < first else "rises") in result.heading, (first, last, result.heading)
    else:
        yield "rate: far away is far", not np.isfinite(last) or np.abs(spots).max() > 1e8, spots


def basins(state, result, words):
    land, v = state.scene, state.values
    head, verdict = words.split("From this start: ")
    row, found = int(v.get("row", 0)), re.match(rf"Row x = (\S+) alone \(dashed\) adds (\S+(?: × \S+)?) to the loss (\S+(?: × \S+)?) of step ({NUMBER})\.", words)
    first = head.removeprefix(found[0] + " " if found else "")
    yield "basins: a row is spoken of where one is picked", bool(found) == bool(row) or not np.isfinite(result.moment.loss), words
    if found:
        data, theta = land.fit.data, result.path.theta[:, int(number(found[4]))]
        alone = own.Two(land.fit.network.activations[0], data.x[:, [row - 1]], data.y[:, [row - 1]], 0.0)
        yield "basins: which row", close_to(abs(data.x[0, row - 1]), found[1].strip("−-")), found[0]
        yield "basins: the step looked at", int(number(found[4])) == min(v["moment"], result.path.kept), found[0]
        amounts = (float(alone.loss(theta)) / data.rows, found[2]), (float(two_weights(land.fit).loss(theta)), found[3])
        yield ("basins: the row's share of the loss", all(value < 1e-12 if said == "0" else close_to(value, said)
                                                          for value, said in amounts), found[0])
    if v["optimizer"] != "gradient flow":
        yield from verdict_claims(case_of(land, result.path, v["optimizer"], v["rate"], v["momentum"]), verdict)
    elif found := re.search(rf"(?:ends in (\w+),|followed to) loss ({NUMBER})", verdict):
        yield "basins: the flow's loss", near(float(two_weights(land.fit).loss(result.path.end)), found[2]), verdict
        yield from flow_claims(land, result.path, found[1])
    if result.basins is None:
        yield "basins: under way", "in the making" in head, head
        return
    if "No start has been" not in head:
        yield from border_claims(land, head)
    b = result.basins
    yield "basins: what ends where comes first", bool(re.match(rf"{NUMBER}% |more than {NUMBER}% |less than {NUMBER}% |Not one of|No start has", first)), head
    told = re.search(r"The map(, .*? refined,)? is of (.*?)(?:, rate (\d[\d.,e+-]*)(?<!,)(?:, momentum .*?)?)?(, not of gradient flow)?\. ", head.replace(" (infinitely small steps)", ""))
    flows = v["optimizer"] == "gradient flow"
    yield "basins: whose map it is", bool(told) and (told[2] == v["optimizer"] or (
        told[2], ", Nesterov, not" in head) == ("gradient descent", v["optimizer"] == "Nesterov") and v["optimizer"] in ("momentum", "Nesterov")) and flows != bool(told[4]) and flows != bool(told[3]) and (
        flows or near(v["rate"], told[3])), (told and told.groups(), head)
    counted = b.descended if b.share < 1 else np.ones_like(b.descended)
    yield "basins: says so while under way", (b.share == 1) == ("so far" not in head), head
    shares = re.findall(rf"({NUMBER})% of (?:all|the) [\w, ]*?starts[\w ]*? (?:end in|end within \S+ of|were found on the floor of|were found within \S+ of the floor of) (\w+)", head)
    for share, name in shares:
        k = b.minima.names.index(name)
        yield ("basins: a share", abs((b.label[counted] == k).mean() * 100 - number(share)) < 0.051, (share, name))
    total = sum(number(s) for s, _ in shares) + sum(map(number, re.findall(rf"({NUMBER})% (?:settle|run)", head)))
    yield "basins: the shares are all of it", not counted.any() or abs(total - 100) < 0.51, head
    if "No start has been" in head or "Not one of" in head:
        yield "basins: none", not (b.label[counted] >= 0).any(), head
    if b.share == 1 and v["optimizer"] != "gradient flow" and v["steps"] <= MOST["basins"]["steps"]:
        yield from basins_again(state, b, head, dict((name, number(share)) for share, name in shares))
    yield "basins: says where it was not descended", ("Not every start" in head) == (b.share == 1 and v["optimizer"] in own.HOVER and not b.descended.all()), head
    if "Not every start" in head:
        yield from probe_claims(state, b, head)
    if found := re.search(rf"({NUMBER})% of the cells \(black\)", head):
        yield "basins: black cells", abs(result.differs.mean() * 100 - number(found[1])) < 0.051, found[1]


def flow_claims(land, path, name):
    """SciPy's flow of the formula from the same start: it ends where it is said to, and where the path drawn ends."""
    net, points = two_weights(land.fit), land.points
    end = solve_ivp(lambda _, at: -net.gradient(at), (0, 1e8), path.theta[:, 0], method="LSODA", rtol=1e-9,
                    atol=1e-11).y[:, -1]
    saddles = [np.linalg.norm(path.theta - points.theta[:, [k]], axis=0).min() for k in points.saddles]
    sure = min(saddles, default=1.0) > 0.05                       # so near a border, either side is right
    yield "basins: the flow ends in this minimum", not sure or name is None or np.linalg.norm(
        points.theta[:, points.label.index(name)] - end) < 0.02, (name, end)
    yield "basins: the path of the flow is followed to its end", not sure or np.linalg.norm(path.end - end) < 0.02, (path.end, end)


def border_claims(land, head):
    """From beside each saddle, on both sides along its falling direction, SciPy's flow of the formula goes to the two minima."""
    saddles = [k for k, kind in enumerate(land.points.kind) if kind == "saddle"]
    said = re.search(r"run into saddle (.*?)\. From|run into saddle (.*?)\. \d", head + "From")
    yield "basins: borders are named where there are saddles", bool(said) == bool(saddles), head
    for name, a, b in re.findall(r"(S\d+)(?: \(between (\w+) and (\w+)\))?", (said[1] or said[2]) if said else ""):
        key = (id(land), name)
        if key not in SIDES:
            SIDES[key] = sides(land, land.points.label.index(name))
        yield "basins: the sides of a border", SIDES[key] == ([a, b] if a else SIDES[key]), (name, a, b, SIDES[key])
        yield "basins: a border without two minima is not said to have them", bool(a) == (None not in SIDES[key]), (name, a)


SIDES = {}


def sides(land, k):
    net, points = two_weights(land.fit), land.points
    w = points.theta[:, k]
    _, ways = np.linalg.eigh(own.hessian(net, w))
    found = []
    for side in (-1, 1):
        end = solve_ivp(lambda _, at: -net.gradient(at), (0, 1e6), w + side * 1e-3 * ways[:, 0], method="LSODA",
                        rtol=1e-8, atol=1e-10).y[:, -1]
        found.append(next((points.label[j] for j in points.minima if np.linalg.norm(points.theta[:, j] - end) < 0.05), None))
    return sorted(found, key=str)


def basins_again(state, b, head, shares):
    """Every start descended by other code: as many end in each minimum as the sentence says."""
    v, net = state.values, two_weights(state.scene.fit)
    ends = np.linspace(state.scene.plane.low, state.scene.plane.high, b.label.shape[0])
    starts = np.stack(np.meshgrid(*ends.T)).reshape(2, -1)
    last = own.ends(net, starts, own.Walker(v["optimizer"], v["rate"], v["momentum"]), int(v["steps"]))
    within = re.search(rf"(?:end|found) within ({NUMBER}) of", head)
    reach = number(within[1]) if within else 0.01
    for k, name in enumerate(b.minima.names):
        if b.minima.isolated[k]:
            apart = np.linalg.norm(last - b.minima.theta[:, [k]], axis=0)
            others = np.min([np.linalg.norm(last - b.minima.theta[:, [j]], axis=0) for j in range(len(b.minima))], axis=0)
            with own.quiet():
                inside = 100 * np.mean((apart < reach) & (apart <= others))
        else:
            floor = hyperbola(net)
            with own.quiet():
                apart = np.array([np.linalg.norm(floor - w[:, None], axis=0).min() for w in last.T])
                inside = 100 * np.mean(apart < reach)
        said = shares.get(name, 0.0)
        slack = 5 if v["rate"] < 0.5 or reach == 0.01 else 15        # the last steps of a large rate hang on rounding
        high = said + (slack if b.minima.isolated[k] else 100)       # "were found": at least so many
        yield "basins: as many by other code", said - slack < inside < high, (name, inside, said)
    with own.quiet():
        away = 100 * np.isnan(last).any(axis=0).mean()
    said = re.search(rf"({NUMBER})% run away", head)
    yield "basins: as many run away", abs(away - (number(said[1]) if said else 0)) < 4, (away, said)


def probe_claims(state, b, head):
    """As many of the cells drawn at random as said, and as many of these elsewhere as among all that were never descended,
    which other code descends; to within chance, and what both codes differ by where both descended."""
    found = re.search(rf"Of the others ({NUMBER}) were drawn at random and descended after all: (none|{NUMBER}) ends? elsewhere than (?:its|their) neighbors\.", head)
    yield "basins: how rough is said in numbers", bool(found), head
    v, left = state.values, ~b.descended
    if not found:
        return
    many, wrong = int(number(found[1])), 0 if found[2] == "none" else int(number(found[2]))
    yield "basins: how many were drawn", many == 400 and wrong <= many, found[0]
    if v["steps"] > MOST["basins"]["steps"] or not b.minima.isolated.all():
        return
    ends = np.linspace(state.scene.plane.low, state.scene.plane.high, b.label.shape[0])
    last = own.ends(two_weights(state.scene.fit), np.stack(np.meshgrid(*ends.T)).reshape(2, -1),
                    own.Walker(v["optimizer"], v["rate"], v["momentum"]), int(v["steps"]))
    within = re.search(rf"end within ({NUMBER}) of", head)
    with own.quiet():
        apart = np.array([np.linalg.norm(last - w[:, None], axis=0) for w in b.minima.theta.T] or [np.full(left.size, np.inf)])
    label = np.where(apart.min(axis=0) < (number(within[1]) if within else 0.01), apart.argmin(axis=0), -1)
    differs = np.where(np.isnan(last).any(axis=0), -2, label).reshape(left.shape) != b.label
    apart, slack = differs[left].mean(), differs[~left].mean() + 0.003
    low, high = (binomtest(wrong, many).proportion_ci(0.9999)[k] for k in (0, 1))
    yield "basins: as many of them elsewhere by other code", low - slack <= apart <= high + slack, (found[0], apart, slack)


def hyperbola(net):
    """The floor of the linear net's valley: w1 w2 = sum of t x by sum of x^2."""
    c = float(net.t @ net.x / (net.x @ net.x))
    w1 = np.concatenate([sign * np.geomspace(1e-2, 60, 4000) for sign in (-1, 1)])
    return np.stack([w1, c / w1])


def escape(state, result, words):
    net, v, points = two_weights(state.scene.land.fit), state.values, state.scene.land.points
    racers, best = tuple(result.paths), result.best
    rates = {name: v["adaptive"] if name in own.ADAPTIVE else v["rate"] * (
        1 if name == "gradient descent" else 0.1) for name in racers}
    yield "escape: all at a step only where all are", ("all at" in result.heading_now) == (len({one.step for one in result.now.values()}) == 1), result.heading_now
    ends = {row[0]: row[2] for row in state.explorer.table(result)[2]}
    yield "escape: a valley only where there is one", points.valley.shape[1] > 0 or "the valley" not in ends.values(), ends
    yield from race_ends(state, result, ends, net, rates, words)
    there = []
    for name, path in result.paths.items():
        close = [label for label in best if label in points.label and
                 np.linalg.norm(path.end - points.theta[:, points.label.index(label)]) < 0.25]
        floor = best in (("the valley",), ("the lowest ground",)) and net.loss(path.end) <= result.level
        there += [name] if (close and ends[name] in close or floor) and path.ended != "ran away" else []
    if best == ("the valley",):
        lowest = net.loss(hyperbola(net)).min() if state.scene.land.fit.network.activations[0] == "identity" else 0.0
        yield "escape: the valley's level is its floor", -1e-9 < result.level - lowest < 0.05, (result.level, lowest)
    first = words.split(". ")[0]
    if there:
        said = re.match(r"From this start (.*?) ends? in .*?(?:, (\D.*) do(?:es)? not)?$", first)
        counted, rest = bool(said) and re.fullmatch(r"(\d+) of \d+", said[1]), [name for name in racers if name not in there]
        right = (said[2].split(", ") == rest and int(counted[1]) == len(there)) if counted else said[1].split(", ") == there
        yield "escape: who gets there", bool(said) and right, (first, there)
    else:
        yield "escape: nobody gets there", first.startswith(f"From this start none of the {len(racers)} ends in"), first
    lowest = min((float(net.loss(points.theta[:, k])) for k in points.minima), default=None)
    if lowest is not None:
        deep = [points.label[k] for k in points.minima if net.loss(points.theta[:, k]) < lowest + 1e-7]
        yield "escape: the best is the deepest", list(best) == deep, (best, deep)
    l2, cells = getattr(state.scene.land.fit, "l2", 0.0), {row[0]: row[1] for row in state.explorer.table(result)[2]}
    for name, path in result.paths.items():
        told = re.search(r"\((.*)% penalty\)", cells[name])
        yield "escape: a penalty is told of where there is one", bool(told) == (l2 > 0 and path.ended != "ran away"), cells[name]
        if told:
            said, share = number(told[1].split()[-1]), 100 * l2 * (path.end @ path.end) / float(net.loss(path.end))
            yield "escape: the share of the penalty", abs(share - said) <= 0.51 or "than" in told[1] and (share > said) == ("more" in told[1]), (share, cells[name])
    yield from race_counts(state, result, words, net, rates)


def race_ends(state, result, ends, net, rates, words):
    """Who is said to end in a minimum is there for the next hundred steps too, by other code; who is near it, only now."""
    v, points = state.values, state.scene.land.points
    told = re.search(r"\. Near a minimum at the end, but perhaps only passing by: (.*?)(?: and (\d+) more)?\.", words)
    near_by = [name for name, end in ends.items() if end.startswith("near ")]
    names = told[1].split(", ") if told else []
    yield "escape: who may be passing by", names == near_by[:len(names)] and len(names) + int(told and told[2] or 0) == len(near_by), (near_by, words)
    for name, path in result.paths.items():
        in_one = ends[name] in points.label
        label = ends[name].removeprefix("near ")
        if label not in points.label:
            continue
        place, n = points.theta[:, points.label.index(label)], path.theta.shape[1] - 1
        yield "escape: near is near", np.linalg.norm(path.end - place) < 0.25, (name, path.end)
        if in_one and path.ended != "settled":
            stay = np.linalg.norm(path.theta[:, max(0, n - 32):] - place[:, None], axis=0)
            yield "escape: who ends in it was there for 32 steps", n >= 32 and stay.max() < 0.25, (name, stay)
        if in_one and v.get("noise", "none") == "none" and path.ended == "out of steps":
            w, _ = own.walk(net, path.theta[:, 0], own.Walker(name, rates[name]), n + 100)
            same = w.shape[1] == n + 101 and np.abs(w[:, n] - path.end).max() < 1e-6
            yield "escape: who ends in it stays", not same or np.linalg.norm(w[:, n:] - place[:, None], axis=0).max() < 0.3, (name, path.end, np.linalg.norm(w[:, n:] - place[:, None], axis=0).max())


def race_counts(state, result, words, net, rates):
    v = state.values
    done = {name: run for name, run in result.runs.items() if run is not None}
    if len(done) < len(result.runs):
        yield "escape: under way", f"{len(done)} of {len(result.runs)} optimizers done" in words, words
        return
    n, points = len(next(iter(done.values())).loss), state.scene.land.points
    wild = any(v["rate"] > 0.9 * 2 / points.eigenvalues[-1, k] for k in points.minima)     # chaos: rounding decides
    shares = {}
    for name, run in done.items():
        shares[name] = np.mean(run.loss <= result.level)
        if v.get("noise", "none") == "none" and not (wild and name in ("gradient descent", "momentum", "Nesterov")):
            plane = state.scene.land.plane
            starts = np.random.default_rng(0).uniform(plane.low[:, None], plane.high[:, None], size=(2, n))
            last = own.ends(net, starts, own.Walker(name, rates[name]), int(v["steps"]))
            with own.quiet():
                mine = np.mean(np.nan_to_num(net.loss(last), nan=np.inf) <= result.level)
            yield "escape: the count by other code", abs(mine - shares[name]) <= 2.1 / n, (name, mine, shares[name])
    most = max(shares.values())
    if most == 0:
        yield "escape: none reached it", "none reached" in words and "most often" not in words, words
        return
    first = [name for name in shares if shares[name] == most]
    found = re.search(rf"Over ({NUMBER}) random starts (.*?) reach(?:es)? .*? most often: (\d+)%", words)
    yield "escape: the sentence is known", bool(found), words
    if not found:
        return
    named = [re.sub(r" \(.*", "", part) for part in found[2].split(" and ")]
    yield "escape: most often", named == first[:2] + ([f"{len(first) - 2} more"] if len(first) > 2 else []), (named, first)
    yield "escape: its share", abs(100 * most - number(found[3])) <= 0.5 and int(found[1]) == n, (most, found[3])
    for name, said in re.findall(rf"(gradient descent|momentum|Nesterov|{'|'.join(own.ADAPTIVE)}) \(rate ({NUMBER})\)", words):
        yield "escape: the rate named", near(rates[name], said), (name, said)
    if found := re.search(r", gradient descent \(rate \S+\) ([\d.]+)%", words):
        yield "escape: plain descent's share", abs(100 * shares["gradient descent"] - number(found[1])) <= 0.5, words
        yield from told_apart(done, first[0], result.level, words)
    found = re.search(rf"[Ww]ith (\d+) restarts? of (.*?) at least one does in (?:more than )?({NUMBER})%", words)
    share = shares.get(found[2], np.nan) if found else np.nan
    ci = binomtest(round(share * n), n).proportion_ci(method="wilson") if found else (np.nan, np.nan)
    chance, low, high = (100 * (1 - (1 - one) ** int(found[1])) if found else np.nan for one in (share, *ci))
    certain, said = "All" in words and re.search(r"All (\d+) did; at the low end of that interval, with", words), lambda one, text: (
        abs(one - number(text)) <= 0.51)
    yield "escape: all did only where all did", bool(certain) == (share == 1) and (not certain or int(certain[1]) == n), (share, words)
    yield "escape: the chance with restarts is that racer's", bool(found) and said(low if certain else chance, found[3]), (chance, low, words)
    span = re.search(rf"\(by that interval (?:more than |less than )?({NUMBER})% to (?:more than )?({NUMBER})%\)", words)
    yield "escape: a chance stands beside its interval", bool(certain) or bool(span and said(low, span[1]) and said(high, span[2])), (ci, words)
    yield "escape: no chance of 100% with restarts", not re.search(r"at least one does in 100%", words), words


def told_apart(done, name, level, words):
    """From the same starts: who alone got there how often, and whether a test of such pairs tells the two apart."""
    found = re.search(r"Only (.*?) gets there from (\d+) of them, only gradient descent from (\d+)(.*)", words)
    yield "escape: the pairs are spoken of", bool(found) and found[1] == name, (name, words)
    if found:
        mine, plain = (list(np.nan_to_num(done[one].loss, nan=np.inf) <= level) for one in (name, "gradient descent"))
        pairs = Counter(zip(mine, plain, strict=True))
        ahead, behind = pairs[True, False], pairs[False, True]
        chance = (len(done) - 1) * binomtest(ahead, ahead + behind).pvalue
        yield "escape: who alone", (ahead, behind) == (int(found[2]), int(found[3])), (ahead, behind, found[0])
        yield "escape: told apart", ("by chance alone" in found[4]) == (chance < 0.05) != ("does not tell" in found[4]), (chance, words)


def surface(state, result, words):
    fit, theta = state.scene.fit, result.theta
    oracle = import_module("conftest").oracle_loss(fit)
    grad = import_module("autograd").grad(oracle)
    slope = grad(theta)

    class Net:
        gradient = staticmethod(grad)
    values = np.linalg.eigvalsh(own.hessian(Net, theta))
    found = re.search(rf"(Slice 1 shows) (.*?): (?:({NUMBER})% of the gradient's length \(\|gradient\| ({NUMBER})\)"
                      r" lies in it|at the point the ground is level, its gradient is 0 to within rounding); out of sight: (\d+) of (\d+) directions", words)
    ends = re.search(rf"The loss at the point is ({NUMBER})\.$", words)
    yield "surface: the sentence is known", bool(found and ends), words
    yield "surface: what the slice shows comes first", words.startswith(("With two weights", "The plane holds") if len(theta) == 2 or result.track else "Slice 1"), words
    along, one, two = state.values["slice"], int(state.values["first"]), int(state.values["second"])
    twice = re.search(r"(\S+) is asked for twice, so slice 1 shows (\S+) beside it\.", words)
    names, by_knobs = found[2].split(" and "), along == "two weights" and result.track is None
    yield "surface: one weight asked for twice is said", bool(twice) == (by_knobs and one == two), words
    if by_knobs:
        yield "surface: the first weight is that of its knob", names[0] == fit.names[one - 1] and len(set(names)) == 2, (names, one, two)
        yield "surface: and the second", bool(twice) and list(twice.groups()) == names or names[1] == fit.names[two - 1], (names, one, two)
    s, t, title = state.values["s"], state.values["t"], result.heading.replace("−", "-")
    told, at = re.match(r"Slice 1: \(([-+][\d.]+), ([-+][\d.]+)\) off (.+)$", title), re.match("Slice 1: at (.+)$", title)
    yield "surface: how far the point is from the middle", bool(at) == (s == t == 0) and (not told or (
        abs(float(told[1]) - s) < 0.0051 and abs(float(told[2]) - t) < 0.0051)), title
    names = {"at a random start": ("the random start", "the start"), "after 100 steps": ("the weights of step 100", "step 100"),
             "trained": ("the trained weights", "the trained")}[state.values["weights"]]
    yield "surface: from whose middle", (at or told) and (at[1] if at else told[3]) == names[0 if at else 1], title
    yield "surface: loss", near(float(oracle(theta)), ends[1]), ends[1]
    basis = np.linalg.qr(result.first.directions.T)[0]
    share = np.linalg.norm(basis.T @ slope) / max(np.linalg.norm(slope), 1e-300)
    yield "surface: level ground", found[3] is not None or np.linalg.norm(slope) < 1e-10 * max(1.0, result.first.loss.max()), slope
    if np.linalg.norm(slope) > 1e-9 and np.linalg.norm(result.first.directions, axis=1).min() > 0:
        yield "surface: the share of the gradient", abs(100 * share - int(found[3])) <= 0.6, (share, found[3])
    if said := re.search(r"The Hessian has (\d+) directions? of negative", words):
        clear = np.abs(values).min() > 1e-6 * np.abs(values).max()
        yield "surface: negative curvatures", not clear or int(said[1]) == (values < 0).sum(), values
        H = own.hessian(Net, theta)
        inside = np.linalg.eigvalsh(basis.T @ H @ basis)
        seen = re.search(r"slice shows (\d)", words)
        yield ("surface: negative ones in the slice", np.abs(inside).min() < 1e-6 * np.abs(values).max()
               or int(seen[1]) == (inside < 0).sum(), inside)
        yield "surface: one direction, many directions", not re.search(r"\b1 directions|\b0 direction ", words), words
    lower = re.search(rf"lower ground: down to ({NUMBER})", words)
    if lower or "none is lower" in words:
        n = len(result.second.loss)
        s = np.linspace(-3, 3, n)
        grid = [float(oracle(theta + a * result.second.directions[0] + b * result.second.directions[1])) for a in s for b in s]
        yield ("surface: lower ground in slice 2", near(min(grid), lower[1]) if lower else min(grid) >= oracle(theta) - 1e-12,
               (min(grid), oracle(theta)))


def vanishing(state, result, words):
    v, scene = state.values, state.scene
    if result.reached != v["steps"]:
        return
    fit, theta = result.fit, result.theta
    cure = v["cure"] if v["cure"].startswith("clip") else v["cure"]
    if cure not in ("none", "clip the gradient at 1") or scene.activation not in own.F:
        return
    L = len(fit.network.sizes) - 1
    loss, heard, norms, deltas, slopes = own.deep_pass(fit.network.layers(theta), scene.activation, fit.data.x, fit.data.y)
    sizes = np.array([np.linalg.norm(d) for d in deltas])
    if not np.isfinite(sizes).all() or not np.isfinite(norms).all():
        return
    dead = [float(np.mean((np.abs(own.F[scene.activation][1](z)) == 0).all(axis=1))) for z in heard[:-1]]
    if found := re.search(r"All units of layer (\d+) are dead", words):
        yield "vanishing: that layer is dead", dead[int(found[1]) - 1] == 1, dead
    yield "vanishing: says dead only of dead ones", "are dead" not in words or max(dead) > 0, dead
    if found := re.search(r"No gradient reaches layer 1 of (\d+)", words):
        learn = [[np.abs(part).max() for part in both] for both in slopes]
        yield "vanishing: no gradient", max(learn[0]) < 1e-250 and int(found[1]) == L, learn[0]
        first = re.search(r"the first layer that learns is layer (\d+)(, by its biases alone)?\.", words)
        alive = [k for k, both in enumerate(learn, start=1) if max(both) > 0]
        tiny = any(0 < size < 1e-250 for both in learn for size in both)       # whether it is 0 hangs on the order of sums
        yield "vanishing: the first layer that learns", tiny or (int(first[1]) if first else None) == min(alive, default=None), (words, alive)
        yield "vanishing: by its biases alone", tiny or not first or bool(first[2]) == (learn[int(first[1]) - 1][0] == 0), (words, learn)
    elif found := re.search(rf"On average a layer multiplies it by (.*?) on its way back.*?layer 1 is (.*?) times that of layer {L}",
                            words):
        factor = (sizes[0] / sizes[-1]) ** (1 / (L - 1))
        yield "vanishing: the factor", close_to(factor, found[1]), (factor, found[1])
        yield "vanishing: layer 1 against the last", close_to(norms[0] / norms[-1], found[2]), (norms[0] / norms[-1], found[2])
        whole = sizes[0] / sizes[-1]
        kind = "vanishes" if whole < 0.98e-3 else "explodes" if whole > 1.02e3 else None
        yield "vanishing: which of the three", kind is None or kind in words or 0.9e-3 < whole < 1.1e3, whole
    if "alike" in words:
        yield "vanishing: units alike", all(np.ptp(z, axis=0).max() < 1e-9 for z in heard[:-1]), words
    if found := re.search(r"Since f′ ≤ (\S+) for", words):
        z = np.concatenate([np.linspace(-50, 50, 20001), np.geomspace(50, 1e6, 50), -np.geomspace(50, 1e6, 50)])
        with own.quiet():
            yield "vanishing: f' is bounded so", np.nanmax(np.abs(own.F[scene.activation][1](z))) <= number(found[1]) * (1 + 1e-9), found[1]
    if found := re.search(rf"({NUMBER})% of the hidden answers are (\w+)", words):
        with own.quiet():
            share = np.mean([np.mean(np.abs(own.F[scene.activation][1](z)) < 0.05 * ({"swish": 1.0998, "gelu": 1.1289}.get(scene.activation, 1) if scene.activation != "sigmoid" else
                            0.25)) for z in heard[:-1]])
        yield "vanishing: flat answers", abs(100 * share - number(found[1])) <= 1.1, (share, found[1])
        if found[2] == "silent":
            yield "vanishing: silent means 0", scene.activation == "relu", scene.activation
    if found := re.search(r"the weights of layer 1 moved by (.*?) of their length, those of layer (\d+) by (.*?)\.(?: |$)", words):
        begun = fit.network.layers(initial_weights(fit.network, v["start"], int(v["seed"]), v["scale"], v["bias"]))
        far = [(np.linalg.norm(W - W0), np.linalg.norm(W0)) for (W, _), (W0, _) in zip(fit.network.layers(theta), begun, strict=True)]
        yield "vanishing: how far the weights moved", int(found[2]) == L and all(
            whole == 0 or close_to(part / whole, said) or part / whole < 1e-12 for (part, whole), said in zip((far[0], far[-1]), (found[1], found[3]), strict=True)), (far[0], far[-1], found[0])
    if found := re.search(r"After (\d+) steps? the loss went from (\S+) to (\S+);", words):
        yield "vanishing: the loss now", close_to(loss, found[3], 0.02) or abs(loss - plain_number(found[3])) < 6e-5, (loss, found[3])


def plain_number(text):
    """A number as a person writes it: 4.2 × 10⁻⁹."""
    return number(as_python(text).rstrip(".;"))


def close_to(value, text, share=0.06):
    said = plain_number(text)
    return abs(value - said) <= share * abs(said) + 1e-300


def boundary(state, result, words):
    theta, net = result.theta, state.scene.network
    shares, losses, of_lesson = [], [], state.scene.loss == "squared error"      # sigmoid units, beside a backward pass of one's own
    for data in (result.train.data, result.test.data):
        a = data.x
        for k, (W, b) in enumerate(net.layers(theta)):
            z = W.T @ a + b[:, None]
            a = np.tanh(z) if k < len(net.sizes) - 2 and not of_lesson else 1 / (1 + np.exp(-z))
        shares.append(100 * np.mean((a[0] > 0.5) == (data.y[0] > 0.5)))
        losses.append(float(np.mean((a[0] - data.y[0]) ** 2 if of_lesson else np.logaddexp(0, z[0]) - data.y[0] * z[0])))
    words = words.split("Of the right one: ")[-1]
    found = re.match(rf"After ({NUMBER}) steps the network is right on ({NUMBER})% of (\d+) training rows and ({NUMBER})% of (\d+) test rows", words)
    yield "boundary: the sentence is known", bool(found), words
    yield ("boundary: how many are right", abs(shares[0] - number(found[2])) < 0.6 and abs(shares[1] - number(found[4])) < 0.6, shares)
    l2 = state.values["l2"]
    told = re.search(r"Of what training makes small, (.*?)% is the penalty\.", words)
    yield "boundary: a penalty is told of where there is one", bool(told) == (l2 > 0), words
    if told:
        penalty = l2 * sum((W ** 2).sum() for W, _ in net.layers(theta))
        share, said = 100 * penalty / (penalty + losses[0]), number(told[1].split()[-1])
        yield "boundary: the share of the penalty", abs(share - said) <= 0.51 or "than" in told[1] and (share > said) == ("more" in told[1]), (share, told[1])
    if told := re.search(r"It fits poorly(?:: try (.*))?\.$", words):
        knobs = {"more units": state.values["units"] != "6 and 6 units", "more steps": state.values["steps"] < 2000,
                 "a smaller penalty": l2 > 0, "less dropout": state.values.get("dropout", 0) > 0}
        yield "boundary: what is advised can be done", (told[1] or "").split(" or ") == ([name for name, can in knobs.items() if can] or [""]), words
    gap = losses[1] - losses[0]
    if found := re.search(rf"lowest \(({NUMBER})\) at step ({NUMBER}) and has risen to ({NUMBER})", words):
        yield "boundary: overfits", abs(losses[1] - number(found[3])) < 0.006 and number(found[1]) < number(found[3]), losses
    elif found := re.search(rf"The test loss is ({NUMBER}) (above|below)", words):
        yield "boundary: the gap", abs(abs(gap) - number(found[1])) < 0.006 and (gap > 0) == (found[2] == "above"), gap
    elif found := re.search(rf"loss are ({NUMBER}) apart", words):
        yield "boundary: apart", abs(abs(gap) - number(found[1])) < 0.006 and abs(gap) < 0.16, gap


def quotients(loss, at=0.0, h=1e-4):
    """(left, right): the slopes of a function of one number on both sides of a point, extrapolated from two quotients."""
    found = []
    for side in (-1, 1):
        one, two = ((float(loss(at + side * k * h)) - float(loss(at))) / (side * k * h) for k in (1, 2))
        found.append(2 * one - two)
    return found


def kinked(loss, h=1e-4):
    """True, False, or None where quotients do not tell: whether the slopes on both sides of 0 stay apart as h shrinks."""
    far, near = (np.subtract(*quotients(loss, h=each)) for each in (h, h / 100))
    size = max(map(abs, quotients(loss)))
    if abs(near) > 1e-3 * size + 1e-6:
        return True if abs(far - near) < 0.05 * abs(near) else None
    return False


def of_two_sides(name, told, finding, loss):
    """Whether two slopes are told of where there are two, and those; told: (left, right) in text, or None."""
    if told and told[0] == told[1]:
        both = re.search(r"slope (\S+) on both sides", as_python(finding))
        yield f"{name}: no kink for all kinks", kinked(loss) is False and bool(both), (told, finding)
        yield f"{name}: the slope of both sides", both and all(abs(plain_number(one) - side) < 6e-2 * abs(side) + 1e-6 for one in (told[0], both[1]) for side in quotients(loss)), (quotients(loss), told)
        return
    jumps, sides = kinked(loss), quotients(loss)
    yield f"{name}: a kink is told of where there is one", jumps is None or bool(told) == jumps, (sides, told, finding)
    yield f"{name}: the title says so too", bool(told) == ("kink" in finding), (told, finding)
    if told and jumps:
        for side, said, titled in zip(sides, told, re.findall(r"slope (\S+) left, (\S+) right", as_python(finding))[0], strict=True):
            yield f"{name}: the slope of a side", abs(plain_number(said) - side) < (6e-3 if name == "chain rule" else 6e-2) * abs(side) + 1e-6 and abs(plain_number(titled) - side) < 6e-2 * abs(side) + 1e-6, (side, said, titled)


def chain_rule(state, result, words):
    if result.fit.loss_record.name not in ("squared error", "half squared error", "binary cross-entropy", "softmax cross-entropy"):
        return
    oracle, k = import_module("conftest").oracle_loss(result.fit), result.index

    def loss(by):
        return float(oracle(result.theta + by * np.eye(len(result.theta))[k]))
    told = re.search(r"on a kink of the loss: left of it the slope is (\S+), right of it (\S+)\. ", words)
    both = re.search(r"by the formula, in .*, but units stand on their kinks: left of it and right of it the slope is (\S+)\. ", words)
    told = told.groups() if told else (both[1], both[1]) if both else None
    yield from of_two_sides("chain rule", told, result.finding, loss)
    slope = (loss(1e-6) - loss(-1e-6)) / 2e-6
    if not told and abs(slope) > 1e-6:
        yield "chain rule: raises or lowers", ("raises" in words) == (slope > 0), (slope, words)
        value = re.search(r"= (\S+), in", words)[1]
        yield "chain rule: the slope", abs(plain_number(value) - slope) < 2e-3 * abs(slope) + 1e-5, (slope, value)
    yield from nudge_said(state.values["nudge"], loss, words)


def nudge_said(by, loss, words):
    """What is said of the nudge, against the loss there and here, and the quotients of the side it goes to."""
    found = re.search(r"nudged by (\S+) moves the loss by (less than its rounding|\S+); the slope( on this side)? promised (\S+?)(: too far)?\. ", words)
    yield "chain rule: a nudge is told of", bool(found) == (by != 0), words
    if not found:
        return
    moved, promised = loss(by) - loss(0), quotients(loss)[int(by > 0)] * by
    blur = 1e-13 * (1 + abs(loss(0)) + abs(loss(by)))
    if found[2].startswith("less"):
        yield "chain rule: too little to see", abs(moved) < blur and not found[5], (moved, words)
    elif abs(moved) > 100 * blur:
        yield "chain rule: what the nudge does", near(moved, str(plain_number(found[2]))) or abs(moved - plain_number(found[2])) < 1e-4 * abs(moved), (moved, words)
    if abs(promised) > 1e-6:
        yield "chain rule: what was promised", abs(plain_number(found[4]) - promised) < 6e-3 * abs(promised) + 1e-6, (promised, words)
    off, most = abs(moved - promised), 0.1 * abs(promised)
    if abs(off - most) > 1e-5 * (1 + abs(by)) + 0.01 * off:
        yield "chain rule: too far", bool(found[5]) == (off > most), (moved, promised, words)


def backprop(state, result, words):
    if found := re.search(rf"The loss goes from ({NUMBER}) to ({NUMBER}): (.*?)\.(?: |$)", words):
        before, after = number(found[1]), number(found[2])
        yield ("backprop: downhill or not", ("downhill" in found[3]) == (result.loss[1] < result.loss[0]) and
               abs(before - result.loss[0]) < 1e-4 * (1 + abs(before)), (before, after, found[3]))
    yield from walked_network(state, result, words)
    yield from walked_kink(state, result)


def walked_kink(state, result):
    """What is said of the slope of a stop, by quotients of the loss of textbook lines, with the number of the stop moved."""
    letter, place = result.found.stop.kind
    loss = forward_from(state, result, place) if letter in ("d", "g") else None
    if loss is None:
        return
    title = as_python(result.finding)
    found = re.search(r"slope (\S+) left, (\S+) right", title)
    both = re.search(r"slope (\S+) on both sides", title)
    yield from of_two_sides("backprop", found.groups() if found else (both[1], both[1]) if both else None, result.finding, loss)
    slope = quotients(loss)[1]
    if not found and not both and kinked(loss) is False and abs(slope) > 1e-6:
        yield "backprop: raises or lowers", ("raises" in title) == (slope > 0) and ("lowers" in title) == (slope < 0), (slope, title)


def forward_from(state, result, place):
    """The loss as a function of how far the number at this place, such as ("z", 1, 2), is moved; None for what is not
    looked at here: skips, layer norms, moved rows, losses and activations of one's own."""
    fit, net = state.scene.fit, state.scene.fit.network
    f = {name: own.F[name][0] for name in net.activations if name in own.F}
    name = fit.loss_record.name
    if net.skip or net.layer_norm or len(f) < len(set(net.activations)) or any(state.values[k] for k in state.values if k.startswith("shift")) or (
            name not in ("squared error", "half squared error", "binary cross-entropy", "softmax cross-entropy")):
        return None
    theta, rows = state.scene.theta(state.values["seed"]), slice(None) if result.found.stop.kind[0] == "g" else [int(state.values["row"]) - 1]
    x, t = fit.data.x[:, rows], fit.data.y[:, rows]

    def loss(by):
        a, pairs = x, [[np.array(W), np.zeros(W.shape[1]) if b is None else np.array(b)] for W, b in net.layers(theta)]
        if place[0] in "wb":
            pairs[place[1] - 1]["wb".index(place[0])][tuple(n - 1 for n in place[2:])] += by
        for k, (W, b) in enumerate(pairs, start=1):
            z = W.T @ a + np.reshape(b, (-1, 1))
            if place[:2] == ("z", k):
                z[place[2] - 1] += by
            last = k == len(pairs)
            a = z if last and "entropy" in name else f[net.activations[k - 1]](z)
            if place[:2] == ("a", k):
                a[place[2] - 1] += by
        if "entropy" not in name:
            return ((a - t) ** 2).sum(axis=0).mean() / (2 if "half" in name else 1)
        if name.startswith("binary"):
            return (np.logaddexp(0, z) - t * z).sum(axis=0).mean()
        return (np.log(np.exp(z).sum(axis=0)) - (t * z).sum(axis=0)).mean()
    return loss


def walked_network(state, result, words):
    """What is said of skips, layer norm and moved numbers, by the network, and by the numbers of the data's own row."""
    network, data, wanted = state.scene.fit.network, state.scene.fit.data, state.values["cures"]
    hidden = [int(n) for n in state.values["hidden"].split("-")]
    twins, normed = any(a == b for a, b in zip(hidden, hidden[1:], strict=False)), min(hidden) > 1
    yield "backprop: skip", ("No skip here" in words) == ("skip" in wanted and not twins), words
    yield "backprop: layer norm", ("No layer norm here" in words) == ("norm" in wanted and not normed), words
    yield "backprop: the network asked for", (network.skip, network.layer_norm) == ("skip" in wanted and twins, "norm" in wanted and normed), words
    own = {f"{letter}[{k + 1}]": float(v) for letter, part in (("x", data.x), ("t", data.y)) for k, v in enumerate(part[:, int(state.values["row"]) - 1])}
    said = {name: (number(old), number(new)) for name, old, new in re.findall(rf"(.\[\d\]) was moved, from ({NUMBER}) to ({NUMBER})\.", words.replace("−", "-"))}
    for name, old in own.items():
        now = result.found.known[name[0], (int(name[2]),)]
        yield ("backprop: what was moved", (name in said) == (now != old) and
               (name not in said or (near(old, said[name][0], 2) and near(now, said[name][1], 2))), (name, old, now, said))
    title = result.finding.replace("−", "-")
    if found := re.match(rf"The (mean|standard deviation) over layer (\d) is ({NUMBER})$", title):
        z = np.array([v for kind, v in result.found.known.items() if kind[0] == "z" and kind[1][0] == int(found[2])])
        right = z.mean() if found[1] == "mean" else np.sqrt(z.var() + 1e-5)
        yield "backprop: what layer norm finds", near(right, found[3]), (right, title)


def saturation(state, result, words):
    z, t = state.values["z"], state.values["t"]
    a = 1 / (1 + np.exp(-z))
    square, cross = 2 * (a - t) * a * (1 - a), a - t
    ratio = re.match(r"Cross-entropy's gradient by the score is (\S+) times that of the squared error \((\S+) against (\S+)\)\. ", words)
    none = re.match(r"Neither loss has a gradient by the score here: cross-entropy (\S+), squared error (\S+)\. ", words)
    small = re.match(r"The squared error's gradient by the score is next to nothing here \((\S+)\), cross-entropy's is (\S+)\. ", words)
    yield "saturation: the gradients come first", bool(ratio or none or small), words
    found = re.search(rf"At score ({NUMBER}) .* answers ({NUMBER}), .*? off by ({NUMBER}), and (not )?saturated\.$", words)
    yield "saturation: the sentence is known", bool(found), words
    if found:
        yield "saturation: the score", abs(z - number(found[1])) < 0.0051, z
        yield "saturation: answer", abs(a - number(found[2])) < 6e-5 and abs(abs(a - t) - number(found[3])) < 6e-5, a
        yield "saturation: saturated", (min(a, 1 - a) < 0.05) != bool(found[4]), a
    said = (ratio[2], ratio[3]) if ratio else none.groups() if none else small.groups()[::-1] if small else ("nan", "nan")
    yield ("saturation: slopes", abs(square - float(said[1])) < 1e-3 * abs(square) + 1e-12 and
           abs(cross - float(said[0])) < 1e-3 * abs(cross) + 1e-12, (square, cross))
    if ratio:
        yield "saturation: how many times", abs(cross / square / float(ratio[1].replace(",", "")) - 1) < 0.006, (cross / square, ratio[1])


def difference(state, result, words):
    ratio = re.search(rf"takes ({NUMBER}) operations, central differences take ({NUMBER}): ({NUMBER}) times", words)
    yield "difference: the price", abs(number(ratio[2]) / number(ratio[1]) - number(ratio[3])) <= 0.5, ratio[0]
    best = result.best["central"]
    side = "small" if result.h < best / 5 else "large" if result.h > 5 * best else "close"
    yield "difference: which side", side in words and "central difference" in words.split(". ")[0], (result.h, best, words)
    name = state.values["function"].split(" at ")[0]
    if name in ("exp", "sin"):                      # by an expansion on paper, in 60 digits: the curve's bend against rounding
        from mpmath import mp, mpf
        mp.dps = 60
        f, h = getattr(mp, name), mpf(result.h)
        slope = f(1) if name == "exp" else mp.cos(1)
        bend, rounding = float(abs((f(1 + h) - f(1 - h)) / (2 * h) / slope - 1)), float(1.1e-16 * abs(f(1) / slope) / h)
        yield "difference: rounding or the bend", not (side == "small" and bend > rounding or side == "large" and rounding > bend), (bend, rounding, words)


def trainability(state, result, words):
    """A share is of runs; where all train nobody is told of the others, where none does nobody is said to."""
    trains = np.asarray(result.map.outcome) == 1
    yield "trainability: no others where all train", ("with the others" in words) == (0 < trains.sum() < trains.size), (trains.mean(), words)
    yield "trainability: all or none", words.startswith("All") == trains.all() and words.startswith("Not one") == (not trains.any()), (trains.mean(), words)
    whole = result.map.share == 1
    yield "trainability: of a map under way no border is told", any(text in words for text in ("box dimension", "no border")) == whole, (whole, words)
    yield "trainability: how crinkled it is, when all is made", ("when all runs are made" in words) == (not whole), (whole, words)
    if found := re.match(rf"({NUMBER})% of these", words):
        yield "trainability: how many train", abs(100 * trains.mean() - number(found[1])) < 0.051, (trains.mean(), words)


def cure(state, result, words):
    """Both networks trained again by the loop on paper; what the words say of loss, rows, and gradient before training."""
    v, step = state.values, result.step
    training = re.match(r"Training goes on: step ([\d,]+) of ([\d,]+) so far\. ", words)
    ended = state.results[-1]
    asked = min(v["moment"], import_module("bpviz.explorers.cure").MOST_STEPS)
    if training:
        yield "cure: training goes on", ended.until > result.until or result.until < ended.step, (result.until, ended.until)
        yield "cure: which step of how many", number(training[1]) == step < number(training[2]) == asked, (words, asked)
    else:
        yield "cure: nothing is kept back of a training that goes on", step in (asked, ended.step), (step, asked, ended.step)
    compared = words[training.end() if training else 0:]
    found = re.match(rf"With (.*?) (?:the network learns (more|less): after ([\d,]+) steps? the loss is ({NUMBER}), without ({NUMBER})\.|"
                     rf"or without, the loss is within a tenth the same after ([\d,]+) steps?: ({NUMBER}), ({NUMBER})\.|"
                     rf"or without: one of the two losses is no number)", compared)
    told = re.match(rf"With .*? or without, the (?P<down>loss has not come down) after (?P<steps>[\d,]+) steps?: (?P<two>{NUMBER}) with, (?P<one>{NUMBER}) without\.|"
                    rf"With .*? the loss is (?P<two_>{NUMBER}) after (?P<steps_>[\d,]+) steps?, without (?P<one_>{NUMBER})\.", compared)
    yield "cure: the sentence is known", bool(found or told), words
    again = [train_again(v, name, step) for name in ("none", v["cure"])]
    before = [train_again(v, name, 0)[0] for name in ("none", v["cure"])]
    yield from came_down(again, before, step, found, told, words)
    for name, run in zip(("none", v["cure"]), (result.plain, result.cured), strict=True):
        said = re.search(rf"{'Without a cure' if name == 'none' else 'With ' + re.escape(name)}, [^.]*?(?:before|no gradient)[^;]*; step ([\d,]+) takes a weight", words)
        if said:
            yield "cure: the step that goes too far", int(number(said[1])) == too_far(v, name, step), (said[0], too_far(v, name, step), run.away)
    (one, right_one, delta_one), (two, right_two, delta_two) = again
    if found and (found[2] or found[6]):
        said_two, said_one = (found[4], found[5]) if found[2] else (found[7], found[8])
        yield "cure: the loss with it", near(two, said_two) or abs(two - number(said_two)) < 1e-3 * two, (two, said_two)
        yield "cure: the loss without", near(one, said_one) or abs(one - number(said_one)) < 1e-3 * one, (one, said_one)
        kind = "same" if 0.901 < two / one < 1.099 else "more" if two < 0.899 * one else "less" if two > 1.101 * one else None
        yield "cure: more, less or the same", kind in (None, found[2] or "same"), (one, two, words)
    for (loss, right, delta), said in zip(again, re.findall(r"Without a cure, .*?\.(?= With)|With [^:.]*?, before training.*?\)?\.$|With [^:.]*?, no gradient.*?\.$", words),
                                          strict=False):
        part = re.search(r"layer 1 gets (.*?) times", said)
        if part:
            want = plain_number(part[1])
            yield "cure: what reaches layer 1", abs(delta[0] / delta[-1] - want) <= 0.06 * want, (delta[0] / delta[-1], said)
        share = re.search(rf"({NUMBER})% right", said)
        if share:
            yield "cure: rows right", abs(100 * right - number(share[1])) <= 0.51, (right, said)
        if "guessing" in said:
            p = TASK.y.mean()
            yield "cure: guesses", loss > 0.979 * -(p * np.log(p) + (1 - p) * np.log(1 - p)), (loss, said)
    if found := re.search(r"Of (\d+) seeds, all trained to step ([\d,]+), (\d+) beat guessing without a cure, (\d+) with it\.", words):
        p, best = TASK.y.mean(), {}
        for name in ("none", v["cure"]):
            ends = [train_again({**v, "seed": (v["seed"] + k) % 100}, name, step)[0] for k in range(int(v["seeds"]))]
            best[name] = np.array(ends) / -(p * np.log(p) + (1 - p) * np.log(1 - p))
        edge = any(np.abs(ends - 0.98).min() < 1e-6 for ends in best.values())
        counts = [int((ends <= 0.98).sum()) for ends in best.values()]
        yield "cure: how many seeds learned", [int(found[3]), int(found[4])] == counts or edge, (counts, found[0])
        yield "cure: of which seeds, at which step", int(found[1]) == v["seeds"] and number(found[2]) == step, (v["seeds"], step, found[0])
    elif found := re.search(r"Other seeds are being trained: (\d+) of (\d+) so far\.|One other seed is being trained\.", words):
        done, of = (int(found[1]), int(found[2])) if found[1] else (0, 1)
        yield "cure: how many other seeds are done", (done, of) == (len(result.bundles[0]), v["seeds"] - 1) and done < of, words
    else:
        yield "cure: of one seed nothing is counted", v["seeds"] == 1 or bool(training), words
    yield "cure: both sides told, in four lines", len(words) <= 445 and words.count("layer 1 gets") + words.count("no gradient comes") == 2, words
    yield "cure: the title's and the bars' step are that of the words", f"step {step:,})" in result.looked, (result.looked, step)


def came_down(again, before, step, found, told, words):
    """Nobody is said to learn whose loss has not come down, nor before there was time to; who is, has the lower loss."""
    (one, *_), (two, *_) = again
    if found and found[2]:
        side = int(found[2] == "more")
        yield "cure: who learns more has come down", again[side][0] < before[side] * (1 + 1e-6) and step > 1, (again, before, words)
    if told:
        said = [number(told["one"] or told["one_"]), number(told["two"] or told["two_"])]
        yield "cure: the two losses", all(near(a, b) or abs(a - b) < 1e-3 * a for a, b in zip((one, two), said, strict=True)), (one, two, words)
        fell = [now < was * (1 - 1e-6) for (now, *_), was in zip(again, before, strict=True)]
        yield "cure: it has not come down", not (told["down"] and any(fell)), (again, before, words)
        yield "cure: nothing is said of learning", bool(told["down"]) or step <= 1 or not fell[int(two < one)], (again, before, words)


def too_far(v, name, most):
    """The number of the first step, counted from 1, that leaves a weight beyond a million or no number."""
    fit, theta = start_of(v, name)
    for k in range(1, most + 3):
        with own.quiet():
            theta = theta - v["rate"] * fit.gradient(theta)
        if not (np.abs(theta) <= 1e6).all():
            return k
    return None


def start_of(v, name):
    from bpviz.explorers.cure import CURES

    relu = name.startswith("relu")
    fit = deep_fit(int(v["depth"]), int(v["width"]), "relu" if relu else v["activation"], CURES.get(name, ()))
    return fit, initial_weights(fit.network, "He" if relu else v["start"], int(v["seed"]))


def train_again(v, name, steps):
    """(loss, share of rows right, |dL/dz| by layer before training), by loops and NumPy alone."""
    fit, theta = start_of(v, name)
    first = right = None
    for k in range(steps + 1):
        if k == steps:
            right = ((fit.predict(theta)[0] > 0.5) == (TASK.y[0] > 0.5)).mean()
        if first is None:
            first = [np.sqrt((delta ** 2).sum()) for delta in passed_back(fit, theta).delta]
        if k < steps:
            with own.quiet():
                theta = theta - v["rate"] * fit.gradient(theta)
    return float(fit.loss(theta)), right, first


def phase(state, result, words):
    f = {"tanh": np.tanh, "sigmoid": own.F["sigmoid"][0], "relu": own.F["relu"][0], "identity": lambda z: z,
         "softsign": own.F["softsign"][0], "softplus": own.F["softplus"][0]}.get(state.values["activation"])
    if f is None:
        return
    slope = own.F[state.values["activation"]][1]
    z = np.linspace(-12, 12, 4001)
    weight = np.exp(-z * z / 2) / np.sqrt(2 * np.pi) * (z[1] - z[0])
    sw, sb = state.values["sigma_w"], state.values["sigma_b"]
    q = 1.0
    for _ in range(4000):
        q = min(sw ** 2 * float(np.sum(weight * f(np.sqrt(q) * z) ** 2)) + sb ** 2, 1e30)
    chi = sw ** 2 * float(np.sum(weight * slope(np.sqrt(q) * z) ** 2))
    name = "critical" if abs(chi - 1) < 0.7e-3 else "ordered" if chi < 1 - 1.3e-3 else "chaotic" if chi > 1 + 1.3e-3 else None
    yield "phase: which phase", name is None or f"the {name} phase" in words, (chi, words)
    if found := re.search(r"settle at q\* = (\S+),", words):
        yield "phase: where lengths settle", abs(q - plain_number(found[1])) < 0.02 * q + 1e-6, (q, found[1])
    yield from alike(f, sw, sb, words)


def alike(f, sw, sb, words):
    """What is said of two inputs against the map of correlations, by Gauss and Hermite in two dimensions (64 x 64)."""
    u, weight = np.polynomial.hermite_e.hermegauss(64)
    weight = weight / weight.sum()
    q, c = sw ** 2 + sb ** 2, (0.6 * sw ** 2 + sb ** 2) / (sw ** 2 + sb ** 2)
    seen = [c]
    for _ in range(29):
        if not 1e-9 < q < 1e9:
            return                                       # no length to speak of: theory says the limit
        one, two = np.sqrt(q) * u[:, None], np.sqrt(q) * (c * u[:, None] + np.sqrt(max(0.0, 1 - c * c)) * u[None])
        product = float(np.sum(weight[:, None] * weight[None] * f(one) * f(two)))
        q = sw ** 2 * float(weight @ f(np.sqrt(q) * u) ** 2) + sb ** 2
        c = min(1.0, (sw ** 2 * product + sb ** 2) / q)
        seen.append(c)
    said = re.search(r"Two inputs (become more alike|become less alike|stay as alike)", words)
    numbers = [float(n) for n in re.findall(r"-?\d\.\d\d", words.replace("−", "-").split("Two inputs")[1].split(". ")[0])]
    yield "phase: correlations", said and abs(numbers[0] - seen[0]) < 0.016 and abs(numbers[-1] - seen[-1]) < 0.016, (
        numbers, seen[0], seen[-1])
    change = seen[-1] - seen[0]
    if abs(change) > 0.02:
        yield "phase: more or less alike", ("more" if change > 0 else "less") in said[1], (said[1], change)
    elif np.ptp(seen) < 0.002:
        yield "phase: as alike", "stay" in said[1], (said[1], seen)


def pushed(gradient, thetas, rate, m):
    """Whether each of thetas (2, n) follows from the one before by torch's heavy ball, written out.

    Step by step, for a run that bounces is chaos: two codes that both are right part after some hundred steps.
    """
    v, right = np.zeros(2), True
    for before, after in zip(thetas.T, thetas.T[1:], strict=False):
        v = m * v + gradient(before)
        right &= np.allclose(after, before - rate * v, rtol=1e-6, atol=1e-7)
        v = (before - after) / rate
    return bool(right)


def momentum(state, result, words):
    v, on = state.values, state.values["on"]
    start, rate, m = np.array([v["w1"], v["w2"]]), v["rate"], v["momentum"]
    if on == "a quadratic":
        flat, bottom, floor, label = 1 / v["condition"], np.zeros(2), 0.0, ""
        gradient, loss = (lambda w: w * [flat, 1.0]), (lambda w: 0.5 * (flat * w[0] ** 2 + w[1] ** 2))
        curved = np.array([flat, 1.0])
    else:
        net, points = two_weights(state.scene.land.fit), state.scene.land.points
        label = on[-1]
        bottom = points.theta[:, points.label.index(label)]
        gradient, loss, floor, curved = net.gradient, net.loss, net.loss(bottom), np.linalg.eigvalsh(own.hessian(net, bottom))
    for name, mom in (("heavy", m), ("plain", 0.0)):
        with own.quiet():
            path = getattr(result, name).path
            thetas = path.theta.T[:path.kept + 1]
            yield "momentum: every step is one of its rule", (thetas[0] == start).all() and pushed(gradient, thetas.T, rate, mom), name
            gaps = np.array([loss(w) for w in thetas]) - floor
        distance = np.linalg.norm(thetas[-1] - bottom)
        high = np.flatnonzero(gaps > 1e-3 * gaps[0])
        away = len(thetas) <= 600
        how = ("away" if away else "level" if gaps[0] <= 0 else "elsewhere" if label and distance > 0.3 else
               "down" if high[-1] < 600 else "slow")
        said = re.search(r"(?:Without|With) momentum(?: [\d.]+)? the descent is (.*?)(?:, without| \(down:)" if name == "heavy" or m == 0 else
                         r", without (.*?) \(down:", words)[1]
        kind = ("away" if "running away" in said else "level" if "the start" in said else "elsewhere" if " from " in said or "not near" in said
                else "slow" if "not down" in said else "down")
        border = np.abs(np.log(np.maximum(gaps[-40:], 1e-300) / (1e-3 * abs(gaps[0]) + 1e-300))).min() < 1e-6
        yield "momentum: how a run went", kind == how or border or abs(gaps[0]) < 1e-12, (name, kind, how, said)
        if kind == how == "down":
            step = int(re.search(r"in (\d+) step", said)[1])
            yield "momentum: when it was down", abs(step - (high[-1] + 1)) <= (0 if not label else 1), (step, high[-1] + 1)
            yield "momentum: its title", f"{step} step" in result.heads[name], (result.heads[name], step)
        near_other = [points.label[j] for j in points.minima if points.label[j] != label and np.linalg.norm(thetas[-1] - points.theta[:, j]) <= 0.3] if label else []
        if kind == how == "elsewhere":
            found = re.match(r"near (\w+) and not near (\w+) after", said)
            yield "momentum: in which other minimum", [found[1]] == near_other and found[2] == label if found else not near_other, (said, near_other)
            yield "momentum: the title's end", (f"ends near {found[1]}" if found else f"not at {label}") in result.heads[name], result.heads[name]
        if kind == how == "elsewhere" and "after 600" in said and not near_other:
            yield "momentum: how far it is", close_to(distance, re.match(r"(\S+(?: × \S+)?) from", said)[1]), distance
    told = re.findall(rf"(Flat|Steep|Both directions): rate × λ = ({NUMBER}), (\w+)(?: by theory, ×|; theory ×) ({NUMBER}) a step", words)
    yield "momentum: directions told", len(told) == (1 if curved[0] == curved[1] else 2), words
    for name, h, behaviour, factor in told:
        exact = rate * curved[int(name == "Steep")]
        roots = np.roots([1, -(1 + m - exact), m])
        yield "momentum: rate times curvature", near(exact, h) or abs(exact - number(h)) < 1e-3 * exact, (exact, h)
        yield "momentum: factor by the roots", abs(abs(roots).max() - number(factor)) < 2e-3, (roots, factor)
        size = abs(roots).max()
        true = ("leaves" if size >= 1 else "swings" if abs(roots.imag).max() > 1e-7 else "creeps" if roots.real.min() >= -1e-9 else "zigzags")
        borders = [(1 - m ** 0.5) ** 2, (1 + m ** 0.5) ** 2, 2 * (1 + m)]
        yield "momentum: behaviour by the roots", true == behaviour or min(abs(exact - b) for b in borders) < 1e-6, (roots, behaviour)
        view = result.heads["plane"]
        yield "momentum: the plane's title", behaviour in view, (view, behaviour)
    for one, other in re.findall(rf"theory × ({NUMBER}) a step, measured × ({NUMBER})", words):
        yield "momentum: the run's factor is theory's", abs(number(one) - number(other)) <= 0.0061, (one, other)
    for behaviour, one, seen, other in re.findall(rf"(\w+), × ({NUMBER}) a step by theory; the run (\w+), × ({NUMBER})", words):
        yield "momentum: where they differ they do", behaviour != seen or abs(number(one) - number(other)) > 0.0039, (behaviour, seen, one, other)
    if found := re.search(rf"Fastest by theory: rate ({NUMBER}), momentum ({NUMBER}), × ({NUMBER}) a step; without × ({NUMBER})", words):
        best, at, plain = number(found[1]), number(found[2]), number(found[4])

        def slowest(rate, m):
            return max(abs(np.roots([1, -(1 + m - rate * c), m])).max() for c in curved)
        around = [slowest(best * (1 + a), min(max(at + b, 0), 0.999)) for a in (-0.05, 0, 0.05) for b in (-0.05, 0.05)]
        yield "momentum: nothing around is faster", min(around) >= number(found[3]) - 2e-3, (around, found[0])
        alone = min(slowest(r, 0.0) for r in np.linspace(0, 2 / curved[1], 400))
        yield "momentum: plain descent at its best", abs(alone - plain) < 8e-3, (alone, plain)
    lowest = min(np.nanmin([loss(w) for w in run.path.theta.T[:run.path.kept + 1]]) for run in (result.heavy, result.plain))
    deep = lowest < floor - 1.001e-6 * abs(loss(start) - floor)
    edge = abs(lowest - floor + 1e-6 * abs(loss(start) - floor)) < 1e-8 * abs(loss(start) - floor)
    yield "momentum: a loss below the minimum is said", (result.heads["loss"] == f"Loss above the lowest (below {label})") == deep or edge, (lowest, floor, result.heads["loss"])
    yield "momentum: no share of the picture is below 0", min(np.nanmin(np.append(shares, 0)) for shares in result.shares.values()) >= -1e-6, result.floor
    if deep and loss(start) > lowest:
        share, name = result.level
        yield "momentum: where the minimum lies among them", name == label and np.isclose(share * (loss(start) - lowest), floor - lowest, rtol=1e-5), (share, name)
    yield "momentum: four lines", len(words) <= 430, len(words)
    yield "momentum: far is far", ("need not tell" in words) == bool(label and not result.heavy.distance <= 0.3), words


JUDGES = {"adam": own_adam.adam, "momentum": momentum, "minima": minima, "cure": cure, "rate": rate, "basins": basins, "escape": escape, "surface": surface, "vanishing": vanishing,
          "boundary": boundary, "chain_rule": chain_rule, "backprop": backprop, "saturation": saturation,
          "difference": difference, "trainability": trainability, "phase": phase, "puzzle": own_puzzles.puzzle}


def smaller(put):
    """The explorers with fewer cells, starts and seeds; put: (module, name, value) -> None."""
    for name, constants in LESS.items():
        for constant, value in constants.items():
            put(import_module(f"bpviz.explorers.{name}"), constant, value)


def sweep(names, count, seed, show=print):
    """Judge `count` random states, the explorers in turn: (claims by kind, false ones by kind)."""
    explorers, rng = all_explorers(), np.random.default_rng(seed)
    said, wrong = Counter(), Counter()
    for k in range(count):
        explorer = explorers[names[k % len(names)]]
        state = random_state(explorer, rng)
        for kind, true, found in judged(state):
            said[kind] += 1
            if not true:
                wrong[kind] += 1
                show(f"FALSE {kind}: {found}\n    {explorer.state(state.values)}\n    {explorer.words(state.results[-1])}")
    return said, wrong


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    smaller(setattr)
    count, seed = (int(word) for word in [*sys.argv[1:3], "3000", "0"][:2]) if len(sys.argv) > 1 else (3000, 0)
    names, began = sys.argv[3:] or list(all_explorers()), time.perf_counter()
    said, wrong = sweep(names, count, seed)
    for kind in sorted(said):
        print(f"{said[kind]:7,} {kind}" + (f"   {wrong[kind]} FALSE" if wrong[kind] else ""))
    print(f"{count:,} states, {sum(said.values()):,} claims, {sum(wrong.values()):,} false, {time.perf_counter() - began:.0f} s")
