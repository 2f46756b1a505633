"""A learner's backward pass at one place: which partials are right, which is wrong, which follow from a wrong one.

part    a partial, by letter and layer of what it is for: "a2" (where learners write do), "z2", "W2", "b2"; rows first
"""
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.calculus.activations import ACTIVATIONS
from bpviz.coursework.diagnosis.beside import distinct, near, relation
from bpviz.network.backprop import forward, normalise, normalise_back
from bpviz.words.catalogue import say
from bpviz.words.numbers import number, pretty

RIGHT, FOLLOWS, WRONG, MISSING = "✓", "→", "✗", "–"


def walked_back(fit, theta, theirs):
    """{part: array} on the way back: of each part what it is by the chain rule, given those of `theirs` before it.

    Rows first, as learners write it: "z2" is (rows, units), "W2" (units before, units). The mean over the rows is in
    them all. Layer norm is part of the step from "a1" to "z1", and a skip adds "z2" to "z1".
    """
    network, loss, x, t = fit.network, fit.loss_record, fit.data.x, fit.data.y
    z, h, a = forward(network, theta, x, np, loss.output)
    layers, found = network.layers(theta), {}

    def before(part):
        return theirs.get(part, found[part])

    last, error = len(layers), loss.slope(np, z[-1], a[-1], t).T / fit.divisor
    for k in range(last, 0, -1):
        slope = ACTIVATIONS[network.activations[k - 1]].slope(np, h[k - 1], a[k]).T
        if k < last:
            found[f"a{k}"] = before(f"z{k + 1}") @ layers[k][0].T
        elif loss.output is None:
            found[f"a{k}"] = error
        found[f"z{k}"] = before(f"a{k}") * slope if f"a{k}" in found else error
        if network.norms[k - 1]:
            found[f"z{k}"] = normalise_back(h[k - 1], normalise(np, z[k - 1])[1], found[f"z{k}"].T).T
        if k < last and network.skips[k]:
            found[f"z{k}"] = found[f"z{k}"] + before(f"z{k + 1}")
        found[f"W{k}"] = a[k - 1] @ before(f"z{k}")
        if network.bias:
            found[f"b{k}"] = before(f"z{k}").sum(axis=0)
    return found


@dataclass(frozen=True)
class OwnPartials:
    """What a learner's function gave for this fit at theta (P,).  given: {part: array}, those that are numbers.

    row: the only row that the fit has of the data, from 0, or None where it has all of them.
    """
    fit: object
    theta: np.ndarray
    given: dict
    row: int | None = None

    @cached_property
    def right(self):
        """{part: array} by the chain rule."""
        return walked_back(self.fit, self.theta, {})

    @cached_property
    def marks(self):
        """{part: mark}: right, follows from a wrong one before it, wrong, or missing."""
        with np.errstate(all="ignore"):
            follows = walked_back(self.fit, self.theta, {part: array for part, array in self.given.items()
                                                        if array.shape == self.right[part].shape})
        return {part: self._mark(part, right, follows[part]) for part, right in self.right.items()}

    def _mark(self, part, right, follows):
        if part not in self.given:
            return MISSING
        mine = self.given[part]
        if mine.shape != right.shape:
            return WRONG
        one, other = (near(mine, value).all() for value in (right, follows))
        return RIGHT if one else FOLLOWS if other else WRONG

    @property
    def follows(self):
        """Parts that are wrong only because of one before them."""
        return frozenset(part for part, mark in self.marks.items() if mark == FOLLOWS)

    @property
    def first_wrong(self):
        """The first part on the way back that is wrong, or None."""
        return next((part for part, mark in self.marks.items() if mark == WRONG), None)

    def crosses(self, row):
        """{("d", (letter, layer, unit, ...)): mark} of the entries that are not right, on this row."""
        found = {}
        for part, mark in self.marks.items():
            if mark in (WRONG, FOLLOWS) and self.given[part].shape == self.right[part].shape:
                off = ~near(self.given[part], self.right[part])
                off = off[min(row, len(off) - 1)] if part[0] in "az" else off
                found |= {("d", (part[0].lower(), int(part[1:]), *(int(n) + 1 for n in at))): mark
                          for at in np.argwhere(off)}
        return found

    def name(self, part):
        """What learners call it."""
        last = f"a{len(self.fit.network.sizes) - 1}"
        return "do" if part == last and self.row is None else f"d{part if self.row is None else part.lower()}"

    @cached_property
    def words(self):
        part = self.first_wrong
        if part is None:
            names = [self.name(one) for one, mark in self.marks.items() if mark == RIGHT]
            return say("backward", "right_parts", names=names, many=len(names))
        mine, right = self.given[part], self.right[part]
        if mine.shape != right.shape:
            return say("backward", "wrong_shape", name=self.name(part), yours=str(mine.shape), asked=str(right.shape))
        with np.errstate(all="ignore"):
            gap = np.abs(mine - right)
        at = np.unravel_index(int(np.where(np.isfinite(gap), gap, np.inf).argmax()), mine.shape)
        ours, theirs = distinct(float(right[at]), float(mine[at]))
        place = [int(n) + 1 for n in at]
        row = None if part[0] in "Wb" else place[0] if self.row is None else self.row + 1
        entry = f"{part.lower()}[{','.join(map(str, place if row is None else place[1:]))}]"
        how = say("yours", "relation", **{**relation(float(mine[at]), float(right[at])), "right": ours})
        follow = [self.name(one) for one in self.marks if one in self.follows]
        return say("backward", "wrong_part", name=self.name(part), place={"entry": entry, "row": row}, yours=theirs,
                   relation=how, follow=follow, following=len(follow))

    def table(self):
        """Their slopes by the weights beside the right ones."""
        rows = []
        for part in sorted((one for one in self.right if one[0] in "Wb"), key=lambda one: (int(one[1:]), one[0])):
            right, mine = self.right[part], self.given.get(part)
            fits = mine is not None and mine.shape == right.shape
            for at in np.ndindex(right.shape):
                same = fits and near(mine[at], right[at])
                mark = MISSING if not fits else RIGHT if same else self.marks[part]
                rows.append((f"{part.lower()}[{','.join(str(n + 1) for n in at)}]", pretty(number(mine[at], 4)) if fits
                             else MISSING, pretty(number(right[at], 4)), say("backward", "mark", mark=mark)))
        return say("backward", "slopes"), tuple(say("backward", key) for key in (
            "weight", "yours", "right_one", "judged")), rows
