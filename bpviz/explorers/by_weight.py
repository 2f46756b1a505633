"""One step of Adam, one weight held against the other, as facts for words.

here: an AdamStep of two weights (descent/adam_step.py), which every function takes.
"""
import numpy as np

LIKE, ABOUT = 1.1, 1.05       # numbers this close by their ratio are alike; steps this close about as far
LEVEL = 1e-9                  # a gradient below this, and a step as a share of the rate, are next to none
REST = 1e-3                   # a step of at most this share of the rate is next to none: no ratio of two such is told
NEARLY = 0.1                  # a step this close to the rate, as a share of it, is nearly the rate


def compared(here):
    """The weight with the larger gradient held against the other one, as facts."""
    size, moved, largest = np.abs(here.gradient), np.abs(here.move), np.abs(here.in_rates).max()
    k, kind = int(size.argmax()), _kind(here)
    two = kind == "two"
    moves = moved[k] / moved[1 - k] if two else None
    return {"kind": kind, "t": here.t, "alike": bool(two and 1 / ABOUT <= moves <= ABOUT), "steep": f"w{k + 1}",
            "flat": f"w{2 - k}", "mover": f"w{int(moved.argmax()) + 1}",
            "gradients": size[k] / size[1 - k] if two else None, "moves": moves,
            "largest": largest if kind == "rest" else None}


def _kind(here):
    """What there is to hold against each other: "two" gradients and steps, or what stands in the way of it."""
    size, moved, rate = np.abs(here.gradient), np.abs(here.move), here.optimizer.rate
    if not np.isfinite(here.gradient).all():
        return "lost"
    if not (size.any() or moved.any()):
        return "halts"
    if size.max() < LEVEL and moved.max() < LEVEL * rate:
        return "none"
    if np.abs(here.in_rates).max() < REST:
        return "rest"
    if not size.all():
        return "one" if size.any() else "coasts"
    return "two" if moved.all() else "moves"


def in_rates(here):
    """How far an AdamStep goes, in learning rates, as facts."""
    moved = here.in_rates
    known, size = bool(np.isfinite(moved).all() and moved.any()), np.abs(here.gradient)
    near = bool(known and (np.abs(np.abs(moved) - 1) <= NEARLY).all())
    return {"known": known, "near": near, "apart": bool(near and size.any() and size.max() >= 2 * size.min()),
            "first": moved[0] if known else None, "second": moved[1] if known else None, "rate": here.optimizer.rate}


def own_rates(here):
    """The rates that the weights have of their own in an AdamStep, as facts; apart: whether they differ."""
    k = int(here.rates.argmax())
    high, low = here.rates[k], here.rates[1 - k]
    known = bool(np.isfinite(here.rates).all())
    return {"known": known, "apart": bool(known and high > LIKE * low), "more": f"w{k + 1}", "less": f"w{2 - k}",
            "times": high / low if known else None, "high": high, "low": low}
