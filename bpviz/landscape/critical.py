"""Where the ground is level: minima, saddle points, maxima.

H  the Hessian, exact: dual numbers on the hand-written gradient (calculus/dual.py)

Newton's method (theta <- theta - H^-1 g) runs on the *gradient*, from every point of a grid (two
weights) or from random starts (more), so it is drawn to level ground of any kind; what converges inside
the window is kept once and named by the signs of the eigenvalues of H. Where an eigenvalue is 0 the
point is not alone: it lies on a curve of level points (a valley floor) or on a flat, and is reported apart.
A list found this way is not called complete; `certify=True` proves that it is (landscape/certify.py).
Source of the iteration: Nocedal and Wright 2006, Numerical Optimization, section 3.3.
"""
import time
from dataclasses import dataclass, replace

import numpy as np

from bpviz.calculus.arguments import checked_fields, choice, one_network, switch, whole
from bpviz.calculus.arguments import objective as an_objective
from bpviz.landscape import certify as proof
from bpviz.landscape import stationary
from bpviz.landscape.ends import curvature_of, letter
from bpviz.landscape.planes import limits

CONVERGED = 1e-12           # |gradient| at which Newton may stop, times the window's largest curvature
FLAT, LEVEL = 1e-7, 1e-12   # an eigenvalue below this share of the point's other one, or of the window's largest, is 0
MOST_WEIGHTS = 500
MINIMUM, SADDLE, MAXIMUM = "minimum", "saddle", "maximum"


@dataclass(frozen=True)
class CriticalPoints:
    """K isolated critical points, minima first, each kind by rising loss.

    theta: (P, K).  loss, gradient_norm: (K,).  eigenvalues: (P, K), ascending.  kind, label: K names each;
    minima are labelled A, B, C, saddles S1, S2, maxima M1.
    valley: (P, n), level points that are not alone, with a curved cross-section: a valley floor or a ridge.
    low, high: the window that was searched.  steepness: the median |gradient| in it, to tell small from large.
    A point on a kink (relu) has no Hessian and is not found.
    copies: for more than two weights, how many symmetric copies of each point lie apart; each stands for all of them.
    dimension: of the surface of level points it lies on, 0 for an isolated one.  certificate: what is proved.
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
    copies: tuple = ()
    dimension: tuple = ()
    certificate: proof.Certificate | None = None

    def __post_init__(self):
        checked_fields(self)
        K = len(self.kind)
        shapes = [self.theta.shape[1:], self.loss.shape, self.gradient_norm.shape, self.eigenvalues.shape[1:],
                  (len(self.label),)]
        if any(shape != (K,) for shape in shapes):
            raise ValueError(f"CriticalPoints: got parts of lengths {shapes}; allowed is {K} each")

    def __len__(self):
        return len(self.kind)

    def of_kind(self, kind):
        """The indices of one kind: "minimum", "saddle" or "maximum"."""
        choice("kind", kind, (MINIMUM, SADDLE, MAXIMUM))
        return [k for k, name in enumerate(self.kind) if name == kind]

    @property
    def minima(self):
        return self.of_kind(MINIMUM)

    @property
    def saddles(self):
        return self.of_kind(SADDLE)

    def nearest(self, theta):
        """(index, distance) of the point nearest to theta (P,); (None, inf) if there is none."""
        theta = one_network("theta", theta, len(self.theta))
        if not len(self):
            return None, np.inf
        distances = np.linalg.norm(self.theta - theta[:, None], axis=0)
        k = int(distances.argmin())
        return k, float(distances[k])

    def __repr__(self):
        rows = [f"{label:>3} {kind:8} loss {loss:.6g} at ({', '.join(f'{w:.5g}' for w in theta)}), {self._more(k)}"
                for k, (label, kind, loss, theta) in
                enumerate(zip(self.label, self.kind, self.loss, self.theta.T, strict=True))]
        if self.valley.shape[1]:
            rows.append(f"and a curve of level points ({self.valley.shape[1]} of them found)")
        if self.copies:
            rows.append("found from random starts: others may be missing")
        if self.certificate:
            rows.append(self.certificate.words)
        return "\n".join(rows) or "no critical point in the window"

    def _more(self, k):
        """What follows the place of a point: its curvatures, or for many weights its family."""
        values = self.eigenvalues[:, k]
        if not self.copies:
            return f"eigenvalues {', '.join(f'{e:.3g}' for e in values)}"
        many = f"one of {self.copies[k]} symmetric copies" if self.copies[k] > 1 else "without copies"
        surface = f", on a level surface of dimension {self.dimension[k]}" if self.dimension[k] else ""
        return f"eigenvalues {values[0]:.3g} to {values[-1]:.3g}, {many}{surface}"


def critical_points(objective, low=-6.0, high=6.0, starts=None, *, certify=False, seed=0):
    """All critical points inside the window that are found: a CriticalPoints.

    objective: a Fit, or anything with n_params, loss and gradient.
    low, high: one number for all weights, or one each.  starts: for two weights the points of the grid, a side (48);
    for more, how many random starts (1000), drawn from `seed`.
    certify: for two-weight networks, prove by interval arithmetic that the list is complete; points that only the
    proof finds are added. Minutes at most; `certificate` says what is proved.
    Raises ValueError for certify with more weights, or with an activation whose slope jumps.
    """
    if switch("certify", certify):
        proof.check(an_objective("objective", objective))
    *_, points = searching(objective, low, high, starts, slice_s=np.inf, seed=seed)
    if not certify:
        return points
    certificate = proof.certify(objective, points.theta, points.low, points.high)
    if certificate.listed < certificate.points.shape[1]:
        theta = np.concatenate([points.theta, certificate.points, points.valley], axis=1)
        curvature = curvature_of(objective)
        points = _sorted_out(objective, curvature, theta, _scale(curvature(theta)), points.low, points.high,
                             points.steepness)
        certificate = replace(certificate, listed=proof.listed(certificate.points, points.theta))
    return replace(points, certificate=certificate)


def searching(objective, low=-6.0, high=6.0, starts=None, slice_s=0.004, seed=0):
    """The same in slices of about `slice_s` seconds: yields the share done, at last the CriticalPoints."""
    P, seed = an_objective("objective", objective, MOST_WEIGHTS).n_params, whole("seed", seed, 0)
    if P == 2:
        starts = whole("starts", 48 if starts is None else starts, 4, 400)
        yield from _searching_plane(objective, *limits(low, high), starts, slice_s)
    else:
        low, high = limits(low, high, P)
        starts = whole("starts", 1000 if starts is None else starts, 1, 100_000)
        yield from _searching_space(objective, low, high, starts, slice_s, seed)


def _scale(H):
    """The largest curvature among these Hessians, 1 if there is none."""
    return float(np.nanmax(np.abs(np.where(np.isfinite(H), H, 0)))) or 1.0


def _searching_plane(objective, low, high, starts, slice_s):
    curvature = curvature_of(objective)
    theta = np.stack(np.meshgrid(*(np.linspace(low[k], high[k], starts) for k in (0, 1)))).reshape(2, -1)
    scale = _scale(curvature(theta))
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


def _searching_space(objective, low, high, starts, slice_s, seed):
    """More than two weights: random starts, symmetric copies merged, level surfaces by their loss and kind."""
    P = objective.n_params
    first = np.random.default_rng(seed).uniform(low[:, None], high[:, None], size=(P, starts))
    steepness = float(np.nanmedian(np.linalg.norm(objective.gradient(first), axis=0)))
    for theta in stationary.newton_from(objective, first, low[:, None], high[:, None], slice_s):
        if isinstance(theta, float):
            yield 0.9 * theta
    kept, copies = stationary.families(objective, theta)
    theta = theta[:, kept]
    values = _eigenvalues(curvature_of(objective), theta)
    what = [stationary.kind_of(objective, point, e) for point, e in zip(theta.T, values.T, strict=True)]
    loss, seen, chosen = objective.loss(theta), set(), []
    for k, (kind, dimension) in enumerate(what):
        surface = (kind, round(float(loss[k]), 6)) if dimension else k
        if surface not in seen:
            chosen.append(k)
        seen.add(surface)
    rank = {MINIMUM: 0, SADDLE: 1, MAXIMUM: 2}
    order = sorted(chosen, key=lambda k: (rank[what[k][0]], round(loss[k], 12), *theta[:, k]))
    kinds = tuple(what[k][0] for k in order)
    norm = np.linalg.norm(objective.gradient(theta[:, order]), axis=0)
    yield CriticalPoints(theta[:, order], loss[order], norm, values[:, order], kinds, _labels(kinds), np.zeros((P, 0)),
                         low, high, steepness, tuple(copies[k] for k in order), tuple(what[k][1] for k in order))


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
    sizes = np.abs(_eigenvalues(curvature, theta))
    flat = (sizes < FLAT * sizes.max(axis=0, initial=0)) | (sizes < LEVEL * scale)
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
    """Ascending, (P, K)."""
    return np.linalg.eigvalsh(np.moveaxis(curvature(theta), -1, 0)).T if theta.shape[1] else theta.copy()


def _labels(kinds):
    labels, seen = [], dict.fromkeys((MINIMUM, SADDLE, MAXIMUM), 0)
    for kind in kinds:
        n = seen[kind]
        seen[kind] += 1
        labels.append({MINIMUM: letter(n), SADDLE: f"S{n + 1}", MAXIMUM: f"M{n + 1}"}[kind])
    return tuple(labels)
