"""The V curve: its two slopes, its best step, and the price of a gradient, against what theory says."""
import numpy as np
import pytest

import bpviz as bp
from bpviz.network.unroll import operations
from bpviz.symbolic.difference import METHODS, errors, subjects

SUBJECTS = list(subjects().values())


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda s: s.name)
def test_truncation_and_rounding(subject):
    h = np.logspace(-16, 0, 65)
    found = errors(subject, h)
    assert set(found) == set(METHODS)
    for method, power, low, high in (("forward", 1, 1e-4, 1e-2), ("central", 2, 3e-3, 1e-1), ("complex", 2, 1e-3, 1e-1)):
        part = (h >= low) & (h <= high)
        slope = np.polyfit(np.log(h[part]), np.log(found[method][part]), 1)[0]
        assert abs(slope - power) < 0.25, (method, slope)
    tiny = (h > 1e-14) & (h < 1e-9)
    for method in ("forward", "central"):
        slope = np.polyfit(np.log(h[tiny]), np.log(found[method][tiny] + 1e-17), 1)[0]
        assert -1.6 < slope < -0.5, (method, slope)
    assert found["complex"][h < 1e-9].max() < 1e-14
    assert found["central"].min() < found["forward"].min()


def test_the_exact_slope_is_the_backward_pass():
    fit = bp.Fit(bp.Network((2, 2, 1)), "squared error", bp.DATA["article"])
    theta = np.array([0.2, -0.4, 0.7, 0.1, 0.0, 0.0, 0.6, -0.9, 0.0])
    assert np.isclose(float(SUBJECTS[0].exact), fit.gradient(theta)[0], rtol=1e-14)


@pytest.mark.parametrize("h", [0.0, -1e-3, float("nan")])
def test_a_step_that_is_none(h):
    with pytest.raises(ValueError, match="h: got"):
        errors(SUBJECTS[0], [h])


def test_operations_are_counted():
    """One backward pass costs a small multiple of the forward one, whatever the size; differences grow with the weights."""
    ratios = []
    for units in (1, 4, 12):
        fit = bp.Fit(bp.Network((4, units, 1)), "squared error", bp.Data(np.ones((4, 1)) / 2, [[0.5]]))
        forward, both = operations(fit)
        assert forward >= 2 * 4 * units                     # at least a product and a sum for each weight
        ratios.append(both / forward)
    assert max(ratios) < 4
    identity = bp.Fit(bp.Network((1, 1), "identity", bias=False), "squared error", bp.Data([2.0], [3.0]))
    assert operations(identity)[0] == 3                     # w x, minus t, squared
