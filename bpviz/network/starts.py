"""Initial weights: how large, so that neither the answers nor the gradients grow or shrink from layer to layer.

n_in, n_out  how many units feed a layer, and how many it has
sigma_w^2    n_in Var(w): how much louder a layer's scores are than the activations before it (network/mean_field.py)

Each scheme is one record: a formula for the variance, and a draw. A gain multiplies all weights of any scheme,
and biases are normal with a standard deviation of their own, sigma_b, 0 unless asked for.
"""
from collections.abc import Callable
from dataclasses import dataclass
from math import prod

import numpy as np

from bpviz.base.arguments import MOST_NUMBERS, Table, instance, real, whole
from bpviz.base.work import Part, in_parts
from bpviz.network.model import Model

LARGEST = 1e100


@dataclass(frozen=True)
class Start:
    """A way to draw the weights of one layer.

    draw: (rng, n_in, n_out, units) -> W (n_in, units), of so many units: n_out, but where units share their weights.
    variance: (n_in, n_out) -> Var(w).
    formula: in LaTeX.  source: the paper, with its equation or section.
    """
    name: str
    draw: Callable
    variance: Callable
    formula: str
    source: str


def _uniform(reach):
    """Evenly between -reach and reach; the variance of that is reach^2 / 3."""
    return (lambda rng, i, o, n: rng.uniform(-1, 1, (i, n)) * reach(i, o)), (lambda i, o: reach(i, o) ** 2 / 3)


def _normal(variance):
    return (lambda rng, i, o, n: rng.standard_normal((i, n)) * np.sqrt(variance(i, o))), variance


def _orthogonal(rng, n_in, n_out, units):
    """Columns (or rows, whichever are fewer) at right angles and of length 1; the signs make the draw uniform."""
    q, r = np.linalg.qr(rng.standard_normal((max(n_in, units), min(n_in, units))))
    q = q * np.sign(np.diagonal(r))
    return q if n_in >= units else q.T


STARTS = Table("start", {start.name: start for start in (
    Start("zeros", lambda rng, i, o, n: np.zeros((i, n)), lambda i, o: 0.0, r"w = 0",
          "the start that does not work: all units of a layer stay alike; Rumelhart, Hinton and Williams 1986, "
          "Nature 323, page 535, on breaking symmetry"),
    Start("constant", lambda rng, i, o, n: np.full((i, n), 1 / i), lambda i, o: 0.0, r"w = 1 / n_{in}",
          "every unit gets the mean of the layer before; the same symmetry as zeros"),
    Start("uniform", *_uniform(lambda i, o: 1 / np.sqrt(i)), r"w \sim U(-1, 1) / \sqrt{n_{in}}",
          "the heuristic in common use before 2010: Glorot and Bengio 2010, AISTATS, eq. 1"),
    Start("normal", *_normal(lambda i, o: 1.0), r"w \sim N(0, 1)",
          "no regard to the width; with a gain of 0.01 the start of Krizhevsky et al. 2012, NIPS, section 5"),
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
def initial_weights(network, start="Glorot normal", seed=0, gain=1.0, sigma_b=0.0):
    """Weights to begin with: theta (P,).

    start: a name from STARTS.  seed: of numpy's default_rng, or a Generator.
    gain: multiplies every weight.  sigma_b: standard deviation of the biases.
    network: a Network, or any Model whose `fans` say what its blocks of weights join, such as a Convolution.
    The same seed gives the same weights at every gain, only larger.
    Raises ValueError for an unknown start, a negative gain, or a sigma_b for a network without biases.
    `initial_weights.parts` takes the same and yields Parts, one a block of weights or biases.
    """
    instance("network", network, Model, "a Network or a Model")
    if network.n_params > MOST_NUMBERS:
        raise ValueError(f"network: got {network.n_params:,} weights; allowed are at most {MOST_NUMBERS:,}")
    record, gain = STARTS[start], real("gain", gain, 0, LARGEST)
    sigma_b = real("sigma_b", sigma_b, 0, LARGEST)
    if sigma_b and network.is_weight.all():
        raise ValueError(f"sigma_b: got {sigma_b:g}; allowed is 0 for a network without biases")
    rng = seed if isinstance(seed, np.random.Generator) else np.random.default_rng(whole("seed", seed, 0))
    unknown = [name for name in network.weight_blocks if name not in network.fans]
    if unknown:
        raise ValueError(f"network: got {network.called} that does not say what {', '.join(unknown)} join; allowed is "
                         "one with `fans`, {block: Fan(n_out)}, for all its weights")
    theta = np.empty(network.n_params)
    for name, (place, shape) in network.where.items():
        yield Part(place.start / network.n_params)
        if name in network.gains:
            theta[place] = 1.0
        elif name not in network.weight_blocks:
            theta[place] = rng.standard_normal(shape).ravel() * sigma_b
        else:
            theta[place] = _block(record, rng, network.fans[name], shape).ravel() * gain
    yield Part(1.0, theta)


def _block(record, rng, fan, shape):
    """A block of weights of this shape: units, each with a column of the draw."""
    units, others = shape[fan.axis], [n for axis, n in enumerate(shape) if axis != fan.axis]
    W = record.draw(rng, prod(others), fan.n_out, units).reshape(*others, units)
    return W if fan.axis == len(others) else np.moveaxis(W, -1, fan.axis)


def sigma_w(network, start, gain=1.0):
    """sqrt(n_in Var(w)) of every layer at this start: (layers,)."""
    variances = [n_in * STARTS[start].variance(n_in, n_out)
                 for n_in, n_out in zip(network.sizes, network.sizes[1:], strict=False)]
    return real("gain", gain, 0) * np.sqrt(variances)
