"""Data as every other course holds it: an example a row, its class as a number or a word.

X  (rows, features)   y  (rows,) classes or numbers, or (rows, outputs)
"""
import numbers

import numpy as np

from bpviz.base.arguments import LONGEST_LIST, as_float, numeric, refuse, sequence, shown
from bpviz.base.refusals import listed

MOST_CLASSES = 1000


def as_rows(X, y, classes=None):
    """(x (n_in, rows), y (n_out, rows), names of the classes, what became of them in words). See Data.from_rows."""
    X = numeric("X", X)
    X = X[:, None] if X.ndim == 1 else X
    if X.ndim != 2 or 0 in X.shape:
        raise ValueError(f"X: got shape {X.shape}; allowed is (rows, features), neither of them 0")
    targets = _targets(y)
    if len(targets) != len(X):
        turned = ": rows and features change places, write X.T" if X.shape[1] == len(targets) else ""
        raise ValueError(f"X: got {len(X):,} rows beside {len(targets):,} targets; allowed are as many{turned}")
    if not _are_classes(targets, classes):
        return X.T, numeric("y", y).reshape(len(X), -1).T, (), ""
    if targets.ndim != 1:
        raise ValueError(f"y: got shape {targets.shape}; allowed is (rows,), one class a row")
    return X.T, *_one_hot(targets, _names(targets, classes))


def _targets(y):
    """The targets as an array of any kind, a single column as (rows,)."""
    if isinstance(y, np.ma.MaskedArray):
        return numeric("y", y)                                   # says what is masked
    if not isinstance(y, list | tuple | range | np.ndarray) and not hasattr(type(y), "__array__"):
        refuse("y", y, "allowed is a list or an array of numbers or classes")
    if isinstance(y, list | tuple | range) and len(y) > LONGEST_LIST:
        raise ValueError(f"y: got a list of more than {LONGEST_LIST:,}; allowed is an array")
    try:
        targets = np.asarray(y)
    except Exception:
        refuse("y", y, "allowed are numbers or classes, in rows of equal length")
    if targets.dtype.kind == "O" or (isinstance(y, list | tuple) and targets.dtype.kind == "U"):
        kinds = {type(item) for item in np.asarray(y, dtype=object).ravel()}
        if kinds <= {bool, np.bool_}:
            targets = targets.astype(bool)
        elif kinds and all(issubclass(kind, str) for kind in kinds):
            targets = targets.astype(str)
        elif any(issubclass(kind, str | bytes) for kind in kinds):
            refuse("y", y, "allowed are classes of one kind: all of them words, or all of them numbers")
        else:
            return numeric("y", y).reshape(targets.shape)        # numbers, or it says what they are
    if targets.dtype.kind not in "fiubU" or (isinstance(y, list | tuple) and targets.dtype.kind in "fiu"):
        numeric("y", y)                                          # says what is allowed
    targets = targets[:, 0] if targets.ndim == 2 and targets.shape[1] == 1 else targets
    if targets.ndim not in (1, 2) or 0 in targets.shape:
        raise ValueError(f"y: got shape {targets.shape}; allowed is (rows,) or (rows, outputs)")
    return targets


def _are_classes(targets, classes):
    if classes is None:
        return targets.dtype.kind in "bU" or (targets.dtype.kind in "iu" and targets.ndim == 1)
    if isinstance(classes, bool) and not classes and targets.dtype.kind in "bU":
        kind = "words" if targets.dtype.kind == "U" else "True and False"
        raise ValueError(f"classes: got False for targets that are {kind}; allowed is True or None")
    if not isinstance(classes, bool | list | tuple | range | np.ndarray):
        refuse("classes", classes, "allowed is None, True, False or a list of the classes")
    return classes is not False


def _names(targets, classes):
    """The classes, in order."""
    if targets.dtype.kind == "f" and not np.isfinite(targets).all():
        raise ValueError("y: got nan or inf among the classes; allowed are rows that all have a class")
    found = np.unique(targets)
    if classes is None or classes is True:
        names = found
        if len(names) < 2:
            raise ValueError(f"y: got one class only, {shown(names[0].item())}; allowed are at least two (or give "
                             "classes=[...])")
    else:
        names = sequence("classes", classes, "allowed is None, True, False or a list of the classes", MOST_CLASSES)
        kinds = {"U": str, "b": bool | np.bool_}.get(targets.dtype.kind, numbers.Real)
        wrong = [name for name in names if not isinstance(name, kinds)
                 or (kinds is numbers.Real and as_float(name) is None)]
        if wrong or len(names) < 2 or len(set(names)) != len(names) or any(name != name for name in names):
            refuse("classes", classes, "allowed are at least two classes of the kind that y has, each once")
        names = np.asarray(names)
        absent = [name for name in found.tolist() if name not in names.tolist()]
        if absent:
            raise ValueError(f"y: got {shown(absent[0])}, which is not among the classes; allowed are "
                             f"{listed([shown(name) for name in names.tolist()])}")
    if classes is None and targets.dtype.kind in "iu" and len(names) > max(20, len(targets) // 4):
        raise ValueError(f"y: got {len(names):,} different whole numbers in {len(targets):,} rows; allowed are "
                         "classes: say classes=True if they are, classes=False if they are amounts")
    if len(names) > MOST_CLASSES:
        raise ValueError(f"y: got {len(names):,} classes; allowed are at most {MOST_CLASSES:,}")
    return names


def _one_hot(targets, names):
    """(y (n_out, rows), the classes in words, what was done)."""
    words = tuple(f"{name:g}" if isinstance(name, float) else str(name) for name in names.tolist())
    if len(names) == 2:
        y, done = (targets == names[1])[None], f"Two classes became one output: 0 is {words[0]}, 1 is {words[1]}."
    else:
        y = targets == names[:, None]
        done = f"{len(names)} classes became one-hot, an output for each: {listed(words)}."
    return y.astype(float), words, done
