"""Random puzzles judged without bpviz: right numbers by complex steps, lines run one by one, claims about them.

Which line is wrong is found like this: every quantity that a line may ask for (dL/da, dL/dz, dL/dW, dL/db of each
layer) is got from the loss alone, as a complex step of what is left of the network; a line is right if, given right
numbers, it finds a right one (Squire and Trapp 1998, SIAM Review 40, 110, for the complex step).
"""
import re

import numpy as np

from bpviz.base.written import as_python

STEP = 1e-30
F = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh, "identity": lambda z: z,
     "relu": lambda z: np.where(np.real(z) > 0, z, 0 * z), "softplus": lambda z: np.log(1 + np.exp(z))}
TIMES = "([−-]?[\\d.,]+(?:e-?\\d+| × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?)"


def value(text):
    """The number of a text with a true minus sign and powers of ten as people write them, or as Python does."""
    return float(as_python(text).replace(",", ""))


def slope(f, z):
    return np.imag(f(z + 1j * STEP)) / STEP


class Own:
    """A puzzle as plain numbers: `right` holds what each name of the code should be."""

    def __init__(self, puzzle):
        network, data = puzzle.fit.network, puzzle.fit.data
        self.texts, self.loss_name = [line.text for line in puzzle.lines], puzzle.fit.loss_name
        self.x, self.t, self.names, self.last = data.x, data.y, list(puzzle.fit.names), len(network.sizes) - 1
        self.f = {k: F[name] for k, name in enumerate(network.activations, start=1)}
        rest, self.W, self.b = list(puzzle.theta), {}, {}
        for k, (n, m) in enumerate(zip(network.sizes, network.sizes[1:], strict=False), start=1):
            self.W[k] = np.array([[rest.pop(0) for _ in range(m)] for _ in range(n)])
            self.b[k] = np.array([rest.pop(0) for _ in range(m)]) if network.bias else np.zeros(m)
        self.bias = network.bias
        self.z, self.a = {}, {0: self.x}
        for k in range(1, self.last + 1):
            self.z[k] = self.W[k].T @ self.a[k - 1] + self.b[k][:, None]
            self.a[k] = self.output(self.z[k]) if k == self.last else self.f[k](self.z[k])
        self.right = self.rights()
        self.local = [self.alone(text) for text in self.texts]
        self.code = self.run()
        self.true = self.gradient(self.right)
        self.wrong = abs(self.code - self.true) > 1e-8

    def output(self, z):
        """What the last layer answers to z: a cross-entropy brings its own unit."""
        if self.loss_name != "cross-entropy":
            return self.f[self.last](z)
        return F["sigmoid"](z) if len(z) == 1 else np.exp(z) / np.exp(z).sum(axis=0)

    def loss(self, o):
        """The mean over rows of the loss at the outputs o."""
        t = self.t
        if self.loss_name == "cross-entropy":
            each = -(t * np.log(o) + ((1 - t) * np.log(1 - o) if len(o) == 1 else 0))
        else:
            each = (o - t) ** 2 / (2 if self.loss_name == "half squared error" else 1)
        return each.sum() / self.x.shape[1]

    def after(self, k, z=None, a=None, W=None, b=None):
        """The loss with these numbers in layer k instead of its own."""
        for layer in range(k, self.last + 1):
            first = layer == k
            if first and a is not None:
                continue
            if not (first and z is not None):
                z = ((W if first and W is not None else self.W[layer]).T @ (self.a[k - 1] if first else a)
                     + (b if first and b is not None else self.b[layer])[:, None])
            a = self.output(z) if layer == self.last else self.f[layer](z)
        return self.loss(a)

    def rights(self):
        right = {}
        for k in range(1, self.last + 1):
            for name, what, at in (("e", "a", self.a[k]), ("d", "z", self.z[k]), ("dW", "W", self.W[k]), ("db", "b", self.b[k])):
                found = np.zeros(at.shape)
                for place in np.ndindex(at.shape):
                    moved = at.astype(complex)
                    moved[place] += 1j * STEP
                    found[place] = np.imag(self.after(k, **{what: moved})) / STEP
                right[f"{name}{k}"] = found
        return right

    def scope(self):
        layers = range(1, self.last + 1)
        return {"t": self.t, "rows": self.x.shape[1], "a0": self.x, **{f"W{k}": self.W[k] for k in layers},
                **{f"z{k}": self.z[k] for k in layers}, **{f"a{k}": self.a[k] for k in layers},
                **{f"df{k}": lambda z, k=k: slope(self.f[k], z) for k in layers}}

    def alone(self, text):
        """(what a line finds, given right numbers; what it should)."""
        scope, target = {**self.scope(), **self.right}, text.split(" = ")[0]
        exec(text, scope)
        return scope[target], self.right[target]

    @property
    def guilty(self):
        return [k for k, (found, wanted) in enumerate(self.local, start=1) if not np.allclose(found, wanted, rtol=1e-9, atol=1e-12)]

    def gradient(self, scope):
        parts = [np.append(scope[f"dW{k}"].ravel(), scope[f"db{k}"] if self.bias else []) for k in range(1, self.last + 1)]
        return np.concatenate(parts)

    def run(self, change=None, texts=None):
        scope = self.scope()
        for k, text in enumerate(texts or self.texts, start=1):
            exec(text, scope)
            target = text.split(" = ")[0]
            if k == change:
                scope[target] = scope[target] + np.random.default_rng(k).uniform(1, 2, scope[target].shape)
        return self.gradient(scope)

    def feeds(self, line):
        """Per entry, whether it changes when something is added to what a line finds; 0 times it is made of it too."""
        texts = [text.replace("0 * ", "") for text in self.texts]
        return abs(self.run(change=line, texts=texts) - self.run(texts=texts)) > 1e-12

    def named(self, words):
        """(numbers of the entries named, how many more)."""
        more = re.search(r" and (\d+) more", words)
        return [self.names.index(name) for name in re.findall(r"[wb]\d+\[[\d,]+\]", words)], int(more[1]) if more else 0


RULES = {                              # what the chain rule asks for, as a sentence says it, and the same in numbers
    r"The slope of the loss by an output is 2 \(a(\d) − t\), divided by the rows for their mean\.":
        lambda own, k: (own.right[f"e{k}"], 2 * (own.a[k] - own.t) / own.x.shape[1]),
    r"The slope of the loss by an output is a(\d) − t, divided by the rows for their mean\.":
        lambda own, k: (own.right[f"e{k}"], (own.a[k] - own.t) / own.x.shape[1]),
    r"The slope of a cross-entropy by z(\d) is a\d − t, divided by the rows for their mean\.":
        lambda own, k: (own.right[f"d{k}"], (own.a[k] - own.t) / own.x.shape[1]),
    r"dL/dz(\d) is dL/da\d times the slope of the activation at z\d\.":
        lambda own, k: (own.right[f"d{k}"], own.right[f"e{k}"] * slope(own.f[k], own.z[k])),
    r"dL/da(\d) is the sum over all units it leads to, each weight times the unit's dL/dz\.":
        lambda own, k: (own.right[f"e{k}"], sum(np.outer(own.W[k + 1][:, j], d) for j, d in enumerate(own.right[f"d{k + 1}"]))),
    r"dL/dW(\d) is what comes in through the weight times dL/dz\d, summed over the rows\.":
        lambda own, k: (own.right[f"dW{k}"], sum(np.outer(x, d) for x, d in zip(own.a[k - 1].T, own.right[f"d{k}"].T, strict=True))),
    r"dL/db(\d) is dL/dz\d, summed over the rows\.": lambda own, k: (own.right[f"db{k}"], own.right[f"d{k}"].sum(axis=1)),
}
DOES = {                               # what is wrong with a line, in words, and the number it then finds, given right ones
    "The slope of the activation of layer": lambda own, k: own.right[f"e{k}"],
    "The difference between answer and target": lambda own, k: -own.local[own.guilty[0] - 1][1],
    "Only the path through the first unit": lambda own, k: np.outer(own.W[k + 1][:, 0], own.right[f"d{k + 1}"][0]),
    "It gives half of the slope": lambda own, k: own.local[own.guilty[0] - 1][1] / 2,
    "The weights are transposed": lambda own, k: own.W[k + 1].T @ own.right[f"d{k + 1}"],
    "The slope of the activation is taken at a": lambda own, k: own.right[f"e{k}"] * slope(own.f[k], own.a[k]),
    "The biases of layer": lambda own, k: np.zeros(len(own.right[f"db{k}"])),
    "The rows are averaged once more": lambda own, k: own.right[f"db{k}"] / own.x.shape[1],
    "The loss is a mean over the rows": lambda own, k: own.local[own.guilty[0] - 1][1] * own.x.shape[1],
    "What comes in is taken before": lambda own, k: own.z[k - 1] @ own.right[f"d{k}"].T,
    "The slope of the activation of the output": lambda own, k: own.right[f"e{k}"],
}
FACTORS = {"the slope of the loss": lambda text, last: " - t" in text or "t - " in text,
           "the slope of the activation": lambda text, last: re.match(r"d\d = e\d", text),
           "the weights through which slopes go back": lambda text, last: re.match(r"e\d = W", text),
           "what comes in through the weights": lambda text, last: text.startswith("dW"),
           "the biases": lambda text, last: text.startswith("db")}


def puzzle(state, result, words):
    """Every claim of a verdict, of the titles and of the table about one position of a puzzle."""
    own, line, solved = Own(result.puzzle), int(state.values["line"]), False
    guilty, = own.guilty or [0]
    yield "puzzle: one line is wrong, by the chain rule", len(own.guilty) == 1, own.guilty
    if found := re.match(r"Puzzle (\d+): one of the (\d+) lines is wrong\. Click that line; or click an arrow", words):
        yield "puzzle: start", (int(found[1]), int(found[2]), line) == (state.values["puzzle"], len(own.texts), 0), words
    elif found := re.match(r"This puzzle has (\d+) lines and no line (\d+):", words):
        yield "puzzle: no such line", int(found[1]) == len(own.texts) < int(found[2]) == line, words
    elif found := re.match(r"Not line (\d+): (.*?\.)(?= [A-Zwb]|$)", words):
        yield "puzzle: not this line", int(found[1]) == line != guilty, (line, guilty)
        yield from why_not(own, line, words)
    else:
        solved = True
        yield "puzzle: found", words.startswith(f"Found: line {line}. ") and line == guilty, (line, guilty)
        yield from what_it_does(own, line, words)
    yield from entry_and_hints(own, guilty, state.values, solved, words)
    yield from shown(own, guilty, result, state, solved)


def why_not(own, line, words):
    feeds, first = own.feeds(line), words.split(". ")[0]
    which, more = own.named(first)
    if "does not feed" in first:
        apart = own.wrong & ~feeds
        yield "puzzle: wrong without this line", apart[which].all() and apart.sum() == len(which) + more, words
        yield "puzzle: one or many", ("does not feed it" in first) == (apart.sum() == 1) == ("differs" in first), words
    elif "it feeds" in first:
        yield "puzzle: fed and right", (feeds & ~own.wrong)[which].all() and len(which) > 0, words
        yield "puzzle: every wrong entry is fed", bool(feeds[own.wrong].all()), words
        yield "puzzle: so many fed and right", len(which) + more <= (feeds & ~own.wrong).sum(), words
    else:
        yield "puzzle: all that is wrong comes through it", bool(feeds[own.wrong].all()) and "every wrong entry" in first, words
        rules = [(check, re.search(rule, words)) for rule, check in RULES.items() if re.search(rule, words)]
        yield "puzzle: one rule", len(rules) == 1, words
        for check, found in rules:
            yield "puzzle: the chain rule", np.allclose(*check(own, int(found[1])), rtol=1e-9, atol=1e-12), words
            yield "puzzle: of this line", own.texts[line - 1].split(" = ")[0][-1] == found[1], words


def what_it_does(own, line, words):
    found, wanted = own.local[line - 1]
    layer = int(own.texts[line - 1].split(" = ")[0][-1])
    does = [check for start, check in DOES.items() if f". {start}" in words]
    yield "puzzle: what the fault does", len(does) == 1 and np.allclose(does[0](own, layer), found, rtol=1e-9, atol=1e-12), words
    yield "puzzle: where it was divided", "once more" not in words or "/ rows" in own.texts[0], own.texts
    mended = re.search(r"It should read ([^.]*(?:\.[^. ]+)*)\.(?: |$)", words)[1]
    yield "puzzle: mended", np.allclose(own.alone(mended)[0], wanted, rtol=1e-9, atol=1e-12), mended
    texts = [mended if k == line else text for k, text in enumerate(own.texts, start=1)]
    yield "puzzle: mending it mends all", np.allclose(own.run(texts=texts), own.true, rtol=1e-8, atol=1e-10), mended
    ratios = own.code[own.wrong] / own.true[own.wrong]
    if effect := re.search(rf"That makes (\d+) of (\d+) entries wrong, {TIMES} to {TIMES} times what is right\.", words):
        yield "puzzle: from and to", near(ratios.min(), effect[3]) and near(ratios.max(), effect[4]), (ratios, words)
    elif effect := re.search(rf"That makes (\d+) of (\d+) entries {TIMES} times what is right\.", words):
        yield "puzzle: all so many times", near(ratios.min(), effect[3]) and np.ptp(ratios) < 1e-5, (ratios, words)
    else:
        effect = re.search(r"That makes (\d+) of (\d+) entries 0\.", words)
        yield "puzzle: nothing", bool((own.code[own.wrong] == 0).all()), words
    yield "puzzle: how many are wrong", (int(effect[1]), int(effect[2])) == (own.wrong.sum(), len(own.wrong)), words


def near(number, said):
    return abs(number - value(said)) <= 0.0051 * abs(value(said)) + 1e-9


def entry_and_hints(own, guilty, values, solved, words):
    entry = int(values["entry"])
    found = re.search(r"(\S+): this code says (\S+), a central difference of the loss (\S+): they (\w+)\.", words)
    yield "puzzle: an entry is told if it is asked for", bool(found) == (1 <= entry <= len(own.names)), words
    if found:
        k = entry - 1
        yield "puzzle: the entry", found[1] == own.names[k] and (found[4] == "differ") == own.wrong[k], words
        yield "puzzle: its two numbers", (abs(value(found[2]) - own.code[k]) <= 5.1e-5
                                          and abs(value(found[3]) - own.true[k]) <= 5.1e-5), words
        yield "puzzle: what differs is seen to differ", (found[2] != found[3]) == own.wrong[k], words
    elif entry:
        yield "puzzle: no such weight", f"has {len(own.names)} weights and no weight {entry}." in words, words
    hints = 0 if solved else int(values["hint"])
    yield "puzzle: so many hints", [int(n) for n in re.findall(r"Hint (\d):", words)] == list(range(1, hints + 1)), words
    if hints >= 1:
        first = re.search(r"Hint 1: .*?\.(?= Hint|$)", words)[0]
        which, more = own.named(first)
        every = "all" in first
        yield "puzzle: hint 1", own.wrong.all() if every else own.wrong[which].all() and own.wrong.sum() == len(which) + more, first
        told = re.search(r"with (?:all|(\d+) of) (\d+) entries", first)
        yield "puzzle: hint 1 counts", int(told[2]) == len(own.wrong) and (every or int(told[1]) == own.wrong.sum()), first
    if hints >= 2:
        yield "puzzle: hint 2", re.search(r"belongs to layer (\d)\.", words)[1] == own.texts[guilty - 1].split(" = ")[0][-1], words
    if hints >= 3:
        factor = re.search(r"Hint 3: look at (.*?)\.", words)[1]
        yield "puzzle: hint 3", bool(FACTORS[factor](own.texts[guilty - 1], own.last)), (factor, own.texts[guilty - 1])


def shown(own, guilty, result, state, solved):
    """Titles, code and table; and that nothing tells the line before it is clicked."""
    above, lines, line, found, mended = result.listing
    yield "puzzle: the code shown is the code judged", list(lines) == own.texts, lines
    yield "puzzle: how the loss is written", (f"(a{own.last} - t)**2 / rows" in above[2]) == (own.loss_name == "squared error") and (
        ("cross-entropies" in above[2]) == (own.loss_name == "cross-entropy")), above
    yield "puzzle: heading", result.heading == (f"Found: line {guilty}" if solved else f"Not line {line}" if line else
                                                "Which line is wrong?"), result.heading
    caption, _, rows = result.table()
    for k, (name, code, difference, check) in enumerate(rows):
        yield "puzzle: table", name == own.names[k] and abs(value(code) - own.code[k]) <= 5.1e-5 and (
            difference == check == "–" or abs(value(difference) - own.true[k]) <= 5.1e-5
            and check == ("✗ differ" if own.wrong[k] else "✓ agree")), rows[k]
    if counted := re.match(r"Wrong: (\d+) of (\d+) entries$", result.title):
        yield "puzzle: title", (int(counted[1]), int(counted[2])) == (own.wrong.sum(), len(own.wrong)), result.title
    elif entry := re.match(r"(\S+): code (\S+), loss (\S+)$", result.title):
        k = own.names.index(entry[1])
        yield "puzzle: title", own.wrong[k] and abs(value(entry[2]) - own.code[k]) < 5.1e-5 > abs(value(entry[3]) - own.true[k]), result.title
    elif entry := re.match(r"(\S+): (\S+), right$", result.title):
        k = own.names.index(entry[1])
        yield "puzzle: title", not own.wrong[k] and abs(value(entry[2]) - own.true[k]) < 5.1e-5, result.title
    else:
        yield "puzzle: title", result.title == f"Puzzle {state.values['puzzle']}: the gradient by this code", result.title
    if not solved:
        told = " ".join([result.words, result.title, result.heading, mended, *above, caption, *sum(map(list, rows), [])])
        asked = int(state.values["line"])
        yield "puzzle: no line is named but the one clicked", {int(n) for n in re.findall(r"line (\d+)", told)} <= {asked}, told
        yield "puzzle: nothing tells the line", mended == "" and not found and result.puzzle.right[guilty - 1].text not in told and (
            own.texts[guilty - 1] not in told), told
