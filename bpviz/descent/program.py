"""One step of an optimizer on one network, written down once as a list of arithmetic lines.

The backward pass and the optimizer run on recorded numbers (network/unroll.py); what they note down
is a program that anything can run on thousands of networks at once: NumPy with kept buffers
(descent/kernels.py) or machine code (descent/compiled.py). So no formula is written a second time.

w  the weights   x, t  one row of data   g  the gradient   s  the optimizer's state   scale  of the rate
"""
import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bpviz.network.frozen import held
from bpviz.network.row import one_row
from bpviz.network.unroll import Recorded, all_rows, compiled_lines, recorded

MAX_LINES = 3000
FEW_LINES = 250                # up to which plain Python walks faster than NumPy on kept arrays, its writing included
_VALUE = re.compile(r"\bv(?=\d)")


@dataclass(frozen=True)
class Program:
    """row: lines for one row of data, from w, x, t.  slopes: P names, that row's share of the gradient.
    update: lines for the step, from w, g, s and scale.  theta, state: the names of the new weights and state.
    start: the state to begin with, a number for each entry.
    """
    row: list
    slopes: list
    update: list
    theta: list
    state: list
    start: list


def program(fit, optimizer):
    """The Program of this optimizer on this fit; None for no Fit, one too large, or a step that cannot be recorded."""
    if not hasattr(fit, "network") or fit.network.n_params > 400:
        return None
    row, slopes = one_row(fit)
    if len(row) > MAX_LINES:
        return None
    update = _update(fit, optimizer)
    return update and Program(row, slopes, *update)


def is_short(fit, rows):
    """Whether plain Python is the fastest for so many rows of this fit, by about the lines it takes."""
    return 4 * rows * fit.network.multiplications <= FEW_LINES


@lru_cache(maxsize=32)
def stepper(fit, optimizer):
    """One step of one network on plain floats: (weights..., state..., rate) -> (loss, gradient, theta, state), tuples.

    The whole of it is one straight-line function, up to ten times as fast as NumPy on so few numbers; None for a Fit
    too large (descent/arrays.py walks that), or a step that
    cannot be recorded. optimizer: of rate 1. Returns (function, the state to begin with).
    """
    if not is_short(fit, fit.data.rows):
        return None
    written = _update(fit, optimizer)
    if written is None:
        return None
    tape, loss, gradient = all_rows(fit)
    update, theta, state, start = written
    given = [f"g{k} = {name}" for k, name in enumerate(gradient)]
    fresh = [_VALUE.sub("u", line) for line in update]             # the two tapes number their lines alike
    after = [_VALUE.sub("u", name) for name in (*theta, *state)]
    P = fit.n_params
    names = [*(f"w{k}" for k in range(P)), *(f"s{k}" for k in range(len(start))), "scale"]
    answer = (f"{loss}, ({', '.join(gradient)},), ({''.join(f'{name}, ' for name in after[:P])}), "
              f"({''.join(f'{name}, ' for name in after[P:])})")
    return compiled_lines(names, [*tape, *given, *fresh], answer), tuple(start)


def _update(fit, optimizer):
    """The optimizer's step on w, g, s, scale: (lines, names of the new theta, of the new state, its start).

    None if it is not one of ours, or asks for what recorded numbers do not know, as which of two is larger: it walks by
    its own lines, which may decide anew at every step.
    """
    if not optimizer.known:
        return None
    P, tape = fit.n_params, []
    parts = optimizer.start(np.zeros(P))
    sizes = [P if np.ndim(part) else 1 for part in parts]
    names = recorded(tape, "s", sum(sizes))
    pieces = np.split(names, np.cumsum(sizes)[:-1]) if parts else []
    state = tuple(piece if np.ndim(part) else piece[0] for piece, part in zip(pieces, parts, strict=True))
    before = recorded(tape, "w", P)
    try:
        theta, state = optimizer.step(before, recorded(tape, "g", P), state, Recorded(tape, "scale"))
    except Exception:
        return None
    after = [entry for part in state for entry in np.atleast_1d(np.array(part, dtype=object))]
    if not all(isinstance(entry, Recorded) for entry in (*theta, *after)):
        return None                                                # it puts numbers of its own in their place
    theta = held(fit, before, theta)
    start = [entry for part in parts for entry in (part if np.ndim(part) else [part])]
    return tape, [w.name for w in theta], [s.name for s in after], [float(v) for v in start]
