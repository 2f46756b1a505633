"""How one layer hands the gradient on, on one row: its Jacobian, its singular values, and paths through the layers.

J_k   dz_k/dz_(k-1), (n_k, n_(k-1)): J[j, i] = w[i, j] f'(z_i), plus 1 where a skip leads from unit i to unit i;
      with layer norm f'(h) and dh/dz in it
      so delta_(k-1) = J_k' delta_k,   and   delta_1 = J_2' J_3' ... J_L' delta_L
path  one unit in every layer; along it the gradient is multiplied by one entry of every J

delta_1 is the sum over all paths of the product of their factors. A layer stretches no gradient by more than the
largest singular value of its J, which without cures is at most max|f'| times that of its weights.
Source: Saxe, McClelland and Ganguli 2014, ICLR, section 3; Pennington, Schoenholz and Ganguli 2017, NIPS, section 2.
"""
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.base.arguments import fit_of_layers, instance, one_network, refuse, whole
from bpviz.base.records import checked_fields
from bpviz.base.result import ShowsItself
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.network.backprop import backprop, normalise
from bpviz.words.catalogue import say


@dataclass(frozen=True, repr=False)
class LayerJacobians(ShowsItself):
    """The Jacobians of layers 2 to L on one row.

    matrices: L - 1 arrays (n_k, n_(k-1)).  weights: the W of the same layers, (n_(k-1), n_k).
    slopes: f' of the units before, (n_(k-1),).  deltas: (n_k,) of all L layers, dL/dz of this row alone.
    """
    matrices: tuple
    weights: tuple
    slopes: tuple
    deltas: tuple

    def __post_init__(self):
        checked_fields(self)
        n = len(self.matrices)
        for name, wanted in (("matrices", max(n, 1)), ("weights", n), ("slopes", n), ("deltas", n + 1)):
            parts = getattr(self, name)
            if len(parts) != wanted or not all(isinstance(part, np.ndarray) for part in parts):
                refuse(name, parts, f"allowed are {wanted} arrays, one for each layer")

    @cached_property
    def values(self):
        """Singular values of every layer's Jacobian, largest first: L - 1 arrays."""
        return tuple(singular_values(J) for J in self.matrices)

    @cached_property
    def product(self):
        """log10 of the singular values of the product of all Jacobians, largest first.

        Values below 1e-13 of the largest are lost to rounding and are left out. Empty where the product is 0 or
        overflows.
        """
        return stretches(self.matrices)

    @property
    def words(self):
        most = [values[0] for values in self.values]
        return say("results", "layer_jacobians", most=max(most), least=min(most))

    def table(self):
        rows = [(str(k), " x ".join(map(str, J.shape)), f"{values[0]:.3g}", f"{values[-1]:.3g}")
                for k, (J, values) in enumerate(zip(self.matrices, self.values, strict=True), start=2)]
        return ("The Jacobian of every layer", ("layer", "shape", "largest singular value", "smallest"), rows)


@dataclass(frozen=True, repr=False)
class LayerPath(ShowsItself):
    """One path from a unit of layer 1 to a unit of layer L. Arrays (L - 1,) belong to layers 2 to L.

    units: (L,) unit numbers, from 0.  factor: what each layer multiplies the gradient by along the path.
    weight, slope: w and f' on the way; without skip and layer norm, factor = weight * slope.
    running: product of the factors from layer L back to this one.  start: dL/dz of the last unit.
    """
    units: np.ndarray
    factor: np.ndarray
    weight: np.ndarray
    slope: np.ndarray
    start: float

    @property
    def running(self):
        with np.errstate(all="ignore"):
            return np.cumprod(self.factor[::-1])[::-1]

    @property
    def words(self):
        return say("results", "layer_path", start=self.start, layers=len(self.units),
                   share=self.start * self.running[0])

    def table(self):
        rows = [(str(k + 2), f"{self.units[k] + 1} to {self.units[k + 1] + 1}", f"{self.weight[k]:.3g}",
                 f"{self.slope[k]:.3g}", f"{self.factor[k]:.3g}", f"{self.running[k]:.3g}")
                for k in range(len(self.factor))]
        return ("The factors along the path", ("layer", "units", "weight", "slope", "factor", "product so far"), rows)


def singular_values(matrix):
    """Largest first; all inf where the matrix overflowed."""
    if not np.isfinite(matrix).all():
        return np.full(min(matrix.shape), np.inf)
    return np.linalg.svd(matrix, compute_uv=False)


def stretches(matrices):
    """log10 of the singular values of the product of square or other matrices, the first of them applied first.

    Largest first; values below 1e-13 of the largest are lost to rounding and are left out. Empty where the product is
    0 or overflows.
    """
    together, size = np.eye(matrices[0].shape[1]), 0.0
    for J in matrices:
        with np.errstate(all="ignore"):                # a slope of exp beyond all numbers: inf times 0
            together = J @ together
        largest = np.abs(together).max()
        if not 0 < largest < np.inf:
            return np.zeros(0)
        together, size = together / largest, size + np.log10(largest)
    values = singular_values(together)
    return np.log10(values[values > 1e-13 * values[0]]) + size


def layer_jacobians(fit, theta, row=0):
    """The Jacobians of all layers but the first at theta (P,), on one data row: a LayerJacobians.

    fit: a Fit with a hidden layer.  row: of its data, from 0.
    Raises ValueError for a theta of another shape, a row that is not there, and a network of one layer.
    """
    theta = one_network("theta", theta, fit_of_layers("fit", fit, "bp.gradients_by_layer").n_params)
    row, network = whole("row", row, 0, fit.data.rows - 1), fit.network
    if len(network.sizes) < 3:
        raise ValueError(f"fit: got a network of sizes {network.sizes}; allowed is one with a hidden layer")
    trace = backprop(fit, theta, rows=np.array([row]))
    matrices, slopes, weights = [], [], [W for W, _ in network.layers(theta)][1:]
    with np.errstate(all="ignore"):
        for k, W in enumerate(weights):                      # layer k + 1 feeds layer k + 2
            h, a, n = trace.h[k], trace.a[k + 1], network.sizes[k + 1]
            slope = ACTIVATIONS[network.activations[k]].slope(np, h, a)[:, 0]
            J = W.T * slope
            if network.norms[k]:
                _, s = normalise(np, trace.z[k])
                J = J @ (np.eye(n) - 1 / n - h @ h.T / n) / s
            if network.skips[k + 1]:
                J = J + np.eye(n)
            matrices.append(J)
            slopes.append(slope)
    return LayerJacobians(tuple(matrices), tuple(weights), tuple(slopes), tuple(d[:, 0] for d in trace.delta))


def strongest_path(jacobians):
    """The path that hands on the most: the largest |dL/dz of its last unit times the product of its factors|.

    jacobians: what `layer_jacobians` gives.
    Found exactly, layer by layer from the loss back (Bellman 1957; as in Viterbi 1967).
    """
    instance("jacobians", jacobians, LayerJacobians, "what bp.layer_jacobians(fit, theta) gives")
    with np.errstate(all="ignore"):
        best, onward = np.log(np.abs(jacobians.deltas[-1])), []
        for J in reversed(jacobians.matrices):
            through = np.log(np.abs(J)) + best[:, None]      # by unit of the later layer, by unit of the earlier one
            through = np.where(np.isnan(through), -np.inf, through)
            onward.append(through.argmax(axis=0))
            best = through.max(axis=0)
    return path_through(jacobians, _follow(int(best.argmax()), onward[::-1]))


def _follow(unit, onward):
    units = [unit]
    for step in onward:
        units.append(int(step[units[-1]]))
    return units


def path_through(jacobians, units):
    """The path through these units (L,), one of each layer after the inputs, numbered from 0."""
    if len(units) != len(jacobians.deltas):
        raise ValueError(f"units: got {len(units)}; allowed are {len(jacobians.deltas)}, one for each layer")
    units = np.array([whole("units", unit, 0, len(delta) - 1) for unit, delta in
                      zip(map(int, units), jacobians.deltas, strict=True)])
    pairs = list(zip(units, units[1:], strict=False))
    return LayerPath(units, *(np.array(numbers) for numbers in (
        [J[j, i] for J, (i, j) in zip(jacobians.matrices, pairs, strict=True)],
        [W[i, j] for W, (i, j) in zip(jacobians.weights, pairs, strict=True)],
        [f[i] for f, (i, _) in zip(jacobians.slopes, pairs, strict=True)])), float(jacobians.deltas[-1][units[-1]]))
