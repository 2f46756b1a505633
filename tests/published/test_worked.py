"""Worked examples in print, step for step."""
import numpy as np
import pytest

import bpviz as bp
from bpviz.network.walked import WALKED


def test_mazurs_example_with_its_biases_left_alone():
    """Mazur 2015, "A Step by Step Backpropagation Example": half squared error, rate 0.5, biases never updated.

    The article's w1 to w8 are w1[1,1], w1[2,1], w1[1,2], w1[2,2] and the same of layer 2; its numbers as printed there.
    """
    fit = bp.Fit(bp.Network((2, 2, 2)), "half squared error", bp.DATA["two outputs"],
                 frozen=("b1[1]", "b1[2]", "b2[1]", "b2[2]"))
    path = bp.descend(fit, WALKED["two outputs"], bp.GradientDescent(0.5), 10_000)
    assert path.loss[0] == pytest.approx(0.298371109, abs=5e-10)
    after = dict(zip(fit.names, path.theta[:, 1], strict=True))
    for name, value in {"w1[1,1]": 0.149780716, "w1[2,1]": 0.19956143, "w1[1,2]": 0.24975114, "w1[2,2]": 0.29950229,
                        "w2[1,1]": 0.35891648, "w2[2,1]": 0.408666186, "w2[1,2]": 0.511301270, "w2[2,2]": 0.561370121,
                        "b1[1]": 0.35, "b1[2]": 0.35, "b2[1]": 0.6, "b2[2]": 0.6}.items():
        assert after[name] == pytest.approx(value, abs=6e-9), name
    assert path.loss[-1] == pytest.approx(0.0000351085, rel=5e-4)
    assert fit.predict(path.theta[:, -1])[:, 0] == pytest.approx([0.015912196, 0.984065734], abs=2e-6)


def test_the_error_the_article_prints_after_one_round_is_that_of_another_order():
    """0.291027924 is not the error at the weights it prints, which is 0.291027774: it is what comes of blaming the hidden
    units through output weights that have been updated already, a common slip.
    """
    fit = bp.Fit(bp.Network((2, 2, 2)), "half squared error", bp.DATA["two outputs"])
    theta = np.array(WALKED["two outputs"])
    trace, slip = bp.backprop(fit, theta), theta.copy()
    slip[6:10] -= 0.5 * trace.gradient[6:10]
    _, (W2, _) = fit.network.layers(slip)
    delta = (W2 @ trace.delta[1]) * trace.a[1] * (1 - trace.a[1])
    slip[:4] -= 0.5 * (trace.a[0] @ delta.T).ravel()
    assert fit.loss(slip) == pytest.approx(0.291027924, abs=5e-10)
    right = np.where(fit.network.is_weight, theta - 0.5 * trace.gradient, theta)
    assert fit.loss(right) == pytest.approx(0.291027774, abs=5e-10)
