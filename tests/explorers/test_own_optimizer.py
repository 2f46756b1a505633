"""An optimizer of one's own in every explorer with a menu of optimizers: it is there, it walks, it is spoken of, it comes back."""
import numpy as np
import pytest
from test_sweep import drawn, legible_at_every_width, no_surfaces  # noqa: F401

import bpviz as bp
from bpviz.base.work import Memory, finished
from bpviz.explorers import all_explorers
from bpviz.explorers.choices import FLOW, OURS
from bpviz.plots.escape import looks

EXPLORERS = all_explorers()
WITH_A_MENU = [name for name, explorer in EXPLORERS.items()
               if any(set(menu.options()) & set(OURS.racers) for menu in explorer.menus)]


def copied(theta, gradient, state, rate):
    v = 0.9 * state[0] + gradient
    return theta - rate * v, (v,)


def signs(theta, gradient, state, rate):
    return theta - rate * np.where(gradient > 0, 1.0, -1.0) / np.sqrt(1 + state[0]), (state[0] + 1,)


COPY = bp.own_optimizer(lambda theta: (0 * theta,), copied, 0.5)
SIGNS = bp.own_optimizer(lambda theta: (0,), signs, 0.25)
WIDEST = bp.own_optimizer(lambda theta: (0,), signs, 0.25, "my own momentums")           # as long as a name may be

pytestmark = pytest.mark.usefixtures("less_work")


def joined(name, own, **given):
    """(the explorer with this one in its menu, knob values that choose it)."""
    explorer = EXPLORERS[name].joined(own)
    return explorer, {**explorer.small.cut(explorer.values(**{explorer.optimizers: own.name, **given})), **given}


def test_there_are_such_explorers_and_each_takes_one():
    assert len(WITH_A_MENU) >= 2
    assert WITH_A_MENU == [name for name, explorer in EXPLORERS.items() if explorer.joined and explorer.optimizers]


@pytest.mark.parametrize("name", WITH_A_MENU)
def test_it_is_in_the_menu_after_ours_at_its_own_rate(name):
    explorer, values = joined(name, SIGNS)
    ours, menu = EXPLORERS[name].knob(explorer.optimizers).options(), explorer.knob(explorer.optimizers).options()
    assert [one for one in menu if one not in ours] == ["signs"] and [one for one in menu if one in ours] == list(ours)
    rate, = {knob.name for knob in explorer.sliders} & ({"own_rate"} if name == "escape" else {"rate"})
    assert values[rate] == SIGNS.rate and explorer.values(**{explorer.optimizers: "signs", rate: 0.5})[rate] == 0.5
    assert EXPLORERS[name].values().items() <= explorer.values().items()                      # ours stays as it was


def walked(name, own, **given):
    """The path that the explorer draws of this one, its words and table."""
    explorer, values = joined(name, own, **given)
    scene = finished(explorer.scene(values))
    result = finished(explorer.compute(scene, values, Memory()))
    path = result.paths[own.name] if name == "escape" else result.path
    return explorer, scene, result, path, values


@pytest.mark.parametrize("name", WITH_A_MENU)
@pytest.mark.parametrize("own", [COPY, SIGNS], ids=lambda own: own.name)
def test_its_path_is_that_of_a_loop_by_hand(name, own):
    _, scene, _, path, values = walked(name, own, w1=1.0, w2=2.0)
    fit = (scene.land if name == "escape" else scene).fit
    now, state = np.array([1.0, 2.0]), own.begin(np.zeros(2))
    for step in range(min(values["steps"], path.steps)):
        assert np.allclose(path.theta[:, step], now, rtol=1e-9)
        now, state = own.advance(now, fit.gradient(now), state, own.rate)
    assert step > 10 and np.allclose(path.end, now, rtol=1e-9)


def test_a_copy_of_momentum_ends_where_momentum_does_on_the_map_and_in_the_count():
    _, scene, result, _, values = walked("basins", COPY, steps=3000)
    explorer = EXPLORERS["basins"]
    theirs = finished(explorer.compute(scene, {**values, "optimizer": "momentum"}, Memory()))
    assert np.array_equal(result.basins.label, theirs.basins.label) and len(np.unique(result.basins.label)) > 1
    _, _, result, _, _ = walked("escape", COPY, rate=5.0)                       # momentum's rate is a tenth of this
    assert result.reached("copied") == result.reached("momentum") and result.rates["copied"] == 0.5
    assert np.allclose(result.runs["copied"].end, result.runs["momentum"].end, rtol=1e-9)


def test_it_looks_like_none_of_ours():
    *ours, own = looks(len(OURS.racers), 1)
    for kind in range(3):
        assert own[kind] not in [one[kind] for one in ours]
    explorer, scene, result, _, _ = walked("escape", SIGNS)
    canvas, drawing, _ = drawn(explorer, scene, result)
    mine = [line for axes in canvas.axes for line in axes.lines if line.get_color() == own[0]]
    assert {line.get_label() for line in mine} >= {"signs"} and any(len(line.get_xdata()) > 10 for line in mine)


@pytest.mark.parametrize("name", WITH_A_MENU)
def test_what_is_said_names_it_and_claims_no_limit_of_it(name):
    """Of an unknown optimizer nobody knows which rate is too high, nor whether its steps shrink."""
    for rate in (0.25, 50.0):
        explorer, _, result, _, _ = walked(name, SIGNS, **{"own_rate" if name == "escape" else "rate": rate})
        words = explorer.words(result)
        assert "signs" in words and words.endswith(".")
        assert not any(claim in words for claim in ("limit", "cannot settle", "allows", "in proportion", "nan"))
    caption, header, rows = explorer.table(result)
    assert name != "escape" or [row[0] for row in rows] == [*OURS.racers, "signs"]


@pytest.mark.parametrize("name", WITH_A_MENU)
def test_its_picture_is_drawn_and_legible_at_every_width(name, no_surfaces):  # noqa: F811
    explorer, scene, result, _, _ = walked(name, WIDEST)
    legible_at_every_width(explorer, scene, result)
    _, _, blit = drawn(explorer, scene, result)
    assert blit.frame().any()


@pytest.mark.parametrize("name", WITH_A_MENU)
def test_a_panel_opens_with_it_and_its_state_comes_back_where_it_is_given_again(name):
    opener = getattr(bp.explore, name)
    panel = opener(optimizer=SIGNS, picture="core", steps=20)
    menu = EXPLORERS[name].optimizers
    assert panel.values[menu] == "signs" and "signs" in panel.words
    state = panel.state
    panel.set(**{menu: "Adam"})
    adams = panel.state
    panel._reset()                                                                        # as the button does
    assert panel.state == state and panel.values[menu] == "signs"
    panel.close()
    for kept in (state, adams):
        again = opener(optimizer=SIGNS, state=kept, picture="core")
        assert again.state == kept
        again.close()
    with pytest.raises(ValueError, match="got '?signs.*of your own, of which a state has but the name") as error:
        EXPLORERS[name].read("; ".join(word for word in state.split("; ") if not word.startswith("own_rate")))
    assert "Adam" in str(error.value)


@pytest.mark.parametrize("name", WITH_A_MENU)
@pytest.mark.parametrize("own, words", [
    (bp.Adam(0.1), "optimizer: got 'Adam'"), (bp.GradientFlow(), "optimizer: got "), (3, "optimizer: got 3"), (bp.Adam, "optimizer: got"),
    (bp.own_optimizer(COPY.begin, copied, name=FLOW), f"optimizer: got '{FLOW}'"),
    (bp.own_optimizer(COPY.begin, copied, name="momentum"), "optimizer: got 'momentum'"),
    (bp.own_optimizer(COPY.begin, copied, rate=500), "optimizer: got one of rate 500")], ids=str)
def test_what_cannot_stand_in_a_menu_is_refused(name, own, words):
    with pytest.raises(ValueError, match=words):
        getattr(bp.explore, name)(optimizer=own, picture="core")


@pytest.mark.parametrize("name", WITH_A_MENU)
def test_the_help_tells_of_it(name):
    assert "own_optimizer" in getattr(bp.explore, name).__doc__


@pytest.mark.parametrize("name", [name for name in EXPLORERS if name not in WITH_A_MENU])
def test_an_explorer_without_such_a_menu_says_that_it_has_none(name):
    with pytest.raises(ValueError, match="knob: got 'optimizer'"):
        getattr(bp.explore, name)(optimizer=COPY, picture="core")


@pytest.mark.parametrize("name", WITH_A_MENU)
@pytest.mark.parametrize("rate", [1e-4, 500.0])
def test_a_rate_beyond_the_sliders_is_refused_by_the_optimizers_name(name, rate):
    mine = bp.own_optimizer(lambda theta: (), lambda theta, gradient, state, rate: (theta - rate * gradient, ()), rate=rate)
    with pytest.raises(ValueError, match=f"^optimizer: got one of rate {rate:g}; allowed in a panel is a rate from 0.001 to 100"):
        getattr(bp.explore, name)(optimizer=mine, picture="core")


def test_the_picture_and_the_words_agree_on_what_is_kept_inside():
    plain = bp.own_optimizer(lambda theta: (), lambda theta, gradient, state, rate: (theta - rate * gradient, ()), 0.25, "plain")
    for own, heading, words in ((SIGNS, "inside: numbers", "Inside signs: state 1 ="), (plain, "inside: no state", "no state"),
                                (COPY, "inside: — |state 1|", "Inside copied: |state 1| =")):
        explorer, _, result, _, _ = walked("escape", own)
        assert result.heading == heading and words in explorer.words(result)
