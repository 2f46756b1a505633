"""Learners' functions run in a process of their own: right numbers or one sentence, and nothing left behind.

The sentences are written here by hand: they are what a learner reads.
"""
import re
import time

import numpy as np
import pytest

from bpviz.coursework.apart import Odd, Outcome, run
from bpviz.coursework.texts import written

X, W = np.arange(6.0).reshape(2, 3), np.ones((3, 2), "f4")
CALLS = [{"x": X, "W": W}]
RIGHT = (X @ W,)
LIMIT = 1.5

HONEST = {                                           # text of the cells, what it gives on X, W
    "a helper in another cell": ("def g(z):\n    return 2 * z\ndef f(x, W):\n    return g(x @ W)", 2 * X @ W),
}
LINE = {                                             # one line inside `def f(x, W):`, before `return x @ W`
}
