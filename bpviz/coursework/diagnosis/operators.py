"""What goes wrong on the way back: an operator turns the right line of an edge into a wrong one; edge x operator is a
mistake, with a stable key and one sentence without the right value.

A sentence must be true of the numbers, whatever they are: it is judged given the learner's own numbers before it.
{d} is the part as learners say it, dL/dW2; {line} the right line; the other names are the edge's roles.
"""
import re
from dataclasses import dataclass, replace

from bpviz.coursework.diagnosis.edges import RIGHT

EVERY = tuple(RIGHT)
REST = tuple(kind for kind in EVERY if kind != "loss")


@dataclass(frozen=True)
class Operator:
    """One way to be wrong. kinds: of edges it can happen at.  line, says: templates.  misconception: "M09", or "".

    at_0: of a mistake that has a rate of the learner's own: the line at the rate 0, where `line` is that at the rate 1.
    """
    name: str
    kinds: tuple
    line: str
    says: str
    misconception: str = ""
    at_0: str = ""


@dataclass(frozen=True)
class Mistake:
    """One wrong line. part: "dW2".  name: the operator's.  line: of NumPy.  says: one sentence, without a full stop.

    also: the keys of others that are the same number.  at_0: the line at the rate 0, see Operator; "" without a rate.
    """
    part: str
    name: str
    line: str
    says: str
    misconception: str = ""
    also: tuple = ()
    at_0: str = ""

    @property
    def key(self):
        """Stable, without numbers, the same for all who make this mistake: "dW2: twice"."""
        return " or ".join((f"{self.part}: {self.name}", *self.also))


def op(name, kinds, line, says, misconception="", at_0=""):
    return Operator(name, (kinds,) if isinstance(kinds, str) else kinds, line, says, misconception, at_0)


OPERATORS = (
    op("sign", "loss", "-({line})",
       "every entry of {d} has the right size and the opposite sign: "
       "is it {target} - {out} where {out} - {target} belongs?"),
    op("half", "loss", "({line}) / 2",
       "every entry of {d} is exactly half of what it should be: is the 2 of ({out} - {target})^2 lost?"),
    op("sign and half", "loss", "-({line}) / 2",
       "{d} is turned round in sign, and the 2 of ({out} - {target})^2 is lost"),
    op("half and times rows", "loss", "({line}) / 2 * len(x)",
       "in {d} the 2 of ({out} - {target})^2 and the mean over the rows are lost"),
    op("sign and times rows", "loss", "-({line}) * len(x)",
       "{d} is turned round in sign, and the mean over the rows is lost"),
    op("sign, half and times rows", "loss", "-({line}) / 2 * len(x)",
       "{d} is turned round in sign, and the 2 of ({out} - {target})^2 and the mean over the rows are lost"),
    op("times rows", "loss", "({line}) * len(x)",
       "every entry of {d} is too large by the number of rows: the loss is a mean over the rows"),
    op("over outputs", "loss", "({line}) / {target}.shape[1]",
       "every entry of {d} is too small by the number of outputs: the loss is a sum over the outputs, not a mean"),
    op("over both", "loss", "({line}) / {target}.shape[1] * len(x)",
       "{d} is divided by the number of outputs where the number of rows belongs"),
    op("cross-entropy", "loss", "({out} - {target}) / ({out} * (1 - {out})){mean}",
       "{d} is the slope of the cross-entropy, and the loss here is ({out} - {target})^2"),
    op("sizes only", "loss", "np.abs({line})",
       "{d} has lost its signs: an output below its target needs a negative one"),
    op("signs only", "loss", "np.sign({out} - {target}){mean}",
       "{d} says only on which side of its target an output lies: "
       "that is the slope of |{out} - {target}|, not of its square"),
    op("target only", "loss", "-2 * {target}{mean}",
       "{d} does not hold the output {out} any more: it stays when ({out} - {target})^2 is differentiated"),
    op("output only", "loss", "2 * {out}{mean}",
       "{d} does not hold the target {target} any more: it stays when ({out} - {target})^2 is differentiated"),
    op("the loss itself", "loss", "({out} - {target}) ** 2{mean}",
       "{d} is the squared error itself, not its slope"),
    op("still squared", "loss", "2 * ({out} - {target}) ** 2{mean}",
       "in {d} the 2 has come down from the exponent, and the square is still there"),

    op("over inputs", "loss", "({line}) * len(x) / x.shape[1]",
       "{d} is divided by the number of inputs where the number of rows belongs"),
    op("slope too early", ("loss", "back", "through"), "({line}) * {slope}",
       "the slope of the unit, which belongs to dL/{after}, is in {d} already"),

    op("sign", REST, "-({line})", "every entry of {d} has the right size and the opposite sign"),
    op("twice", EVERY, "2 * ({line})",
       "every entry of {d} is exactly twice what it should be: is there a 2 of (o - t)^2 too many?"),
    op("half", REST, "({line}) / 2",
       "every entry of {d} is exactly half of what it should be: where does it lose a factor 2?"),
    op("times rows", REST, "({line}) * len(x)",
       "every entry of {d} is too large by the number of rows: is the mean over the rows undone here?"),
    op("over rows", EVERY, "({line}) / len(x)",
       "every entry of {d} is too small by the number of rows: is it divided by it once too often?"),

    op("slope left out", "slope", "{back}",
       "{d} is the same as dL/{back}: the slope of the unit, by which it has to be multiplied, is left out", "M10"),
    op("slope twice", "slope", "{line} * {slope}", "in {d} the slope of the unit is there twice"),
    op("slope added", "slope", "{back} + {slope}",
       "in {d} the slope of the unit is added: in a chain, slopes are multiplied"),
    op("slope alone", "slope", "np.ones_like({back}) * {slope}",
       "{d} is only the slope of the unit: what comes back from the loss, dL/{back}, is left out"),
    op("slope divided", "slope", "{back} / ({slope})",
       "{d} is divided by the slope of the unit: in a chain, slopes are multiplied"),
    op("cross-entropy", "slope", "({out} - {target}){mean}",
       "{d} is ({out} - {target}){mean}, which belongs to the cross-entropy: here the loss is ({out} - {target})^2"),
    op("cross-entropy and times rows", "slope", "({out} - {target}){mean} * len(x)",
       "{d} is {out} - {target}, which belongs to the cross-entropy, and the mean over the rows is lost: "
       "here the loss is ({out} - {target})^2"),

    op("transposed", "weights", "({line}).T",
       "{d} is turned round: rows and columns have changed places, w[i,j] goes from unit i to unit j"),
    op("before the slope", "weights", "{incoming}.T @ {before}",
       "{d} is made from dL/{before}, before the slope of the unit: it needs dL/{back}"),
    op("z for a", "weights", "{z}.T @ {back}",
       "{d} is made from {z}, what the units before it hear: it needs {incoming}, what they answer"),
    op("own answer for input", "weights", "{own}.T @ {back}",
       "{d} is made from {own}, what the units after it answer: it needs {incoming}, what comes in through the weight"),
    op("new weights", ("weights", "weight"), "{W} - {line}",
       "{d} is the weight after a step of descent: the partial itself is asked for", "", "1 * {W}"),
    op("first row only", "weights", "{incoming}[:1].T @ {back}[:1]",
       "{d} holds the first row only: it is a sum over all rows"),
    op("last row only", "weights", "{incoming}[-1:].T @ {back}[-1:]",
       "{d} holds the last row only: it is a sum over all rows"),
    op("input left out", "weights", "np.ones_like({incoming}).T @ {back}",
       "{d} does not depend on {incoming}, what comes in through the weight: it has to be multiplied by it"),
    op("rows summed first", "weights", "np.outer({incoming}.sum(axis=0), {back}.sum(axis=0))",
       "in {d} the rows are summed before they are multiplied: multiply row by row, then sum"),
    op("sizes of inputs", "weights", "np.abs({incoming}).T @ {back}", "{d} has lost the signs of {incoming}"),
    op("slope in input", "weights", "({incoming} * (1 - {incoming})).T @ {back}",
       "{d} is made from {incoming} (1 - {incoming}): it needs {incoming} itself"),

    op("before the slope", "bias", "{before}.sum(axis=0)",
       "{d} is made from dL/{before}, before the slope of the unit: it needs dL/{back}"),
    op("first row only", "bias", "{back}[0]", "{d} holds the first row only: it is a sum over all rows"),
    op("last row only", "bias", "{back}[-1]", "{d} holds the last row only: it is a sum over all rows"),
    op("sizes summed", "bias", "np.abs({back}).sum(axis=0)", "{d} is a sum of sizes: the signs of dL/{back} are lost"),
    op("not summed", "bias", "1 * {back}",
       "{d} is still one number per row: one bias serves all rows, so sum over them"),
    op("summed over units", "bias", "{back}.sum(axis=1)", "{d} is summed over the units instead of the rows"),
    op("one number", "bias", "{back}.sum()", "{d} is summed over everything: each unit has a bias of its own"),

    op("before the slope", "back", "{before} @ {W}.T",
       "{d} is carried back from dL/{before}, before the slope of the unit: it needs dL/{back}"),
    op("updated weights", "back", "{back} @ ({W} - {dW}).T",
       "{d} is carried back by weights that were already updated: all slopes belong to the same, old weights", "M09",
       "{line}"),
    op("sizes of weights", "back", "{back} @ np.abs({W}).T", "{d} has lost the signs of {W}"),
    op("first path only", "back", "{back}[:, :1] @ {W}[:, :1].T",
       "{d} holds only the path through the first unit: a unit acts through all units after it, so sum over them"),
    op("last path only", "back", "{back}[:, -1:] @ {W}[:, -1:].T",
       "{d} holds only the path through the last unit: a unit acts through all units after it, so sum over them"),
    op("mean of paths", "back", "{line} / {W}.shape[1]",
       "{d} is a mean over the paths: the paths through the units after it are summed"),
    op("weights left out", "back", "{back} @ np.ones_like({W}).T",
       "{d} does not depend on the weights {W}: each path counts as much as its weight says"),
    op("weights for slopes", "back", "np.ones_like({back}) @ {W}.T",
       "{d} is only a sum of weights: what comes back from the loss, dL/{back}, is left out"),
    op("gradient for weights", "back", "{back} @ {dW}.T",
       "{d} is carried back by dL/{dW}: the weights {W} themselves carry it back"),

    op("before the slope", "weight", "{before} * {incoming}",
       "{d} is made from dL/{before}, before the slope of the unit: it needs dL/{back}"),
    op("z for a", "weight", "{back} * {z}",
       "{d} is made from {z}, what the unit before it hears: it needs {incoming}, what it answers"),
    op("input left out", "weight", "{back}", "{d} is the same as dL/{back}: it has to be multiplied by {incoming}"),
    op("own answer for input", "weight", "{back} * {own}",
       "{d} is made from {own}, what the unit after it answers: it needs {incoming}, what comes in through the weight"),
    op("weight for input", "weight", "{back} * {W}",
       "{d} is made from {W}, the weight itself: it needs {incoming}, what comes in through it"),
    op("added", "weight", "{back} + {incoming}", "in {d} two slopes are added: in a chain, slopes are multiplied"),
    op("divided", "weight", "{back} / {incoming}", "{d} is divided by {incoming}: it has to be multiplied by it"),
    op("input alone", "weight", "1 * {incoming}",
       "{d} is only {incoming}: what comes back from the loss, dL/{back}, is left out"),
    op("before the slope", "bias of one", "{before}",
       "{d} is made from dL/{before}, before the slope of the unit: it needs dL/{back}"),
    op("before the slope", "through", "{before} * {W}",
       "{d} is carried back from dL/{before}, before the slope of the unit: it needs dL/{back}"),
    op("updated weights", "through", "{back} * ({W} - {dW})",
       "{d} is carried back by a weight that was already updated: all slopes belong to the same, old weights", "M09",
       "{line}"),
    op("weights left out", "through", "{back}", "{d} is the same as dL/{back}: the weight {W} on the way is left out"),
    op("answer for weight", "through", "{back} * {a}",
       "{d} is multiplied by {a}, what came through the weight: the way back to a unit leads through the weight {W} "
       "itself"),
    op("added", "through", "{back} + {W}", "in {d} two slopes are added: in a chain, slopes are multiplied"),
    op("divided", "through", "{back} / {W}", "{d} is divided by {W}: it has to be multiplied by it"),
    op("weight alone", "through", "1 * {W}", "{d} is only {W}: what comes back from the loss, dL/{back}, is left out"),
    op("gradient for weights", "through", "{back} * {dW}",
       "{d} is carried back by dL/{dW}: the weight {W} itself carries it back"),
)
LOOKS = {                                    # what a unit's slope is taken for (partials.UNITS): the sentences
    "slope at a": "in {d} the slope is taken at {a}, what the unit answers: it belongs at {z}, what the unit hears",
    "slope at z": "in {d} the formula that needs the answer {a} got {z} instead",
    "answer for slope": "{d} is multiplied by {a}, what the unit answers, and not by the slope there",
    "1 - a": "{d} is multiplied by 1 - {a}: that is only a part of the slope",
    "tanh's slope": "in {d} stands 1 - {a}^2, the slope of tanh: these units are others",
    "relu's slope": "in {d} the slope is 1 where {z} > 0 and else 0, as of a ReLU: these units are others",
    "another unit's slope": "in {d} the slope is that of {later}, another unit: it belongs to {a}",
    "error for answer": "in {d} the slope is made from {out} - {target} and not from {out}: "
                        "was {out} changed on the way, as by {out} -= {target}?",
    "sigmoid's slope": "in {d} stands {a} (1 - {a}), the slope of the sigmoid: these units are others",
}


def all_mistakes(partials):
    """Every operator on every edge that it can happen at, and the extra ones: nothing merged yet."""
    rows, loss = any(partials.inputs.values()), partials.edges[0].roles
    for edge in partials.edges:
        names = {**edge.roles, "line": edge.line, "d": f"dL/{edge.part}"}
        for operator in OPERATORS:
            if edge.kind in operator.kinds and (rows or not re.search(r"len\(x\)|shape", operator.line)):
                try:
                    line, says, at_0 = (one.format(**names) for one in (operator.line, operator.says, operator.at_0))
                except KeyError:                        # nobody plays this role here: no z before the inputs
                    continue
                says = says.replace("(o - t)", f"({loss['out']} - {loss['target']})")
                says = says if rows else says.replace("every entry of ", "")      # a single number has no entries
                yield Mistake(edge.part, operator.name, line, says, operator.misconception, at_0=at_0)
        for look, line in edge.roles.get("looks", {}).items():
            yield Mistake(edge.part, look, f"{edge.roles['back']} * {line}", LOOKS[look].format(**names))
    yield from partials.extra


def merged(mistakes):
    """Several mistakes as one, whose sentence says that the numbers cannot tell them apart."""
    first, *others = mistakes
    says = first.says + "".join(f"; or, which is the same number here, {one.says}" for one in others)
    return replace(first, says=says, also=(*first.also, *(one.key for one in others)),
                   misconception=next((one.misconception for one in mistakes if one.misconception), ""))
