"""Recurrent networks in loops: one step, one unit, one weight at a time."""
import autograd.numpy as anp
from conftest import ORACLE_ACTIVATIONS
from zoo import Sample

from bpviz.models import Recurrent


def taken(theta, *shapes):
    """Pieces of theta, one after the other, of these shapes."""
    start, pieces = 0, []
    for shape in shapes:
        size = shape[0] if len(shape) == 1 else shape[0] * shape[1]
        pieces.append(anp.reshape(theta[start:start + size], shape))
        start += size
    return pieces


def added(units, U, V, b, x, h):
    """b + U'x + V'h, number by number."""
    return [b[j] + sum(U[i, j] * x[i] for i in range(len(x))) + sum(V[i, j] * h[i] for i in range(len(h)))
            for j in range(units)]


def scores(m, states, w, b):
    return anp.array([b[k] + sum(w[j, k] * h[j] for j in range(m.hidden))
                      for h in (states if m.every_step else states[-1:]) for k in range(m.outputs)])


def elman(m, theta, x):
    n, H = m.inputs, m.hidden
    U, V, b, w, bw = taken(theta, (n, H), (H, H), (H,), (H, m.outputs), (m.outputs,))
    f, h, states = ORACLE_ACTIVATIONS[m.activation], [0.0] * H, []
    for t in range(m.steps):
        h = [f(z) for z in added(H, U, V, b, x[t * n:(t + 1) * n], h)]
        states.append(h)
    return scores(m, states, w, bw)


SAMPLES = (Sample(Recurrent(3, 2, 2), elman, faults=True), Sample(Recurrent(2, 1, 1, every_step=True), elman, faults=True),
           *(Sample(model, elman) for model in (
               Recurrent(), Recurrent(1), Recurrent(4, 2, 3, 3, activation="leaky relu"), Recurrent(3, 1, 2, 2, activation="gelu"),
               Recurrent(3, 2, 2, every_step=True, activation="sigmoid"))))
