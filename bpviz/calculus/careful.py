"""Functions that NumPy or math has not, on arrays and on floats: none overflows, none loses digits far out.

The plural takes arrays, elementwise; the singular takes one float. Machine code is made of the singular ones, so they
call only math and each other.

Phi(z)  the share of a normal distribution below z, (1 + erf(z/sqrt(2)))/2
"""
import math

import numpy as np


def sigmoids(z):
    """Complex numbers are welcome."""
    if np.iscomplexobj(z):
        return 1 / (1 + np.exp(-z))
    e = np.exp(-np.abs(z))
    return np.maximum(e, np.sign(z)) / (1 + e)           # 1 above the line from 0 on, below it e^z


def sigmoid_slopes(z):
    e = np.exp(-np.abs(z))
    d = 1 + e
    return e / (d * d)


def softpluses(z):
    """max(z, 0) and what is left of it, five times as fast as np.logaddexp."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def sigmoid(z):
    return 1 / (1 + math.exp(-z)) if z > -37 else math.exp(z)


def sigmoid_slope(z, exp=math.exp):
    e = exp(-z if z > 0 else z)
    d = 1 + e
    return e / (d * d)


def tanh_slope(z, exp=math.exp):
    e = exp(-2 * z if z > 0 else 2 * z)
    d = 1 + e
    return 4 * e / (d * d)


def softplus(z):
    return (z if z > 0 else 0.0) + math.log1p(math.exp(-abs(z)))


def logaddexp(u, v):
    high, low = (u, v) if u > v else (v, u)
    return high + math.log1p(math.exp(low - high)) if math.isfinite(high) else high + low * 0


def larger(u, v):
    return u if u > v or u != u else v


def smaller(u, v):
    return u if u < v or u != u else v


def heaviside(z, middle):
    return 1.0 if z > 0 else (0.0 if z < 0 else (middle if z == 0 else z))


def quietly(function):
    """The function of floats that gives inf or nan where it would raise an error."""
    def call(*args):
        try:
            return function(*args)
        except OverflowError:
            return math.inf
        except (ValueError, ZeroDivisionError):
            return math.nan
    return call


def log_or_minus_inf(z):
    return -math.inf if z == 0 else math.log(z)


# ---- the normal distribution

FAR = 40.0                             # beyond, its tail is less than any float
SHORT = 1.5 * 2.0 ** 32                # adding it and taking it off leaves 26 bits of a number below FAR
PEAK = 1 / math.sqrt(2 * math.pi)
# (y + 5/4) e^(y^2/2) (1 - Phi(y)) is smooth from 0 to infinity: a polynomial in t = (y - 4)/(y + 4), highest power
# first, by 24 terms of its Chebyshev series, right to 1e-17. Source: Shepherd and Laframboise 1981, Math. Comp. 36.
MILLS = (
    -6.299643126609358e-10, -1.5575417878864093e-09, 4.9695360230030724e-09, 1.7327984030495594e-08,
    -1.4950701109173762e-08, -1.076035454115196e-07, -1.444855403827553e-08, 5.269380408415412e-07,
    4.582229512851889e-07, -2.446272156828494e-06, -3.640725452609167e-06, 1.2550339105977597e-05,
    2.2408335610094148e-05, -8.069089372681302e-05, -0.00010581906260162657, 0.0006481009975823078,
    -0.00012591962395778558, -0.00487548806785147, 0.015813073608347345, -0.02448163640175824, 0.010673512219142981,
    0.04509444855924681, -0.13930290771363993, 0.4956558668353369)
ERF = tuple(2 * PEAK * math.sqrt(2) * (-1) ** n / (math.factorial(n) * (2 * n + 1)) for n in range(13, -1, -1))


def half_square(y):
    """y^2/2 as h^2/2 without rounding, h the first 26 bits of y, and the little that is left."""
    h = (y + SHORT) - SHORT
    return h * h / 2, (y - h) * (y + h) / 2


def mills(y):
    """e^(y^2/2) times the share of a normal distribution above y >= 0."""
    t = (y - 4) / (y + 4)
    total = t * 0.0
    for c in MILLS:
        total *= t
        total += c
    return total / (y + 1.25)


def normal_density(z):
    y = abs(z)
    high, low = half_square(FAR if y > FAR else y)
    return PEAK * (math.exp(-high) * math.exp(-low))


def normal_cdf(z):
    y = abs(z)
    y = FAR if y > FAR else y
    high, low = half_square(y)
    tail = mills(y) * (math.exp(-high) * math.exp(-low))
    return tail if z < 0 else 1 - tail


def normal_densities(z):
    high, low = half_square(np.minimum(np.abs(z), FAR))
    return PEAK * (np.exp(-high) * np.exp(-low))


def normal_cdfs(z):
    y = np.minimum(np.abs(z), FAR)
    high, low = half_square(y)
    tail = mills(y) * (np.exp(-high) * np.exp(-low))
    return np.where(z < 0, tail, 1 - tail)


def erfs(z):
    """By the series of erf near 0, further out by the share of a normal distribution beyond sqrt(2) |z|."""
    y = np.minimum(np.abs(z), FAR)
    near = np.minimum(y, 0.5)
    q = near * near
    total = q * 0.0
    for c in ERF:
        total *= q
        total += c
    far = 1 - 2 * normal_cdfs(-math.sqrt(2) * y)
    return np.copysign(np.where(y < 0.5, near * total, far), z)
