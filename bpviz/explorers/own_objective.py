"""An objective of two weights that is no network's loss, in the panels over two weights: a test surface, one's own.

Nothing answers over x there, and there are no rows: what would show them is left out, and so are the menus that choose
them. The window is the objective's own `low` to `high` where it has them; starts and rates are placed in it alike.
"""
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from bpviz.base.arguments import is_fit, numeric, refuse, shown
from bpviz.base.arguments import objective as an_objective
from bpviz.calculus.dual import curvature_of
from bpviz.explorers import two_weights
from bpviz.explorers.own import asked_of, choice_named, of_a_fit, standing_in
from bpviz.landscape.given import given_slopes
from bpviz.landscape.rates import suited_rate
from bpviz.words.catalogue import say

NO_NETWORK = ("activation", "l2", "noise", "row")      # knobs that mean nothing without a network and rows
LOWEST, USUAL = 1e-6, 20.0       # the lowest rate that is tried; that of the data sets, from which others are scaled
TRIED = 5                        # places a side at which an objective is tried


@dataclass(frozen=True, eq=False)
class TwoWeights:
    """What panels ask of an objective: loss and gradient of (2, ...), the Hessian, a name and a window.

    hessian: (2, ...) -> (2, 2, ...), its own, else by dual numbers on its gradient, else by central differences of it.
    slow: by how much its rates are smaller than those of the data sets, a power of ten.
    """
    objective: object
    name: str
    low: tuple
    high: tuple
    hessian: object = field(repr=False, default=None)
    slow: float = 1.0

    n_params = 2
    names = ("w1", "w2")

    def loss(self, theta):
        """The loss at theta: (2, ...) -> (...)."""
        with np.errstate(all="ignore"):
            return np.asarray(self.objective.loss(theta), float)

    def gradient(self, theta):
        """(dL/dw1, dL/dw2): (2, ...) -> (2, ...)."""
        with np.errstate(all="ignore"):
            return self.objective.gradient(theta)


def of_two_weights(explorer, given, bare, paced="rate"):
    """An explorer of the landscape over w1 and w2, of this `fit`, a network's or not: see of_a_fit, of_objective."""
    if is_fit(given["fit"]):
        return of_a_fit(explorer, given)
    return of_objective(explorer, given, bare, paced)


def of_objective(explorer, given, bare, paced="rate"):
    """The explorer of the landscape of an objective without a network.  bare: its layout without answers and rows.

    paced: the slider of the learning rate of plain descent. Raises ValueError for what is none, or not of two weights.
    """
    shown_ = in_window(explorer.name, given["fit"])
    low, high = np.array(shown_.low), np.array(shown_.high)
    start = placed([explorer.knob(name).value for name in ("w1", "w2")], low, high)
    slow = slowed(suited_rate(shown_, start, LOWEST, 1e3).rate)
    shown_ = replace(shown_, slow=slow)
    suits = explorer.suits.of(shown_, start) if hasattr(explorer.suits, "of") else explorer.suits
    own = standing_in(replace(explorer, knobs=tuple(knob for knob in explorer.knobs if knob.name not in NO_NETWORK)),
                      {"data": (choice_named(shown_.name), {})}, {}, scene=partial(explorer.scene, fit=shown_),
                      suits=suits, layout=bare, question=asked_of(
                          say("page", "bare_question", n=explorer.name, asked=explorer.question), "shown_objective",
                          shown_.name, suits),
                      joined=explorer.joined and (lambda optimizer: _joined(explorer, optimizer, given)))
    return replace(own, knobs=tuple(_in_reach(knob, start, low, high, slow, paced) for knob in own.knobs))


def _joined(explorer, optimizer, given):
    other = explorer.joined(optimizer)
    return other.with_own(other, given)


def _in_reach(knob, start, low, high, slow, paced):
    """The knob as it reaches in this window, at these rates."""
    wide = high - low
    if knob.name in ("w1", "w2"):
        k = int(knob.name[1]) - 1
        return replace(knob, low=float(low[k]), high=float(high[k]), value=float(start[k]), step=fine(wide[k]),
                       tip=say("page", "start_weight", k=k + 1))
    if knob.name in ("push1", "push2"):
        k = int(knob.name[4]) - 1
        return replace(knob, low=-float(wide[k]), high=float(wide[k]), step=fine(wide[k]))
    if knob.name == paced:
        return replace(knob, low=knob.low * slow, high=knob.high * max(slow, 1e-3),
                       value=min(max(knob.value * slow, knob.low * slow), knob.high * slow))
    if knob.name == "moment":
        return replace(knob, tip=say("page", "moment_of_bare"))
    return replace(knob, label=say("page", "surface_menu"), tip="", told=True) if knob.name == "data" else knob


def placed(at, low, high):
    """The weights `at` in the window of the networks, at the same place in another window, on its sliders' steps."""
    at = (low + high) / 2 + np.array(at) / two_weights.REACH * (high - low) / 2
    return np.array([on_step(value, fine(wide)) for value, wide in zip(at, high - low, strict=True)])


def on_step(value, step):
    """The place of a slider with this step that is nearest."""
    return round(round(value / step) * step, 10)


def fine(wide):
    """The step of a slider over a window so wide: a power of ten, a thousandth of it or less."""
    return float(f"1e{int(np.floor(np.log10(wide / 1000)))}")


def slowed(rate):
    """A power of ten: how much smaller this rate is than the usual one; 1 at most."""
    return min(1.0, float(f"1e{int(np.ceil(np.log10(rate / USUAL)))}"))


def in_window(name, objective):
    """The TwoWeights of an objective that the explorer of this name is given. Raises ValueError for what is none."""
    an_objective("fit", objective)
    if objective.n_params != 2:
        raise ValueError(f"fit: got an objective of {objective.n_params:,} weights; {name} shows two. "
                         "bp.explore.surface(fit=...) shows any Fit of a network")
    low, high = (_end(objective, which, sign) for which, sign in (("low", -1), ("high", 1)))
    if not (low < high).all():
        raise ValueError(f"fit: got one with low {shown(low.tolist())} and high {shown(high.tolist())}; allowed is a "
                         "window with low below high")
    called = getattr(objective, "name", None)
    called = called if isinstance(called, str) and called.strip() else type(objective).__name__
    found = TwoWeights(objective, called, tuple(low.tolist()), tuple(high.tolist()))
    aside = 0.0137 * (high - low)                      # where no kink of a tidy formula is
    places = np.stack(np.meshgrid(*np.linspace(low + aside, high - 2 * aside, TRIED).T)).reshape(2, -1)
    _tried(found, places)
    return replace(found, hessian=_curvature(found, places))


def _end(objective, which, sign):
    """One end of the window, (2,): the objective's own where it has one."""
    value = getattr(objective, which, None)
    if value is None:
        return np.full(2, sign * two_weights.REACH)
    end = numeric(f"fit: its {which}", value)
    if end.ndim > 1 or end.size not in (1, 2):
        refuse(f"fit: its {which}", value, "allowed is one number, or one each weight")
    return np.broadcast_to(end, (2,)).astype(float)


def _tried(objective, places):
    """Refuse one whose functions fail at places (2, N), or do not belong together."""
    for what, shape in (("loss", places.shape[1:]), ("gradient", places.shape)):
        for theta, asked in ((places, shape), (places[:, 0], shape[:-1])):
            try:
                got = np.shape(np.asarray(getattr(objective, what)(theta), float))
            except Exception as error:
                raise ValueError(f"fit: its {what} at theta of shape {theta.shape} raised {type(error).__name__}: "
                                 f"{str(error)[:120]}; allowed is one that takes (2, ...), as bp.SURFACES do") from None
            if got != asked:
                raise ValueError(f"fit: its {what} gave shape {got} at theta of shape {theta.shape}; allowed is "
                                 f"{asked}")
    for place in places.T:
        found = given_slopes(objective, place)
        for k, mark in enumerate(found.marks):
            if mark == "differ":
                raise ValueError(f"fit: its gradient says dL/dw{k + 1} = {found.given[k]:.5g} at ({place[0]:.3f}, "
                                 f"{place[1]:.3f}), and central differences of its loss say {found.slopes[k]:.5g}; "
                                 "allowed is the gradient of its loss")


def _curvature(objective, places):
    """The function of the Hessian: the objective's own or by dual numbers where that works, else by differences."""
    for way in (getattr(objective.objective, "hessian", None), lambda theta: curvature_of(objective.objective)(theta),
                partial(_differences, objective)):
        try:
            found, other = _quiet(way, places), _differences(objective, places)
        except Exception:
            continue
        if found.shape == other.shape and np.allclose(found, other, rtol=1e-3, atol=1e-4 * np.abs(other).max()):
            return partial(_quiet, way)
    refuse("fit", objective.objective, "allowed is an objective whose gradient has finite slopes")


def _quiet(way, theta):
    with np.errstate(all="ignore"):
        return np.asarray(way(theta), float)


def _differences(objective, theta):
    """The Hessian by central differences of the gradient: (2, ...) -> (2, 2, ...)."""
    theta = np.asarray(theta, float)
    columns = []
    for k in (0, 1):
        step = np.zeros_like(theta)
        step[k] = 1e-5 * np.maximum(1, np.abs(theta[k]))
        columns.append((objective.gradient(theta + step) - objective.gradient(theta - step)) / (2 * step[k]))
    whole = np.stack(columns)
    return (whole + whole.swapaxes(0, 1)) / 2
