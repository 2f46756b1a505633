"""A transformer block, written by hand: every place of a sequence asks all places before it, and mixes what they say.

x            T symbols, each a vector of V numbers, 1 at the symbol's own place: (T V, rows, ...), symbol after symbol
e            what a symbol means and where it stands, e[:,t] = E' x_t + p[:,t]: (d, T, rows, ...)
q, k, v      what a place asks, what it offers, what it says: Q' e, K' e, V' e
s            how well offer j fits question i, s[j,i] = k[:,j]' q[:,i] / sqrt(numbers in each): (T, T, heads, rows, ...)
share        softmax of s over the places j that i may see: shares that sum to 1
mix          what i hears, the sum over j of share[j,i] v[:,j]
r            a residual, e + O' mix, which layer norm brings to mean 0 and variance 1: h, and n = g h + b
up, f, down  the same small dense network at every place, then a residual and layer norm again
score        a dense layer from the last place, or from every place

Heads split the d numbers of q, k and v into parts, each with shares of its own. Backward the hard one is softmax,
    dL/ds[j] = share[j] (dL/dshare[j] - m),   m = the sum over j of share[j] dL/dshare[j]:
its whole Jacobian, diag(share) - share share', times delta. A place that is not seen has share 0 and hands nothing
back. All places use the same Q, K, V, O and the same dense network: their slopes are sums over the places.

Source: Vaswani et al. 2017, NIPS, sections 3.1 to 3.3, with layer norm after each residual as there; layer norm as in
network/backprop.py. It is torch.nn.TransformerEncoderLayer without biases of the projections and without dropout.
"""
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np

from bpviz.base.arguments import refuse, switch, whole
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.models.sliding import activated
from bpviz.network.backprop import contract, normalise, normalise_back
from bpviz.network.model import Model
from bpviz.network.stage import Fan, Stage

MOST = 512


def _flat(a):
    """(n, T, rows, ...) as (n, T rows, ...): every place of every row is an example of its own."""
    return a.reshape(len(a), a.shape[1] * a.shape[2], *a.shape[3:])


def linear(xp, W, a):
    """W' a at every place: (n, T, rows, ...)."""
    z = contract("io...,ir...->or...", W, _flat(a))
    return z.reshape(len(z), *a.shape[1:])


def linear_slope(xp, delta, z, W, a):
    yield contract("ir...,or...->io...", _flat(a), _flat(delta))
    by_a = contract("io...,or...->ir...", W, _flat(delta))
    yield by_a.reshape(a.shape)


def affine(xp, W, b, a):
    return linear(xp, W, a) + b[:, None, None]


def affine_slope(xp, delta, z, W, b, a):
    by_W, by_a = linear_slope(xp, delta, z, W, a)
    return by_W, delta.sum(axis=1).sum(axis=1), by_a


def residual(xp, W, a, before):
    return before + linear(xp, W, a)


def residual_slope(xp, delta, z, W, a, before):
    return *linear_slope(xp, delta, z, W, a), delta


def dense_residual(xp, W, b, a, before):
    return before + affine(xp, W, b, a)


def dense_residual_slope(xp, delta, z, W, b, a, before):
    return *affine_slope(xp, delta, z, W, b, a), delta


def normal(xp, z):
    return normalise(xp, z)[0]


def normal_slope(xp, delta, h, z):
    return (normalise_back(h, normalise(xp, z)[1], delta),)


def scaled(xp, g, b, h):
    return g[:, None, None] * h + b[:, None, None]


def scaled_slope(xp, delta, z, g, b, h):
    return (delta * h).sum(axis=1).sum(axis=1), delta.sum(axis=1).sum(axis=1), g[:, None, None] * delta


def embedded(steps, symbols):
    """(value, slope) of E' x_t + p_t."""
    def apart(x):
        return x.reshape(steps, symbols, *x.shape[1:])

    def value(xp, E, p, x):
        return np.einsum("vd...,tvr...->dtr...", E, apart(x)) + p[:, :, None]

    def slope(xp, delta, e, E, p, x):
        yield np.einsum("dtr...,tvr...->vd...", delta, apart(x))
        yield delta.sum(axis=2)
        yield np.einsum("vd...,dtr...->tvr...", E, delta).reshape(x.shape)
    return value, slope


def fitting(heads):
    """(value, slope) of how well the offers k fit the questions q, a table (j, i) for each head."""
    def in_heads(a):
        return a.reshape(heads, len(a) // heads, *a.shape[1:])

    def value(xp, q, k):
        q, k = in_heads(q), in_heads(k)
        return np.einsum("hcjr...,hcir...->jihr...", k, q) / xp.sqrt(q.shape[1])

    def slope(xp, delta, s, q, k):
        parts, root = (in_heads(q), in_heads(k)), xp.sqrt(len(q) // heads)
        return ((np.einsum("jihr...,hcjr...->hcir...", delta, parts[1]) / root).reshape(q.shape),
                (np.einsum("jihr...,hcir...->hcjr...", delta, parts[0]) / root).reshape(k.shape))
    return value, slope


def shared(seen):
    """(value, slope) of softmax over the places j that i may see; seen: (T, T) of 0 and 1, a row a question i.

    A place that is not seen is looked up as the first one that is, and counted 0 times: so it can never overflow.
    """
    seen = np.array(seen).T                                               # (j, i)
    instead = np.where(seen, np.arange(len(seen))[:, None], seen.argmax(axis=0))
    at = np.arange(len(seen))

    def value(xp, s):
        s = s[instead, at]
        if not getattr(xp, "exact", False):
            s = s - reduce(xp.maximum, s)                                 # changes no share, and none overflows
        e = np.einsum("ji,ji...->ji...", seen, xp.exp(s))
        return e / e.sum(axis=0)

    def slope(xp, delta, share, s):
        return (share * (delta - (share * delta).sum(axis=0)),)
    return value, slope


def mixed(heads):
    """(value, slope) of the shares of what the places say."""
    def value(xp, share, v):
        mix = np.einsum("jihr...,hcjr...->hcir...", share, v.reshape(heads, len(v) // heads, *v.shape[1:]))
        return mix.reshape(v.shape)

    def slope(xp, delta, mix, share, v):
        delta, said = (a.reshape(heads, len(v) // heads, *v.shape[1:]) for a in (delta, v))
        return (np.einsum("hcir...,hcjr...->jihr...", delta, said),
                np.einsum("jihr...,hcir...->hcjr...", share, delta).reshape(v.shape))
    return value, slope


def last_place(xp, w, b, a):
    return contract("io...,ir...->or...", w, a[:, -1]) + b[:, None]


def last_place_slope(xp, delta, z, w, b, a):
    by_last = contract("io...,or...->ir...", w, delta)
    others = 0 * a[:, :-1]
    return contract("ir...,or...->io...", a[:, -1], delta), delta.sum(axis=1), np.concatenate(
        [others, by_last[:, None]], axis=1)


def every_place(steps, n_out):
    """(value, slope) of scores at every place, place after place: (T n_out, rows, ...)."""
    turned = np.arange(n_out * steps).reshape(n_out, steps).T.ravel()
    back = np.argsort(turned)

    def value(xp, w, b, a):
        z = affine(xp, w, b, a)
        return z.reshape(n_out * steps, *z.shape[2:])[turned]

    def slope(xp, delta, z, w, b, a):
        return affine_slope(xp, delta[back].reshape(n_out, steps, *delta.shape[1:]), z, w, b, a)
    return value, slope


@dataclass(frozen=True)
class Transformer(Model):
    """Self-attention with residuals, layer norm and a small dense network, `depth` times, and scores at the end.

    steps: T, how many symbols a sequence has.  symbols: V, numbers a symbol: one-hot, or any vector.
    width: d, how many numbers a place has inside.  heads: into how many parts they are split for the shares.
    hidden: units of the dense network; 0 leaves it out.  activation: theirs.  norm: whether layer norm is there.
    n_scores: scores at the last place, or at every place if every_step: then n_out is T times as many.
    causal: whether a place sees itself and what is before it only.
    mask: who sees whom instead, rows of 0 and 1, a row a place that looks; None for what `causal` says.
    Raises ValueError for sizes below 1, for heads that do not divide the width, for a mask of another shape, and for
    one in which a place sees nothing.  A Model as network/model.py says.

    >>> Transformer(steps=2, symbols=2, width=2, hidden=0, norm=False).n_params
    27
    """
    steps: int = 4
    symbols: int = 3
    width: int = 4
    heads: int = 1
    hidden: int = 8
    n_scores: int = 2
    depth: int = 1
    activation: str = "relu"
    norm: bool = True
    causal: bool = True
    every_step: bool = False
    mask: tuple = None

    def __post_init__(self):
        for name in ("steps", "symbols", "width", "heads", "hidden", "n_scores", "depth"):
            object.__setattr__(self, name, whole(name, getattr(self, name), int(name != "hidden"), MOST))
        for name in ("norm", "causal", "every_step"):
            object.__setattr__(self, name, switch(name, getattr(self, name)))
        ACTIVATIONS[self.activation]
        if self.width % self.heads:
            refuse("heads", self.heads, f"allowed is what divides the width, {self.width}")
        if self.mask is not None:
            object.__setattr__(self, "mask", self._checked(self.mask))

    def _checked(self, mask):
        """The mask as a tuple of tuples."""
        T = self.steps
        try:
            table = np.array(mask, dtype=float)
        except (TypeError, ValueError):
            table = np.empty(0)
        if table.shape != (T, T) or not np.isin(table, (0, 1)).all():
            refuse("mask", mask, f"allowed are {T} rows of {T} numbers 0 or 1, a row a place that looks, or None")
        blind = np.flatnonzero(table.sum(axis=1) == 0)
        if len(blind):
            raise ValueError(f"mask: got row {blind[0] + 1} all 0, a place that sees nothing; allowed is a 1 in every "
                             "row")
        return tuple(tuple(map(int, row)) for row in table)

    @property
    def n_in(self):
        return self.steps * self.symbols

    @property
    def n_out(self):
        return self.n_scores * (self.steps if self.every_step else 1)

    @cached_property
    def seen(self):
        """(T, T) of 0 and 1: whether the place of the row sees the place of the column."""
        if self.mask is not None:
            return np.array(self.mask)
        full = np.ones((self.steps, self.steps), int)
        return np.tril(full) if self.causal else full

    def _called(self, letter, layer):
        """The name of a block or a value in a layer, from 0 on: numbered if there are several."""
        return letter if self.depth == 1 else f"{letter}{layer + 1}"

    @cached_property
    def blocks(self):
        """{name: shape}, in the order of theta."""
        d, h, blocks = self.width, self.hidden, {"E": (self.symbols, self.width), "p": (self.width, self.steps)}
        for layer in range(self.depth):
            blocks |= {self._called(letter, layer): (d, d) for letter in "QKVO"}
            for k, dense in enumerate((False, True) if h else (False,), start=2 * layer + 1):
                if dense:
                    blocks |= {self._called("up", layer): (d, h), self._called("bu", layer): (h,),
                               self._called("down", layer): (h, d), self._called("bd", layer): (d,)}
                blocks |= {f"g{k}": (d,), f"b{k}": (d,)} if self.norm else {}
        return blocks | {"w": (d, self.n_scores), "bo": (self.n_scores,)}

    @cached_property
    def gains(self):
        return tuple(name for name in self.blocks if name[0] == "g")

    @cached_property
    def fans(self):
        """{block of weights: Fan}; a place has one vector, whatever else there is."""
        return {name: Fan(self.steps, 0) if name == "p" else Fan(self.blocks[name][1]) for name in self.weight_blocks}

    @cached_property
    def stages(self):
        stages, at = [Stage("e", ("x",), ("E", "p"), *embedded(self.steps, self.symbols))], "e"
        for layer in range(self.depth):
            stages += self._attending(layer, at)
            at = self._normed(stages, 2 * layer + 1)
            if self.hidden:
                stages += self._dense(layer, at)
                at = self._normed(stages, 2 * layer + 2)
        scores = every_place(self.steps, self.n_scores) if self.every_step else (last_place, last_place_slope)
        return (*stages, Stage("score", (at,), ("w", "bo"), *scores))

    def _attending(self, layer, at):
        """The stages from what a place is to what it has heard, added to it."""
        q, k, v, s, share, mix, r = (self._called(name, layer) for name in "q k v s share mix r".split())
        Q, K, V, W = (self._called(letter, layer) for letter in "QKVO")
        work = self.steps * self.steps * self.width
        return [*(Stage(name, (at,), (block,), linear, linear_slope, self.steps * self.width * self.width)
                  for name, block in ((q, Q), (k, K), (v, V))),
                Stage(s, (q, k), (), *fitting(self.heads), work), Stage(share, (s,), (), *shared(self.seen)),
                Stage(mix, (share, v), (), *mixed(self.heads), work),
                Stage(r, (mix, at), (W,), residual, residual_slope, self.steps * self.width * self.width)]

    def _dense(self, layer, at):
        """The stages of the small dense network, its residual with it."""
        up, f, down, out = (self._called(letter, layer) for letter in ("up", "f", "down", "out"))
        bu, bd, work = self._called("bu", layer), self._called("bd", layer), self.steps * self.width * self.hidden
        return [Stage("z" + up, (at,), (up, bu), affine, affine_slope, work),
                Stage(f, ("z" + up,), (), *activated(self.activation), activation=self.activation),
                Stage(out, (f, at), (down, bd), dense_residual, dense_residual_slope, work)]

    def _normed(self, stages, k):
        """Layer norm after the last stage, if there is any; the name of what is at hand then."""
        if self.norm:
            stages += [Stage(f"h{k}", (stages[-1].writes,), (), normal, normal_slope),
                       Stage(f"n{k}", (f"h{k}",), (f"g{k}", f"b{k}"), scaled, scaled_slope)]
        return stages[-1].writes
