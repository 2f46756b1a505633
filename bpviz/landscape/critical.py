"""Where the ground is level: minima, saddle points, maxima.

H  the Hessian, exact: dual numbers on the hand-written gradient (calculus/dual.py)

From every point of a grid Newton's method runs on the *gradient* (theta <- theta - H^-1 g), so
it is drawn to level ground of any kind; what converges inside the window is kept once and named
by the signs of the eigenvalues of H. Where an eigenvalue is 0 the point is not alone: it lies on
a curve of level points (a valley floor) or on a flat, and is reported apart.
Source of the iteration: Nocedal and Wright 2006, Numerical Optimization, section 3.3.
"""
import string
import time
from dataclasses import dataclass

import numpy as np

from bpviz.calculus.arguments import whole
from bpviz.calculus.dual import hessian
from bpviz.landscape.planes import limits

CONVERGED = 1e-12           # |gradient| at which Newton may stop, times the window's largest curvature
FLAT = 1e-7                 # an eigenvalue below this share of the window's curvature counts as 0
MINIMUM, SADDLE, MAXIMUM = "minimum", "saddle", "maximum"


@dataclass(frozen=True)
class CriticalPoints:
    """K isolated critical points, minima first, each kind by rising loss.

    theta: (P, K).  loss, gradient_norm: (K,).  eigenvalues: (P, K), ascending.  kind, label: K names each;
    minima are labelled A, B, C, saddles S1, S2, maxima M1.
    valley: (P, n), level points that are not alone, with a curved cross-section: a valley floor or a ridge.
    low, high: the window that was searched.  steepness: the median |gradient| in it, to tell small from large.
    A point on a kink (relu) has no Hessian and is not found.
    """
    theta: np.ndarray
    loss: np.ndarray
    gradient_norm: np.ndarray
    eigenvalues: np.ndarray
    kind: tuple
    label: tuple
    valley: np.ndarray
    low: np.ndarray
    high: np.ndarray
    steepness: float

    def __post_init__(self):
        K = len(self.kind)
        shapes = [self.theta.shape[1:], self.loss.shape, self.gradient_norm.shape, self.eigenvalues.shape[1:],
                  (len(self.label),)]
        if any(shape != (K,) for shape in shapes):
            raise ValueError(f"CriticalPoints: got parts of lengths {shapes}; allowed is {K} each")

    def __len__(self):
        return len(self.kind)

    def of_kind(self, kind):
        """The indices of one kind."""
        return [k for k, name in enumerate(self.kind) if name == kind]

    @property
    def minima(self):
        return self.of_kind(MINIMUM)

    @property
    def saddles(self):
        return self.of_kind(SADDLE)

    def nearest(self, theta):
        """(index, distance) of the point nearest to theta (P,); (None, inf) if there is none."""
        if not len(self):
            return None, np.inf
        distances = np.linalg.norm(self.theta - theta[:, None], axis=0)
        k = int(distances.argmin())
        return k, float(distances[k])

    def __repr__(self):
        rows = [f"{label:>3} {kind:8} loss {loss:.6g} at ({', '.join(f'{w:.5g}' for w in theta)}), "
                f"eigenvalues {', '.join(f'{e:.3g}' for e in eigenvalues)}"
                for label, kind, loss, theta, eigenvalues in
                zip(self.label, self.kind, self.loss, self.theta.T, self.eigenvalues.T, strict=True)]
        if self.valley.shape[1]:
            rows.append(f"and a curve of level points ({self.valley.shape[1]} of them found)")
        return "\n".join(rows) or "no critical point in the window"


def critical_points(objective, low=-6.0, high=6.0, starts=48):
    """All critical points of a two-weight objective inside the window: a CriticalPoints.

    low, high: one number for both weights, or one each.  starts: points of the grid, a side.
    Raises ValueError if the objective does not have two weights.
    """
    *_, points = searching(objective, low, high, starts, slice_s=np.inf)
    return points


def searching(objective, low=-6.0, high=6.0, starts=48, slice_s=0.004):
    """The same in slices of about `slice_s` seconds: yields the share done, at last the CriticalPoints."""
    if objective.n_params != 2:
        raise ValueError(f"objective: got {objective.n_params} weights; allowed are 2 (a plane shows larger ones)")
    low, high = limits(low, high)
    starts = whole("starts", starts, 4, 400)
    curvature = getattr(objective, "hessian", None) or (lambda theta: hessian(objective.gradient, theta))
    theta = np.stack(np.meshgrid(*(np.linspace(low[k], high[k], starts) for k in (0, 1)))).reshape(2, -1)
    middle = curvature(theta)
    scale = float(np.nanmax(np.abs(np.where(np.isfinite(middle), middle, 0)))) or 1.0
    steepness = float(np.nanmedian(np.hypot(*objective.gradient(theta))))
    reach, found, ready = (high - low).max() / 8, [], time.perf_counter() + slice_s

    for sweep in range(80):
        g = objective.gradient(theta)
        H = curvature(theta)
        step = _newton_step(g, H)
        small = np.hypot(*g) < CONVERGED * scale
        done = small & (np.hypot(*step) < 1e-9 * (1 + np.hypot(*theta)))
        stuck = small & ~done & (sweep >= 60)                 # level, but Newton cannot say where: a flat
        inside = ((theta >= low[:, None]) & (theta <= high[:, None])).all(axis=0)
        found.append(theta[:, (done | stuck) & inside])
        going = ~done & np.isfinite(step).all(axis=0)
        length = np.hypot(*step)
        theta = (theta - step * np.minimum(1, reach / np.maximum(length, 1e-300)))[:, going]
        near = ((theta > low[:, None] - reach) & (theta < high[:, None] + reach)).all(axis=0)
        theta = theta[:, near]
        if theta.shape[1] == 0:
            break
        if time.perf_counter() > ready:
            yield min(0.95, 1 - theta.shape[1] / starts ** 2)
            ready = time.perf_counter() + slice_s
    yield _sorted_out(objective, curvature, np.concatenate(found, axis=1), scale, low, high, steepness)


def _newton_step(g, H):
    """H^-1 g for each column; where H is nearly singular, the shortest step that levels what can be levelled."""
    (a, b), (_, d) = H
    # eigenvalues of a symmetric 2 x 2 matrix, and the first eigenvector
    mean, radius = (a + d) / 2, np.hypot((a - d) / 2, b)
    angle = np.arctan2(2 * b, a - d) / 2
    c, s = np.cos(angle), np.sin(angle)
    with np.errstate(all="ignore"):
        along, across = c * g[0] + s * g[1], c * g[1] - s * g[0]
        big = np.maximum(np.abs(mean + radius), np.abs(mean - radius))
        p = np.where(np.abs(mean + radius) > 1e-13 * big, along / (mean + radius), 0)
        q = np.where(np.abs(mean - radius) > 1e-13 * big, across / (mean - radius), 0)
    return np.stack([c * p - s * q, s * p + c * q])


def _sorted_out(objective, curvature, theta, scale, low, high, steepness):
    """Tell isolated points from level curves, merge duplicates, polish, name each kind."""
    theta = np.unique(np.round(theta, 9), axis=1)
    flat = np.abs(_eigenvalues(curvature, theta)) < FLAT * scale
    valley = theta[:, flat.any(axis=0) & ~flat.all(axis=0)]
    theta = theta[:, ~flat.any(axis=0)]
    keep = []
    for point in theta.T:
        if all(np.abs(point - other).max() > 1e-6 * (1 + np.abs(other).max()) for other in keep):
            keep.append(point)
    theta = np.array(keep).T if keep else np.zeros((2, 0))
    for _ in range(3):
        theta = theta - _newton_step(objective.gradient(theta), curvature(theta))
    eigenvalues = _eigenvalues(curvature, theta)
    kinds = np.where((eigenvalues > 0).all(axis=0), MINIMUM, np.where((eigenvalues < 0).all(axis=0), MAXIMUM, SADDLE))
    theta = np.round(theta, 15) + 0.0                     # no -0, no 1e-53
    loss, norm = objective.loss(theta), np.hypot(*objective.gradient(theta))
    rank = {MINIMUM: 0, SADDLE: 1, MAXIMUM: 2}
    order = sorted(range(len(kinds)), key=lambda k: (rank[kinds[k]], round(loss[k], 12), *theta[:, k]))
    kind = tuple(str(kinds[k]) for k in order)
    return CriticalPoints(theta[:, order], loss[order], norm[order], eigenvalues[:, order], kind,
                          _labels(kind), valley, low, high, steepness)


def _eigenvalues(curvature, theta):
    """Ascending, (2, K)."""
    return np.linalg.eigvalsh(np.moveaxis(curvature(theta), -1, 0)).T if theta.shape[1] else np.zeros((2, 0))


def _labels(kinds):
    labels, seen = [], dict.fromkeys((MINIMUM, SADDLE, MAXIMUM), 0)
    for kind in kinds:
        n = seen[kind]
        seen[kind] += 1
        letter = string.ascii_uppercase[n] if n < 26 else f"A{n - 25}"
        labels.append({MINIMUM: letter, SADDLE: f"S{n + 1}", MAXIMUM: f"M{n + 1}"}[kind])
    return tuple(labels)
