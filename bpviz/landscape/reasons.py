"""The reasons of a verdict as facts: rates against curvatures, noise against slopes; and the facts of a place.

A reason is a sentence (key, facts) of bpviz/words/en/verdict.toml, or None where that is not the reason.
"""
from dataclasses import replace

import numpy as np

from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.path import RAN_AWAY
from bpviz.descent.settle import NEAR
from bpviz.landscape.critical import MINIMUM
from bpviz.landscape.newton import signs
from bpviz.landscape.slopes import FLAT

MOST_NAMED, LOOKED, TRIED = 4, 32, 1000      # numbers written out one by one; steps looked at, and walked on


class Reasons:
    """Why one descent does not come to rest.

    theta: (P, n), the points visited.  plain: whether each step is the rate times the whole gradient, looked at.
    odd: whether it should be and is not.
    """

    def __init__(self, objective, theta, points, optimizer, curvature, noise, schedule, clip):
        self.objective, self.theta, self.points, self.optimizer = objective, theta, points, optimizer
        self.curvature, self.noise = curvature, noise
        self.walk = {"noise": noise, "schedule": schedule, "clip": clip}
        self.scale = schedule(max(theta.shape[1] - 2, 0))
        self.rate = optimizer.rate * self.scale
        self.steady = constant = all(schedule(k) == 1 for k in (0, 1, theta.shape[1] // 2, theta.shape[1]))
        stateless = isinstance(optimizer, GradientDescent) and not optimizer.momentum
        self.plain, self.odd = stateless and constant and noise is None and clip is None, False
        if self.plain and not self._by_the_gradient():
            self.plain, self.odd = False, True

    def _by_the_gradient(self):
        """Whether the last steps are those of the optimizer."""
        theta = self.theta[:, -LOOKED:]
        if theta.shape[1] < 2:
            return True
        with np.errstate(all="ignore"):
            ahead, _ = self.optimizer.step(theta[:, :-1], self.objective.gradient(theta[:, :-1]), ())
            off = np.abs(ahead - theta[:, 1:]).max()
        return not off > 1e-6 * (1 + np.abs(theta).max())

    def too_fast(self, k):
        """The stability limit of this minimum, as facts, if it cannot hold this rate; a schedule may lower it yet."""
        limit = self.optimizer.stability_limit(self.points.eigenvalues[-1, k])
        if self.rate <= limit or not self.steady:
            return None
        return {"limit": limit, "label": self.points.label[k], **self.optimizer.limit_facts}

    def all_too_fast(self):
        """All minima that cannot hold this rate, two of them by name."""
        limits = [limit for k in self.points.minima if (limit := self.too_fast(k))]
        if not limits:
            return None
        first, second = (*limits, None)[:2]
        return "too_fast", {"rate": self.rate, "first": first, "second": second, "more": max(len(limits) - 2, 0)}

    def local_limit(self, theta, at):
        """What the curvature at theta says about the rate. at: "start" or "middle", what that place is called."""
        H = self.curvature(theta)
        if not np.isfinite(H).all():
            return None
        limit = self.optimizer.stability_limit(np.linalg.eigvalsh(H)[-1])
        if self.rate < 1.05 * limit:
            return None
        return "local_limit", {"rate": self.rate, "times": self.rate / limit, "limit": limit, "at": at}

    def slower(self, asked):
        """That a smaller rate keeps the weights from running away, tried out."""
        start, steps = self.theta[:, 0], int(np.clip(asked, 300, TRIED))
        H = self.curvature(start)
        limit = self.optimizer.stability_limit(np.linalg.eigvalsh(H)[-1]) if np.isfinite(H).all() else np.inf
        rate = min(0.5 * limit, 0.1 * self.optimizer.rate)
        tried = descend(self.objective, start, replace(self.optimizer, rate=rate), steps, **self.walk)
        return None if tried.ended == RAN_AWAY else ("slower", {"rate": rate, "steps": steps})

    def ahead(self, end):
        """Where plain descent goes from here, walked on; None if it comes to no minimum."""
        if not self.plain:
            return None
        on = descend(self.objective, end, self.optimizer, TRIED, until_settled=True)
        k, apart = self.points.nearest(on.end)
        if on.ended == RAN_AWAY or k is None or self.points.kind[k] != MINIMUM or apart > NEAR or self.too_fast(k):
            return None
        beyond = np.flatnonzero(np.linalg.norm(on.theta - self.points.theta[:, [k]], axis=0) > NEAR)
        return "ahead", {"steps": beyond[-1] + 1, "label": self.points.label[k]}

    def shaken(self):
        """Whether noise moves the weights more than the slope does, over the last steps."""
        last = range(max(0, self.theta.shape[1] - 1 - LOOKED), self.theta.shape[1] - 1)
        if self.noise is None or not last:
            return None
        noisy = np.stack([self.noise.gradient(self.objective, self.theta[:, k], k) for k in last], axis=1)
        whole = self.objective.gradient(self.theta[:, last])
        off, size = np.linalg.norm(noisy - whole, axis=0).mean(), np.linalg.norm(whole, axis=0).mean()
        return None if off <= size else ("shaken", {"off": off, "size": size, "steps": len(last)})

    def restless(self):
        """Why steps near a minimum do not shrink."""
        if self.noise is not None:
            return self.shaken()
        return ("steps_stay_long", {"optimizer": self.optimizer.name}) if self.optimizer.hovers else None

    def held(self):
        """What keeps the weights where the gradient is not 0: "schedule", "weight decay", "own rule", or None."""
        decay, end = getattr(self.optimizer, "weight_decay", 0.0), self.theta[:, -1]
        slope = self.objective.gradient(end)
        if self.scale < 1e-3:
            return "schedule"
        if decay and np.linalg.norm(slope + decay * end) < 1e-3 * np.linalg.norm(slope):
            return "weight decay"
        return None if self.optimizer.known else "own rule"


def minimum(points, k):
    """Minimum k of the list and its rank: how many are as deep, how many are higher, its place by depth."""
    minima = points.minima
    lowest = points.loss[minima].min()
    equal = sum(abs(points.loss[j] - points.loss[k]) <= 1e-9 * (1 + abs(lowest)) for j in minima)
    place = minima.index(k) + 1
    return {"label": points.label[k], "loss": points.loss[k],
            "rank": {"of": len(minima), "equal": equal, "unequal": len(minima) - equal, "place": place,
                     "higher": len(minima) - place}}


def curvatures(values):
    """Hessian eigenvalues (P,), ascending, those next to 0 as 0, and how many have which sign."""
    top, many = np.abs(values).max(), len(values)
    seen = np.where(np.abs(values) <= FLAT * top, 0.0, values)
    negative = int(signs(values)[1])
    return {"spectrum": {"values": seen if many <= MOST_NAMED else None, "lowest": seen[0], "highest": seen[-1]},
            "many": many, "negative": negative, "others": many - negative, "zero": int((seen == 0).sum())}


def of_the_ground(under, where, place, lossless):
    """The sentence on a descent that ended on the level ground `under` (landscape/ground.py): where, at this place.

    lossless: whether there is no loss left.
    """
    return "ground", {"kind": under.kind, "where": where, "place": place, "curvatures": curvatures(under.values),
                      "dimension": under.dimension, "lossless": lossless}


def place_of(theta):
    """Where the weights (P,) are: all of them if they are few, and how long they are together."""
    return {"theta": theta if len(theta) <= MOST_NAMED else None, "length": np.linalg.norm(theta)}
