"""What the data set of the two plateaus says it is there to show, computed."""
import numpy as np
import pytest

import bpviz as bp
from bpviz.landscape.verdict import verdict

PLATEAUS = bp.DATA["plateaus"]


@pytest.fixture
def fit(two_weights):
    return two_weights("plateaus", PLATEAUS.activation)


def test_plateaus_have_one_minimum_where_both_rows_are_right(fit):
    """Both rows are right where w2 f(2 w1) = logit 0.7 and w2 f(-6 w1) = logit 0.8; no other point has gradient 0."""
    points = bp.critical_points(fit)
    assert points.kind == ("minimum",) and points.loss[0] < 1e-20
    w1, w2 = points.theta[:, 0]
    half, third = (1 / (1 + np.exp(-w1 * x)) for x in PLATEAUS.x[0])
    assert [w2 * half, w2 * third] == pytest.approx([np.log(7 / 3), np.log(4)], abs=1e-9)
    assert PLATEAUS.rate < 2 / points.eigenvalues[:, 0].max()              # so descent can settle there


@pytest.mark.parametrize("start, height, wrong", [([-3, -5], 0.02, 0.2), ([3, 5], 0.045, 0.3)])
def test_on_a_plateau_one_row_is_answered_by_a_half(fit, start, height, wrong):
    """A unit of layer 1 that is 0 for a row leaves f(0) = 1/2 for it, whatever w2 is: the loss is at best wrong^2 / 2."""
    path = bp.descend(fit, np.array(start, float), bp.GradientDescent(PLATEAUS.rate), 3000)
    assert height == pytest.approx(wrong ** 2 / 2)
    stands = np.abs(path.loss / height - 1) < 0.02
    assert stands.sum() > 200 and path.gradient_norm[stands].min() < 5e-4


def test_descent_leaves_the_low_plateau_and_stays_on_the_high_one(fit):
    points, optimizer = bp.critical_points(fit), bp.GradientDescent(PLATEAUS.rate)
    low, high = (bp.descend(fit, np.array(start, float), optimizer, 8000, until_settled=True) for start in ([-3, -5], [3, 5]))
    assert low.loss[-1] < 1e-12 and low.steps < 2000
    assert high.loss[-1] > 0.0449 and "plateau" in verdict(fit, high, points, optimizer).words
