"""An objective without a network in the panels over two weights: its landscape, nothing of a network, only what is true of it."""
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from test_sweep import drawn, legible_at_every_width, no_surfaces, written  # noqa: F401

import bpviz as bp
from bpviz.base.work import Memory, finished
from bpviz.explorers import all_explorers
from bpviz.explorers.own_objective import in_window
from bpviz.landscape.given import given_slopes

sys.path.insert(0, str(Path(__file__).parent))
import own_adam  # noqa: E402
import own_numbers as own  # noqa: E402
import sentences  # noqa: E402

EXPLORERS = all_explorers()
PANELS = ("minima", "rate", "basins", "escape", "adam")
GONE = {"activation", "l2", "noise", "row"}
OF_A_NETWORK = re.compile(r"network|answer|\brows?\b|\bdata\b|activation|layer|penalt|backward pass|SymPy", re.I)
pytestmark = pytest.mark.usefixtures("less_work")


class TwoWells:
    """As a learner writes it: no window, no name for its weights, no Hessian."""
    n_params, name = 2, "two wells"

    def loss(self, theta):
        w1, w2 = theta
        return (w1 ** 2 - 1) ** 2 + 0.3 * w1 + w2 ** 2 - 0.5

    def gradient(self, theta):
        w1, w2 = np.asarray(theta)
        return np.array([4 * w1 * (w1 ** 2 - 1) + 0.3, 2 * w2])


THINGS = {**bp.SURFACES, "two wells": TwoWells()}


def shown(name, thing, **given):
    explorer = EXPLORERS[name].with_own(EXPLORERS[name], {"fit": thing})
    values = {**explorer.small.cut(explorer.values(**given)), **given}
    scene = finished(explorer.scene(values))
    return explorer, scene, finished(explorer.compute(scene, values, Memory())), values


@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize("thing", THINGS)
def test_landscape_and_path_are_those_of_the_formula(name, thing):
    explorer, scene, result, values = shown(name, THINGS[thing])
    land, net = getattr(scene, "land", scene), own_adam.Hills(thing)
    low, high = getattr(THINGS[thing], "low", (-6, -6)), getattr(THINGS[thing], "high", (6, 6))
    across, up = np.meshgrid(np.linspace(low[0], high[0], 200), np.linspace(low[1], high[1], 200))
    assert np.allclose(land.loss, net.loss((across, up)), rtol=1e-9, atol=1e-9)
    for k, end in enumerate(("w1", "w2")):
        knob = explorer.knob(end)
        assert (knob.low, knob.high) == (low[k], high[k]) and knob.low < values[end] < knob.high
    path = result.paths["gradient descent"] if name == "escape" else result.other if name == "adam" else result.path
    now, rate = np.array([values["w1"], values["w2"]]), values["plain" if name == "adam" else "rate"]
    for step in range(min(path.steps, 40)):
        assert np.allclose(path.theta[:, step], now, rtol=1e-7, atol=1e-9)
        now = now - rate * net.gradient(now)
    assert path.steps > 0 and path.ended != "ran away" or thing == "saddle"
    H = own.hessian(net, np.array([values["w1"], values["w2"]]))
    assert np.allclose(land.fit.hessian(np.array([values["w1"], values["w2"]])), H, rtol=1e-4, atol=1e-4 * np.abs(H).max())


@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize("thing", ["himmelblau", "saddle", "styblinski-tang", "two wells"])
def test_nothing_of_a_network_is_shown_or_said(name, thing, no_surfaces):  # noqa: F811
    explorer, scene, result, values = shown(name, THINGS[thing])
    assert not GONE & {knob.name for knob in explorer.knobs} and [menu.name for menu in explorer.menus if menu.told] == ["data"]
    assert values["data"] == f"{thing} (yours)" and f"“{thing}”" in explorer.question
    assert explorer.read(explorer.state(values)) == explorer.values(**values)
    canvas, _, blit = drawn(explorer, scene, result)
    caption, header, rows = explorer.table(result)
    said = [explorer.question, explorer.words(result), caption, *header, *(cell for row in rows for cell in row),
            *(text for text, _ in written(canvas)), *(knob.label for knob in explorer.knobs), *(knob.tip for knob in explorer.knobs)]
    assert not [text for text in said if OF_A_NETWORK.search(text)]
    for axes in canvas.axes:
        assert axes.lines or axes.collections or axes.patches or axes.texts, axes.get_title()
    assert blit.frame().any()
    legible_at_every_width(explorer, scene, result)


STATES = {"minima": 3, "adam": 2, "rate": 2, "basins": 1, "escape": 1}


@pytest.mark.parametrize("name", PANELS)
def test_every_claim_about_it_is_true(name):
    claims, wrong, rng = 0, [], np.random.default_rng(len(name))
    some = ("himmelblau", "two wells") if name in ("basins", "escape") else THINGS         # their judges walk thousands again
    for thing in [thing for thing in some for _ in range(STATES[name])]:
        explorer = EXPLORERS[name].with_own(EXPLORERS[name], {"fit": THINGS[thing]})
        state = sentences.random_state(explorer, rng)
        for kind, true, found in sentences.judged(state):
            claims += 1
            if not true:
                wrong.append(f"{kind}: {found}\n  {explorer.state(state.values)}\n  {explorer.words(state.results[-1])}")
    assert not wrong, "\n".join(wrong)
    assert claims >= 10


@pytest.mark.parametrize("name", PANELS)
def test_a_panel_opens_moves_resets_and_comes_back_with_it(name):
    opener, small = getattr(bp.explore, name), {} if name == "rate" else {"steps": 20}
    panel = opener(fit=THINGS["himmelblau"], w1=2, picture="core", **small)
    panel._prepare()
    assert panel.knobs["data"].layout.display == "none" and panel.values["w1"] == 2
    state = panel.state
    panel.set(w1=-1)
    panel._reset()
    assert panel.state == state and "himmelblau (yours)" in state and "fit=..." in panel.code
    panel.close()
    again = opener(fit=THINGS["himmelblau"], state=state, picture="core")
    assert again.state == state and "<table" in again.still()
    again.close()
    with pytest.raises(ValueError, match="data: got 'himmelblau .yours.'.* has but the name: give it too"):
        opener(state=state, picture="core")


def test_the_window_begins_where_the_objective_says_and_starts_stand_in_it_alike():
    explorer = EXPLORERS["minima"].with_own(EXPLORERS["minima"], {"fit": bp.SURFACES["rosenbrock"]})
    values = explorer.values()
    assert (values["w1"], values["w2"]) == pytest.approx((2 / 6, 1 + 2 * 2 / 6), abs=0.001)          # (1, 2) of -6 to 6
    assert explorer.knob("push1").high == 4 and explorer.knob("rate").low < values["rate"] < explorer.knob("rate").high < 1
    assert EXPLORERS["minima"].values()["w1"] == 1 and EXPLORERS["minima"].knob("rate").high == 100


@pytest.mark.parametrize("name", ["basins", "escape"])
def test_with_an_optimizer_of_ones_own_beside_it(name):
    mine = bp.own_optimizer(lambda theta: (), lambda theta, gradient, state, rate: (theta - rate * gradient, ()), 0.01, "plain")
    panel = getattr(bp.explore, name)(fit=bp.SURFACES["himmelblau"], optimizer=mine, picture="core", steps=20)
    path = panel.result.paths["plain"] if name == "escape" else panel.result.path
    assert np.allclose(path.theta[:, 1], path.theta[:, 0] - 0.01 * bp.SURFACES["himmelblau"].gradient(path.theta[:, 0]))
    assert "noise" not in panel.values
    panel.close()


@pytest.mark.parametrize("thing", THINGS)
def test_the_given_gradient_is_compared_with_the_slopes_of_the_loss(thing):
    objective, rng = THINGS[thing], np.random.default_rng(5)
    for place in rng.uniform(-2, 2, (40, 2)):
        found = given_slopes(objective, place)
        assert found.marks == ("agree", "agree") and np.allclose(found.slopes, own_adam.Hills(thing).gradient(place), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("wrong", ["sign", "factor", "one place", "a hair"])
def test_a_gradient_that_is_not_that_of_the_loss_is_refused(wrong):
    class Wrong(TwoWells):
        def gradient(self, theta):
            g = TwoWells.gradient(self, theta)
            if wrong == "one place":
                g[1] = np.where(np.asarray(theta)[0] > 1, 0.0, g[1])
            else:
                g[0] = g[0] * {"sign": -1, "factor": 0.5, "a hair": 1.001}[wrong]
            return g
    with pytest.raises(ValueError, match=r"^fit: its gradient says dL/dw[12] = \S+ at \(.*\), and central differences of its loss say"):
        bp.explore.minima(fit=Wrong(), picture="core")


class Kinked(TwoWells):
    name = "kinked"

    def loss(self, theta):
        return abs(theta[0]) + 2 * abs(theta[1] - 1)

    def gradient(self, theta):
        return np.array([np.sign(theta[0]), 2 * np.sign(theta[1] - 1)])


def test_kinks_are_no_mistake():
    _, scene, result, _ = shown("minima", Kinked())
    assert result.gradients.marks == ("agree", "agree") and scene.loss.min() < 0.2


def changed(**parts):
    return type("Changed", (TwoWells,), parts)()


@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize("thing, words", [
    (3, "^fit: got 3; allowed is a Fit or anything with loss, gradient, n_params"), (TwoWells, "^fit: got .*; allowed is a Fit"),
    (changed(n_params=3), "^fit: got an objective of 3 weights; {} shows two"),
    (changed(loss=lambda self, theta: 1.0), r"^fit: its loss gave shape \(\) at theta of shape \(2, 25\); allowed is \(25,\)"),
    (changed(loss=lambda self, theta: 1.0 if theta[0] > 0 else 2.0), "^fit: its loss at theta of shape .2, 25. raised ValueError"),
    (changed(gradient=lambda self, theta: theta[0]), r"^fit: its gradient gave shape"),
    (changed(low=(1, 1), high=(0, 2)), "^fit: got one with low .*; allowed is a window with low below high"),
    (changed(low="left"), "^fit: its low: got 'left'; allowed are numbers"), (changed(high=(1, 2, 3)), "^fit: its high: got .*; allowed is one number")],
    ids=["number", "class", "three weights", "constant", "if", "half a gradient", "no window", "text", "three"])
def test_what_is_none_is_refused_in_one_sentence(name, thing, words):
    with pytest.raises(ValueError, match=words.format(name)):
        getattr(bp.explore, name)(fit=thing, picture="core")


def test_a_window_of_ones_own_and_a_hessian_that_is_wrong():
    one = in_window("minima", changed(low=-2, high=(2, 30), hessian=lambda self, theta: np.zeros((2, 2, *np.shape(theta)[1:]))))
    assert one.low == (-2, -2) and one.high == (2, 30)
    assert np.allclose(one.hessian(np.array([0.5, 1.0])), [[12 * 0.25 - 4, 0], [0, 2]], atol=1e-5)


class Dish:
    """A flat bottom with exactly no slope, -1 to 1 along each weight, and walls around it."""
    n_params, name = 2, "dish"

    def loss(self, theta):
        return sum(np.maximum(np.abs(w) - 1, 0) ** 2 for w in theta)

    def gradient(self, theta):
        return np.stack([2 * np.sign(w) * np.maximum(np.abs(w) - 1, 0) for w in np.asarray(theta)])


@pytest.mark.parametrize("start, step, kind", [((3.0, -2.0), 60, "coasts"), ((3.0, 0.5), 3, "one gradient"), ((0.2, 0.5), 3, "halts")])
def test_adam_without_a_gradient_is_not_said_to_have_one(start, step, kind):
    """Was "only w1 has a gradient here" at gradient (0, 0)."""
    for moment in range(step, step + 40):
        _, _, result, _ = shown("adam", Dish(), w1=start[0], w2=start[1], rate=0.1, moment=moment, steps=300)
        claims = {name.removeprefix("adam: "): (true, found) for name, true, found in own_adam.at_nothing(
            result.heads["step"], result.words, result.here.gradient, result.here.move)}
        assert all(true for true, _ in claims.values()), claims
        if kind != "coasts" or not result.here.gradient.any() and np.abs(result.here.in_rates).max() > 1e-3:
            break
    assert {"coasts": "coasts on the mean", "one gradient": "only w1 has", "halts": "makes no step"}[kind] in result.words, result.words
