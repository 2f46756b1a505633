"""Which line of a NumPy script (network/code.py) finds which quantities, by their names."""
import re
from itertools import product

ASSIGNED = re.compile(r"^(dW|db|W|b|z|a|d)(\d+) = |^(x|t|loss) = |^(h)(\d+), s\d+ = ")


def quantities(line, sizes):
    """The names of what a line of the script finds in a network of these sizes: ("z1[1]", "z1[2]"), or ().

    A line d1 = (W2 @ d2) * f_slope(...) finds dL/dz1, and dL/da1 on the way; with layer norm it finds dL/dh1.
    """
    found = ASSIGNED.match(line)
    if not found:
        return ()
    letter, layer = found[1] or found[3] or found[4], int(found[2] or found[5] or 0)
    units = range(1, sizes[{"t": -1, "loss": 0}.get(letter, layer)] + 1)
    if letter in ("W", "dW"):
        before = range(1, sizes[layer - 1] + 1)
        return tuple(f"{'dL/d' * (letter == 'dW')}w{layer}[{i},{j}]" for i, j in product(before, units))
    if letter == "h":
        return (f"m{layer}", f"s{layer}", *(f"h{layer}[{j}]" for j in units))
    if letter == "d":
        of = ("h" if "slope(h" in line else "z", "a")[:1 + ("slope(" in line)]
        return tuple(f"dL/d{one}{layer}[{j}]" for one in of for j in units)
    if letter == "loss":
        return ("L",)
    if letter in "xt" or (letter, layer) == ("a", 0):
        return tuple(f"{'x' if letter == 'a' else letter}[{j}]" for j in units)
    return tuple(f"{'dL/d' * (letter == 'db')}{letter[-1]}{layer}[{j}]" for j in units)


def line_of(script, name, sizes):
    """The first line of a script that finds the quantity of this name, or "".

    Of a dL/dz it is the last: a skip adds to it.
    """
    lines = script.splitlines()[::-1 if name.startswith("dL/dz") else 1]
    return next((line for line in lines if name in quantities(line, sizes)), "")
