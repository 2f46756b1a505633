"""The backward pass of one small network, line by line as a learner writes it, and what each line feeds.

The lines are the ones of network/backprop.py without its loop, for the sizes of this network. The text that is shown
is the text that is run, so a broken line breaks the gradient.

    a0 = x;  zk = Wk.T @ a(k-1) + bk;  ak = fk(zk)      forward, which is right; dfk is the slope of fk
    ek   dL/dak (n, rows)        dk   dL/dzk (n, rows)
    dWk  dL/dWk (n_in, n_out)    dbk  dL/dbk (n_out,)
Source: Rumelhart, Hinton and Williams 1986, Nature 323, eqs. 4 to 7.
"""
import ast
from dataclasses import dataclass

import numpy as np

from bpviz.calculus.activations import ACTIVATIONS
from bpviz.network.backprop import forward

KINDS = {                                # the right line of each kind; {s}{k}: the slope that the loss gives
    "error": "{s}{k} = {error} / rows", "output slope": "d{k} = e{k} * df{k}(z{k})",
    "weights": "dW{k} = a{p} @ d{k}.T", "bias": "db{k} = d{k}.sum(axis=1)",
    "passed back": "e{k} = W{n} @ d{n}", "delta": "d{k} = e{k} * df{k}(z{k})",
}
SLOPES = {                               # of the losses by the output; a cross-entropy's by its z is the same
    "squared error": {"error": "2 * (a{k} - t)", "turned": "2 * (t - a{k})", "halved": "(a{k} - t)",
                      "alone": "2 * (a{k} - t)"},
    "": {"error": "(a{k} - t)", "turned": "(t - a{k})", "halved": "0.5 * (a{k} - t)", "alone": "a{k} - t"},
}


@dataclass(frozen=True)
class CodeLine:
    """One line of the pass. kind: one of KINDS.  layer: from 1.  text: as it is shown, and run."""
    kind: str
    layer: int
    text: str

    @property
    def target(self):
        """The name that it gives a value."""
        return self.text.partition(" =")[0]


def written(fit, kind, layer, template=None):
    """The line of this kind of a layer of `fit` as text; template: of a broken one."""
    record, k = fit.loss_record, layer
    parts = {name: text.format(k=k) for name, text in SLOPES.get(record.name, SLOPES[""]).items()}
    return (template or KINDS[kind]).format(k=k, p=k - 1, n=k + 1, s="e" if record.output is None else "d", **parts)


def lines_of(fit):
    """The right backward pass of `fit` as a tuple of CodeLine, in the order in which they run.

    The loss is the mean over the rows, without penalty; the network has neither skips nor layer norm.
    """
    last = len(fit.network.sizes) - 1
    before = {last: ["error", *(["output slope"] if fit.loss_record.output is None else [])]}
    after = ["weights", *(["bias"] if fit.network.bias else [])]
    return tuple(CodeLine(kind, k, written(fit, kind, k)) for k in range(last, 0, -1)
                 for kind in (*before.get(k, ("passed back", "delta")), *after))


def slope_of(name):
    """df as a function of z alone."""
    record = ACTIVATIONS[name]
    return lambda z: record.slope(np, z, record.value(np, z))


def run(fit, theta, texts, after=None):
    """The gradient (P,) that these lines give at theta (P,).

    after: (number of the line, name, value) -> value, what becomes of each number that a line has found.
    """
    network = fit.network
    z, _, a = forward(network, theta, fit.data.x, np, fit.loss_record.output)
    scope = {"a0": a[0], "t": fit.data.y, "rows": fit.data.rows}
    for k, (W, b) in enumerate(network.layers(theta), start=1):
        scope |= {f"W{k}": W, f"b{k}": b, f"z{k}": z[k - 1], f"a{k}": a[k],
                  f"df{k}": slope_of(network.activations[k - 1])}
    for number, text in enumerate(texts, start=1):
        exec(text, scope)                                              # our own lines only
        if after is not None:
            name = text.partition(" =")[0]
            scope[name] = after(number, name, scope[name])
    last = len(network.sizes) - 1
    return network.join([(scope[f"dW{k}"], scope.get(f"db{k}")) for k in range(1, last + 1)])


def block_of(name):
    """The array of the code that holds a weight's entry: "dW1" of "w1[1,2]"."""
    letter, layer = name[0], name[1:name.index("[")]
    return f"d{'W' if letter == 'w' else 'b'}{layer}"


def reached(fit, lines):
    """Per line, (P,) booleans: which entries are made of what it finds, directly or by lines after it."""
    found, blocks = [], [block_of(name) for name in fit.names]
    for line in lines:
        made = {line.target}
        for other in lines[lines.index(line) + 1:]:
            reads = {node.id for node in ast.walk(ast.parse(other.text))
                     if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
            made |= {other.target} if reads & made else set()
        found.append(np.array([block in made for block in blocks]))
    return found


def moved(fit, theta, lines, seed=0):
    """Per line, (P,) booleans: which entries change when each number that it finds is multiplied by one of its own.

    An entry that is not among them would not show a fault of this line at theta, though the line may reach it.
    """
    texts, rng = [line.text for line in lines], np.random.default_rng(seed)
    right, found = run(fit, theta, texts), []
    for number in range(1, len(lines) + 1):
        wrong = run(fit, theta, texts, lambda k, _, value, number=number: value * rng.uniform(1.5, 3, np.shape(value))
                    if k == number else value)
        found.append(np.abs(wrong - right) > 1e-9 * np.abs(right).max())
    return found
