"""The theory of wide networks: against exact integrals, against itself, and against measured networks."""
import math

import numpy as np
import pytest
from scipy import integrate, special

import bpviz as bp
from bpviz.network.mean_field import (
    MeanField,
    critical_line,
    expected_of,
    plane,
    square_of_answer,
    square_of_slope,
    units,
)
from bpviz.network.starts import sigma_w

LENGTHS = [1e-6, 0.1, 1.0, 30.0, 1e4]


@pytest.mark.parametrize("q", LENGTHS)
def test_erf_and_relu_have_exact_integrals(q):
    s = math.pi / 4                                  # erf(sqrt(pi)/2 z): Williams 1997
    assert np.isclose(square_of_answer("erf", q), 2 / math.pi * math.asin(2 * s * q / (1 + 2 * s * q)), rtol=1e-11)
    assert np.isclose(square_of_slope("erf", q), 1 / math.sqrt(1 + 4 * s * q), rtol=1e-11)
    assert np.isclose(square_of_answer("relu", q), q / 2, rtol=1e-13)
    assert np.isclose(square_of_slope("relu", q), 0.5, rtol=1e-13)


def test_erf_is_the_erf():
    z = np.linspace(-7, 7, 5001)
    record = units()["erf"]
    assert np.abs(record.value(np, z) - special.erf(math.sqrt(math.pi) / 2 * z)).max() < 1e-15
    step = 1e-6
    slope = (record.value(np, z + step) - record.value(np, z - step)) / (2 * step)
    assert np.allclose(record.slope(np, z, record.value(np, z)), slope, atol=1e-8)
    assert record.slope(np, np.zeros(1), None) == 1 and "erf" not in bp.ACTIVATIONS


@pytest.mark.parametrize("q", [0.3, 9.0])
@pytest.mark.parametrize("name", units())
def test_integrals_agree_with_scipy(name, q):
    record = units()[name]
    for ours, function in ((square_of_answer, lambda z: record.value(np, z)),
                           (square_of_slope, lambda z: record.slope(np, z, record.value(np, z)))):
        def integrand(u, function=function):
            return float(function(np.array([math.sqrt(q) * u]))[0]) ** 2 * math.exp(-u * u / 2) / math.sqrt(2 * math.pi)
        exact = sum(integrate.quad(integrand, a, b, epsabs=1e-13, epsrel=1e-12, limit=200)[0] for a, b in ((-10, 0), (0, 10)))
        assert np.isclose(ours(name, q), exact, rtol=1e-10)


@pytest.mark.parametrize("sigma_b", [0.0, 0.1, 0.7])
@pytest.mark.parametrize("sigma", [0.5, 0.99, 1.3, 3.0])
@pytest.mark.parametrize("name", units())
def test_the_fixed_point_is_where_iteration_ends(name, sigma, sigma_b):
    theory, q = MeanField(name, sigma, sigma_b), 1.0
    for _ in range(4000):
        before, q = q, min(float(theory.length(q)), 1e13)
        if abs(q - before) <= 1e-15 * q or q < 1e-9:                # it rests, or nothing is left of it
            break
    star = theory.fixed_point
    if star == math.inf:
        assert q > 100
    elif star == 0:
        assert q < 1e-3
    else:
        assert np.isclose(q, star, rtol=1e-6) and np.isclose(theory.length(star), star, rtol=1e-12)


def test_relu_in_closed_form():
    theory = MeanField("relu", 1.2, 0.5)
    assert np.isclose(theory.fixed_point, 0.25 / (1 - 0.72)) and np.isclose(theory.slope, 0.72)
    assert theory.phase == "ordered" and np.isclose(theory.depth_scale, -1 / math.log(0.72))
    assert MeanField("relu", math.sqrt(2)).phase == "critical" and MeanField("relu", math.sqrt(2)).depth_scale == math.inf
    assert MeanField("relu", 1.5, 0.1).fixed_point == math.inf and MeanField("relu", 1.5, 0.1).phase == "chaotic"
    assert MeanField("tanh", 0.5).fixed_point == 0 and np.isclose(MeanField("tanh", 0.5).slope, 0.25)
    assert MeanField("tanh", 0.0).depth_scale == 0


@pytest.mark.parametrize("name, sigma, sigma_b", [
    *((name, *sigmas) for name in ("tanh", "erf", "sigmoid") for sigmas in ((0.9, 0.3), (1.5, 0.2), (3.0, 0.1))),
    ("swish", 0.9, 0.3), ("swish", 1.3, 0.1)])
def test_chi_is_the_slope_of_the_correlation_map_at_1(name, sigma, sigma_b):
    theory = MeanField(name, sigma, sigma_b)
    h = 1e-4
    slopes = [(theory.correlation(1.0) - theory.correlation(1 - step)) / step for step in (h, 2 * h)]
    assert np.isclose(2 * slopes[0] - slopes[1], theory.slope, rtol=1e-3)


def test_correlation_maps_known_exactly():
    c = np.linspace(-1, 1, 21)
    theory = MeanField("relu", 1.2, 0.5)             # Cho and Saul 2009, the arc-cosine kernel
    q = theory.fixed_point
    arccos = (np.sqrt(1 - c * c) + (math.pi - np.arccos(c)) * c) / (2 * math.pi)
    assert np.allclose(theory.correlation(c), (1.44 * q * arccos + 0.25) / q, atol=1e-3)
    theory, s = MeanField("erf", 2.0, 0.1), math.pi / 4
    q = theory.fixed_point
    arcsine = 2 / math.pi * np.arcsin(2 * s * c * q / (1 + 2 * s * q))
    assert np.allclose(theory.correlation(c), (4 * arcsine + 0.01) / q, atol=1e-7)
    assert np.isnan(MeanField("tanh", 0.5).correlation(0.3))


@pytest.mark.parametrize("name", units())
def test_on_the_critical_line_chi_is_1(name):
    w, b, q = critical_line(name, np.geomspace(1e-3, 30, 12))
    if name == "softplus":
        assert not len(w)                            # its slope of 1 comes only with a mean that grows for ever
        return
    for sigma, sigma_b, length in zip(w, b, q, strict=True):
        theory = MeanField(name, sigma, sigma_b)
        assert np.isclose(theory.length(length), length, rtol=1e-9) and np.isclose(theory.chi(length), 1, rtol=1e-9)
    if name in ("tanh", "erf"):
        assert np.isclose(w[0], 1, atol=2e-3) and (np.diff(w) > 0).all() and (np.diff(b) > 0).all()
    if name == "relu":
        assert np.allclose(w, math.sqrt(2)) and np.allclose(b, 0)


@pytest.mark.parametrize("name", ["tanh", "erf", "relu", "sigmoid"])
def test_the_plane_is_the_theory_at_every_point(name):
    w, b = np.linspace(0.1, 3.9, 7), np.linspace(0, 2, 5)
    exact = [[MeanField(name, sigma, sigma_b).slope for sigma in w] for sigma_b in b]
    assert np.allclose(plane(name, w, b), exact, rtol=3e-3)


# ---- against networks

SEEDS, DEPTH, WIDTH = 24, 12, 300


def measured(forward_and_back):
    """log of |delta_k|^2 / |delta_(k+1)|^2 summed over the middle layers, one number per seed."""
    return np.array([np.log(forward_and_back(np.random.default_rng(seed))).sum() for seed in range(SEEDS)])


def agrees(logs, theory):
    """Whether the mean over seeds, the log-normal allowance of half the variance added, is within its interval.

    The theory gives the mean of the ratio; the mean of its logarithm lies lower, by half the variance.
    """
    allowance, error = logs.var(ddof=1) / 2, logs.std(ddof=1) / math.sqrt(SEEDS)
    return abs(logs.mean() + allowance - theory) < 3 * error + 0.02 and logs.std() < 2


CURES = ({}, {"skip": True}, {"layer_norm": True}, {"skip": True, "layer_norm": True})


@pytest.mark.parametrize("activation, scale, bias", [("tanh", 0.9, 0.2), ("tanh", 1.6, 0.1), ("relu", 1.2, 0.1),
                                                     ("relu", 1.6, 0.0), ("sigmoid", 1.0, 0.3), ("swish", 1.2, 0.2)])
def test_measured_ratios_lie_around_chi(activation, scale, bias):
    """With every cure, on the same weights: one draw of them serves all four."""
    nets = [bp.Network((WIDTH,) * (DEPTH + 1), (activation,) * (DEPTH - 1) + ("identity",), **cure) for cure in CURES]
    middle = slice(2, DEPTH - 2)

    def run(rng):
        x = rng.normal(size=(WIDTH, 2))
        x = x / np.sqrt((x * x).mean(axis=0))
        theta, blame = bp.initial_weights(nets[0], "LeCun", rng, scale, bias), rng.normal(size=(WIDTH, 2))
        ratios = []
        for net in nets:
            fit = bp.Fit(net, "squared error", bp.Data(x, np.zeros((WIDTH, 2))))
            fit = bp.Fit(net, "squared error", bp.Data(x, fit.predict(theta) - blame))
            ratios.append(bp.gradients_by_layer(fit, theta).ratio[middle] ** 2)
        return np.array(ratios)

    logs = np.array([np.log(run(np.random.default_rng(seed))).sum(axis=1) for seed in range(SEEDS)])
    for net, cure, found in zip(nets, CURES, logs.T, strict=True):
        expected = expected_of(net, sigma_w(net, "LeCun", scale), bias).ratio[middle]
        assert agrees(found, 2 * np.log(expected).sum()), cure


@pytest.mark.parametrize("cure", CURES, ids=str)
def test_a_cure_begins_at_the_weights_of_the_plain_network(cure):
    plain, cured = (bp.Network((5, 5, 5, 5), "tanh", **one) for one in ({}, cure))
    assert np.array_equal(*(bp.initial_weights(net, "LeCun", 3, 0.9, 0.2) for net in (plain, cured)))


@pytest.mark.parametrize("sigma, sigma_b", [(0.9, 0.2), (1.7, 0.1)])
def test_measured_ratios_of_erf(sigma, sigma_b):
    """erf has no network here: a plain NumPy one with SciPy's erf, backward pass written out."""
    k = math.sqrt(math.pi) / 2

    def run(rng):
        layers = [(rng.normal(size=(WIDTH, WIDTH)) * sigma / math.sqrt(WIDTH), rng.normal(size=WIDTH) * sigma_b)
                  for _ in range(DEPTH)]
        a, z = rng.normal(size=WIDTH), []
        a = a / math.sqrt((a * a).mean())
        for W, b in layers:
            z.append(W @ a + b)
            a = special.erf(k * z[-1])
        delta = [rng.normal(size=WIDTH)]
        for (W, _), heard in zip(layers[:0:-1], z[-2::-1], strict=True):
            delta.insert(0, (W.T @ delta[0]) * np.exp(-(k * heard) ** 2))
        squares = np.array([(d * d).sum() for d in delta])
        return (squares[:-1] / squares[1:])[2:DEPTH - 2]

    theory, q, chi = MeanField("erf", sigma, sigma_b), [sigma ** 2 + sigma_b ** 2], []
    for _ in range(DEPTH):
        chi.append(float(theory.chi(q[-1])))
        q.append(float(theory.length(q[-1])))
    assert agrees(measured(run), np.log(chi[2:DEPTH - 2]).sum())


def test_the_geometric_mean_lies_below_chi_at_small_width():
    """Hanin and Nica 2020: the variance of the logarithm grows like depth over width, its mean falls by half of that."""
    spread, short = {}, {}
    for width in (20, 80):
        net = bp.Network((width,) * 21, ("relu",) * 19 + ("identity",))
        logs = []
        for seed in range(120):
            rng = np.random.default_rng(seed)
            fit = bp.Fit(net, "squared error", bp.Data(rng.normal(size=(width, 1)), np.zeros((width, 1))))
            theta = bp.initial_weights(net, "He", rng)
            fit = bp.Fit(net, "squared error", bp.Data(fit.data.x, fit.predict(theta) - rng.normal(size=(width, 1))))
            logs.append(2 * np.log(bp.gradients_by_layer(fit, theta).ratio[1:-1]).sum())
        spread[width], short[width] = np.var(logs), -np.mean(logs)
    assert spread[20] > 2.5 * spread[80] and short[20] > short[80] > 0
    assert 0.3 < short[20] / (spread[20] / 2) < 2


REFUSED = [
    (lambda: MeanField("tan", 1), "activation: got 'tan', did you mean 'tanh'?"),
    (lambda: MeanField("tanh", -1), "sigma_w: got -1; allowed is a finite number at least 0"),
    (lambda: MeanField("tanh", 1, math.inf), "sigma_b: got inf"),
    (lambda: expected_of(bp.Network((2, 2, 1)), 1.0, length=-1), "length: got -1"),
]


@pytest.mark.parametrize("action, sentence", REFUSED, ids=[s for _, s in REFUSED])
def test_refusals(action, sentence):
    with pytest.raises(ValueError) as error:
        action()
    assert sentence in str(error.value)
