"""A factorisation as its formula says: one product after the other."""
import autograd.numpy as anp
import numpy as np
from zoo import Sample

from bpviz.models import Factorisation


def score(m, theta, x):
    P, rest = anp.reshape(theta[:m.users * m.rank], (m.users, m.rank)), theta[m.users * m.rank:]
    Q, rest = anp.reshape(rest[:m.items * m.rank], (m.items, m.rank)), rest[m.items * m.rank:]
    total = 0.0
    for f in range(m.rank):
        total = total + sum(P[n, f] * x[n] for n in range(m.users)) * sum(Q[n, f] * x[m.users + n] for n in range(m.items))
    if m.bias:
        total = total + sum(rest[n] * x[n] for n in range(m.users + m.items)) + rest[-1]
    return anp.array([total])


def pairs(m, rows, rng):
    x = np.zeros((m.n_in, rows))
    x[rng.integers(m.users, size=rows), np.arange(rows)] = 1
    x[m.users + rng.integers(m.items, size=rows), np.arange(rows)] = 1
    return x


SAMPLES = (Sample(Factorisation(2, 3, 2), score, pairs, faults=True), Sample(Factorisation(3, 2, 1, bias=False), score, pairs),
           Sample(Factorisation(4, 3, 3), score, pairs))
