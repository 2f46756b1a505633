"""What a learner's function needs goes along as text: helpers of other cells, closures, decorators, classes.

All here is made again in this very process, by the lines that run in the spare; test_apart.py runs it there.
"""
import ast
import itertools
import json
import linecache
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from bpviz.coursework.apart import source
from bpviz.coursework.apart.remade import Closure
from bpviz.coursework.apart.texts import Unsendable, written

X, W = np.arange(6.0).reshape(2, 3), np.ones((3, 2))
COUNT = itertools.count()
COURSEWORK = Path(source.__file__).parent


def in_cells(*texts):
    """What `f` is after these cells have run in one notebook, which keeps their text as ipykernel does."""
    world = {"__name__": "__main__"}
    for text in ("import numpy as np", *texts):
        file = f"/tmp/ipykernel_0/{next(COUNT)}.py"
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        exec(compile(text, file, "exec"), world)
    return world["f"]


def again(function):
    return Closure(json.loads(json.dumps(source.parcel(function)))).function()


NET = "class Net:\n    def __init__(self, k): self.k = k\n    def go(self, z): return self.k * z"
F = "def f(x, W): return {}"
CELLS = {                                            # every f gives 2 x @ W
    "a helper of another cell": ("def g(z): return 2 * z", F.format("g(x @ W)")),
    "a helper written again": ("def g(z): return 3 * z", F.format("g(x @ W)"), "def g(z): return 2 * z"),
    "a constant changed later": ("K = 5", F.format("K * (x @ W)"), "K = 2"),
    "a small array": ("A = np.full((2, 2), 2.0)", F.format("A * (x @ W)")),
    "imported names": ("from numpy import dot as d\nfrom math import sqrt\nfour = 4", F.format("sqrt(four) * d(x, W)")),
    "a module's module": ("import numpy.linalg as la", F.format("la.norm([2.0]) * (x @ W)")),
    "ufuncs": ("double = np.add", F.format("double(x @ W, x @ W)")),
    "a factory": ("def make(k):\n    def f(x, W):\n        return k * (x @ W)\n    return f", "f = make(2)\ng = make(3)"),
    "two closures of one factory": ("def make(k): return lambda z: k * z", "four, half = make(4), make(0.5)",
                                    F.format("four(half(x @ W))")),
    "a counter": ("def make():\n    n = 0\n    def f(x, W):\n        nonlocal n\n        n += 2\n"
                  "        return n * (x @ W)\n    return f\nf = make()",),
    "closures of each other": ("def make():\n    def a(n): return 2.0 if n == 0 else b(n - 1)\n    def b(n): return a(n)\n"
                               "    return a\na = make()", F.format("a(5) * (x @ W)")),
    "functions of each other": ("def even(n): return n == 0 or odd(n - 1)", "def odd(n): return n != 0 and even(n - 1)",
                                F.format("2 * (x @ W) * even(4)")),
    "a default": ("K = 2", "def f(x, W, k=K): return k * (x @ W)", "del K"),
    "a default by name": ("def f(x, W, *, k=2, **more): return k * (x @ W)",),
    "a cache": ("from functools import lru_cache", "@lru_cache(maxsize=None)\ndef fib(n):\n    return n if n < 2 else "
                "fib(n - 1) + fib(n - 2)", F.format("2 * (x @ W) * fib(80) / 23416728348467685")),
    "a decorator": ("def double(g):\n    def wrapper(*args, **kw):\n        return 2 * g(*args, **kw)\n    return wrapper",
                    "@double\n" + F.format("x @ W")),
    "a decorator that wraps": ("from functools import wraps", "def double(g):\n    @wraps(g)\n    def w(*args, **kw):\n"
                               "        return 2 * g(*args, **kw)\n    return w", "@double\n" + F.format("x @ W")),
    "a lambda": ("f = lambda x, W: 2 * (x @ W)",),
    "lambdas of one line": ("g, f, h = lambda x, W: 3 * (x @ W), lambda x, W: 2 * (x @ W), lambda x, W: 4 * (x @ W)",),
    "a lambda inside a call": ("class Box:\n    def put(self, f): self.f = f\nbox = Box()",
                               "box.put(lambda x, W: 2 * (x @ W))\nf = box.f"),
    "a dict of lambdas": ("acts = {'seven': lambda z: 7 * z, 'two': lambda z: 2 * z}", F.format("acts['two'](x @ W)")),
    "an object": (NET, "net = Net(2)", F.format("net.go(x @ W)")),
    "a class": (NET, F.format("Net(2).go(x @ W)")),
    "an object that holds itself": (NET, "net = Net(2); net.me = net", F.format("net.me.k * (x @ W)")),
    "a class made from another": ("class Base:\n    two = 2\n    def go(self, z): return self.two * z",
                                  "class Net(Base):\n    def go(self, z): return super().go(z)", F.format("Net().go(x @ W)")),
    "a class that needs a constant": ("K = 2", "class A:\n    k = K\n    def go(self, z, k=K): return k * z",
                                      F.format("A().go(x @ W)")),
    "a method": ("class Net:\n    def f(self, x, W): return 2 * (x @ W)\nf = Net().f",),
    "a private method": ("class Net:\n    def __two(self): return 2\n    def f(self, x, W): return self.__two() * (x @ W)\n"
                         "f = Net().f",),
    "a method of the class": ("class A:\n    two = 2\n    @classmethod\n    def f(cls, x, W): return cls.two * (x @ W)\n"
                              "f = A.f",),
    "a static method": ("class A:\n    @staticmethod\n    def f(x, W): return 2 * (x @ W)\nf = A.f",),
    "a property": ("class A:\n    @property\n    def two(self): return 2\na = A()", F.format("a.two * (x @ W)")),
    "an object that is called": ("class A:\n    def __call__(self, z): return 2 * z\na = A()", F.format("a(x @ W)")),
    "a dataclass": ("from dataclasses import dataclass", "@dataclass(frozen=True)\nclass P:\n    k: float = 1.0\n"
                    "    A: np.ndarray = None", "p = P(2.0)", F.format("p.k * (x @ W)")),
    "an enumeration": ("from enum import Enum\nclass E(Enum):\n    two = 2", F.format("E.two.value * (x @ W)")),
    "annotations": ("import typing as t", "def f(x: np.ndarray, W: t.Any) -> t.Any: return 2 * (x @ W)", "del t"),
    "annotations of the future": ("from __future__ import annotations\ndef f(x: no, W) -> no: return 2 * (x @ W)",),
    "an attribute named like a huge global": ("T = shape = [0] * 10**6", F.format("2 * (x.T.T @ W) + 0 * x.shape[0]")),
    "a function inside": ("K = 2", "def f(x, W):\n    def g(z): return K * z\n    return g(x @ W)"),
    "a comprehension": ("K = [1, 1]", F.format("sum(k * (x @ W) for k in K)")),
    "text at the margin": ("def make():\n    def f(x, W):\n        '''a\nb\n        '''\n        return 2 * (x @ W)\n"
                           "    return f\nf = make()",),
    "a generator of random numbers": ("rng = np.random.default_rng(7); rng.normal(size=3)\nimport copy\n"
                                      "want = copy.deepcopy(rng).normal()", F.format("2 * (x @ W) * (rng.normal() == want)")),
    "dtypes": ("kind, d = np.float64, np.dtype('f8')", F.format("2 * (x @ W).astype(kind).astype(d)")),
    "a built-in name taken": ("sum = 2", F.format("sum * (x @ W)")),
    "all plain values": ("c = {'a': (1, 2), 3: {4, 5}, None: [True, 1j, b'x', 2**70, float('inf'), ..., range(3), slice(1)], "
                         "(1, 'b'): frozenset([np.float32(2)])}\nsaid = repr(c)", F.format("2 * (x @ W) * (repr(c) == said)")),
    "a global that is written": ("n = 0", "def f(x, W):\n    global n\n    n = n + 2\n    return n * (x @ W)"),
    "a list that two share": ("seen = []", "def g(): seen.append(2)", "def f(x, W):\n    g()\n    return seen[0] * (x @ W)"),
    "an attribute of the function": ("def f(x, W): return f.two * (x @ W)\nf.two = 2",),
    "a package's object": ("import bpviz as bp\nnet = bp.Network((2, 2, 1))", F.format("2 * (x @ W) * net.n_params / 9")),
    "np.vectorize": ("g = np.vectorize(lambda z: 2 * z)", F.format("g(x @ W)")),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_function_is_made_again_with_all_it_needs(name):
    made = again(in_cells(*CELLS[name]))
    assert np.array_equal(made(x=X, W=W), 2 * X @ W)


USES = "`f` uses `g`, {}, which cannot be sent to where answers are checked: make it inside `f`, or smaller"
STAYS = {                                            # the cell that makes g: what g is called
    "import threading; g = threading.Lock()": "a lock", "g = (k for k in [1])": "a generator",
    "from functools import partial; g = partial(min, 2)": "a partial", "g = np.array([2, None])": "an array of objects",
    "g = np.zeros((200, 200))": "an array of 40,000 numbers (10,000 is the most)",
    "g = [0.0] * 10**6": "a list of more than 10,000 items", "g = 'x' * 10**7": "a text of 10,000,000 letters",
    "g = []\nfor _ in range(1000): g = [g]": "a list nested more than 20 deep",
    "g = []; g.append(g)": "a list nested more than 20 deep",
    "import types; g = types.ModuleType('m')": "a module that no import finds again",
    "class S:\n    __slots__ = ('k',)\ng = S()": "an object of class S",
    "from collections import OrderedDict; g = OrderedDict(a=2)": "an object of class OrderedDict",
    "def make():\n    class A: pass\n    return A\ng = make()": "the class A, which stands inside something else",
    "g = type('Nowhere', (), {})": "the class Nowhere, whose text cannot be found",
    "class A:\n    def __getattribute__(self, n): raise RuntimeError\n    def __repr__(self): raise RuntimeError\ng = A()":
        "an object of class A",
    "g = eval('lambda: 1')": "the text of `<lambda>` cannot be found: write it as `def` in a cell of the notebook",
}


@pytest.mark.parametrize("cell", STAYS, ids=[cell[:30].replace("\n", " ") for cell in STAYS])
def test_what_cannot_go_along_is_named(cell):
    with pytest.raises(Unsendable) as refused:
        source.parcel(in_cells(cell, F.format("g")))
    assert str(refused.value) == USES.format(STAYS[cell])


def test_a_helper_that_uses_what_cannot_go_along_is_named_itself():
    with pytest.raises(Unsendable, match=r"^`h` uses `g`, a lock, "):
        source.parcel(in_cells("import threading; g = threading.Lock()", "def h(): return g", F.format("h()")))


def test_a_line_for_the_notebook_alone_is_named():
    with pytest.raises(Unsendable, match="^`f` has a line that begins with % or !, which only a notebook understands"):
        source.parcel(in_cells("def get_ipython(): pass", "def f(x, W): return get_ipython().system('ls')"))


def test_a_class_that_changed_since_its_cell_ran_is_refused():
    function = in_cells(NET, "Net.rate = 3", F.format("Net.rate * x"))
    with pytest.raises(LookupError, match="Net"):
        again(function)


def test_lines_and_texts_are_those_of_the_cell():
    made = again(in_cells("\n\n# the backward pass\ndef f(x, W):\n    z = x\n    return z / 0"))
    assert made.__code__.co_firstlineno == 4 and made.__name__ == "f"


def test_nothing_is_said_while_texts_are_read():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        function = written("def g(z):\n    return z is 1, '\\d'\nclass A:\n    s = '\\d'\ndef f(x, W): return A.s, g(1)", "f")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        source.parcel(function)


@pytest.mark.parametrize("name", ["child.py", "remade.py", "given_back.py"])
def test_what_runs_in_the_spare_imports_the_standard_library_and_numpy_only(name):
    tree = ast.parse((COURSEWORK / name).read_text(encoding="utf-8"))
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    found |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert found <= sys.stdlib_module_names | {"numpy"}
