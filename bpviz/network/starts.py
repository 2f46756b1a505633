"""Initial weights: how large, so that neither the answers nor the gradients grow or shrink from layer to layer.

n_in, n_out  how many units a layer hears from, and how many it has
sigma_w^2    n_in Var(w): how much louder a layer's scores are than the answers it hears (network/mean_field.py)

Each scheme is one record: a formula for the variance, and a draw. A scale multiplies all weights of any scheme,
and biases are normal with a standard deviation of their own, 0 unless asked for.
"""
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import MOST_NUMBERS, Table, instance, real, whole
from bpviz.base.work import Part, in_parts
from bpviz.network.shape import Network

LARGEST_SCALE = 1e100


@dataclass(frozen=True)
class Start:
    """A way to draw the weights of one layer.

    draw: (rng, n_in, n_out) -> W (n_in, n_out).  variance: (n_in, n_out) -> Var(w).
    formula: in LaTeX.  source: the paper, with its equation or section.
    """
    name: str
    draw: Callable
    variance: Callable
    formula: str
    source: str


def _uniform(reach):
    """Evenly between -reach and reach; the variance of that is reach^2 / 3."""
    return (lambda rng, i, o: rng.uniform(-1, 1, (i, o)) * reach(i, o)), (lambda i, o: reach(i, o) ** 2 / 3)


def _normal(variance):
    return (lambda rng, i, o: rng.standard_normal((i, o)) * np.sqrt(variance(i, o))), variance


def _orthogonal(rng, n_in, n_out):
    """Columns (or rows, whichever are fewer) at right angles and of length 1; the signs make the draw uniform."""
    q, r = np.linalg.qr(rng.standard_normal((max(n_in, n_out), min(n_in, n_out))))
    q = q * np.sign(np.diagonal(r))
    return q if n_in >= n_out else q.T


STARTS = Table("start", {start.name: start for start in (
    Start("zeros", lambda rng, i, o: np.zeros((i, o)), lambda i, o: 0.0, r"w = 0",
          "the start that does not work: all units of a layer stay alike; Rumelhart, Hinton and Williams 1986, "
          "Nature 323, page 535, on breaking symmetry"),
    Start("constant", lambda rng, i, o: np.full((i, o), 1 / i), lambda i, o: 0.0, r"w = 1 / n_{in}",
          "every unit hears the mean of the layer before; the same symmetry as zeros"),
    Start("uniform", *_uniform(lambda i, o: 1 / np.sqrt(i)), r"w \sim U(-1, 1) / \sqrt{n_{in}}",
          "the heuristic in common use before 2010: Glorot and Bengio 2010, AISTATS, eq. 1"),
    Start("normal", *_normal(lambda i, o: 1.0), r"w \sim N(0, 1)",
          "no regard to the width; with a scale of 0.01 the start of Krizhevsky et al. 2012, NIPS, section 5"),
    Start("LeCun", *_normal(lambda i, o: 1 / i), r"w \sim N(0, 1 / n_{in})",
          "LeCun et al. 1998, Efficient BackProp, eq. 16"),
    Start("Glorot uniform", *_uniform(lambda i, o: np.sqrt(6 / (i + o))),
          r"w \sim U(-1, 1) \sqrt{6 / (n_{in} + n_{out})}",
          "also called Xavier: Glorot and Bengio 2010, AISTATS, eq. 16"),
    Start("Glorot normal", *_normal(lambda i, o: 2 / (i + o)), r"w \sim N(0, 2 / (n_{in} + n_{out}))",
          "also called Xavier: Glorot and Bengio 2010, AISTATS, eq. 12"),
    Start("He", *_normal(lambda i, o: 2 / i), r"w \sim N(0, 2 / n_{in})",
          "He et al. 2015, ICCV, eq. 10, for relu, which lets half of the square through"),
    Start("orthogonal", _orthogonal, lambda i, o: 1 / max(i, o), r"W' W = 1",
          "Saxe, McClelland and Ganguli 2014, ICLR, section 3"),
)})


@in_parts
def initial_weights(network, start="Glorot normal", seed=0, scale=1.0, bias_scale=0.0):
    """Weights to begin with: theta (P,).

    start: a name from STARTS.  seed: of numpy's default_rng, or a Generator.
    scale: multiplies every weight.  bias_scale: standard deviation of the biases.
    The same seed gives the same weights at every scale, only larger.
    Raises ValueError for an unknown start, a negative scale, or a bias_scale for a network without biases.
    `initial_weights.parts` takes the same and yields Parts, one a layer.
    """
    instance("network", network, Network, "a Network")
    if network.n_params > MOST_NUMBERS:
        raise ValueError(f"network: got {network.n_params:,} weights; allowed are at most {MOST_NUMBERS:,}")
    record, scale = STARTS[start], real("scale", scale, 0, LARGEST_SCALE)
    bias_scale = real("bias_scale", bias_scale, 0, LARGEST_SCALE)
    if bias_scale and not network.bias:
        raise ValueError(f"bias_scale: got {bias_scale:g}; allowed is 0 for a network without biases")
    rng = seed if isinstance(seed, np.random.Generator) else np.random.default_rng(whole("seed", seed, 0))
    layers = []
    for k, (n_in, n_out) in enumerate(zip(network.sizes, network.sizes[1:], strict=False)):
        yield Part(k / len(network.activations))
        W, b = record.draw(rng, n_in, n_out) * scale, rng.standard_normal(n_out) * bias_scale
        layers.append((W, b if network.bias else None))
    yield Part(1.0, network.join(layers))


def sigma_w(network, start, scale=1.0):
    """sqrt(n_in Var(w)) of every layer at this start: (layers,)."""
    variances = [n_in * STARTS[start].variance(n_in, n_out)
                 for n_in, n_out in zip(network.sizes, network.sizes[1:], strict=False)]
    return real("scale", scale, 0) * np.sqrt(variances)
