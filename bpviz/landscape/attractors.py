"""What a descent can end in: the minima of any number of weights, found from where descents stopped.

Newton's method says where the ground near an end is level (it must be within NEAR of the end), and the
Hessian there what it is: an isolated minimum (all curvatures above 0), or the floor of a valley (none
below 0, some equal to 0), a whole surface of equally good points. Valley floors are told apart by
their loss only; that the ground is level, and no plateau which only flattens towards infinity, is
tested for each (landscape/evidence.py). A minimum whose Hessian is singular is known from a search
only: descents come near it like 1/sqrt(steps), so they count as caught from farther off.
"""
from dataclasses import dataclass, field

import numpy as np

from bpviz.descent.settle import NEAR, NOWHERE
from bpviz.landscape.critical import critical_points
from bpviz.landscape.level_surfaces import on_a_surface
from bpviz.landscape.newton import level_near, signs
from bpviz.landscape.points import letter
from bpviz.landscape.slopes import Slopes
from bpviz.landscape.symmetry import SAME_LOSS

MOST_FLOORS = 8               # tested at once
MOST_NUMBERS = 4_000_000      # in all Hessians held at once


@dataclass(frozen=True, eq=False)
class Attractors:
    """K attractors. theta: (P, K).  loss: (K,).  steepest: (K,), the largest curvature.  isolated: (K,) booleans:
    a single point, not a valley floor (whose theta is one of its points).  catch: (K,), how near a descent counts as
    caught there: NEAR, or farther for a minimum with a singular Hessian, as far as every slope points back to it.
    """
    theta: np.ndarray
    loss: np.ndarray
    steepest: np.ndarray
    isolated: np.ndarray
    catch: np.ndarray = field(default=None)

    def __post_init__(self):
        if self.catch is None:
            object.__setattr__(self, "catch", np.full(len(self.loss), NEAR))

    def __len__(self):
        return len(self.loss)

    @property
    def names(self):
        """A, B, C, ... in the order given, A1 after Z."""
        return tuple(letter(k) for k in range(len(self)))

    @property
    def kind(self):
        return tuple("minimum" if single else "valley floor" for single in self.isolated)

    def ordered(self, order):
        return Attractors(self.theta[:, order], self.loss[order], self.steepest[order], self.isolated[order],
                      self.catch[order])


def no_attractors(P):
    return Attractors(np.zeros((P, 0)), np.zeros(0), np.zeros(0), np.zeros(0, bool))


def joined(one, two):
    return Attractors(np.concatenate([one.theta, two.theta], axis=1), np.append(one.loss, two.loss),
                  np.append(one.steepest, two.steepest), np.append(one.isolated, two.isolated),
                  np.append(one.catch, two.catch))


def attractors_of(points):
    """The isolated minima of a CriticalPoints."""
    k = points.minima
    return Attractors(points.theta[:, k], points.loss[k], points.eigenvalues[-1, k], np.ones(len(k), bool),
                      np.maximum(points.catch[k], NEAR))


def known_attractors(objective, plane):
    """The minima of a two-weight objective in and around the window, searched for; none yet for larger ones."""
    if objective.n_params != 2:
        return no_attractors(objective.n_params)
    corners = plane.theta[:, [0, 0, -1, -1], [0, -1, 0, -1]]
    low, high = corners.min(axis=1), corners.max(axis=1)
    reach = 0.5 * (high - low)
    return attractors_of(critical_points(objective, low - reach, high + reach))


def arrivals(objective, theta, known, reach=NEAR):
    """What ends (P, N) have ended in, beyond the `known` minima: (new Attractors, label of each end).

    Labels count the known ones first, then the new ones.  reach: how far an end may lie from level ground.
    """
    P, N = theta.shape
    caught = _caught(theta, known)
    new, label = no_attractors(P), np.full(N, NOWHERE)
    many = max(1, MOST_NUMBERS // P ** 2)
    for first in range(0, N, many):
        part = slice(first, first + many)
        point, values = level_near(Slopes(objective), theta[:, part], reach)
        up, down = signs(values)
        there, single = (up > 0) & (down == 0), up == P
        loss = objective.loss(np.where(there, point, 0.0))
        there &= single | _floors(objective, point, loss, there & ~single, joined(known, new))
        for k in np.flatnonzero(there & (caught[part] == NOWHERE)):
            every = joined(known, new)
            alike = every.isolated == single[k]
            if single[k]:
                alike &= np.linalg.norm(every.theta - point[:, k, None], axis=0) < NEAR
            else:
                alike &= np.abs(every.loss - loss[k]) < SAME_LOSS * (1 + abs(loss[k]))
            if not alike.any():
                new = joined(new, Attractors(point[:, [k]], loss[[k]], values[-1][[k]], single[[k]]))
            label[first + k] = np.flatnonzero(alike)[0] if alike.any() else len(every)
    return new, np.where(caught == NOWHERE, label, caught)


def _caught(theta, known):
    """The known minimum of a singular Hessian that catches each end (P, N), or NOWHERE: (N,)."""
    label = np.full(theta.shape[1], NOWHERE)
    for k in np.flatnonzero(known.catch > NEAR):
        with np.errstate(all="ignore"):
            label[np.linalg.norm(theta - known.theta[:, [k]], axis=0) < known.catch[k]] = k
    return label


def _floors(objective, point, loss, which, known):
    """Which of the points (P, N) marked by `which` (N,) lie on a valley floor: its loss is known, or it is tested.

    A floor has one loss: of each loss one point is tested, of the most frequent losses only.
    """
    fine, groups = np.zeros(len(which), bool), {}
    for k in np.flatnonzero(which):
        groups.setdefault(round(float(loss[k]) / (SAME_LOSS * (1 + abs(float(loss[k]))))), []).append(k)
    for group in sorted(groups.values(), key=len, reverse=True)[:MOST_FLOORS]:
        near = np.abs(known.loss - loss[group[0]]) < SAME_LOSS * (1 + abs(loss[group[0]]))
        first = min(group, key=lambda k: np.abs(point[:, k]).max())
        fine[group] = (near & ~known.isolated).any() or on_a_surface(objective, point[:, first])
    return fine
