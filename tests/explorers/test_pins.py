"""A pinned state: its ghost in the picture, and the sentence beside the verdict, judged by other code."""
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from bpviz.base.written import as_python
from bpviz.explorers import all_explorers
from bpviz.plots.blit import Blit
from bpviz.plots.motion import FAR, Ghost
from bpviz.plots.style import style

sys.path.insert(0, str(Path(__file__).parent))
import sentences  # noqa: E402

EXPLORERS = {name: one for name, one in all_explorers().items() if one.compare}
NUMBER = r"(\d[\d,.]*\d(?:e[+-]?\d+)?|\d)"
END = rf"loss {NUMBER}(?: at minimum (\w+))?"


@pytest.fixture(autouse=True)
def less_work(monkeypatch):
    sentences.smaller(monkeypatch.setattr)


def land_of(scene):
    return getattr(scene, "land", scene)


def ends(scene, path):
    """(loss by other code, the letter of the minimum within 0.01 or None, whether it ran away)."""
    land, away = land_of(scene), path.ended == "ran away" or not np.isfinite(path.loss[-1])
    near = [land.points.label[k] for k in land.points.minima
            if not away and np.hypot(*(land.points.theta[:, k] - path.theta[:, -1])) < 0.01]
    net = sentences.two_weights(land.fit)
    return float(net.loss(path.theta[:, -1])), (near or [None])[0], away


def rolled(state):
    """Of the heavy ball of a state, by other code: (how it went, the step at which it was down or None, distance)."""
    v, land = state.values, state.scene.land
    if land:
        net, points = sentences.two_weights(land.fit), land.points
        bottom, label = points.theta[:, points.label.index(v["on"][-1])], v["on"][-1]
        loss, floor = net.loss, net.loss(bottom)
    else:
        bottom, label, floor = np.zeros(2), "", 0.0

        def loss(w):
            return 0.5 * (w[0] ** 2 / v["condition"] + w[1] ** 2)
    path = state.results[-1].heavy.path                       # judged step by step in sentences.py
    with np.errstate(all="ignore"):
        above = np.array([loss(w) for w in path.theta.T[:path.kept + 1]]) - floor
    far, high = np.hypot(*(path.theta[:, path.kept] - bottom)), np.flatnonzero(above > 1e-3 * above[0])
    others = [points.label[k] for k in points.minima if np.hypot(*(path.theta[:, path.kept] - points.theta[:, k])) <= 0.3] if land else []
    elsewhere = f"near {others[0]} and not near {label} after" if others else f"from {label} after"
    how = ("running away" if path.kept < 600 else "from the start" if above[0] <= 0 else elsewhere if label and far > 0.3
           else "down in" if high[-1] < 600 else "not down")
    return how, int(high[-1]) + 1 if how == "down in" else None, far


def balls_compared(one, two, words):
    """(what is claimed of two states of momentum, whether it is true)."""
    v, (how, down, far), (how_now, down_now, far_now) = one.values, rolled(one), rolled(two)
    words = as_python(words)
    found = re.fullmatch(r"Pinned, rate (\S+), momentum (\S+), from \((-?[\d.]+), (-?[\d.]+)\)(?:, κ (\S+))?: (.*?); "
                         r"here (.*?)(?:, (\d+) (fewer|more)|, (as many))?\.", words)
    yield "a known sentence", bool(found)
    numbers = zip(found.groups()[:4], (v["rate"], v["momentum"], v["w1"], v["w2"]), strict=True)
    yield "its knobs", all(abs(float(said) - value) <= max(0.0051, 0.0051 * abs(value)) for said, value in numbers)
    yield "another valley", bool(found[5]) == (not one.scene.land and v["condition"] != two.values["condition"])
    yield "its condition", not found[5] or sentences.near(v["condition"], found[5])
    for said, true, step, distance in ((found[6], how, down, far), (found[7], how_now, down_now, far_now)):
        yield "how it went", true in said
        yield "when it was down", step is None or abs(int(re.search(r"in (\d+) step", said)[1]) - step) <= bool(one.scene.land)
        yield "how far it is", not true.startswith("from ") or not true.endswith("after") or sentences.close_to(distance, re.match(r"(\S+(?: × \S+)?) from", said)[1])
    yield "both were down", bool(found[8] or found[10]) == (None not in (down, down_now))
    if found[8]:
        yield "by how much", (int(found[8]) * (1 if found[9] == "more" else -1)) - (down_now - down) in (0, *(2 * bool(one.scene.land) * (-1, 1)))
    yield "as many", not found[10] or abs(down - down_now) <= 2 * bool(one.scene.land)


def claims(scene, pinned, now, words):
    """(what is claimed, whether it is true)."""
    (loss, label, away), (loss_now, label_now, away_now) = ends(scene, pinned.path), ends(scene, now.path)
    words = as_python(words)
    start = re.match(r"Pinned from \((-?[\d.]+), (-?[\d.]+)\): ", words)
    yield "where it began", np.allclose(pinned.path.theta[:, 0], [float(n) for n in start.groups()], atol=0.0051)
    rest = words[start.end():]
    ran = {"it ran away, and so does this descent.": (True, True), "it ran away; this descent does not.": (True, False)}
    if rest in ran:
        yield "who ran away", (away, away_now) == ran[rest]
    elif found := re.fullmatch(rf"{END}; this descent runs away\.", rest):
        yield "this one ran away alone", (away, away_now, found[2]) == (False, True, label)
        yield "its loss", sentences.near(loss, found[1])
    elif found := re.fullmatch(rf"it ends at the same minimum, (\w+), loss {NUMBER}\.", rest):
        yield "the same minimum", found[1] == label == label_now and not away and not away_now
        yield "its loss", sentences.near(loss, found[2])
    else:
        found = re.fullmatch(rf"(another minimum, )?{END}, here (\S+?)(?: at minimum (\w+))?; (.*)\.", rest)
        yield "a known sentence", bool(found)
        yield "nobody ran away", not away and not away_now
        yield "the letters", (found[3], found[5]) == (label, label_now)
        yield "another", bool(found[1]) == bool(label and label_now and label != label_now)
        yield "the losses", sentences.near(loss, found[2]) and sentences.near(loss_now, found[4])
        by = re.fullmatch(rf"the pinned one {NUMBER} (higher|lower)", found[6])
        yield "how far apart", (by is None and found[6] == "equal" and np.isclose(loss, loss_now, rtol=1e-8, atol=0)) or (
            by is not None and (by[2] == "higher") == (loss > loss_now)
            and (sentences.near(abs(loss - loss_now), by[1]) or abs(loss - loss_now) < 1e-6 * loss))


def descended(explorer, values):
    """The State when its descent is at its end: a map and a curve of rates, which no sentence here is about, wait."""
    return sentences.made(explorer, values, explorer.ended)


@pytest.mark.parametrize("name", EXPLORERS)
def test_what_is_said_of_a_pin_is_true(name):
    rng, kinds = np.random.default_rng(5), set()
    explorer = EXPLORERS[name]
    for _ in range(40):
        first = descended(explorer, sentences.random_values(explorer, rng))
        menus = {menu.name: first.values[menu.name] for menu in explorer.menus}
        second = descended(explorer, {**sentences.random_values(explorer, rng), **menus})
        pinned, now = first.results[-1], second.results[-1]
        words = explorer.compare(first.scene, pinned, now)
        judge = balls_compared(first, second, words) if name == "momentum" else claims(first.scene, pinned, now, words)
        wrong = [what for what, true in judge if not true]
        assert not wrong, (wrong, words, first.values, second.values)
        kinds.add(re.sub(NUMBER + r"|-", "", words)[:40])
    assert len(kinds) >= 2


@pytest.mark.parametrize("name", EXPLORERS)
def test_a_ghost_is_drawn_of_what_is_pinned_and_goes_without_a_trace(name):
    explorer = EXPLORERS[name]
    here, there = explorer.values(), explorer.values(w1=1.5, w2=-2.5, rate=7.0)
    state, other = sentences.made(explorer, here), sentences.made(explorer, there)
    with style():
        figure, drawing = explorer.picture(state.scene, 900)
        blit = Blit(figure, drawing.moving)
        frames = []
        for pinned in (None, other.results[-1], None):
            drawing.update(state.results[-1], pinned)
            frames.append(blit.frame().copy())
    early = [descended(explorer, values).results[-1] for values in (there, here)]
    late = other.results[-1], state.results[-1]
    assert explorer.compare(state.scene, *early) == explorer.compare(state.scene, *late)
    of_momentum, pinned = name == "momentum", other.results[-1]
    lines = ("heavy.walk.1", "heavy.walk.0") if of_momentum else ("path.theta.1", "path.theta.0")
    line = [artists[0] for binding, artists in drawing.bindings if isinstance(binding, Ghost) and binding.names == lines][0]
    drawing.update(state.results[-1], pinned)
    x, y = line.get_data()
    walked = (pinned.heavy if of_momentum else pinned).path
    assert (x[0], y[0]) == (1.5, -2.5) and np.allclose([x[-1], y[-1]], np.clip(walked.theta[:, walked.kept], -FAR, FAR))
    assert (frames[0] != frames[1]).any() and np.array_equal(frames[0], frames[2])
