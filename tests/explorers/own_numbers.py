"""Numbers for judging sentences, made without bpviz: networks, slopes, optimizers, curvatures in plain loops.

Nothing here imports bpviz. Networks of two weights, f(w2 f(w1 x)), by hand; deep ones layer by layer; optimizers in
the textbooks' form; Hessians by central differences of the gradient.
"""
import warnings

import numpy as np
import oracles

F = oracles.on(oracles.FLOATS)


class Two:
    """The squared error of f(w2 f(w1 x)) on rows x, t, with penalty l2: loss and gradient of w (2, ...)."""

    def __init__(self, name, x, t, l2=0.0):
        (self.f, self.slope), self.x, self.t, self.l2 = F[name], np.ravel(x), np.ravel(t), l2

    def _pass(self, w):
        w1, w2 = (np.asarray(v, float)[..., None] for v in w)
        heard = w1 * self.x
        hidden = self.f(heard)
        out = w2 * hidden
        return w2, heard, hidden, out, self.f(out) - self.t

    def loss(self, w):
        with quiet():
            return (self._pass(w)[-1] ** 2).mean(-1) + self.l2 * (w[0] ** 2 + w[1] ** 2)

    def gradient(self, w):
        with quiet():
            w2, heard, hidden, out, off = self._pass(w)
            back = 2 * off * self.slope(out)
            return np.stack([(back * w2 * self.slope(heard) * self.x).mean(-1) + 2 * self.l2 * w[0],
                             (back * hidden).mean(-1) + 2 * self.l2 * w[1]])


class quiet:
    """No NumPy warnings inside."""

    def __enter__(self):
        self.kept = warnings.catch_warnings(), np.errstate(all="ignore")
        for one in self.kept:
            one.__enter__()
        warnings.simplefilter("ignore")

    def __exit__(self, *error):
        for one in self.kept:
            one.__exit__(*error)


def hessian(net, w, h=1e-5):
    """By central differences of the gradient: (P, P)."""
    w = np.asarray(w, float)
    columns = []
    for k in range(len(w)):
        step = np.zeros(len(w))
        step[k] = h * max(1.0, abs(w[k]))
        columns.append((net.gradient(w + step) - net.gradient(w - step)) / (2 * step[k]))
    H = np.array(columns)
    return (H + H.T) / 2


ADAPTIVE = ["AdaGrad", "RMSprop", "Adam", "AdamW", "NAdam", "Lion"]   # in the race: the rate of their slider
HOVER = ["RMSprop", "Adam", "AdamW", "NAdam", "Lion"]                  # steps near a minimum stay about as long as the rate


class Walker:
    """One optimizer, step by step, as its paper writes it. Weights (P, ...)."""

    def __init__(self, name, rate, momentum=0.9, alpha=0.99, betas=(0.9, 0.999), eps=1e-8, decay=0.01):
        self.name, self.rate, self.m = name, rate, momentum
        self.alpha, self.betas, self.eps, self.decay, self.n = alpha, betas, eps, decay, 0
        self.v = self.s = 0.0

    def step(self, w, g):
        self.n += 1
        if self.name == "gradient descent" or (self.m == 0 and self.name in ("momentum", "Nesterov")):
            return w - self.rate * g
        if self.name in ("momentum", "Nesterov"):
            self.v = self.m * self.v + g
            return w - self.rate * (self.v if self.name == "momentum" else g + self.m * self.v)
        if self.name == "AdaGrad":
            self.s = self.s + g * g
            return w - self.rate * g / (np.sqrt(self.s) + 1e-10)
        if self.name == "RMSprop":
            self.s = self.alpha * self.s + (1 - self.alpha) * g * g
            return w - self.rate * g / (np.sqrt(self.s) + self.eps)
        if self.name == "Lion":                              # algorithm 2 of its paper, with its betas
            c, self.v = 0.9 * self.v + 0.1 * g, 0.99 * self.v + 0.01 * g
            return w - self.rate * np.sign(c)
        first, second = self.betas
        if self.name == "AdamW":
            w = w * (1 - self.rate * self.decay)
        self.v = first * self.v + (1 - first) * g
        self.s = second * self.s + (1 - second) * g * g
        if self.name == "NAdam":                             # torch's documentation, line by line
            mu = [first * (1 - 0.5 * 0.96 ** (t * 0.004)) for t in range(1, self.n + 2)]
            mean = (mu[-1] * self.v / (1 - np.prod(mu)) + (1 - mu[-2]) * g / (1 - np.prod(mu[:-1])))
            return w - self.rate * mean / (np.sqrt(self.s / (1 - second ** self.n)) + self.eps)
        return w - self.rate * (self.v / (1 - first ** self.n)) / (np.sqrt(self.s / (1 - second ** self.n)) + self.eps)


def walk(net, start, walker, steps, far=1e6):
    """The path (P, n + 1) of one network, cut short where it runs away; and whether it ran away."""
    w, path = np.array(start, float), [np.array(start, float)]
    with quiet():
        for _ in range(steps):
            w = walker.step(w, net.gradient(w))
            if not (np.isfinite(w).all() and np.abs(w).max() <= far and np.isfinite(net.loss(w))):
                return np.array(path).T, True
            path.append(w)
    return np.array(path).T, False


def ends(net, starts, walker, steps, far=1e6):
    """Where many (P, N) end, nan where they ran away."""
    w = np.array(starts, float)
    with quiet():
        for _ in range(steps):
            w = walker.step(w, net.gradient(w))
            w = np.where((np.abs(w) <= far).all(axis=0), w, np.nan)
    return w


def along_the_floor(net, w, way, far, reach=0.011):
    """From w the point `far` along the unit vector `way`, then down across it by golden section: (point, loss)."""
    across = np.array([-way[1], way[0]])
    middle, low, high = np.asarray(w) + far * way, -reach, reach
    ratio = (5 ** 0.5 - 1) / 2
    for _ in range(90):
        a, b = high - ratio * (high - low), low + ratio * (high - low)
        if net.loss(middle + a * across) < net.loss(middle + b * across):
            high = b
        else:
            low = a
    point = middle + (low + high) / 2 * across
    return point, float(net.loss(point))


def deep_pass(layers, activation, x, t):
    """A plain chain of layers (W (in, out), b), the last a sigmoid under cross-entropy: one loop forward, one back.

    Returns loss, z per layer (units, rows), |dL/dW| and dL/dz per layer, and the gradients (dW, db).
    """
    with quiet():
        a, heard, answers = x, [], [x]
        for k, (W, b) in enumerate(layers):
            z = W.T @ a + b[:, None]
            heard.append(z)
            a = F["sigmoid" if k == len(layers) - 1 else activation][0](z)
            answers.append(a)
        loss = float(np.mean(np.logaddexp(0, heard[-1][0]) - t[0] * heard[-1][0]))
        delta, deltas, slopes = (F["sigmoid"][0](heard[-1]) - t) / x.shape[1], [], []
        for k in range(len(layers) - 1, -1, -1):
            deltas.insert(0, delta)
            slopes.insert(0, (answers[k] @ delta.T, delta.sum(axis=1)))
            if k:
                delta = (layers[k][0] @ delta) * F[activation][1](heard[k - 1])
    return loss, heard, [np.linalg.norm(dW) for dW, _ in slopes], deltas, slopes
