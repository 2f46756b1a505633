"""Marked statements are found however they are written, and nothing else is."""
import inspect
import re
import textwrap

import numpy as np
import pytest

import bpviz as bp
from bpviz.base import marks
from bpviz.coursework.puzzles import FAULTS, example
from bpviz.network import backprop as hand
from bpviz.symbolic.walk import MARKS

TEXT = '''def f(x):
    for k in range(3):
        y = (x +      # mark: sum; all of it
             k)
        if k:
            return y  # mark: end
'''


def test_the_smallest_statement_around_the_mark_is_meant():
    assert marks.marked(TEXT, "sum") == "y = (x +\n     k)" and marks.marked(TEXT, "end") == "return y"
    changed = {}
    exec(marks.replaced(TEXT, "sum", "y = x * 2\ny = y + k"), changed)
    assert changed["f"](5) == 11 and "mark: end" in marks.replaced(TEXT, "sum", "pass")
    indented = textwrap.indent(TEXT, "    ")
    assert marks.span(indented, "sum") == (3, 4) and marks.marked(indented, "end") == "return y"


@pytest.mark.parametrize("text, mark, said", [
    (TEXT, "middle", "mark: got 'middle'; allowed is one of 'sum', 'end'"),
    (TEXT + "z = 1  # mark: sum\n", "sum", "mark: got 'sum' twice; allowed is once")])
def test_refusals(text, mark, said):
    with pytest.raises(ValueError, match=said):
        marks.marked(text, mark)


def reformatted(source):
    """The same program with every marked statement that is a call over many lines, and with other names."""
    renamed = source.replace("passed_back", "from_above")
    lines = re.sub(r"\bpre\b", "input_of_f", renamed).splitlines()
    out = []
    for line in lines:
        code, mark, rest = line.partition("# mark: ")
        if mark and code.rstrip().endswith(")") and "(" in code and "return" not in code:
            before, bracket, after = code.rstrip().partition("(")
            pad = " " * (len(code) - len(code.lstrip()) + 8)
            out += [f"{before}{bracket}      {mark}{rest.partition(';')[0]}", f"{pad}{after}"]
        else:
            out.append(line)
    return "\n".join(out) + "\n"


def test_the_walk_and_the_puzzles_survive_a_reformatting_of_backprop(monkeypatch):
    whole = inspect.getsource(hand)
    fit, theta = example()
    scope = {"__name__": "again"}
    exec(reformatted(whole), scope)
    assert np.array_equal(scope["backprop"](fit, theta, scope["forward_and_backward"]).gradient, fit.gradient(theta))
    other = reformatted(inspect.getsource(hand.forward_and_backward))
    assert other.count("\n") > inspect.getsource(hand.forward_and_backward).count("\n")
    assert all(marks.marked(reformatted(whole), mark) for mark in MARKS.values())
    for fault in FAULTS.values():
        right, wrong = dict(vars(hand)), dict(vars(hand))
        exec(other, right)
        exec(marks.replaced(other, fault.mark, fault.broken.replace("passed_back", "from_above")), wrong)
        found = [bp.backprop(fit, theta, one["forward_and_backward"]).gradient for one in (right, wrong)]
        assert np.array_equal(found[0], fit.gradient(theta)) and not np.allclose(*found), fault.name
