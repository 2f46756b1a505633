"""An optimizer of one's own walks in every function that takes one, as a loop by hand, or as the built-in one it copies."""
import inspect

import numpy as np
import pytest
from conftest import random_fit

import bpviz as bp
from bpviz.descent.settle import settle

COPY = bp.own_optimizer(lambda theta: (0 * theta,), lambda theta, gradient, state, rate: (
    theta - rate * (0.5 * state[0] + gradient), (0.5 * state[0] + gradient,)), 2.0)
BUILT_IN = bp.GradientDescent(2.0, 0.5)
SIGNS = bp.own_optimizer(lambda theta: (0,), lambda theta, gradient, state, rate: (
    theta - rate * np.where(gradient > 0, 1.0, -1.0) / np.sqrt(state[0] + 1), (state[0] + 1,)), 0.2, "signs")
TAKES_ONE = {
    "descend": lambda fit, starts, optimizer: bp.descend(fit, starts[:, 0], optimizer, 60).theta,
    "descend, many": lambda fit, starts, optimizer: bp.descend(fit, starts, optimizer, 60).theta,
    "descend, inner": lambda fit, starts, optimizer: bp.descend(fit, starts[:, 0], optimizer, 60, keep_inner=True).theta,
    "descend, schedule and clip": lambda fit, starts, optimizer: bp.descend(
        fit, starts[:, 0], optimizer, 60, schedule=bp.Exponential(0.9), clip=0.01).theta,
    "descend, noise": lambda fit, starts, optimizer: bp.descend(fit, starts[:, 0], optimizer, 60, noise=bp.MiniBatch(1)).theta,
    "restarts": lambda fit, starts, optimizer: bp.restarts(fit, optimizer, steps=60, starts=starts).end,
    "settle": lambda fit, starts, optimizer: settle(fit, starts, optimizer, 60).theta,
    "trainability": lambda fit, starts, optimizer: bp.trainability(
        fit, starts[:, 0], -1.0, 2.0, 8, 40, optimizer=optimizer).shade,
    "trainability, scale": lambda fit, starts, optimizer: bp.trainability(
        fit, starts[:, 0], -1.0, 2.0, 8, 40, over="scale", optimizer=optimizer).shade,
    "basins": lambda fit, starts, optimizer: bp.basins(
        fit, cells=8, optimizer=optimizer, steps=300, exact=True).label,
    "verdict": lambda fit, starts, optimizer: bp.verdict(
        fit, bp.descend(fit, starts[:, 0], optimizer, 60), bp.critical_points(fit), optimizer).kind,
}


BY_COUNT = bp.own_optimizer(lambda theta: (0,), lambda theta, gradient, state, rate: (
    theta - (2 if state[0] == 0 else 1) * rate * gradient, (state[0] + 1,)), 0.3, "by count")
CONSTANT = bp.own_optimizer(lambda theta: (3.0, 0 * theta), lambda theta, gradient, state, rate: (
    theta - rate * gradient, (3.0, np.zeros(np.shape(theta)))), 0.3, "constant")
SWAPS = bp.own_optimizer(lambda theta: (0 * theta, 0 * theta), lambda theta, gradient, state, rate: (
    theta - rate * state[0] * (2 if np.all(rate > 0) else 1), (state[1] + gradient, 0.5 * state[0])), 0.3, "swaps")
ODD = SIGNS, BY_COUNT, CONSTANT, SWAPS                        # what cannot be recorded, each for another reason


def test_every_public_function_with_an_optimizer_is_here():
    functions = {name for name in bp.__all__ if not isinstance(getattr(bp, name), type) and callable(getattr(bp, name))
                 and "optimizer" in inspect.signature(getattr(bp, name)).parameters}
    assert functions == {name.split(",")[0] for name in TAKES_ONE} - {"settle"} and len(functions) >= 5


@pytest.mark.parametrize("name", TAKES_ONE)
def test_a_copy_of_a_built_in_goes_where_that_goes(name, two_weights):
    fit, starts = two_weights("seesaw"), np.array([[1.0, -3.0, 2.0], [2.0, 3.0, 2.0]])
    mine, theirs = (TAKES_ONE[name](fit, starts, optimizer) for optimizer in (COPY, BUILT_IN))
    assert mine == theirs if isinstance(mine, str) else np.allclose(mine, theirs, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("optimizer", ODD, ids=lambda one: one.name)
@pytest.mark.parametrize("name", TAKES_ONE)
def test_one_that_cannot_be_recorded_walks_too(name, optimizer, two_weights):
    TAKES_ONE[name](two_weights("seesaw"), np.array([[1.0, -3.0, 2.0], [2.0, 3.0, 2.0]]), optimizer)


def by_hand(fit, start, optimizer, steps, rate):
    """Where the optimizer's two functions lead, by a plain loop: the losses (steps + 1,), and the end."""
    now, state, losses = np.array(start, float), optimizer.begin(np.array(start, float)), []
    for _ in range(steps):
        losses.append(float(fit.loss(now)))
        now, state = optimizer.advance(np.array(now), fit.gradient(now), state, rate)
    return np.array([*losses, float(fit.loss(now))]), now


@pytest.mark.parametrize("optimizer", (COPY, *ODD), ids=lambda one: one.name)
def test_every_way_of_many_goes_as_a_loop_by_hand(optimizer, two_weights):
    fit, starts = two_weights("seesaw"), np.array([[1.0, -3.0, 2.0], [2.0, 3.0, 2.0]])
    ends = np.stack([by_hand(fit, start, optimizer, 40, optimizer.rate)[1] for start in starts.T], axis=1)
    assert np.allclose(bp.descend(fit, starts, optimizer, 40).end, ends, rtol=1e-9)
    assert np.allclose(bp.restarts(fit, optimizer, steps=40, starts=starts).end, ends, rtol=1e-9)
    assert np.allclose(settle(fit, starts, optimizer, 40).theta, ends, rtol=1e-9)


@pytest.mark.parametrize("over", ["rates", "scale"])
@pytest.mark.parametrize("optimizer", (COPY, *ODD, bp.Adam(0.3)), ids=lambda one: one.name)
def test_the_map_of_rates_is_made_of_loops_by_hand(optimizer, over, two_weights):
    """A pixel converges if the mean loss after its last 20 steps is below the first: so by a loop for each pixel.

    Where the two are the same to rounding, on flat ground, it does not.
    """
    fit, start, steps = two_weights("seesaw"), np.array([1.0, 2.0]), 30
    found = bp.trainability(fit, start, -1.0, 2.0, 8, steps, over=over, optimizer=optimizer)
    one = optimizer if hasattr(optimizer, "begin") else bp.own_optimizer(
        optimizer.start, lambda *given: bp.Adam(1.0).step(*given))
    expected = np.empty((8, 8))                                       # by how much the loss fell, as a share
    for i, y in enumerate(found.y):
        for j, x in enumerate(found.x):
            rates = np.array([10 ** x, 10 ** y]) if over == "rates" else np.full(2, 10 ** x)
            first = start if over == "rates" else start * 10 ** y
            losses, _ = by_hand(fit, first, one, steps, rates)
            expected[i, j] = 1 - losses[-20:].mean() / losses[0]
    clear = np.abs(expected) > 1e-12
    assert clear.mean() > 0.7 and np.array_equal(found.outcome[clear], np.sign(expected)[clear])



PLAIN = bp.own_optimizer(lambda theta: (), lambda theta, gradient, state, rate: (theta - rate * gradient, ()), 0.3)
LATER = bp.own_optimizer(lambda theta: (0 * theta,), lambda theta, gradient, state, rate: (
    theta - rate * gradient + (state[0] > 2000) * 0.01, (state[0] + 1,)), 10.0, "leaves later")


def test_nobody_is_said_to_stay_who_may_leave_yet(two_weights):
    """It comes to rest in a minimum, and after 2,000 steps climbs out of it: so the map must say."""
    fit = two_weights("seesaw")
    assert (bp.basins(fit, cells=8, optimizer=LATER, steps=2000).label >= 0).mean() > 0.5
    for exact in (False, True):
        found = bp.basins(fit, cells=8, optimizer=LATER, steps=4000, exact=exact)
        assert not (found.label >= 0).any()


def test_one_is_called_as_its_function_is():
    def a_rule_with_a_long_name(theta, gradient, state, rate):
        return theta - rate * gradient, ()
    assert bp.own_optimizer(lambda theta: (), a_rule_with_a_long_name).name == "a_rule_with_a_lo"
    assert bp.own_optimizer(lambda theta: (), PLAIN.advance).name == "my optimizer"
    assert bp.own_optimizer(lambda theta: (), a_rule_with_a_long_name, name="Nesterov + 2").name == "Nesterov + 2"


def test_it_prints_as_what_made_it_without_addresses():
    assert repr(PLAIN) == "own_optimizer(<lambda>, <lambda>, rate=0.3, name='my optimizer')"


@pytest.mark.parametrize("name", ["", " a", "a ", "_a", "a;b", "a=b", "a.b", "$a$", "a\nb", "<b>", 17 * "a", 3])
def test_a_name_that_no_menu_or_state_can_hold_is_refused(name):
    with pytest.raises(ValueError, match="name: got"):
        bp.own_optimizer(PLAIN.begin, PLAIN.advance, name=name)


@pytest.mark.parametrize("shape", [(1, 2, 1), (2, 7, 2)], ids=str)
def test_such_a_one_goes_as_a_loop_by_hand(shape):
    fit, theta = random_fit(0, shape, "tanh", "squared error", rows=20)
    now = theta
    for k in range(40):
        now = now - 0.2 * np.where(fit.gradient(now) > 0, 1.0, -1.0) / np.sqrt(k + 1)
    assert np.allclose(bp.descend(fit, theta, SIGNS, 40).end, now, rtol=1e-10)
    assert np.allclose(bp.restarts(fit, SIGNS, steps=40, starts=theta[:, None]).end[:, 0], now, rtol=1e-10)


@pytest.mark.parametrize("first", [lambda k: k == 0, lambda k: not k, lambda k: not k != 0], ids=["equal", "not", "unequal"])
def test_one_that_decides_by_its_count_is_not_taken_at_its_first_decision(first, two_weights):
    """Its first step is twice as long: what cannot be recorded must not be recorded wrongly."""
    mine = bp.own_optimizer(lambda theta: (0,), lambda theta, gradient, state, rate: (
        theta - (2 if first(state[0]) else 1) * rate * gradient, (state[0] + 1,)), 0.3)
    fit, now = two_weights("seesaw"), np.array([1.0, 2.0])
    for k in range(30):
        now = now - (0.6 if k == 0 else 0.3) * fit.gradient(now)
    assert np.allclose(bp.descend(fit, np.array([1.0, 2.0]), mine, 30).end, now, rtol=1e-10)


@pytest.mark.parametrize("begin, advance, words", [
    (3, COPY.advance, "begin: got 3"), (lambda theta: theta.none, COPY.advance, "begin: .*AttributeError"),
    (COPY.begin, lambda theta, gradient, state, rate: (theta[0], state), "advance: .*shapes"),
    (COPY.begin, lambda theta: theta, "advance: .*TypeError")])
def test_what_is_no_optimizer_is_refused(begin, advance, words):
    with pytest.raises(ValueError, match=words):
        bp.own_optimizer(begin, advance)


def test_a_function_that_cannot_be_looked_up_again_is_refused():
    """Maps and memories keep what they found under the optimizer."""
    class Unhashable:
        __hash__ = None

        def __call__(self, theta, gradient, state, rate):
            return theta, state
    with pytest.raises(ValueError, match="advance: got .*; allowed is a function"):
        bp.own_optimizer(lambda theta: (), Unhashable())


def test_a_map_under_it_is_descended_cell_by_cell():
    """Steps of one length end near a minimum or not by where they began, cell by cell: neighbours tell nothing."""
    mine = bp.own_optimizer(lambda theta: (), lambda theta, gradient, state, rate: (theta - rate * np.sign(gradient), ()), rate=0.05)
    fit = bp.Fit(bp.Network((1, 1, 1), "sigmoid", bias=False), "squared error", bp.DATA["seesaw"])
    found = bp.basins(fit, -6, 6, 80, mine, 400)
    line = np.linspace(-6, 6, 80)
    theta = np.array(np.meshgrid(line, line))
    for _ in range(400):
        theta = theta - 0.05 * np.sign(fit.gradient(theta))
    points = bp.critical_points(fit)
    for k in range(2):
        assert np.array_equal(found.label == k, np.linalg.norm(theta - points.theta[:, k, None, None], axis=0) < 0.01)
        assert (found.label == k).any()


BALL = bp.own_optimizer(lambda theta: (theta,), lambda theta, gradient, state, rate: (
    theta - rate * gradient + 0.5 * (theta - state[0]), (theta,)), 2.0, "ball")       # remembers where it was: momentum 0.5
HELD = {"beta": 0.9}
CLOSED = bp.own_optimizer(lambda theta: (0 * theta,), lambda theta, gradient, state, rate: (
    theta - rate * (HELD["beta"] * state[0] + gradient), (HELD["beta"] * state[0] + gradient,)), 0.5, "closed")
BY_SET = bp.own_optimizer(lambda theta: (0,), lambda theta, gradient, state, rate: (
    theta - (5 if state[0] in {0, 3, 7} else {4: 2}.get(state[0], 1)) * rate * gradient, (state[0] + 1,)), 0.1, "by set")
BY_LIST = bp.own_optimizer(lambda theta: (0,), lambda theta, gradient, state, rate: (
    theta - rate * [3, 1, 2][state[0] % 3] * gradient, (state[0] + 1,)), 0.1, "by list")


def in_place(theta, gradient, state, rate):
    velocity, = state
    velocity *= 0.5
    velocity += gradient
    theta -= rate * velocity
    return theta, state


def as_lists(theta, gradient, state, rate):
    return (theta - rate * gradient).tolist(), state


IN_PLACE = bp.own_optimizer(lambda theta: (0 * theta,), in_place, 2.0)
LISTS = bp.own_optimizer(lambda theta: (), as_lists, 0.3)
BY_NORM = bp.own_optimizer(lambda theta: (np.linalg.norm(theta, axis=0),), lambda theta, gradient, state, rate: (
    theta - rate * gradient * state[0], (0.9 * state[0],)), 0.1, "by norm")           # a number for each network
FREE = BALL, CLOSED, BY_SET, BY_LIST, IN_PLACE, LISTS, BY_NORM


@pytest.mark.parametrize("optimizer", FREE, ids=lambda one: one.name)
@pytest.mark.parametrize("name", TAKES_ONE)
def test_whatever_python_does_in_it_counts_at_every_step(name, optimizer, two_weights):
    """The start at the real weights, sets and lists by the count, changes in place: each as in a loop by hand."""
    fit, starts = two_weights("seesaw"), np.array([[1.0, -3.0, 2.0], [2.0, 3.0, 2.0]])
    kept = starts.copy()
    found = TAKES_ONE[name](fit, starts, optimizer)
    assert np.array_equal(starts, kept)
    if name in ("descend", "descend, inner"):
        assert np.allclose(found[:, -1], by_hand(fit, starts[:, 0], optimizer, 60, optimizer.rate)[1], rtol=1e-9)
    elif name in ("descend, many", "restarts", "settle"):
        ends = np.stack([by_hand(fit, start, optimizer, 60, optimizer.rate)[1] for start in starts.T], axis=1)
        assert np.allclose(found[:, -1] if found.ndim == 3 else found, ends, rtol=1e-9)


def test_a_ball_that_remembers_its_place_goes_as_momentum(two_weights):
    fit = two_weights("seesaw")
    mine, theirs = (bp.basins(fit, cells=12, optimizer=one, steps=800, exact=True).label for one in (BALL, BUILT_IN))
    assert np.array_equal(mine, theirs) and len(np.unique(mine)) > 1


def test_what_a_function_reads_from_outside_is_read_anew(two_weights):
    fit, ends = two_weights("seesaw"), []
    for beta in (0.9, 0.0):
        HELD["beta"] = beta
        ends.append(bp.descend(fit, [1.0, 2.0], CLOSED, 30).end)
        assert np.allclose(ends[-1], bp.descend(fit, [1.0, 2.0], bp.GradientDescent(0.5, beta), 30).end, rtol=1e-9)
    assert not np.allclose(*ends)


def test_noise_of_its_own_is_another_at_every_step(two_weights):
    rng = np.random.default_rng(0)
    mine = bp.own_optimizer(lambda theta: (), lambda theta, gradient, state, rate: (
        theta + 0.05 * rng.normal(size=np.shape(theta)), ()))
    walked = bp.descend(two_weights("seesaw"), [1.0, 2.0], mine, 200).theta
    assert 0.03 < np.diff(walked, axis=1).std() < 0.07


def test_the_state_that_is_kept_is_that_before_each_step(two_weights):
    fit = two_weights("seesaw")
    mine, theirs = (bp.descend(fit, [1.0, 2.0], one, 20, keep_inner=True) for one in (IN_PLACE, BUILT_IN))
    assert np.allclose(mine.theta, theirs.theta) and np.allclose(*(list(one.inner.values())[0] for one in (mine, theirs)))


@pytest.mark.parametrize("begin", [lambda theta: (np.eye(len(theta)),), lambda theta: ("text",), lambda theta: (None,),
                                   lambda theta: (np.zeros(7),)], ids=["square", "text", "None", "seven"])
def test_a_state_that_is_no_numbers_is_refused(begin):
    with pytest.raises(ValueError, match="begin: got .*; allowed is a function that gives a tuple of arrays like theta"):
        bp.own_optimizer(begin, lambda theta, gradient, state, rate: (theta, state))
