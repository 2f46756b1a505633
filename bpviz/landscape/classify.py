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
from bpviz.landscape.evidence import alone, nearly_flat, sharpened
from bpviz.landscape.found import Found
from bpviz.landscape.level_curves import level_curves
from bpviz.landscape.level_surfaces import level_surfaces
from bpviz.landscape.newton import distinct, eigen, kind_by_signs, polished
from bpviz.landscape.symmetry import families


def classified(slopes, theta, low, high):
    """What candidates theta (P, K) of the window low, high (P,) are, as Parts: the result is a Level."""
    theta = polished(slopes, np.unique(theta.round(10), axis=1))
    shown = np.array(alone(slopes, theta), dtype=object)
    unsure = np.flatnonzero(shown == "")
    unsure = unsure[nearly_flat(slopes, theta[:, unsure])]              # a valley may hardly bend along its floor
    near, sharper = sharpened(slopes, theta[:, unsure])
    said = np.array(alone(slopes, sharper, long=True), dtype=object)
    theta[:, unsure[near[said != ""]]], shown[unsure[near]] = sharper[:, said != ""], said
    regular, rest = np.flatnonzero(shown != ""), theta[:, shown == ""]
    regular = regular[distinct(theta[:, regular])]
    values = eigen(slopes.hessian(theta[:, regular]))[0]
    points = [Found(theta[:, k], each, kind_by_signs(each, 0.0), shown[k])
              for k, each in zip(regular, values, strict=True)]
    if len(theta) == 2:
        level = level_curves(slopes, rest, low, high)
        yield Part(1.0, replace(level, points=points + level.points))
        return
    level = yield from within(level_surfaces(slopes, rest), 0.0, 0.99)
    yield Part(1.0, replace(level, points=families(slopes, points + level.points)))
