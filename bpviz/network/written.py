"""Numbers that are pieces of Python text: what is done to them is written down, for scripts that need only NumPy."""
import numpy as np

from bpviz.calculus.functions import FUNCTIONS


def _operator(sign):
    """The two methods of an operator: self before it, and self after it."""
    return lambda self, other: self._join(sign, other), lambda self, other: self._join(sign, other, swap=True)


class Written:
    """A number that is a piece of Python text. parts: how many rows it has, where needed.  minus: its negative."""

    def __init__(self, text, parts=0, minus=None):
        self.text, self.parts, self.minus = text, parts, minus

    def _join(self, sign, other, swap=False):
        left, right = (other, self) if swap else (self, other)
        return type(self)(f"({text_of(left)} {sign} {text_of(right)})")

    __add__, _added = _operator("+")
    __sub__, __rsub__ = _operator("-")
    __mul__, __rmul__ = _operator("*")
    __truediv__, __rtruediv__ = _operator("/")
    __pow__, _ = _operator("**")

    def __radd__(self, other):
        return self if other == 0 else self._added(other)            # what Python's sum begins with

    def __neg__(self):
        return self.minus or Written(f"(-{self.text})", minus=self)

    def sum(self, axis):
        return Written(f"{self.text}.sum(axis={axis})")

    def __array_function__(self, function, types, args, kwargs):
        return Written(f"np.{function.__name__}([{', '.join(map(bare, args[0]))}])")           # np.stack

    def __iter__(self):
        return (Written(f"{self.text}[{k}]") for k in range(self.parts))


class Entries(Written):
    """All entries of an array one after the other."""

    def sum(self, axis):
        return Written(f"{self.text}.sum()")


def text_of(value):
    return value.text if isinstance(value, Written) else repr(value)


class Writer:
    """An `xp` whose functions write themselves down."""
    exact = True                     # as the books write it; np.logaddexp does not overflow

    @staticmethod
    def by_math(name, z):
        """A function of math, element by element, where NumPy has none."""
        return Written(f"np.vectorize(math.{name}, otypes=[float])({bare(z)})")


def _write(function):
    """How a script calls it: by what NumPy has."""
    if function.script:
        return lambda *args: function.script(Writer, *args)
    return lambda *args: Written(f"np.{function.name}({', '.join(map(bare, args))})")


for _name, _function in FUNCTIONS.items():
    setattr(Writer, _name, staticmethod(_write(_function)))


def bare(written):
    """The text without the outermost brackets."""
    text, depth = text_of(written), 0
    if not text.startswith("("):
        return text
    for k, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return text[1:-1] if k == len(text) - 1 else text
    return text


def array_text(values):
    return "np.array(" + np.array2string(np.asarray(values), separator=", ", threshold=10**9, max_line_width=10**6,
                                         formatter={"float": lambda v: repr(float(v))}).replace("\n", "") + ")"


def head_of(fit, what):
    """How a script begins: what it is, and its data."""
    record = fit.loss_record
    return [f'"""{what[0].upper()}{what[1:]}, {record.name}, the {record.reduction} over rows: forward, backward, '
            'nothing hidden."""', "import numpy as np", "",
            f"x = {array_text(fit.data.x)}  # inputs, a column for each row of data",
            f"t = {array_text(fit.data.y)}  # targets"]
