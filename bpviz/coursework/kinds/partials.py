"""The exercise kind "write the backward pass": a function of the learner's that returns named partials.

A small network is described once, as its forward lines and the steps back from the loss. From that follow the answer
cell, the solution (one line of NumPy per partial), the mistakes (operators.py) and the diagnosis (diagnose.py).

    network("backward", ("tanh", "sigmoid"), bias=False, asked=("dW2", "dW1"))

Learners' notation, rows first: x (n, i), W1 (i, h), z1 = x @ W1 + b1; w1[i,j] goes from unit i to unit j.
part     a named partial: "dW2" is dL/dW2, of the same shape as W2
edge     one step of the way back: a part, found from one that is nearer to the loss
draw     {name: array}: random inputs, what the forward lines make of them, and the right parts
"""
import textwrap
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bpviz.coursework.diagnosis import diagnose
from bpviz.coursework.diagnosis.draws import told_apart
from bpviz.coursework.diagnosis.edges import UNITS, Edge, value
from bpviz.coursework.diagnosis.supposed import stages
from bpviz.coursework.exercise import Mutant
from bpviz.network.data import DATA
from bpviz.network.walked import WALKED


@dataclass(frozen=True, eq=False)
class Partials:
    """A function of the learner's that returns named partials; one of the kinds that `Exercise.asks` can be.

    name: the function's.  inputs: {"x": "n i"}, arguments in order, shapes as letters, "" for one number.  forward:
    {"z1": "x @ W1 + b1"}, in order.  loss: the loss as a line; `says` in words.  edges: the way back, in order.
    asked: the parts to return, () for all.  gives: "dict", or "tuple" in the order asked.  examples: public inputs, on
    which *Show me* can open.  extra: mistakes written by hand, (operators.Mistake, ...).
    """
    name: str
    inputs: dict
    forward: dict
    loss: str
    says: str
    edges: tuple
    asked: tuple = ()
    gives: str = "dict"
    examples: tuple = ()
    extra: tuple = ()

    @cached_property
    def parts(self):
        """The parts asked for, in backward order."""
        return tuple(edge.part for edge in self.edges if not self.asked or edge.part in self.asked)

    @cached_property
    def order(self):
        """The parts in the order of a returned tuple."""
        return self.asked or self.parts

    @cached_property
    def shapes(self):
        return {edge.part: edge.shape for edge in self.edges}

    @cached_property
    def weights(self):
        """The names of weights and biases."""
        return tuple(edge.part[1:] for edge in self.edges if edge.kind.startswith(("weight", "bias")))

    @cached_property
    def mistakes(self):
        """(Mistake, ...): all that are known, those merged that are the same number on every draw."""
        return told_apart(self)

    @cached_property
    def stages(self):
        """(Supposition, ...): the way back, in pieces that begin at parts which are not asked for."""
        return stages(self)

    @cached_property
    def known(self):
        """(Mistake, ...): those that can be told from the parts asked for."""
        hidden = [one for stage in self.stages for one in stage.supposed[1:]]
        return (*(one for one in self.mistakes if one.part in self.parts), *hidden)

    # ---- what Exercise asks of a kind

    def given(self, rng):
        """No numbers stand in the prompt. rng: not used."""
        return {}

    def starter(self, given):
        """The answer cell: what is given, what is asked, the forward pass. given: not used."""
        shaped = ", ".join(f"{name} ({shape.replace(' ', ', ')}{',' * (' ' not in shape)})" if shape else name
                           for name, shape in self.inputs.items())
        asked, first, order = ", ".join(self.order), self.order[0], ", in this order" * (self.gives == "tuple")
        facts = [f"Given are {shaped}{'' if any(self.inputs.values()) else ', each one number'}.", f"L is {self.says}.",
                 f"Returns a {self.gives} of {asked}{order}: {first} is dL/{first}, of the shape of {first[1:]}, and "
                 "so on."]
        lines = [line for fact in facts for line in textwrap.wrap(fact, 100)]
        body = ['"""Every partial that is asked for, on the way back from the loss L.', "", *lines, '"""',
                *(f"{name} = {line}" for name, line in self.forward.items()), "{solution}"]
        return f"def {self.name}({', '.join(self.inputs)}):\n" + textwrap.indent("\n".join(body), "    ")

    def solution(self, given, wrong=None):
        """The lines of the solution. given: not used.  wrong: a Mistake that replaces one of them."""
        other = {wrong.part: wrong.line} if wrong else {}
        lines = [f"{edge.part} = {other.get(edge.part, edge.line)}" for edge in self.edges]
        pairs = [f'"{part}": {part}' if self.gives == "dict" else part for part in self.order]
        begin, end = ("return {", "}") if self.gives == "dict" else ("return ", "")
        rows = textwrap.wrap(", ".join(pairs).replace(": ", ":\0"), 90 if self.gives == "dict" else 10 ** 6)
        return "\n".join([*lines, begin + ("\n" + " " * len(begin)).join(rows).replace("\0", " ") + end])

    def mutants(self, given, most=12):
        """Some mistakes as code, a part and an operator each time others; all of them for most=None.

        given: not used.
        """
        left, chosen = list(self.known), []
        while left and (most is None or len(chosen) < most):
            def seen(one):
                return sum(one.name == other.name for other in chosen), sum(one.part == other.part for other in chosen)
            chosen.append(left.pop(min(range(len(left)), key=lambda k: seen(left[k]))))
        return tuple(Mutant(one.key, self.solution(given, one), one.says, one.misconception) for one in chosen)

    def judge(self, answer, rng, given, run):
        """The Judgement on a learner's function. rng: of the draws.  given: not used.  run: runs it apart."""
        return diagnose.judge(self, answer, rng, run)

    # ---- numbers

    def work_out(self, inputs, lines=None):
        """A draw: the inputs, the forward values and the parts. lines: {part: another line} for some parts."""
        names = dict(inputs)
        for name, line in self.forward.items():
            names[name] = value(line, names)
        for edge in self.edges:
            names[edge.part] = value((lines or {}).get(edge.part, edge.line), names)
        return names


# ---- networks

def network(name="backward", units=("sigmoid", "sigmoid"), *, rows=True, bias=True, output="o", **more):
    """The Partials of a network of layers under the squared error.

    name: of the learner's function.  units: how each layer answers, from UNITS.  rows: many rows of many units with
    matrices W1, W2; else a chain of single numbers w1, w2.  bias: whether there are b1, b2.  output: the name of the
    last layer's answer.  more: further fields of Partials.
    """
    last = len(units)
    W = "W" if rows else "w"
    inner = [f"h{k}" for k in range(1, last)] if last > 2 else ["h"] * (last - 1)
    sizes = ["i", *inner, "o"] if rows else [""] * (last + 1)
    shape = (lambda k: f"n {sizes[k]}") if rows else (lambda k: "")
    answers = ["x", *(f"a{k}" for k in range(1, last)), output]
    inputs, forward, edges = {"x": shape(0), "t": shape(last)}, {}, []
    for k, unit in enumerate(units, start=1):
        inputs[f"{W}{k}"] = f"{sizes[k - 1]} {sizes[k]}".strip()
        product = f"{answers[k - 1]} {'@' if rows else '*'} {W}{k}"
        if bias:
            inputs[f"b{k}"] = sizes[k]
            product += f" + b{k}"
        forward[f"z{k}"] = product
        forward[answers[k]] = UNITS[unit].answer.format(z=f"z{k}").removeprefix("1 * ")

    def slope(k, a=None):
        return UNITS[units[k - 1]].slope.format(z=f"z{k}", a=a or answers[k])
    edges.append(Edge(f"d{output}", "loss", shape(last), dict(
        out=output, target="t", mean=" / len(x)" * rows, slope=slope(last), after=f"dz{last}")))
    for k in range(last, 0, -1):
        unit, a, da, dz = UNITS[units[k - 1]], answers[k], f"d{answers[k]}", f"dz{k}"
        own = dict(z=f"z{k}", a=a)
        looks = {look: line.format(**own) for look, line in unit.looks.items()}
        if k == last:
            looks["error for answer"] = slope(k, f"({output} - t)")
        else:
            own["later"], looks["another unit's slope"] = answers[k + 1], slope(k + 1)
        edges.append(Edge(dz, "slope", shape(k), dict(back=da, slope=slope(k), looks=looks, **own)
                          | (dict(out=output, target="t", mean=" / len(x)" * rows) if k == last else {})))
        incoming = dict(incoming=answers[k - 1], own=a, back=dz, before=da, W=f"{W}{k}")
        incoming |= dict(z=f"z{k - 1}") if k > 1 else {}
        edges.append(Edge(f"d{W}{k}", "weights" if rows else "weight", inputs[f"{W}{k}"], incoming))
        if bias:
            edges.append(Edge(f"db{k}", "bias" if rows else "bias of one", sizes[k], dict(back=dz, before=da)))
        if k > 1:
            edges.append(Edge(f"d{answers[k - 1]}", "back" if rows else "through", shape(k - 1), dict(
                back=dz, before=da, a=answers[k - 1], W=f"{W}{k}", dW=f"d{W}{k}", slope=slope(k - 1),
                after=f"dz{k - 1}")))
    loss = f"(({output} - t) ** 2).sum() / len(x)" if rows else f"({output} - t) ** 2"
    says = (f"the mean over the rows of the sum over the outputs of ({output} - t)^2" if rows else f"({output} - t)^2")
    return Partials(name, inputs, forward, loss, says, tuple(edges), **more)


def two_layers(name="backward", **more):
    """The network of lesson 3 on rows, `backward(x, t, W1, b1, W2, b2)`.

    name: of the learner's function.  more: further fields of Partials (asked, gives, extra).
    """
    return replace(network(name), examples=PUBLIC, **more)


def chain(name="backward", **more):
    """The smallest network 1-1-1, a chain of single numbers without bias, `backward(x, t, w1, w2)`.

    name: of the learner's function.  more: further fields of Partials (asked, gives, extra).
    """
    return replace(network(name, rows=False, bias=False, output="a2"), examples=PUBLIC_CHAIN, **more)


def public(data):
    """The data and weights of one of the walk's 2-2-? examples, rows first."""
    x, t = DATA[data].x.T, DATA[data].y.T
    W1, b1, W2, b2 = np.split(np.array(WALKED[data]), [4, 6, 6 + 2 * t.shape[1]])
    return dict(x=x, t=t, W1=W1.reshape(2, 2), b1=b1, W2=W2.reshape(2, -1), b2=b2)


PUBLIC = tuple(map(public, ("xor", "two outputs", "article")))
PUBLIC_CHAIN = tuple(dict(x=x, t=t, **dict(zip(("w1", "w2"), WALKED["seesaw"], strict=True)))
                     for x, t in zip(DATA["seesaw"].x[0].tolist(), DATA["seesaw"].y[0].tolist(), strict=True))
