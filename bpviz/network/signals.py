"""Signals in a wide random network, layer by layer: what theory expects, and what one network of that kind does.

Two inputs of correlation FIRST and mean square 1 go through layers of one activation; the gradient comes back from an
output that is wrong by an error which knows nothing of the weights. Theory: network/mean_field.py.
"""
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.base.result import ShowsItself
from bpviz.network.backprop import backprop
from bpviz.network.data import Data
from bpviz.network.fit import Fit
from bpviz.network.gradient_flow import norm
from bpviz.network.mean_field import HIGHEST, LOWEST, MeanField
from bpviz.network.shape import Network
from bpviz.words.catalogue import Said
from bpviz.words.numbers import plain

LAYERS, WIDTH, FIRST, LONGEST = 30, 128, 0.6, 8.0       # FIRST: the correlation of the two inputs
SHOWN = (0, 4, 9, 19, LAYERS - 1)                       # in the table


@dataclass(frozen=True, repr=False)
class Signals(ShowsItself):
    """theory: a MeanField.  By layer, (LAYERS,) each, as expected: lengths q; the correlation of two inputs; |dL/dz|^2
    as a share of the last layer's.  measured: the same three of one network, or None where none can be made.
    """
    theory: MeanField
    length: np.ndarray
    correlation: np.ndarray
    gradient: np.ndarray
    measured: dict | None

    @cached_property
    def curve(self):
        """The map of lengths up to LONGEST: (q, q one layer on)."""
        q = np.linspace(0, LONGEST, 60)
        return q, self.theory.length(q)

    @property
    def stairs(self):
        """The lengths' way as stairs between the diagonal and the map: (across, up)."""
        stairs = np.repeat(self.length, 2)
        return stairs[:-1], np.concatenate([[0.0], stairs[2:]])

    @property
    def words(self):
        theory = self.theory
        sentences = [("phase", {"sigma_w": theory.sigma_w, "sigma_b": theory.sigma_b, "phase": theory.phase}),
                     ("reach", {"lengths": {"q": theory.fixed_point}, "chi": theory.slope, "phase": theory.phase,
                                "depth": theory.depth_scale}),
                     ("inputs", _alike(self.correlation))]
        if self.measured is None:
            sentences.append(("theory_alone", {"activation": theory.activation}))
        else:
            sentences.append(("measured", {"layers": LAYERS, "width": WIDTH, "gradient": self.measured["gradient"][0],
                                           "expected": self.gradient[0]}))
        return str(Said("phase", tuple(sentences)))

    def table(self):
        names = ("length", "correlation", "gradient")
        rows = [(str(k + 1), *(text for name in names for text in (
                    plain(float(getattr(self, name)[k]), 3),
                    "–" if self.measured is None else plain(float(self.measured[name][k]), 3)))) for k in SHOWN]
        return (f"Theory of wide networks and one network of width {WIDTH}, {self.theory.activation}",
                ("layer", "q, theory", "measured", "correlation, theory", "measured", "|dL/dz|², theory", "measured"),
                rows)


def _alike(correlation):
    """What becomes of the likeness of two inputs, as facts in the two digits that are said."""
    first, last = (round(float(correlation[k]), 2) + 0.0 for k in (0, -1))
    still = round(float(np.ptp(correlation)), 2) == 0
    trend = "same" if still or first == last else "more" if last > first else "less"
    return {"first": first, "last": last, "trend": trend}


def expected(theory):
    """(length, correlation, gradient) of a Signals, by theory."""
    length = [theory.sigma_w ** 2 + theory.sigma_b ** 2]
    for _ in range(LAYERS - 1):
        length.append(float(theory.length(min(length[-1], HIGHEST))))
    correlation = [(theory.sigma_w ** 2 * FIRST + theory.sigma_b ** 2) / length[0]]
    for q in length[:-1]:
        correlation.append(float(theory.correlation(correlation[-1], float(np.clip(q, LOWEST, HIGHEST)))))
    chi = theory.chi(np.clip(length, LOWEST, HIGHEST))
    return np.array(length), np.array(correlation), np.cumprod(np.append(1.0, chi[:-1][::-1]))[::-1]


def drawn(seed):
    """Weights and biases of one network with a standard deviation of 1, two inputs of correlation FIRST, an error."""
    rng = np.random.default_rng(seed)
    x, other = np.linalg.qr(rng.standard_normal((WIDTH, 2)))[0].T * np.sqrt(WIDTH)
    pair = np.stack([x, FIRST * x + np.sqrt(1 - FIRST ** 2) * other], axis=1)
    layers = [(rng.standard_normal((WIDTH, WIDTH)) / np.sqrt(WIDTH), rng.standard_normal(WIDTH))
              for _ in range(LAYERS)]
    return layers, pair, rng.standard_normal((WIDTH, 2))


def measured(theory, layers, pair, error):
    """What a real network does that is drawn so, at the theory's sigmas and activation: {name: (LAYERS,)}."""
    network = Network((WIDTH,) * (LAYERS + 1), (theory.activation,) * (LAYERS - 1) + ("identity",))
    theta = network.join([(W * theory.sigma_w, b * theory.sigma_b) for W, b in layers])
    output = Fit(network, "squared error", Data(pair, pair)).predict(theta)
    trace = backprop(Fit(network, "squared error", Data(pair, output - error)), theta)
    with np.errstate(all="ignore"):
        sides = [z / np.maximum(np.linalg.norm(z, axis=0), 1e-300) for z in trace.z]
        size = np.array([norm(delta) for delta in trace.delta])
        return {"length": np.array([norm(z) ** 2 / z.size for z in trace.z]),
                "correlation": np.array([float(side[:, 0] @ side[:, 1]) for side in sides]),
                "gradient": np.square(size / size[-1])}
