"""Descents: the formulas, the three endings, slices, clouds, refusals."""
import numpy as np
import pytest
from conftest import random_fit

import bpviz as bp
from bpviz.descent import descend as module
from bpviz.descent import walk


class Bowl:
    """L = sum(c w^2) / 2: everything about its descent is known in closed form."""

    n_params = 2

    def __init__(self, *curvature):
        self.c = np.array(curvature, dtype=float)

    def loss(self, theta):
        return (self.c @ (np.asarray(theta) ** 2)) / 2

    def gradient(self, theta):
        return (np.asarray(theta).T * self.c).T


def test_loss_and_gradient_norm_are_those_of_the_places():
    fit, theta = random_fit(0, (2, 3, 1), "tanh", "squared error")
    path = bp.descend(fit, theta, bp.GradientDescent(0.3, 0.9, True, 0.02), 60)
    assert path.theta.shape == (fit.n_params, 61) and np.array_equal(path.theta[:, 0], theta)
    assert np.allclose(path.loss, fit.loss(path.theta), rtol=1e-12)
    assert np.allclose(path.gradient_norm, np.linalg.norm(fit.gradient(path.theta), axis=0), rtol=1e-9)


@pytest.mark.parametrize("optimizer", [bp.GradientDescent(1.0), bp.GradientDescent(1.0, 0.5),
                                       bp.GradientDescent(1.0, 0.5, True), bp.GradientDescent(1.0, weight_decay=0.7)],
                         ids=["plain", "heavy ball", "nesterov", "decay"])
def test_stability_limit_is_sharp(optimizer):
    limit = optimizer.stability_limit(3.0)
    for share, settles in ((0.97, True), (1.03, False)):
        there = bp.GradientDescent(share * limit, optimizer.momentum, optimizer.nesterov, optimizer.weight_decay)
        path = bp.descend(Bowl(3.0, 1.0), np.array([1.0, 0.0]), there, 2000)
        assert (np.abs(path.end[0]) < 1e-3) == settles


def test_the_three_endings(two_weights, recwarn):
    bowl = Bowl(1.0, 2.0)
    settled = bp.descend(bowl, [1.0, 1.0], bp.GradientDescent(0.5), 200)
    short = bp.descend(bowl, [1.0, 1.0], bp.GradientDescent(0.5), 3)
    away = bp.descend(bowl, [1.0, 1.0], bp.GradientDescent(5.0), 2000)
    assert (settled.ended, short.ended, away.ended) == ("settled", "out of steps", "ran away")
    assert settled.theta.shape == (2, 201) and away.theta.shape == (2, 2001) and np.isfinite(away.theta).all()
    assert "smaller rate" in repr(away) and "more steps" in repr(short)
    many = bp.descend(bowl, np.array([[1.0, 0.0], [1.0, 0.0]]), bp.GradientDescent(5.0), 2000)
    assert many.ended.tolist() == ["ran away", "settled"] and np.isfinite(many.theta).all()
    bp.descend(two_weights("linear saddle", "identity"), [6.0, 6.0], bp.GradientDescent(100.0), 50)
    assert not recwarn.list


def test_until_settled_stops_early_and_tells_when(two_weights):
    fit = two_weights("seesaw")
    path = bp.descend(fit, [-3.0, 3.0], bp.GradientDescent(20.0), 10_000, until_settled=True)
    whole = bp.descend(fit, [-3.0, 3.0], bp.GradientDescent(20.0), 10_000)
    assert path.ended == "settled" and path.steps < 1000
    assert path.gradient_norm[-1] < 1e-9 <= path.gradient_norm[-2]
    assert np.array_equal(path.theta, whole.theta[:, :path.steps + 1])


def test_slices_add_up_to_the_whole(two_weights, monkeypatch):
    monkeypatch.setattr(walk, "PIECE_S", 0.0)
    monkeypatch.setattr(module, "SHOWN_S", 0.0)
    fit = two_weights("trident")
    parts = [part.result for part in bp.descend.parts(fit, [1.0, 2.0], bp.GradientDescent(2.0), 3000)]
    whole = bp.descend(fit, [1.0, 2.0], bp.GradientDescent(2.0), 3000)
    assert len(parts) > 10
    assert all(a.steps < b.steps for a, b in zip(parts, parts[1:], strict=False))
    for part in parts:
        assert np.array_equal(part.theta, whole.theta[:, :part.steps + 1])
    assert parts[-1].steps == 3000


REFUSED = [
    (lambda: bp.GradientDescent(0), "rate: got 0; allowed is a finite number above 0"),
    (lambda: bp.GradientDescent(-1.0), "rate: got -1.0"),
    (lambda: bp.GradientDescent(float("nan")), "rate: got nan"),
    (lambda: bp.GradientDescent("fast"), "rate: got 'fast'"),
    (lambda: bp.GradientDescent(1, momentum=1.0), "momentum: got 1.0; allowed is a finite number at least 0 and below 1"),
    (lambda: bp.GradientDescent(1, nesterov=True), "nesterov: got True with momentum 0"),
    (lambda: bp.GradientDescent(1, 0.5, nesterov=1), "nesterov: got 1; allowed is True or False"),
    (lambda: bp.GradientDescent(1, weight_decay=-1), "weight_decay: got -1"),
    (lambda: bp.descend(Bowl(1, 1), [1, 1], bp.GradientDescent(1), 10**6),
     "steps: got 1000000; allowed is a whole number from 0 to 500,000"),
    (lambda: bp.descend(Bowl(1, 1), [1, 1], bp.GradientDescent(1), -1), "steps: got -1"),
    (lambda: bp.descend(Bowl(1, 1), [1, 1], bp.GradientDescent(1), 2.5), "steps: got 2.5"),
    (lambda: bp.descend(Bowl(1, 1), np.ones((2, 1000)), bp.GradientDescent(1), 400_000), "steps: got 400,000 for 2,000"),
    (lambda: bp.descend(Bowl(1, 1), [1, np.nan], bp.GradientDescent(1)), "theta: got nan"),
    (lambda: bp.descend(Bowl(1, 1), [1, 1, 1], bp.GradientDescent(1)), "theta: got shape (3,); allowed is (2, ...)"),
    (lambda: bp.descend(Bowl(1, 1), [1, 1], bp.GradientDescent(1), schedule=3), "schedule: got 3; allowed is None or one of"),
    (lambda: bp.descend(Bowl(1, 1), [1, 1], bp.GradientDescent(1), noise=bp.MiniBatch(1)), "noise: got MiniBatch"),
    (lambda: bp.descend(random_fit(0, (2, 1), "tanh", "squared error")[0], [1, 1, 1], bp.GradientDescent(1), noise=0.1),
     "noise: got 0.1; allowed is None, MiniBatch(rows, seed) or Dropout(share, seed)"),
    (lambda: bp.Adam(betas=(0.9,)), "betas: got (0.9,); allowed are two numbers"),
    (lambda: bp.Adam(betas=(0.9, 1.0)), "betas: got 1.0; allowed is a finite number at least 0 and below 1"),
    (lambda: bp.RMSprop(alpha=-1), "alpha: got -1"),
    (lambda: bp.RMSprop(centered=1), "centered: got 1; allowed is True or False"),
    (lambda: bp.AdaGrad(rate=float("inf")), "rate: got inf"),
    (lambda: bp.MiniBatch(0), "rows: got 0; allowed is a whole number of at least 1"),
    (lambda: bp.Dropout(1.0), "share: got 1.0"),
    (lambda: bp.Cosine(0), "steps: got 0"),
    (lambda: bp.StepDecay(factor=2), "factor: got 2"),
]


@pytest.mark.parametrize("action, sentence", REFUSED, ids=[s for _, s in REFUSED])
def test_refusals(action, sentence):
    with pytest.raises(ValueError) as error:
        action()
    assert sentence in str(error.value)
