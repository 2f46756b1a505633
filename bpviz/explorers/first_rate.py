"""The learning rate that a panel over two weights begins with where nobody gave one: so that nothing runs away at once.

It follows from the landscape that the menus choose: from its curvature along the first steps, or from a grid of starts.
"""
from dataclasses import dataclass, replace
from functools import lru_cache

from bpviz.base.arguments import is_fit
from bpviz.explorers import two_weights
from bpviz.explorers.choices import RATES, Choices
from bpviz.landscape.rates import bearable_rate, suited_rate
from bpviz.network.data import DATA
from bpviz.words.catalogue import say

LOW, HIGH = 0.01, 100.0


@dataclass(frozen=True)
class FromStart:
    """Explorer.suits: the data's own rate, or else the one suited to the way from `begin`, two weights.

    A data set's rate is for the activation that it is shown with.  fit: of the learner's own, instead of the menus; or
    an objective without a network, whose rates may be slower.
    """
    begin: tuple
    fit: object = None

    def __call__(self, values):
        if self.fit is not None and not is_fit(self.fit):
            return {"rate": self._found.rate}
        if self.fit is not None:
            data, own, fit = self.fit.data, True, self.fit
        else:
            data, activation = DATA[values["data"]], values.get("activation")
            own, fit = activation in (None, data.activation), _made(values["data"], activation)
        if data.rate and own:
            return {"rate": min(max(data.rate, LOW), HIGH)}
        return {"rate": _suited(fit, self.begin, LOW, HIGH).rate}

    def of(self, fit, begin=None):
        """The same for this fit of one's own.  begin: its start, where that is another."""
        return replace(self, fit=fit, begin=self.begin if begin is None else tuple(map(float, begin)))

    @property
    def _found(self):
        slow = getattr(self.fit, "slow", 1.0)
        return _suited(self.fit, self.begin, LOW * slow, HIGH * slow)

    @property
    def said(self):
        """Why this rate, for a fit of one's own; "" where its data bring one."""
        brings = is_fit(self.fit) and self.fit.data.rate
        return "" if brings else say("page", "suited_rate", **self._found.facts, fit=is_fit(self.fit))


@dataclass(frozen=True)
class OverWindow:
    """Explorer.suits: the optimizer's usual rate, or a lower one with which no start of a grid runs away.

    choices: the optimizers of the menu; the learner's own keeps its rate, and the flow has none.
    """
    choices: Choices
    fit: object = None

    def __call__(self, values):
        name = values["optimizer"]
        if name not in self.choices.rates or self.choices.own is not None and name == self.choices.own.name:
            return {}
        return {"rate": self._found(name, values).rate}

    def of(self, fit, begin=None):
        return replace(self, fit=fit)

    def _found(self, name, values=None):
        fit = self.fit or _made(values["data"])
        return _bearable(fit, self.choices.named(name, self.choices.rates[name]))

    @property
    def said(self):
        return say("page", "bearable_rate", **self._found("gradient descent").facts, fit=is_fit(self.fit))


_made = lru_cache(64)(two_weights.made)           # asked at every frame, and the name of a formula stays its own


@lru_cache(64)
def _suited(fit, begin, low, high):
    return suited_rate(fit, begin, low, high)


@lru_cache(64)
def _bearable(fit, optimizer):
    low, high = (-two_weights.REACH, two_weights.REACH) if is_fit(fit) else (fit.low, fit.high)
    return bearable_rate(fit, optimizer, RATES[0] * getattr(fit, "slow", 1.0), low, high)
