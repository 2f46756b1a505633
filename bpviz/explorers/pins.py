"""A state that is pinned beside the state of now: two descents of two weights on one landscape, and what is said."""
import numpy as np

from bpviz.descent.path import RAN_AWAY
from bpviz.descent.settle import NEAR
from bpviz.words.catalogue import say

SAME = 1e-9                # losses that differ by less than this share of the larger are called equal


def end_of(points, path):
    """How a path (2, n) ended, as facts: its first weights, its last loss, None where it ran away, and the label of
    the minimum of `points` within NEAR of its end, "" for none.
    """
    w1, w2 = (path.theta[:, 0] + 0.0).tolist()                                # no -0
    loss = None if path.ended == RAN_AWAY or not np.isfinite(path.loss[-1]) else float(path.loss[-1])
    label = ""
    if loss is not None and len(points.minima):
        away = np.linalg.norm(points.theta[:, points.minima] - path.end[:, None], axis=0)
        k = int(away.argmin())
        label = points.label[points.minima[k]] if away[k] < NEAR else ""
    return {"w1": w1, "w2": w2, "loss": loss, "label": label}


def compared(points, pinned, now):
    """The sentence that holds the end of a pinned Path against the Path of now."""
    there, here = end_of(points, pinned), end_of(points, now)
    facts = {"w1": there["w1"], "w2": there["w2"], "there": there, "here": here,
             "away": there["loss"] is None, "away_now": here["loss"] is None,
             "same": bool(there["label"]) and there["label"] == here["label"],
             "other": bool(there["label"] and here["label"]), "gap": None}
    if not (facts["away"] or facts["away_now"]):
        by = there["loss"] - here["loss"]
        equal = abs(by) <= SAME * max(abs(there["loss"]), abs(here["loss"]))
        facts["gap"] = {"kind": "equal" if equal else "higher" if by > 0 else "lower", "by": abs(by)}
    return say("pins", "compared", **facts)
