"""How bpviz says no: one sentence that names the argument, what came, and what is allowed.

Every public function checks what it is given with these, so that a wrong shape or a NaN is
refused where it enters and not ten frames deeper, in NumPy's words.
"""
import difflib
import numbers

import numpy as np


class Table(dict):
    """A dict of records by name; an unknown name is a ValueError that tells the near miss.

    >>> Table("colour", {"blue": 1, "black": 2})["blu"]
    Traceback (most recent call last):
    ValueError: colour: got 'blu', did you mean 'blue'? Allowed: blue, black
    """

    def __init__(self, kind, records):
        super().__init__(records)
        self.kind = kind

    def __missing__(self, name):
        near = difflib.get_close_matches(str(name).lower(), self, n=1)
        hint = f", did you mean {near[0]!r}?" if near else "."
        raise ValueError(f"{self.kind}: got {name!r}{hint} Allowed: {', '.join(self)}")


def whole(name, value, low=1, high=None):
    """A whole number in [low, high], as an int; a bool is not one."""
    fits = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not fits or value < low or (high is not None and value > high):
        allowed = f"a whole number of at least {low}" if high is None else f"a whole number from {low} to {high:,}"
        raise ValueError(f"{name}: got {value!r}; allowed is {allowed}")
    return int(value)


def real(name, value, low=None, high=None, *, above=None, below=None):
    """A finite number, as a float: at least `low`, at most `high`, strictly `above`, strictly `below`."""
    limits = [f"{word} {limit:g}" for word, limit in
              (("at least", low), ("above", above), ("at most", high), ("below", below)) if limit is not None]
    number = isinstance(value, numbers.Real) and not isinstance(value, bool) and np.isfinite(value)
    if (not number or (low is not None and value < low) or (high is not None and value > high)
            or (above is not None and value <= above) or (below is not None and value >= below)):
        raise ValueError(f"{name}: got {value!r}; allowed is a finite number {' and '.join(limits)}".rstrip())
    return float(value)


def numeric(name, value):
    """An array of finite floats of any shape."""
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: got {value!r}; allowed are numbers") from None
    if not np.isfinite(array).all():
        bad = array[~np.isfinite(array)].flat[0]
        raise ValueError(f"{name}: got {bad} among {array.size} numbers; allowed are finite numbers")
    return array


def cloud(name, theta, n_params):
    """theta as finite floats of shape (P, ...): row i is weight i, trailing axes count networks."""
    theta = numeric(name, theta)
    if theta.ndim == 0 or theta.shape[0] != n_params:
        raise ValueError(f"{name}: got shape {theta.shape}; allowed is ({n_params}, ...), one row per weight")
    return theta
