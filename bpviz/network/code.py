"""The network on screen as a script that needs only NumPy.

The formulas are not typed here a second time: the records of calculus/ run once on `Written`
numbers, which note down what is done to them.
"""
import inspect
import re

from bpviz.base.arguments import fit as a_fit
from bpviz.base.arguments import one_network
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.network.backprop import EPS, normalise, normalise_back
from bpviz.network.model_code import model_code
from bpviz.network.shape import Network
from bpviz.network.written import Entries, Writer, Written, array_text, bare, head_of, text_of

MOST_WRITTEN = 200_000         # numbers in one script, some 4 MB of it


class _InBlocks:
    """theta as the script holds it: a piece of it is a block of weights, by name."""

    def __init__(self, network):
        self.names = {place.start: name.upper() for name, (place, _) in network.where.items()}

    def __getitem__(self, place):
        return Entries(self.names[place.start])


def _without_docstring(function):
    """The lines of a function of network/backprop.py, for NumPy alone."""
    text = inspect.getsource(function).replace(f'    """{function.__doc__}"""\n', "").rstrip()
    return text.replace("(xp, z)", "(z)").replace("xp.", "np.").replace("EPS", repr(EPS)).splitlines()


def code(fit, theta):
    """A Python script with only NumPy: forward pass, loss and gradients of `fit` at theta (P,), as text.

    It prints the loss and the gradient of every weight; they equal fit.loss and fit.gradient to rounding.
    """
    numbers = a_fit("fit", fit).n_params + fit.data.x.size + fit.data.y.size
    if numbers > MOST_WRITTEN:
        raise ValueError(f"fit: got {fit.n_params:,} weights and {fit.data.rows:,} rows, {numbers:,} numbers to write "
                         f"down; allowed are at most {MOST_WRITTEN:,}")
    theta = one_network("theta", theta, fit.n_params)
    if not isinstance(fit.network, Network):
        return model_code(fit, theta)
    network, record, z, a = fit.network, fit.loss_record, Written("z"), Written("a")
    o, t = (Written(letter, network.n_out) for letter in "ot")
    last = len(network.sizes) - 1
    used = list(dict.fromkeys(network.activations[:last if record.output is None else last - 1]))
    f = {name: "f" if len(used) == 1 else "f_" + "".join(c if c.isalnum() else "_" for c in name) for name in used}
    over = " / rows" if record.reduction == "mean" else ""
    lines = [*head_of(fit, f'a {"-".join(map(str, network.sizes))} network'),
             *(["rows = x.shape[1]"] if over else [])]
    for k, (W, b) in enumerate(network.layers(theta), start=1):
        lines += [f"W{k} = {array_text(W)}  # from unit i to unit j"]
        lines += [f"b{k} = {array_text(b)}"] if network.bias else []
    for name in used:
        value, slope = ACTIVATIONS[name].value(Writer, z), ACTIVATIONS[name].slope(Writer, z, a)
        lines += ["", "", f"def {f[name]}(z):  # {name}", f"    return {bare(value)}", "", "",
                  f"def {f[name]}_slope(z, a):", f"    return {bare(slope)}"]
    if network.layer_norm:
        for function in (normalise, normalise_back):
            lines += ["", "", *_without_docstring(function)]
    pre = {k: f"h{k}" if network.norms[k - 1] else f"z{k}" for k in range(1, last + 1)}
    lines += ["", "", "# forward", "a0 = x"]
    for k in range(1, last + 1):
        lines += [f"z{k} = W{k}.T @ a{k - 1}" + (f" + b{k}[:, None]" if network.bias else "") +
                  (f" + z{k - 1}" if network.skips[k - 1] else "")]
        lines += [f"h{k}, s{k} = normalise(z{k})"] if network.norms[k - 1] else []
        lines += [f"a{k} = {f[network.activations[k - 1]]}({pre[k]})"] if k < last or record.output is None else [
            f"z = z{k}", f"a{k} = {bare(record.output(Writer, Written('z', network.n_out)))}"]
    lines += [f"z, o = z{last}, a{last}"]
    z = Written("z", network.n_out)
    lines += [f"loss = np.sum({bare(record.value(Writer, z, o, t))}){over}" +
              (f" + {text_of(fit.penalty(_InBlocks(network)))}" if fit.l2 else ""), "", "# backward"]
    error = f"({bare(record.slope(Writer, z, o, t))}){over}"
    lines += [f"d{last} = {error}" + (f" * {f[network.activations[-1]]}_slope(z{last}, a{last})"
                                      if record.output is None else "")]
    for k, place in zip(range(last, 0, -1), reversed(network.penalised), strict=True):
        lines += [f"dW{k} = a{k - 1} @ d{k}.T" + (f" + {float(max(fit.pull[place]))!r} * W{k}" if fit.l2 else "")]
        lines += [f"db{k} = d{k}.sum(axis=1)"] if network.bias else []
        for name in fit.frozen:
            letter, layer, *place = re.findall(r"[wb]|\d+", name)
            if int(layer) == k:
                entry = ", ".join(str(int(i) - 1) for i in place)
                lines += [f"d{'W' if letter == 'w' else 'b'}{k}[{entry}] = 0.0  # {name} is frozen"]
        if k > 1:
            lines += [f"d{k - 1} = (W{k} @ d{k}) * {f[network.activations[k - 2]]}_slope({pre[k - 1]}, a{k - 1})"]
            lines += [f"d{k - 1} = normalise_back(h{k - 1}, s{k - 1}, d{k - 1})"] if network.norms[k - 2] else []
            lines += [f"d{k - 1} = d{k - 1} + d{k}"] if network.skips[k - 1] else []
    lines += ["", 'print("loss", float(loss))']
    for k in range(1, last + 1):
        lines += [f'print("dL/dW{k}", dW{k}.tolist()' + (f', "dL/db{k}", db{k}.tolist())' if network.bias else ")")]
    if any("math." in line for line in lines):
        lines.insert(1, "import math\n")
    return "\n".join(lines) + "\n"
