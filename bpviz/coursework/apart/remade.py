"""What a learner's function needs, made again from JSON.

Runs in the spare process too (child.py): standard library and NumPy only.

things   what the function needs, as source.py packed it: texts of functions and classes, modules, closures
world    the globals of one notebook (or one file), made again
"""
import ast
import base64
import builtins
import functools
import importlib
import math
import sys
import types

import numpy as np

# ---- arrays

def unpack_array(packed, kinds="biufcUSMm"):
    """The array again, its own memory. kinds: of dtype that are let in. Raises ValueError for anything else."""
    if not isinstance(packed, dict) or set(packed) != {"dtype", "shape", "data"}:
        raise ValueError("not an array")
    word, shape, data = packed["dtype"], packed["shape"], packed["data"]
    if not isinstance(word, str) or len(word) > 12 or not isinstance(data, str) or not isinstance(shape, list):
        raise ValueError("not an array")
    if len(shape) > 32 or any(type(n) is not int or not 0 <= n < 2 ** 40 for n in shape):
        raise ValueError("not a shape")
    try:
        dtype, data = np.dtype(word), base64.b64decode(data, validate=True)
    except (TypeError, ValueError, SyntaxError) as error:
        raise ValueError("not an array") from error
    if dtype.kind not in kinds or dtype.itemsize * math.prod(shape) != len(data):
        raise ValueError("not an array of these numbers")
    return np.frombuffer(data, dtype).reshape(shape).copy()


# ---- what came: the function and all it needs, made again

class Closure:
    """The things a function needs, each made when it is first asked for."""

    def __init__(self, parcel):
        self.parcel, self.made = parcel, {}
        self.worlds = [{"__name__": "__main__", "__builtins__": builtins} for _ in parcel["worlds"]]
        self.codes = {}

    def function(self):
        """The learner's function, its globals around it."""
        for place in self.parcel["places"]:
            if place not in sys.path:
                sys.path.append(place)
        root = self.value(self.parcel["root"])
        for late in (False, True):                           # classes last: their statements run, and may call anything
            for k, names in enumerate(self.parcel["worlds"]):
                for name, packed in names.items():
                    if (isinstance(packed, dict) and packed.get("late", False)) == late:
                        self.fill(k, name)
        return root

    def fill(self, world, name):
        """Put one name into a world, unless it stands there already."""
        if name not in self.worlds[world] and name in self.parcel["worlds"][world]:
            self.worlds[world][name] = self.value(self.parcel["worlds"][world][name])

    def value(self, packed):
        """A value as it was. None, bool, float, str, most int: themselves; the rest is a dict with one telling key."""
        if not isinstance(packed, dict):
            return packed
        kind, inside = next(iter(packed.items()))
        if kind == "thing":
            if inside not in self.made:
                record = self.parcel["things"][inside]
                self.made[inside] = getattr(self, "make_" + record["is"])(inside, record)
            return self.made[inside]
        if kind == "items":
            return getattr(builtins, packed["as"])(map(self.value, inside))
        if kind == "dict":
            return {self.value(key): self.value(item) for key, item in inside}
        return {"array": unpack_array, "scalar": lambda one: unpack_array(one)[()], "int": lambda text: int(text, 16),
                "complex": lambda pair: complex(*pair), "bytes": base64.b64decode, "dots": lambda _: ...,
                "range": lambda parts: range(*parts), "slice": lambda parts: slice(*map(self.value, parts)),
                "dtype": np.dtype, "rng": self.generator}[kind](inside)

    def generator(self, state):
        """A NumPy random generator where it stood."""
        bits = getattr(np.random, state["bit_generator"])()
        bits.state = {key: self.value(part) for key, part in state["state"].items()}
        return np.random.Generator(bits)

    def make_module(self, _, record):
        return importlib.import_module(record["name"])

    def make_named(self, _, record):
        return functools.reduce(getattr, record["path"].split("."), importlib.import_module(record["module"]))

    def make_cell(self, k, record):
        cell = self.made[k] = types.CellType()
        if "value" in record:
            cell.cell_contents = self.value(record["value"])
        return cell

    def make_function(self, k, record):
        cells = tuple(self.value(cell) for cell in record["cells"])
        if k in self.made:                                   # its own closure holds it
            return self.made[k]
        made = types.FunctionType(self.code(record), self.worlds[record["world"]], record["name"], None, cells)
        self.made[k] = made
        made.__defaults__ = self.value(record["defaults"])
        made.__kwdefaults__ = self.value(record["kwdefaults"])
        made.__dict__.update(self.value(record["attributes"]))
        return made

    def make_cached(self, _, record):
        return functools.lru_cache(record["maxsize"], record["typed"])(self.value(record["function"]))

    def make_method(self, _, record):
        return types.MethodType(self.value(record["function"]), self.value(record["of"]))

    def make_object(self, k, record):
        made = self.made[k] = object.__new__(self.value(record["class"]))
        made.__dict__.update(self.value(record["state"]))
        return made

    def make_class(self, k, record):
        for name in record["needs"]:
            self.fill(record["world"], name)
        tree = ast.parse(self.parcel["texts"][record["text"]])
        node = [one for one in tree.body if isinstance(one, ast.ClassDef) and one.name == record["name"]][-1]
        inside = {}
        exec(compile(ast.Module([node], []), f"<text {record['text']}>", "exec"), self.worlds[record["world"]], inside)
        if own_names(inside[record["name"]]) != record["holds"]:
            raise LookupError(record["name"])                # another class of this name, or changed since
        return inside[record["name"]]

    def code(self, record):
        """The code of a function, found in the text of its whole cell: so lines and names are the learner's own."""
        if record["text"] not in self.codes:
            text = self.parcel["texts"][record["text"]]
            self.codes[record["text"]] = list(codes(compile(text, f"<text {record['text']}>", "exec",
                                                            ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)))
        found = [code for code in self.codes[record["text"]]
                 if (code.co_qualname, code.co_firstlineno) == (record["qualname"], record["line"])]
        exact = [code for code in found if column(code) == record["column"]]
        if not found or len(found[0].co_freevars) != len(record["cells"]):
            raise LookupError(record["name"])
        return (exact or found)[0]


def codes(code):
    """A code object and all that stand in it."""
    yield code
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            yield from codes(one)


def own_names(made):
    """What a class defines, without what Python adds of itself."""
    return sorted(name for name in vars(made) if not name.startswith("__"))


def column(code):
    """Where the text of a function's body ends: tells two lambdas of one line apart."""
    return max((end for line, _, _, end in code.co_positions() if line == code.co_firstlineno and end), default=0)
