"""All exercises and predictions, gathered from the folders of lessons/: no list is kept by hand twice."""
import pkgutil
from functools import cache
from importlib import import_module

from bpviz.base.arguments import Table
from bpviz.coursework import lessons as folder


@cache
def lessons():
    """{"L03": its module}, in order; behind the lessons the labs, {"LAB1": its module}."""
    names = [name for _, name, _ in pkgutil.iter_modules(folder.__path__)]
    keys = {f"L{name[-2:]}": name for name in sorted(names) if name.startswith("lesson_")}
    keys |= {f"LAB{name[-1]}": name for name in sorted(names) if name.startswith("lab_")}
    return {key: import_module(f"{folder.__name__}.{name}") for key, name in keys.items()}


def called(key):
    """What people call it: "lesson 3" or "lab 1".  key: of `lessons`."""
    return f"lab {key[3:]}" if key.startswith("LAB") else f"lesson {int(key[1:])}"


@cache
def exercises():
    """{"L03-q1": Exercise, ...}; an unknown id is refused, the near miss told."""
    return Table("exercise", {one.id: one for module in lessons().values() for one in module.EXERCISES})


@cache
def predictions():
    """{"L03-p1": Prediction, ...}; an unknown id is refused, the near miss told."""
    return Table("prediction", {one.id: one for module in lessons().values() for one in module.PREDICTIONS})


@cache
def terms():
    """{"saddle point": (the lesson that explains it, its sentence), ...}, gathered from the lessons' TERMS."""
    return Table("word", {name: (lesson, says) for lesson, module in lessons().items()
                          for name, says in getattr(module, "TERMS", {}).items()})
