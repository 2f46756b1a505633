"""A fit of any network in the explorer of slices: at weights of one's own, or in the best plane of a path.

A large network's landscape costs more per point: the slices then have fewer, and beyond MOST_CURVED weights nothing is
said of its curvature.
"""
from functools import partial

import numpy as np

from bpviz.base.arguments import fit_of_layers, instance, is_fit, one_network, refuse
from bpviz.descent.path import Path
from bpviz.explorers.own import choice_named, standing_in
from bpviz.landscape.path_plane import path_plane

ANY_FIT = {"fit": "own_fit", "theta": "own_theta", "path": "own_path"}
PLANE, YOURS = "plane of the path", "yours"
SHOWN = 0.85                     # of the window that a path fills, from the middle
MOST_WEIGHTS, MOST_CURVED, BUDGET = 100_000, 200, 2e7
LEAST_CELLS = 16


def cells_for(fit, cells):
    """How many points a side a slice has, so that a network's answers to the rows stay within the budget."""
    return int(max(LEAST_CELLS, min(cells, (BUDGET / (fit.data.rows * fit.network.units + fit.n_params)) ** 0.5)))


def of_any_fit(reach, hills, explorer, given):
    """The explorer of slices with this fit; at `theta` (P,), or along the plane of `path`, where one is given.

    hills: (explorer, given) -> the explorer of an objective that is no Fit.
    """
    if "fit" not in given:
        name = next(iter(given))
        refuse(name, given[name], "allowed is one beside the fit that it belongs to, fit=...")
    if hasattr(given["fit"], "loss") and not is_fit(given["fit"]):
        return hills(explorer, given)
    fit = fit_of_layers("fit", given["fit"], "bp.Plane", "bp.descend")
    if not 2 <= fit.n_params <= MOST_WEIGHTS:
        raise ValueError(f"fit: got one of {fit.n_params:,} weights; surface shows 2 to {MOST_WEIGHTS:,}")
    if {"theta", "path"} <= set(given):
        refuse("theta", given["theta"], "allowed is a theta or a path, not both")
    choices, theta, track = {"network": (choice_named(fit.data.name), {})}, None, None
    if "theta" in given:
        theta = one_network("theta", given["theta"], fit.n_params)
    if "path" in given:
        path = instance("path", given["path"], Path, "a Path, as bp.descend gives it")
        if path.theta.ndim != 2 or len(path.theta) != fit.n_params or path.ended == "ran away":
            raise ValueError(f"path: got one of shape {path.theta.shape}, {path.ended}; allowed is that of one network "
                             f"of {fit.n_params:,} weights that has not run away")
        theta, track = path.end, path_plane(path.theta, SHOWN * reach)
        choices["slice"] = PLANE, {}
    if theta is not None:
        choices["weights"] = YOURS, {}
    scene = partial(explorer.scene, own=(fit, None if theta is None else np.array(theta), track))
    return standing_in(explorer, choices, {"first": fit.n_params, "second": fit.n_params}, fit.data,
                       scene=scene)
