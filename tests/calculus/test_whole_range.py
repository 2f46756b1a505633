"""Every activation and loss, value and slope, over the whole range of floats, in every world, against mpmath.

The law: right to 1e-13 of its value; within 1 of a change of sign to 1e-13 of its size there; never 0 or nan where
the true value is an ordinary float. (Sigmoid's left tail was lost, and cross-entropies cancelled from z = 20 on.)
"""
import itertools

import mpmath
import numpy as np
import oracles
import pytest
import sympy

from bpviz.calculus.activations import ACTIVATIONS
from bpviz.calculus.dual import Dual
from bpviz.calculus.interval import Interval
from bpviz.calculus.losses import LOSSES
from bpviz.descent import branchless
from bpviz.descent.kernels import NAMED
from bpviz.network.row import SHARING, Thrifty
from bpviz.network.unroll import RECORDING, Recorded, compiled_lines, name_of, recorded
from bpviz.symbolic.prove import symbol, vanish
from bpviz.symbolic.xp import XP

TINY = 2.3e-308                                            # the least ordinary float, and a little more
FLUSHED = 1e-303                                           # machine code rounds what is smaller to 0
SIZES = np.concatenate([10.0 ** np.arange(-307, 308, 15), np.linspace(0.01, 45, 60), np.linspace(46, 760, 60),
                        [1.278464542761074, 20.0, 36.0, 36.8, 37.5, 38.0, 354.5, 708.3, 709.0, 744.0, 800.0, 1e4]])
Z = np.concatenate([-SIZES[::-1], [0.0], SIZES])


def s(z):
    return 1 / (1 + mpmath.exp(-z))


EXACT = oracles.on(oracles.digits(mpmath))                              # value and slope


def sign_changes(function, values):
    """[(where the function passes through 0, its size 1 further on)] for its values at Z; not at 0 itself."""
    for k in range(len(Z) - 1):
        if values[k] * values[k + 1] < 0:
            place = mpmath.findroot(function, (Z[k], Z[k + 1]), solver="anderson")
            yield float(place), float(min(abs(function(place - 1)), abs(function(place + 1))))


def test_every_activation_is_held_to_it():
    assert set(EXACT) == set(ACTIVATIONS)


def agrees(got, exact, allowed=0.0, world="", least=TINY):
    """Whether floats are right to 1e-13 of the exact numbers, or to `allowed`; what overflows must be inf."""
    with mpmath.workdps(50):
        for value, truth, slack in zip(np.ravel(got), exact, np.broadcast_to(allowed, np.shape(got)).ravel(), strict=True):
            if abs(truth) > mpmath.mpf("1.7976931348623157e308"):
                assert value == np.inf * int(mpmath.sign(truth)), (value, truth)
                continue
            assert np.isfinite(value), (world, value, truth)
            error = abs(mpmath.mpf(float(value)) - truth)
            assert error <= 1e-13 * abs(truth) + slack + (least if abs(truth) < least else 0), (
                world, value, mpmath.nstr(truth, 17))
    return True


def programs(world, record, names):
    """Value and slope as functions of floats, by the lines recorded in a world; names: its functions."""
    for part in (lambda z, a: a, lambda z, a: record.slope(world, z, a)):
        tape = Thrifty()
        z = Recorded(tape, "z")
        answer = name_of(part(z, record.value(world, z)))
        if names is None:
            yield np.vectorize(compiled_lines(["z"], tape, answer), otypes=[float])
        else:
            scope = dict(names)
            exec("\n    ".join(["def run(z):", *tape, f"return {answer}"]), scope)
            yield np.vectorize(scope["run"], otypes=[float])


def worlds(record):
    """{world: (value, slope)}, functions of an array."""
    def dual_slope(z):
        return np.broadcast_to(record.value(np, Dual(z, 1.0)).d, z.shape)
    yield "NumPy", lambda z: record.value(np, z), lambda z: record.slope(np, z, record.value(np, z))
    yield "Dual", lambda z: record.value(np, Dual(z, 1.0)).v, dual_slope
    yield "single", *programs(RECORDING, record, None)
    yield "kernel", *programs(SHARING, record, NAMED)
    yield "machine code", *programs(SHARING, record, vars(branchless))


@pytest.mark.parametrize("name", EXACT)
def test_activations_over_the_whole_range(name):
    record = ACTIVATIONS[name]
    with mpmath.workdps(50):
        exact = [[function(mpmath.mpf(float(z))) for z in Z] for function in EXACT[name]]
        changes = [[*sign_changes(function, values)] for function, values in zip(EXACT[name], exact, strict=True)]
    for world, *functions in worlds(record):
        for k, function in enumerate(functions):
            allowed = np.zeros(Z.shape)
            for place, size in changes[k]:
                allowed[abs(Z - place) < 1] = 1e-13 * size
            if world in ("kernel", "machine code") and k == 0 and (r"\tanh" in record.formula or "- 1" in record.formula):
                allowed[abs(Z) < 1] = 4e-16                # a difference of two numbers near 1, half as long
            if world == "Dual" and (name, k) == ("softsign", 1):
                allowed = 4e-16 / (1 + abs(Z))             # by the rule of the quotient, a difference
            where = Z != 0 if world == "Dual" and k == 1 else np.full(Z.shape, True)       # a kink has no derivative
            with np.errstate(all="ignore"):
                got = function(Z[where])
            assert agrees(got, [e for e, there in zip(exact[k], where, strict=True) if there], allowed[where], world,
                          FLUSHED if world in ("kernel", "machine code") else TINY)


@pytest.mark.parametrize("name", EXACT)
def test_intervals_enclose_it_all(name):
    record = ACTIVATIONS[name]
    for width in (0.0, 0.3):
        box = Interval(Z - width, Z + width)
        value, slope = record.value(np, box), record.slope(np, box, record.value(np, box))
        moved = record.value(np, Dual(box, Interval(np.ones_like(Z), np.ones_like(Z)))).d
        with mpmath.workdps(50):
            for k, z in enumerate(Z):
                for at in {z - width, z, z + width} - {0.0}:
                    truth, steep = (function(mpmath.mpf(float(at))) for function in EXACT[name])
                    assert value.lo[k] <= truth <= value.hi[k], (z, at)
                    assert slope.lo[k] <= steep <= slope.hi[k], (z, at)
                    assert moved.lo[k] <= steep <= moved.hi[k], (z, at)


def binary(z, t):
    """(loss, slope) of binary cross-entropy for one score."""
    rest = mpmath.log1p(mpmath.exp(-abs(z)))
    return t * (rest - min(z, 0)) + (1 - t) * (rest + max(z, 0)), (1 - t) * s(z) - t * s(-z)


def softmax(z, t):
    """(loss, slopes) of softmax cross-entropy: everything by differences of scores."""
    o = [1 / mpmath.fsum(mpmath.exp(v - u) for v in z) for u in z]
    loss = mpmath.fsum(share * mpmath.log1p(mpmath.fsum(mpmath.exp(v - u) for j, v in enumerate(z) if j != k))
                       for k, (u, share) in enumerate(zip(z, t, strict=True)))
    return loss, [mpmath.fsum(t[j] * o[k] - t[k] * o[j] for j in range(len(z)) if j != k) for k in range(len(z))]


def in_every_world(record, z, t):
    """(world, loss, slope) of scores z (n,) and targets t (n,), floats and arrays."""
    z, t = z[:, None], t[:, None]

    def out(xp, z):
        return z if record.output is None else record.output(xp, z)
    yield "NumPy", record.value(np, z, out(np, z), t)[0], record.slope(np, z, out(np, z), t)[:, 0]
    dual = [record.value(np, d, out(np, d), t) for d in (Dual(z, np.eye(len(z))[k][:, None]) for k in range(len(z)))]
    yield "Dual", dual[0].v[0], [d.d[0] for d in dual]
    for world, xp, names in (("single", RECORDING, None), ("kernel", SHARING, NAMED),
                             ("machine code", SHARING, vars(branchless))):
        tape = Thrifty()
        symbols, targets = recorded(tape, "z", z.shape), t.astype(object)
        answers = [record.value(xp, symbols, out(xp, symbols), targets)[0],
                   *record.slope(xp, symbols, out(xp, symbols), targets)[:, 0]]
        arguments, answer = [f"z{k}" for k in range(len(z))], f"({', '.join(map(name_of, answers))},)"
        if names is None:
            run = compiled_lines(arguments, tape, answer)
        else:
            scope = dict(names)
            exec("\n    ".join([f"def run({', '.join(arguments)}):", *tape, f"return {answer}"]), scope)
            run = scope["run"]
        loss, *slope = run(*map(float, z[:, 0]))
        yield world, loss, slope


@pytest.mark.parametrize("target", [0.0, 1.0, 0.3])
def test_binary_cross_entropy_over_the_whole_range(target):
    record, t = LOSSES["binary cross-entropy"], np.array([target])
    with np.errstate(all="ignore"):
        for z in Z[::2]:
            with mpmath.workdps(50):
                loss, slope = binary(mpmath.mpf(float(z)), mpmath.mpf(target))
            for world, value, steep in in_every_world(record, np.array([z]), t):
                assert agrees([value], [loss]), (world, z)
                assert agrees(steep, [slope], 1e-13 if target == 0.3 and abs(z) < 2 else 0), (world, z)


ROWS = [[800.0, 100.0, 0.0], [1e6 + 0.1, 1e6, 1e6 - 40], [-1e4, 1e4, 0.0], [0.3, -0.2, 0.1], [-700.0, 0.0, -30.0],
        [20.0, -20.0, 0.0], [37.5, 0.0, 0.0], [1e300, 1.0, -1e300], [1e-300, 0.0, -1e-300], [40.0, 0.0, 39.9]]


@pytest.mark.parametrize("target", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.25, 0.5, 0.25]], ids=str)
def test_softmax_cross_entropy_over_the_whole_range(target):
    record, t = LOSSES["softmax cross-entropy"], np.array(target)
    with np.errstate(all="ignore"):
        for row in ROWS:
            with mpmath.workdps(50):
                loss, slopes = softmax([mpmath.mpf(v) for v in row], [mpmath.mpf(v) for v in target])
            for world, value, steep in in_every_world(record, np.array(row), t):
                assert agrees([value], [loss]), (world, row)
                assert agrees(steep, slopes, 1e-13 if max(target) < 1 else 0), (world, row)


@pytest.mark.parametrize("n", [2, 3, 10])
def test_softmax_of_scores_that_lead_by_far(n):
    record = LOSSES["softmax cross-entropy"]
    z = np.random.default_rng(n).uniform(-300, 300, size=(n, 40))
    with mpmath.workdps(50), np.errstate(all="ignore"):
        o = [[1 / mpmath.fsum(mpmath.exp(mpmath.mpf(v) - mpmath.mpf(u)) for v in row) for u in row] for row in z.T]
        assert agrees(record.output(np, z).T, itertools.chain(*o))


def test_the_largest_score_may_be_taken_off():
    """Floats take off the largest score, proofs do not: that this changes nothing is proved too, for any number."""
    record, z, t = LOSSES["softmax cross-entropy"], [symbol(f"z{k}") for k in range(3)], [symbol(f"t{k}") for k in range(3)]
    z, t = np.array(z, dtype=object)[:, None], np.array(t, dtype=object)[:, None]

    class Shifted:
        def __getattr__(self, name):
            return getattr(XP, name)
    shifted = Shifted()
    shifted.exact, shifted.maximum = False, lambda u, v: symbol("m")
    pairs = [*zip(record.output(XP, z)[:, 0], record.output(shifted, z)[:, 0], strict=True)]
    loss = [record.value(world, z, None, t)[0] for world in (XP, shifted)]
    pairs += [(sympy.diff(loss[0], v), sympy.diff(loss[1], v)) for v in z[:, 0]]
    assert all(symbol("m") in other.free_symbols for _, other in pairs)
    assert all(vanish(plain - other) == 0 for plain, other in pairs)
    zero = {v: 0 for v in z[:, 0]}
    assert sympy.simplify((loss[0] - loss[1]).xreplace(zero).doit()) == 0
