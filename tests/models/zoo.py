"""Every model of bpviz/models at several sizes, each with an oracle: the same forward pass in plain loops, for autograd.

A file of tests/models/loops is of one kind of model. It has SAMPLES, a tuple of Sample; tests/models/test_laws.py asks
the same of all of them. No loop shares a line with bpviz.
"""
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

import autograd.numpy as anp
import numpy as np

import bpviz as bp
from bpviz.network.model import Model

LOSSES = {"squared error": lambda z, t: anp.sum((z - t) ** 2),
          "binary cross-entropy": lambda z, t: anp.sum(anp.log(1 + anp.exp(z)) - t * z),
          "softmax cross-entropy": lambda z, t: anp.sum(t * (anp.log(anp.sum(anp.exp(z))) - z))}


def normal(model, rows, rng):
    return rng.normal(size=(model.n_in, rows))


@dataclass(frozen=True)
class Sample:
    """A model with its oracle.

    score: (model, theta (P,), x (n_in,)) -> scores (n_out,), with autograd's NumPy and loops over single numbers.
    inputs: (model, rows, rng) -> x (n_in, rows) that the model takes; normal numbers if it takes any.
    faults: whether a fault is planted in every line of its backward pass: for a small one of each kind.
    """
    model: Model
    score: Callable
    inputs: Callable = normal
    faults: bool = False

    def __str__(self):
        return str(self.model)

    def fit(self, loss="cross-entropy", l2=0.0, rows=4):
        """(fit, theta): random data of a few rows, and weights."""
        m = self.model
        rng = np.random.default_rng(m.n_params)
        y = rng.uniform(0.1, 0.9, size=(m.n_out, rows))
        y = y / y.sum(axis=0) if m.n_out > 1 else y
        return bp.Fit(m, loss, bp.Data(self.inputs(m, rows, rng), y), l2), rng.normal(size=m.n_params)

    def slow_loss(self, fit):
        """theta (P,) -> the loss without its penalty, one row at a time."""
        def loss(theta):
            rows = [LOSSES[fit.loss_record.name](self.score(self.model, theta, x), t)
                    for x, t in zip(fit.data.x.T, fit.data.y.T, strict=True)]
            return sum(rows) / len(rows)
        return loss


def planted(model, writes, slope):
    """The model with another slope for one of its stages; slope: (the right one) -> the wrong one."""
    broken = replace(model)
    broken.__dict__["stages"] = tuple(replace(stage, slope=slope(stage.slope)) if stage.writes == writes else stage
                                      for stage in model.stages)
    return broken


def gathered():
    """The Samples of all files."""
    return tuple(sample for file in sorted((Path(__file__).parent / "loops").glob("[a-z]*.py"))
                 for sample in import_module(f"loops.{file.stem}").SAMPLES)
