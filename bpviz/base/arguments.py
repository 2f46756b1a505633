"""How bpviz lets in what it is given, and says no: one sentence that names the argument, what came, what is allowed.

Every public function checks what it is given with these, so that a wrong shape or a NaN is
refused where it enters and not ten frames deeper, in NumPy's words. What is let in is what the
caller meant: no text read as a number, no True as 1, no complex number without its imaginary part,
no masked value, no date. And nothing is begun that the machine cannot hold: MOST_NUMBERS at once.
"""
import math
import numbers

import numpy as np

from bpviz.base.refusals import Table as Table
from bpviz.base.refusals import refuse as refuse
from bpviz.base.refusals import shown as shown

MOST_NUMBERS = 200_000_000           # at once, 1.6 GB of them
LONGEST_LIST = 1_000_000             # a Python list is read at some 15 million numbers a second; an array at once
DEEPEST = 8                          # lists inside one another


# ---- one number, one switch, one word

def whole(name, value, low=1, high=None):
    """A whole number in [low, high], as an int; a bool is not one."""
    fits = isinstance(value, numbers.Integral) and not isinstance(value, bool | np.timedelta64)
    if not fits or value < low or (high is not None and value > high):
        refuse(name, value, f"allowed is a whole number of at least {low}" if high is None else
               f"allowed is a whole number from {low} to {high:,}")
    return int(value)


def real(name, value, low=None, high=None, *, above=None, below=None, infinite=False):
    """A finite number, as a float: at least `low`, at most `high`, strictly `above`, strictly `below`.

    infinite: inf and -inf are let in too.
    """
    number = as_float(value)
    fits = number is not None and (math.isfinite(number) or (infinite and number == number))
    if (not fits or (low is not None and number < low) or (high is not None and number > high)
            or (above is not None and number <= above) or (below is not None and number >= below)):
        limits = [f"{word} {limit:g}" for word, limit in
                  (("at least", low), ("above", above), ("at most", high), ("below", below)) if limit is not None]
        refuse(name, value, f"allowed is a {'' if infinite else 'finite '}number {' and '.join(limits)}".rstrip())
    return number


def as_float(value):
    """The float, or None for what is no number."""
    if type(value) is float:
        return value
    if not isinstance(value, numbers.Real) or isinstance(value, bool | np.timedelta64):
        return None
    try:
        with np.errstate(all="ignore"):
            return float(value)
    except OverflowError:
        return math.inf
    except Exception:
        return None


def switch(name, value):
    """True or False, and nothing that Python would take for one of them."""
    if not isinstance(value, bool | np.bool_):
        refuse(name, value, "allowed is True or False")
    return bool(value)


def text(name, value, most=200):
    """A str of at most `most` letters."""
    if not isinstance(value, str):
        refuse(name, value, "allowed is text")
    if len(value) > most:
        refuse(name, value, f"allowed are at most {most} letters")
    return value


def choice(name, value, options):
    """One of a few words."""
    if not isinstance(value, str) or value not in options:
        refuse(name, value, f"allowed is {' or '.join(map(repr, options))}")
    return value


def sequence(name, value, allowed, most=1000):
    """A list, tuple, range or array of one axis as a tuple of at most `most` items; no set, dict, text or iterator."""
    one_axis = type(value) is np.ndarray and value.ndim == 1
    if not one_axis and not isinstance(value, list | tuple | range):
        refuse(name, value, allowed)
    if len(value) > most:
        raise ValueError(f"{name}: got {len(value):,}; allowed are at most {most:,}")
    return tuple(value)


# ---- arrays

def numeric(name, value):
    """An array of finite floats of any shape."""
    array = value if type(value) is np.ndarray and value.dtype.char == "d" else _as_floats(name, value)
    if array.size > MOST_NUMBERS:
        raise ValueError(f"{name}: got {array.size:,} numbers; allowed are at most {MOST_NUMBERS:,}")
    if np.count_nonzero(np.isfinite(array)) != array.size:          # a third of the time of .all()
        bad = array[~np.isfinite(array)].flat[0]
        raise ValueError(f"{name}: got {bad} among {array.size} numbers; allowed are finite numbers")
    return array


def _as_floats(name, value):
    """What is no array of floats yet: only real numbers are let in."""
    if isinstance(value, np.ma.MaskedArray):
        if np.ma.getmaskarray(value).any():
            raise ValueError(f"{name}: got a masked array, {np.ma.count_masked(value):,} of {value.size:,} masked; "
                             "allowed are numbers: fill the masked ones or leave them out")
        value = value.data
    if isinstance(value, list | tuple | range):
        _look_through(name, value)
        array = value
    elif isinstance(value, numbers.Real) and not isinstance(value, np.generic):
        array = as_float(value) if not isinstance(value, bool) else "a bool"
    elif isinstance(value, np.ndarray | np.generic) or hasattr(type(value), "__array__"):
        try:
            array = np.asarray(value)
        except Exception:
            refuse(name, value, "allowed are numbers")
        if array.dtype.kind == "O":
            _look_through(name, array.ravel().tolist() if array.size <= LONGEST_LIST else range(LONGEST_LIST + 1))
        elif array.dtype.kind not in "fiu":
            hint = {"c": ": take .real", "b": ": write .astype(float)"}.get(array.dtype.kind, "")
            if array.size <= 6:
                refuse(name, value, f"allowed are numbers{hint}")
            raise ValueError(f"{name}: got an array of shape {array.shape} of {array.dtype}; allowed are numbers{hint}")
    else:
        refuse(name, value, "allowed are numbers")
    try:
        with np.errstate(all="ignore"):
            return np.asarray(array, dtype=float)
    except OverflowError:
        raise ValueError(f"{name}: got inf among numbers too large for a float; allowed are finite numbers") from None
    except Exception:
        refuse(name, value, "allowed are numbers, in rows of equal length")


def _look_through(name, items):
    """Refuse a list that is too long, too deep, or holds anything but numbers."""
    left, level = LONGEST_LIST, [items]
    for _ in range(DEEPEST):
        deeper = []
        for row in level:
            left -= len(row)
            if left < 0:
                raise ValueError(f"{name}: got a list of more than {LONGEST_LIST:,} numbers; allowed is that many, or "
                                 "an array of floats")
            if isinstance(row, range) or set(map(type, row)) <= {float, int, np.float64}:
                continue
            for item in row:
                if isinstance(item, list | tuple | range):
                    deeper.append(item)
                elif isinstance(item, np.ndarray):
                    left -= item.size
                    _as_floats(name, item)
                elif isinstance(item, np.ma.core.MaskedConstant) or as_float(item) is None:
                    refuse(name, items, "allowed are numbers")
        if not deeper:
            return
        level = deeper
    refuse(name, items, f"allowed are numbers, at most {DEEPEST} lists inside one another")


def cloud(name, theta, n_params):
    """theta as finite floats of shape (P, ...): row i is weight i, trailing axes count networks."""
    if type(theta) is np.ndarray and theta.dtype.char == "d" and theta.ndim and len(theta) == n_params:
        return numeric(name, theta)                                  # as it nearly always is
    if type(theta) is not np.ndarray or theta.dtype.char != "d":
        if isinstance(theta, list | tuple | range) and len(theta) != n_params and len(theta) > LONGEST_LIST:
            raise ValueError(f"{name}: got {len(theta):,} rows; allowed is ({n_params}, ...), one row per weight")
        theta = _as_floats(name, theta)
    shape = theta.shape
    if not shape or shape[0] != n_params:
        turned = ": turn it round, .T" if len(shape) == 2 and shape[1] == n_params else ""
        raise ValueError(f"{name}: got shape {shape}; allowed is ({n_params}, ...), one row per weight{turned}")
    return numeric(name, theta)


def one_network(name, theta, n_params):
    """theta of one network: (P,)."""
    theta = cloud(name, theta, n_params)
    if theta.ndim != 1:
        raise ValueError(f"{name}: got shape {theta.shape}; allowed is ({n_params},), one network")
    return theta


# ---- objects

def instance(name, value, kind, allowed):
    """An object of this class (or one of these)."""
    if not isinstance(value, kind):
        refuse(name, value, f"allowed is {allowed}")
    return value


def objective(name, value, most=None):
    """A Fit, a Surface, or anything else with loss, gradient and n_params; most: how many weights it may have."""
    P = None if isinstance(value, type) else getattr(value, "n_params", None)
    fits = isinstance(P, numbers.Integral) and not isinstance(P, bool) and P > 0
    if not fits or not callable(getattr(value, "loss", None)) or not callable(getattr(value, "gradient", None)):
        refuse(name, value, "allowed is a Fit or anything with loss, gradient, n_params")
    if most is not None and P > most:
        raise ValueError(f"{name}: got {P:,} weights; allowed are at most {most:,}")
    return value


def fit_of_layers(name, value, *others):
    """A Fit of a Network, layer by layer. others: functions that take a Fit of every model, for who brings another."""
    if not hasattr(fit(name, value).network, "sizes"):
        raise ValueError(f"{name}: got one of {value.network.called}; allowed is a Fit of a Network, layer by layer "
                         f"(for every model: {', '.join(others)})")
    return value


def is_fit(value):
    """Whether it is a Fit, known by a mark on its class, since lower floors than its own ask too."""
    return getattr(type(value), "is_fit", False)


def fit(name, value):
    """A Fit."""
    if not is_fit(value):
        refuse(name, value, "allowed is a Fit")
    return value
