"""What the candidates of a search are: critical points of some kind, level curves and surfaces, or only flat ground.

Each candidate is brought to rest to its last digits and asked whether a critical point of its own is there
(landscape/evidence.py): then the signs of the Hessian's eigenvalues name it. Where the Hessian is singular, the slopes
around it are looked at: landscape/level_curves.py over two weights, landscape/level_surfaces.py over more. Symmetric
copies (landscape/symmetry.py) are one family, and listed once, but for two weights, where all have a place in the
picture.
"""
from dataclasses import replace

import numpy as np

from bpviz.base.work import Part, within
from bpviz.calculus.dual import curvature_of
from bpviz.landscape.evidence import alone
from bpviz.landscape.found import Found
from bpviz.landscape.level_curves import level_curves
from bpviz.landscape.level_surfaces import level_surfaces
from bpviz.landscape.newton import eigen, kind_of, polished
from bpviz.landscape.search import distinct
from bpviz.landscape.symmetry import families


def classified(objective, theta, low, high):
    """What candidates theta (P, K) of the window low, high (P,) are, as Parts: the result is a Level."""
    curvature = curvature_of(objective)
    theta = polished(objective, np.unique(theta.round(10), axis=1))
    shown = np.array(alone(objective, theta, curvature), dtype=object)
    regular = np.flatnonzero(shown != "")
    regular = regular[distinct(theta[:, regular])]
    points = [Found(place, values, kind_of(values, 0.0), evidence) for place, values, evidence in
              zip(theta[:, regular].T, eigen(curvature(theta[:, regular]))[0], shown[regular], strict=True)]
    rest = theta[:, shown == ""]
    if len(theta) == 2:
        level = level_curves(objective, rest, low, high)
        points += level.points
    else:
        level = yield from within(level_surfaces(objective, rest), 0.0, 0.99)
        points += level.points
        kept, copies = families(objective, np.array([point.theta for point in points]).T.reshape(len(theta), -1))
        points = [replace(points[k], copies=n) for k, n in zip(kept, copies, strict=True)]
    yield Part(1.0, replace(level, points=points))
