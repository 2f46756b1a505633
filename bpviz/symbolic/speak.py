"""A derivation in words: names, plain text, LaTeX, and the formulas with the numbers put in."""
import re

import sympy
from sympy.printing.str import StrPrinter

from bpviz.words.catalogue import say
from bpviz.words.numbers import number, pretty, signed


def name(chain, s):
    """The name of a symbol in plain text: z1[2], w1[1,2], dL/dz1[2]."""
    return kind_name(chain.pretty[s])


def kind_name(kind):
    """The name of a kind of number such as ("d", ("z", 1, 2)), as a walk has them: of a mean slope that of the slope,
    of a new weight that of the weight."""
    letter, indices = kind
    if letter in "dg":
        letter, *indices = indices
        return "dL/d" + _plain(letter, indices)
    if letter == "new":
        letter, *indices = indices
    return _plain(letter, indices)


def _plain(kind, indices):
    if not indices:
        return kind
    if kind in "xt":
        return f"{kind}[{indices[0]}]"
    if kind in ("value", "weight"):
        return f"{indices[0]}[{','.join(indices[1:])}]"
    layer, *units = indices
    return f"{kind}{layer}[{','.join(map(str, units))}]" if units else f"{kind}{layer}"


def latex_name(chain, s):
    """The same in LaTeX; layers of one unit each drop the unit's number: w_1, z_2."""
    kind, indices = chain.pretty[s]
    alone = set(getattr(chain.fit.network, "sizes", ())) == {1}
    if kind == "d":
        kind, *indices = indices
        return rf"\frac{{\partial L}}{{\partial {_latex(kind, indices, alone)}}}"
    return _latex(kind, indices, alone)


def _tex(expression, **options):
    """SymPy's LaTeX, in which the space in the name of a function (leaky relu) is one that is set."""
    return re.sub(r"(?<=operatorname\{)[^}]*", lambda name: name[0].replace(" ", r"\ "),
                  sympy.latex(expression, **options))


def _latex(kind, indices, alone):
    if not indices:
        return kind
    if kind in "xt":
        return kind if alone else f"{kind}_{{{indices[0]}}}"
    if kind in ("value", "weight"):
        return rf"\mathit{{{indices[0]}}}_{{{','.join(indices[1:])}}}"
    layer, *units = indices
    return f"{kind}_{{{layer}}}" if alone or not units else f"{kind}^{{({layer})}}_{{{''.join(map(str, units))}}}"



class _Plain(StrPrinter):
    def __init__(self, words):
        super().__init__()
        self.words = words

    def _print_Symbol(self, s):
        return self.words.get(s) or super()._print_Symbol(s)

    def _print_Heaviside(self, e):
        return f"[{self._print(e.args[0])} > 0]"

    def _print_LogAddExp(self, e):
        return f"ln({' + '.join('1' if u == 0 else f'e^{self.parenthesize(u, 100)}' for u in e.args)})"


def _text(expression, words):
    return re.sub(r"\(\((-[^()]*)\)\)", r"(\1)", _Plain(words).doprint(expression))


def _factors(chain, term):
    """The factors of a term, as the chain rule is read: numbers, then dL/d..., then the local slope."""
    rank = {"d": 1, "w": 3, "x": 4}
    return sorted(sympy.Mul.make_args(term), key=lambda factor: (
        0 if factor.is_number else rank.get(chain.pretty.get(factor, " ")[0], 2), not factor.is_Symbol, str(factor)))


def term_latex(chain, term):
    """One term of a step in LaTeX, factor by factor."""
    return "".join(latex for latex, _ in term_parts(chain, term))


def term_parts(chain, term):
    """Its LaTeX in pieces, one a factor: ((LaTeX, names of the quantities in it, parted by blanks), ...)."""
    words = {s: latex_name(chain, s) for s in chain.pretty}
    if term.could_extract_minus_sign() and term.is_Mul:
        return ("-", ""), *term_parts(chain, -term)
    pieces = []
    for f in _factors(chain, term):
        latex = _tex(f, symbol_names=words)
        pieces += [(r"\,", "")] if pieces else []
        pieces.append((rf"\left({latex}\right)" if f.is_Add and f != term else latex,
                       " ".join(sorted(name(chain, s) for s in f.free_symbols))))
    return tuple(pieces)


def pieces(chain, latex, term):
    """The same for a term that is shown as this LaTeX: one piece where that is written otherwise."""
    parts = term_parts(chain, term)
    if "".join(one for one, _ in parts) == latex:
        return parts
    return ((latex, " ".join(sorted(name(chain, s) for s in term.free_symbols))),)


def term_numbers(chain, term, values, digits=3):
    """The same with numbers put in, in one line of plain text: −0.05 · 0.3 · (1 − 0.3)."""
    words = {s: signed(number(v, digits)) for s, v in values.items()}
    factors = _factors(chain, term)
    minus = "-" if len(factors) > 1 and factors[0] == -1 else ""
    return pretty(minus + " · ".join(f"({_text(f, words)})" if f.is_Add and f != term else _text(f, words)
                                     for f in factors[len(minus):]))


def term_text(chain, term):
    """The same in plain text, with the names: 2 · (a2[1] − t[1])."""
    words = {s: name(chain, s) for s in chain.pretty}
    minus = "−" if term.could_extract_minus_sign() and term.is_Mul else ""
    factors = _factors(chain, -term if minus else term)
    return minus + pretty(" · ".join(f"({_text(f, words)})" if f.is_Add and len(factors) > 1 else _text(f, words)
                                     for f in factors))


def step_latex(chain, step):
    """A whole step in LaTeX: dL/dw = dL/dz a."""
    return "".join(latex for latex, _ in step_parts(chain, step))


def step_parts(chain, step):
    """Its LaTeX in pieces, as term_parts: what is found, then what it is made of."""
    shown, paths = step.shown, step.of is not None and step.shown.is_Add and step.of not in chain.by_output
    pieces = [(latex_name(chain, step.symbol), name(chain, step.symbol)), (" = ", "")]
    for k, term in enumerate(shown.args if paths else (shown,)):
        pieces += [*([(" + ", "")] if k else []), *term_parts(chain, term)]
    return tuple(pieces)


def step_numbers(chain, step, values):
    """The right side of a step with numbers put in, plain text."""
    return term_numbers(chain, step.shown, values)



def text(derivation, theta=None, row=0):
    """See Derivation.text."""
    chain = derivation.chain
    words = {s: name(chain, s) for s in chain.pretty}
    values = None if theta is None else chain.values(theta, row)
    fit = chain.fit
    lines = [say("derivation", "head", weight=derivation.weight, rows=fit.data.rows,
                 network={"sizes": getattr(fit.network, "sizes", None), "called": fit.network.called},
                 activations=list(dict.fromkeys(fit.network.activations)), loss=fit.loss_record.name,
                 reduction=fit.reduction)]
    for title, steps in (("forward", derivation.forward), ("backward", derivation.backward)):
        lines.append(f"{title}:")
        for step in steps:
            left = f"  {words[step.symbol]} = "
            lines.append(f"{left}{_text(step.shown, words)}    ({step.why})")
            if values is not None:
                numbers = {s: signed(number(v)) for s, v in values.items()}
                lines.append(f"{' ' * (len(left) - 2)}= {_text(step.shown, numbers)}")
                lines.append(f"{' ' * (len(left) - 2)}= {number(values[step.symbol])}")
    return "\n".join(lines)



def _times_ten(digits):
    mantissa, e, exponent = digits.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if e else digits


def latex(derivation, theta=None, row=0):
    """See Derivation.latex."""
    chain = derivation.chain
    names = {s: latex_name(chain, s) for s in chain.pretty}
    values = None if theta is None else chain.values(theta, row)
    lines = []
    for step in derivation.steps:
        lines.append(f"{names[step.symbol]} &= {_tex(step.shown, symbol_names=names)}")
        if values is not None:
            numbers = {s: signed(_times_ten(number(v))) for s, v in values.items()}
            filled = _tex(step.shown, symbol_names=numbers, mul_symbol=r" \cdot ")
            filled = re.sub(r"\\left\(\((-[^()]*)\) *\\right\)", r"\\left(\1\\right)", filled)
            lines[-1] += f" = {filled} = {_times_ten(number(values[step.symbol]))}"
    body = " \\\\\n".join(lines)
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"
