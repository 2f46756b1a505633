"""The list of critical points, the curves of them, and what could not be decided: what the learner is handed.

A point is listed only if a test shows that the gradient is 0 *there* (landscape/evidence.py); `evidence` says which.
Where the gradient is only small, the place is among `flats`, and no minimum.
"""
import string
from dataclasses import dataclass, field

import numpy as np

from bpviz.base.arguments import Table, choice, one_network, whole
from bpviz.base.records import checked_fields
from bpviz.base.result import Drawn, place_in
from bpviz.landscape.certify import Certificate
from bpviz.landscape.found import HIGHER, Flats, few, flats_of
from bpviz.landscape.newton import MAXIMUM, MINIMUM, SADDLE
from bpviz.landscape.slopes import FLAT
from bpviz.words.catalogue import say

RANK = {MINIMUM: 0, SADDLE: 1, MAXIMUM: 2}


@dataclass(frozen=True, repr=False)
class CriticalPoint:
    """One of CriticalPoints: points[0].loss. theta, eigenvalues: (P,)."""
    label: str
    kind: str
    theta: np.ndarray
    loss: float
    gradient_norm: float
    eigenvalues: np.ndarray

    def __repr__(self):
        return f"{self.label} {self.kind}, loss {self.loss:.6g} at ({', '.join(f'{w:.5g}' for w in self.theta)})"


@dataclass(frozen=True, repr=False)
class CriticalPoints(Drawn):
    """K critical points, minima first, each kind by rising loss; a list of CriticalPoint.

    theta: (P, K).  loss, gradient_norm: (K,).  eigenvalues: (P, K), ascending.  kind, label: K names each;
    minima are labelled A, B, C, saddles S1, S2, maxima M1.
    evidence: K names, how it is known that the gradient is 0 here and not only small: "proved" (intervals: exactly one
    critical point in a tiny box), "measured" (the same with the Hessian looked at, not enclosed), "higher order" (the
    Hessian is singular, or jumps, yet the slopes around the point show that it is alone and what it is), "level" (one
    point of a surface).
    valley: (P, n), for two weights the level points that are not alone: a curve of them.  valley_floor: (n,) booleans,
    the cross-section curves up, so they are minima; else a ridge.
    flats: places where the gradient is small and nothing more is known.
    catch: (K,), for two weights, around a minimum of a singular Hessian how far all slopes point back to it; else 0.
    low, high: the window that was searched.  starts: from how many starts.
    steepness: the median |gradient| in the window, to tell small from large.
    A point on a kink (relu) has no Hessian and is not found.
    copies: for more than two weights, how many symmetric copies of each point lie apart; each stands for all of them
        (None: not known, of an objective that does not say which of its weights may be exchanged).
    dimension: of the surface of level points it lies on, 0 for an isolated one.  certificate: what is proved.
    held: ((name, value), ...), weights of the network that stood still and are not among the P.
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
    certificate: Certificate | None = None
    evidence: tuple = ()
    valley_floor: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    flats: Flats | None = None
    starts: int = 0
    catch: np.ndarray = field(default_factory=lambda: np.zeros(0))
    held: tuple = ()

    def __post_init__(self):
        checked_fields(self, theta="P K", valley="P _n", low="P", high="P")
        K = len(self.kind)
        shapes = [self.theta.shape[1:], self.loss.shape, self.gradient_norm.shape, self.eigenvalues.shape[1:],
                  (len(self.label),)]
        if any(shape != (K,) for shape in shapes):
            raise ValueError(f"CriticalPoints: got parts of lengths {shapes}; allowed is {K} each")
        if self.flats is None:
            object.__setattr__(self, "flats", flats_of([], len(self.theta)))

    def __len__(self):
        return len(self.kind)

    def of_kind(self, kind):
        """The indices of one kind: "minimum", "saddle" or "maximum"."""
        choice("kind", kind, tuple(RANK))
        return [k for k, name in enumerate(self.kind) if name == kind]

    @property
    def minima(self):
        return self.of_kind(MINIMUM)

    @property
    def saddles(self):
        return self.of_kind(SADDLE)

    def degenerate(self, point):
        """Whether the point of this index is alone though its Hessian is singular: some of its eigenvalues are 0."""
        point = whole("point", point, 0, len(self) - 1)
        sizes = np.abs(self.eigenvalues[:, point])
        return self.evidence[point:point + 1] == (HIGHER,) and bool(sizes.min() <= FLAT * sizes.max())

    @property
    def complete(self):
        """Whether it is proved that the list has every critical point of the window."""
        return self.certificate is not None and self.certificate.complete

    @property
    def searched(self):
        """What was searched, or what is proved; "" if the record does not know."""
        if self.certificate or not self.starts:
            return self.certificate.words if self.certificate else ""
        return say("results", "searched", starts=self.starts, low=few(self.low, 3), high=few(self.high, 3))

    def nearest(self, theta):
        """(index, distance) of the point nearest to theta (P,); (None, inf) if there is none."""
        theta = one_network("theta", theta, len(self.theta))
        if not len(self):
            return None, np.inf
        distances = np.linalg.norm(self.theta - theta[:, None], axis=0)
        k = int(distances.argmin())
        return k, float(distances[k])

    def __getitem__(self, k):
        if isinstance(k, slice):
            return [self[i] for i in range(*k.indices(len(self)))]
        if isinstance(k, str):
            k = Table("point", {name: n for n, name in enumerate(self.label)})[k]
        k = place_in(self, k, "allowed is a whole number, a slice or a name such as 'A'")
        return CriticalPoint(self.label[k], self.kind[k], self.theta[:, k], float(self.loss[k]),
                             float(self.gradient_norm[k]), self.eigenvalues[:, k])

    def __iter__(self):
        return (self[k] for k in range(len(self)))

    @property
    def drawn(self):
        """Points over two weights have a picture."""
        return "critical_points" if len(self.theta) == 2 else ""

    @property
    def words(self):
        """What else was found, and what was searched."""
        level = self.valley.shape[1]
        said = [say("results", "held", n=len(self.held), more=len(self.held) - 6, some=[{"name": name, "value": value}
                                                               for name, value in self.held[:6]])] if self.held else []
        said += [] if len(self) else [say("results", "nothing_found", valley=level > 0)]
        if level:
            said.append(say("results", "valley", many=level, alone=not len(self),
                            floor=bool(self.valley_floor.size and self.valley_floor.all())))
        return "\n".join(filter(None, (*said, self.flats.words, self.searched)))

    def table(self):
        rows = [(point.label, point.kind, f"{point.loss:.6g}", ", ".join(f"{w:.5g}" for w in point.theta),
                 self._more(k)) for k, point in enumerate(self)]
        return "Critical points", ("name", "kind", "loss", "at", "curvature"), rows

    def __repr__(self):
        rows = [f"{label:>3} {kind:8} loss {loss} at ({place}), {more}"
                for label, kind, loss, place, more in self.table()[2]]
        return "\n".join(filter(None, (*rows, self.words)))

    def _more(self, k):
        """What follows the place of a point: its curvatures, or for many weights its family."""
        values = self.eigenvalues[:, k]
        order = ", some at or next to 0" if self.degenerate(k) else ""
        if self.degenerate(k) and len(self.theta) > 2:
            order += " (others may touch it)"
        if not self.copies:
            return f"eigenvalues {', '.join(f'{e:.3g}' for e in values)}{order}"
        n = self.copies[k]
        many = {None: ", copies unknown", 1: ", without copies"}.get(n, f", one of {n} symmetric copies")
        surface = f", on a level surface of dimension {self.dimension[k]}" if self.dimension[k] else ""
        return f"eigenvalues {values[0]:.3g} to {values[-1]:.3g}{many}{surface}{order}"


def letter(k):
    """A, B, ..., Z, A1, A2, ...: the names of minima by rising loss."""
    return string.ascii_uppercase[k] if k < 26 else f"A{k - 25}"


def labels(kinds):
    """A, B, C for minima, S1, S2 for saddles, M1 for maxima, in the order given."""
    names, seen = [], dict.fromkeys(RANK, 0)
    for kind in kinds:
        n = seen[kind]
        seen[kind] += 1
        names.append({MINIMUM: letter(n), SADDLE: f"S{n + 1}", MAXIMUM: f"M{n + 1}"}[kind])
    return tuple(names)


def in_order(kinds, loss, theta):
    """The order in which points are listed: minima first, each kind by rising loss."""
    return sorted(range(len(kinds)), key=lambda k: (RANK[kinds[k]], round(float(loss[k]), 12), *theta[:, k]))
