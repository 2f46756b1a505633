"""Data of one's own in the explorer of boundaries: some rows are learned from, the others are the test."""
from dataclasses import replace
from functools import partial

import numpy as np

from bpviz.base.arguments import instance
from bpviz.explorers.own import choice_named, standing_in
from bpviz.network.data import Data

OWN_DATA = {"data": "own_data"}
LEAST_ROWS, TESTED = 15, 5        # one row in so many is kept for the test at least
MARGIN = 0.08


def parted(data, rows, seed):
    """(training rows, test rows) of a Data, drawn by the seed: so many, and all others."""
    order = np.random.default_rng(seed).permutation(data.rows)
    return tuple(replace(data, x=data.x[:, some], y=data.y[:, some]) for some in (order[:rows], order[rows:]))


def of_data(explorer, given):
    """The explorer of boundaries with this `data`. Raises ValueError for what is no plane of two classes."""
    data = instance("data", given["data"], Data, "the name of a cloud, or a Data of two inputs")
    can = "bp.explore.surface(fit=...) shows a fit of any data"
    inputs, targets = len(data.x), len(data.y)
    if inputs != 2 or targets != 1:
        raise ValueError(f"data: got {inputs} input{'s' * (inputs != 1)} and {targets} "
                         f"target{'s' * (targets != 1)}; boundary shows two inputs and one "
                         f"target. {can}")
    if not np.isin(data.y, (0, 1)).all():
        wrong = data.y[~np.isin(data.y, (0, 1))][0]
        raise ValueError(f"data: got the target {wrong:g}; boundary shows targets of 0 and 1. {can}")
    if data.rows < LEAST_ROWS:
        raise ValueError(f"data: got {data.rows} rows; boundary takes {LEAST_ROWS} or more: some to learn from, the "
                         "others to be tested on")
    most = data.rows - -(-data.rows // TESTED)
    return standing_in(explorer, {"data": (choice_named(data.name), {"rows": most})}, {"rows": most}, data,
                       scene=partial(explorer.scene, own=data), limits=lambda scene: {"noise": None})


def window_of(data):
    """((low, high) across, (low, high) up): where the rows are on both axes, and MARGIN of that around them."""
    low, high = data.x.min(axis=1), data.x.max(axis=1)
    around = np.where(high > low, MARGIN * (high - low), 1.0)
    return tuple(zip((low - around).tolist(), (high + around).tolist(), strict=True))
