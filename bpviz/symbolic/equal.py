"""Whether a formula that somebody typed is the same as another, in any form: proved on symbols, checked at points.

residue  mine - right, simplified; 0 means proved
times    the number that mine / right is everywhere, if it is one
only     where both are the same, if that is the case in a part of all places: "x > 0"
chance   a value of one name for which both happen to be the same: "n = 2"

Points come first: 30 digits at a dozen of them refute what is wrong at once, and whatever algebra says must agree with
them. Everything ends within a time limit.
"""
import ctypes
import re
import threading
from dataclasses import dataclass
from fractions import Fraction

import sympy

from bpviz.base.arguments import refuse
from bpviz.calculus.functions import FUNCTIONS
from bpviz.symbolic.formula import read as read_text
from bpviz.symbolic.prove import symbol, vanish
from bpviz.symbolic.stable import Absolute, Maximum
from bpviz.symbolic.values import NUMBERS, places, value
from bpviz.symbolic.xp import Heaviside, LogAddExp, Sigmoid

POINTS, MORE_POINTS, CLOSE = 12, 120, 1e-18
SECONDS, LONGEST, MOST_OPERATIONS = 6.0, 60, 400
ALLOWED = (sympy.Add, sympy.Mul, sympy.Pow, sympy.Symbol, sympy.Number, sympy.NumberSymbol)
NAMES = {name: function.typed for function in FUNCTIONS.values() if function.typed for name in function.named}


class TimeUp(BaseException):
    """Thrown into the algebra when its time is up; no `except Exception` of SymPy's holds it."""


def within(seconds, work):
    """What `work()` returns, or TimeUp after so many seconds; it is stopped then."""
    ended = {}

    def act():
        try:
            ended["value"] = work()
        except BaseException as error:
            ended["error"] = error

    thread = threading.Thread(target=act, daemon=True)
    try:
        thread.start()
        thread.join(seconds)
    except RuntimeError:                                 # in a browser there are no threads
        act()
    finally:                                             # after Ctrl-C too
        for _ in range(20):
            if not thread.is_alive():
                break
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(TimeUp))
            thread.join(0.1)
    if "value" in ended:
        return ended["value"]
    raise ended.get("error", TimeUp())


def read(answer, names):
    """Text, or a SymPy expression, as an expression in real symbols called `names`; ValueError says what is wrong."""
    if isinstance(answer, str):
        return read_text(answer, names)
    if not isinstance(answer, sympy.Expr):
        refuse("answer", answer, f"allowed is a formula as text, such as {names[0]!r}, or a SymPy expression")
    if answer.count_ops() > MOST_OPERATIONS:
        raise ValueError(f"answer: got an expression of more than {MOST_OPERATIONS} operations; allowed are fewer")
    odd = [part for part in sympy.preorder_traversal(answer)
           if not isinstance(part, ALLOWED) and type(part).__name__ not in NAMES]
    strange = sorted({part.name for part in answer.free_symbols} - set(names))
    if odd or strange or answer.has(sympy.I, sympy.nan, sympy.zoo, sympy.oo, -sympy.oo):
        what = type(odd[0]).__name__ if odd else strange[0] if strange else "no real number"
        raise ValueError(f"answer: got an expression with {what}; allowed are {', '.join(names)}")
    return answer.xreplace({part: symbol(part.name) for part in answer.free_symbols})


@dataclass(frozen=True)
class Compared:
    """How two formulas differ. status: "proved", "differ" or "cannot tell".  residue, times, only, chance: text, or "".

    missing: names that the right one depends on and the other does not.
    """
    status: str
    residue: str = ""
    times: str = ""
    only: str = ""
    chance: str = ""
    missing: tuple = ()


def usual(expression):
    """The expression in SymPy's own functions, which have values."""
    for kind, written in ((LogAddExp, lambda u, v: sympy.log(sympy.exp(u) + sympy.exp(v))), (Absolute, sympy.Abs),
                          (Maximum, sympy.Max), (Heaviside, lambda u: sympy.Heaviside(u, 0)),
                          (Sigmoid, lambda u: 1 / (1 + sympy.exp(-u)))):
        expression = expression.replace(kind, written)
    return expression


def _values(one, other, points):
    """The points at which `other`, the right one, has a value, and [(one, other), ...] there."""
    found = [(point, (value(one, point), value(other, point))) for point in points]
    found = [(point, pair) for point, pair in found if pair[1] is not None]
    return [point for point, _ in found], [pair for _, pair in found]


def _agree(one, other):
    return one is not None and abs(one - other) <= CLOSE * (1 + abs(other))


def compare(mine, right, ranges=None):
    """How `mine` and `right`, SymPy expressions in real symbols, differ. Stops by itself: see `within`.

    ranges: {name: (low, high)}, where a name is looked at; elsewhere from -2 to 2.
    """
    ranges = ranges or {}
    symbols = sorted(mine.free_symbols | right.free_symbols, key=lambda s: s.name)
    points = places(symbols, ranges, POINTS)
    points, values = _values(mine, right, points)
    equal = [_agree(*pair) for pair in values]
    if all(equal):
        return Compared("proved" if _same(mine - right, ranges) else "cannot tell")
    missing = tuple(sorted(s.name for s in right.free_symbols - mine.free_symbols))
    if any(equal):
        points, values = _values(mine, right, places(symbols, ranges, MORE_POINTS))
        equal = [_agree(*pair) for pair in values]
        return Compared("differ", only=_sign(points, equal) or "the numbers suit it")
    times = _number([one / other if one is not None and other else None for one, other in values])
    if times or missing:
        return Compared("differ", times=times, missing=missing)
    if constant := _number([one - other if None not in (one, other) else None for one, other in values]):
        return Compared("differ", residue=constant)
    residue, chance = _left_over(mine, right, ranges)
    return Compared("differ", residue=residue, chance=chance)


def _same(residue, ranges):
    """Whether the residue is 0, by algebra.

    Logarithms are taken apart and roots of squares drawn as they may where the formula has a value at all; of |u| and
    max it is proved away from the kink, and there too since they do not jump.
    """
    if vanish(residue) == 0 or vanish(sympy.expand_log(stepped(residue), force=True)) == 0:
        return True
    positive = {s: sympy.Symbol(s.name, positive=True) for s in residue.free_symbols
                if ranges.get(s.name, (-1,))[0] >= 0}
    return sympy.simplify(usual(residue).xreplace(positive)) == 0


def _step(u):
    """Heaviside(u), of u, 2u and -u by the same one: Heaviside(-u) = 1 - Heaviside(u)."""
    u = sympy.expand(u).as_content_primitive()[1]
    return 1 - Heaviside(-u) if u.could_extract_minus_sign() else Heaviside(u)


def stepped(expression):
    """The expression with |u| and max written by Heaviside."""
    for kind in (Absolute, sympy.Abs):
        expression = expression.replace(kind, lambda u: u * (2 * _step(u) - 1))
    for kind in (Maximum, sympy.Max):
        expression = expression.replace(kind, lambda u, v: v + (u - v) * _step(u - v))
    return expression


def _number(values):
    """The simple number that all these are, as text, or "" if they are none, or 0."""
    if None in values:
        return ""
    simple = Fraction(str(values[0])).limit_denominator(1000)
    number = NUMBERS.mpf(simple.numerator) / simple.denominator
    return str(simple) if simple != 0 and all(_agree(one, number) for one in values) else ""


def _sign(points, equal):
    """The sign of a name, or of a difference of two, on which it hangs whether both are the same: "x > 0", or ""."""
    def told(of, text):
        for sign, word in ((1, ">"), (-1, "<")):
            if all((of(point) * sign > 0) == same for point, same in zip(points, equal, strict=True)):
                return text.format(word)
        return ""

    names = list(points[0])
    found = [told(lambda point, s=s: point[s], f"{s.name} {{}} 0") for s in names]
    found += [told(lambda point, s=s, other=other: point[s] - point[other], f"{s.name} {{}} {other.name}")
              for k, s in enumerate(names) for other in names[k + 1:]]
    return next(filter(None, found), "")


def _left_over(mine, right, ranges):
    """(residue, chance) as text. No residue if nothing cancels, for it would then show the right formula."""
    one, other, residue = (sympy.expand(e) for e in (mine, right, mine - right))
    if residue == 0:
        return "", ""
    count = [sum(not term.is_number for term in sympy.Add.make_args(e)) for e in (one, other, residue)]
    factored = sympy.factor(residue)
    chance = _root(factored, ranges)
    written = min((_written(residue), _written(factored)), key=len)
    return "" if count[2] >= count[0] + count[1] or len(written) > LONGEST else written, chance


def _root(factored, ranges):
    """A value of one name, within its range, that makes the whole residue 0: "n = 2", or ""."""
    for factor in sympy.Mul.make_args(sympy.numer(sympy.together(factored))):
        base = factor.base if factor.is_Pow else factor
        if len(base.free_symbols) == 1 and base.is_polynomial() and sympy.degree(base) == 1:
            s, = base.free_symbols
            root = sympy.solve(base, s)[0]
            if s.name in ranges and ranges[s.name][0] < root < ranges[s.name][1]:
                return f"{s.name} = {root}"
    return ""


def _written(expression):
    """The expression as it would be typed."""
    return re.sub(r"\w+(?=\()", lambda found: NAMES.get(found[0], found[0]), str(expression))
