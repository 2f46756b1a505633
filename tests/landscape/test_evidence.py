"""A point is called critical only where the gradient is 0: polynomials with known points, and mpmath as the judge."""
import mpmath as mp
import numpy as np
import pytest

import bpviz as bp
from bpviz.landscape.attractors import arrivals, no_attractors
from bpviz.landscape.points import letter
from bpviz.landscape.slopes import Slopes
from bpviz.words.numbers import minus

XOR = bp.DATA["xor"]


class Own:
    """An objective of one's own: loss and gradient given."""
    n_params = 2

    def __init__(self, loss, gradient):
        self.loss, self.gradient = loss, gradient


def one_weight_pair(x, t, activation="identity", l2=0.0):
    return bp.Fit(bp.Network((1, 1, 1), activation, bias=False), "squared error", bp.Data(x, t), l2=l2)


def turned_polynomial(seed):
    """p(u) + q(v) of turned coordinates u, v, whose slopes are products of (u - root)^order; and all critical points.

    Known by how it is made: {(place): kind}; a root of even order is neither top nor bottom of p.
    """
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    parts = []
    for _ in range(2):
        roots = rng.choice([-2.0, -0.5, 1.0, 2.5], size=rng.integers(1, 3), replace=False)
        orders = rng.choice([1, 1, 2, 3], size=len(roots))
        slope = np.poly1d(np.repeat(roots, orders), r=True) * rng.choice([-1.0, 1.0])
        signs = [(np.sign(slope(r - 0.1)), np.sign(slope(r + 0.1))) for r in roots]
        parts.append((slope, slope.integ(), roots, [{(-1, 1): "low", (1, -1): "high"}.get(s, "none") for s in signs]))

    def horner(poly, x):
        value = 0.0 * x
        for c in poly.coeffs:
            value = value * x + float(c)
        return value

    def coordinates(w):
        return turn[0, 0] * w[0] + turn[0, 1] * w[1], turn[1, 0] * w[0] + turn[1, 1] * w[1]

    def loss(w):
        return sum(horner(part[1], c) for part, c in zip(parts, coordinates(w), strict=True))

    def gradient(w):
        a, b = (horner(part[0], c) for part, c in zip(parts, coordinates(w), strict=True))
        return np.stack([turn[0, 0] * a + turn[1, 0] * b, turn[0, 1] * a + turn[1, 1] * b])
    kind = {("low", "low"): "minimum", ("high", "high"): "maximum"}
    known = [(turn.T @ [u, v], kind.get((p, q), "saddle"))
             for u, p in zip(*parts[0][2:], strict=True) for v, q in zip(*parts[1][2:], strict=True)]
    return Own(loss, gradient), known


@pytest.mark.parametrize("seed", range(24))
def test_all_points_of_a_polynomial_and_no_other_degenerate_ones_too(seed):
    objective, known = turned_polynomial(seed)
    points = bp.critical_points(objective, -5, 5)
    assert len(points) == len(known) and not points.valley.size and not len(points.flats)
    for place, kind in known:
        k, distance = points.nearest(place)
        assert distance < 2e-3 and points.kind[k] == kind, (place, kind, points)


def test_a_flat_bottom_is_one_point():
    """x^2 + y^4 was "a curve of 88 level points"."""
    points = bp.critical_points(Own(lambda w: w[0] ** 2 + w[1] ** 4, lambda w: np.stack([2 * w[0], 4 * w[1] ** 3])))
    assert points.kind == ("minimum",) and np.abs(points.theta).max() < 1e-6 and points.degenerate(0)
    assert not points.valley.size and "curve" not in repr(points) and "others may be missing" in repr(points)


def test_where_curves_cross_both_are_level():
    """f = w2 w1 x, t = 0, loss (w1 w2)^2: both axes, and nothing else, are level."""
    points = bp.critical_points(one_weight_pair([1.0], [0.0]))
    assert len(points) == 0 and (np.abs(points.valley).min(axis=0) < 1e-9).all() and points.valley_floor.all()
    for axis in (0, 1):
        there = points.valley[axis, np.abs(points.valley[1 - axis]) < 1e-9]
        assert there.min() < -5 and there.max() > 5 and np.diff(np.sort(there)).max() < 1.5


def test_a_strict_minimum_with_a_singular_hessian_is_one_attractor():
    """L = 1 + (w1 - w2)^2 + (w1 w2)^2 has its only critical point at 0 (sympy: groebner basis of the gradient)."""
    fit = one_weight_pair([1.0], [1.0], l2=1.0)
    points = bp.critical_points(fit)
    assert points.kind == ("minimum",) and np.abs(points.theta).max() < 1e-6 and points.evidence == ("higher order",)
    basins = bp.basins(fit, cells=32, optimizer=bp.GradientDescent(0.01), steps=2000)
    assert basins.minima.kind == ("minimum",) and basins.part(0) == 1
    for w1, w2 in np.random.default_rng(0).uniform(-6, 6, size=(5, 2)):            # where the descents go if they go on
        assert np.linalg.norm(bp.descend(fit, [w1, w2], bp.GradientDescent(0.01), 100_000).end) < 0.05


@pytest.fixture(autouse=True)
def sixty_digits():
    with mp.workdps(60):
        yield


def mp_gradient(fit, theta):
    """The gradient in many digits, written a second time: plain loops, one network."""
    f = {"sigmoid": lambda z: 1 / (1 + mp.exp(-z)), "tanh": mp.tanh, "identity": lambda z: z,
         "softplus": lambda z: mp.log(1 + mp.exp(z)), "swish": lambda z: z / (1 + mp.exp(-z))}
    net, rows = fit.network, list(zip(fit.data.x.T, fit.data.y.T, strict=True))

    def loss(*w):
        total = mp.mpf(0)
        for x, t in rows:
            a, k = [mp.mpf(float(v)) for v in x], 0
            for n_in, n_out, name in zip(net.sizes, net.sizes[1:], net.activations, strict=False):
                z = [sum(w[k + i * n_out + j] * a[i] for i in range(n_in)) for j in range(n_out)]
                k += n_in * n_out
                if net.bias:
                    z, k = [z[j] + w[k + j] for j in range(n_out)], k + n_out
                a = [f[name](v) for v in z]
            total += sum((o - mp.mpf(float(v))) ** 2 for o, v in zip(a, t, strict=True))
        return total / len(rows)
    at, P = [v if isinstance(v, mp.mpf) else mp.mpf(float(v)) for v in theta], len(theta)
    return [mp.diff(loss, at, tuple(int(i == k) for i in range(P))) for k in range(P)]


@pytest.mark.parametrize("data, activation", [("seesaw", "sigmoid"), ("trident", "tanh"), ("trident", "swish")])
def test_isolated_points_are_zeros_in_fifty_digits(two_weights, data, activation):
    fit = two_weights(data, activation)
    points = bp.critical_points(fit)
    assert set(points.evidence) == {"proved"}
    for theta in points.theta.T:
        zero = mp.findroot(lambda a, b: mp_gradient(fit, (a, b)), [mp.mpf(float(v)) for v in theta])
        assert max(abs(float(z) - v) for z, v in zip(zero, theta, strict=True)) < 1e-9


@pytest.mark.parametrize("window", [15, 30])
def test_saturated_plateaus_of_xor_are_no_minima(window):
    """Hamey 1998; Sprinkhuizen-Kuyper and Boers 1999: no local minimum at finite weights. Was: "A minimum loss 0.5".

    Every place that is called flat towards infinity has a gradient that is not 0, and a smaller one farther out.
    """
    fit = bp.Fit(bp.Network((2, 2, 1)), "squared error", XOR)
    points = bp.critical_points(fit, -window, window, starts=600)
    assert points.minima == [] and set(points.kind) == {"saddle"} and points.gradient_norm.max() < 1e-12
    flats = points.flats
    assert "minimum" not in repr(points) and (len(flats) or window == 30)       # so far out the search may meet none
    for theta in flats.theta[:, flats.outward].T:
        here, outer = (mp.norm(mp_gradient(fit, scale * theta)) for scale in (1, 1.5))
        assert 0 < outer < here < 1e-6


def test_logistic_regression_has_its_one_minimum_only():
    """The loss is convex, so every critical point is a global minimum; by symmetry of xor 0 is one. Was: 652 saddles."""
    points = bp.critical_points(bp.Fit(bp.Network((2, 1)), "cross-entropy", XOR), -30, 30)
    assert points.kind == ("minimum",) and np.abs(points.theta).max() < 1e-12 and points.loss[0] == pytest.approx(np.log(2))


def test_one_row_has_a_whole_surface_of_minima():
    """2-2-1 on the article's one row: one equation for nine weights, so dimension 8."""
    points = bp.critical_points(bp.Fit(bp.Network((2, 2, 1)), "squared error", bp.DATA["article"]), starts=200)
    assert points.kind == ("minimum",) and points.dimension == (8,) and points.loss[0] < 1e-25
    assert points.evidence == ("level",)


CURVES = [("linear saddle", "identity", 6), ("linear saddle", "softplus", 6), ("trident", "identity", 6),
          ("linear saddle", "swish", 6), ("linear saddle", "identity", 60)]


@pytest.mark.parametrize("data, activation, window", CURVES)
def test_a_valley_is_level_in_sixty_digits(two_weights, data, activation, window):
    """Each point moved across its curve to the bottom or top: the whole gradient is 0 there, not only small."""
    fit = two_weights(data, activation)
    points = bp.critical_points(fit, -window, window)
    assert points.valley.shape[1] > 40
    for k in np.linspace(0, points.valley.shape[1] - 1, 4).astype(int):
        theta, H = points.valley[:, k], fit.hessian(points.valley[:, k])
        values, vectors = np.linalg.eigh(H)
        across = [mp.mpf(float(v)) for v in vectors[:, np.abs(values).argmax()]]
        assert (values[np.abs(values).argmax()] > 0) == points.valley_floor[k]

        def moved(s, theta=theta, across=across):
            return [mp.mpf(float(v)) + s * d for v, d in zip(theta, across, strict=True)]

        def slope(s, moved=moved, across=across):
            return sum(d * g for d, g in zip(across, mp_gradient(fit, moved(s)), strict=True))
        s = mp.findroot(slope, (mp.mpf(0), mp.mpf(10) ** -12), tol=mp.mpf(10) ** -50)
        assert abs(s) < 1e-6 and mp.norm(mp_gradient(fit, moved(s))) < mp.mpf(10) ** -22


@pytest.mark.parametrize("data, activation", [("seesaw", "sigmoid"), ("trident", "tanh"), ("seesaw", "swish")])
def test_rounding_is_no_smaller_than_it_is(two_weights, data, activation):
    """The gradient differs from that in fifty digits by less than what is called rounding; and that is little."""
    slopes = Slopes(two_weights(data, activation))
    theta = np.random.default_rng(0).uniform(-6, 6, size=(2, 12))
    allowed, g = slopes.rounding(theta)[0], slopes.gradient(theta)
    for k in range(theta.shape[1]):
        exact = mp_gradient(slopes.objective, theta[:, k])
        assert max(abs(float(e - mp.mpf(v))) for e, v in zip(exact, g[:, k], strict=True)) <= allowed[k] < 1e-9


@pytest.mark.parametrize("activation, provable", [("sigmoid", True), ("swish", True), ("relu", False), ("leaky relu", False)])
def test_intervals_prove_something_of_smooth_units_only(two_weights, activation, provable):
    assert Slopes(two_weights("seesaw", activation)).smooth is provable
    assert not Slopes(Own(None, None)).smooth


def test_wide_windows_list_every_point_once(two_weights):
    """Was: 55 entries for 10 points. The eleventh sits on all but flat ground, and is a zero in fifty digits too."""
    fit = two_weights("trident", "swish")
    points = bp.critical_points(fit, -100, 100)
    apart = np.linalg.norm(points.theta[:, :, None] - points.theta[:, None], axis=0) + np.eye(len(points))
    assert len(points) == 11 and apart.min() > 0.01
    zero = mp.findroot(lambda a, b: [1e12 * slope for slope in mp_gradient(fit, (a, b))], (mp.mpf("9.2126"), mp.mpf("-10.6408")),
                       tol=1e-60, maxsteps=60, verify=False)
    assert mp.norm(mp_gradient(fit, zero)) < 1e-30 and points.nearest(np.array(zero.tolist(), float)[:, 0])[1] < 1e-4


@pytest.mark.parametrize("x, t, activation", [([4.4, -9.1, 7.3], [0.3, 0.3, 0.3], "swish"),
                                              ([1.0, 2.0, 3.0], [0.2, 0.4, 0.6], "softplus")])
def test_units_far_out_on_a_straight_piece_make_no_valley(x, t, activation):
    """There f(w2 f(w1 x)) is next to w2 w1 x, level along w1 w2 = const but for a slope of 1e-16: no curve of minima."""
    fit = one_weight_pair(x, t, activation)
    points = bp.critical_points(fit, -40, 40)
    for theta in points.valley[:, ::max(1, points.valley.shape[1] // 4)].T:
        assert mp.norm(mp_gradient(fit, theta)) < 1e-30
    assert "curve" not in repr(points)


def test_the_search_finds_a_crowd_near_the_origin_of_any_window():
    """Auer, Herbster and Warmuth 1996: 25 points, crowded between 0.009 and 1.1. Was: 9 in [-6, 6]^2, 19 in [-10, 200]^2."""
    x = np.array([[1.0, 12.0, 144.0, 0, 0, 0], [0, 0, 0, 1.0, 12.0, 144.0]])
    fit = bp.Fit(bp.Network((2, 1), bias=False), "squared error", bp.Data(x, [0.75] * 6))
    for low, high in ((-6, 6), (-10, 200), (-100, 100)):
        points = bp.critical_points(fit, low, high)
        assert len(points) == 25 and len(points.minima) == 9 and not points.complete
        assert points.searched == f"searched from {points.starts:,} starts between ({minus(low)}, {minus(low)}) and ({minus(high)}, {minus(high)}): " \
                                  "others may be missing"


def test_a_plateau_is_no_valley_floor_of_a_map(two_weights):
    """tanh trident at w = (58, -0.23): a descent was said to end in "C (valley floor, loss 0.06312)"."""
    fit = two_weights("trident", "tanh")
    end = np.array([58.0, -0.2315])
    for _ in range(30):                                        # down across the plateau's crease, as a descent goes
        end[1] -= fit.gradient(end)[1] / fit.hessian(end)[1, 1]
    found, label = arrivals(fit, end[:, None], no_attractors(2))
    assert len(found) == 0 and label.tolist() == [-1]
    true = two_weights("linear saddle", "identity")
    found, label = arrivals(true, np.array([[2.0], [0.5]]), no_attractors(2))
    assert found.kind == ("valley floor",) and label.tolist() == [0]


def test_dead_ground_is_told_apart(two_weights):
    points = bp.critical_points(two_weights("seesaw", "relu"))
    assert len(points.flats) == 1 and points.flats.below[0] == 0 and not points.flats.outward[0]
    assert "the gradient is exactly 0" in points.flats.words


def test_minima_beyond_z_are_named():
    assert [letter(k) for k in (0, 25, 26, 27)] == ["A", "Z", "A1", "A2"]
