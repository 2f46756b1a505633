"""A lesson of two small exercises for tests of what is made of lessons: a function, and a number given in the prompt."""
from types import SimpleNamespace

import pytest

from bpviz.base.arguments import Table
from bpviz.coursework import course
from bpviz.coursework.exercise import NOT_ATTEMPTED, Exercise, Judgement, Mutant
from bpviz.coursework.notebooks.handout import renew


class Slope:
    name = "slope"

    def given(self, rng):
        return {}

    def starter(self, given):
        return ('def slope(w, x):\n    """dL/dw of L = (w * x) ** 2."""\n    {solution}\n\n\n'
                'print("the slope at 1, 2:", slope(1, 2))')

    def solution(self, given):
        return "z = w * x\nif x:\n    z = z * 1\n\nreturn 2 * z * helper(x)"

    def mutants(self, given):
        return (Mutant("dL/dw: half", "return w * x * helper(x)", "half"),
                Mutant("dL/dw: sign", "return -2 * w * x * x", "sign"),
                Mutant("dL/dw: no x", "return 2 * w * x", "x"))

    def judge(self, answer, rng, given, run):
        value = answer(3.0, 2.0)
        return NOT_ATTEMPTED if value is None else Judgement("right" if value == 24 else "wrong", "The slope.")


class Product:
    name = "my_number"

    def given(self, rng):
        return {"x": round(rng.uniform(1, 9), 4), "y": int(rng.integers(10, 99))}

    def starter(self, given):
        return "my_number = ...\n{solution}"

    def solution(self, given):
        return f"my_number = {given['x'] * given['y']:.6g}"

    def mutants(self, given):
        return Mutant("sum", f"my_number = {given['x'] + given['y']:.6g}", "added"),

    def judge(self, answer, rng, given, run):
        return NOT_ATTEMPTED if answer is ... else Judgement("wrong", "No.")


SLOPE = Exercise("L77-q1", "A slope", "Write `slope`.", Slope(), ("a", "b", "c"), "So.", points=2)
PRODUCT = Exercise("L77-q2", "A product", "What is {x} times {y}?", Product(), ("a", "b", "c"), "So.", core=False)
SETUP = "%matplotlib inline\nfrom math import *\n\nCHECKS = []"
HELPER = "def helper(x):\n    return x * ONE"
PANEL = "walk = bp.explore.backprop()\nwalk"
CHECK = """
class bp:
    def check(id, answer, copy="", solution=True):
        from IPython.display import display
        import sys
        value = answer(3.0, 2.0) if callable(answer) else None if answer is ... else answer
        status = "not attempted" if value is None else "right" if value == 24 else "wrong"
        display({"text/plain": f"{id} {status}\\na table", "text/html": ""}, raw=True,
                metadata={"bpviz": {"id": id, "status": status, "key": ""}})
        if status == "wrong":
            raise AssertionError(f"\\x1b[31m{id}: That is not it.\\x1b[0m\\nMore of it.")
"""


def code(source, id, **metadata):
    return {"cell_type": "code", "execution_count": None, "id": id, "metadata": metadata, "outputs": [],
            "source": source.splitlines(True)}


def markdown(source, id, **metadata):
    return {"cell_type": "markdown", "id": id, "metadata": metadata, "source": source.splitlines(True)}


def begun():
    """The notebook as an author begins it: a prompt cell for each exercise."""
    return {"cells": [markdown("# A lesson: sketch of `x`", "a"), code(SETUP, "b", tags=["setup"]), code(CHECK, "c"),
                      code(HELPER, "d"), code('bp.predict("L77-p1")', "e"),
                      markdown("", "f", bpviz={"prompt": SLOPE.id}), code("ONE = 1", "g"), code(PANEL, "h"),
                      markdown("", "i", bpviz={"prompt": PRODUCT.id}), markdown("## Summary", "j")],
            "metadata": {"bpviz": {"lesson": "L77"}, "kernelspec": {"name": "python3", "display_name": "Python 3"}},
            "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture
def source(monkeypatch):
    """The source lesson; the course consists of it."""
    monkeypatch.setattr(course, "lessons", lambda: {"L77": SimpleNamespace(EXERCISES=(SLOPE, PRODUCT), PREDICTIONS=())})
    monkeypatch.setattr(course, "exercises", lambda: Table("exercise", {one.id: one for one in (SLOPE, PRODUCT)}))
    return renew(begun())
