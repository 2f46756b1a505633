"""Every rule of the dual numbers is the derivative of its function."""
import numpy as np
import pytest

from bpviz.calculus.dual import RULES, Dual, hessian

A, B = np.array([0.7, 1.9, 0.31]), np.array([1.3, 0.4, 2.2])


@pytest.mark.parametrize("ufunc", [u for u in RULES if isinstance(u, np.ufunc)], ids=lambda u: u.__name__)
def test_rule_is_the_derivative(ufunc):
    two = ufunc.nin == 2
    h = 1e-6
    if ufunc is np.power:
        dual, ahead, behind = Dual(A, 1.0) ** 3, (A + h) ** 3, (A - h) ** 3
    elif two:
        da, db = 0.6, -0.8
        dual = ufunc(Dual(A, da), Dual(B, db))
        ahead, behind = ufunc(A + h * da, B + h * db), ufunc(A - h * da, B - h * db)
    else:
        dual, ahead, behind = ufunc(Dual(A, 1.0)), ufunc(A + h), ufunc(A - h)
    assert np.allclose(dual.d, (ahead - behind) / (2 * h), rtol=1e-8, atol=1e-9)


def test_one_plain_operand_counts_as_constant():
    for ufunc in (np.add, np.subtract, np.multiply, np.divide, np.maximum, np.minimum, np.logaddexp):
        h = 1e-6
        left, right = ufunc(Dual(A, 1.0), B), ufunc(A, Dual(B, 1.0))
        assert np.allclose(left.d, (ufunc(A + h, B) - ufunc(A - h, B)) / (2 * h), atol=1e-8)
        assert np.allclose(right.d, (ufunc(A, B + h) - ufunc(A, B - h)) / (2 * h), atol=1e-8)


def test_a_function_without_a_rule_is_refused():
    with pytest.raises(TypeError):
        np.arctan(Dual(A, 1.0))


def test_hessian_of_a_cubic_cloud():
    theta = np.random.default_rng(0).normal(size=(2, 4, 3))
    H = hessian(lambda w: np.stack([3 * w[0] ** 2 * w[1], w[0] ** 3 + 2 * w[1]]), theta)
    x, y = theta
    assert np.allclose(H, np.array([[6 * x * y, 3 * x ** 2], [3 * x ** 2, 2 + 0 * x]]), rtol=1e-14)


def test_a_slope_that_does_not_move_has_no_hessian_to_speak_of():
    assert (hessian(lambda w: np.ones(3), np.zeros(3)) == np.zeros((3, 3))).all()
