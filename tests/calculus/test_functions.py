"""The law of the table of elementary functions: each one means the same in every world, against mpmath's numbers."""
import math

import mpmath
import numpy as np
import pytest
import sympy

from bpviz.calculus.dual import Dual
from bpviz.calculus.functions import ARRAYS, FUNCTIONS
from bpviz.calculus.interval import Interval
from bpviz.network.row import SHARING, Thrifty
from bpviz.network.unroll import RECORDING, Recorded, compiled_lines, name_of
from bpviz.network.written import Writer, Written
from bpviz.symbolic import exact, formula, values
from bpviz.symbolic.trial import DIGITS, NUMBERS
from bpviz.symbolic.xp import SYMBOLS, XP

POSITIVE = ("log", "sqrt")
LINE = np.array([-60.0, -7.3, -1.9, -0.31, -1e-3, 1e-3, 0.42, 1.3, 2.2, 8.6, 40.0])


# Written a second time, by what mpmath has: no oracle shares a line with the table.
ORACLES = {
    "exp": mpmath.exp, "expm1": mpmath.expm1, "log": mpmath.log, "sqrt": mpmath.sqrt, "tanh": mpmath.tanh,
    "sin": mpmath.sin, "cos": mpmath.cos, "abs": mpmath.fabs, "maximum": max, "minimum": min,
    "logaddexp": lambda u, v: mpmath.log(mpmath.exp(u) + mpmath.exp(v)), "heaviside": lambda z, middle: mpmath.mpf(z > 0),
    "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)), "sigmoid_slope": lambda z: mpmath.sech(z / 2) ** 2 / 4,
    "tanh_slope": lambda z: mpmath.sech(z) ** 2, "softplus": lambda z: mpmath.log(1 + mpmath.exp(z)),
    "normal_density": mpmath.npdf, "normal_cdf": lambda z: mpmath.erfc(-z / mpmath.sqrt(2)) / 2,
}


def oracle(name):
    """The function of floats in 60 digits: mpmath's own of this name where no other is written down."""
    function = ORACLES.get(name) or getattr(mpmath, name)

    def call(*arguments):
        with mpmath.workdps(60):
            return +function(*(mpmath.mpf(float(v)) for v in arguments))
    return call


def arguments(name):
    """One array for each argument; the second of a Heaviside is its value at 0."""
    z = np.abs(LINE) if name in POSITIVE else LINE
    return (z,) if FUNCTIONS[name].n_arguments == 1 else (z, np.zeros_like(z) if name == "heaviside" else z[::-1] / 3)


def close(got, name, z, rtol=1e-13):
    wanted = [oracle(name)(*point) for point in zip(*z, strict=True)]
    return np.allclose(np.asarray(got, dtype=float), np.array(wanted, dtype=float), rtol=rtol, atol=1e-300)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_values_in_every_world_of_numbers(name):
    function, z = FUNCTIONS[name], arguments(name)
    letters = [f"u{k}" for k in range(len(z))]
    assert close(getattr(ARRAYS, name)(*z), name, z)
    assert close([function.number(*map(float, point)) for point in zip(*z, strict=True)], name, z)
    assert close([getattr(DIGITS, name)(*map(NUMBERS.mpf, point)) for point in zip(*z, strict=True)], name, z)
    for table, numbers in ((values.VALUES, values.NUMBERS), (exact.words(exact.FEW), exact.FEW)):
        got = [table[function.named[-1]](*map(numbers.mpf, point)) for point in zip(*z, strict=True)]
        assert close(got, name, z)
    tape = []
    answer = getattr(RECORDING, name)(*(Recorded(tape, letter) for letter in letters))
    run = compiled_lines(letters, tape, name_of(answer))
    assert close([run(*map(float, point)) for point in zip(*z, strict=True)], name, z)
    script = getattr(Writer, name)(*map(Written, letters)).text
    assert close(eval(script, {"np": np, "math": math, **dict(zip(letters, z, strict=True))}), name, z, 3e-13)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_errors_become_inf_and_nan_on_the_way(name):
    function = FUNCTIONS[name]
    for z in (-np.inf, -1e308, -1.0, -0.0, 0.0, 1e308, np.inf, np.nan):
        point = (z, 0.0)[:function.n_arguments]
        with np.errstate(all="ignore"):
            wanted = float(getattr(ARRAYS, name)(*point))
        got = (function.quiet or function.number)(*point)
        assert got == wanted or got != got and wanted != wanted or (name in ("sin", "cos") and np.isclose(got, wanted)), (z, got)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_programs_for_many_networks_mean_the_same(name):
    """The quicker forms of network/row.py, as NumPy calls and as machine code."""
    branchless = pytest.importorskip("bpviz.descent.branchless")
    from bpviz.descent.kernels import NAMED
    z, tape = arguments(name), Thrifty()
    letters = [f"u{k}" for k in range(len(z))]
    answer = name_of(getattr(SHARING, name)(*(Recorded(tape, letter) for letter in letters)))
    for scope, points in ((NAMED, [z]), (vars(branchless), [*zip(*z, strict=True)])):
        scope = {**scope, "run": None}
        exec("\n    ".join([f"def run({', '.join(letters)}):", *tape, f"return {answer}"]), scope)
        with np.errstate(all="ignore"):
            got = np.concatenate([np.atleast_1d(scope["run"](*point)) for point in points])
        assert np.allclose(got, [float(oracle(name)(*point)) for point in zip(*z, strict=True)], rtol=1e-13, atol=4e-16)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_slopes_are_derivatives(name):
    """By mpmath's difference quotients in 60 digits, and by SymPy: the record's slopes are the very derivatives."""
    function, z = FUNCTIONS[name], arguments(name)
    for k in range(len(z)):
        if (name, k) == ("heaviside", 1):
            continue
        tangents = [np.ones_like(v) if j == k else np.zeros_like(v) for j, v in enumerate(z)]
        dual = getattr(ARRAYS, name)(*map(Dual, z, tangents))
        with mpmath.workdps(60):
            wanted = [mpmath.diff(ORACLES.get(name) or getattr(mpmath, name), tuple(map(mpmath.mpf, map(float, point))),
                                  tuple(int(j == k) for j in range(len(z)))) for point in zip(*z, strict=True)]
        assert np.allclose(dual.d, np.array(wanted, dtype=float), rtol=1e-12, atol=1e-300)
        symbols = sympy.symbols("u v", real=True)[:len(z)]
        value = sympy.sympify(SYMBOLS[name](*symbols))
        slope = sympy.sympify(function.slopes(XP, *symbols, value)[k])
        point = dict(zip(symbols, (sympy.Rational(37, 100), sympy.Rational(13, 10)), strict=False))
        assert abs((sympy.diff(value, symbols[k]) - slope).xreplace(point).doit().evalf(30)) < 1e-25


@pytest.mark.parametrize("name", FUNCTIONS)
def test_intervals_enclose(name):
    z = arguments(name)
    for width in (0.0, 0.2):
        boxes = [Interval(v * (1 - width), v * (1 + width)) if (v > 0).all() else Interval(v - width, v + width) for v in z]
        boxes = boxes[:1] + ([z[1]] if name == "heaviside" else boxes[1:])
        image = getattr(ARRAYS, name)(*boxes)
        with mpmath.workdps(60):
            for k in range(len(LINE)):
                for share in (0, 0.3, 1):
                    inside = [b[k] if isinstance(b, np.ndarray) else b.lo[k] + share * (b.hi[k] - b.lo[k]) for b in boxes]
                    assert image.lo[k] <= oracle(name)(*inside) <= image.hi[k], (name, inside)
    assert FUNCTIONS[name].least <= image.lo.min() and image.hi.max() <= FUNCTIONS[name].most


@pytest.mark.parametrize("name", [name for name, f in FUNCTIONS.items() if f.typed])
def test_what_may_be_typed_is_what_it_is_called(name):
    function = FUNCTIONS[name]
    text = f"{function.typed}({', '.join(['u', 'v'][:function.n_arguments])})"
    expression = formula.parse(text, ("u", "v"))
    symbols = sorted(expression.free_symbols, key=str)
    point = {s: sympy.Float(v, 30) for s, v in zip(symbols, (0.37, 1.3), strict=False)}
    wanted = oracle(name)(*(0.37, 1.3)[:len(symbols)])
    assert abs(values.value(expression, {s: values.NUMBERS.mpf(float(v)) for s, v in point.items()}) - wanted) < 1e-25


@pytest.mark.parametrize("name", ["erf", "normal_density", "normal_cdf"])
def test_the_normal_distribution_to_1e_15(name):
    """Arrays and floats, dense and over the whole range: a relative error below 1e-15 wherever there is a float."""
    z = np.concatenate([np.linspace(-37.5, 37.5, 1501), np.outer([-1, 1], 10.0 ** np.linspace(-300, 1.5, 200)).ravel()])
    exact = [oracle(name)(v) for v in z]
    for got in (getattr(ARRAYS, name)(z), [FUNCTIONS[name].number(float(v)) for v in z]):
        assert all(abs(mpmath.mpf(float(v)) - e) <= 1e-15 * abs(e) for v, e in zip(got, exact, strict=True))
