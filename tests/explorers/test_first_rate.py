"""The learning rate that a panel over two weights begins with: it follows from the curvature, and no menu makes a panel run away."""
import re
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest

import bpviz as bp
from bpviz.base.work import Memory
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.descent.optimizers import GradientDescent
from bpviz.explorers import all_explorers, two_weights
from bpviz.explorers.choices import OURS
from bpviz.explorers.first_rate import HIGH, LOW
from bpviz.landscape.rates import TIDY, bearable_rate, suited_rate

sys.path.insert(0, str(Path(__file__).parent))
import own_numbers as own  # noqa: E402

EXPLORERS = all_explorers()
BEGIN = {"minima": (1.0, 2.0), "rate": (-3.5, 0.0), "escape": (-3.0, 3.0)}
DATA = two_weights.data_sets()
SMOOTH = ("sigmoid", "tanh", "identity")


def made(activation, data, l2=0.0):
    return bp.Fit(bp.Network((1, 1, 1), activation, bias=False), "squared error", data, l2)


def random_case(seed):
    """A fit, and the same by formulas of its own."""
    rng = np.random.default_rng(seed)
    rows, name = int(rng.integers(1, 7)), SMOOTH[seed % 3]
    data = bp.Data(rng.normal(0, rng.uniform(0.3, 4), rows), rng.uniform(0, 1, rows), "mine")
    l2 = float(rng.choice([0, 0.01]))
    return made(name, data, l2), own.Two(name, data.x, data.y, l2)


def walked(net, start, rate, steps):
    """Points of plain descent with the slopes of `net`, the last one before a weight is beyond a million."""
    points = [np.array(start, float)]
    while len(points) <= steps and np.abs(points[-1]).max() < 1e6 and np.linalg.norm(net.gradient(points[-1])) > 1e-10:
        points.append(points[-1] - rate * net.gradient(points[-1]))
    return np.array(points)


def walked_together(net, rate, steps=500):
    """`walked` from 11 x 11 starts over the window: (how many ran away, how many still walk and turn back each step)."""
    axis = np.linspace(-6, 6, 11)
    at = np.stack(np.meshgrid(axis, axis)).reshape(2, -1)
    walking, moves = np.full(at.shape[1], True), np.zeros((2, *at.shape))
    for _ in range(steps):
        slopes = net.gradient(at)
        walking &= (np.abs(at).max(0) < 1e6) & (np.linalg.norm(slopes, axis=0) > 1e-10)
        moves = np.stack([moves[1], np.where(walking, -rate * slopes, 0)])
        at = at + moves[1]
    bouncing = walking & ((moves[0] * moves[1]).sum(0) < 0) & (np.linalg.norm(moves[1], axis=0) > 0.01)
    return int((np.abs(at).max(0) >= 1e6).sum()), int(bouncing.sum())


def curvature(net, theta, h=1e-5):
    """The largest |eigenvalue| of the Hessian by central differences of the slopes."""
    columns = [(net.gradient(theta + h * e) - net.gradient(theta - h * e)) / (2 * h) for e in np.eye(2)]
    return np.abs(np.linalg.eigvalsh((np.array(columns) + np.array(columns).T) / 2)).max()


@pytest.mark.parametrize("seed", range(12))
def test_the_rate_from_a_start_is_at_most_half_of_the_limit_all_along_the_way(seed):
    fit, net = random_case(seed)
    start = np.random.default_rng(seed).uniform(-3, 3, 2)
    found = suited_rate(fit, start, LOW, HIGH)
    points = walked(net, start, found.rate, found.steps)[:found.steps + 1]
    most = max(curvature(net, point) for point in points)
    assert found.curvature == pytest.approx(most, rel=1e-4, abs=1e-6) and found.rate in TIDY
    losses = net.loss(points.T)
    assert found.suits == (found.rate * found.curvature <= 1 and (np.diff(losses) <= 1e-11).all()) or found.rate == LOW
    for rate in [rate for rate in TIDY if found.rate < rate <= min(HIGH, 1 / curvature(net, start))][:1]:
        further = walked(net, start, rate, 500)                              # the next one up would have been too large
        assert (np.abs(further[-1]).max() >= 1e6 or (np.diff(net.loss(further.T)) > 0).any()
                or rate * max(curvature(net, at) for at in further) > 1 - 1e-6)


@pytest.mark.parametrize("name", BEGIN)
@pytest.mark.parametrize("seed", range(6))
def test_what_the_panel_says_of_it_is_so(name, seed):
    fit, net = random_case(100 + seed)
    explorer = EXPLORERS[name].with_own(EXPLORERS[name], {"fit": fit})
    values = explorer.values()
    begin = np.array([values["w1"], values["w2"]])
    said = explorer.question
    assert said.startswith(f"{EXPLORERS[name].question} Shown is your fit “mine”. ")
    if found := re.search(r" Learning rate (\S+) suits your fit from \((\S+), (\S+)\): half of 2/.λ.max is (\S+) within ([\d,]+) "
                             r"steps?\.", said):
        rate, w1, w2, half, steps = (float(each.replace(",", "").replace("−", "-")) for each in found.groups())
        points = walked(net, begin, rate, int(steps))
        assert (w1, w2) == BEGIN[name] == tuple(begin) and rate == values["rate"] <= half
        assert half == pytest.approx(1 / max(curvature(net, point) for point in points), rel=0.02)
    else:
        assert re.search(r"Even learning rate 0\.01 is beyond|nothing is curved within", said), said
    mine = made("tanh", bp.Data([1.0, 2], [0.2, 0.6], "mine", rate=3))
    other = EXPLORERS[name].with_own(EXPLORERS[name], {"fit": mine})
    assert other.question == f"{EXPLORERS[name].question} Shown is your fit “mine”." and other.values()["rate"] == 3              # its own


MENUS = {"minima": product(DATA, ACTIVATIONS), "rate": product(DATA), "escape": product(DATA, ("none", "two rows a step"), ("0", "0.01"))}
NAMED = {"minima": ("data", "activation"), "rate": ("data",), "escape": ("data", "noise", "l2")}


@pytest.mark.parametrize("name, choices", [(name, choices) for name, all_of_it in MENUS.items() for choices in all_of_it])
def test_no_choice_of_the_menus_runs_away(name, choices):
    """By loops with the slopes of the network, from the start and at the rate that the menus set."""
    explorer, given = EXPLORERS[name], dict(zip(NAMED[name], choices, strict=True))
    values = explorer.values(**given)
    fit = two_weights.made(given["data"], given.get("activation"), float(given.get("l2", 0)))
    at = np.array([values["w1"], values["w2"]])
    for _ in range(values["steps"]):
        at = at - values["rate"] * fit.gradient(at)
    assert np.abs(at).max() < 1e3


def test_the_map_loses_no_start_for_any_menu(less_work):
    for data, optimizer in product(DATA, OURS.rates):
        explorer = EXPLORERS["basins"]
        values = {**explorer.values(data=data, optimizer=optimizer), "steps": 300}
        usual = OURS.rates[optimizer]
        assert values["rate"] == usual or values["rate"] < usual and data == "linear saddle"
        fit = two_weights.made(data)
        corners = np.array([[-6, 6, 6, -6, 3.1, 6], [6, 6, -6, -6, -5.9, 0.3]], float)
        ends = bp.descend(fit, corners, OURS.named(optimizer, values["rate"]), 300).ended
        assert not (ends == "ran away").any()


@pytest.mark.parametrize("seed", range(4))
def test_a_bearable_rate_has_one_that_bears_above_it_and_then_one_that_does_not(seed):
    rng = np.random.default_rng(seed)
    fit = made("identity", bp.Data(rng.normal(0, 2, 3), rng.normal(size=3), "mine"))
    net = own.Two("identity", fit.data.x, fit.data.y)
    found = bearable_rate(fit, GradientDescent(rate=3.0), 0.0001, -6.0, 6.0)

    def bears(rate):
        away, bouncing = walked_together(net, rate)
        return away == 0 and bouncing <= 12

    above = [rate for rate in [*TIDY, 3.0] if found.rate < rate <= 3.0]
    assert found.bears and bears(found.rate) and found.starts == 121
    assert not above or bears(above[0]) and not bears(above[1])
    assert not bearable_rate(fit, GradientDescent(rate=3.0), 2.0, -6.0, 6.0).bears


def test_a_move_of_a_menu_sets_the_rate_and_a_rate_that_is_given_stays():
    panel = bp.explore.minima(picture="core")
    assert panel.values["rate"] == 20
    panel._choose("activation", "identity")
    assert panel.values["rate"] == suited_rate(two_weights.made("seesaw", "identity"), (1.0, 2.0), LOW, HIGH).rate < 1
    panel._choose("activation", "sigmoid")
    assert panel.values["rate"] == 20
    panel.close()
    assert EXPLORERS["minima"].values(activation="identity", rate=7)["rate"] == 7
    again = bp.explore.minima(state="minima; data=seesaw; rate=5", activation="elu", picture="core")
    assert again.values["rate"] < 5 and again.result.path.ended != "ran away"
    again.close()
    basins = EXPLORERS["basins"]
    before = basins.values(rate=0.7)
    assert basins.also("show", "minimum and time", before) == {} and basins.also("w1", 2.0, before) == {}
    assert basins.also("data", "linear saddle", before)["rate"] < 0.1


@pytest.mark.parametrize("seed", range(4))
def test_what_the_map_says_of_its_rate_is_so(seed):
    fit, net = random_case(300 + seed)
    said = EXPLORERS["basins"].with_own(EXPLORERS["basins"], {"fit": fit}).question
    found = re.search(r" Learning rate (\S+) suits your fit: of 121 starts none runs away, (none|one|\d+)(?: still)? bounces? after "
                         r"500 steps\.", said)
    if found is None:
        assert " Even learning rate 0.001 is too large" in said
        return
    away, count = walked_together(net, float(found[1]))
    assert away == 0
    assert count == {"none": 0, "one": 1}.get(found[2], found[2].isdigit() and int(found[2]))


def test_an_own_fit_does_not_run_away_in_any_panel(less_work):
    for seed, name in product(range(6), ("minima", "rate", "escape", "basins")):
        fit, _ = random_case(200 + seed)
        explorer = EXPLORERS[name].with_own(EXPLORERS[name], {"fit": fit})
        values = explorer.small.cut(explorer.values())
        scene = [part.result for part in explorer.scene(values)][-1]
        result = [part.result for part in explorer.compute(scene, values, Memory()) if part.result is not None][-1]
        paths = result.paths.values() if name == "escape" else [result.path]
        tidy = " Even learning" not in explorer.question
        assert not tidy or all(path.ended != "ran away" for path in paths)
