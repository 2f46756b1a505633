"""Optimizers that divide the gradient by its size, of now or so far: every weight gets a rate of its own.

theta, gradient, rate, m, v and what an optimizer is: descent/optimizers.py.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.descent.method import NOT_NEGATIVE, RATE, SHARE, Optimizer, knob, pair
from bpviz.descent.torchs_names import with_torchs_names

TINY = float(np.finfo(float).tiny)                   # lost in the sum with any float above 1e-292


@with_torchs_names
@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """Divide by the root of the sum of all squared gradients so far: steps only ever get shorter.

        s = s + g^2,   theta <- theta - rate / (1 + t * rate_decay) * g / (sqrt(s) + eps),   t = 0, 1, 2, ...

    rate: torch's lr, which is taken too.  initial: the first s.  weight_decay: as in GradientDescent.
    Source: torch.optim.Adagrad; Duchi, Hazan and Singer 2011, JMLR 12, section 1.1.
    """
    name, suggested, adaptive, known = "AdaGrad", 0.5, True, True
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
    name, suggested, adaptive, hovers, known = "RMSprop", 0.02, True, 1.0, True
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
    name, adaptive, hovers, known = "Adam", True, 1.0, True
    rate: float = knob(0.001, (0.001, 1), **RATE)
    betas: tuple = pair((0.9, 0.999), **SHARE)
    eps: float = knob(1e-8, **NOT_NEGATIVE)
    weight_decay: float = knob(0.0, (0, 0.1), **NOT_NEGATIVE)
    inner = ("m", "v", "beta1^t", "beta2^t")

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


@with_torchs_names
@dataclass(frozen=True)
class NAdam(Adam):
    """Adam with Nesterov's look ahead: the momentum of the step to come is applied already.

        m, v as in Adam,   mu_t = beta1 * (1 - 0.96^(t * momentum_decay) / 2),   M_t = mu_1 * ... * mu_t
        m' = mu_(t+1) * m / (1 - M_(t+1)) + (1 - mu_t) * g / (1 - M_t)
        theta <- theta - rate * m' / (sqrt(v / (1 - beta2^t)) + eps),   t = 1, 2, ...

    rate, betas, eps, weight_decay: as in Adam.  momentum_decay: how fast mu grows from beta1 / 2 to beta1.
    Source: torch.optim.NAdam; Dozat 2016, ICLR workshop, algorithm 8.
    """
    name = "NAdam"
    rate: float = knob(0.002, (0.001, 1), **RATE)
    momentum_decay: float = knob(0.004, (0, 0.1), **SHARE)
    inner = ("m", "v", "0.96^(t d)", "M", "beta2^t")

    def start(self, theta):
        return np.zeros_like(theta), np.zeros_like(theta), 1.0, 1.0, 1.0

    def step(self, theta, gradient, state, scale=1.0):
        if self.weight_decay:
            gradient = gradient + self.weight_decay * theta
        (beta1, beta2), (m, v, waned, product, power2), wane = self.betas, state, 0.96 ** self.momentum_decay
        waned, power2 = waned * wane, power2 * beta2
        mu, ahead = beta1 * (1 - 0.5 * waned), beta1 * (1 - 0.5 * wane * waned)
        product = product * mu
        m = beta1 * m + (1 - beta1) * gradient
        v = beta2 * v + (1 - beta2) * (gradient * gradient)
        mean = ahead / (1 - product * ahead) * m + (1 - mu) / (1 - product) * gradient
        theta = theta - self.rate * scale * mean / (np.sqrt(v * (1 / (1 - power2))) + self.eps)
        return theta, (m, v, waned, product, power2)


@with_torchs_names
@dataclass(frozen=True)
class Lion(Optimizer):
    """Only the sign of a mean gradient counts: every weight moves by the rate, up or down.

        theta <- theta - rate * (sign(beta1 * m + (1 - beta1) * g) + weight_decay * theta)
        m = beta2 * m + (1 - beta2) * g

    rate: lr, as elsewhere, is taken too.  betas: (beta1, beta2).  weight_decay: apart from m, as in AdamW.
    Source: Chen et al. 2023, arXiv:2302.06675, "Symbolic discovery of optimization algorithms", algorithm 2.
    """
    name, suggested, adaptive, hovers, known = "Lion", 0.02, True, 1.0, True
    rate: float = knob(0.0001, (0.0001, 0.1), **RATE)
    betas: tuple = pair((0.9, 0.99), **SHARE)
    weight_decay: float = knob(0.0, (0, 0.1), **NOT_NEGATIVE)
    inner = ("m",)

    def start(self, theta):
        return (np.zeros_like(theta),)

    def step(self, theta, gradient, state, scale=1.0):
        (beta1, beta2), (m,) = self.betas, state
        mean = beta1 * m + (1 - beta1) * gradient
        move = mean / (np.abs(mean) + TINY)                          # its sign, 0 at 0, by arithmetic alone
        if self.weight_decay:
            move = move + self.weight_decay * theta
        return theta - self.rate * scale * move, (beta2 * m + (1 - beta2) * gradient,)


ADAPTIVE = AdaGrad, RMSprop, Adam, AdamW, NAdam, Lion            # in the order of menus
