"""A convolution over an image in loops: one filter, one place, one tap at a time; a max by comparing."""
import autograd.numpy as anp
from conftest import ORACLE_ACTIVATIONS
from zoo import Sample

from bpviz.models import Convolution2d


def looked(images, k, b, stride, padding, activation):
    """What filters k (F, C, K, K) make of images, a list of channels, each a list of lists."""
    height, width = len(images[0]), len(images[0][0])
    F, C, K, _ = k.shape
    answers = []
    for f in range(F):
        answers.append([])
        for top in range(-padding, height + padding - K + 1, stride):
            answers[-1].append([])
            for left in range(-padding, width + padding - K + 1, stride):
                z = b[f]
                for c in range(C):
                    for u in range(K):
                        for v in range(K):
                            if 0 <= top + u < height and 0 <= left + v < width:
                                z = z + k[f, c, u, v] * images[c][top + u][left + v]
                answers[-1][-1].append(ORACLE_ACTIVATIONS[activation](z))
    return answers


def largest(numbers):
    """The first of the largest; autograd's numbers know which is larger, and hand a slope to the chosen one alone."""
    best = numbers[0]
    for number in numbers[1:]:
        best = number if number > best else best
    return best


def pooled(images, pool, pooling):
    """Every square of pool × pool places."""
    answer = largest if pooling == "max" else lambda square: sum(square) / len(square)
    return [[[answer([image[i + u][j + v] for u in range(pool) for v in range(pool)])
              for j in range(0, len(image[0]), pool)] for i in range(0, len(image), pool)] for image in images]


def score(m, theta, x):
    k, b = m.filters * m.channels * m.kernel ** 2, m.filters
    images = [[[x[(c * m.height + i) * m.width + j] for j in range(m.width)] for i in range(m.height)]
              for c in range(m.channels)]
    kernels, rest = anp.reshape(theta[:k], (m.filters, m.channels, m.kernel, m.kernel)), theta[k + b:]
    images = pooled(looked(images, kernels, theta[k:k + b], m.stride, m.padding, m.activation), m.pool, m.pooling)
    if m.second:
        k, b = m.second * m.filters * m.kernel ** 2, m.second
        kernels = anp.reshape(rest[:k], (m.second, m.filters, m.kernel, m.kernel))
        images, rest = looked(images, kernels, rest[k:k + b], 1, 0, m.activation), rest[k + b:]
    flat = anp.array([number for image in images for row in image for number in row])
    return anp.dot(flat, anp.reshape(rest[:len(flat) * m.n_out], (len(flat), m.n_out))) + rest[len(flat) * m.n_out:]


SAMPLES = (Sample(Convolution2d(5, 5, 1, 1, 2, pool=2, activation="tanh", second=1), score, faults=True),
           *(Sample(model, score) for model in (
               Convolution2d(4, 3, 2, 2, 2, 2, 1, 1, "max", "relu", 2),
               Convolution2d(5, 6, 1, 2, 3, 1, 1, 1, "mean", "sigmoid", 3, second=1),
               Convolution2d(6, 4, 1, 1, 3, 1, 1, 2, "mean", "gelu"))))
