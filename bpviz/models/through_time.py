"""The gradient on its way back through time: one Jacobian a step, their product, and how far back anything is left.

s_t    the state after step t, all that the next step is handed: h_t, and c_t of an LSTM after it: S numbers
J_t    ds_t/ds_(t-1), (S, S), on one row: of an Elman network J_t[j, i] = f'(z_t[j]) V[i, j]
g_t    dL/ds_t by what comes after step t alone:  g_(t-1) = J_t' (g_t + what the score of step t adds)
rate   what one step back multiplies |dL/dh| by, the geometric mean over all steps
border where rate^delay falls below FAINT: what is that far back is hardly learned by plain descent

The Jacobians come from the slopes of the model's own stages, written by hand, with a unit error for each number of the
state: what bp.prove proves of them holds here.
Source: Bengio, Simard and Frasconi 1994, IEEE Trans. Neural Networks 5, section IV; Pascanu, Mikolov and Bengio 2013,
ICML, section 2. The same factors as from layer to layer: network/jacobians.py.
"""
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.base.arguments import fit as a_fit
from bpviz.base.arguments import instance, one_network, real, refuse, whole
from bpviz.base.records import checked_fields
from bpviz.base.result import ShowsItself
from bpviz.models.recurrent import Unrolled
from bpviz.network.backprop import backprop
from bpviz.network.gradient_flow import norm
from bpviz.network.jacobians import singular_values, stretches
from bpviz.words.catalogue import say

FAINT = 1e-5            # of |dL/dh| of the last step: with less, plain descent seldom learned in 150 steps


@dataclass(frozen=True, repr=False)
class StateJacobians(ShowsItself):
    """The Jacobians of steps 2 to T on one row.

    matrices: T - 1 arrays (S, S), ds_t/ds_(t-1).  deltas: T arrays (H,), dL/dh_t of this row alone.
    """
    matrices: tuple
    deltas: tuple

    def __post_init__(self):
        checked_fields(self)
        for name, wanted in (("matrices", max(len(self.matrices), 1)), ("deltas", len(self.matrices) + 1)):
            parts = getattr(self, name)
            if len(parts) != wanted or not all(isinstance(part, np.ndarray) for part in parts):
                refuse(name, parts, f"allowed are {wanted} arrays, one for each step")

    @cached_property
    def values(self):
        """Singular values of every step's Jacobian, largest first: (T - 1, S)."""
        return np.array([singular_values(J) for J in self.matrices])

    @cached_property
    def radius(self):
        """The spectral radius of every step's Jacobian, the largest |eigenvalue|: (T - 1,); inf where it overflowed."""
        return np.array([np.abs(np.linalg.eigvals(J)).max() if np.isfinite(J).all() else np.inf for J in self.matrices])

    @cached_property
    def product(self):
        """log10 of the singular values of the product of all Jacobians, largest first; as LayerJacobians.product."""
        return stretches(self.matrices)

    @cached_property
    def gradient(self):
        """|dL/dh_t| of every step: (T,)."""
        return np.array([norm(delta) for delta in self.deltas])

    @property
    def rate(self):
        """What one step back multiplies the gradient by, the geometric mean; nan where nothing comes in."""
        return rate_of(self.gradient)

    @property
    def border(self):
        """How many steps back less than FAINT of the gradient is left; inf where it does not fade."""
        return border_of(self.rate)

    @property
    def words(self):
        steps = len(self.deltas)
        return say("results", "state_jacobians", steps=steps - 1, rate=self.rate, most=self.values.max(),
                   radius=self.radius.max(), border=round(self.border) if self.border < 1e6 else None, faint=FAINT)

    def table(self):
        rows = [("1", f"{self.gradient[0]:.3g}", "", "", "")]
        rows += [(str(t), f"{self.gradient[t - 1]:.3g}", f"{values[0]:.3g}", f"{values[-1]:.3g}", f"{radius:.3g}")
                 for t, (values, radius) in enumerate(zip(self.values, self.radius, strict=True), start=2)]
        return (say("results", "state_jacobians_table"),
                ("step", "|dL/dh|", "largest value", "smallest", "spectral radius"), rows)


def rate_of(gradient):
    """The geometric mean of what a step back multiplies |dL/dh_t|, (T, ...), by: (...)."""
    with np.errstate(all="ignore"):
        return (gradient[0] / gradient[-1]) ** (1 / (len(gradient) - 1))


def border_of(rate):
    """The delay at which rate^delay is FAINT; inf for a rate of 1 or above."""
    return float(np.log(FAINT) / np.log(rate)) if 0 < rate < 1 else 0.0 if rate == 0 else np.inf


def _recurrent(fit):
    network = a_fit("fit", fit).network
    if not isinstance(network, Unrolled):
        raise ValueError(f"fit: got one of {network.called}; allowed is a Fit of a Recurrent, an LSTM or a GRU")
    if network.steps < 2:
        raise ValueError("fit: got a network of 1 step; allowed are at least 2, a way back through time")
    return network


def state_gradients(fit, theta):
    """dL/dh_t of every step at theta (P, ...), over all rows of the data: (T, H, rows, ...).

    fit: a Fit of a recurrent network of at least 2 steps. Raises ValueError for another, and another theta.
    """
    network = _recurrent(fit)
    trace = backprop(fit, theta)
    return np.stack([delta for stage, delta in zip(network.stages, trace.delta, strict=True)
                     if stage.writes[0] == "h"])


def state_jacobians(fit, theta, row=0):
    """The Jacobians from state to state at theta (P,), on one data row: a StateJacobians.

    fit: a Fit of a recurrent network of at least 2 steps.  row: of its data, from 0.
    Raises ValueError for another network, a theta of another shape, and a row that is not there.
    """
    network = _recurrent(fit)
    theta = one_network("theta", theta, network.n_params)
    row = whole("row", row, 0, fit.data.rows - 1)
    trace = backprop(fit, theta, rows=np.array([row]))
    values = {"x": fit.data.x[:, [row]][..., None]}
    values.update({stage.writes: z[..., None] for stage, z in zip(network.stages, trace.z, strict=True)})
    blocks = {name: block[..., None] for name, block in network.split(theta).items()}
    with np.errstate(all="ignore"):
        matrices = tuple(_step_back(network, t, blocks, values) for t in range(2, network.steps + 1))
    deltas = tuple(delta[:, 0] for stage, delta in zip(network.stages, trace.delta, strict=True)
                   if stage.writes[0] == "h")
    return StateJacobians(matrices, deltas)


def _step_back(network, t, blocks, values):
    """ds_t/ds_(t-1), (S, S): each number of the state after step t in turn is given an error of 1."""
    H, S = network.hidden, network.hidden * len(network.state)
    delta = {f"{letter}{t}": np.eye(S)[k * H:(k + 1) * H, None] for k, letter in enumerate(network.state)}
    for stage in reversed(network.step(t)):
        back = stage.slope(np, delta[stage.writes], values[stage.writes], *(blocks[name] for name in stage.weights),
                           *(values[name] for name in stage.reads))
        for name, slope in zip(stage.reads, tuple(back)[len(stage.weights):], strict=True):
            if slope is not None:
                delta[name] = delta[name] + slope if name in delta else slope
    return np.concatenate([delta[f"{letter}{t - 1}"] for letter in network.state])[:, 0].T


def with_radius(network, theta, radius):
    """A copy of theta (P,) of a Recurrent whose V is scaled to this spectral radius, the largest |eigenvalue|.

    network: a Recurrent.  radius: 0 or more.
    Raises ValueError for another network, theta or radius, and for a V without an eigenvalue but 0.
    """
    instance("network", network, Unrolled, "a Recurrent")
    if "V" not in network.blocks:
        raise ValueError(f"network: got {network.called}; allowed is a Recurrent, which has one matrix V")
    theta, radius = one_network("theta", theta, network.n_params).copy(), real("radius", radius, 0)
    place, shape = network.where["V"]
    largest = np.abs(np.linalg.eigvals(theta[place].reshape(shape))).max()
    if largest == 0:
        refuse("theta", theta, "allowed is one whose V has an eigenvalue other than 0")
    theta[place] = theta[place] * (radius / largest)
    return theta
