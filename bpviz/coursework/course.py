"""All exercises and predictions, gathered from the folders lessons/lesson_NN: no list is kept by hand twice."""
import pkgutil
from functools import cache
from importlib import import_module

from bpviz.base.arguments import Table
from bpviz.coursework import lessons as folder


@cache
def lessons():
    """{"L03": its module}, in order."""
    names = sorted(name for _, name, _ in pkgutil.iter_modules(folder.__path__) if name.startswith("lesson_"))
    return {f"L{name[-2:]}": import_module(f"{folder.__name__}.{name}") for name in names}


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
    return Table("term", {name: (lesson, says) for lesson, module in lessons().items()
                          for name, says in getattr(module, "TERMS", {}).items()})
