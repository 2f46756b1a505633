"""The shape of a network, and theta: all its weights in one array.

theta  (P, ...): row i is weight i; the trailing axes say how many networks there are
W      (n_in, n_out, ...): w[i, j] goes from unit i to unit j
b      (n_out, ...)

One network is (P,), a surface over two weights (P, 200, 200), a path (P, steps + 1). Order in
theta: layer by layer, W row by row, then b.
"""
import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.base.arguments import Table, cloud, numeric, refuse, sequence, shown, switch, whole
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.network.backprop import forward, forward_and_backward
from bpviz.network.model import Model
from bpviz.network.stage import Alike

MAX_UNITS, MAX_LAYERS, MAX_NAMES = 4096, 1000, 20_000
_NAME = re.compile(r"([wb])(\d{1,9})\[(\d{1,9})(?:,(\d{1,9}))?\]")
KIND = np.lib.mixins.NDArrayOperatorsMixin      # of numbers that only act as arrays: Dual, Interval, Noted


@dataclass(frozen=True)
class Network(Model):
    """Layers of units, each joined to all of the layer before: a = f(W'a + b).

    sizes: units per layer, inputs first, e.g. (2, 2, 1).
    activation: one name for all layers, or a sequence of one name per layer after the inputs.
    bias: whether units have a bias b.
    skip: residual connections. A hidden layer as wide as the hidden layer before it adds that one's pre-activations
        to its own: z = z_before + W'a + b (He et al. 2016, Identity mappings in deep residual networks, eq. 7).
    layer_norm: the units of a hidden layer answer to z less its mean over the layer's units, divided by its
        standard deviation over them (Ba, Kiros and Hinton 2016, arXiv:1607.06450, eq. 3; without gain and bias).
    Raises ValueError for sizes below 1 or fewer than two layers, for unknown activations, for a skip that no
    layer can have, and for layer_norm over a hidden layer of one unit or none.

    >>> Network((1, 1, 1), "sigmoid", bias=False).names
    ('w1[1,1]', 'w2[1,1]')
    """
    sizes: tuple
    activation: str | tuple = "sigmoid"
    bias: bool = True
    skip: bool = False
    layer_norm: bool = False
    forward, forward_and_backward = forward, forward_and_backward       # the file of the course, as methods

    def __post_init__(self):
        sizes = sequence("sizes", self.sizes, "allowed is a sequence like (2, 2, 1)", MAX_LAYERS)
        if len(sizes) < 2:
            refuse("sizes", sizes, "allowed are at least two layers, like (2, 1)")
        object.__setattr__(self, "sizes", tuple(whole("sizes", n, 1, MAX_UNITS) for n in sizes))
        if isinstance(self.activation, list | tuple | np.ndarray):
            names = sequence("activation", self.activation, "allowed is a sequence of names", MAX_LAYERS)
            if len(names) != len(sizes) - 1:
                raise ValueError(f"activation: got {len(names)} names; allowed is one, or {len(sizes) - 1}, "
                                 f"one per layer after the inputs")
            object.__setattr__(self, "activation", names)
        for option in ("bias", "skip", "layer_norm"):
            object.__setattr__(self, option, switch(option, getattr(self, option)))
        for name in self.activations if isinstance(self.activation, tuple) else (self.activation,):
            ACTIVATIONS[name]
        if self.skip and not any(self.skips):
            raise ValueError(f"skip: got True for sizes {self.sizes}; allowed with two hidden layers of one width in "
                             "a row")
        if self.layer_norm and min(self.sizes[1:-1], default=1) < 2:
            raise ValueError(f"layer_norm: got True for sizes {self.sizes}; allowed with hidden layers of at least "
                             "two units")

    @property
    def activations(self):
        """One name per layer after the inputs."""
        if isinstance(self.activation, str):
            return (self.activation,) * (len(self.sizes) - 1)
        return self.activation

    @cached_property
    def skips(self):
        """Per layer after the inputs: whether the pre-activations of the layer before are added to its own."""
        hidden = range(1, len(self.sizes) - 2)
        return tuple(self.skip and k in hidden and self.sizes[k] == self.sizes[k + 1]
                     for k in range(len(self.sizes) - 1))

    @cached_property
    def norms(self):
        """Per layer after the inputs: whether its units answer to the normalised z."""
        return tuple(self.layer_norm and k < len(self.sizes) - 2 for k in range(len(self.sizes) - 1))

    @property
    def alike(self):
        """The units of each hidden layer, a tuple of Alike; layers joined by skips move together.

        A layer that is normalised can be turned around only as a whole, which is left out.
        """
        first, found = 0, []
        for k in range(1, len(self.sizes) - 1):
            if not self.skips[k]:                             # the layers first + 1 to k are one chain
                axes = {f"w{first + 1}": (1,), **{f"w{j}": (0, 1) for j in range(first + 2, k + 1)}, f"w{k + 1}": (0,)}
                if self.bias:
                    axes.update({f"b{j}": (0,) for j in range(first + 1, k + 1)})
                found.append(Alike(self.sizes[k], axes, () if self.layer_norm else self.activations[first:k]))
                first = k
        return tuple(found)

    @cached_property
    def blocks(self):
        """{name: shape}: w1 (n_in, n_out) and b1 (n_out,) of layer 1, and so on, in the order of theta."""
        blocks = {}
        for k, (n_in, n_out) in enumerate(zip(self.sizes, self.sizes[1:], strict=False), start=1):
            blocks[f"w{k}"] = n_in, n_out
            if self.bias:
                blocks[f"b{k}"] = n_out,
        return blocks

    @cached_property
    def layer_blocks(self):
        """Per layer the names of its blocks, biases too."""
        return tuple((f"w{k}", f"b{k}") if self.bias else (f"w{k}",) for k in range(1, len(self.sizes)))

    def layered(self, values, a):
        """Per layer (pre-activations, or deltas; activations): from z, h or delta, and a, of a Trace."""
        return list(zip(values, a[1:], strict=True))

    @cached_property
    def _places(self):
        """Per layer: where W and b lie in theta, and W's shape."""
        places = [self.where.get(f"{letter}{k}", (None, None)) for k in range(1, len(self.sizes)) for letter in "wb"]
        return tuple((w, b, shape) for (w, shape), (b, _) in zip(places[::2], places[1::2], strict=True))

    __getstate__ = object.__getstate__       # what is made from its fields holds no functions, so all of it may travel

    @property
    def called(self):
        return f"a network of sizes {shown(self.sizes)}"

    @cached_property
    def units(self):
        """How many units there are, the inputs counted."""
        return sum(self.sizes)

    @cached_property
    def multiplications(self):
        """How many multiplications by weights the forward pass takes for one row."""
        return sum(a * b for a, b in zip(self.sizes, self.sizes[1:], strict=False))

    @property
    def n_in(self):
        """How many inputs it takes."""
        return self.sizes[0]

    @property
    def n_out(self):
        """How many outputs it gives."""
        return self.sizes[-1]

    def index(self, name):
        """The row of theta that holds the weight called `name`, such as "w1[2,1]" or "b1[2]"."""
        found = _NAME.fullmatch(name) if isinstance(name, str) else None
        layer = int(found[2]) if found else 0
        if found and 1 <= layer <= len(self._places):
            (w, b, (n_in, n_out)), i, j = self._places[layer - 1], int(found[3]), int(found[4] or 0)
            if found[1] == "w" and 1 <= i <= n_in and 1 <= j <= n_out and name == f"w{layer}[{i},{j}]":
                return w.start + (i - 1) * n_out + j - 1
            if found[1] == "b" and self.bias and 1 <= i <= n_out and name == f"b{layer}[{i}]":
                return b.start + i - 1
        if self.n_params > MAX_NAMES:
            refuse("weight", name, 'allowed is a name such as "w1[1,1]", of layer 1 from unit 1 to unit 1')
        return Table("weight", dict.fromkeys(self.names))[name]

    def layers(self, theta):
        """theta (P, ...) as a list of (W, b) per layer; b is None without biases. No copies."""
        if not (theta.dtype.kind in "fiucO" if type(theta) is np.ndarray else isinstance(theta, KIND)) or (
                not theta.shape or theta.shape[0] != self.n_params):
            theta = cloud("theta", theta, self.n_params)
        rest = theta.shape[1:]
        return [(theta[w].reshape(shape + rest), theta[b] if self.bias else None)
                for w, b, shape in self._places]

    def join(self, layers):
        """The inverse of `layers`, unchecked: the backward pass uses it on numbers and on symbols alike."""
        rows = []
        for W, b in layers:
            rows.append(W.reshape((W.shape[0] * W.shape[1],) + W.shape[2:]))
            if self.bias:
                rows.append(b)
        return np.concatenate(rows)

    def pack(self, layers, layout=None):
        """[(W, b), ...] as theta (P, ...), checked; give (W, None) or W alone for a network without biases.

        layout: how each W stands. "in, out": a row for each unit it comes from, as here, in Keras and in scikit-learn.
            "out, in": a row for each unit it leads to, as in torch.nn.Linear; these are transposed. None: "in, out",
            if the shapes leave no doubt.
        Raises ValueError for other shapes, and without `layout` where all layers are square, so that no shape can tell.
        """
        if layout is not None and not (isinstance(layout, str) and layout in ("in, out", "out, in")):
            refuse("layout", layout, "allowed is 'in, out', 'out, in' or None")
        L = len(self._places)
        layers = sequence("layers", layers, f"allowed is a list of {L} pairs, [(W, b), ...]", 2 * MAX_LAYERS)
        if len(layers) == 2 * L and self.bias and all(isinstance(part, np.ndarray) and part.ndim == 2 - k % 2
                                                      for k, part in enumerate(layers)):
            raise ValueError(f"layers: got {2 * L} arrays, W and b in turn, as Keras' get_weights() gives them; "
                             f"allowed are {L} pairs: write list(zip(weights[::2], weights[1::2]))")
        if len(layers) != L:
            raise ValueError(f"layers: got {len(layers)}; allowed are {L} for sizes {self.sizes}")
        checked, turned = [], layout == "out, in"
        for k, (layer, (_, _, shape)) in enumerate(zip(layers, self._places, strict=True), start=1):
            W, b = layer if isinstance(layer, tuple | list) and len(layer) == 2 else (layer, None)
            W = numeric(f"W of layer {k}", W)
            if W.shape[:2] != (shape[::-1] if turned else shape):
                hint = (": if it stands (out, in), as torch's do, give layout='out, in': that turns square layers too"
                        if W.shape[:2] == shape[::-1] and not turned else "")
                raise ValueError(f"W of layer {k}: got shape {W.shape}; allowed is {shape[::-1] if turned else shape} "
                                 f"and trailing axes{hint}")
            W = W.swapaxes(0, 1) if turned else W
            if self.bias != (b is not None):
                refuse(f"b of layer {k}", b, f"this network has bias={self.bias}")
            if self.bias:
                b = numeric(f"b of layer {k}", b)
                if b.shape != W.shape[1:]:
                    raise ValueError(f"b of layer {k}: got shape {b.shape}; allowed is {W.shape[1:]}")
            checked.append((W, b))
        if layout is None and len(set(self.sizes)) == 1:
            for k, (W, _) in enumerate(checked, start=1):
                if not np.array_equal(W, W.swapaxes(0, 1)):
                    raise ValueError(f"W of layer {k}: got shape {W.shape}, which can stand both ways; allowed with "
                                     "layout='in, out' (a row for each unit it comes from, as in Keras) or "
                                     "layout='out, in' (a row for each unit it leads to, as in torch)")
        return self.join(checked)
