"""What the tests of candidates find: critical points, points of level curves and surfaces, ground that is only flat.

theta   a candidate: where a search by Newton's method came to rest
"""
from dataclasses import dataclass

import numpy as np

from bpviz.words.catalogue import say

PROVED, MEASURED, HIGHER, LEVEL = "proved", "measured", "higher order", "level"


@dataclass(frozen=True)
class Found:
    """One critical point: theta, eigenvalues (P,); kind, evidence, dimension, copies and catch as in CriticalPoints."""
    theta: np.ndarray
    eigenvalues: np.ndarray
    kind: str
    evidence: str
    dimension: int = 0
    catch: float = 0.0
    copies: int | None = 1


@dataclass(frozen=True, eq=False)
class Flats:
    """M places where the ground is so flat that no test finds a zero of the gradient, one for each loss.

    theta: (P, M).  loss: (M,).  below: (M,), the size of the gradient there is below this.
    outward: (M,) booleans, where it is shown that the gradient only fades on the way to infinity.
    """
    theta: np.ndarray
    loss: np.ndarray
    below: np.ndarray
    outward: np.ndarray

    def __len__(self):
        return len(self.loss)

    @property
    def words(self):
        """What is known about them, in up to two sentences."""
        said = []
        for shown in (True, False):
            k = np.flatnonzero(self.outward == shown)
            if len(k):
                said.append(say("results", "flat", outward=shown, below=self.below[k].max(), many=len(k),
                                losses=few(self.loss[k], 4)))
        return "\n".join(said)


def flats_of(rows, P):
    """Flats of rows (theta (P,), loss, size of the gradient, outward); rows of one loss are one place."""
    groups = {}
    for row in rows:
        groups.setdefault(round(float(row[1]), 6), []).append(row)
    rows = [(*group[0][:2], max(row[2] for row in group), all(row[3] for row in group)) for group in groups.values()]
    return Flats(np.array([row[0] for row in rows]).T.reshape(P, -1),
                 *(np.array([row[k] for row in rows], dtype=kind) for k, kind in ((1, float), (2, float), (3, bool))))


@dataclass(frozen=True, eq=False)
class Level:
    """All that is known of some candidates.

    points: a list of Found.  flats: a Flats.  valley: (P, n) and valley_floor: (n,), as in CriticalPoints.
    """
    points: list
    flats: Flats
    valley: np.ndarray
    valley_floor: np.ndarray


def few(values, most):
    """The first few of many numbers, as facts."""
    return {"few": np.ravel(values)[:most].tolist(), "more": np.size(values) > most}
