"""Newton's method on the gradient, theta <- theta - H^-1 g, of many networks at once: drawn to any level ground.

H         the Hessian, exact, which the Slopes of an objective bring along (landscape/slopes.py)
flat      a direction in which H is next to 0, beside its largest eigenvalue: there H^-1 g says nothing

`newton`      In a flat direction that still slopes the step stays long however small the slope: it leads out of a
              plateau, but also past a surface of level points. So a walker that meets one parts in two: one leaves flat
              directions alone, the other follows them.
`level_near`  Around the end of a descent flat directions are left alone: how level the ground is there is the question.
Source: Nocedal and Wright 2006, Numerical Optimization, section 3.3.
"""
import time

import numpy as np

from bpviz.base.arguments import numeric, real
from bpviz.base.work import PIECE_S, Part
from bpviz.landscape.slopes import FLAT, ROUNDING

LEAP, FAR, SHARE = 1.0, 1 / 40, 1 / 6     # how far a step may lead; which part of a wide plane, of any window
SWEEPS, LEAPS = 100, 40       # how many steps a walker has; after how many of them none may be a leap
POLISH, NEARBY = 4, 30                   # how many steps follow the search; how many lead to level ground close by
STILL, SHORT = 1e-11, 1e-7    # a step that is shorter, beside theta, is none; is small enough to have arrived
TOGETHER = 1e-6               # places this much of their size apart, or less, are one
LEVEL = 1e-9                  # a gradient below this share of the curvature, beside theta, is level
MINIMUM, SADDLE, MAXIMUM, UNDECIDED = "minimum", "saddle", "maximum", "undecided"


def kind_of(eigenvalues, flat=FLAT):
    """What a critical point is by the eigenvalues of its Hessian: "minimum", "saddle", "maximum" or "undecided".

    eigenvalues: (P,), such as np.linalg.eigvalsh(fit.hessian(theta)).  flat: an eigenvalue below this share of the
    largest counts as 0. Both signs: a saddle; one sign only: a minimum or maximum, but undecided if some are 0.
    Raises ValueError for another shape, NaN, or flat outside [0, 1).
    Source: Nocedal and Wright 2006, Numerical Optimization, theorems 2.3 and 2.4.
    """
    values, flat = numeric("eigenvalues", eigenvalues), real("flat", flat, 0, below=1)
    if values.ndim != 1 or not len(values):
        raise ValueError(f"eigenvalues: got shape {values.shape}; allowed is (P,)")
    return kind_by_signs(values, flat)


def kind_by_signs(values, flat=FLAT):
    """`kind_of`, of eigenvalues that are known to be numbers."""
    up, down = signs(values, flat)
    return SADDLE if up and down else MINIMUM if up == len(values) else MAXIMUM if down == len(values) else UNDECIDED


def signs(values, flat=FLAT):
    """How many eigenvalues are above 0 and how many below, (...) each, of values (P, ...); those next to 0 are neither.
    """
    least = flat * np.abs(values).max(axis=0)
    return (values > least).sum(axis=0), (values < -least).sum(axis=0)


@np.errstate(all="ignore")
def eigen(H):
    """Eigenvalues ascending (N, P) and eigenvectors (N, P, P), as columns, of H (P, P, N)."""
    H = np.nan_to_num(H)
    if len(H) != 2:
        return np.linalg.eigh(np.moveaxis(H, -1, 0))
    (a, b), (_, d) = H                                          # in closed form: many times as fast for two weights
    mean, radius, angle = (a + d) / 2, np.hypot((a - d) / 2, b), np.arctan2(2 * b, a - d) / 2
    c, s = np.cos(angle), np.sin(angle)                         # the direction of mean + radius
    return np.stack([mean - radius, mean + radius], axis=-1), np.moveaxis(np.array([[-s, c], [c, s]]), -1, 0)


@np.errstate(all="ignore")
def newton_step(g, H, theta, leap=LEAP):
    """(step, along), both (P, N): H^-1 g in the directions that curve, and in those that are flat but slope.

    g, theta: (P, N).  H: (P, P, N).  A slope that is only rounding at theta counts as none; along a flat direction
    a step is at most `leap` long.  nan where g or H are not finite.
    """
    fine = np.isfinite(H).all(axis=(0, 1)) & np.isfinite(g).all(axis=0)
    H, g = np.where(fine, H, np.eye(len(g))[:, :, None]), np.where(fine, g, 0)
    values, vectors = eigen(H)
    big = np.abs(values).max(axis=1, keepdims=True)
    slope = np.einsum("npk,pn->nk", vectors, g)
    flat = np.abs(values) <= FLAT * big
    step = slope / np.where(values == 0, 1e-300, values)
    noise = ROUNDING * big * _size(theta)[:, None]
    slopes = flat & (np.abs(slope) > noise)
    step, along = np.where(flat, 0, step), np.where(slopes, np.clip(step, -leap, leap), 0)
    along = np.einsum("npk,nk->pn", vectors, along) if slopes.any() else np.zeros_like(g)
    return tuple(np.where(fine, part, np.nan) for part in (np.einsum("npk,nk->pn", vectors, step), along))


def _size(theta):
    """1 and the largest weight of theta (P, N), (N,): what steps and slopes are small beside."""
    return 1 + np.abs(theta).max(axis=0, initial=0)


def newton(slopes, theta, low, high):
    """Newton's method from theta (P, N), as Parts: the result is where walkers came to rest in the window, (P, K).

    low, high: (P,).  A walker is lost where it is two leaps outside, still leaps after LEAPS steps (to and fro), or
    has not come to rest after SWEEPS.
    """
    low, high = low[:, None], high[:, None]
    found, share, ready = [], 0.0, time.perf_counter() + PIECE_S
    follows, parted = np.zeros((2, theta.shape[1]), bool)       # goes along flat directions; another one did from here
    wide = (high - low).max()
    far = max(LEAP, FAR * wide) if len(theta) == 2 else LEAP     # valleys of a wide window are long
    leap = min(far, SHARE * wide)
    age, begun = np.zeros(theta.shape[1], int), theta.shape[1]
    while theta.shape[1]:
        step, along = newton_step(slopes.gradient(theta), slopes.hessian(theta), theta, far)
        sloped = (along != 0).any(axis=0)
        step = step + np.where(follows, along, 0)
        with np.errstate(over="ignore"):
            length = np.linalg.norm(step, axis=0)
        still = length < STILL * (1 + np.linalg.norm(theta, axis=0))
        rests = still & ((theta >= low) & (theta <= high)).all(axis=0)
        found.append(theta[:, rests & (follows | ~sloped)])
        found.append(theta[:, rests & ~(follows | parted | sloped)])      # who never met a slope is both walkers
        again = rests & ~follows & sloped                       # at rest only because it leaves a slope alone
        twin = again | (~follows & ~parted & sloped)
        twins, ages = theta[:, twin], np.where(again, 0, age)[twin]
        parted |= twin
        theta, age = theta - step * np.minimum(1, leap / np.maximum(length, 1e-300)), age + 1
        with np.errstate(invalid="ignore"):
            going = ~still & np.isfinite(length) & (age < np.where(length > leap, LEAPS, SWEEPS))
            going &= ((theta > low - 2 * leap) & (theta < high + 2 * leap)).all(axis=0)
        theta = np.concatenate([theta[:, going], twins], axis=1)
        age, begun = np.append(age[going], ages), begun + len(ages)
        follows = np.append(follows[going], np.ones(len(ages), bool))
        parted = np.append(parted[going], np.ones(len(ages), bool))
        if time.perf_counter() > ready:
            share = max(share, 1 - theta.shape[1] / begun)
            yield Part(share)
            ready = time.perf_counter() + PIECE_S
    yield Part(1.0, np.concatenate([*found, theta], axis=1))


def polished(slopes, theta):
    """Places theta (P, K) at which a search came to rest, good to the last digits. A step that leads away is none."""
    for _ in range(POLISH):
        step, _ = newton_step(slopes.gradient(theta), slopes.hessian(theta), theta)
        theta = theta - np.where(np.abs(step).max(axis=0) < SHORT * _size(theta), step, 0)
    return np.round(theta, 15) + 0.0                            # no -0, no 1e-53


def distinct(theta):
    """The indices of places theta (P, K), of those that lie together one."""
    apart, kept = theta[:, :0], []
    for k in np.unique(theta.round(9), axis=1, return_index=True)[1]:
        if (np.abs(theta[:, [k]] - apart).max(axis=0) > TOGETHER * (1 + np.abs(apart).max(axis=0))).all():
            apart, kept = theta[:, [*kept, k]], [*kept, k]
    return kept


def regular(slopes, theta):
    """Those of the places theta (P, K) at which no curvature is next to 0, each once."""
    bent = theta[:, sum(signs(eigen(slopes.hessian(theta))[0].T)) == len(theta)]
    return bent[:, distinct(bent)]


@np.errstate(all="ignore")
def level_near(slopes, theta, reach):
    """Newton's method to level ground close by theta (P, N): (where it ended, Hessian eigenvalues there), both (P, N).

    nan where it leads farther than twice the reach, ends farther away than the reach, or not on level ground.
    """
    place, values = np.full_like(theta, np.nan), np.full_like(theta, np.nan)
    going = np.flatnonzero(np.isfinite(theta).all(axis=0))
    start = point = theta[:, going]
    step = np.zeros_like(point)
    for _ in range(NEARBY):
        step, _ = newton_step(slopes.gradient(point), slopes.hessian(point), point)
        close = np.linalg.norm(point - step - start, axis=0) < 2 * reach
        going, start, point, step = going[close], start[:, close], (point - step)[:, close], step[:, close]
        if not (np.abs(step) > STILL * _size(point)).any():
            break
    there, size = eigen(slopes.hessian(point))[0].T, _size(point)
    level = np.abs(slopes.gradient(point)).max(axis=0) <= LEVEL * np.abs(there).max(axis=0) * size
    level &= (np.abs(step).max(axis=0) <= SHORT * size) & (np.linalg.norm(point - start, axis=0) < reach)
    place[:, going[level]], values[:, going[level]] = point[:, level], there[:, level]
    return place, values
