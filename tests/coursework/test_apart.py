"""Learners' functions run in a process of their own: right numbers or one sentence, and nothing left behind.

The sentences are written here by hand: they are what a learner reads.
"""
import os
import re
import time
import warnings

import numpy as np
import pytest

from bpviz.coursework.apart import run as apart
from bpviz.coursework.apart import spare
from bpviz.coursework.apart.run import FunctionRun, Odd, run
from bpviz.coursework.apart.texts import written

X, W = np.arange(6.0).reshape(2, 3), np.ones((3, 2), "f4")
CALLS = [{"x": X, "W": W}]
RIGHT = X @ W
HANG = 0.5                                           # the limit of those that never end
posix = pytest.mark.skipif(os.name == "nt", reason="signals and groups")


def in_cell(body):
    """The function f(x, W) of a notebook cell with this body, which begins on line 4."""
    return written(f"import numpy as np\nK = 1\ndef f(x, W):\n    {body}\n", "f")


def late(at, code=""):
    return (f"f had not ended after 0.5 seconds{f'; it was at line {at}, `{code}`' if at else ''}: is there a loop that "
            "never stops?")


ENDED = "Python itself ended while f ran{}: nothing came back."
UNREAD = "What came back from f cannot be read: does it write where it should not?"
FLOOD = "f gives back more than can be read: 1 MB is the most."
EXITS = "f ends the whole program at line 4, `{}` ({}): a function ends with `return`."
WRITE = "import os\n    for fd in range(3, 20):\n        try: os.write(fd, {})\n        except OSError: pass"
BACK = "; return x @ W"
HOSTILE = {                     # body: what is said (a list: one of these), or None for the right numbers
    # it does not end
    "while True: pass": late(4, "while True: pass"),
    "sum(range(10**12))": late(None),
    "import time; time.sleep(1000)": late(4, "import time; time.sleep(1000)"),
    "while True:\n        try:\n            while True: pass\n        except BaseException: pass": late(6, "while True: pass"),
    "class A:\n        def __array__(self, *a, **k):\n            while True: pass\n    return A()":
        late(6, "while True: pass"),
    "while any(k for k in iter(int, 1)):\n        pass": late(4, "while any(k for k in iter(int, 1))"),
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n    while True: pass": late(5, "while True: pass"),
    "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)": late(None),
    # it ends everything
    "import os; os._exit(3)": ENDED.format(""),
    "import ctypes; ctypes.string_at(0)": ENDED.format(" (it crashed, signal 11)"),
    "import os; os.abort()": ENDED.format(" (it crashed, signal 6)"),
    "import os, signal; os.kill(os.getpid(), 9)": ENDED.format(" (signal 9: perhaps it took too much memory)"),
    "import os; os.closerange(0, 50)": ENDED.format(""),
    "raise SystemExit": EXITS.format("raise SystemExit", "SystemExit"),
    "import sys; sys.exit(0)": EXITS.format("import sys; sys.exit(0)", "SystemExit"),
    "raise KeyboardInterrupt": EXITS.format("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "input('x?')": "f waits for somebody to type at line 4, `input('x?')`: take everything from its arguments.",
    # it takes or gives too much
    "np.zeros(10**9)": "f asks for more than 2 GB of memory at line 4, `np.zeros(10**9)`.",
    "keep = [np.empty(10**7) for _ in range(100)]":
        "f asks for more than 2 GB of memory at line 4, `keep = [np.empty(10**7) for _ in range(100)]`.",
    "return f(x, W)": "f calls itself without end at line 4, `return f(x, W)`.",
    "return {str(k): np.zeros(10**4) for k in range(20)}": FLOOD,
    WRITE.format("b'x' * 2 * 10**6"): FLOOD,
    WRITE.format("b'\\n' * 10**6"): [UNREAD, FLOOD],
    WRITE.format("b'[' * 50000 + b'\\n'"): UNREAD,
    WRITE.format("b'7\\n'"): UNREAD,
    WRITE.format("""b'{"kind": "", "results": [{"dtype": "O", "shape": [1], "data": "AAAAAAAAAAA="}]}\\n'"""): UNREAD,
    WRITE.format("""b'{"kind": "", "results": [{"dtype": "<f8", "shape": [1000000000000], "data": ""}]}\\n'"""): UNREAD,
    WRITE.format("""b'{"kind": "", "results": [{"tuple": [[[1]]]}]}\\n'"""): UNREAD,
    WRITE.format("""b'{"kind": [], "results": 7}\\n'"""): UNREAD,
    "import os\n    for _ in range(10**4): os.write(1, b'x' * 1000)\n    return x @ W": None,
    "for k in range(10**5): print(k)\n    return x @ W": None,
    "print('x' * 10**7)" + BACK: None,
    # it patches, deletes, goes elsewhere, leaves something running
    "np.exp = np.asarray = np.ndarray = np.ascontiguousarray = None" + BACK: None,
    "vars(np).clear()" + BACK: None,
    "import builtins; builtins.isinstance = builtins.len = builtins.str = builtins.type = None" + BACK: None,
    "import builtins; vars(builtins).clear()" + BACK: None,
    "import json; json.dumps = None; json.JSONEncoder.encode = None" + BACK: None,
    "import base64, os; base64.b64encode = os.write = os._exit = None" + BACK: None,
    "import sys; sys.path[:] = []; sys.modules.clear()" + BACK: None,
    "import sys; sys.stdout = sys.stderr = None; sys.setrecursionlimit(30)" + BACK: None,
    "import os, shutil; shutil.rmtree(os.getcwd())" + BACK: None,
    "import os; os.chdir('/')" + BACK: None,
    "import threading, time; threading.Thread(target=time.sleep, args=(1000,)).start()" + BACK: None,
    "global K; K = K + 1; f.__code__ = (lambda x, W: 0).__code__; return (x @ W) * K / 2": None,
    "display(x)" + BACK: None,
    # it goes wrong
    "import warnings; warnings.simplefilter('error'); warnings.warn('careful')": "f stopped at line 4, `import warnings; "
        "warnings.simplefilter('error'); warnings.warn('careful')`: UserWarning: careful.",
    "np.seterr(all='raise'); np.exp(1e4)":
        "f stopped at line 4, `np.seterr(all='raise'); np.exp(1e4)`: FloatingPointError: overflow encountered in exp.",
    "import builtins; builtins.len = builtins.str = None; 1 / 0": "f stopped at line 4, `import builtins; builtins.len = "
        "builtins.str = None; 1 / 0`: ZeroDivisionError: division by zero.",
    "return x @ x": "f stopped at line 4, `return x @ x`: in a matrix product the two inner sizes have to be "
        "the same, and here they are 3 and 2: is a .T missing, or the order turned round?",
    "return x + W": "f stopped at line 4, `return x + W`: arrays of shape (2, 3) and (3, 2) do not fit together entry by entry.",
    "return x(1 - x)": "f stopped at line 4, `return x(1 - x)`: TypeError: 'numpy.ndarray' object is not callable; is a * "
        "missing before a bracket?",
    "return x @ V": "f stopped at line 4, `return x @ V`: NameError: name 'V' is not defined.",
    "z = x\n\n    return z / 'a'": "f stopped at line 6, `return z / 'a'`: TypeError: ufunc 'divide' not supported for the input types",
    "return eval('1 +')": "f stopped at line 4, `return eval('1 +')`: SyntaxError: invalid syntax (<string>, line 1).",
    "import nosuch": "f stopped at line 4, `import nosuch`: ModuleNotFoundError: No module named 'nosuch'.",
    "class E(Exception):\n        def __str__(self): raise RuntimeError\n    raise E": "f stopped at line 6, `raise E`: E.",
    "raise ValueError('a\\x1b[31mb\\nc')": "f stopped at line 4, `raise ValueError('a\\x1b[31mb\\nc')`: ValueError: a[31mb.",
    "raise ValueError('x' * 10**7)":
        f"f stopped at line 4, `raise ValueError('x' * 10**7)`: ValueError: {'x' * 200}.",
    "raise BaseException('own')": "f stopped at line 4, `raise BaseException('own')`: BaseException: own.",
    "class A:\n        def __array__(self, *a, **k): raise SystemExit\n    return A()": "f ends the whole program at line 5, "
        "`def __array__(self, *a, **k): raise SystemExit` (SystemExit): a function ends with `return`.",
    # it is not written yet
    "raise NotImplementedError": "Not attempted yet.", "return ...": "Not attempted yet.",
    "return {'a': ..., 'b': None}": "Not attempted yet.",
    "'''What it does.'''": "Not attempted yet: f gives back None. Is `return` missing at its end?",
    "return 2 * ...": "Not attempted yet: f still meets a `...` at line 4, `return 2 * ...`.",
}
HANGS = [body for body, sentence in HOSTILE.items() if sentence and sentence.__class__ is str and "had not ended" in sentence]
KINDS = {"had not ended": "time", "itself ended": "died", "cannot be read": "died", "2 GB": "memory", "1 MB": "flood",
         "Not attempted": "not attempted"}


@posix
@pytest.mark.parametrize("body", HOSTILE, ids=[body[:40].replace("\n", " ") for body in HOSTILE])
def test_one_sentence_or_the_right_numbers_and_the_parent_goes_on(body, capfd):
    function, limit = in_cell(body), HANG if body in HANGS else 10.0
    for _ in range(3):                                       # a busy machine may be late once
        spare.ready()
        while all(one.lines.empty() for one in list(spare._waiting)):        # its start is not what is measured
            time.sleep(0.01)
        begun = time.monotonic()
        outcome = run(function, CALLS, limit)
        if time.monotonic() - begun < limit + 1 and (body not in HANGS or outcome.said == HOSTILE[body]):
            break
    assert time.monotonic() - begun < limit + 1
    if HOSTILE[body] is None:
        assert outcome.said == outcome.kind == "" and np.array_equal(outcome.results[0], RIGHT)
    else:
        allowed = HOSTILE[body] if isinstance(HOSTILE[body], list) else [HOSTILE[body]]
        assert any(outcome.said.startswith(one) for one in allowed), outcome.said
        assert outcome.kind == next((kind for part, kind in KINDS.items() if part in outcome.said), "raised")
        assert outcome.results == () and outcome.said.isprintable() and len(outcome.said) < 400
    assert len(outcome.printed) < 2100 and capfd.readouterr() == ("", "")


VALUES = {                                           # what a function gives back: what is made of it
    "x": X, "x.astype('f4')": X.astype("f4"), "x.astype('>f8')": X, "x.astype('f2')": X.astype("f2"),
    "x.T[::-1]": X.T[::-1], "np.arange(3)": np.arange(3), "3": np.array(3), "0.5": np.array(0.5), "[1, 2]": np.array([1, 2]),
    "[[1, 2], [3, 4]]": np.array([[1, 2], [3, 4]]), "[]": np.array([]), "range(3)": np.arange(3),
    "np.array([np.nan, np.inf, -np.inf])": np.array([np.nan, np.inf, -np.inf]), "np.matrix([[1.0]])": np.array([[1.0]]),
    "np.longdouble(1) / 3": np.array(np.longdouble(1) / 3), "Fraction(1, 2)": np.array(0.5),
    "[Fraction(1, 2), 10**30]": np.array([0.5, 1e30]), "np.ma.array([1.0, 2.0])": np.array([1.0, 2.0]),
    "Array()": np.ones(2), "Shaped()": np.zeros((2, 3)), "{}": {}, "(x, 1.0, 'a')": (X, np.array(1.0), Odd("text 'a'")),
    "[x, x.T]": (X, X.T), "{'a': x, 'b': [1]}": {"a": X, "b": np.array([1])}, "Dict(a=x)": {"a": X},
    "namedtuple('R', 'a b')(x, x)": (X, X), "{'a': {'b': x}}": {"a": Odd("a dict")},
    "(k for k in x)": Odd("a generator (`yield` where `return` belongs)"), "lambda: 1": Odd("a function"),
    "np.exp": Odd("a function"), "dict": Odd("a class"), "np": Odd("a module"), "{1, 2}": Odd("a set"),
    "coroutine()": Odd("a coroutine (`async def` where `def` belongs)"), "'0.5'": Odd("text '0.5'"), "b'1'": Odd("bytes"),
    "'x' * 10**7": Odd(f"text '{'x' * 40}'"), "True": Odd("True"), "x > 1": Odd("an array of True and False, shape (2, 3)"),
    "1j": Odd("a complex number"), "np.array([1j])": Odd("an array of complex numbers, shape (1,)"),
    "[[1, 2], [3]]": Odd("a list whose rows differ in length"), "['a', 'b']": Odd("an array of text, shape (2,)"),
    "np.array([1, None], object)": Odd("an array of objects, shape (2,)"), "Decimal(1)": Odd("a Decimal"),
    "np.array(['2020'], 'M8[D]')": Odd("an array of dates, shape (1,)"),
    "np.zeros(2, [('a', float)])": Odd("an array of records, shape (2,)"),
    "np.ma.array([1.0, 2.0], mask=[True, False])": Odd("a masked array"), "np.ma.masked": Odd("a masked array"),
    "10**400": Odd("a whole number too large for a float"), "[10**400, 1]": Odd("a whole number too large for a float"),
    "[0.0] * 10**7": Odd("a list of more than 10,000 items"), "[[0.0] * 10**4] * 10**4": Odd("a list of more than 10,000 items"),
    "itself()": Odd("a list of more than 10,000 items"), "deep()": Odd("a list of more than 10,000 items"),
    "np.zeros((1000, 1000))": Odd("an array of shape (1000, 1000), more than 10,000 numbers"),
    "np.broadcast_to(0.0, (10**9, 10**9))": Odd("an array of shape (1000000000, 1000000000), more than 10,000 numbers"),
    "range(10**12)": Odd("an array of shape (1000000000000,), more than 10,000 numbers"),
    "{1: x}": Odd("a dict whose keys are not names"), "{str(k): x for k in range(101)}": Odd("a dict whose keys are not names"),
    "{'k' * 10**6: x}": Odd("a dict whose keys are not names"), "Raiser()": Odd("a Raiser that cannot be read as numbers"),
    "Equal()": Odd("an Equal"), "Classless()": Odd("a Classless"), "Nameless()": Odd("a Nameless"), "object()": Odd("an object"),
}
GIVES = f"""
import numpy as np
from collections import namedtuple
from decimal import Decimal
from fractions import Fraction
class Array:
    def __array__(self, *a, **k): return np.ones(2)
class Raiser:
    def __array__(self, *a, **k): raise RuntimeError
class Equal:
    def __eq__(self, other): return True
class Classless:
    @property
    def __class__(self): raise RuntimeError
def Nameless():
    class Meta(type):
        @property
        def __name__(self): raise RuntimeError
    class Nameless(metaclass=Meta): pass
    return Nameless()
class Dict(dict):
    def items(self): raise RuntimeError
    def __iter__(self): raise RuntimeError
class Shaping(np.ndarray):
    shape = (7, 7); dtype = "text"
    def tobytes(self): return b""
    def astype(self, *a, **k): raise RuntimeError
def Shaped(): return np.zeros((2, 3)).view(Shaping)
async def coroutine(): pass
def itself():
    a = []; a.append(a); return a
def deep():
    a = []
    for _ in range(10**5): a = [a]
    return a
def f(x, which):
    return [{', '.join(f'lambda x: {expression}' for expression in VALUES)}][which](x)
"""


@pytest.fixture(scope="module")
def given_back():
    names = list(VALUES)
    outcome = run(written(GIVES, "f"), [{"x": X, "which": k} for k in range(len(names))])
    assert outcome.kind == "", outcome.said
    return dict(zip(names, outcome.results, strict=True))


def same(a, b):
    if isinstance(a, dict | tuple):
        keys = a if isinstance(a, dict) else range(len(a))
        return type(a) is type(b) and len(a) == len(b) and all(same(a[key], b[key]) for key in keys)
    if isinstance(a, Odd):
        return a == b
    return type(b) is np.ndarray and (a.dtype, a.shape) == (b.dtype, b.shape) and np.array_equal(a, b, equal_nan=True)


@pytest.mark.parametrize("expression", VALUES)
def test_what_it_gives_back_is_numbers_or_named(expression, given_back):
    assert same(VALUES[expression], given_back[expression]), given_back[expression]


def a_generator():
    yield 1


@pytest.mark.parametrize("answer, sentence", [
    (None, "Not attempted yet."), (..., "Not attempted yet."),
    ("abc", "A function is asked for, and this is 'abc': hand in the function itself, its name without ()."),
    (0.5, "A function is asked for, and this is 0.5: hand in the function itself, its name without ()."),
    ([1], "A function is asked for, and this is [1]: hand in the function itself, its name without ()."),
    (X, "A function is asked for, and this is array([[0., 1., 2.], [3., 4., 5.]]): hand in the function itself, its name "
        "without ()."),
    (int, "A function is asked for, and this is the class int: hand in a function."),
    (len, "A function is asked for, and this is a builtin_function_or_method 'len': write it as `def` in a cell of the "
          "notebook, and hand in its name."),
    (np.exp, "A function is asked for, and this is an ufunc 'exp': write it as `def` in a cell of the notebook, and hand "
             "in its name."),
    (a_generator(), "A function is asked for, and this is what the function gave back: hand in the function itself, its "
                    "name without ()."),
    (lambda x: x, "lambda takes (x); what is asked for takes (x, W): keep the names of its first line."),
    (eval("lambda x, W: x"), "The text of `<lambda>` cannot be found: write it as `def` in a cell of the notebook."),
])
def test_what_is_no_function_of_a_cell_is_told(answer, sentence):
    assert run(answer, CALLS).said == sentence and run(answer, CALLS).kind in ("refused", "not attempted")


def test_an_object_that_fails_whatever_it_is_asked_is_told_too():
    class Fails:
        def __getattribute__(self, name):
            raise RuntimeError

        def __repr__(self):
            raise RuntimeError

    assert re.fullmatch("A function is asked for, and this is .*Fails.*", run(Fails(), CALLS).said)


def test_a_text_with_warnings_is_read_in_silence():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        function = in_cell("s = '\\d'; return x @ W if 1 is 1 else s")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert run(function, CALLS).kind == ""


def test_each_call_has_inputs_of_its_own_and_the_parent_keeps_its():
    function = in_cell("x *= 0; W *= 0; print('seen'); return x, W")
    outcome = run(function, CALLS * 2)
    assert len(outcome.results) == 2 and not outcome.results[1][0].any() and outcome.printed == "seen\nseen\n"
    assert X.any() and W.all() and outcome.results[0][1].dtype == np.float32


def test_where_no_process_can_be_started_that_is_said(monkeypatch):
    spare.end_all()
    monkeypatch.setattr(spare.subprocess, "Popen", lambda *a, **k: (_ for _ in ()).throw(OSError("no processes here")))
    expected = "Answers cannot be checked here: a second Python could not be started."
    assert run(in_cell("return x"), CALLS) == FunctionRun((), "refused", expected)
    assert not apart.ready()
