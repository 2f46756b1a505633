"""What a network of any number of inputs answers at one place of its landscape: over x, over the plane, or row by row.

curve    one input, one output: the answers over x
plane    two inputs, one output: where they are above the middle of the targets, and how far
rows     any other: the answer beside the target, for every row and output
"""
from dataclasses import dataclass

import numpy as np

from bpviz.plots.answers import inputs

CURVE, PLANE, ROWS = "curve", "plane", "rows"
CELLS, FEWER, LARGE = 64, 24, 2000       # of the plane, a side; for networks of more weights than LARGE
MARGIN = 0.08
MOST_ROWS = 400                          # that are shown of more, evenly taken


@dataclass(frozen=True)
class Asking:
    """Where a Fit's network is asked: `kind`, the inputs x (n_in, n), and for a plane its window."""
    kind: str
    x: np.ndarray
    window: tuple | None = None


def asked(fit):
    """The Asking of a Fit."""
    x = fit.data.x
    if len(fit.data.y) > 1 or len(x) > 2:
        return Asking(ROWS, x[:, some_rows(fit.data.rows)])
    if len(x) == 1:
        return Asking(CURVE, inputs(fit.data)[None])
    low, high = x.min(axis=1), x.max(axis=1)
    more = np.where(high > low, MARGIN * (high - low), 1.0) + 0.12 * (high - low)
    window = tuple(zip((low - more).tolist(), (high + more).tolist(), strict=True))
    n = CELLS if fit.n_params <= LARGE else FEWER
    return Asking(PLANE, np.stack(np.meshgrid(*(np.linspace(*ends, n) for ends in window))).reshape(2, -1), window)


def some_rows(rows):
    """Which rows are shown: all, or MOST_ROWS of them."""
    return np.arange(rows) if rows <= MOST_ROWS else np.linspace(0, rows - 1, MOST_ROWS).astype(int)


def answers_at(fit, theta, where):
    """The answers of the network with weights theta (P,), where it is asked.

    A curve: (n,).  A plane: (cells, cells), 0 at the lowest target, 1 at the highest.  Rows: (outputs * rows,).
    """
    answer = fit.predict(theta, where.x)
    if where.kind == PLANE:
        n, (low, high) = round(where.x.shape[1] ** 0.5), ends_of(fit.data.y)
        return ((answer[0] - low) / (high - low)).reshape(n, n)
    return answer[0] if where.kind == CURVE else answer.ravel()


def ends_of(y):
    """The lowest and the highest target; one apart where all are alike."""
    low, high = float(y.min()), float(y.max())
    return (low, high) if high > low else (low - 0.5, high + 0.5)
