"""Laws over the whole tables of activations and losses."""
import mpmath
import numpy as np
import pytest
from scipy.special import logsumexp

from bpviz.calculus.activations import ACTIVATIONS
from bpviz.calculus.functions import FUNCTIONS
from bpviz.calculus.losses import LOSSES, loss_named
from bpviz.calculus.worlds import ObjectWorld

Z = np.concatenate([np.linspace(-8, -0.05, 60), np.linspace(0.05, 8, 60)])
HUGE = np.array([-1e300, -1e4, -800.0, 800.0, 1e4, 1e300])


def five_point(f, z, h=1e-3):
    return (f(z - 2 * h) - 8 * f(z - h) + 8 * f(z + h) - f(z + 2 * h)) / (12 * h)


@pytest.mark.parametrize("record", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
def test_slope_is_the_derivative(record):
    slope = record.slope(np, Z, record.value(np, Z))
    assert np.allclose(slope, five_point(lambda z: record.value(np, z), Z), rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("record", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
def test_a_slope_that_jumps_is_said_to(record):
    """The built-in ones have their kinks at whole numbers, if any."""
    left, right = (record.slope(np, z, record.value(np, z)) for z in np.arange(-9.0, 10.0) + np.array([[-1e-9], [1e-9]]))
    assert record.slope_jumps == (abs(right - left).max() > 1e-6)


@pytest.mark.parametrize("record", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
def test_activation_never_overflows(record):
    with np.errstate(all="raise", under="ignore"):
        a = record.value(np, HUGE)
        slope = record.slope(np, HUGE, a)
    assert np.isfinite(slope).all() and np.isfinite(a).all()


@pytest.mark.parametrize("name", ["sigmoid", "softplus", "swish", "tanh", "elu"])
def test_activation_against_fifty_digits(name):
    formula = {"sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)), "softplus": lambda z: mpmath.log(1 + mpmath.exp(z)),
               "swish": lambda z: z / (1 + mpmath.exp(-z)), "tanh": mpmath.tanh,
               "elu": lambda z: z if z > 0 else mpmath.exp(z) - 1}[name]
    with mpmath.workdps(50):
        exact = [float(formula(mpmath.mpf(float(z)))) for z in Z]
    assert np.allclose(ACTIVATIONS[name].value(np, Z), exact, rtol=1e-12, atol=1e-16)


def test_kinks_take_the_slope_from_the_left():
    zero = np.zeros(1)
    slopes = {name: r.slope(np, zero, r.value(np, zero))[0] for name, r in ACTIVATIONS.items()}
    assert slopes["relu"] == 0 and slopes["leaky relu"] == 0.01 and slopes["elu"] == 1


def scores_and_targets(record, seed=0):
    rng = np.random.default_rng(seed)
    z, t = rng.normal(size=(3, 5)) * 2, rng.uniform(0.1, 0.9, size=(3, 5))
    return z, t / t.sum(axis=0) if record.output_name == "softmax" else t


@pytest.mark.parametrize("record", LOSSES.values(), ids=list(LOSSES))
def test_loss_slope_is_the_derivative(record):
    z, t = scores_and_targets(record)

    def value(scores):
        return record.value(np, scores, scores if record.output is None else record.output(np, scores), t)

    slope = record.slope(np, z, z if record.output is None else record.output(np, z), t)
    for j in range(3):
        step = np.zeros((3, 1))
        step[j] = 1e-3
        difference = (value(z - 2 * step) - 8 * value(z - step) + 8 * value(z + step) - value(z + 2 * step)) / 12e-3
        assert np.allclose(slope[j], difference, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("size", [1e4, 1e300])
@pytest.mark.parametrize("record", LOSSES.values(), ids=list(LOSSES))
def test_losses_never_overflow(record, size):
    z = np.array([[size, -size, size], [-size, size, size / 2]])
    t = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5]])
    if record.output is None:
        z = z / size * 1e4
    o = z if record.output is None else record.output(np, z)
    with np.errstate(all="raise", under="ignore"):
        value, slope = record.value(np, z, o, t), record.slope(np, z, o, t)
    assert np.isfinite(value).all() and np.isfinite(slope).all()


def test_cross_entropies_against_scipy():
    record = LOSSES["softmax cross-entropy"]
    z, t = scores_and_targets(record)
    exact = -(t * (z - logsumexp(z, axis=0))).sum(axis=0)
    assert np.allclose(record.value(np, z, None, t), exact, rtol=1e-13)
    assert np.allclose(record.output(np, z), np.exp(z - logsumexp(z, axis=0)), rtol=1e-13)


def test_cross_entropy_picks_by_outputs():
    assert loss_named("cross-entropy", 1).name == "binary cross-entropy"
    assert loss_named("cross-entropy", 3).name == "softmax cross-entropy"


@pytest.mark.parametrize("table, wrong, near", [(ACTIVATIONS, "sigmod", "sigmoid"), (LOSSES, "squared eror", "squared error")])
def test_unknown_names_tell_the_near_miss(table, wrong, near):
    with pytest.raises(ValueError, match=f"got '{wrong}', did you mean '{near}'"):
        table[wrong]


def test_a_world_must_be_complete():
    with pytest.raises(ValueError, match="missing"):
        ObjectWorld({name: abs for name in FUNCTIONS if name != "tanh"})
