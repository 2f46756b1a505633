"""A convolution along a line in loops: one filter, one place, one tap at a time."""
import autograd.numpy as anp
from conftest import ORACLE_ACTIVATIONS
from zoo import Sample

from bpviz.models import Convolution


def score(m, theta, x):
    start = m.filters * m.channels * m.kernel
    kernel = anp.reshape(theta[:start], (m.filters, m.channels, m.kernel))
    means = []
    for f in range(m.filters):
        answers = []
        for p in range(m.places):
            z = theta[start + f]
            for c in range(m.channels):
                for q in range(m.kernel):
                    i = p * m.stride + q - m.padding
                    if 0 <= i < m.length:
                        z = z + kernel[f, c, q] * x[c * m.length + i]
            answers.append(ORACLE_ACTIVATIONS[m.activation](z))
        means += [sum(answers[j:j + m.pool]) / m.pool for j in range(0, m.places, m.pool)]
    rest = start + m.filters
    W = anp.reshape(theta[rest:rest + len(means) * m.n_out], (len(means), m.n_out))
    return anp.dot(anp.array(means), W) + theta[rest + len(means) * m.n_out:]


SAMPLES = (Sample(Convolution(6, 1, 2, 3, 1, 1, 3), score, faults=True), *(Sample(model, score) for model in (
    Convolution(), Convolution(6, 2, 3, 3, 2, 1), Convolution(7, 1, 2, 2, 3, 0, 1, "relu", 2),
    Convolution(8, 2, 2, 3, 1, 1, 4, "gelu"), Convolution(5, 1, 1, 4, 1, 3, 2, "sigmoid", 3))))
