"""A nudge keeps the slope's promise within the error bar of its curvature; the factors of the roads make the slope."""
import autograd
import numpy as np
import pytest
from conftest import oracle_loss

from bpviz.explorers import all_explorers

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
        assert nudge.broken == (abs(nudge.moved - nudge.promised) > 0.1 * abs(nudge.promised) + 1e-12)
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
