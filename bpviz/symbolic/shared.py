"""Every part that an expression has more than once is differentiated or replaced once.

SymPy's diff and xreplace take a part up again wherever it stands, and diff for every symbol anew; in a loss each
unit stands in many places.
"""
import sympy


def derivatives(expression, symbols):
    """{symbol: d expression / d symbol} for those of the set `symbols` that it depends on.

    SymPy's rules of sums, products, powers and functions, joined by the chain rule from the leaves up.
    >>> x, y = sympy.symbols("x y", real=True)
    >>> derivatives(x * sympy.sin(x * y), {x, y})[y]
    x**2*cos(x*y)
    """
    known = {}

    def of(e):
        if e not in known:
            known[e] = {e: sympy.Integer(1)} if e in symbols else joined(e)
        return known[e]

    def joined(e):
        inner = [(k, of(arg)) for k, arg in enumerate(e.args)]
        inner = [(k, slopes) for k, slopes in inner if slopes]
        outer = [(_by_argument(e, k), slopes) for k, slopes in inner]
        terms = {}
        for factor, slopes in outer:
            for symbol, slope in slopes.items():
                terms.setdefault(symbol, []).append(factor * slope)
        return {symbol: sympy.Add(*some) for symbol, some in terms.items()}
    return of(sympy.sympify(expression))


def _by_argument(e, k):
    """The slope of one sum, product, power or function by its argument number k, counted from 0."""
    if e.is_Add:
        return sympy.Integer(1)
    if e.is_Mul:
        return sympy.Mul(*e.args[:k], *e.args[k + 1:])
    if e.is_Pow:
        return e.exp * e.base ** (e.exp - 1) if k == 0 else e * sympy.log(e.base)
    return e.fdiff(k + 1)


def replaced(expression, rule):
    """expression.xreplace(rule). rule: {part: what stands in its place}."""
    known = dict(rule)

    def of(e):
        if e not in known:
            args = [of(arg) for arg in e.args]
            known[e] = e if all(new is old for new, old in zip(args, e.args, strict=True)) else e.func(*args)
        return known[e]
    return of(expression)
