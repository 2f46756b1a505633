"""Published results on minima and saddles, computed again. Each test names its source and claims no more than it checks."""
import numpy as np
import pytest
from scipy.optimize import minimize

import bpviz as bp
from bpviz.descent.restarts import restarts
from bpviz.landscape.level_surfaces import falls_away
from bpviz.landscape.symmetry import copies

XOR = bp.Fit(bp.Network((2, 2, 1)), "squared error", bp.DATA["xor"])
NEURON = bp.Fit(bp.Network((2, 1)), "squared error", bp.DATA["soft xor"])
SOFT = bp.Fit(bp.Network((2, 2, 1)), "squared error", bp.DATA["soft xor"])


def test_xor_has_no_minimum_with_error_at_finite_weights():
    """Hamey 1998, Neural Networks 11, 669-681; Sprinkhuizen-Kuyper and Boers 1999, IEEE Trans. Neural Networks 10.

    Checked: every stationary point with an error above 0 that 2000 starts in [-8, 8]^9 find is a saddle.
    """
    points = bp.critical_points(XOR, low=-8, high=8, starts=2000)
    assert len(points) >= 2 and (points.loss > 0.2).all() and set(points.kind) == {"saddle"}
    for theta in points.theta.T:
        values = np.linalg.eigvalsh(XOR.hessian(theta))
        assert values[0] < 0 or falls_away(XOR, theta)


def test_at_the_origin_only_a_descent_test_tells():
    """The same papers: the origin has gradient 0 and a semi-definite Hessian, and yet the error falls from there."""
    zero = np.zeros(9)
    assert np.abs(XOR.gradient(zero)).max() == 0
    values = np.linalg.eigvalsh(XOR.hessian(zero))
    assert values[0] > -1e-12 and (np.abs(values) < 1e-12).sum() == 8
    assert falls_away(XOR, zero)


def test_runs_that_sit_on_a_level_drift_to_infinity():
    """The same papers: what looks like a local minimum is a saturated plateau, lowest at infinity.

    Checked: runs still above the error 0.05 after 4,000 steps go on growing, and their error goes on falling, for
    16,000 more.
    """
    first = restarts(XOR, bp.GradientDescent(5.0), 200, 4000, low=-3, high=3, seed=0)
    stuck = first.loss > 0.05
    assert 20 < stuck.sum() < 180
    later = restarts(XOR, bp.GradientDescent(5.0), first.end[:, stuck], 16_000)
    still = later.loss > 0.05
    assert still.sum() > 10
    assert (later.loss[still] < first.loss[stuck][still]).all()
    assert (np.abs(later.end[:, still]).max(axis=0) > np.abs(first.end[:, stuck][:, still]).max(axis=0)).all()


def test_a_trap_of_one_neuron_is_a_saddle_of_three():
    """After Sprinkhuizen-Kuyper and Boers 1996, Neural Computation 8, 1301-1320: more weights turn a trap into a saddle.

    Checked: a single sigmoid neuron on xor with targets 0.1 and 0.9 has strict minima, one of them with the constant
    output 0.5 and four spurious ones above it; with two hidden units the constant output 0.5 is a saddle.
    """
    points = bp.critical_points(NEURON, low=-12, high=12, starts=2000)
    minima = points.minima
    assert len(minima) == 5 and (points.eigenvalues[0, minima] > 1e-4).all()
    assert np.isclose(points.loss[minima[0]], 0.16) and np.allclose(points.loss[minima[1:]], 0.201661, atol=1e-6)
    assert np.allclose(NEURON.predict(points.theta[:, minima[0]]), 0.5)
    for k in minima:
        again = minimize(NEURON.loss, points.theta[:, k] + 0.05, jac=NEURON.gradient, tol=1e-12)
        assert np.allclose(again.x, points.theta[:, k], atol=1e-3)
    wide = bp.critical_points(SOFT, low=-10, high=10, starts=1500)
    level = [k for k in range(len(wide)) if abs(wide.loss[k] - 0.16) < 1e-9]
    assert level and all(wide.kind[k] == "saddle" for k in level) and wide.minima == []
    assert np.allclose(SOFT.predict(wide.theta[:, level[0]]), 0.5)


SCALES = [1.0, 12.0, 144.0]


def one_dimensional(scales, loss):
    return bp.Fit(bp.Network((1, 1), bias=False), loss, bp.Data(scales, [0.75] * len(scales)))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_n_examples_make_n_minima(count):
    """Auer, Herbster and Warmuth 1996, NIPS 8, theorem 1, for d = 1; the matching (entropic) loss has a single one."""
    w = np.sinh(np.linspace(-8, 8, 400_001))
    found = {}
    for loss in ("squared error", "cross-entropy"):
        value = one_dimensional(SCALES[:count], loss).loss(w[None])
        found[loss] = int(((value[1:-1] < value[:-2]) & (value[1:-1] < value[2:])).sum())
    assert found == {"squared error": count, "cross-entropy": 1}


def test_six_examples_in_two_dimensions_make_nine_minima_and_the_list_is_proved():
    """The same theorem: floor(n/d)^d = floor(6/2)^2 = 9 minima, found and certified in [-0.5, 3]^2."""
    x = np.array([SCALES + [0.0] * 3, [0.0] * 3 + SCALES])
    network, data = bp.Network((2, 1), bias=False), bp.Data(x, [0.75] * 6)
    points = bp.critical_points(bp.Fit(network, "squared error", data), low=-0.5, high=3, starts=100, certify=True)
    assert len(points.minima) == 9 and points.certificate.complete and len(points) == 25
    kinds = {kind: points.kind.count(kind) for kind in set(points.kind)}
    assert kinds["minimum"] - kinds["saddle"] + kinds["maximum"] == 1             # as Morse theory wants it
    matching = bp.critical_points(bp.Fit(network, "cross-entropy", data), low=-0.5, high=3, certify=True)
    assert matching.kind == ("minimum",) and matching.certificate.complete


def test_initial_weights_that_are_too_large_fail_more_often():
    """In the style of Kolen and Pollack 1990, NIPS 3; their own figures are not claimed, nor their weights' order.

    Checked: xor on 2-2-1, initial weights uniform in [-r, r]: the share of runs above the error 0.05 after 3,000 steps
    rises with r, batch and online; Wilson intervals of far r do not overlap.
    """
    batch = [restarts(XOR, bp.GradientDescent(5.0), 400, 3000, low=-r, high=r, seed=1).reached(0.05) for r in (0.5, 2, 5, 10)]
    fails = [1 - k / n for k, n, _, _ in batch]
    assert fails == sorted(fails) and all(a[2] > b[3] for a, b in zip(batch, batch[1:], strict=False))
    online = [restarts(XOR, bp.GradientDescent(1.0), 150, 3000, low=-r, high=r, seed=1, noise=bp.MiniBatch(1)).reached(0.05)
              for r in (1, 10)]
    assert online[0][2] > online[1][3]


def test_symmetric_copies_are_one_solution():
    """Chen, Lu and Hecht-Nielsen 1993: 2^2 * 2! = 8 copies for two tanh units; restarts fall into all of them."""
    fit = bp.Fit(bp.Network((2, 2, 1), "tanh"), "squared error", bp.DATA["xor"], l2=0.002)
    best = bp.critical_points(fit).theta[:, 0]
    runs = restarts(fit, bp.Adam(0.05), 600, 1500, low=-2, high=2, seed=2)
    every = copies(fit.network, best)
    apart = np.linalg.norm(runs.end[:, :, None] - every[:, None, :], axis=0)
    hit = apart.argmin(axis=1)[apart.min(axis=1) < 0.05]
    assert len(set(hit)) == 8 and np.allclose(runs.loss[apart.min(axis=1) < 0.05], fit.loss(best), atol=1e-4)
