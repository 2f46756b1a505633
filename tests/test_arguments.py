"""Every argument of every public name, with values that nobody should give and somebody will.

The law: a call gives a result that is right for the value, or one sentence that begins with the argument's name. Never
an error from deep inside, never a warning, never silence about nonsense; and a refusal takes less than half a second.
"""
import ast
import dataclasses
import functools
import inspect
import itertools
import json
import re
import time
import warnings
from fractions import Fraction
from pathlib import Path

import numpy as np
import own_lesson
import pytest
import small_exercise
from hostile import HOSTILE, SEESAW

import bpviz as bp
from bpviz.descent.method import Optimizer
from bpviz.descent.torchs_names import TORCH
from bpviz.explorers import all_explorers
from bpviz.network.model import Model

TWO = np.array([0.5, 2.0])
NET = SEESAW.network
BIASED = bp.Network((1, 1, 1))
POINTS, WALK = bp.critical_points(SEESAW, starts=12), bp.descend(SEESAW, TWO, bp.GradientDescent(1.0), 40)
MAP = bp.basins(SEESAW, cells=4, optimizer=bp.GradientDescent(5.0), steps=16)
RUNS = bp.restarts(SEESAW, bp.GradientDescent(1.0), 3, 4)
ONE = bp.Fit(bp.Network((1, 1), bias=False), "squared error", bp.Data([1.0], [0.5]))
DERIVED = bp.derive(SEESAW)["w1[1,1]"]
SMALL = bp.Plane(np.zeros(2), [1.0, 0], [0, 1.0], cells=4)
FLOW = bp.gradients_by_layer(SEESAW, TWO)
JACOBIANS = bp.layer_jacobians(SEESAW, TWO)
TRACE = bp.backprop(SEESAW, TWO)
GROUND = bp.trainability(SEESAW, TWO, -1, 1, 8, 20)
RECORDS = {"Path": WALK, "Basins": MAP, "Restarts": RUNS, "CriticalPoints": POINTS, "LayerGradients": FLOW,
           "LayerJacobians": JACOBIANS, "Trainability": GROUND, "Trace": TRACE, "Activation": bp.ACTIVATIONS["tanh"],
           "Loss": bp.LOSSES["binary cross-entropy"], "Surface": bp.SURFACES["booth"],
           "Verdict": bp.verdict(SEESAW, WALK, POINTS, bp.GradientDescent(1.0))}


def fields_of(record):
    return {part.name: getattr(record, part.name) for part in dataclasses.fields(record) if part.init}


def of_own_lesson(call):
    """The call, in a course that has the tests' own lesson."""
    @functools.wraps(call)
    def within(**given):
        with own_lesson.installed():
            return call(**given)
    return within


def of_small_exercise(call):
    """The call, in a course of one exercise; a wrong answer is an answer."""
    @functools.wraps(call)
    def within(**given):
        with small_exercise.installed():
            try:
                return call(**given)
            except AssertionError:
                return None
    return within


OWN_FILE = Path(__file__).with_name("own_data.csv")
OPTIMIZERS = [record.__name__ for record in bp.OPTIMIZERS.values()]
FIT, TABLE = {"fit": SEESAW}, bp.compare_gradients(SEESAW, TWO)
CALLS = {                                    # name: (callable, good values for all its arguments)
    **{name: (getattr(bp, name), fields_of(record)) for name, record in RECORDS.items()},
    **{name: (getattr(bp, name), fields_of(getattr(bp, name)())) for name in (
        *OPTIMIZERS, "GradientFlow", "Constant", "Cosine", "Dropout", "Exponential", "MeanField", "MiniBatch", "StepDecay")},
    "own_optimizer": (bp.own_optimizer, dict(begin=lambda theta: (), rate=0.5, name="mine", advance=(
        lambda theta, gradient, state, rate: (theta - rate * gradient, ())))),
    "Stop": (bp.Stop, dict(loss=0.5, gradient=0.5, accuracy=0.5, within=0.5)),
    "GradientDescent": (bp.GradientDescent, dict(rate=0.5, momentum=0.5, nesterov=True, weight_decay=0.5)),
    "Adam by torch's name": (bp.Adam, dict(lr=0.5)),
    "Data": (bp.Data, dict(x=[[0.5, 2.0]], y=[[1.0, 0.0]], name="n", why="w", classes=("a", "b"),
                           activation="tanh", rate=0.5, scaling=((0.5, 2.0),))),
    "Data.read": (bp.Data.read, dict(source=OWN_FILE, inputs=["size"], targets=["price"], standardise=False, name="n", classes=None)),
    "Data.from_rows": (bp.Data.from_rows, dict(X=[[0.5], [2.0]], y=[0.5, 1.0], name="n", why="w", classes=None)),
    "Data.from_rows, classes": (bp.Data.from_rows, dict(X=[[0.5], [2.0]], y=["a", "b"], name="n", why="w", classes=None)),
    "Fit": (bp.Fit, dict(network=NET, loss_name="squared error", data=SEESAW.data, l2=0.5, frozen=("w1[1,1]",),
            reduction="mean")),
    "Fit.loss": (SEESAW.loss, dict(theta=TWO)), "Fit.gradient": (SEESAW.gradient, dict(theta=TWO, rows=[0, 2])),
    "Fit.by_row": (SEESAW.by_row, dict(theta=TWO)),
    "Fit.free_at": (bp.Fit(NET, "squared error", SEESAW.data, frozen=("w1[1,1]",)).free_at, dict(theta=TWO)),
    "Fit.hessian": (SEESAW.hessian, dict(theta=TWO)), "Fit.predict": (SEESAW.predict, dict(theta=TWO, x=[[0.5, 1.0]])),
    "models.Convolution": (bp.models.Convolution, fields_of(bp.models.Convolution())),
    "Network": (bp.Network, dict(sizes=(2, 2, 2, 1), activation="tanh", bias=True, skip=True, layer_norm=True)),
    "Network.pack": (BIASED.pack, dict(layers=[([[0.5]], [1.0]), ([[2.0]], [0.25])], layout=None)),
    "Network.layers": (NET.layers, dict(theta=TWO)), "Network.index": (NET.index, dict(name="w1[1,1]")),
    "MeanField.length": (bp.MeanField().length, dict(q=[0.5, 1.0])), "MeanField.chi": (bp.MeanField().chi, dict(q=[0.5])),
    "MeanField.ends_at": (bp.MeanField().ends_at, dict(q=0.5)), "MeanField.slope_at": (bp.MeanField().slope_at, dict(q=0.5)),
    "MeanField.correlation": (bp.MeanField("tanh", 2.0).correlation, dict(c=[0.5], q=1.0)),
    "Plane": (bp.Plane, dict(origin=TWO, first=[1.0, 0.0], second=[0.0, 1.0], low=0.5, high=2.0, cells=4, scale="log")),
    "Plane.of_weights": (bp.Plane.of_weights, dict(objective=SEESAW, first=0, second="w2[1,1]", origin=TWO, cells=4)),
    "Plane.loss": (SMALL.loss, dict(objective=SEESAW)),
    "Basins.at": (MAP.at, dict(s=0.5, t=2.0)), "Basins.name": (MAP.name, dict(label=0)),
    "Basins.part": (MAP.part, dict(label=0)), "CriticalPoints.nearest": (POINTS.nearest, dict(theta=TWO)),
    "CriticalPoints.degenerate": (POINTS.degenerate, dict(point=0)),
    "CriticalPoints.of_kind": (POINTS.of_kind, dict(kind="saddle")), "Restarts.reached": (RUNS.reached, dict(level=0.5)),
    "Surface.loss": (bp.SURFACES["booth"].loss, dict(theta=TWO)),
    "Surface.gradient": (bp.SURFACES["booth"].gradient, dict(theta=TWO)),
    "Surface.hessian": (bp.SURFACES["booth"].hessian, dict(theta=TWO)),
    **{f"{name}.stability_limit": (getattr(bp, name)().stability_limit, dict(curvature=0.5))
       for name in (*OPTIMIZERS, "GradientFlow")},
    **{f"{name}.__call__": (getattr(bp, name)(), dict(k=3)) for name in ("Constant", "StepDecay", "Exponential", "Cosine")},
    "MiniBatch.drawn": (bp.MiniBatch().drawn, dict(total=3, k=1, shape=(2,))),
    "MiniBatch.gradient": (bp.MiniBatch().gradient, dict(fit=SEESAW, theta=TWO, k=1)),
    "Dropout.mask": (bp.Dropout().mask, dict(network=NET, k=1, shape=(2,))),
    "Dropout.gradient": (bp.Dropout().gradient, dict(fit=SEESAW, theta=TWO, k=1)),
    "backprop": (bp.backprop, dict(**FIT, theta=TWO, one_pass=None, rows=[0, 2])),
    "basins": (bp.basins, dict(objective=SEESAW, low=-2.0, high=2.0, cells=4, optimizer=bp.GradientDescent(1.0), steps=16,
                               plane=None, exact=True, schedule=None, executor=None, minima=MAP.minima)),
    "box_dimension": (bp.box_dimension, dict(edge=[[1.0, 0.0], [1.0, 1.0]], sides=(1, 2))),
    "critical_line": (bp.critical_line, dict(activation="tanh", q=[0.5, 1.0])),
    "filter_normalised": (bp.filter_normalised, dict(network=NET, theta=TWO, direction=[2.0, 0.5])),
    "kind_of": (bp.kind_of, dict(eigenvalues=[0.5, 2.0], flat=0.5)),
    "code": (bp.code, dict(**FIT, theta=TWO)),
    "compare_gradients": (bp.compare_gradients, dict(**FIT, theta=TWO, chain=None, one_pass=None)),
    "critical_points": (bp.critical_points, dict(objective=SEESAW, low=-2.0, high=2.0, starts=8, certify=False, seed=0)),
    "derive": (bp.derive, FIT),
    "Derivation.at": (DERIVED.at, dict(theta=TWO)), "Derivation.text": (DERIVED.text, dict(theta=TWO, row=1)),
    "Derivation.latex": (DERIVED.latex, dict(theta=TWO, row=1)),
    "descend": (bp.descend, dict(objective=SEESAW, theta=TWO, optimizer=bp.GradientDescent(1.0), steps=4,
                                 until_settled=False, settled_below=0.5, schedule=None, noise=None, clip=0.5,
                                 stop=None, keep_inner=False)),
    "gradients_by_layer": (bp.gradients_by_layer, dict(**FIT, theta=TWO)),
    "initial_weights": (bp.initial_weights, dict(network=BIASED, start="He", seed=2, gain=0.5, sigma_b=0.5)),
    "layer_jacobians": (bp.layer_jacobians, dict(**FIT, theta=TWO, row=1)),
    "own_activation": (bp.own_activation, dict(text="z*tanh(z)", name="fuzzed one")),
    "own_loss": (bp.own_loss, dict(text="(o-t)**2", name="fuzzed loss")),
    "prove": (bp.prove, dict(network=ONE.network, loss_name="squared error", rows=1, one_pass=None, reduction="mean")),
    "restarts": (bp.restarts, dict(objective=SEESAW, optimizer=bp.GradientDescent(1.0), starts=2, steps=4, low=-1.0, high=1.0,
                                   seed=0, schedule=None, noise=None, clip=None, stop=None)),
    "strongest_path": (bp.strongest_path, dict(jacobians=JACOBIANS)),
    "trainability": (bp.trainability, dict(**FIT, theta=TWO, low=-1.0, high=1.0, cells=8, steps=20, over="rates",
                                           optimizer=bp.Adam(0.5))),
    "verdict": (bp.verdict, dict(objective=SEESAW, path=WALK, points=POINTS, optimizer=bp.GradientDescent(1.0), noise=None,
                                 schedule=None, clip=None)),
    **{f"{type(one).__name__}.plot": (one.plot, dict(axes=None)) for one in (
        WALK, MAP, POINTS, RUNS, bp.gradients_by_layer(SEESAW, TWO), bp.trainability(SEESAW, TWO, (-1, -1), (1, 1), 8, 20))},
    "GradientTable": (bp.GradientTable, dict(rows=TABLE.rows)),
    "wilson": (bp.wilson, dict(successes=3, n=5, z=2.0)),
    **{f"CLOUDS {name}": (make, dict(rows=6, noise=0.5, seed=0)) for name, make in bp.CLOUDS.items()},
    "picture.network": (bp.picture.network, dict(**FIT, theta=TWO, row=1)),
    "picture.activation": (bp.picture.activation, dict(activation="tanh", reach=2.0)),
    "picture.loss_curve": (bp.picture.loss_curve, dict(path=WALK, axes=None, goal=0.5)),
    "picture.restarts": (bp.picture.restarts, dict(result=RUNS, axes=None)),
    "picture.gradients_by_layer": (bp.picture.gradients_by_layer, dict(result=bp.gradients_by_layer(SEESAW, TWO), axes=None)),
    "picture.critical_points": (bp.picture.critical_points, dict(result=POINTS, objective=SEESAW, axes=None)),
    "picture.trainability": (bp.picture.trainability, dict(result=bp.trainability(SEESAW, TWO, (-1, -1), (1, 1), 8, 20), axes=None)),
    "picture.one_weight": (bp.picture.one_weight, dict(fit=ONE, low=-2.0, high=2.0)),
    "picture.basins": (bp.picture.basins, dict(result=MAP, names=("one", "two"), axes=None)),
    "picture.training": (bp.picture.training, dict(fit=SEESAW, path=WALK, step=2, goal=0.5)),
    "picture.layers": (bp.picture.layers, dict(**FIT, thetas={"a": TWO})),
    "check": (of_small_exercise(bp.check), dict(id="L98-q2", answer="text", copy="ada", solution=True)),
    "hint": (of_small_exercise(bp.hint), dict(id="L98-q2")),
    "solution": (of_small_exercise(bp.solution), dict(id="L98-q2")),
    "glossary": (bp.glossary, dict(word="update")),
    "inventory": (bp.inventory, dict(when="before")),
    "predict": (of_own_lesson(bp.predict), dict(id="L99-p1")),
    "predictions": (of_own_lesson(bp.predictions), dict(lesson="L99")),
    "sketch": (of_own_lesson(bp.sketch), dict(id="L99-q8")),
    "puzzle": (lambda number: bp.puzzles[number], dict(number=2)),
    "Puzzle.compare": (bp.puzzles[1].compare, dict(fit=SEESAW, theta=TWO)),
    "Puzzle.prove": (bp.puzzles[1].prove, dict(network=ONE.network, loss_name="squared error", rows=1)),
    "Puzzle.answer": (bp.puzzles[1].answer, dict(name="factor 2")),
    **{f"{kind} by name": (lambda name, kind=kind: getattr(bp, kind)[name], dict(name=next(iter(getattr(bp, kind)))))
       for kind in ("ACTIVATIONS", "LOSSES", "STARTS", "DATA", "CLOUDS", "OPTIMIZERS", "SURFACES")},
    "derivation by name": (lambda name: bp.derive(SEESAW)[name], dict(name="w1[1,1]")),
}
# What a sentence may begin with besides the argument's own name.
ALSO = {"loss_name": ["loss"], "name": ["weight", "activation", "loss", "start", "data set", "cloud", "optimizer",
                                        "surface", "fault"],
        "layers": ["W of", "b of"], "data": ["x"], "number": ["puzzle"], "text": ["formula"], "x": ["y"], "y": ["X", "x"],
        "X": ["x"], "origin": ["first", "second", "objective"], "first": ["second", "weight"], "second": ["weight"],
        "network": ["sigma_b"], "classes": ["y", "targets"], "high": ["low"], "low": ["high"], "rows": ["x"], "theta": ["fit"], "successes": ["n"], "momentum": ["nesterov"],
        "nesterov": ["momentum"], "points": ["path"], "objective": ["plane", "noise", "weight"], "optimizer": ["objective"],
        "id": ["prediction", "exercise"], "sizes": ["activation", "skip", "layer_norm", "network"], "lr": ["rate"], "fit": ["theta"]}
# Protocols and lines that run on any number there is (symbols, intervals, recorded ones): they cannot ask for floats.
EXEMPT = {"start": "state of a descent, inner loop", "step": "inner loop, also on recorded numbers",
          "kernel": "what `descend` asks an optimizer for", "join": "the backward pass runs it on symbols",
          "split": "the backward pass runs it on symbols", "forward": "over any xp", "forward_and_backward": "over any xp",
          "accepts": "called by Fit on checked targets", "divisor": "called by every pass on the rows it has", "layered": "of lists of any world", "value": "over any xp", "slope": "over any xp", "penalty": "of theta of any world", "squares": "of theta of any world", "output": "over any xp",
          "__getitem__": "an index, as of a list", "admit": "what loss and gradient check theta with",
          "on_the_way": "the inner loop of a descent", "chosen": "what a menu asks a class for, its knobs' values checked"}
# What a parameter may take beside its good value: labels of hostile values, by its name or by its call.
ANY_TEXT = {"text", "no text", "text False", "text nan", "unicode", "np text"}
ANY_NUMBER = {"nan", "inf", "minus inf", "np.float32 nan", "huge", "minus huge", "huger", "hugest", "long double"}
NUMBERS = {"nan array", "inf array", "bools", "long doubles", "0-d", "nine axes", "no numbers", "wide", "wide row", "wide column", "wider"}
SHAPES = {"0-d", "no list", "no tuple", "nine axes", "no numbers"}
CALLABLE = {"function", "lambda", "mock"}              # what they do when they are called is for their owner to mend
MAY = {
    "name": ANY_TEXT, "why": ANY_TEXT, "names": set(), "answer": set(HOSTILE), "copy": ANY_TEXT, "formula": ANY_TEXT | {"long text"}, "source": ANY_TEXT | {"long text"},
    "output_name": ANY_TEXT | {"long text"}, "words": ANY_TEXT | {"long text"}, "seed": {"huge", "huger", "hugest", "rng"},
    "objective": {"a Fit", "a Surface"}, "fit": {"a Fit"}, "network": {"a Network"}, "data": {"a Data"},
    "optimizer": {"an Adam", "a GradientFlow"}, "plane": {"a Plane", "None"}, "path": {"a Path"},
    **dict.fromkeys(("rate", "lr", "rate_decay", "weight_decay", "initial", "eps", "tolerance", "settled_below", "l2", "level", "s", "t",
                     "gain", "sigma_b", "clip", "k"), {"huge", "minus huge"}),
    **dict.fromkeys(("steps", "every", "rows", "curvature", "slope_at"), ANY_NUMBER - {"nan", "np.float32 nan"}),
    "low": {"0-d"}, "high": {"0-d"}, "noise": {"a MiniBatch"}, "shape": {"no list", "no tuple"}, "frozen": {"no list", "no tuple"}, "one_pass": CALLABLE,
    "schedule": CALLABLE, "c": SHAPES,
    "MeanField.length": SHAPES | {"huge"}, "MeanField.chi": SHAPES | {"huge"}, "q": ANY_NUMBER - {"nan", "np.float32 nan"},
    "Network.layers": {"nan array", "inf array", "complex array", "long doubles", "objects", "wider"},   # any kind of number: it only cuts
    "y": {"bools", "numbers as text", "texts"}, "scaling": {"no list", "no tuple"}, "classes": {"no tuple", "True", "False"}, "None": {"None"},
    **dict.fromkeys(("value", "slope", "by_answer", "short", "accepts", "output"), CALLABLE),
    "own_optimizer": CALLABLE, "Path": {"dict", "no dict"}, "LayerGradients": ANY_NUMBER | NUMBERS, "Activation": {"long text"},
    "Surface": {"long text", "no tuple"}, "Basins": ANY_NUMBER | {"no tuple"},
    "CriticalPoints": ANY_NUMBER | NUMBERS | {"no tuple"}, "Restarts": ANY_NUMBER | NUMBERS,
    "Trainability": ANY_NUMBER | NUMBERS, "picture.basins": {"texts", "numbers as text"}, "Verdict": ANY_NUMBER | ANY_TEXT | {"long text"}, "Fit.predict": {"wide", "wide row"},
    "critical_line": SHAPES | {"huge"}, "kind_of": {"wide"}, "box_dimension": {"wide row", "wide column"},
    "LayerJacobians": {"no tuple"}, "Stop": {"huge", "minus huge"}, "Loss": ANY_NUMBER | {"long text"},
}


def admissible(call, name, good):
    """The hostile values that this argument may take, since for it they are not hostile."""
    may = MAY.get(name, set()) | MAY.get(call, set())
    parameter = inspect.signature(CALLS[call][0]).parameters.get(name)
    default = parameter.default if parameter else ""
    if good is None or default is None:
        may |= {"None"}
    if isinstance(good, bool):
        may |= {"True", "False", "np.True"}
    return may


@pytest.fixture(autouse=True)
def tables():
    """Own formulas are taken out of the menus again."""
    kept = [(table, dict(table)) for table in (bp.ACTIVATIONS, bp.LOSSES)]
    yield
    for table, records in kept:
        table.clear()
        table.update(records)


def run(call, given):
    """("value", result) or ("said", error), warnings being errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return "value", call(**given)
        except (ValueError, TypeError) as error:
            return "said", error


CASES = [(name, argument) for name, (_, good) in CALLS.items() for argument in good
         if (name, argument) not in (("Trace", "loss"), ("Trace", "gradient"))]        # numbers of any world, symbols too


@pytest.mark.parametrize("name, argument", CASES, ids=[f"{name}-{argument}" for name, argument in CASES])
def test_a_hostile_value_is_answered_in_a_sentence(name, argument):
    call, good = CALLS[name]
    allowed, wrong = admissible(name, argument, good[argument]), []
    begin = (argument, *ALSO.get(argument, ()), name.split(".")[0])
    if name in RECORDS:                                  # parts that do not fit: either may be the one that is named
        begin += tuple(good)
    for label, value in HOSTILE.items():
        best = np.inf
        for _ in range(3):
            began = time.perf_counter()
            try:
                kind, what = run(call, {**good, argument: value})
            except BaseException as error:
                kind, what = "died", error
            best = min(best, time.perf_counter() - began)
            if best < 0.5 or kind != "said":
                break
        said = str(what) if kind != "value" else ""
        if label in CALLABLE & allowed and kind != "value":
            continue
        if kind == "died" or (kind == "said" and not re.match("|".join(rf"{re.escape(word)}\b" for word in begin), said)):
            wrong.append(f"{label}: {type(what).__name__}: {said[:200]}")
        elif kind == "said" and (best > 0.5 or len(said) > 700 or "\n" in said):
            wrong.append(f"{label}: took {best:.2f} s, {len(said)} letters: {said[:200]}")
        elif kind == "value" and label not in allowed:
            wrong.append(f"{label}: taken without a word")
    assert not wrong, "\n".join(wrong)


def public():
    """Every callable that a user can write: {name: signature}."""
    for name in bp.__all__:
        thing = getattr(bp, name)
        if inspect.isclass(thing):
            yield name, thing
            for method, function in inspect.getmembers(thing, lambda part: inspect.isfunction(part) or inspect.ismethod(part)):
                if (not method.startswith("_") or method in ("__call__", "__getitem__")) and method not in EXEMPT:
                    yield f"{name}.{method}", function
        elif callable(thing):
            yield name, thing
    for name, thing in vars(bp.picture).items():
        if inspect.isfunction(thing) and thing.__module__ == "bpviz.picture" and not name.startswith("_"):
            yield f"picture.{name}", thing


def test_no_argument_of_a_public_name_is_left_out():
    for name, thing in public():
        wanted = {part.name for part in inspect.signature(thing).parameters.values()
                  if part.name != "self" and part.kind not in (part.VAR_POSITIONAL, part.VAR_KEYWORD)}
        if wanted:
            assert name in CALLS, name
            assert wanted <= set(CALLS[name][1]), (name, wanted - set(CALLS[name][1]))


# One name, one meaning; one meaning, one name. What several calls take under one name: (what it is in all of them, all who take it).
MEANS = {
    "activation": ("the name of an activation, or one for each layer", "Data MeanField Network critical_line picture.activation"),
    "axes": ("matplotlib axes to draw on", "Drawn.plot picture.basins picture.critical_points picture.gradients_by_layer "
             "picture.loss_curve picture.restarts picture.trainability"),
    "cells": ("into how many a side of the picture is cut", "Plane basins trainability"),
    "classes": ("names of what is told apart", "Data Data.from_rows Data.read"),
    "clip": ("the longest gradient a step is taken with", "descend restarts verdict"),
    "curvature": ("an eigenvalue of the Hessian", "GradientDescent.stability_limit Method.stability_limit"),
    "factor": ("what the rate is multiplied with", "Exponential StepDecay"),
    "first": ("the direction to the right", "Plane Plane.of_weights"),
    "fit": ("a network, a loss and data", "Dropout.gradient MiniBatch.gradient Puzzle.compare backprop code compare_gradients derive "
            "gradients_by_layer layer_jacobians picture.layers picture.network picture.one_weight picture.training "
            "trainability"),
    "goal": ("a loss that a descent should come down to", "picture.loss_curve picture.training"),
    "high": ("the upper end of a window", "Plane basins critical_points picture.one_weight restarts trainability"),
    "id": ("which exercise or prediction", "check hint predict sketch solution"),
    "k": ("the number of a step, from 0", "Dropout.gradient Dropout.mask MiniBatch.drawn MiniBatch.gradient Schedule.__call__"),
    "label": ("where the starts of a cell end", "Basins.name Basins.part"),
    "loss_name": ("the name of a loss", "Fit Puzzle.prove prove"),
    "low": ("the lower end of a window", "Plane basins critical_points picture.one_weight restarts trainability"),
    "name": ("what a thing is called", "Data Data.from_rows Data.read Network.index Puzzle.answer own_activation own_loss own_optimizer"),
    "network": ("a model, without loss or data", "Dropout.mask Fit Puzzle.prove filter_normalised initial_weights prove"),
    "noise": ("whose gradient is followed instead", "descend restarts verdict"),
    "objective": ("what has a loss, a gradient and n_params", "Plane.loss Plane.of_weights basins critical_points descend "
                  "picture.critical_points restarts verdict"),
    "one_pass": ("a forward and backward pass of one's own", "backprop compare_gradients prove"),
    "optimizer": ("the rule of a step", "basins descend restarts trainability verdict"),
    "origin": ("the middle of a plane", "Plane Plane.of_weights"),
    "path": ("a descent", "picture.loss_curve picture.training verdict"),
    "q": ("mean squares of pre-activations", "MeanField.chi MeanField.correlation MeanField.ends_at MeanField.length "
          "MeanField.slope_at critical_line"),
    "rate": ("a learning rate", "Data own_optimizer"),
    "reduction": ("how the rows' losses become one", "Fit prove"),
    "result": ("the record a picture is of", "picture.basins picture.critical_points picture.gradients_by_layer picture.restarts "
               "picture.trainability"),
    "row": ("one row of the data, from 0", "layer_jacobians picture.network"),
    "rows": ("rows of the data: which, or how many", "Fit.gradient MiniBatch Puzzle.prove backprop prove"),
    "schedule": ("how the rate goes with the steps", "basins descend restarts verdict"),
    "second": ("the direction upward", "Plane Plane.of_weights"),
    "seed": ("what chance begins with", "Dropout MiniBatch critical_points initial_weights restarts"),
    "shape": ("of many networks side by side", "Dropout.mask MiniBatch.drawn"),
    "sigma_b": ("the standard deviation of the biases", "MeanField initial_weights"),
    "starts": ("points to begin from: how many, or which", "critical_points restarts"),
    "steps": ("how many steps are taken at most", "Cosine basins descend restarts trainability"),
    "stop": ("a rule that ends a descent early", "descend restarts"),
    "text": ("a formula as it is typed", "own_activation own_loss"),
    "theta": ("the weights of one network or of many", "CriticalPoints.nearest Dropout.gradient Fit.by_row Fit.free_at Fit.gradient Fit.hessian "
              "Fit.loss Fit.predict MiniBatch.gradient Network.layers Puzzle.compare Surface.gradient Surface.hessian Surface.loss "
              "backprop code compare_gradients descend filter_normalised gradients_by_layer layer_jacobians picture.network "
              "trainability"),
    "why": ("what a data set is for", "Data Data.from_rows"),
    "x": ("inputs (n_in, rows)", "Data Fit.predict"),
    "y": ("targets, or classes", "Data Data.from_rows"),
}
# What can be told from the value goes by one name; a Table's own keys and the parts of a record are called as they are there.
GIVEN_AS = {"activation": bp.ACTIVATIONS, "loss_name": bp.LOSSES, "start": bp.STARTS, "optimizer": Optimizer, "network": Model,
            "path": bp.Path, "data": bp.Data, "plane": bp.Plane}


def test_a_parameter_name_has_one_meaning():
    """Two calls that take it under one name mean the same; optimizers go by torch's names, results are written by bpviz."""
    takers, results = {}, {*RECORDS, "GradientTable", *OPTIMIZERS}
    for name, call in [*public(), *((f"Puzzle.{part}", getattr(bp.puzzles[1], part)) for part in ("compare", "prove", "answer"))]:
        name = name if inspect.isclass(call) or name.startswith("picture.") else call.__qualname__
        for part in inspect.signature(call).parameters.values():
            if part.name != "self" and part.kind is not part.VAR_KEYWORD and name not in results:
                takers.setdefault(part.name, set()).add(name)
    said = {name: set(who.split()) for name, (_, who) in MEANS.items()}
    wrong = {name: sorted(who) for name, who in takers.items() if (len(who) > 1 or name in said) and who != said.get(name)}
    assert not wrong and MEANS.keys() <= takers.keys(), wrong
    assert len({meaning for meaning, _ in MEANS.values()}) == len(MEANS)


@pytest.mark.parametrize("name", GIVEN_AS)
def test_a_meaning_has_one_parameter_name(name):
    kind, wrong = GIVEN_AS[name], []
    for call, (_, good) in CALLS.items():
        for argument, value in good.items():
            like = isinstance(value, kind) if isinstance(kind, type) else isinstance(value, str) and value in kind
            if like and argument != name and call not in RECORDS and " by name" not in call:
                wrong.append(f"{call}({argument}={value!r})")
    assert not wrong


ROOT = Path(__file__).resolve().parents[1]
WRITTEN = [path for room in ("bpviz", "tests", "benchmarks", "lessons", "docs") for path in sorted((ROOT / room).rglob("*"))
           if path.suffix in (".py", ".md", ".toml", ".ipynb")] + [ROOT / "README.md"]


def calls_in(path):
    """Every call of a public name in a file, as (name, keywords): in code, and after bp. in whatever is said too."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        text = "\n\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    if path.suffix == ".py":
        tree, ours = ast.parse(text), {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bpviz."):
                ours |= {each.asname or each.name: each.name for each in node.names if each.name in bp.__all__}
        for node in ast.walk(tree):
            called = node.func if isinstance(node, ast.Call) else None
            called = called.value if isinstance(called, ast.Attribute) and called.attr == "parts" else called
            if isinstance(called, ast.Name) and called.id in ours:
                yield ours[called.id], [each.arg for each in node.keywords]
    for found in re.finditer(r"\bbp\.(\w+(?:\.\w+)?)\(", text):
        for end in itertools.islice(re.finditer(r"\)", text[found.start():]), 40):          # up to where it is a call
            try:
                call = ast.parse(text[found.start():found.start() + end.end()].replace("…", "..."), mode="eval").body
            except SyntaxError:
                continue
            yield found[1].removesuffix(".parts"), [each.arg for each in call.keywords]
            break


def test_every_keyword_that_is_written_is_there():
    """In every file: docstrings, pages, lessons and exercises too, which a renamed parameter would leave behind."""
    taken, wrong, seen = dict(public()), [], set()
    for path in WRITTEN:
        for name, keywords in calls_in(path):
            if name not in taken:
                continue
            parts = inspect.signature(taken[name]).parameters.values()
            may = {part.name for part in parts} | (set(TORCH) if name in OPTIMIZERS else set())
            seen |= {(name, each) for each in keywords}
            if not any(part.kind is part.VAR_KEYWORD for part in parts):
                wrong += [f"{path.relative_to(ROOT)}: {name}({each}=)" for each in keywords if each and each not in may]
    assert wrong == ["tests/test_words_that_help.py: Adam(learning_rate=)"] and len(seen) > 100, wrong       # it is refused there


@pytest.mark.parametrize("name", CALLS)
def test_the_good_values_are_good(name):
    """Else the hostile ones would be refused for another argument's sake."""
    call, good = CALLS[name]
    kind, what = run(call, good)
    assert kind == "value", what


def same(a, b):
    if dataclasses.is_dataclass(a) and not isinstance(a, type):
        return type(a) is type(b) and all(same(getattr(a, part.name), getattr(b, part.name))
                                          for part in dataclasses.fields(a))
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    return a == b or repr(a) == repr(b)


def unequal_rows(array):
    return array[::-1][::-1]


ALIKE = {                                   # other ways to write the same number, switch or array
    bool: [np.bool_],
    int: [np.int8, np.int64, np.uint16],
    float: [np.float64, np.float32, np.float16, np.longdouble, Fraction],
    np.ndarray: [list, tuple, lambda v: v.astype("f4"), lambda v: v.astype("g"), lambda v: v.astype(object),
                 lambda v: v.astype(">f8"), lambda v: np.asfortranarray(v), unequal_rows, lambda v: np.ma.array(v),
                 lambda v: [Fraction(float(w)) for w in v], lambda v: [np.array(w) for w in v]],
}
LIKE_GOOD = [(name, argument) for name, argument in CASES if name not in RECORDS and type(CALLS[name][1][argument]) in ALIKE
             and not name.startswith(("picture", "puzzle", "CLOUDS"))]


@pytest.mark.parametrize("name, argument", LIKE_GOOD, ids=[f"{name}-{argument}" for name, argument in LIKE_GOOD])
def test_the_same_number_written_otherwise_gives_the_same(name, argument):
    call, good = CALLS[name]
    value = good[argument]
    for write in ALIKE[type(value)]:
        if write is np.int8 and value > 100:
            continue
        other = write(value)
        kind, what = run(call, {**good, argument: other})
        plain = float(other) if isinstance(value, float) else value                # float32(0.1) is another number
        assert kind == "value" and same(what, call(**{**good, argument: plain})), (write, what)


@pytest.mark.parametrize("explorer", all_explorers().values(), ids=lambda explorer: explorer.name)
def test_every_knob_of_every_explorer_refuses_what_it_cannot_show(explorer):
    """Panel and state string ask the knobs alone."""
    wrong = []
    for knob in explorer.knobs:
        for label, value in HOSTILE.items():
            began = time.perf_counter()
            kind, what = run(knob.check, {"value": value})
            if kind == "value" and label not in ("text", "np text", "huge"):
                wrong.append(f"{knob.name}, {label}: taken without a word")
            if kind == "said" and not (str(what).startswith(knob.name) and len(str(what)) < 700):
                wrong.append(f"{knob.name}, {label}: {what}"[:300])
            assert time.perf_counter() - began < 5
    for label, value in list(HOSTILE.items())[::9]:
        kind, what = run(explorer.read, {"state": value})
        if kind == "value" or not str(what).startswith("state: got"):
            wrong.append(f"state, {label}: {what}"[:300])
    kind, what = run(explorer.values, {"w" * 10**6: 1})
    assert kind == "said" and str(what).startswith("knob: got 'www") and len(str(what)) < 700
    assert not wrong, "\n".join(wrong)
