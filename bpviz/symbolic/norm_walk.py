"""Layer norm as stops of a walk: mean, deviation and normalised z forward, one formula back.

g_i is dL/dh_i. The derivation goes back through the mean and the deviation one by one; all in one this is
    dL/dz_j = (g_j - mean g - h_j mean(g h)) / s     (Ba, Kiros and Hinton 2016, arXiv:1607.06450, section 3),
which every unit of the layer has a share in. With a skip, what it hands on is added.
"""
import numpy as np
import sympy
from sympy.core.parameters import distribute

from bpviz.network.backprop import normalise
from bpviz.symbolic.speak import latex_name, term_numbers
from bpviz.words.catalogue import say


def left_out(chain, v):
    """Whether dL/dv is no stop of its own: of a mean or a deviation, through which the formula for z goes at once."""
    return chain.pretty[v][0] in "ms"


def terms_back(chain, v, rest):
    """(((LaTeX, ...), (SymPy expressions, ...)), why) of dL/dz for z = v of a layer with layer norm.

    rest: the steps of the derivation that v goes into besides, as expressions: what a skip hands on.
    """
    _, (layer, unit) = chain.pretty[v]
    of = {place: s for s, place in chain.pretty.items()}
    n = chain.fit.network.sizes[layer]
    h = [of["h", (layer, i)] for i in range(1, n + 1)]
    g, s = [chain.d[one] for one in h], of["s", (layer,)]
    names = {one: latex_name(chain, one) for one in (*h, *g, s)}
    each, own = rf"\frac{{\partial L}}{{\partial h^{{({layer})}}}}", names[h[unit - 1]]
    with distribute(False):
        terms = ((rf"\frac{{1}}{{{names[s]}}}\,{names[g[unit - 1]]}", g[unit - 1] / s),
                 (rf"-\frac{{1}}{{{names[s]}}}\,\overline{{{each}}}", -sympy.Add(*(a / n for a in g)) / s),
                 (rf"-\frac{{{own}}}{{{names[s]}}}\,\overline{{{each}\,h^{{({layer})}}}}",
                  -h[unit - 1] * sympy.Add(*(a * b / n for a, b in zip(g, h, strict=True))) / s))
    terms = (*terms, *((latex_name(chain, one), one) for one in rest))
    return tuple(zip(*terms, strict=True)), say("derivation", "norm_back", skip=bool(rest))


def worked(chain, stop, numbers):
    """((LaTeX, numbers put in, value), ...) of a stop of several terms. numbers: {symbol: number}.

    On the way back a sum within a term is one number, as on paper.
    """
    found, back = [], stop.phase == "backward"
    for latex, term in stop.terms:
        known = {s: sympy.Float(numbers[s]) for s in term.free_symbols}
        said, names = term, dict(numbers)
        for total in [factor for factor in sympy.Mul.make_args(term) if factor.is_Add and back]:
            one = sympy.Symbol(f"mean_{len(names)}", real=True)
            said, names[one] = said.xreplace({total: one}), float(total.xreplace(known))
        found.append((latex, term_numbers(chain, said, names), float(term.xreplace(known))))
    return tuple(found)


def by_hand(layer, z, h):
    """{kind: number} of what layer norm makes of z (n, 1) on its way to h (n, 1), of numbers or Intervals."""
    _, s = normalise(np, z)
    found = {("m", (layer,)): (z.sum(axis=0) / len(z))[0], ("s", (layer,)): s[0]}
    found.update({("h", (layer, j + 1)): h[j, 0] for j in range(len(h))})
    return found
