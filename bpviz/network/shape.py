"""The shape of a network, and theta: all its weights in one array.

theta  (P, ...): row i is weight i; the trailing axes say how many networks there are
W      (n_in, n_out, ...): w[i, j] goes from unit i to unit j
b      (n_out, ...)

One network is (P,), a surface over two weights (P, 200, 200), a path (P, steps + 1). Order in
theta: layer by layer, W row by row, then b.
"""
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.calculus.activations import ACTIVATIONS
from bpviz.calculus.arguments import numeric, whole

MAX_UNITS = 4096


@dataclass(frozen=True)
class Network:
    """Layers of units, each joined to all of the layer before: a = f(W'a + b).

    sizes: units per layer, inputs first, e.g. (2, 2, 1).
    activation: one name for all layers, or a sequence of one name per layer after the inputs.
    bias: whether units have a bias b.
    skip: residual connections. A hidden layer as wide as the hidden layer before it also hears what that one
        heard: z = z_before + W'a + b (He et al. 2016, Identity mappings in deep residual networks, eq. 7).
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

    def __post_init__(self):
        try:
            sizes = tuple(self.sizes)
        except TypeError:
            raise ValueError(f"sizes: got {self.sizes!r}; allowed is a sequence like (2, 2, 1)") from None
        if len(sizes) < 2:
            raise ValueError(f"sizes: got {sizes!r}; allowed are at least two layers, like (2, 1)")
        object.__setattr__(self, "sizes", tuple(whole("sizes", n, 1, MAX_UNITS) for n in sizes))
        if not isinstance(self.activation, str):
            names = tuple(self.activation)
            if len(names) != len(sizes) - 1:
                raise ValueError(f"activation: got {len(names)} names; allowed is one, or {len(sizes) - 1}, "
                                 f"one per layer after the inputs")
            object.__setattr__(self, "activation", names)
        for switch in ("bias", "skip", "layer_norm"):
            if not isinstance(getattr(self, switch), bool):
                raise ValueError(f"{switch}: got {getattr(self, switch)!r}; allowed is True or False")
        for name in self.activations:
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
        """Per layer after the inputs: whether it also hears what the layer before it heard."""
        hidden = range(1, len(self.sizes) - 2)
        return tuple(self.skip and k in hidden and self.sizes[k] == self.sizes[k + 1]
                     for k in range(len(self.sizes) - 1))

    @cached_property
    def norms(self):
        """Per layer after the inputs: whether its units answer to the normalised z."""
        return tuple(self.layer_norm and k < len(self.sizes) - 2 for k in range(len(self.sizes) - 1))

    @cached_property
    def _layout(self):
        """Per layer: where W and b lie in theta, and W's shape."""
        layout, start = [], 0
        for n_in, n_out in zip(self.sizes, self.sizes[1:], strict=False):
            middle = start + n_in * n_out
            end = middle + (n_out if self.bias else 0)
            layout.append((slice(start, middle), slice(middle, end), (n_in, n_out)))
            start = end
        return tuple(layout)

    @cached_property
    def n_params(self):
        """P, the number of weights, biases counted."""
        return self._layout[-1][1].stop

    @cached_property
    def names(self):
        """The name of each row of theta: w1[i,j] in layer 1 from unit i to unit j, b1[j]."""
        names = []
        for k, (n_in, n_out) in enumerate(zip(self.sizes, self.sizes[1:], strict=False), start=1):
            names += [f"w{k}[{i},{j}]" for i in range(1, n_in + 1) for j in range(1, n_out + 1)]
            names += [f"b{k}[{j}]" for j in range(1, n_out + 1)] if self.bias else []
        return tuple(names)

    @cached_property
    def is_weight(self):
        """(P,) booleans: True for a w, False for a b. A penalty leaves biases alone."""
        return np.array([name.startswith("w") for name in self.names])

    def index(self, name):
        """The row of theta that holds the weight called `name`."""
        if name not in self.names:
            raise ValueError(f"weight: got {name!r}; allowed: {', '.join(self.names)}")
        return self.names.index(name)

    def layers(self, theta):
        """theta (P, ...) as a list of (W, b) per layer; b is None without biases. No copies."""
        rest = theta.shape[1:]
        return [(theta[w].reshape(shape + rest), theta[b] if self.bias else None)
                for w, b, shape in self._layout]

    def join(self, layers):
        """The inverse of `layers`, unchecked: the backward pass uses it on numbers and on symbols alike."""
        rows = []
        for W, b in layers:
            rows.append(W.reshape((W.shape[0] * W.shape[1],) + W.shape[2:]))
            if self.bias:
                rows.append(b)
        return np.concatenate(rows)

    def pack(self, layers, order=None):
        """[(W, b), ...] as theta (P, ...), checked; give (W, None) or W alone for a network without biases.

        order: how each W stands. "in, out": a row for each unit it comes from, as here, in Keras and in scikit-learn.
            "out, in": a row for each unit it leads to, as in torch.nn.Linear; these are transposed. None: "in, out",
            if the shapes leave no doubt.
        Raises ValueError for other shapes, and without `order` where all layers are square, so that no shape can tell.
        """
        if order not in (None, "in, out", "out, in"):
            raise ValueError(f"order: got {order!r}; allowed is 'in, out', 'out, in' or None")
        layers = list(layers)
        if len(layers) != len(self._layout):
            raise ValueError(f"layers: got {len(layers)}; allowed are {len(self._layout)} for sizes {self.sizes}")
        checked, turned = [], order == "out, in"
        for k, (layer, (_, _, shape)) in enumerate(zip(layers, self._layout, strict=True), start=1):
            W, b = layer if isinstance(layer, tuple | list) and len(layer) == 2 else (layer, None)
            W = numeric(f"W of layer {k}", W)
            if W.shape[:2] != (shape[::-1] if turned else shape):
                hint = (": if it stands (out, in), as torch's do, give order='out, in': that turns square layers too"
                        if W.shape[:2] == shape[::-1] and not turned else "")
                raise ValueError(f"W of layer {k}: got shape {W.shape}; allowed is {shape[::-1] if turned else shape} "
                                 f"and trailing axes{hint}")
            W = W.swapaxes(0, 1) if turned else W
            if self.bias != (b is not None):
                raise ValueError(f"b of layer {k}: got {b!r}; this network has bias={self.bias}")
            if self.bias:
                b = numeric(f"b of layer {k}", b)
                if b.shape != W.shape[1:]:
                    raise ValueError(f"b of layer {k}: got shape {b.shape}; allowed is {W.shape[1:]}")
            checked.append((W, b))
        if order is None and len(set(self.sizes)) == 1:
            for k, (W, _) in enumerate(checked, start=1):
                if not np.array_equal(W, W.swapaxes(0, 1)):
                    raise ValueError(f"W of layer {k}: got shape {W.shape}, which can stand both ways; allowed with "
                                     "order='in, out' (a row for each unit it comes from, as in Keras) or "
                                     "order='out, in' (a row for each unit it leads to, as in torch)")
        return self.join(checked)
