"""A formula typed as text, z/(1+exp(-z)), as a SymPy expression; and any expression over any `xp`.

The text is never run. It is parsed into Python's syntax tree, of which a short list of nodes is
allowed, and rebuilt piece by piece as a SymPy expression (`parse`). `run` then walks an expression
over any `xp` (calculus/worlds.py), so it computes, proves and records like the built-in ones.
"""
import ast
import math
import re
from dataclasses import dataclass

import sympy

from bpviz.calculus.arguments import refuse
from bpviz.symbolic.prove import symbol
from bpviz.symbolic.xp import XP, Step

MOST_LETTERS, MOST_DEPTH, MOST_POWER, MOST_NUMBER, MOST_PARTS = 200, 40, 16, 1e6, 2000
LETTERS = re.compile(r"[A-Za-z0-9_.,+\-*/() ]*")


def _element(world_function):
    """A function of XP, which works on arrays, for one expression."""
    return lambda *args: sympy.sympify(world_function(*args))


def _sigmoid(u):
    return (1 + sympy.tanh(u / 2)) / 2


# name -> (number of arguments, on expressions, on floats).  A kink writes its arguments down several times: COPIES.
COPIES = {"abs": 2, "max": 3, "min": 3}
FUNCTIONS = {
    "exp": (1, sympy.exp, math.exp), "log": (1, sympy.log, math.log), "tanh": (1, sympy.tanh, math.tanh),
    "sin": (1, sympy.sin, math.sin), "cos": (1, sympy.cos, math.cos), "sqrt": (1, sympy.sqrt, math.sqrt),
    "abs": (1, _element(XP.abs), abs), "max": (2, _element(XP.maximum), max), "min": (2, _element(XP.minimum), min),
    "sigmoid": (1, _sigmoid, lambda u: (1 + math.tanh(u / 2)) / 2),
}
OPERATORS = {ast.Add: lambda u, v: u + v, ast.Sub: lambda u, v: u - v, ast.Mult: lambda u, v: u * v,
             ast.Div: lambda u, v: u / v}


class FormulaError(ValueError):
    """A formula that is refused; `column` says where, counted from 1."""

    def __init__(self, text, column, why):
        shown = text if len(text) <= 60 else text[:57] + "..."
        super().__init__(f"formula: got {shown!r}, column {column}: {why}")
        self.column = column


@dataclass(frozen=True)
class _Part:
    """A part of a formula. value: its number, if it is one.  power: nested exponents, multiplied.  parts: its size."""
    expression: sympy.Expr
    value: float | None = None
    power: int = 1
    parts: int = 1


class _Reader:
    """Rebuilds a syntax tree, part by part, and refuses what is not arithmetic or would grow too large."""

    def __init__(self, text, names):
        self.text, self.names = text, names

    def refuse(self, node, why):
        raise FormulaError(self.text, getattr(node, "col_offset", 0) + 1, why)

    def read(self, node, depth=0):
        if depth > MOST_DEPTH:
            self.refuse(node, f"nested too deeply; allowed are {MOST_DEPTH} levels")
        reader = getattr(self, f"_{type(node).__name__}", None)
        if reader is None:
            self.refuse(node, f"this is not arithmetic; allowed are + - * / **, numbers, {self._vocabulary()}")
        part = reader(node, depth + 1)
        if part.value is not None and not abs(part.value) <= MOST_NUMBER:
            self.refuse(node, f"the number {part.value:g} is out of range; allowed are up to {MOST_NUMBER:,.0f}")
        if part.power > 4 * MOST_POWER:
            self.refuse(node, f"powers of powers; all together at most {4 * MOST_POWER}")
        if part.parts > MOST_PARTS:
            self.refuse(node, "written out, this is too long: too many abs, max or min inside one another")
        return part

    def _vocabulary(self):
        return f"{', '.join(self.names)} and the functions {', '.join(FUNCTIONS)}"

    def _Constant(self, node, depth):
        digits = ast.get_source_segment(self.text, node)
        if not re.fullmatch(r"(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", digits):
            self.refuse(node, "a number is written like 2, 0.5 or 1e-3")
        return _Part(sympy.Rational(digits), float(digits))

    def _Name(self, node, depth):
        if node.id in FUNCTIONS:
            self.refuse(node, f"{node.id} is a function: write {node.id}({self.names[0]})")
        if node.id not in self.names:
            self.refuse(node, f"the name {node.id!r} is unknown; allowed are {self._vocabulary()}")
        return _Part(symbol(node.id))

    def _UnaryOp(self, node, depth):
        if not isinstance(node.op, ast.USub | ast.UAdd):
            self.refuse(node, "allowed signs are + and -")
        part, sign = self.read(node.operand, depth), -1 if isinstance(node.op, ast.USub) else 1
        value = None if part.value is None else sign * part.value
        return _Part(sign * part.expression, value, part.power, part.parts + 1)

    def _BinOp(self, node, depth):
        if isinstance(node.op, ast.Pow):
            return self._power(node, depth)
        if type(node.op) not in OPERATORS:
            self.refuse(node, "allowed are + - * / and **")
        left, right = self.read(node.left, depth), self.read(node.right, depth)
        if right.expression == 0 and isinstance(node.op, ast.Div):
            self.refuse(node.right, "this is always 0, and nothing can be divided by it")
        operate = OPERATORS[type(node.op)]
        known = left.value is not None and right.value is not None
        return _Part(operate(left.expression, right.expression), operate(left.value, right.value) if known else None,
                     max(left.power, right.power), left.parts + right.parts + 1)

    def _power(self, node, depth):
        base, n = self.read(node.left, depth), self.read(node.right, depth).value
        if n is None or n != int(n) or abs(n) > MOST_POWER:
            self.refuse(node.right, f"an exponent is a whole number up to {MOST_POWER}; for a root write sqrt(...), "
                                    "for e to a power exp(...)")
        if base.expression == 0 and n < 1:
            self.refuse(node, "0 cannot be raised to this")
        power = base.power * max(1, abs(int(n)))
        if power > 4 * MOST_POWER:               # before SymPy multiplies it out
            return _Part(base.expression, None, power)
        return _Part(base.expression ** int(n), None if base.value is None else base.value ** n, power, base.parts + 1)

    def _Call(self, node, depth):
        name = node.func.id if isinstance(node.func, ast.Name) else None
        if name not in FUNCTIONS:
            self.refuse(node, f"only these can be called: {', '.join(FUNCTIONS)}")
        count, on_expressions, on_floats = FUNCTIONS[name]
        if len(node.args) != count or node.keywords:
            self.refuse(node, f"{name} takes {count} argument{'s' * (count > 1)}")
        parts = [self.read(argument, depth) for argument in node.args]
        values = [part.value for part in parts]
        try:
            value = None if None in values else on_floats(*values)
        except (ValueError, OverflowError):
            self.refuse(node, f"{name} has no value there")
        size = 1 + COPIES.get(name, 1) * sum(part.parts for part in parts)
        if size > MOST_PARTS:                    # before it is written out
            return _Part(parts[0].expression, None, 1, size)
        power = max(part.power for part in parts)
        return _Part(on_expressions(*(part.expression for part in parts)), value, power, size)


def parse(text, names):
    """The text as a SymPy expression in real symbols called `names`, or a FormulaError that says where and why.

    At most 200 letters, 40 levels, whole exponents up to 16, numbers up to a million.
    """
    if not isinstance(text, str):
        refuse("formula", text, f"allowed is text such as {names[0]!r}")
    if len(text) > MOST_LETTERS:
        raise FormulaError(text, MOST_LETTERS + 1, f"{len(text):,} letters; allowed are {MOST_LETTERS}")
    fine = LETTERS.match(text).end()
    if fine < len(text):
        raise FormulaError(text, fine + 1, "a power is written **, as in z**2" if text[fine] == "^" else
                           f"the letter {text[fine]!r} has no place in a formula")
    missing = re.search(r"(?<![A-Za-z0-9_.])(\d+\.?\d*)\s*(?![eE][+-]?\d)[A-Za-z(]|\)\s*[A-Za-z0-9(]", text)
    if missing:
        raise FormulaError(text, missing.start() + 1, f"{missing[0]!r} needs a sign in between, as in 2*z")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise FormulaError(text, getattr(error, "offset", None) or 1, "this is not a whole formula") from None
    reader = _Reader(text.strip(), names)
    expression = sympy.sympify(reader.read(tree).expression)
    if expression.has(sympy.zoo, sympy.nan, sympy.oo, sympy.I):
        raise FormulaError(text, 1, "this has no real value anywhere")
    if symbol(names[0]) not in expression.free_symbols:
        raise FormulaError(text, 1, f"this does not depend on {names[0]}")
    return expression


def run(xp, expression, values):
    """The expression over a namespace xp; values: {symbol: array}. Fractions stay exact where the world is exact."""
    one = next(iter(values.values())) * 0 + 1

    def walk(e):
        if e in values:
            return values[e]
        if e.is_Rational:
            return one * int(e.p) / int(e.q)
        if e.is_Add:
            first, *rest = map(walk, e.args)
            return sum(rest, first)
        if e.is_Mul:
            scale, rest = e.as_coeff_Mul()
            product = math.prod(map(walk, sympy.Mul.make_args(rest)), start=1)
            return product * int(scale.p) / int(scale.q) if scale.q != 1 else product * int(scale.p)
        if e.is_Pow and e.exp.is_Rational and e.exp.q in (1, 2):
            base = walk(e.base) if e.exp.q == 1 else xp.sqrt(walk(e.base))
            power = base ** abs(int(e.exp.p))
            return power if e.exp.p > 0 else 1 / power
        if isinstance(e, Step):
            return xp.heaviside(walk(e.args[0]), 0)
        name, of = ("exp", sympy.Integer(1)) if e == sympy.E else (e.func.__name__, e.args[0])
        return getattr(xp, name)(walk(of))
    return walk(expression)
