"""A formula typed as text, z/(1+exp(-z)), as a SymPy expression.

The text is never run. It is parsed into Python's syntax tree, of which a short list of nodes is
allowed, and rebuilt piece by piece as a SymPy expression (`parse`). Numbers are worked out at once, to the
16 digits that floats have.
"""
import ast
import math
import re
from dataclasses import dataclass, replace

import sympy

from bpviz.base.arguments import refuse
from bpviz.calculus import functions
from bpviz.symbolic.prove import symbol
from bpviz.symbolic.stable import Absolute, largest, smallest, tidy
from bpviz.symbolic.xp import SYMBOLS

MOST_LETTERS, MOST_DEPTH, MOST_POWER, MOST_NUMBER, MOST_PARTS = 200, 40, 16, 1e6, 2000
LEAST_NUMBER, MOST_TERMS = 1e-100, 150
LETTERS = re.compile(r"[A-Za-z0-9_.,+\-*/() ]*")


# name -> (number of arguments, on expressions, on floats).  A kink writes its arguments down several times: COPIES.
OWN = {"exp": sympy.exp, "abs": Absolute, "maximum": largest, "minimum": smallest}
FUNCTIONS = {f.typed: (f.n_arguments, OWN.get(name, SYMBOLS[name]), f.number)
             for name, f in functions.FUNCTIONS.items() if f.typed}
COPIES = {f.typed: f.copies for f in functions.FUNCTIONS.values() if f.typed and f.copies > 1}
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
    """A part of a formula. power: nested exponents, multiplied.  parts: its size.  terms: how many, multiplied out.

    typed: whether it is a number as typed, or a fraction of such, not one that has been rounded.
    """
    expression: sympy.Expr
    power: int = 1
    parts: int = 1
    terms: int = 1
    typed: bool = True

    @property
    def value(self):
        """Its number, if it is one."""
        if not self.expression.is_Rational:
            return None
        try:
            return float(self.expression)
        except OverflowError:
            return math.inf


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
        if isinstance(node, ast.Tuple):
            self.refuse(node, "a comma stands between what max or min is of; write a decimal with a point, 0.5")
        if reader is None:
            self.refuse(node, f"this is not arithmetic; allowed are + - * / **, numbers, {self._vocabulary()}")
        part = reader(node, depth + 1)
        if part.power > 4 * MOST_POWER:
            self.refuse(node, f"powers of powers; all together at most {4 * MOST_POWER}")
        if part.parts > MOST_PARTS:
            self.refuse(node, "written out, this is too long: too many abs, max or min inside one another")
        if part.terms > MOST_TERMS:
            self.refuse(node, f"multiplied out, this has too many terms; allowed are {MOST_TERMS}")
        number = part.value
        if number is not None and not abs(number) <= MOST_NUMBER:
            self.refuse(node, f"the number {number:g} is out of range; allowed are up to {MOST_NUMBER:,.0f}")
        if number is not None and part.expression != 0 and abs(number) < LEAST_NUMBER:
            self.refuse(node, f"the number {number:g} is out of range; allowed are 0 and {LEAST_NUMBER:g} and more")
        return part

    def _vocabulary(self):
        return f"{', '.join(self.names)} and the functions {', '.join(FUNCTIONS)}"

    def _Constant(self, node, depth):
        digits = ast.get_source_segment(self.text, node)
        if not re.fullmatch(r"(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", digits):
            self.refuse(node, "a number is written like 2, 0.5 or 1e-3")
        return _Part(sympy.Rational(digits))

    def _Name(self, node, depth):
        if node.id in FUNCTIONS:
            self.refuse(node, f"{node.id} is a function: write {node.id}({self.names[0]})")
        if node.id not in self.names:
            self.refuse(node, f"the name {node.id!r} is unknown; allowed are {self._vocabulary()}")
        return _Part(symbol(node.id))

    def _UnaryOp(self, node, depth):
        if not isinstance(node.op, ast.USub | ast.UAdd):
            self.refuse(node, "allowed signs are + and -")
        part = self.read(node.operand, depth)
        return replace(part, expression=-part.expression if isinstance(node.op, ast.USub) else part.expression,
                       parts=part.parts + 1)

    def _BinOp(self, node, depth):
        if isinstance(node.op, ast.Pow):
            return self._power(node, depth)
        if type(node.op) not in OPERATORS:
            self.refuse(node, "allowed are + - * / and **")
        left, right = self.read(node.left, depth), self.read(node.right, depth)
        if right.expression == 0 and isinstance(node.op, ast.Div):
            self.refuse(node.right, "this is always 0, and nothing can be divided by it")
        result = tidy(sympy.sympify(OPERATORS[type(node.op)](left.expression, right.expression)))
        exact = left.typed and right.typed
        numbers = left.expression.is_Rational and right.expression.is_Rational
        if numbers and not exact and isinstance(node.op, ast.Add | ast.Sub) and (
                abs(result) < 1e-12 * max(abs(left.expression), abs(right.expression))):
            self.refuse(node, "these two numbers are equal, or differ by their rounding only: write 0")
        terms = left.terms + right.terms if isinstance(node.op, ast.Add | ast.Sub) else left.terms * right.terms
        return _Part(result, max(left.power, right.power), left.parts + right.parts + 1, terms, exact)

    def _power(self, node, depth):
        base, n = self.read(node.left, depth), self.read(node.right, depth).value
        if n is None or n != int(n) or abs(n) > MOST_POWER:
            self.refuse(node.right, f"an exponent is a whole number up to {MOST_POWER}; for a root write sqrt(...), "
                                    "for e to a power exp(...)")
        if base.expression == 0 and n < 1:
            self.refuse(node, "0 cannot be raised to this")
        power, terms = base.power * max(1, abs(int(n))), math.comb(base.terms + abs(int(n)) - 1, abs(int(n)))
        if power > 4 * MOST_POWER or terms > MOST_TERMS:             # before SymPy multiplies it out
            return replace(base, power=power, terms=terms)
        return _Part(tidy(base.expression ** int(n)), power, base.parts + 1, terms, base.typed)

    def _Call(self, node, depth):
        name = node.func.id if isinstance(node.func, ast.Name) else None
        if name not in FUNCTIONS:
            self.refuse(node, f"only these can be called: {', '.join(FUNCTIONS)}")
        count, on_expressions, on_floats = FUNCTIONS[name]
        if len(node.args) != count or node.keywords:
            self.refuse(node, f"{name} takes {count} argument{'s' * (count > 1)}")
        parts = [self.read(argument, depth) for argument in node.args]
        size = 1 + COPIES.get(name, 1) * sum(part.parts for part in parts)
        if size > MOST_PARTS:                    # before it is written out
            return replace(parts[0], parts=size)
        arguments, values = [part.expression for part in parts], [part.value for part in parts]
        if None not in values:
            try:
                number = sympy.Rational(on_floats(*values))
            except (ValueError, OverflowError):
                self.refuse(node, f"{name} has no value there")
            if name in COPIES:                   # one of its arguments, or the negative of it
                number = {"abs": abs, "max": max, "min": min}[name](*arguments)
            rational = name in COPIES or 0 in (arguments[0], number) or (name == "sqrt" and number ** 2 == arguments[0])
            return _Part(number, 1, size, 1, rational and all(part.typed for part in parts))
        return _Part(tidy(on_expressions(*arguments)), max(part.power for part in parts), size,
                     1 + sum(part.terms for part in parts) * (name in COPIES))


def read(text, names):
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
    expression = sympy.sympify(_Reader(text.strip(), names).read(tree).expression)
    if expression.has(sympy.zoo, sympy.nan, sympy.oo, sympy.I):
        raise FormulaError(text, 1, "this has no real value anywhere")
    return expression


def parse(text, names):
    """The same, of a formula that depends on the first of the names."""
    expression = read(text, names)
    if symbol(names[0]) not in expression.free_symbols:
        raise FormulaError(text, 1, f"this does not depend on {names[0]}")
    return expression
