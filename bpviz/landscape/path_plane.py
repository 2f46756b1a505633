"""The plane that holds most of a path: its two principal directions, through the point where it ended.

Source: Li, Xu, Taylor, Studer and Goldstein 2018, NeurIPS, "Visualizing the loss landscape of neural nets", section
7.2: a PCA of the differences theta_k - theta_end. Random directions would hold next to nothing of it (section 7.1).
"""
from dataclasses import dataclass

import numpy as np

MOST = 1000                          # points of a path that the directions are found from, evenly taken
STRAIGHT = 1e-9                      # a second direction that holds less than this share of the first is any


@dataclass(frozen=True)
class PathPlane:
    """directions (2, P), orthogonal and equally long; places (2, n) of the path's points in it, the end at (0, 0).

    held: the share of the path's squared distances from its end that lies in the plane, 0 to 1; along: that of the
    first direction alone.
    """
    directions: np.ndarray
    places: np.ndarray
    held: float
    along: float


def path_plane(theta, reach):
    """The PathPlane of a path theta (P, n), so long that its furthest point is at `reach` in one of the directions.

    Raises ValueError for a path that does not move.
    """
    away = theta - theta[:, -1:]
    whole = float((away ** 2).sum())
    if not whole > 0:
        raise ValueError("path: got one that does not move; allowed is a path of some steps")
    some = away if min(away.shape) <= MOST else away[:, np.linspace(0, away.shape[1] - 1, MOST).astype(int)]
    P, n = some.shape
    if n <= P:                                                # the smaller of the two products has the same spectrum
        values, vectors = np.linalg.eigh(some.T @ some)
        units = (some @ vectors[:, [-1, -2]]).T
    else:
        values, vectors = np.linalg.eigh(some @ some.T)
        units = vectors[:, [-1, -2]].T.copy()
    units[0] /= np.linalg.norm(units[0])
    if len(values) < 2 or values[-2] < STRAIGHT * values[-1]:
        units[1] = np.eye(P)[np.abs(units[0]).argmin()]
    units[1] -= (units[1] @ units[0]) * units[0]
    units[1] /= np.linalg.norm(units[1])
    places = units @ away
    scale = np.abs(places).max() / reach
    shares = (places ** 2).sum(axis=1) / whole
    return PathPlane(units * scale, places / scale, min(1.0, float(shares.sum())), min(1.0, float(shares[0])))
