"""A learner's function and all it needs, as JSON: the texts of its cells, never a pickle.

What is shipped is the function as it stands: its own text, the globals it names, and what these need in turn. A
decorator has already done its work, so what it left is shipped, not its line. Modules and what is in installed
packages go as names; numbers, lists and small arrays as they are.

world    the globals of one notebook (or one file)
thing    one function, class, module, closure cell or object; each is shipped once, and may lead back to itself
"""
import ast
import functools
import linecache
import sys
import types
import warnings
from pathlib import Path

import numpy as np

from bpviz.coursework.apart.given_back import pack_array
from bpviz.coursework.apart.remade import column, own_names
from bpviz.coursework.apart.texts import LONGEST, Unsendable, empty, installed, kind_of, names_in, text_of

MOST = 10_000                        # numbers or items in what a function uses from other cells
DEEPEST = 20                         # lists inside one another
CACHED = type(functools.cache(len))


def parcel(function):
    """The closure of a function, a dict for JSON. Raises Unsendable, a sentence, for what cannot go along."""
    return Parcel().of(function)


class Parcel:
    """What has been packed so far."""

    def __init__(self):
        self.things, self.index, self.kept = [], {}, []
        self.texts, self.files, self.worlds, self.world_of, self.places = [], {}, [], {}, []
        self.here = {}                                       # the globals of whoever is packed now

    def of(self, function):
        root = self.pack(function)
        return {"root": root, "things": self.things, "worlds": self.worlds, "texts": self.texts, "places": self.places}

    # ---- values

    def pack(self, value, depth=0, left=None):
        """A value as JSON. left: [how many items it may still have]."""
        left = [MOST] if left is None else left
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value
        if kind is int:
            return value if abs(value) < 2 ** 62 else {"int": hex(value)}
        if kind in (str, bytes):
            if len(value) > LONGEST:
                raise Unsendable(f"a text of {len(value):,} letters")
            return value if kind is str else {"bytes": pack_array(np.frombuffer(value, "u1"))["data"]}
        if kind is complex:
            return {"complex": [value.real, value.imag]}
        if value is ...:
            return {"dots": 0}
        if kind is range:
            return {"range": [value.start, value.stop, value.step]}
        if kind in (list, tuple, set, frozenset, dict, slice):
            return self.pack_items(value, depth, left)
        if kind is np.ndarray and value.dtype.kind in "biufcUSMm":
            if value.size > MOST:
                raise Unsendable(f"an array of {value.size:,} numbers ({MOST:,} is the most)")
            return {"array": pack_array(value)}
        if issubclass(kind, np.generic) and value.dtype.kind in "biufcUSMm":
            return {"scalar": pack_array(np.asarray(value))}
        if issubclass(kind, np.dtype) and value.names is None:
            return {"dtype": value.str}
        if kind is np.random.Generator:
            state = value.bit_generator.state
            return {"rng": {"bit_generator": state["bit_generator"],
                            "state": {key: self.pack(part) for key, part in state.items()}}}
        return self.pack_thing(value)

    def pack_items(self, value, depth, left):
        if isinstance(value, slice):
            return {"slice": [self.pack(one) for one in (value.start, value.stop, value.step)]}
        left[0] -= len(value)
        if left[0] < 0:
            raise Unsendable(f"a {type(value).__name__} of more than {MOST:,} items")
        if depth > DEEPEST:
            raise Unsendable(f"a {type(value).__name__} nested more than {DEEPEST} deep")
        if isinstance(value, dict):
            return {"dict": [[self.pack(key, depth + 1, left), self.pack(one, depth + 1, left)]
                             for key, one in value.items()]}
        return {"items": [self.pack(one, depth + 1, left) for one in value], "as": type(value).__name__}

    # ---- things

    def pack_thing(self, value):
        if id(value) not in self.index:
            self.index[id(value)] = len(self.things)
            self.kept.append(value)                          # so that its id stays its own
            record = {}
            self.things.append(record)
            try:
                record.update(self.record(value))
            except Unsendable:
                raise
            except Exception:                                # an object that lies or fails whatever it is asked
                raise Unsendable(kind_of(value)) from None
        k = self.index[id(value)]
        return {"thing": k, "late": self.things[k].get("is", "class") in ("class", "object")}

    def record(self, value):
        kind = type(value)
        if kind is types.ModuleType:
            if sys.modules.get(value.__name__) is not value:
                raise Unsendable("a module that no import finds again")
            self.place(value.__name__)
            return {"is": "module", "name": value.__name__}
        if kind is types.CellType:
            return {"is": "cell"} if empty(value) else {"is": "cell", "value": self.pack(value.cell_contents)}
        if kind is CACHED:
            return {"is": "cached", **value.cache_parameters(), "function": self.pack(value.__wrapped__)}
        if kind is types.MethodType:
            return {"is": "method", "function": self.pack(value.__func__), "of": self.pack(value.__self__)}
        if callable(value) and kind.__module__ != "__main__":
            named = self.named(value)
            if named:
                return named
        if kind is types.FunctionType:
            return self.function(value)
        if issubclass(kind, type):
            return self.notebook_class(value)
        plain = kind.__flags__ & 512 and kind.__basicsize__ == Bare.__basicsize__ and hasattr(value, "__dict__")
        plain = plain and all(getattr(kind, name, None) is getattr(object, name, None)
                              for name in ("__reduce__", "__reduce_ex__", "__getstate__"))
        if not plain:
            raise Unsendable(kind_of(value))
        try:
            return {"is": "object", "class": self.pack(kind), "state": self.pack(dict(vars(value)))}
        except Unsendable as error:
            raise Unsendable(kind_of(value)) from error

    def named(self, value):
        """The record of what an installed module holds under its own name, or None."""
        module, path = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
        if type(value) is np.ufunc:
            module, path = "numpy", value.__name__
        if not isinstance(module, str) or not isinstance(path, str) or not installed(module):
            return None
        found = sys.modules[module.partition(".")[0]] if module not in sys.modules else sys.modules[module]
        for part in path.split("."):
            found = getattr(found, part, None)
        if found is not value:
            return None
        self.place(module)
        return {"is": "named", "module": module, "path": path}

    def place(self, name):
        """Remember where a module was found that is neither the standard library's nor installed."""
        top = name.partition(".")[0]
        file = getattr(sys.modules[top], "__file__", None)
        if file and top not in sys.stdlib_module_names and "site-packages" not in file:
            folder = str(Path(file).absolute().parents[hasattr(sys.modules[top], "__path__")])
            if folder not in self.places:
                self.places.append(folder)

    def function(self, value):
        code = value.__code__
        world = self.world(value.__globals__)
        record = {"is": "function", "text": self.text(code.co_filename, f"`{value.__name__}`"), "world": world,
                  "name": value.__name__, "qualname": code.co_qualname, "line": code.co_firstlineno,
                  "column": column(code), "cells": [self.pack(cell) for cell in value.__closure__ or ()],
                  "defaults": self.pack(value.__defaults__), "kwdefaults": self.pack(value.__kwdefaults__),
                  "attributes": self.pack({k: v for k, v in vars(value).items() if k != "__wrapped__"})}
        self.use(value.__name__, names_in(code), value.__globals__, world)
        return record

    def notebook_class(self, value):
        """The text of a class: where its methods stand, else the last cell that has a class of this name."""
        if "." in value.__qualname__:
            raise Unsendable(f"the class {value.__name__}, which stands inside something else")
        functions = [one for one in vars(value).values() if isinstance(one, types.FunctionType)
                     and one.__code__.co_qualname.startswith(f"{value.__name__}.")]       # not a dataclass's own
        cells = [file for file, entry in reversed(list(linecache.cache.items()))
                 if len(entry) == 4 and any(line.startswith(f"class {value.__name__}") for line in entry[2])]
        files = [one.__code__.co_filename for one in functions] + cells
        if not files:
            raise Unsendable(f"the class {value.__name__}, whose text cannot be found")
        found = functions[0].__globals__ if functions else self.here
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")                  # of the learner's text: said when the cell ran
            nodes = [one for one in ast.parse(text_of(files[0], value.__name__)).body
                     if isinstance(one, ast.ClassDef) and one.name == value.__name__][-1:]
            needs = set(names_in(compile(ast.Module(nodes, []), files[0], "exec")))
        if not nodes:
            raise Unsendable(f"the class {value.__name__}, whose text cannot be found")
        world = self.world(found)
        needs = sorted(needs - {value.__name__})
        self.use(value.__name__, needs, found, world)
        return {"is": "class", "text": self.text(files[0], value.__name__), "world": world, "name": value.__name__,
                "holds": own_names(value), "needs": [name for name in needs if name in found]}

    def use(self, user, names, found, world):
        """Pack the globals of these names into a world."""
        for name in sorted(set(names)):
            self.here = found
            if name == "get_ipython" and name in found:
                raise Unsendable(f"`{user}` has a line that begins with % or !, which only a notebook understands: "
                                 "leave it out")
            if name in found and name not in self.worlds[world]:
                self.worlds[world][name] = None
                try:
                    self.worlds[world][name] = self.pack(found[name])
                except Unsendable as error:
                    if str(error).startswith("`"):
                        raise
                    raise Unsendable(f"`{user}` uses `{name}`, {error}, which cannot be sent to where answers are "
                                     f"checked: make it inside `{user}`, or smaller") from None

    def world(self, names):
        if id(names) not in self.world_of:
            self.world_of[id(names)] = len(self.worlds)
            self.worlds.append({})
        return self.world_of[id(names)]

    def text(self, file, what):
        if file not in self.files:
            self.files[file] = len(self.texts)
            self.texts.append(text_of(file, what))
        return self.files[file]


class Bare:
    """An object that is its __dict__ and nothing else."""
