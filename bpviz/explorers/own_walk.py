"""A fit or a backward pass of one's own in the walk through a training step, or both.

A fit stands at weights of one's own, or at some drawn from a seed.

The network stands on the page with all its numbers, so it is of up to MOST_UNITS units a layer and MOST_LAYERS layers;
the derivation is made anew for it, so the rows are few.
"""
import numpy as np

from bpviz.base.arguments import fit_of_layers, one_network, refuse
from bpviz.base.work import Part
from bpviz.descent.optimizers import GradientDescent
from bpviz.explorers.own import choice_named, standing_in
from bpviz.explorers.own_walk_backward import WALKED_BACKWARD, with_walked_backward
from bpviz.symbolic.walk import TrainingStep

WALKED_FIT = {"fit": "own_walked_fit", "theta": "own_walked_theta", **WALKED_BACKWARD}
MOST_UNITS, MOST_LAYERS, MOST_ROWS = 4, 4, 12


def with_own(make, layout, explorer, given):
    """The explorer of the walk with what the learner brought. ValueError for what it cannot show.

    make: (fit, walk, theta or None) -> the scene.  layout: with room for what is said of theirs.
    """
    if {"fit", "theta"} & set(given):
        explorer = of_walked_fit(make, explorer, given)
    return with_walked_backward(explorer, given, given.get("fit"), layout) if "backward" in given else explorer


def of_walked_fit(make, explorer, given):
    """The explorer of the walk with this fit, at `theta` (P,) where one is given.  make: see with_own."""
    if "fit" not in given:
        refuse("theta", given["theta"], "allowed is one beside the fit that it belongs to, fit=...")
    fit = _shown(given["fit"])
    theta = one_network("theta", given["theta"], fit.n_params) if "theta" in given else None
    walk = TrainingStep(fit, GradientDescent)
    sizes = fit.network.sizes
    choices = {"example": (choice_named(fit.data.name), {}),
               "cures": (" + ".join(name for name, there in (("skip", fit.network.skip), (
                   "layer norm", fit.network.layer_norm)) if there) or "plain", {}),
               "hidden": ("-".join(map(str, sizes[1:-1])) or "none", {}),
               "activation": (", ".join(dict.fromkeys(fit.network.activations)), {}), "loss": (fit.loss_name, {})}
    whole = make(fit, walk, None if theta is None else np.array(theta))

    def scene(values):
        yield Part(1.0, whole)
    return standing_in(explorer, choices, {"step": len(walk.stops), "row": fit.data.rows}, fit.data, scene=scene)


def _shown(fit):
    """The fit, if the walk can show it."""
    fit = fit_of_layers("fit", fit, "bp.derive", "bp.compare_gradients")
    sizes, any_fit = fit.network.sizes, "bp.explore.surface(fit=...) shows any"
    if max(sizes) > MOST_UNITS or len(sizes) > MOST_LAYERS:
        raise ValueError(f"fit: got a network of sizes {sizes}; backprop shows up to {MOST_UNITS} units in a layer and "
                         f"{MOST_LAYERS} layers, inputs and outputs among them. {any_fit}")
    if fit.data.rows > MOST_ROWS:
        raise ValueError(f"fit: got one of {fit.data.rows:,} rows; backprop walks through {MOST_ROWS} at most. "
                         f"{any_fit}")
    for kept, what in ((fit.l2, f"the penalty l2={fit.l2:g}"), (fit.frozen, "frozen weights"),
                       (fit.reduction != "mean", f"reduction={fit.reduction!r}")):
        if kept:
            raise ValueError(f"fit: got one with {what}; backprop shows the plain gradient of the mean over the rows. "
                             f"{any_fit}")
    return fit
