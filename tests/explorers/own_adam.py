"""Adam's step judged without bpviz: algorithm 1 of Kingma and Ba in a plain loop, slopes of test surfaces by complex steps."""
import re

import numpy as np
import own_numbers as own
from own_puzzles import TIMES, value

STEP = 1e-30
SURFACES = {"bowl": lambda a, b: a * a + 10 * b * b, "himmelblau": lambda a, b: (a * a + b - 11) ** 2 + (a + b * b - 7) ** 2,
            "saddle": lambda a, b: (a - b) * (a + b), "flat bottom": lambda a, b: a ** 2 + b ** 4,
            "rosenbrock": lambda a, b: 100 * (b - a ** 2) ** 2 + (a - 1) ** 2,
            "beale": lambda a, b: sum((c + a * (b ** k - 1)) ** 2 for k, c in ((1, 1.5), (2, 2.25), (3, 2.625))),
            "booth": lambda a, b: (a + 2 * b - 7) ** 2 + (2 * a + b - 5) ** 2,
            "three-hump camel": lambda a, b: a ** 2 * (2 - 1.05 * a ** 2 + a ** 4 / 6) + b * (a + b),
            "styblinski-tang": lambda a, b: sum(w * (w ** 3 - 16 * w + 5) / 2 for w in (a, b)),
            "two wells": lambda a, b: (a ** 2 - 1) ** 2 + 0.3 * a + b ** 2 - 0.5}
CLOSE = 0.25


class Hills:
    """A test surface: its loss, and its slopes by complex steps."""

    def __init__(self, name):
        self.f = SURFACES[name]

    def loss(self, w):
        with own.quiet():
            return self.f(*w)

    def gradient(self, w):
        with own.quiet():
            return np.array([self.f(w[0] + 1j * STEP, w[1]).imag, self.f(w[0], w[1] + 1j * STEP).imag]) / STEP


def net_of(fit):
    """A fit or an objective of two weights by formulas of our own."""
    return own.Two(fit.network.activations[0], fit.data.x, fit.data.y, fit.l2) if hasattr(fit, "network") else Hills(fit.name)


def like(number, text, share=0.006, least=0.0):
    said = value(text)
    return abs(number - said) <= share * abs(said) + 1e-12 + least


def loop(net, thetas, rate, beta1, beta2):
    """[(g, m, v, m corrected, v corrected, own rates, move)] of each step along thetas (2, n), two numbers each."""
    m = v = np.zeros(2)
    for t, w in enumerate(thetas.T[:-1], start=1):
        g = net.gradient(w)
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        mean, square = m / (1 - beta1 ** t), v / (1 - beta2 ** t)
        rates = rate / (np.sqrt(square) + 1e-8)
        yield g, m, v, mean, square, rates, -rates * mean


def adam(state, result, words):
    v, fit = state.values, state.scene.fit
    net = net_of(fit)
    thetas = result.path.theta[:, :result.path.kept + 1]
    with own.quiet():
        steps = list(loop(net, thetas, v["rate"], v["beta1"], v["beta2"]))
        others = result.other.theta[:, :result.other.kept + 1]
        plain = [w - v["plain"] * net.gradient(w) for w in others.T[:-1]]
    start = np.array([v["w1"], v["w2"]])
    yield "adam: it begins at the start", (thetas[:, 0] == start).all() and (others[:, 0] == start).all(), start
    moves = np.array([step[-1] for step in steps]).T
    yield "adam: every step is one of algorithm 1", np.allclose(np.diff(thetas), moves, rtol=1e-5, atol=1e-6 * v["rate"]), v
    yield "adam: every other step is plain", np.allclose(others[:, 1:], np.array(plain).reshape(-1, 2).T, rtol=1e-6, atol=1e-9), v
    t = result.step
    yield "adam: which step", t == min(v["moment"], len(steps)), t
    g, m, vs, mean, square, rates, move = steps[t - 1]
    here = result.here
    for name, mine in zip(("gradient", "m", "v", "mean", "square", "rates", "move"), steps[t - 1], strict=True):
        yield f"adam: the bars' {name}", np.allclose(getattr(here, name), mine, rtol=1e-5, atol=1e-12), (name, mine)
    largest = max(abs(net.gradient(w)).max() for w in thetas.T)
    yield "adam: the full width", np.isclose(result.largest, largest, rtol=1e-7), largest
    yield "adam: no bar of the three is wider", max(abs(mean).max(), np.sqrt(square).max()) <= largest * (1 + 1e-9), (mean, largest)
    yield from titles(result, net, here, steps[t - 1], v["rate"])
    yield from sentences(result, words, steps[t - 1], v, t)
    yield from at_nothing(result.heads["step"], words, here.gradient, here.move)
    yield from ends(result, words)


def at_nothing(title, words, g, move):
    """What is said where a gradient or a step is exactly 0, for one weight or both, in the title as in the sentence."""
    has, moves = [bool(one) for one in g], [bool(one) for one in move]
    alone = has.index(True) + 1 if has.count(True) == 1 else 0
    mover = moves.index(True) + 1 if moves.count(True) == 1 else 0
    for name, right, pair in (
            ("halts", not any(has) and not any(moves), ("and Adam makes no step", "No gradient, and no step")),
            ("coasts", not any(has) and any(moves), ("Adam coasts on", "it coasts on m")),
            ("one gradient", bool(alone), (f"only w{alone} has a gradient", f"Only w{alone} has a gradient")),
            ("one mover", all(has) and bool(mover), (f"yet only w{mover} moves", f"Only w{mover} moves"))):
        said = [re.sub(r"w\d", "w", part) in re.sub(r"w\d", "w", text) for part, text in zip(pair, (words, title), strict=True)]
        exact = [part in text for part, text in zip(pair, (words, title), strict=True)]
        rest = "next to no" in words or "no number" in words
        yield f"adam: {name} where it is so", said == exact and said[0] == said[1] and said[0] == (right and not rest), (g, move, title, words)


def titles(result, net, here, step, rate):
    g, move = np.abs(step[0]), np.abs(step[-1])
    if found := re.match(rf"w([12]): gradient {TIMES} ×, step {TIMES} × w([12])'s$", result.heads["step"]):
        one, two = int(found[1]) - 1, int(found[4]) - 1
        yield "adam: title, the steeper", g[one] >= g[two] and one != two, g
        yield "adam: title, how much", like(g[one] / g[two], found[2], 0.06) and like(move[one] / move[two], found[3], 0.06), found[0]
    else:
        rest = "Next to no step" in result.heads["step"]
        yield "adam: at rest in the title", not rest or move.max() < 1.0001e-3 * rate, move
        yield "adam: title of no gradient", rest or not g.all() or not move.all() or ("Next to no" in result.heads["step"] and g.max() < 1.001e-9), result.heads["step"]
    near = (np.abs(move / rate - 1) <= 0.1).all()
    title = result.heads["rate"]
    yield "adam: title, nearly the rate", ("nearly" in title) == near or abs(np.abs(move / rate - 1) - 0.1).min() < 1e-6, (move, title)
    if found := re.match(rf"Steps: {TIMES} and {TIMES} rates$", title):
        yield "adam: title, steps in rates", all(like(step[-1][k] / rate, found[k + 1]) for k in (0, 1)), title
    own_title, rates = result.heads["own"], step[5]
    if found := re.match(rf"w([12])'s rate/\(√v̂ \+ ε\): {TIMES} × w([12])'s", own_title):
        one, two = int(found[1]) - 1, int(found[3]) - 1
        yield "adam: title, own rates", like(rates[one] / rates[two], found[2], 0.06) and rates[one] > rates[two], (rates, own_title)
    else:
        yield "adam: title, rates alike", max(rates) <= 1.1001 * min(rates), (rates, own_title)
    found = re.match(rf"Loss, step ([\d,]+): Adam {TIMES}, plain {TIMES}$", result.heads["loss"])
    if found:
        t = int(value(found[1]))
        at = [net.loss(path.theta[:, min(t, path.kept)]) for path in (result.path, result.other)]
        yield "adam: title, losses", all(like(loss, said, 0.06, 1e-10) for loss, said in zip(at, (found[2], found[3]), strict=True)), (at, found[0])
    else:
        yield "adam: title, losses that are huge", "more than any number" in result.heads["loss"], result.heads["loss"]


def sentences(result, words, step, v, t):
    g, m, vs, mean, square, rates, move = step
    size, far = np.abs(g), np.abs(move)
    yield "adam: the step told", words.startswith(f"Step {t:,}: "), words
    found = re.search(rf"w([12])'s gradient, and so its plain step, is {TIMES} times w([12])'s; "
                      rf"Adam moves (?:it {TIMES} times as far|both about as far)\.", words)
    if found:
        yield "adam: a ratio is of steps to speak of", far.max() >= 0.9999e-3 * v["rate"], (far, words)
        one, two = int(found[1]) - 1, int(found[3]) - 1
        yield "adam: gradients held together", size[one] >= size[two] and like(size[one] / size[two], found[2], 0.06) and one != two, found[0]
        yield "adam: moves held together", like(far[one] / far[two], found[4]) if found[4] else 1 / 1.051 <= far[one] / far[two] <= 1.051, (far, found[0])
    else:
        rest = re.search(rf"next to no step is left, at most {TIMES} of the learning rate", words)
        if rest:
            yield "adam: at rest", far.max() < 1.0001e-3 * v["rate"] and like(far.max() / v["rate"], rest[1], 0.06), (far, words)
            yield "adam: mean beside root", np.allclose(far / v["rate"], np.abs(mean) / (np.sqrt(square) + 1e-8), rtol=1e-6), words
        yield "adam: no gradient", bool(rest) or not size.all() or not far.all() or not np.isfinite(g).all() or ("next to no" in words and size.max() < 1.001e-9), words
    if found := re.search(rf"Per unit of mean gradient w([12]) moves {TIMES} times as far as w([12]) \(own rates {TIMES} and {TIMES}\)\.", words):
        one, two = int(found[1]) - 1, int(found[3]) - 1
        each = far / np.abs(mean)
        yield "adam: per unit of mean", like(each[one] / each[two], found[2], 0.06), (each, found[0])
        yield "adam: own rates", like(rates[one], found[4], 0.06) and like(rates[two], found[5], 0.06), (rates, found[0])
    yield "adam: four lines", len(words) <= 420, len(words)
    near = bool((np.abs(far / v["rate"] - 1) <= 0.1).all())
    edge = np.abs(np.abs(far / v["rate"] - 1) - 0.1).min() < 1e-6
    yield "adam: nearly the rate", ("within a tenth of the learning rate" in words) == near or edge, (far, words)
    if "unlike the gradients" in words:
        yield "adam: unlike gradients", size.max() >= 1.999 * size.min(), size
    up = [k for k in (0, 1) if move[k] * g[k] > 0]
    told = re.search(r"(w1 and w2|w1|w2) moves? uphill", words)
    yield "adam: what moves uphill", " and ".join(f"w{k + 1}" for k in up) == (told[1] if told else "") or "next to no" in words, (move, g, words)
    bare = np.linalg.norm(v["rate"] * m / (np.sqrt(vs) + 1e-8))
    if found := re.search(rf"Uncorrected, this step would be {TIMES} times as long", words):
        yield "adam: the correction", like(bare / np.linalg.norm(move), found[1], 0.06), (bare, move, found[0])
    elif far.any() and "next to no" not in words:
        yield "adam: no correction to speak of", 1 / 1.101 <= bare / np.linalg.norm(move) <= 1.101, (bare, move)


def ends(result, words):
    found = re.search(r"After ([\d,]+) steps? Adam (.*?), plain descent \(rate (\S+)\) (.*?)\.$", words)
    if neither := re.search(r"After ([\d,]+) steps? neither Adam nor plain descent \(rate (\S+)\) is near a single minimum\.$", words):
        found = [neither[0], neither[1], "is near no single minimum", "", "is near no single minimum"]
    yield "adam: the ends told", bool(found) and value(found[1]) == result.path.steps, words
    lowest = result.points.theta[:, result.points.minima]
    labels = [result.points.label[k] for k in result.points.minima]
    for path, said in ((result.path, found[2]), (result.other, found[4])):
        away = len(path.theta[0]) > path.kept + 1 and bool((path.theta[:, path.kept:] == path.theta[:, path.kept:path.kept + 1]).all()) and path.ended == "ran away"
        gaps = np.linalg.norm(lowest - path.end[:, None], axis=0) if len(labels) else np.array([np.inf])
        name = labels[gaps.argmin()] if gaps.min() < CLOSE else ""
        want = "has run away" if away else f"is near {name}" if name else "is near no single minimum"
        yield "adam: where it ends", said.startswith(want), (want, said)
    one, two = (re.match(r"is near (\w)\b", text) for text in (found[2], found[4]))
    both = one and two and one[1] == two[1]
    yield "adam: both ends in the title", ("Both end near" in result.heads["ends"]) == bool(both), (result.heads["ends"], words)
    yield "adam: neither in the title", ("No end near" in result.heads["ends"]) == (not one and not two), (result.heads["ends"], words)
    if not both and (one or two):
        for text, where in zip(re.match(r"Ends: Adam (.*), plain (.*)$", result.heads["ends"]).groups(), (found[2], found[4]), strict=True):
            yield "adam: an end in the title", (text == "away") == ("away" in where) and (text == "elsewhere") == ("no single minimum" in where), (text, where)
