"""bpviz: understand backpropagation by moving its numbers.

Every public name is here; the heavy ones (SymPy, matplotlib, widgets) load on first use.
"""
from importlib import import_module

from bpviz.calculus.activations import ACTIVATIONS, Activation
from bpviz.calculus.losses import LOSSES, Loss
from bpviz.calculus.surfaces import SURFACES, Surface
from bpviz.descent.descend import descend
from bpviz.descent.flow import GradientFlow
from bpviz.descent.noise import Dropout, MiniBatch
from bpviz.descent.optimizers import OPTIMIZERS
from bpviz.descent.own import own_optimizer
from bpviz.descent.path import Path
from bpviz.descent.restarts import Restarts, restarts, wilson
from bpviz.descent.schedules import Constant, Cosine, Exponential, StepDecay
from bpviz.descent.stop import Stop
from bpviz.landscape.basin_map import Basins
from bpviz.landscape.basins import basins
from bpviz.landscape.critical import CriticalPoints, critical_points
from bpviz.landscape.directions import filter_normalised
from bpviz.landscape.endings import Verdict
from bpviz.landscape.newton import kind_of
from bpviz.landscape.planes import Plane
from bpviz.landscape.trainability import Trainability, box_dimension, trainability
from bpviz.landscape.verdict import verdict
from bpviz.network.backprop import Trace, backprop
from bpviz.network.code import code
from bpviz.network.data import CLOUDS, DATA, Data
from bpviz.network.fit import Fit
from bpviz.network.gradient_flow import LayerGradients, gradients_by_layer
from bpviz.network.jacobians import LayerJacobians, layer_jacobians, strongest_path
from bpviz.network.mean_field import MeanField, critical_line
from bpviz.network.shape import Network
from bpviz.network.starts import STARTS, initial_weights

__version__ = "0.1.0"

_OPTIMIZERS = {record.__name__: record for record in OPTIMIZERS.values()}      # each is a public name
globals().update(_OPTIMIZERS)

_ON_FIRST_USE = {
    "derive": "bpviz.symbolic.derive", "prove": "bpviz.symbolic.prove", "compare_gradients": "bpviz.symbolic.compare",
    "GradientTable": "bpviz.symbolic.gradient_table",
    "own_activation": "bpviz.symbolic.own", "own_loss": "bpviz.symbolic.own",
    "explore": "bpviz.explore", "picture": "bpviz.picture", "models": "bpviz.models",
    "puzzles": "bpviz.coursework.puzzles", "patients": "bpviz.coursework.lessons.lab_2.clinic",
    "check": "bpviz.widgets.checking", "hint": "bpviz.widgets.checking", "solution": "bpviz.widgets.checking",
    "glossary": "bpviz.coursework.glossary",
    "inventory": "bpviz.widgets.inventory",
    "predict": "bpviz.widgets.predict", "predictions": "bpviz.widgets.predictions", "sketch": "bpviz.widgets.sketch",
}

__all__ = [
    "ACTIVATIONS", "Activation", "Basins", "CLOUDS", "Constant", "Cosine",
    "CriticalPoints", "DATA", "Data", "Dropout", "Exponential", "Fit", "GradientFlow",
    "GradientTable", "LOSSES", "LayerGradients", "LayerJacobians", "Loss", "MeanField", "MiniBatch", "Network",
    "OPTIMIZERS", "Path", "Plane", "Restarts", "STARTS", "SURFACES", "StepDecay", "Stop", "Surface",
    "Trace", "Trainability", "Verdict", "backprop", "basins", "box_dimension", "check", "code", "compare_gradients",
    "critical_line", "critical_points", "derive", "descend", "explore", "filter_normalised",
    "glossary", "gradients_by_layer",
    "hint", "initial_weights", "inventory", "kind_of", "layer_jacobians", "models", "own_activation", "own_loss",
    "own_optimizer", "patients", "picture", "predict", "predictions", "prove", "puzzles", "restarts", "sketch",
    "solution", "strongest_path", "trainability",
    "verdict", "wilson",
]
__all__ += _OPTIMIZERS


def __getattr__(name):
    """PEP 562: import the module of a heavy name when the name is first used."""
    if name not in _ON_FIRST_USE:
        raise AttributeError(f"module 'bpviz' has no attribute {name!r}")
    module = import_module(_ON_FIRST_USE[name])
    value = module if name in ("explore", "models", "picture") else getattr(module, name)
    globals()[name] = value
    return value


def __dir__():
    return sorted(__all__)
