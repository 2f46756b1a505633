"""A fit of one's own in the explorers over two weights: it stands in the menus, its numbers are its own, and what is said of it is true."""
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from test_sweep import drawn, legible_at_every_width, no_surfaces  # noqa: F401

import bpviz as bp
from bpviz.base.work import Memory, finished
from bpviz.explorers import all_explorers

sys.path.insert(0, str(Path(__file__).parent))
import own_numbers as own  # noqa: E402
import sentences  # noqa: E402

EXPLORERS = all_explorers()
TWO = [name for name, explorer in EXPLORERS.items() if "fit" in explorer.takes and "theta" not in explorer.takes]
pytestmark = pytest.mark.usefixtures("less_work")


def random_fit(seed, activation=None):
    """Some rows, an activation, often a penalty."""
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(1, 9))
    x, y = rng.normal(0, rng.uniform(0.3, 3), rows), rng.uniform(0.05, 0.95, rows)
    name = activation or str(rng.choice(["sigmoid", "tanh", "identity"]))
    return bp.Fit(bp.Network((1, 1, 1), name, bias=False), "squared error", bp.Data(x, y, f"mine {seed}"),
                  float(rng.choice([0, 0.001, 0.02])))


FIT = random_fit(3, "tanh")
LONG = bp.Fit(bp.Network((1, 1, 1), ("tanh", "softplus"), bias=False), "squared error",
              bp.Data([-2, 1, 3], [0.1, 0.4, 0.2], "a name; as = long as anybody would ever give"), 0.25)


def with_fit(name, fit, **given):
    explorer = EXPLORERS[name].with_own(EXPLORERS[name], {"fit": fit})
    return explorer, {**explorer.small.cut(explorer.values(**given)), **given}


def shown(name, fit, **given):
    explorer, values = with_fit(name, fit, **given)
    scene = finished(explorer.scene(values))
    return explorer, scene, finished(explorer.compute(scene, values, Memory())), values


def test_there_are_four():
    assert set(TWO) >= {"minima", "basins", "rate", "escape"}


@pytest.mark.parametrize("name", TWO)
def test_its_menus_show_it_alone(name):
    explorer, values = with_fit(name, LONG)
    assert values["data"] == "a name as long as anybod (yours)"
    alone = {menu.name: menu.options() for menu in explorer.menus if menu.name in ("data", "activation", "l2")}
    assert alone["data"] == (values["data"],) and alone.get("activation", ("tanh, softplus",)) == ("tanh, softplus",)
    assert alone.get("l2", ("0.25",)) == ("0.25",)
    assert explorer.read(explorer.state(values)) == explorer.values(**values)
    assert EXPLORERS[name].values()["data"] == "seesaw"                                         # ours stays as it was


@pytest.mark.parametrize("name", TWO)
@pytest.mark.parametrize("seed", range(4))
def test_landscape_and_path_are_those_of_a_loop_by_hand(name, seed):
    fit = random_fit(seed)
    _, scene, result, values = shown(name, fit, w1=1.0, w2=-0.5, **{"plain" if name == "adam" else "rate": 0.5})
    land = getattr(scene, "land", scene)
    net = own.Two(fit.network.activations[0], fit.data.x, fit.data.y, fit.l2)
    across, up = np.meshgrid(np.linspace(-6, 6, 200), np.linspace(-6, 6, 200))
    assert np.allclose(land.loss, net.loss(np.stack([across, up])), rtol=1e-9)
    path = result.paths["gradient descent"] if name == "escape" else result.other if name == "adam" else result.path
    now = np.array([1.0, -0.5])
    for step in range(path.steps):
        assert np.allclose(path.theta[:, step], now, rtol=1e-7, atol=1e-9)
        now = now - 0.5 * net.gradient(now)
    assert path.steps > 5


@pytest.mark.parametrize("name, states", [("minima", 24), ("adam", 12), ("rate", 8), ("basins", 3), ("escape", 2)])
def test_every_claim_about_it_is_true(name, states):
    claims, wrong, rng = 0, [], np.random.default_rng(7)
    for seed in range(states):
        fit = random_fit(100 + seed)
        explorer, _ = with_fit(name, fit)
        state = sentences.random_state(explorer, rng)
        for kind, true, found in sentences.judged(state):
            claims += 1
            if not true:
                wrong.append(f"{kind}: {found}\n  {explorer.state(state.values)}\n  {explorer.words(state.results[-1])}")
    assert not wrong, "\n".join(wrong)
    assert claims >= 4 * states


@pytest.mark.parametrize("name", TWO)
def test_its_picture_is_legible_at_every_width(name, no_surfaces):  # noqa: F811
    explorer, scene, result, _ = shown(name, LONG)
    legible_at_every_width(explorer, scene, result)
    _, _, blit = drawn(explorer, scene, result)
    assert blit.frame().any()


@pytest.mark.parametrize("name", TWO)
def test_a_panel_opens_with_it_resets_to_it_and_comes_back_with_it(name):
    opener = getattr(bp.explore, name)
    panel = opener(fit=FIT, w1=2, picture="core", **({} if name == "rate" else {"steps": 20}))
    assert panel.values["data"] == "mine 3 (yours)" and panel.values["w1"] == 2
    state = panel.state
    panel.set(w1=-1)
    panel._reset()                                                                        # as the button does
    assert panel.state == state and "mine 3" in state
    panel.close()
    again = opener(fit=FIT, state=state, picture="core")
    assert again.state == state and "<table" in again.still()
    again.close()
    with pytest.raises(ValueError, match="data: got 'mine 3 .yours.'.* has but the name: give it too"):
        opener(state=state, picture="core")


@pytest.mark.parametrize("rows", [5, 6, 40])
def test_of_many_rows_the_bars_are_the_costliest_and_the_rest_and_they_sum_to_the_loss(rows, no_surfaces):  # noqa: F811
    rng = np.random.default_rng(rows)
    fit = bp.Fit(FIT.network, "squared error", bp.Data(rng.normal(size=rows), rng.uniform(size=rows), "many"), 0.01)
    explorer, scene, result, values = shown("minima", fit, steps=30, row=rows)
    *parts, penalty = result.moment.parts
    cost = (np.tanh(result.moment.theta[1] * np.tanh(result.moment.theta[0] * fit.data.x[0])) - fit.data.y[0]) ** 2 / rows
    by_hand = cost if rows == 5 else [*sorted(cost)[::-1][:4], sum(sorted(cost)[::-1][4:])]
    assert np.allclose(parts, by_hand) and sum(parts) + penalty == pytest.approx(result.moment.loss)
    assert result.alone.row == rows and explorer.limits(scene)["row"] == rows
    legible_at_every_width(explorer, scene, result)


def test_its_own_rate_is_where_it_begins():
    fit = bp.Fit(FIT.network, "squared error", bp.Data([1.0, 2], [0.2, 0.6], "quick", rate=1000))
    assert with_fit("minima", fit)[1]["rate"] == 100 and with_fit("rate", fit, rate=3.0)[1]["rate"] == 3


@pytest.mark.parametrize("name", ["basins", "escape"])
def test_with_an_optimizer_of_ones_own_beside_it(name):
    mine = bp.own_optimizer(lambda theta: (), lambda theta, gradient, state, rate: (theta - rate * gradient, ()), 0.25, "plain")
    panel = getattr(bp.explore, name)(fit=FIT, optimizer=mine, picture="core", steps=20)
    assert panel.values["data"] == "mine 3 (yours)" and "plain" in panel.state
    theirs = panel.result.paths["plain"] if name == "escape" else panel.result.path
    assert np.allclose(theirs.theta[:, 1], theirs.theta[:, 0] - 0.25 * FIT.gradient(theirs.theta[:, 0]))
    panel.close()


@pytest.mark.parametrize("name", TWO)
@pytest.mark.parametrize("fit, words", [
    (3, "^fit: got 3; allowed is a Fit"), (bp.Fit, "^fit: got .*; allowed is a Fit"),
    (bp.Fit(bp.Network((2, 2, 1)), "squared error", bp.DATA["xor"]), "^fit: got one of 9 weights; {} shows two.*surface"),
    (bp.Fit(bp.Network((1, 1)), "squared error", bp.DATA["seesaw"]), "^fit: got one of .*; {} shows a network of sizes"),
    (bp.Fit(FIT.network, "squared error", FIT.data, frozen=("w1[1,1]",)), "^fit: got one in which w1.1,1. is frozen; {} ")],
    ids=["number", "class", "nine weights", "bias", "frozen"])
def test_what_it_cannot_show_is_refused_with_what_can(name, fit, words):
    with pytest.raises(ValueError, match=words.format(name)):
        getattr(bp.explore, name)(fit=fit, picture="core")


@pytest.mark.parametrize("name", [name for name, explorer in EXPLORERS.items() if "fit" not in explorer.takes])
def test_an_explorer_that_takes_no_fit_names_those_that_do(name):
    with pytest.raises(ValueError, match=f"fit: got one of your own; {name} takes none.*bp.explore.minima"):
        getattr(bp.explore, name)(fit=FIT, picture="core")


@pytest.mark.parametrize("loss", ["binary cross-entropy", "half squared error", "squared error"])
def test_the_row_that_costs_most_is_told_for_every_loss(loss):
    """By the formulas of the losses on paper."""
    fit = bp.Fit(bp.Network((1, 1, 1), "sigmoid", bias=False), loss, bp.Data([-1.0, 0.5, 2], [0.1, 0.9, 0.3]), 0.01)
    _, scene, result, _ = shown("minima", fit, w1=1.5, w2=-2.0, rate=0.5, steps=30)
    w1, w2 = result.path.end
    a = 1 / (1 + np.exp(-w2 / (1 + np.exp(-w1 * fit.data.x[0]))))
    t = fit.data.y[0]
    cost = {"binary cross-entropy": -t * np.log(a) - (1 - t) * np.log(1 - a), "half squared error": (a - t) ** 2 / 2,
            "squared error": (a - t) ** 2}[loss]
    k = cost.argmax()
    share = cost[k] / 3 / (cost.mean() + 0.01 * (w1 ** 2 + w2 ** 2))
    assert result.answers.costs["x"] == fit.data.x[0, k] and result.answers.costs["share"] == pytest.approx(share)


def overflowing(formula, name):
    bp.own_activation(formula, name)
    return bp.Fit(bp.Network((1, 1, 1), name, bias=False), "squared error", bp.DATA["seesaw"])


@pytest.mark.parametrize("formula, name", [("exp(z)", "too steep"), ("z**16*exp(z)", "steeper")])
@pytest.mark.parametrize("explorer", ["minima", "rate", "escape", "basins", "adam"])
def test_a_loss_that_is_no_number_in_the_window_is_refused_by_the_argument(explorer, formula, name, capfd):
    fit = overflowing(formula, name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match="^fit: got one whose loss is (inf|nan) at w1 = .*; allowed is one whose loss is a finite "
                                             "number for all weights from -6 to 6$"):
            getattr(bp.explore, explorer)(fit=fit, picture="core")._prepare()
        if explorer == "minima":
            with pytest.raises(ValueError, match=f"^activation: got '{name}' whose loss is .*; allowed is one whose loss is a finite"):
                bp.explore.minima(activation=name, picture="core")._prepare()
    assert capfd.readouterr() == ("", "")
    bp.explore.minima(fit=bp.Fit(bp.Network((1, 1, 1), "relu", bias=False), "squared error", bp.DATA["seesaw"]), picture="core").close()
