"""Shapes that do not fit, in words: whatever NumPy says of them, the sizes that are named are those of the arrays."""
import itertools
import re

import numpy as np
import pytest

from bpviz.coursework.apart import run as apart
from bpviz.coursework.apart.misfits import in_words

SHAPES = ((), (3,), (4,), (3, 4), (4, 5), (7, 3), (6, 5), (2, 3, 4))
JARGON = re.compile("ufunc|broadcast|core|operand|aligned|dim|signature|ValueError", re.I)


def inner(a, b):
    return {a[-1], b[-2] if len(b) > 1 else b[0]} if a and b else set()


def put(a, b):
    a[...] = b


def grow(a, b):
    a += b


@pytest.mark.parametrize(("do", "said"), [
    (np.matmul, lambda a, b: f"here they are {a[-1]} and {b[-2:][0]}" if a and b else "one of these is a single number"),
    (np.dot, lambda a, b: f"shape {a} cannot be multiplied as a matrix by one of shape {b}"),
    (np.multiply, lambda a, b: f"arrays of shape {a} and {b} do not fit together"),
    (np.add, lambda a, b: f"arrays of shape {a} and {b} do not fit together"),
    (put, lambda a, b: f"an array of shape {b} does not fit into a place of shape {a}"), (grow, None)],
    ids=["@", "dot", "*", "+", "a[...] =", "a +="])
def test_the_sizes_that_are_named_are_the_arrays(do, said):
    seen = 0
    for a, b in itertools.product(SHAPES, repeat=2):
        try:
            do(np.ones(a), np.ones(b))
        except ValueError as error:
            words = in_words("ValueError", str(error))
            stacks = do is np.matmul and inner(a, b) and len(inner(a, b)) == 1     # of three axes: the outer ones
            if not stacks:
                assert not JARGON.search(words), words
                allowed = [said(a, b)] if said else [f"{a} and {b} do not fit", f"shape {b} does not fit into a place of shape {a}",
                                                     f"into a place of shape {a}"]
                assert any(one in words for one in allowed), (a, b, words)
                seen += 1
    assert seen >= 10


@pytest.mark.parametrize(("error", "text"), [
    ("ValueError", "matmul"), ("TypeError", "operands could not be broadcast together with shapes (7,3) (7,5) "),
    ("ValueError", "shape-mismatch for sum"), ("E", ""), ("NameError", "name 'V' is not defined")])
def test_any_other_error_stays_as_python_says_it(error, text):
    assert in_words(error, text) == (f"{error}: {text}" if text else error)


def back(x, W2):
    dz2 = x
    return dz2 @ W2


def test_the_learners_line_stays_in_the_sentence():
    said = apart.run(back, [{"x": np.ones((7, 5)), "W2": np.ones((3, 5))}]).said
    assert re.fullmatch(r"back stopped at line \d+, `return dz2 @ W2`: in a matrix product the two inner sizes have to be "
                        r"the same, and here they are 5 and 3: is a \.T missing, or the order turned round\?", said)
