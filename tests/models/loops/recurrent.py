"""Recurrent networks in loops: one step, one unit, one weight at a time."""
import autograd.numpy as anp
from conftest import ORACLE_ACTIVATIONS
from zoo import Sample

from bpviz.models import GRU, LSTM, Recurrent


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


def lstm(m, theta, x):
    n, H = m.inputs, m.hidden
    *pieces, w, bw = taken(theta, *4 * [(n, H)], *4 * [(H, H)], *4 * [(H,)], (H, m.outputs), (m.outputs,))
    sigmoid, h, c, states = ORACLE_ACTIVATIONS["sigmoid"], [0.0] * H, [0.0] * H, []
    for t in range(m.steps):
        i, f, g, o = (added(H, pieces[k], pieces[4 + k], pieces[8 + k], x[t * n:(t + 1) * n], h) for k in range(4))
        c = [sigmoid(f[j]) * c[j] + sigmoid(i[j]) * anp.tanh(g[j]) for j in range(H)]
        h = [sigmoid(o[j]) * anp.tanh(c[j]) for j in range(H)]
        states.append(h)
    return scores(m, states, w, bw)


def gru(m, theta, x):
    n, H = m.inputs, m.hidden
    *pieces, bv, w, bw = taken(theta, *3 * [(n, H)], *3 * [(H, H)], *4 * [(H,)], (H, m.outputs), (m.outputs,))
    sigmoid, h, states = ORACLE_ACTIVATIONS["sigmoid"], [0.0] * H, []
    for t in range(m.steps):
        seen = x[t * n:(t + 1) * n]
        r, u = (added(H, pieces[k], pieces[3 + k], pieces[6 + k], seen, h) for k in range(2))
        a, b = added(H, pieces[2], pieces[5], pieces[8], seen, []), added(H, pieces[2], pieces[5], bv, [], h)
        new = [anp.tanh(a[j] + sigmoid(r[j]) * b[j]) for j in range(H)]
        h = [(1 - sigmoid(u[j])) * new[j] + sigmoid(u[j]) * h[j] for j in range(H)]
        states.append(h)
    return scores(m, states, w, bw)


SAMPLES = (*(Sample(model, score, faults=True) for model, score in (
               (Recurrent(3, 2, 2), elman), (Recurrent(2, 1, 1, every_step=True), elman), (LSTM(2, 1, 2), lstm),
               (GRU(2, 1, 2), gru))),
           *(Sample(model, elman) for model in (
               Recurrent(), Recurrent(1), Recurrent(4, 2, 3, 3, activation="leaky relu"),
               Recurrent(3, 1, 2, 2, activation="gelu"), Recurrent(3, 2, 2, every_step=True, activation="sigmoid"))),
           *(Sample(model, lstm) for model in (LSTM(), LSTM(1, 2, 1), LSTM(3, 1, 1, every_step=True))),
           *(Sample(model, gru) for model in (GRU(), GRU(1, 2, 1), GRU(3, 1, 1, every_step=True))))
