"""How to step downhill: the formulas, argument meanings and defaults of torch.optim.

theta     (P, ...): the weights of one network or of many
gradient  (P, ...): dL/dtheta
rate      the learning rate (torch.optim's `lr`)
m, v      running means of the gradient and of its square

An optimizer is a frozen record with two pure functions. `start(theta)` makes its state, a tuple of
arrays shaped like theta, and of plain numbers. `step(theta, gradient, state, scale)` returns the next
theta and the next state; `scale` multiplies the rate (descent/schedules.py). Both are plain
arithmetic, so the same lines also run on recorded numbers and become a compiled kernel
(descent/kernels.py).

Names that differ from torch.optim: rate is lr, rate_decay lr_decay, initial
initial_accumulator_value; torch's are taken too, Adam(lr=0.01). All else is called as there.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import Table, real, refuse
from bpviz.descent.method import NOT_NEGATIVE, RATE, SHARE, Method, Optimizer, knob
from bpviz.descent.torchs_names import with_torchs_names


@with_torchs_names
@dataclass(frozen=True)
class GradientDescent(Optimizer):
    """theta <- theta - rate * gradient, with momentum as in torch.optim.SGD:

        g = gradient + weight_decay * theta
        v = momentum * v + g           (the first v is g itself)
        theta <- theta - rate * v      (nesterov: theta - rate * (g + momentum * v))

    rate: the learning rate, torch's lr, which is taken too.
    Raises ValueError for a rate of 0 or below, a momentum outside [0, 1), a negative
    weight_decay, or nesterov without momentum.
    Source: torch.optim.SGD with dampening 0; Polyak 1964; Sutskever et al. 2013, ICML, section 2.
    """
    name = "gradient descent"
    rate: float = knob(0.1, (0.01, 100), **RATE)
    momentum: float = knob(0.0, (0, 0.99), **SHARE)
    nesterov: bool = False
    weight_decay: float = knob(0.0, (0, 0.1), **NOT_NEGATIVE)

    def __post_init__(self):
        super().__post_init__()
        if self.nesterov and self.momentum == 0:
            raise ValueError("nesterov: got True with momentum 0; allowed is True with a momentum above 0")

    @property
    def inner(self):
        return ("v",) if self.momentum else ()

    def start(self, theta):
        return () if self.momentum == 0 else (np.zeros_like(theta),)

    def step(self, theta, gradient, state, scale=1.0):
        if self.weight_decay:
            gradient = gradient + self.weight_decay * theta
        if self.momentum == 0:
            return theta - self.rate * scale * gradient, ()                      # mark: downhill
        v = self.momentum * state[0] + gradient
        return theta - self.rate * scale * (gradient + self.momentum * v if self.nesterov else v), (v,)

    def stability_limit(self, curvature):
        """The rate above which a minimum with this largest Hessian eigenvalue cannot hold the descent.

        Plain: 2 / lambda. Heavy ball: 2 (1 + m) / lambda. Nesterov: 2 (1 + m) / ((1 + 2m) lambda).
        Weight decay adds to the curvature.
        Source: Polyak 1964; Cohen et al. 2021, arXiv:2103.00065, section 2 and appendix B.
        """
        curvature = real("curvature", curvature, infinite=True) + self.weight_decay
        m = self.momentum
        if curvature <= 0:
            return np.inf
        return 2 * (1 + m) / (curvature * (1 + 2 * m if self.nesterov else 1))


@with_torchs_names
@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """Divide by the root of the sum of all squared gradients so far: steps only ever get shorter.

        s = s + g^2,   theta <- theta - rate / (1 + t * rate_decay) * g / (sqrt(s) + eps),   t = 0, 1, 2, ...

    rate: torch's lr, which is taken too.  initial: the first s.  weight_decay: as in GradientDescent.
    Source: torch.optim.Adagrad; Duchi, Hazan and Singer 2011, JMLR 12, section 1.1.
    """
    name = "AdaGrad"
    rate: float = knob(0.01, (0.001, 10), **RATE)
    rate_decay: float = knob(0.0, (0, 1), **NOT_NEGATIVE)
    weight_decay: float = knob(0.0, (0, 0.1), **NOT_NEGATIVE)
    initial: float = knob(0.0, (0, 1), **NOT_NEGATIVE)
    eps: float = knob(1e-10, **NOT_NEGATIVE)
    inner = ("s", "steps")

    def start(self, theta):
        return np.full_like(theta, self.initial), 0.0

    def step(self, theta, gradient, state, scale=1.0):
        s, t = state
        if self.weight_decay:
            gradient = gradient + self.weight_decay * theta
        s = s + gradient * gradient
        rate = self.rate * scale / (1 + t * self.rate_decay) if self.rate_decay else self.rate * scale
        return theta - rate * gradient / (np.sqrt(s) + self.eps), (s, t + 1)


@with_torchs_names
@dataclass(frozen=True)
class RMSprop(Optimizer):
    """Divide by the root of the running mean of the squared gradient: every weight gets a rate of its own.

        v = alpha * v + (1 - alpha) * g^2,   theta <- theta - rate * g / (sqrt(v) + eps)

    rate: torch's lr, which is taken too.  centered: v less the square of the running mean of g.
    momentum: as in GradientDescent, on the divided gradient.  weight_decay: as in GradientDescent.
    Source: torch.optim.RMSprop (eps outside the root); Tieleman and Hinton 2012, lecture 6.5.
    """
    name = "RMSprop"
    hovers = 1.0
    rate: float = knob(0.01, (0.001, 1), **RATE)
    alpha: float = knob(0.99, (0, 0.999), **SHARE)
    eps: float = knob(1e-8, **NOT_NEGATIVE)
    weight_decay: float = knob(0.0, (0, 0.1), **NOT_NEGATIVE)
    momentum: float = knob(0.0, (0, 0.99), **SHARE)
    centered: bool = False

    @property
    def inner(self):
        return ("v", *(("mean g",) if self.centered else ()), *(("buffer",) if self.momentum else ()))

    def start(self, theta):
        return tuple(np.zeros_like(theta) for _ in self.inner)

    def step(self, theta, gradient, state, scale=1.0):
        state = dict(zip(self.inner, state, strict=True))
        if self.weight_decay:
            gradient = gradient + self.weight_decay * theta
        v = state["v"] = self.alpha * state["v"] + (1 - self.alpha) * (gradient * gradient)
        if self.centered:
            mean = state["mean g"] = self.alpha * state["mean g"] + (1 - self.alpha) * gradient
            v = v - mean * mean
        move = gradient / (np.sqrt(v) + self.eps)
        if self.momentum:
            move = state["buffer"] = self.momentum * state["buffer"] + move
        return theta - self.rate * scale * move, tuple(state.values())


@with_torchs_names
@dataclass(frozen=True)
class Adam(Optimizer):
    """RMSprop with momentum, both corrected for having started at 0.

        m = beta1 * m + (1 - beta1) * g,   v = beta2 * v + (1 - beta2) * g^2
        theta <- theta - rate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps),   t = 1, 2, ...

    rate: torch's lr, which is taken too.  betas: (beta1, beta2).  weight_decay: as in GradientDescent.
    Source: torch.optim.Adam; Kingma and Ba 2015, ICLR, algorithm 1.
    """
    name = "Adam"
    hovers = 1.0
    rate: float = knob(0.001, (0.001, 1), **RATE)
    betas: tuple = (0.9, 0.999)
    eps: float = knob(1e-8, **NOT_NEGATIVE)
    weight_decay: float = knob(0.0, (0, 0.1), **NOT_NEGATIVE)
    inner = ("m", "v", "beta1^t", "beta2^t")

    def __post_init__(self):
        super().__post_init__()
        if not isinstance(self.betas, tuple | list) or len(self.betas) != 2:
            refuse("betas", self.betas, "allowed are two numbers like (0.9, 0.999)")
        object.__setattr__(self, "betas", tuple(real("betas", beta, **SHARE) for beta in self.betas))

    def start(self, theta):
        return np.zeros_like(theta), np.zeros_like(theta), 1.0, 1.0

    def step(self, theta, gradient, state, scale=1.0):
        if self.weight_decay:
            gradient = gradient + self.weight_decay * theta
        (beta1, beta2), (m, v, power1, power2) = self.betas, state
        power1, power2 = power1 * beta1, power2 * beta2
        m = beta1 * m + (1 - beta1) * gradient
        v = beta2 * v + (1 - beta2) * (gradient * gradient)
        root = np.sqrt(v * (1 / (1 - power2)))
        return theta - self.rate * scale / (1 - power1) * m / (root + self.eps), (m, v, power1, power2)


@with_torchs_names
@dataclass(frozen=True)
class AdamW(Adam):
    """Adam whose weight decay does not pass through m and v: theta <- (1 - rate * weight_decay) * theta, then Adam.

    rate, betas, eps: as in Adam.
    Source: torch.optim.AdamW; Loshchilov and Hutter 2019, ICLR, algorithm 2.
    """
    name = "AdamW"
    weight_decay: float = knob(0.01, (0, 0.1), **NOT_NEGATIVE)

    def step(self, theta, gradient, state, scale=1.0):
        theta = (1 - self.rate * scale * self.weight_decay) * theta
        return Adam(self.rate, self.betas, self.eps).step(theta, gradient, state, scale)


OPTIMIZERS = Table("optimizer", {one.name: one for one in (GradientDescent, AdaGrad, RMSprop, AdamW, Adam)})


def checked(optimizer, name="optimizer", flow=True):
    """The optimizer. Raises ValueError for anything that is not one, a class not called yet among them.

    flow: whether GradientFlow will do, which has no steps of a given length.
    """
    if isinstance(optimizer, Method) and not isinstance(optimizer, Optimizer) and not flow:
        refuse(name, optimizer, "allowed is an optimizer with steps of a given length (the flow is for `basins`)")
    if not isinstance(optimizer, Method):
        called = f", with brackets: {optimizer.__name__}()" if isinstance(optimizer, type) else ""
        refuse(name, optimizer, f"allowed is an optimizer, such as GradientDescent(rate=0.5){called}")
    return optimizer
