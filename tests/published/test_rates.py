"""Published results on learning rates, computed again."""
import numpy as np
import pytest

import bpviz as bp
from bpviz.descent.flow import GradientFlow
from bpviz.explorers.trainability import circle
from bpviz.landscape.trainability import border, box_dimension, trainability

PRODUCT = bp.Fit(bp.Network((1, 1, 1), "identity", bias=False), "squared error", bp.DATA["linear saddle"])


@pytest.mark.parametrize("rate", [0.1, 0.25, 0.45, 0.75])
def test_the_border_of_the_product_is_where_the_formula_says(rate):
    """Liang and Montufar 2025: on (w1 w2 - y)^2 / 2 descent stays bounded if and only if
    rate < 8 / (s + sqrt(s^2 - 16 y (w1 w2 - y))), s = w1^2 + w2^2. Ours is twice that loss, so `rate` counts double.

    Checked with y = 1 on 200 x 200 starts in [-4, 4]^2, 1,000 steps: no cell is on the wrong side.
    """
    basins = bp.basins(PRODUCT, low=-4, high=4, cells=200, optimizer=bp.GradientDescent(rate), steps=1000, exact=True)
    w1, w2 = basins.plane.theta
    s = w1 ** 2 + w2 ** 2
    limit = 8 / (s + np.sqrt(s * s - 16 * (w1 * w2 - 1)))
    bounded = 2 * rate < limit
    assert 0.05 < bounded.mean() < 0.95
    assert np.array_equal(basins.label != -2, bounded)


def test_flow_and_descent_have_other_basins(two_weights):
    """Gradient flow against descent at a quarter of the stability limit (8 of 33) and near it."""
    fit = two_weights("seesaw")
    flow = bp.basins(fit, cells=96, optimizer=GradientFlow(), steps=2000)
    tighter, coarse = (bp.basins(fit, cells=20, optimizer=GradientFlow(e), steps=4000) for e in (1e-5, 1e-4))
    assert np.array_equal(tighter.label, coarse.label) and set(np.unique(flow.label)) == {0, 1}
    shares = []
    for rate in (1.0, 8.0, 30.0):
        descent = bp.basins(fit, cells=96, optimizer=bp.GradientDescent(rate), steps=int(60_000 / rate))
        shares.append(((descent.label != flow.label) & (descent.label >= 0)).mean())
    assert shares[0] < shares[1] < shares[2] and shares[1] > 0 and shares[2] > 0.002


def test_the_flow_solver_against_scipys_stiff_one(two_weights):
    from scipy.integrate import solve_ivp
    fit = two_weights("trident")
    rng = np.random.default_rng(0)
    starts = rng.uniform(-4, 4, size=(2, 6))
    points = bp.critical_points(fit, low=-9, high=9)
    minima = points.theta[:, points.minima]
    from bpviz.descent.settle import settle
    ours = settle(fit, starts, GradientFlow(), 20_000, minima)
    for k in range(6):
        theirs = solve_ivp(lambda t, w: -fit.gradient(w), (0, 1e5), starts[:, k], method="Radau", rtol=1e-8, atol=1e-10).y[:, -1]
        apart = np.linalg.norm(minima - theirs[:, None], axis=0)
        if apart.min() < 1e-3:
            assert ours.label[k] == apart.argmin()


TANH = bp.Fit(bp.Network((2, 4, 1), ("tanh", "identity")), "squared error", bp.DATA["xor"])
START = np.random.default_rng(0).normal(size=TANH.n_params)


def test_every_pixel_is_a_descent_of_its_own():
    """The map of Sohl-Dickstein 2024 (arXiv:2402.06184) against single descents, one rate for all weights or scaled starts."""
    found = trainability(TANH, START, [-1, -1], [1, 1], cells=16, steps=100, over="scale")
    for i, j in np.random.default_rng(1).integers(16, size=(25, 2)):
        start = START * 10 ** found.y[i]
        path = bp.descend(TANH, start, bp.GradientDescent(10 ** found.x[j]), 100)
        late = path.loss[-20:].mean() if path.ended != "ran away" else np.inf
        if abs(late / TANH.loss(start) - 1) > 1e-3:                    # rounding may decide the others
            assert found.outcome[i, j] == (1 if late < TANH.loss(start) else -1)
    assert found.known.all() and found.share == 1


def one_run(x, t, W1, W2, first, second, steps):
    """An identity network of two layers without biases, trained by a plain loop, matrices as in any textbook: the loss at the start
    and the mean of the losses after each of the last 20 steps, inf for a run whose weights pass 10^6."""
    losses = []
    for _ in range(steps + 1):
        hidden = x @ W1
        error = hidden @ W2 - t
        losses.append((error ** 2).mean())
        if not max(np.abs(W1).max(), np.abs(W2).max()) <= 1e6:
            return losses[0], np.inf
        slope2, slope1 = hidden.T @ error * 2 / len(x), x.T @ (error @ W2.T) * 2 / len(x)
        W1, W2 = W1 - first * slope1, W2 - second * slope2
    return losses[0], np.mean(losses[-20:])


@pytest.mark.parametrize("over, low, high, steps", [
    ("scale", [-0.344, -0.344], [-0.044, -0.044], 40), ("scale", [-0.231, -0.569], [0.069, -0.269], 33),
    ("rates", [-0.344, -1.924], [-0.044, -1.624], 45), ("rates", [-1, -1], [1, 1], 20)])
def test_a_pixel_is_the_mean_of_the_last_twenty_losses(over, low, high, steps):
    """Windows on identity networks, as in Sohl-Dickstein 2024, whose losses swing from step to step, against a plain loop."""
    fit = bp.Fit(bp.Network((1, 4, 1), "identity", bias=False), "squared error", bp.DATA["linear saddle"])
    start = np.random.default_rng(0).normal(size=8)
    found = trainability(fit, start, low, high, cells=24, steps=steps, over=over)
    W1, W2 = start[:4].reshape(1, 4), start[4:].reshape(4, 1)
    wrong = sure = 0
    with np.errstate(all="ignore"):
        for i, y in enumerate(found.y):
            for j, x in enumerate(found.x):
                scale, first, second = (10 ** y, 10 ** x, 10 ** x) if over == "scale" else (1.0, 10 ** x, 10 ** y)
                runs = [one_run(fit.data.x.T, fit.data.y.T, scale * W1 * nudge, scale * W2, first, second, steps)
                        for nudge in (1, 1 + 1e-10, 1 - 1e-10)]
                outcome = {1 if late < begun else -1 for begun, late in runs}
                if len(outcome) == 1:                                  # rounding decides the others
                    sure, wrong = sure + 1, wrong + (found.outcome[i, j] not in outcome)
    assert wrong == 0 and sure > 570, f"{wrong} of {sure} pixels"
    assert 0.05 < (found.outcome == 1).mean() < 0.95


def test_the_border_is_more_crinkled_than_a_circle_where_it_is_claimed():
    """Sohl-Dickstein 2024: the border looks crinkled at every scale. Claimed here: in this window, boxes of 1 to 32 pixels.

    Estimator: box counting, least squares. Controls: a circle, and the border of a linear network, give about 1.
    """
    crinkled = trainability(TANH, START, [0.6, -1.0], [1.6, 0.0], cells=256, steps=200)
    dimension, control = box_dimension(border(crinkled.outcome)), circle(256)
    assert np.isclose(dimension.decades, np.log10(32)) and dimension.counts[0] > 300
    assert 0.93 < control.value < 1.07 and dimension.value > control.value + 0.1
    line = np.zeros((256, 256), int)
    line[:, 100:] = 1
    assert np.isclose(box_dimension(border(line)).value, 1.0, atol=0.01)
    assert np.isnan(box_dimension(border(np.ones((32, 32), int))).value)


def test_the_map_comes_from_coarse_to_fine():
    parts = list(trainability.parts(TANH, START, [-1, -1], [1, 1], cells=64, steps=40))
    assert [part.share for part in parts] == sorted(part.share for part in parts)
    maps = [part.result for part in parts if part.result is not None]
    shares = [m.share for m in maps]
    assert shares == sorted(shares) and shares[0] < 0.1 and shares[-1] == 1 and (maps[-1].outcome != 0).all()
    assert (maps[0].outcome == maps[-1].outcome).mean() > 0.8 and 0 < maps[-1].converged < 1


@pytest.mark.parametrize("action, sentence", [
    (lambda: trainability(TANH, START, [1, 1], [0, 2]), "low: got [1.0, 1.0] with high [0.0, 2.0]"),
    (lambda: trainability(TANH, START, [0, 0], [1, 1], cells=4), "cells: got 4"),
    (lambda: trainability(TANH, START, [0, 0], [1, 1], steps=5), "steps: got 5"),
    (lambda: trainability(TANH, START[:3], [0, 0], [1, 1]), "theta: got shape (3,)"),
    (lambda: trainability(TANH, START, [0, 0], [1, 1], over="both"), "over: got 'both'; allowed is 'rates' or 'scale'"),
    (lambda: bp.descend(TANH, START, GradientFlow()), "allowed is an optimizer with steps of a given length"),
    (lambda: GradientFlow(0.0), "tolerance: got 0.0"),
])
def test_refusals(action, sentence):
    with pytest.raises(ValueError) as error:
        action()
    assert sentence in str(error.value)
