"""Gradient flow: what descent would do if its steps were infinitely small.

    d theta / dt = -gradient(theta)

Descent with a rate of even a quarter of the stability limit ends elsewhere from some starts, so maps of the two
differ. The flow is stiff (steep and flat directions at once); an explicit solver would crawl. Used here is
ROS2, a linearly implicit Runge-Kutta method of order 2 with exact Hessians, every network with a step of
its own, chosen so that the estimated error of one step stays below `tolerance`.
Source: Verwer, Spee, Blom and Hundsdorfer 1999, SIAM J. Sci. Comput. 20, section 2 (gamma = 1 + 1/sqrt 2).
"""
from dataclasses import dataclass

import numpy as np

from bpviz.calculus.dual import curvature_of
from bpviz.descent.method import Method, knob
from bpviz.descent.path import OUT_OF_STEPS, Path

GAMMA = 1 + 1 / np.sqrt(2)
FIRST, SHORTEST, LONGEST = 1e-2, 1e-10, 1e6
STILL = 1e-6                   # the weights move less than this in eight pieces of time


@dataclass(frozen=True)
class GradientFlow(Method):
    """The descent of infinitely small steps, for `basins` and `settle`; a step of it is a piece of time.

    tolerance: the error allowed in one step, in units of the weights. Raises ValueError for a tolerance of 0 or below.
    """
    tolerance: float = knob(1e-4, above=0)
    rate, name, known = 1.0, "gradient flow", True

    def start(self, theta):
        return ()

    def kernel(self, objective):
        return FlowKernel(objective, self.tolerance)


class FlowKernel:
    """`advance` of descent/kernels.py for the flow: each step is one step of the solver; the state holds its length."""

    engine = "flow"

    def __init__(self, objective, tolerance):
        self.objective, self.P, self.tolerance = objective, objective.n_params, tolerance
        self.curvature = curvature_of(objective)

    def start(self, N):
        return np.full((1, N), FIRST)

    def advance(self, theta, state, rates):
        for _ in rates:
            theta[:], state[0] = self._step(theta, state[0])

    def _step(self, theta, h):
        with np.errstate(all="ignore"):
            fine = np.isfinite(theta).all(axis=0)
            now = np.where(fine, theta, 0.0)
            slope = -self.objective.gradient(now)
            H = np.moveaxis(self.curvature(now), -1, 0)
            matrix = np.eye(self.P) + GAMMA * h[:, None, None] * np.where(np.isfinite(H), H, 0.0)
            k1 = self._solve(matrix, slope)
            k2 = self._solve(matrix, -self.objective.gradient(self._finite(now + h * k1)) - 2 * k1)
            ahead = now + 1.5 * h * k1 + 0.5 * h * k2
            error = np.abs(0.5 * h * (k1 + k2)).max(axis=0)                  # against the method of order 1
            accepted = error <= self.tolerance
            factor = np.clip(0.9 * np.sqrt(self.tolerance / np.maximum(error, 1e-300)), 0.2, 4.0)
            h = np.clip(np.where(np.isfinite(error), h * factor, h / 5), SHORTEST, LONGEST)
            return np.where(fine & accepted, ahead, theta), h

    @staticmethod
    def _finite(theta):
        return np.where(np.isfinite(theta), theta, 0.0)

    @staticmethod
    def _solve(matrix, right):
        if len(right) == 2:                                                  # Cramer's rule, ten times as fast
            (a, b), (c, d) = np.moveaxis(matrix, 0, -1)
            return np.stack([d * right[0] - b * right[1], a * right[1] - c * right[0]]) / (a * d - b * c)
        return np.linalg.solve(matrix, right.T[:, :, None])[:, :, 0].T


def flow_path(objective, start, flow=None, most=900):
    """The Path of the flow from start (P,), a place after each piece of time until it stands still, `most` at most.

    To be drawn a tolerance of 1e-3 is fine enough (of a window of a dozen), and a third of the work of 1e-4.
    """
    kernel, theta = (flow or GradientFlow()).kernel(objective), start[:, None].copy()
    state, places = kernel.start(1), [start]
    while len(places) < most and (len(places) < 9 or np.ptp(places[-8:], axis=0).max() > STILL):
        kernel.advance(theta, state, np.ones(1))
        places.append(theta[:, 0].copy())
    theta = np.array(places).T
    return Path(theta, objective.loss(theta), np.linalg.norm(objective.gradient(theta), axis=0), OUT_OF_STEPS)
