"""Recurrent cells with gates, written by hand: what is kept is multiplied by a gate near 1, so the slope comes back.

s(z) = 1 / (1 + e^-z);  U, V, b have a block for each gate, (inputs, H), (H, H), (H,);  h_0 = c_0 = 0;  * unit by unit

LSTM   z_t[k]  U_k'x_t + V_k'h_(t-1) + b_k for the gates k = i, f, g, o (in, forget, candidate, out): (4, H, rows, ...)
       q_t     their answers: s of i, f and o, tanh of g
       c_t     f * c_(t-1) + i * g, the memory;   y_t = tanh c_t;   h_t = o * y_t
GRU    z_t     four sums: U_r'x_t + V_r'h_(t-1) + b_r, the same of u, then U_n'x_t + b_n and V_n'h_(t-1) + bv
       q_t     the gates r (reset) and u (update): s of the first two
       n_t     tanh(U_n'x_t + b_n + r * (V_n'h_(t-1) + bv)), the candidate
       h_t     (1 - u) * n_t + u * h_(t-1)

Backward: dc_t/dc_(t-1) = f and dh_t/dh_(t-1) = u + ..., where an Elman network has V f' alone. A forget gate that
begins near 1, by a bias b_f of 1, keeps the slope alive from the start (`open_gates`).
They are torch.nn.LSTM, gates in its order i, f, g, o and b = bias_ih + bias_hh, and torch.nn.GRU, whose order is r, z,
n with z = u here, b_r and b_z the sums of both biases, b_n = bias_in and bv = bias_hn; and a Linear after them.
Source: Hochreiter and Schmidhuber 1997, Neural Computation 9, with the forget gate of Gers, Schmidhuber and Cummins
2000, Neural Computation 12; Cho et al. 2014, arXiv:1406.1078; Jozefowicz et al. 2015, ICML, on the forget bias of 1.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import one_network, real
from bpviz.calculus.worlds import beyond
from bpviz.models.recurrent import Unrolled, at_place, back_through, by_weights, through
from bpviz.models.sliding import activated
from bpviz.network.stage import Stage


def _beside(blocks):
    """Blocks (n, H, ...) side by side, so that one product does for all gates: (n, gates H, ...)."""
    return np.concatenate(blocks, axis=1)


def _gates(v, n):
    """(n H, rows, ...) as (n, H, rows, ...)."""
    return v.reshape(n, v.shape[0] // n, *v.shape[1:])


def _flat(v):
    return v.reshape(v.shape[0] * v.shape[1], *v.shape[2:])


def _apart(slope, n):
    """Slopes (m, n H, ...) by the blocks of n gates."""
    H = slope.shape[1] // n
    return [slope[:, k * H:(k + 1) * H] for k in range(n)]


def added_first(place, n):
    """(value, slope) of the sums of n gates at the first step, from their U and their b."""
    def value(xp, *given):
        U, b, x = given[:n], given[n:2 * n], given[-1]
        return _gates(through(_beside(U), x[place]) + np.concatenate(b)[:, None], n)

    def slope(xp, delta, z, *given):
        U, x = given[:n], given[-1]
        yield from (*_apart(by_weights(x[place], _flat(delta)), n), *delta.sum(axis=2))
        yield at_place(x, place, back_through(_beside(U), _flat(delta)))
    return value, slope


def added_later(place, n):
    """(value, slope) of the same at a later step, from their U, V and b."""
    def value(xp, *given):
        U, V, b, (h, x) = given[:n], given[n:2 * n], given[2 * n:3 * n], given[3 * n:]
        return _gates(through(_beside(U), x[place]) + through(_beside(V), h) + np.concatenate(b)[:, None], n)

    def slope(xp, delta, z, *given):
        U, V, (h, x), d = given[:n], given[n:2 * n], given[3 * n:], _flat(delta)
        yield from (*_apart(by_weights(x[place], d), n), *_apart(by_weights(h, d), n), *delta.sum(axis=2),
                    back_through(_beside(V), d))
        yield at_place(x, place, back_through(_beside(U), d))
    return value, slope


SIGMOIDS, CANDIDATE = np.array([0, 1, 3]), 2               # of i, f, g, o


def lstm_answers(xp, z):
    s = beyond(xp).sigmoid(z[SIGMOIDS])
    return np.concatenate([s[:2], xp.tanh(z[2:3]), s[2:]])


def lstm_answers_slope(xp, delta, q, z):
    s = beyond(xp).sigmoid_slope(z[SIGMOIDS])
    return (delta * np.concatenate([s[:2], beyond(xp).tanh_slope(z[2:3]), s[2:]]),)


def first_memory(xp, q):
    return q[0] * q[2]


def first_memory_slope(xp, delta, c, q):
    return (np.stack([delta * q[2], 0 * delta, delta * q[0], 0 * delta]),)


def memory_kept(xp, q, c):
    return q[1] * c + q[0] * q[2]


def memory_kept_slope(xp, delta, kept, q, c):
    return np.stack([delta * q[2], delta * c, delta * q[0], 0 * delta]), delta * q[1]


def let_out(xp, q, y):
    return q[3] * y


def let_out_slope(xp, delta, h, q, y):
    return np.stack([0 * delta, 0 * delta, 0 * delta, delta * y]), delta * q[3]


def _cell(model, gates):
    n, H = model.inputs, model.hidden
    return {**{f"U{k}": (n, H) for k in gates}, **{f"V{k}": (H, H) for k in gates}, **{f"b{k}": (H,) for k in gates}}


def _named(gates, letters):
    return tuple(f"{letter}{k}" for letter in letters for k in gates)


def biased(model, theta, name, bias):
    """A copy of theta (P,) with this bias in a whole block."""
    theta = one_network("theta", theta, model.n_params).copy()
    theta[model.where[name][0]] = real("bias", bias)
    return theta


@dataclass(frozen=True)
class LSTM(Unrolled):
    """A recurrent network with a memory of its own that gates write, forget and read: torch.nn.LSTM and a Linear.

    steps: how long a sequence is.  inputs: how many numbers it has at each step: the data has steps * inputs inputs,
        step after step.
    hidden: how many units the state has, and the memory.  outputs: how many scores a state gets.
    every_step: False for the scores of the last state alone; True for those of every state, steps * outputs in a row.
    Raises ValueError for sizes below 1, as of an empty sequence.

    >>> LSTM(steps=2, inputs=1, hidden=1).names[:4]
    ('Ui[1,1]', 'Uf[1,1]', 'Ug[1,1]', 'Uo[1,1]')
    """
    state = ("h", "c")

    @property
    def cell(self):
        return _cell(self, "ifgo")

    def step(self, t):
        """The stages of step t, from 1: sums, gates, memory, what is read of it."""
        n, H, place = self.inputs, self.hidden, self.inputs_of(t)
        z = (Stage("z1", ("x",), _named("ifgo", "Ub"), *added_first(place, 4), multiplications=4 * H * n) if t == 1 else
             Stage(f"z{t}", (f"h{t - 1}", "x"), _named("ifgo", "UVb"), *added_later(place, 4),
                   multiplications=4 * H * (n + H)))
        c = (Stage("c1", ("q1",), (), first_memory, first_memory_slope) if t == 1 else
             Stage(f"c{t}", (f"q{t}", f"c{t - 1}"), (), memory_kept, memory_kept_slope))
        return (z, Stage(f"q{t}", (f"z{t}",), (), lstm_answers, lstm_answers_slope), c,
                Stage(f"y{t}", (f"c{t}",), (), *activated("tanh"), activation="tanh"),
                Stage(f"h{t}", (f"q{t}", f"y{t}"), (), let_out, let_out_slope))

    def open_gates(self, theta, bias=1.0):
        """A copy of theta (P,) in which all forget biases are `bias`: what is remembered is kept from the start."""
        return biased(self, theta, "bf", bias)


def first_four(place):
    """(value, slope) of a GRU's four sums at the first step, where V_n'h is 0 and bv stands alone."""
    def value(xp, *given):
        U, b, bv, x = given[:3], given[3:6], given[6], given[7]
        seen = through(_beside(U), x[place]) + np.concatenate(b)[:, None]
        return _gates(np.concatenate([seen, 0 * seen[:len(bv)] + bv[:, None]]), 4)

    def slope(xp, delta, z, *given):
        U, x, seen = given[:3], given[7], _flat(delta[:3])
        yield from (*_apart(by_weights(x[place], seen), 3), *delta.sum(axis=2))
        yield at_place(x, place, back_through(_beside(U), seen))
    return value, slope


def four(place):
    """(value, slope) of a GRU's four sums at a later step."""
    def value(xp, *given):
        U, V, b, (bv, h, x) = given[:3], given[3:6], given[6:9], given[9:]
        seen, kept, n = through(_beside(U), x[place]) + np.concatenate(b)[:, None], through(_beside(V), h), 2 * len(bv)
        return _gates(np.concatenate([seen[:n] + kept[:n], seen[n:], kept[n:] + bv[:, None]]), 4)

    def slope(xp, delta, z, *given):
        U, V, (_, h, x) = given[:3], given[3:6], given[9:]
        seen, kept = _flat(delta[:3]), _flat(np.concatenate([delta[:2], delta[3:]]))
        yield from (*_apart(by_weights(x[place], seen), 3), *_apart(by_weights(h, kept), 3), *delta.sum(axis=2),
                    back_through(_beside(V), kept))
        yield at_place(x, place, back_through(_beside(U), seen))
    return value, slope


def reset_and_update(xp, z):
    return beyond(xp).sigmoid(z[:2])


def reset_and_update_slope(xp, delta, q, z):
    d = delta * beyond(xp).sigmoid_slope(z[:2])
    return (np.concatenate([d, 0 * d]),)


def candidate(xp, q, z):
    return xp.tanh(z[2] + q[0] * z[3])


def candidate_slope(xp, delta, n, q, z):
    d = delta * beyond(xp).tanh_slope(z[2] + q[0] * z[3])
    return np.stack([d * z[3], 0 * d]), np.stack([0 * d, 0 * d, d, d * q[0]])


def first_mixed(xp, q, n):
    return (1 - q[1]) * n


def first_mixed_slope(xp, delta, h, q, n):
    return np.stack([0 * delta, -delta * n]), delta * (1 - q[1])


def mixed(xp, q, n, h):
    return (1 - q[1]) * n + q[1] * h


def mixed_slope(xp, delta, new, q, n, h):
    return np.stack([0 * delta, delta * (h - n)]), delta * (1 - q[1]), delta * q[1]


@dataclass(frozen=True)
class GRU(Unrolled):
    """A recurrent network whose state is kept or renewed, unit by unit, by a gate: torch.nn.GRU and a Linear.

    steps: how long a sequence is.  inputs: how many numbers it has at each step: the data has steps * inputs inputs,
        step after step.
    hidden: how many units the state has.  outputs: how many scores a state gets.
    every_step: False for the scores of the last state alone; True for those of every state, steps * outputs in a row.
    Raises ValueError for sizes below 1, as of an empty sequence.

    >>> GRU(steps=2, inputs=1, hidden=1).names[:3]
    ('Ur[1,1]', 'Uu[1,1]', 'Un[1,1]')
    """

    @property
    def cell(self):
        return {**_cell(self, "run"), "bv": (self.hidden,)}

    def step(self, t):
        """The stages of step t, from 1: sums, gates, candidate, state."""
        n, H, place = self.inputs, self.hidden, self.inputs_of(t)
        z = (Stage("z1", ("x",), (*_named("run", "Ub"), "bv"), *first_four(place), multiplications=3 * H * n) if t == 1
             else Stage(f"z{t}", (f"h{t - 1}", "x"), (*_named("run", "UVb"), "bv"), *four(place),
                        multiplications=3 * H * (n + H)))
        h = (Stage("h1", ("q1", "n1"), (), first_mixed, first_mixed_slope) if t == 1 else
             Stage(f"h{t}", (f"q{t}", f"n{t}", f"h{t - 1}"), (), mixed, mixed_slope))
        return (z, Stage(f"q{t}", (f"z{t}",), (), reset_and_update, reset_and_update_slope),
                Stage(f"n{t}", (f"q{t}", f"z{t}"), (), candidate, candidate_slope), h)

    def open_gates(self, theta, bias=1.0):
        """A copy of theta (P,) in which all update biases are `bias`: the state is kept from the start."""
        return biased(self, theta, "bu", bias)
