"""A nudge keeps the slope's promise within the error bar of its curvature; the factors of the roads make the slope."""
import autograd
import numpy as np
import pytest
from conftest import oracle_loss

from bpviz.explorers import all_explorers
from bpviz.symbolic.nudge import Nudge, sides

CHAIN = all_explorers()["chain_rule"]


def states(count):
    rng = np.random.default_rng(3)
    for _ in range(count):
        network = str(rng.choice(CHAIN.knob("network").corners))
        yield CHAIN.values(network=network, activation=str(rng.choice(["sigmoid", "tanh", "softplus"])),
                           loss=str(rng.choice(["squared error", "half squared error"])), x=rng.uniform(-2, 2),
                           t=rng.uniform(0, 1), nudge=rng.uniform(-1, 1), weight=int(rng.integers(1, 3)),
                           **{f"w{k}": rng.uniform(-2, 2) for k in range(1, 5)})


@pytest.mark.parametrize("values", list(states(12)))
def test_nudge_and_factors(values):
    result = CHAIN.finish(values)[1]
    loss, k = oracle_loss(result.fit), result.index

    def along(by):
        return loss(result.theta + by * np.eye(len(result.theta))[k])
    slope = autograd.grad(along)(0.0)
    assert np.isclose(result.value, slope, rtol=1e-9, atol=1e-13)
    curve = autograd.grad(autograd.grad(along))
    for nudge in (result.nudge, *result.others):
        assert np.isclose(nudge.moved, along(nudge.by) - along(0.0), rtol=1e-9, atol=1e-14)
        assert np.isclose(nudge.promised, slope * nudge.by, rtol=1e-9, atol=1e-14)
        most = max(abs(curve(float(by))) for by in np.linspace(0, nudge.by, 41))
        assert abs(nudge.moved - nudge.promised) <= 1.1 * most * nudge.by ** 2 / 2 + 1e-13
        assert 0 < nudge.rounding < 1e-12 and nudge.broken == (abs(nudge.moved - nudge.promised) > 0.1 * abs(nudge.promised) + nudge.rounding)
    assert [other.by for other in result.others] == [0.01, 0.1, 1.0]
    ends = [road[-1][3] for road in result.roads]
    assert np.isclose(sum(ends), slope, rtol=1e-9, atol=1e-13)
    for road in result.roads:
        assert np.allclose(np.cumprod([value for _, _, value, *_ in road]), [so_far for _, _, _, so_far, _ in road], rtol=1e-12)
    assert ("rises" in result.finding) == (slope > 0) and ("falls" in result.finding) == (slope < 0)


def test_two_outputs_are_two_roads():
    result = CHAIN.finish(CHAIN.values(network="1-1-2"))[1]
    assert [len(road) for road in result.roads] == [5, 5]
    assert [len(CHAIN.finish(CHAIN.values(network=name))[1].roads) for name in ("1-1-1", "1-1-1-1", "1-2-1")] == [1, 1, 1]


@pytest.mark.parametrize("values", [
    {"activation": "relu", "w1": 0.0, "w2": 1.2}, {"activation": "leaky relu", "w1": 0.0, "w2": 1.2, "nudge": -0.5},
    {"activation": "relu", "w1": 1.0, "w2": 0.0, "weight": 2, "nudge": 0.1}, {"activation": "relu", "w1": 0.0, "w2": 0.8, "w3": 1.5, "network": "1-2-1"},
    {"activation": "relu", "w1": 0.0, "w2": 1.2, "network": "1-1-2", "nudge": 1.0}], ids=str)
def test_at_a_kink_both_slopes_are_told_and_a_nudge_goes_by_that_of_its_side(values):
    result = CHAIN.finish(CHAIN.values(**values))[1]
    loss, k = oracle_loss(result.fit), result.index
    left, right = (float(loss(result.theta + by * np.eye(len(result.theta))[k]) - loss(result.theta)) / by for by in (-1e-7, 1e-7))
    assert np.allclose(result.kink, (left, right), atol=1e-5, rtol=1e-5) and abs(left - right) > 0.1
    assert "kink" in result.finding and "nothing at first" not in result.words and "on this side" in result.words
    for nudge in (result.nudge, *result.others):
        assert np.isclose(nudge.promised, (right if nudge.by > 0 else left) * nudge.by, rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize("values", [
    {"activation": "relu", "w1": 0.0, "w2": -1.2}, {"activation": "relu", "x": 0.0}, {"activation": "elu", "w1": 0.0}, {"w1": 0.0, "w2": 0.0},
    {"activation": "identity", "w1": 1.0, "w2": 1.0, "x": 0.5, "t": 0.5}, {"activation": "relu", "w1": 1e-6},
    {"activation": "relu", "w1": 1e-10, "w2": 1.2}, {"activation": "leaky relu", "w1": 0.4, "w2": -3e-13, "weight": 2}, {"activation": "softsign", "w1": 1e-10},
    {"activation": "identity", "loss": "cross-entropy", "network": "1-1-2", "x": 1e-9, "t": 0.5, "w1": -0.87, "w2": 1.0, "w3": 0.0},
    {"activation": "tanh", "loss": "cross-entropy", "network": "1-1-2", "x": 1e-9, "t": 0.5, "w1": -6.0, "w2": 1.0, "w3": 0.0}], ids=str)
def test_where_the_two_sides_are_alike_no_kink_is_told(values):
    result = CHAIN.finish(CHAIN.values(**values))[1]
    assert result.kink is None and "kink" not in result.finding and "on this side" not in result.words


def test_a_jump_is_told_from_a_bend_however_steep():
    assert sides(np.abs, 0.0) is None and sides(lambda at: 1e6 * at, 0.0) is None and sides(lambda at: 1e-300 * np.sign(at), 0.0)
    assert sides(np.sign, 0.0) == (-1.0, 1.0) and sides(np.sign, 1e-6) is None and sides(lambda at: np.sign(at - 1.5e-9), 0.0) is None
    assert sides(lambda at: at * np.nan, 0.0) is None and sides(lambda at: np.where(at > 0, 2.0, 1e-12), 0.0) == (0.0, 2.0)
    assert sides(lambda at: np.where(at == 0, 0.0, 2.0), 0.0) == (2.0, 2.0) and sides(lambda at: 1e-16 * np.cos(9e9 * at) + at, 0.0) is None


def test_where_the_kinks_of_two_units_cancel_the_slope_of_both_sides_is_told():
    """w1 = 0 of leaky relus one after the other: either side slopes by 1/100, the formula by 1/100 of that."""
    result = CHAIN.finish(CHAIN.values(activation="leaky relu", w1=0.0, w2=-1.2))[1]
    loss = oracle_loss(result.fit)
    slope = float(loss(result.theta + [1e-6, 0]) - loss(result.theta - [1e-6, 0])) / 2e-6
    assert np.allclose(result.kink, slope, rtol=1e-6) and np.isclose(result.value, slope / 100) and "both sides" in result.finding


def test_rounding_alone_decides_what_is_too_little_to_see_and_what_is_too_far():
    deep = {"network": "1-1-1-1", "t": 1.0, "x": 4.0, "w1": 6.0, "w2": 6.0, "w3": 6.0}
    result = CHAIN.finish(CHAIN.values(**deep))[1]
    assert result.nudge.lost and "moves the loss by less than its rounding" in result.words
    small = CHAIN.finish(CHAIN.values(w1=-6.0, w2=6.0, x=4.0, t=0.5, nudge=1.0))[1].nudge
    assert not small.lost and small.broken and abs(small.promised) < 1e-9
    tiny = Nudge(0.1, 3e-14, 1e-14, 1e-16)
    assert tiny.broken and not tiny.lost and not Nudge(0.1, 3e-14, 1e-14, 1e-13).broken and Nudge(0.1, 3e-14, 1e-14, 1e-13).lost
    assert not Nudge(0.1, 0.0, 0.0, 1e-16).lost and Nudge(0.1, 0.0, 0.5, 1e-16).broken and not Nudge(0.0, 0.0, 0.0, 1e-16).lost


@pytest.mark.parametrize("width", [720, 760, 846, 869])
def test_between_narrow_and_wide_pages_the_chain_stands_across_right_above_its_derivation(width):
    boxes = {name: box for name, (_, box) in CHAIN.layout.boxes(width).items()}
    ledger, steps, nudge = (boxes[name] for name in ("ledger", "steps", "nudge"))
    assert ledger[2] - ledger[0] > 540 and ledger[3] - ledger[1] <= 120 and 0 < steps[1] - ledger[3] < 30
    assert nudge[0] > steps[2] and CHAIN.layout.height(width) < CHAIN.layout.height(719) - 250
