"""What to expect of random weights: the theory of infinitely wide networks.

q          mean square of the pre-activations of a layer, E z^2
sigma_w^2  n_in Var(w), sigma_b^2 = Var(b)
V(q)       E f(sqrt(q) u)^2,   G(q) = E f'(sqrt(q) u)^2,   u ~ N(0, 1)

A pre-activation of a wide layer is a sum of many random terms, so it is normal, and one number per layer says it all:

    length map          q_k = sigma_w^2 V(q_(k-1)) + sigma_b^2
    correlation slope   chi = sigma_w^2 G(q)

chi is how much a small difference between two inputs grows in one layer, squared, and also what |delta|^2 is
multiplied by on its way back. chi < 1: ordered, gradients vanish; chi > 1: chaotic, they explode; chi = 1 is the
critical line. With skips z adds up, q_k = q_(k-1) + ..., and chi becomes 1 + chi. With layer norm f sees numbers of
mean square 1, whatever q is, and chi is divided by q.

The expectation is over weights. In a network of width n the logarithm of the ratio fluctuates with variance of
order depth / n, so the geometric mean over seeds lies a little below chi, by half that variance.
Source: Poole et al. 2016, NIPS, eqs. 3 to 7; Schoenholz et al. 2017, ICLR, sections 3 and 4; with skips Yang and
Schoenholz 2017, NIPS; fluctuations Hanin and Nica 2020, Commun. Math. Phys. 376.
"""
import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from bpviz.base.arguments import Table, numeric, real, refuse
from bpviz.calculus.activations import ACTIVATIONS, Activation
from bpviz.calculus.functions import ARRAYS


def _nodes(n, reach=10.0, depth=14.0):
    """Nodes u and weights for E over N(0, 1): the midpoint rule in t, u ~ sinh t, dense where a steep f bends."""
    t = (np.arange(n) + 0.5) * (2 * depth / n) - depth
    u = reach * np.sinh(t) / math.sinh(depth)
    return u, np.exp(-u * u / 2) / math.sqrt(2 * math.pi) * reach * np.cosh(t) / math.sinh(depth) * (2 * depth / n)


STEEP = math.sqrt(math.pi) / 2
ERF = Activation("erf", lambda xp, z: ARRAYS.erf(STEEP * z), lambda xp, z, a: np.exp(-(STEEP * z) ** 2),
                 r"\operatorname{erf}(\tfrac{\sqrt\pi}{2} z)",
                 "Williams 1997, Neural Computation 10, eq. 9; steepness 1 at 0; theory only: exact integrals")
NODES, WEIGHTS = _nodes(2400)
PAIR_NODES = 120                                      # along each of two dimensions
LOWEST, HIGHEST = 1e-12, 1e12                         # lengths looked at; beyond: none, or without bound
LARGEST = 1e6                                         # sigma
MOST_LENGTHS, MOST_PAIRS = 50_000, 10_000             # at once: 2,400 and 14,400 nodes for each


def _lengths(q):
    """Mean squares: numbers of at least 0, of any shape."""
    lengths = numeric("q", q)
    if (lengths < 0).any():
        refuse("q", q, "allowed are mean squares, at least 0")
    if lengths.size > MOST_LENGTHS:
        raise ValueError(f"q: got {lengths.size:,} numbers; allowed are at most {MOST_LENGTHS:,}, an integral each")
    return lengths


def units():
    """The activations the theory knows, by name: those of the networks, and erf, whose integrals are known exactly."""
    return Table("activation", {**ACTIVATIONS, "erf": ERF})


def expected(function, q):
    """E function(sqrt(q) u) over u ~ N(0, 1), for q of any shape, on 2,400 nodes.

    For a smooth function the error falls exponentially with the number of nodes (Trefethen and Weideman 2014, SIAM
    Review 56); no node lies on a kink at 0.
    """
    with np.errstate(all="ignore"):
        return function(np.sqrt(np.asarray(q, float))[..., None] * NODES) @ WEIGHTS


def square_of_answer(name, q):
    """V(q) of the activation of this name."""
    record = units()[name]
    return expected(lambda z: record.value(np, z) ** 2, q)


def square_of_slope(name, q):
    """G(q) of the activation of this name."""
    record = units()[name]
    return expected(lambda z: record.slope(np, z, record.value(np, z)) ** 2, q)


@lru_cache(maxsize=32)
def _table(record):
    """V and G of an activation on a grid of lengths, to find fixed points between: (q, V, G)."""
    q = np.geomspace(LOWEST, HIGHEST, 481)
    return q, square_of_answer(record.name, q), square_of_slope(record.name, q)


@dataclass(frozen=True)
class MeanField:
    """A wide random network of one activation, sigma_w and sigma_b.

    Raises ValueError for an unknown activation and for negative or infinite sigmas.
    """
    activation: str = "tanh"
    sigma_w: float = 1.0
    sigma_b: float = 0.0

    def __post_init__(self):
        units()[self.activation]
        for name in ("sigma_w", "sigma_b"):
            object.__setattr__(self, name, real(name, getattr(self, name), 0, LARGEST))

    def length(self, q):
        """The length map: E z^2 of a layer from that of the layer before; any shape."""
        q = _lengths(q)
        return self.sigma_w ** 2 * square_of_answer(self.activation, q) + self.sigma_b ** 2

    def chi(self, q):
        """The correlation slope at length q; any shape."""
        q = _lengths(q)
        return self.sigma_w ** 2 * square_of_slope(self.activation, q)

    @cached_property
    def fixed_point(self):
        """q*, where a network that begins at length 1 ends up; 0 if lengths shrink, inf if they grow, for ever."""
        return self.ends_at(1.0)

    def ends_at(self, q):
        """The fixed point of the length map that is reached from q: the first on the way that the map moves along."""
        q = real("q", q, LOWEST, HIGHEST)
        grid, V, _ = _table(units()[self.activation])
        here = self.length(q) - q
        if abs(here) <= 1e-14 * q:
            return float(q)
        excess = np.where((grid > q) == (here > 0), self.sigma_w ** 2 * V + self.sigma_b ** 2 - grid, here)
        k, up, found = _crossing(excess, int(np.searchsorted(grid, q)))
        if not found:
            return math.inf if up else 0.0
        near, far = (max(q, grid[k - 1]), grid[k]) if up else (min(q, grid[k + 1]), grid[k])
        for _ in range(60):
            middle = math.sqrt(near * far)
            near, far = (middle, far) if (self.length(middle) > middle) == up else (near, middle)
        return math.sqrt(near * far)

    @cached_property
    def slope(self):
        """chi at q*: below 1 ordered, above 1 chaotic."""
        return self.slope_at(self.fixed_point)

    def slope_at(self, q):
        """chi at length q; a q of 0 or inf as the smallest or largest length looked at."""
        q = real("q", q, 0, infinite=True)
        return float(self.chi(min(max(q, LOWEST), HIGHEST)))

    @property
    def phase(self):
        """In one word: "ordered", "critical" (chi within 0.001 of 1) or "chaotic"."""
        return "critical" if abs(self.slope - 1) < 1e-3 else "ordered" if self.slope < 1 else "chaotic"

    @property
    def depth_scale(self):
        """Over how many layers |delta|^2 changes by a factor e: 1 / |ln chi|; inf where chi is 1, 0 where it is 0."""
        if self.slope <= 0:
            return 0.0
        return math.inf if abs(self.slope - 1) < 1e-9 else 1 / abs(math.log(self.slope))

    def correlation(self, c, q=None):
        """The correlation map: the correlation of the pre-activations of two inputs, from that one layer before.

        c: (...) in [-1, 1].  q: both lengths, by default q*; nan where that is 0 or inf. Poole et al. 2016, eq. 6.
        """
        q = self.fixed_point if q is None else real("q", q, 0, infinite=True)
        c = numeric("c", c)
        if c.size > MOST_PAIRS:
            raise ValueError(f"c: got {c.size:,} numbers; allowed are at most {MOST_PAIRS:,}, a double integral each")
        if (np.abs(c) > 1 + 1e-9).any():
            refuse("c", c, "allowed are correlations from -1 to 1")
        c = np.clip(c, -1, 1)
        if not 0 < q < math.inf:
            return np.full(c.shape, np.nan)
        f = units()[self.activation].value
        u, weight = _nodes(PAIR_NODES)
        rest = np.sqrt(1 - c * c)[..., None, None]
        first, second = f(np, np.sqrt(q) * u), f(np, np.sqrt(q) * (c[..., None, None] * u[:, None] + rest * u))
        mean = np.einsum("i,i,j,...ij->...", weight, first, weight, second, optimize=True)
        return np.clip((self.sigma_w ** 2 * mean + self.sigma_b ** 2) / self.length(q), -1, 1)     # the nodes may err


@dataclass(frozen=True)
class Expected:
    """What the theory says of every layer. length: (L,) E z^2.  ratio: (L - 1,) |delta_k| / |delta_(k+1)|."""
    length: np.ndarray
    ratio: np.ndarray


def expected_of(network, sigma_w, sigma_b=0.0, length=1.0):
    """The theory for a network whose layers have these sigma_w (L,), on inputs of mean square `length`: an Expected.

    The activations are those of the hidden layers; skips and layer norm are taken into account.
    """
    L = len(network.sizes) - 1
    sigma_w = np.broadcast_to(np.asarray(sigma_w, float), (L,))
    q, gain, arriving = [], [], real("length", length, 0)
    for k in range(L):
        fresh = sigma_w[k] ** 2 * arriving + sigma_b ** 2
        q.append(fresh + (q[-1] if network.skips[k] else 0.0))
        if k < L - 1:
            name = network.activations[k]
            seen = 1.0 if network.norms[k] else min(q[-1], HIGHEST)
            arriving = float(square_of_answer(name, seen))
            chi = sigma_w[k + 1] ** 2 * float(square_of_slope(name, seen))
            chi = chi / max(q[-1], LOWEST) if network.norms[k] else chi
            gain.append(chi + (1.0 if network.skips[k + 1] else 0.0))
    return Expected(np.array(q), np.sqrt(gain))


def critical_line(activation, q=None):
    """The critical line chi = 1 of an activation, between order and chaos: (sigma_w, sigma_b, q), three arrays (n,).

    activation: its name, or "erf".  q: (m,), the mean squares to give it at, in this order (300 from 1e-4 to 1000);
    where no sigma_b is real, the line has no point, so n may be less than m.
    On it sigma_w^2 = 1 / G(q) and sigma_b^2 = q - V(q) / G(q): exact, nothing is searched for. For relu it is the
    one point sigma_w = sqrt(2), sigma_b = 0, and every q is a fixed point there.
    Raises ValueError for an unknown activation and for a q below 0.
    Source: Poole et al. 2016, NIPS, eq. 5; Schoenholz et al. 2017, ICLR, section 3.
    """
    q = np.geomspace(1e-4, 1e3, 300) if q is None else np.ravel(_lengths(q))
    V, G = square_of_answer(activation, q), square_of_slope(activation, q)
    with np.errstate(all="ignore"):
        sigma_w, square = 1 / np.sqrt(G), q - V / G
    real_ones = np.isfinite(sigma_w) & (square >= -1e-12 * q)
    square = np.where(square < 1e-12 * q, 0.0, square)                   # what is left of a true 0
    return sigma_w[real_ones], np.sqrt(square[real_ones]), q[real_ones]


def _crossing(excess, start):
    """Where excess (..., lengths) changes sign on the way from `start`, upward where it is positive there.

    Returns (index, up, found), arrays (...): the first grid point beyond the change.
    """
    k, up = np.arange(excess.shape[-1]), excess[..., start] > 0
    above, below = (k > start) & (excess <= 0), (k < start) & (excess >= 0)
    index = np.where(up, above.argmax(axis=-1), len(k) - 1 - below[..., ::-1].argmax(axis=-1))
    return index, up, np.where(up, above.any(axis=-1), below.any(axis=-1))


def plane(name, sigma_w, sigma_b):
    """chi at q* over the plane: sigma_w (n,), sigma_b (m,) -> (m, n). From the table of lengths, interpolated.

    Good to three digits, for a picture; MeanField(...).slope is exact.
    """
    q, V, G = _table(units()[name])
    out = []
    for b in sigma_b:
        excess = np.asarray(sigma_w, float)[:, None] ** 2 * V + b * b - q
        k, up, found = _crossing(excess, len(q) // 2)                    # from q = 1
        k = np.where(found, k, np.where(up, len(q) - 1, 1))
        before = np.where(up, np.maximum(k - 1, 0), np.minimum(k + 1, len(q) - 1))
        here, there = (np.take_along_axis(excess, i[:, None], axis=1)[:, 0] for i in (before, k))
        share = np.clip(np.where(found & (here != there), here / np.where(here == there, 1, here - there), 1), 0, 1)
        out.append(np.asarray(sigma_w, float) ** 2 * (G[before] + share * (G[k] - G[before])))
    return np.array(out)
