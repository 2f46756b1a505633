"""Verdicts on networks of 3 to 10 weights, all optimizers, noise, schedules and clips: judged by autograd's numbers.

BPVIZ_STATES=5000 makes it that many descents a network, more or less.
"""
import os
import re

import autograd
import numpy as np
import pytest
from conftest import oracle_loss

import bpviz as bp
from bpviz.base.written import as_python

SIZES = [((2, 1), "sigmoid"), ((2, 1), "identity"), ((1, 2, 1), ("tanh", "identity")), ((2, 2, 1), "sigmoid"),
         ((2, 2, 1), ("relu", "identity")), ((1, 3, 1), ("softplus", "identity"))]
OPTIMIZERS = [bp.GradientDescent(0.3), bp.GradientDescent(0.02), bp.GradientDescent(2.0), bp.GradientDescent(0.05, 0.9),
              bp.GradientDescent(0.05, 0.9, True), bp.AdaGrad(0.3), bp.RMSprop(0.02), bp.Adam(0.05), bp.AdamW(0.05)]
WALKS = [{}, {}, {}, {"noise": bp.MiniBatch(1)}, {"schedule": bp.Exponential(0.99)}, {"clip": 0.1}]


def eigenvalues(slope, theta, h=1e-5):
    H = np.array([(slope(theta + h * e) - slope(theta - h * e)) / (2 * h) for e in np.eye(len(theta))])
    return np.linalg.eigvalsh((H + H.T) / 2)


def falls_away(loss, slope, theta, top, rng):
    """Whether short descents from close by get lower than theta."""
    level = loss(theta)
    for _ in range(6):
        w = theta + 0.005 * rng.normal(size=len(theta)) / np.sqrt(len(theta))
        for _ in range(150):
            w = w - 0.3 / max(top, 1e-3) * slope(w)
        if loss(w) < level - 1e-7 * (1 + abs(level)) - 0.5 * top * 0.01 ** 2:      # settled is within 0.01 of the floor
            return True
    return False


def held(fit, theta, h=1e-6):
    """Whether the outputs of the rows can be moved each for itself: then all that keeps them is a surface."""
    moves = [(fit.predict(theta + h * e) - fit.predict(theta - h * e)).ravel() / (2 * h) for e in np.eye(len(theta))]
    return np.linalg.matrix_rank(np.array(moves), tol=1e-6) == fit.data.y.size


def false_claims(fit, path, found, optimizer, walk, points, rng):
    """What of this verdict is not so."""
    loss, end, words = oracle_loss(fit), path.end, as_python(found.words)
    slope = autograd.grad(loss)
    size, n = np.linalg.norm(slope(end)), path.kept
    wrong = [] if len(words) < 700 and max(map(len, words.split())) < 30 else ["too long"]
    if path.ended == "ran away":
        return wrong + ([] if found.kind == "ran away" and found.steps == n else ["ran away"])
    values = eigenvalues(slope, end)
    top = np.abs(values).max()
    if said := re.search(r"loss (\S+), \|gradient\| (exactly 0|[^\s,;:.]+)", words):
        if abs(float(said[1].replace(",", "")) - loss(end)) > 0.006 * abs(loss(end)) + 1e-11:
            wrong.append("loss at the end")
    if found.kind == "settled":
        if values[0] < -1e-5 * top or size > 0.02 * (1 + top):
            wrong.append(f"no minimum here: {values}, {size}")
        if "above 0" in words and values[0] < -1e-7 * top:
            wrong.append("eigenvalues")
    if found.kind == "settled on a valley floor":
        dimension = int(said[1]) if (said := re.search(r"surface of dimension (\d+)", words)) else 1
        if (np.abs(values) < 1e-4 * top).sum() < dimension or values[0] < -1e-4 * top:
            wrong.append(f"no floor of dimension {dimension}: {values}")
        if falls_away(loss, slope, end, top, rng):
            wrong.append("it goes on down from this floor")
    if found.kind == "stalled near a saddle" and eigenvalues(slope, end if found.point is None else
                                                              points.theta[:, found.point])[0] > -1e-9:
        wrong.append("no way down")
    if found.kind == "hovering around a minimum" and not (optimizer.hovers or "noise" in walk) and found.point is None:
        wrong.append("hovers without a reason")
    if "more step" in words:
        more = int(re.search(r"([\d,]+) more steps?", words)[1].replace(",", ""))
        on = bp.descend(fit, end, optimizer, more)
        if np.linalg.norm(slope(on.end)) > size + 1e-9 and loss(on.end) > loss(end) + 1e-9:
            wrong.append("more steps do not help")
    if "slopes outwards" in words and slope(end) @ end > 1e-15 or "slopes inwards" in words and slope(end) @ end < -1e-15:
        wrong.append("slopes the other way")
    if found.kind == "drifting along a plateau" and "slopes" in words and size == 0:
        wrong.append("does not slope")
    if "no valley floor" in words and loss(end) < 1e-20 and held(fit, end):
        wrong.append("every target is met and holds one direction: that is a floor")
    if "overshoot" in words:
        wrong.append("overshooting, untested")
    return wrong


@pytest.mark.parametrize("sizes, activation", SIZES, ids=[f"{'-'.join(map(str, s))} {a}" for s, a in SIZES])
def test_verdicts_on_any_number_of_weights(sizes, activation):
    """Random data, starts, optimizers, noise, schedules, clips."""
    rng, kinds, all_wrong = np.random.default_rng(len(sizes) * 7 + sizes[-2]), set(), []
    for _ in range(max(2, int(os.environ.get("BPVIZ_STATES", 0)) // 100)):
        x = rng.normal(size=(sizes[0], 4))
        fit = bp.Fit(bp.Network(sizes, activation), "squared error", bp.Data(x, rng.uniform(0.1, 0.9, (1, 4))))
        points = bp.critical_points(fit, starts=12)
        for k in range(8):
            optimizer, walk = OPTIMIZERS[rng.integers(len(OPTIMIZERS))], WALKS[rng.integers(len(WALKS))]
            start, steps = rng.normal(size=fit.n_params) * rng.choice([0.5, 2, 6]), int(rng.choice([0, 30, 600]))
            path = bp.descend(fit, start, optimizer, steps, until_settled=bool(k % 2), **walk)
            found = bp.verdict(fit, path, points, optimizer, **walk)
            kinds.add(found.kind)
            with np.errstate(all="ignore"):
                wrong = false_claims(fit, path, found, optimizer, walk, points, rng)
            all_wrong += [(wrong, found.words, optimizer, walk, start.tolist(), steps)] if wrong else []
    assert not all_wrong, "\n".join(map(str, all_wrong))
    assert len(kinds) >= 2


def test_an_exact_fit_settles_on_a_surface():
    """Two rows hold two of nine directions, so the ends of exact fits are floors of dimension 7: one was called a plateau."""
    data = bp.Data([[1.88, .69], [.88, .04]], [[.88, .69]], name="two rows")
    fit, rng, exact = bp.Fit(bp.Network((2, 2, 1), "sigmoid"), "squared error", data), np.random.default_rng(0), 0
    points = bp.critical_points(fit, starts=40)
    starts = [np.array([2.998, 2.942, -2.727, 4.809, -.581, -1.485, -1.509, 4.32, -.917]), *rng.normal(size=(8, 9)) * 2]
    for start in starts:
        optimizer = bp.GradientDescent(0.3, momentum=0.9)
        path = bp.descend(fit, start, optimizer, 3000)
        found = bp.verdict(fit, path, points, optimizer)
        if path.loss[-1] < 1e-24:
            exact += 1
            assert held(fit, path.end) and found.kind == "settled on a valley floor" and "dimension 7" in found.words, found
    assert exact >= 4
