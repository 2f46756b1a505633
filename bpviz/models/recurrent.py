"""A recurrent network, written by hand: it reads a sequence step by step, with the same weights at every step.

x          `steps` inputs of `inputs` numbers each, step after step: (steps inputs, rows, ...); x_t are those of step t
U, V, b    from the inputs, from the state before, and the bias: (inputs, H), (H, H), (H,)
z_t        z_t[j] = sum over i of U[i,j] x_t[i] + sum over i of V[i,j] h_(t-1)[i] + b[j]: (H, rows, ...); h_0 is 0
h_t        the state f(z_t): (H, rows, ...)
w, bw      a dense layer makes the scores of the last state, or of every one: (H, outputs), (outputs,)

Backward through time, the same weights at every step add up, with delta_t = dL/dz_t = dL/dh_t f'(z_t):
    dL/dU = sum over t of x_t delta_t',   dL/dV = sum over t of h_(t-1) delta_t',   dL/db = sum over t of delta_t
    dL/dh_(t-1) = V delta_t, and what its own score adds, if it has one.

On the way from h_T to h_1 the slope meets V and f' T - 1 times: a product of Jacobians.
It is torch.nn.RNN with weight_ih_l0 = U', weight_hh_l0 = V', bias_ih_l0 + bias_hh_l0 = b, and a Linear after it.
Source: Elman 1990, Cognitive Science 14, pp. 179 to 211; Werbos 1990, Proc. IEEE 78, pp. 1550 to 1560.
"""
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.base.arguments import switch, whole
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.models.sliding import activated
from bpviz.network.backprop import contract
from bpviz.network.model import Model
from bpviz.network.stage import Alike, Stage

MOST, LONGEST = 4096, 1000


def through(W, a):
    return contract("io...,ir...->or...", W, a)


def back_through(W, delta):
    return contract("io...,or...->ir...", W, delta)


def by_weights(a, delta):
    return contract("ir...,or...->io...", a, delta)


def at_place(x, place, slope):
    """The slope by all of x where only what lies at one place was read."""
    nothing = 0 * slope[:1]                        # of all networks, where x has one for all
    return np.concatenate([0 * x[:place.start] + nothing, slope, 0 * x[place.stop:] + nothing])


def scored(count):
    """(value, slope) of the same dense layer on each of `count` states, the scores of all of them in a row."""
    def value(xp, w, b, *states):
        scores = [through(w, h) + b[:, None] for h in states]
        return scores[0] if count == 1 else np.concatenate(scores)

    def slope(xp, delta, scores, w, b, *states):
        n = len(b)
        deltas = [delta[k * n:(k + 1) * n] for k in range(count)]
        by_w = sum(by_weights(h, d) for h, d in zip(states[1:], deltas[1:], strict=True))
        return (by_weights(states[0], deltas[0]) + by_w, sum(d.sum(axis=1) for d in deltas),
                *(back_through(w, d) for d in deltas))
    return value, slope


@dataclass(frozen=True)
class Unrolled(Model):
    """What all recurrent networks share: how a sequence lies in the data, and the scores of its states.

    A kind gives `step(t)`, the stages of step t, the last of which writes h<t> (H, rows, ...), and `cell`,
    {block: shape} of the weights that all steps share.
    """
    steps: int = 4
    inputs: int = 1
    hidden: int = 2
    outputs: int = 1
    every_step: bool = False

    def __post_init__(self):
        for name in ("steps", "inputs", "hidden", "outputs"):
            object.__setattr__(self, name, whole(name, getattr(self, name), 1, LONGEST if name == "steps" else MOST))
        object.__setattr__(self, "every_step", switch("every_step", self.every_step))

    @property
    def n_in(self):
        return self.steps * self.inputs

    @property
    def answers(self):
        """How many answers there are: a softmax is over the scores of one step."""
        return self.steps if self.every_step else 1

    @property
    def n_out(self):
        return self.outputs * self.answers

    @cached_property
    def blocks(self):
        """{name: shape}, in the order of theta."""
        return {**self.cell, "w": (self.hidden, self.outputs), "bw": (self.outputs,)}

    @property
    def alike(self):
        """Units may be exchanged, each with all its weights from the inputs, from the states and to them."""
        axes = {"U": (1,), "V": (0, 1), "b": (0,), "w": (0,)}
        return (Alike(self.hidden, {name: axes[name[0]] for name in self.blocks if name != "bw"}, self.turned_by),)

    turned_by = ()                       # activations that would have to be odd for signs to be turned; (): never
    state = ("h",)                       # the letters of what a step hands to the next one

    def inputs_of(self, t):
        """Where the inputs of step t, from 1, lie in x."""
        return slice((t - 1) * self.inputs, t * self.inputs)

    @cached_property
    def stages(self):
        seen = range(1 if self.every_step else self.steps, self.steps + 1)
        scores = Stage("score", tuple(f"h{t}" for t in seen), ("w", "bw"), *scored(len(seen)),
                       multiplications=len(seen) * self.hidden * self.outputs)
        return (*(stage for t in range(1, self.steps + 1) for stage in self.step(t)), scores)


def first_added(place):
    """(value, slope) of the pre-activations of the first step, before which there is no state: U'x + b."""
    def value(xp, U, b, x):
        return through(U, x[place]) + b[:, None]

    def slope(xp, delta, z, U, b, x):
        yield by_weights(x[place], delta)
        yield delta.sum(axis=1)
        yield at_place(x, place, back_through(U, delta))
    return value, slope


def added(place):
    """(value, slope) of the pre-activations of a step whose inputs lie there in x: U'x + V'h + b."""
    def value(xp, U, V, b, h, x):
        return through(U, x[place]) + through(V, h) + b[:, None]

    def slope(xp, delta, z, U, V, b, h, x):
        yield by_weights(x[place], delta)
        yield by_weights(h, delta)
        yield delta.sum(axis=1)
        yield back_through(V, delta)
        yield at_place(x, place, back_through(U, delta))
    return value, slope


@dataclass(frozen=True)
class Recurrent(Unrolled):
    """An Elman network: its state is f of what it reads and of its state before; from the last state its scores.

    steps: how long a sequence is.  inputs: how many numbers it has at each step: the data has steps * inputs inputs,
        step after step.
    hidden: how many units the state has.  outputs: how many scores a state gets.
    every_step: False for the scores of the last state alone; True for those of every state, steps * outputs in a row.
    activation: a name.
    Raises ValueError for sizes below 1, as of an empty sequence, and an unknown activation. A Model as network/model.py
    says: for a Fit, descend, restarts, prove.

    >>> Recurrent(steps=3, inputs=1, hidden=1).names
    ('U[1,1]', 'V[1,1]', 'b[1]', 'w[1,1]', 'bw[1]')
    """
    activation: str = "tanh"

    def __post_init__(self):
        super().__post_init__()
        ACTIVATIONS[self.activation]

    @property
    def cell(self):
        return {"U": (self.inputs, self.hidden), "V": (self.hidden, self.hidden), "b": (self.hidden,)}

    @property
    def turned_by(self):
        return (self.activation,)

    def step(self, t):
        """The stages of step t, from 1: what its units add up, and what they answer."""
        H, place = self.hidden, self.inputs_of(t)
        z = (Stage("z1", ("x",), ("U", "b"), *first_added(place), multiplications=H * self.inputs) if t == 1 else
             Stage(f"z{t}", (f"h{t - 1}", "x"), ("U", "V", "b"), *added(place), multiplications=H * (self.inputs + H)))
        return z, Stage(f"h{t}", (f"z{t}",), (), *activated(self.activation), activation=self.activation)
