"""The reasons and the small words of a verdict: rates against curvatures, noise against slopes, numbers in words."""
from dataclasses import replace

import numpy as np

from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.path import RAN_AWAY
from bpviz.descent.settle import NEAR
from bpviz.landscape import ground
from bpviz.landscape.critical import MINIMUM
from bpviz.landscape.nearby import FLAT
from bpviz.words.numbers import capital, count, steps_of

MOST_NAMED, LOOKED, TRIED = 4, 32, 1000      # numbers written out one by one; steps looked at, and walked on


class Reasons:
    """Why one descent does not come to rest, each as part of a sentence, or "" where that is not the reason.

    theta: (P, n), the points visited.  plain: whether each step is the rate times the whole gradient, looked at.
    odd: said if it should be and is not.
    """

    def __init__(self, objective, theta, points, optimizer, curvature, noise, schedule, clip):
        self.objective, self.theta, self.points, self.optimizer = objective, theta, points, optimizer
        self.curvature, self.noise = curvature, noise
        self.walk = {"noise": noise, "schedule": schedule, "clip": clip}
        self.scale = schedule(max(theta.shape[1] - 2, 0))
        self.rate = optimizer.rate * self.scale
        self.steady = constant = all(schedule(k) == 1 for k in (0, 1, theta.shape[1] // 2, theta.shape[1]))
        stateless = isinstance(optimizer, GradientDescent) and not optimizer.momentum
        self.plain, self.odd = stateless and constant and noise is None and clip is None, ""
        if self.plain and not self._by_the_gradient():
            self.plain = False
            self.odd = ("the steps are not the rate times the gradient: noise, a schedule or clipping was at work of "
                        "which this verdict was not told")

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
        """Why this minimum cannot hold this rate; a schedule may lower it yet."""
        limit = self.optimizer.stability_limit(self.points.eigenvalues[-1, k])
        if self.rate <= limit or not self.steady:
            return ""
        m = self.optimizer.momentum
        curvature = "(λmax + weight decay)" if self.optimizer.weight_decay else "λmax"
        if m and self.optimizer.nesterov:
            formula = f"2(1+m)/((1+2m){curvature})"
        else:
            formula = f"2(1+m)/{curvature}" if m else f"2/{curvature}"
        return (f"rate {self.rate:.4g} is above the stability limit {formula} = {limit:.3g} of minimum "
                f"{self.points.label[k]}: gradient descent cannot settle there")

    def all_too_fast(self):
        reasons = [reason for k in self.points.minima if (reason := self.too_fast(k))]
        more = len(reasons) - 2
        return "; ".join(reasons[:2] + ([f"and so with {more} more"] if more > 0 else []))

    def local_limit(self, theta, where):
        """What the curvature at theta says about the rate."""
        H = self.curvature(theta)
        if not np.isfinite(H).all():
            return ""
        limit = self.optimizer.stability_limit(np.linalg.eigvalsh(H)[-1])
        if self.rate < 1.05 * limit:
            return ""
        return f"rate {self.rate:.4g} is {self.rate / limit:.3g} times what the curvature {where} allows ({limit:.3g})"

    def slower(self, asked):
        """That a smaller rate keeps the weights from running away, tried out: a sentence with a blank before it."""
        start, steps = self.theta[:, 0], int(np.clip(asked, 300, TRIED))
        H = self.curvature(start)
        limit = self.optimizer.stability_limit(np.linalg.eigvalsh(H)[-1]) if np.isfinite(H).all() else np.inf
        rate = min(0.5 * limit, 0.1 * self.optimizer.rate)
        tried = descend(self.objective, start, replace(self.optimizer, rate=rate), steps, **self.walk)
        return "" if tried.ended == RAN_AWAY else (f" From the same start rate {rate:.3g} does not run away "
                                                   f"(tried, {steps_of(steps)}).")

    def ahead(self, end):
        """Where plain descent goes from here, walked on: a sentence, or "" if it comes to no minimum."""
        if not self.plain:
            return ""
        on = descend(self.objective, end, self.optimizer, TRIED, until_settled=True)
        k, apart = self.points.nearest(on.end)
        if on.ended == RAN_AWAY or k is None or self.points.kind[k] != MINIMUM or apart > NEAR or self.too_fast(k):
            return ""
        beyond = np.flatnonzero(np.linalg.norm(on.theta - self.points.theta[:, [k]], axis=0) > NEAR)
        return f"{steps_of(int(beyond[-1]) + 1, 'more ')} take it into minimum {self.points.label[k]} (tried)."

    def shaken(self):
        """Whether noise moves the weights more than the slope does, over the last steps."""
        last = range(max(0, self.theta.shape[1] - 1 - LOOKED), self.theta.shape[1] - 1)
        if self.noise is None or not last:
            return ""
        noisy = np.stack([self.noise.gradient(self.objective, self.theta[:, k], k) for k in last], axis=1)
        whole = self.objective.gradient(self.theta[:, last])
        off, size = np.linalg.norm(noisy - whole, axis=0).mean(), np.linalg.norm(whole, axis=0).mean()
        return "" if off <= size else (f"the noise does it: the gradient a step sees is {off:.3g} off the whole one, "
                                       f"which is {size:.3g} long (averages of the last {len(last)} steps)")

    def restless(self):
        """Why steps near a minimum do not shrink, as a sentence of its own."""
        if self.noise is not None:
            return f"{capital(said)}." if (said := self.shaken()) else ""
        if not self.optimizer.hovers:
            return ""
        return (f"{type(self.optimizer).__name__} divides by the size of recent gradients, so its steps need not "
                "shrink with the gradient.")

    def held(self):
        """What keeps the weights where the gradient is not 0."""
        decay, end = self.optimizer.weight_decay, self.theta[:, -1]
        slope = self.objective.gradient(end)
        if self.scale < 1e-3:
            return f"the schedule has brought the rate down to {self.rate:.3g}"
        if decay and np.linalg.norm(slope + decay * end) < 1e-3 * np.linalg.norm(slope):
            return "weight decay pulls back as hard as the gradient pushes"
        return ""


def rank(points, k):
    """The place of minimum k among those of the list, by depth."""
    minima = points.minima
    if len(minima) == 1:
        return "the only minimum found in the window"
    many = count(len(minima))
    lowest = points.loss[minima].min()
    equal = [j for j in minima if abs(points.loss[j] - points.loss[k]) <= 1e-9 * (1 + abs(lowest))]
    if len(equal) > 1:
        rest = "" if len(equal) == len(minima) else f" of {many}"
        return f"one of {count(len(equal))} equally deep{rest}"
    if len(minima) == 2:
        return f"the {'lower' if k == minima[0] else 'higher'} of two"
    if k == minima[-1]:
        return f"the highest of {many}"
    place = minima.index(k)
    return (f"{('the lowest', 'the second lowest', 'the third lowest')[place]} of {many}" if place < 3 else
            f"number {place + 1} of {many} by depth")


def curvatures(values):
    """Hessian eigenvalues in words, with what their signs are."""
    top = np.abs(values).max()
    below, zero = int((values < -FLAT * top).sum()), int((np.abs(values) <= FLAT * top).sum())
    seen = [0.0 if abs(v) <= FLAT * top else v for v in values]
    many = len(values)
    listed = ", ".join(f"{v:.3g}" for v in seen) if many <= MOST_NAMED else f"from {seen[0]:.3g} to {seen[-1]:.3g}"
    if below:
        sign = f"{'one is' if below == 1 else f'{below} are'} below 0" if below < many or many == 1 else "all below 0"
    elif zero:
        sign = "none below 0"
    else:
        sign = {1: "above 0", 2: "both above 0"}.get(many, f"all {many} above 0")
    return f"Hessian eigenvalue{'s' if many > 1 else ''} {listed}, {sign}"


def of_the_ground(under, where, place):
    """The sentence on a descent that ended on the level ground `under` (landscape/ground.py): where, at this place."""
    seen = curvatures(under.values)
    many = "a whole curve" if under.dimension == 1 else f"a surface of dimension {under.dimension}"
    size, higher = under.inner or (0.0, 0.0)
    change = f"{abs(higher):.3g} {'higher' if higher > 0 else 'lower'}"
    return {
        ground.FLOOR: f"Settled on a valley floor {where}: {many} of equally good points, so it is no single minimum; "
                      f"{seen}: 0 along the floor.",
        ground.OPEN: f"On a plateau {where}, at {place}: no minimum and no valley floor, for the level changes along "
                     f"it: the loss is {change} where the weights are {size:.3g} long.",
        ground.FLAT: f"Stuck on a plateau {where}: {seen}. On flat ground nothing says which way is down.",
        ground.POINT: f"Settled in a minimum that the list does not name, {where}; {seen}.",
        ground.UNDECIDED: f"Next to level ground {where}; {seen}. A curvature of 0 leaves open what lies that way.",
        ground.SADDLE: f"Stalled on level ground {where}, yet {seen}, so there is a way down.",
        ground.TOP: f"Stalled on top of a maximum {where}; {seen}: every way leads down.",
    }[under.kind]


def place_of(theta):
    """Where the weights are: all of them if they are few, else how long they are together."""
    if len(theta) <= MOST_NAMED:
        return f"({', '.join(f'{v:.3g}' for v in theta)})"
    return f"a length of {np.linalg.norm(theta):.3g}"




