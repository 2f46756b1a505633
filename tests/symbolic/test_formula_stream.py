"""A stream of formulas made by a grammar: each is refused at once in a sentence, or goes all the way.

All the way: value and slope against mpmath, near and far out; proof; recorded lines; kernel, machine code's
functions; restarts; a map. (README's own mish made basins die; sqrt(z**2) was taken and died in use.)
"""
import time

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpviz as bp
from bpviz.descent import branchless
from bpviz.descent.kernels import Kernel, PlainKernel
from bpviz.descent.program import program
from bpviz.symbolic import trial
from bpviz.symbolic.formula import FormulaError
from bpviz.symbolic.own import Formula, own_activation

NUMBERS = st.sampled_from(["0", "1", "2", "3", "0.5", "0.1", "-1", "1e-3", "10"])
LEAVES = st.one_of(st.just("z"), st.just("z"), NUMBERS)


def grown(inner):
    one = st.sampled_from(["exp", "log", "tanh", "sin", "cos", "sqrt", "abs", "sigmoid"])
    return st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("{}({})".format, one, inner),
        st.builds("{}({}, {})".format, st.sampled_from(["max", "min"]), inner, inner),
        st.builds("({})**{}".format, inner, st.sampled_from([2, 3, -1, -2, 4])),
        st.builds("(-{})".format, inner))


FORMULAS = st.recursive(LEAVES, grown, max_leaves=6)
# as people write them
WELL_KNOWN = [
    "z*tanh(log(1+exp(z)))", "1/(1+exp(-z))", "z/(1+exp(-z))", "log(1+exp(z))", "(exp(z)-exp(-z))/(exp(z)+exp(-z))",
    "z*((1+exp(z))**2-1)/((1+exp(z))**2+1)", "max(0,z)+min(0,exp(z)-1)", "sqrt(z**2)", "abs(sqrt(z*z))", "sqrt(sqrt(1+z*z))",
    "exp(log(10+z*z)/log(1000))", "1/(1+z*z)", "max(0,z)", "min(max(z,0),6)", "z*min(max(z+3,0),6)/6", "z**1*2", "exp(-z**2)",
    "log(sqrt(1+z**2)+z)", "z/sqrt(1+z**2)", "z - tanh(z)", "log((exp(z)+exp(-z))/2)", "1/(2+3*exp(-z))", "sqrt(z**6)"]


def real(function):
    def call(*args):
        value = function(*map(mpmath.mpf, args))
        if not isinstance(value, mpmath.mpf):
            raise ValueError("complex")
        return value
    return call


def guarded_exp(z):
    if abs(z) > 1e6:
        raise OverflowError
    return mpmath.exp(z)


ORACLE = {**{name: real(getattr(mpmath, name)) for name in ("log", "tanh", "sin", "cos", "sqrt")}, "abs": abs, "max": max,
          "min": min, "exp": real(guarded_exp), "sigmoid": real(lambda z: 1 / (1 + guarded_exp(-z)))}
POINTS = [-800.0, -90.0, -3.3, -0.62, 0.45, 1.9, 4.1, 90.0, 800.0]


def oracle(text, z):
    """(value, slope) of the text at z by mpmath's own arithmetic, or None where there is none, or a kink."""
    code = compile(text, "formula", "eval")

    def f(z):
        return mpmath.mpf(eval(code, {"__builtins__": {}}, {**ORACLE, "z": z}))
    with mpmath.workdps(50):
        z, h = mpmath.mpf(z), mpmath.mpf(10) ** -18
        try:
            value, left, right = f(z), (f(z) - f(z - h)) / h, (f(z + h) - f(z)) / h
        except (ValueError, ZeroDivisionError, OverflowError, TypeError):
            return None
        return (value, (left + right) / 2) if abs(left - right) <= 1e-9 * (abs(left) + abs(right)) else None


def is_right(got, exact):
    if abs(exact) > 1e300:
        return not np.isfinite(got) or abs(got) > 1e299
    return np.isfinite(got) and abs(mpmath.mpf(float(got)) - exact) <= 1e-6 * abs(exact) + 1e-9


def goes_all_the_way(text, record):
    z = np.array(POINTS)
    with np.errstate(all="ignore"):
        value = np.broadcast_to(record.value(np, z), z.shape)
        slope = np.broadcast_to(record.slope(np, z, value), z.shape)
    for k, point in enumerate(POINTS):
        exact = oracle(text, point)
        if exact is not None:
            assert is_right(value[k], exact[0]), (text, point, value[k], exact[0])
            assert is_right(slope[k], exact[1]), (text, point, slope[k], exact[1])
    network = bp.Network((1, 1, 1), "typed", bias=False)
    began = time.process_time()
    assert set(bp.prove(network, "squared error").values()) == {0}, text
    assert time.process_time() - began < 10, text
    fit = bp.Fit(network, "squared error", bp.DATA["seesaw"])
    optimizer = bp.GradientDescent(0.05)
    starts = np.random.default_rng(0).uniform(-2, 2, size=(2, 20))
    ends = []
    for engine in (Kernel(fit, program(fit, optimizer)), PlainKernel(fit, optimizer)):
        ends.append(starts.copy())
        engine.advance(ends[-1], engine.start(20), np.full(3, 0.05))
    calm = np.isfinite(ends[1]).all(axis=0) & (np.abs(ends[1]) < 50).all(axis=0)
    assert np.allclose(ends[0][:, calm], ends[1][:, calm], rtol=1e-6, atol=1e-8), text
    single, gradient = fit.single(*starts[:, 0]), fit.gradient(starts[:, 0])
    assert np.allclose(single[1], gradient, rtol=1e-8, atol=1e-10, equal_nan=True) or not np.isfinite(gradient).all()
    lines = program(fit, optimizer)
    scope = {**vars(branchless)}
    exec("\n    ".join(["def run(w0, w1, x0, t0):", *lines.row, f"return {', '.join(lines.slopes)},"]), scope)
    row = scope["run"](*starts[:, 1], *fit.data.x[:, 0], *fit.data.y[:, 0])
    exact = bp.Fit(network, "squared error", bp.Data(fit.data.x[:, :1], fit.data.y[:, :1])).gradient(starts[:, 1])
    assert not np.isfinite(exact).all() or np.allclose(row, exact, rtol=1e-8, atol=1e-10), text
    assert (bp.restarts(fit, optimizer, starts=5, steps=5).steps == 5).all()
    map_ = bp.basins(fit, low=-2, high=2, cells=8, optimizer=optimizer, steps=32)
    assert map_.label.shape == (8, 8) and map_.words


def refused_or_goes(text, own=own_activation):
    """Whether the formula is taken; then it goes all the way."""
    before = time.process_time()
    try:
        record = own(text, "typed")
    except FormulaError as error:
        assert time.process_time() - before < 0.5, text
        assert str(error).startswith("formula: got ") and str(error).count("\n") == 0 and len(str(error)) < 400
        assert "typed" not in bp.ACTIVATIONS and "typed" not in bp.LOSSES
        return False
    try:
        goes_all_the_way(text, record)
    finally:
        del bp.ACTIVATIONS["typed"]
    return True


@settings(max_examples=25)
@given(FORMULAS)
def test_a_stream_of_formulas(text):
    refused_or_goes(text)


@pytest.mark.parametrize("text", WELL_KNOWN)
def test_what_people_write_is_taken(text):
    assert refused_or_goes(text)


@pytest.mark.parametrize("typed, right", [("log(0.1*z)", lambda m: m.log(m.mpf(1) / 10)), ("z/3 + 1e-20", lambda m: m.mpf(1) / 3 + m.mpf("1e-20")),
                                          ("(1 + 1e-30)*z", lambda m: 1 + m.mpf("1e-30"))])
def test_the_truth_has_all_its_digits(typed, right):
    """At z = 1, in 40 digits: a typed 0.1 is a tenth, no float."""
    found, = trial.truth(Formula(typed, ("z",)).typed, ("z",), np.array([[1.0]]))
    assert abs(found - right(trial.NUMBERS)) < trial.NUMBERS.mpf("1e-38")


def test_what_is_swallowed_by_a_one_in_floats_is_refused():
    """1e-30 + 1 - sigmoid(z) is 0 in floats from z = 37 on, its logarithm -inf; it is -69 in truth."""
    with pytest.raises(ValueError, match="at z = 100 its value is -69.08"):
        bp.own_activation("log(1e-30 + 1 - sigmoid(z))")
