"""Test surfaces: slopes against complex steps and SymPy, minima against scipy's and SymPy's, sources of their names."""
import pickle

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import minimize

import bpviz as bp

EVERY = list(bp.SURFACES.values())
BY_NAME = pytest.mark.parametrize("surface", EVERY, ids=lambda s: s.name)


def cloud(surface, n=400):
    return np.random.default_rng(0).uniform(np.array(surface.low)[:, None], np.array(surface.high)[:, None], (2, n))


@BY_NAME
def test_the_slope_is_the_derivative(surface):
    theta, h = cloud(surface), 1e-200
    by_complex_step = np.stack([surface.value(theta[0] + 1j * h, theta[1]).imag / h,
                                surface.value(theta[0], theta[1] + 1j * h).imag / h])
    assert np.allclose(surface.gradient(theta), by_complex_step, rtol=1e-11, atol=1e-11)


@BY_NAME
def test_the_formula_shown_is_the_formula_computed_and_the_minima_are_all_there_are(surface):
    x, y = sp.symbols("x y", real=True)
    exact = sp.nsimplify(surface.value(x, y), rational=True)
    slope = [sp.expand(sp.nsimplify(part, rational=True)) for part in surface.slope(x, y)]
    assert [sp.expand(sp.diff(exact, v) - s) for v, s in zip((x, y), slope, strict=True)] == [0, 0]
    inside = []
    for place in _critical(slope, x, y):
        H = np.array(sp.hessian(exact, (x, y)).subs(dict(zip((x, y), place, strict=True))).evalf(), float)
        if np.linalg.eigvalsh(H)[0] > 1e-9:
            inside.append((*place, float(exact.subs(dict(zip((x, y), place, strict=True))))))
    if surface.name == "flat bottom":                       # its Hessian cannot tell; x^2 + y^4 > 0 elsewhere can
        inside = [(0.0, 0.0, 0.0)]
    assert len(inside) == len(surface.minima)
    for minimum in surface.minima:
        assert min(np.abs(np.array(minimum) - other).max() for other in np.array(inside)) < 1e-12
    losses = [minimum[2] for minimum in surface.minima]
    assert losses == sorted(losses)


def _critical(slope, x, y):
    """All real solutions of two polynomial equations, by the roots of their resultant in 40 digits."""
    eliminated = sp.Poly(sp.resultant(*slope, y), x).sqf_part()
    roots = [root for root in eliminated.nroots(n=40, maxsteps=500) if abs(sp.im(root)) < 1e-18]
    found = []
    for root in roots:
        for other in _roots(slope, x, sp.re(root), y):
            place = float(sp.re(root)), float(other)
            if all(np.hypot(*np.subtract(place, seen)) > 1e-8 for seen in found):
                found.append(place)
    return found


def _roots(slope, x, at, y):
    """The real y at which both equations hold for this x."""
    polynomials = [sp.Poly(part.subs(x, at), y) for part in slope]
    degree = [p for p in polynomials if p.degree() > 0]
    candidates = degree[0].nroots(n=40, maxsteps=500) if degree else [sp.Integer(0)]
    return [sp.re(c) for c in candidates if abs(sp.im(c)) < 1e-15
            and all(abs(p.eval(c)) < 1e-12 * (1 + sum(abs(k) for k in p.all_coeffs())) for p in polynomials)]


@BY_NAME
def test_scipy_ends_in_one_of_the_minima(surface):
    if not surface.minima:
        return
    for start in cloud(surface, 12).T:
        end = minimize(lambda w: float(surface.loss(w)), start, jac=surface.gradient, method="BFGS", tol=1e-10)
        near = min(np.hypot(*np.subtract(end.x, minimum[:2])) for minimum in surface.minima)
        away = np.abs(end.x).max() > 10                     # Beale slopes down to a valley at infinity
        assert near < 2e-2 or away, (start, end.x)


@BY_NAME
def test_every_tool_takes_it(surface):
    start = np.array(surface.low) * 0.3 + 0.1
    path = bp.descend(surface, start, bp.GradientDescent(1e-4), 50)
    assert path.loss[-1] < path.loss[0]
    assert surface.hessian(cloud(surface)).shape == (2, 2, 400)
    assert pickle.loads(pickle.dumps(surface)) is surface


def test_a_name_that_is_not_there_tells_the_near_miss():
    with pytest.raises(ValueError, match="surface: got 'rosenbrok', did you mean 'rosenbrock'"):
        bp.SURFACES["rosenbrok"]
    with pytest.raises(ValueError, match="theta: got shape"):
        bp.SURFACES["beale"].loss([1.0, 2.0, 3.0])
