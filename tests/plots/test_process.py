"""What bpviz does changes nothing of the whole process: not while it works, not afterwards, in whatever thread."""
import ast
import copy
import decimal
import io
import locale
import os
import pickle
import random
import sys
import threading
import warnings
from pathlib import Path

import matplotlib as mpl
import mpmath
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import bpviz as bp
from bpviz.base.work import finished
from bpviz.explorers import all_explorers
from bpviz.plots.style import style
from bpviz.widgets.projector import Projector

ROOT = Path(bp.__file__).parent
EXPLORERS = all_explorers()


def whole_process():
    """What every thread shares, as far as a library for numbers and pictures could change it."""
    return {"matplotlib": dict(dict.items(mpl.rcParams)), "backend": mpl.rcParams._get_backend_or_none(),
            "warnings": list(warnings.filters), "numpy": np.get_printoptions(),
            "random": random.getstate(), "mpmath": mpmath.mp.prec, "decimal": decimal.DefaultContext.prec,
            "recursion": sys.getrecursionlimit(), "switch": sys.getswitchinterval(), "folder": Path.cwd(),
            "environment": {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"}, "locale": locale.setlocale(locale.LC_ALL)}


@pytest.fixture
def watched(monkeypatch):
    """Any setting of matplotlib that is written, even if it is written back, is an error."""
    def written(self, *given, **named):
        if self is mpl.rcParams:
            raise AssertionError(f"a setting of matplotlib was written: {given}")
        return true[0](self, *given, **named)
    true = [mpl.RcParams._set]
    monkeypatch.setattr(mpl.RcParams, "_set", written)
    for name in ("_update_raw", "update", "setdefault", "pop", "clear"):
        monkeypatch.setattr(mpl.RcParams, name, lambda self, *given, name=name: (_ for _ in ()).throw(
            AssertionError(f"settings of matplotlib were written: {name}{given}")))
    before = whole_process()
    yield
    assert whole_process() == before


def work(explorer):
    """The first frame, a moved one, and what its buttons answer."""
    stage = Projector(explorer)
    for values in (explorer.values(), explorer.values(**{knob.name: knob.low for knob in explorer.sliders})):
        result = finished(stage.work(values, 700, 1.0))
        stage.frame(result)
    for _ in stage.ahead():
        pass
    for _, _, answer in explorer.actions:
        answer(stage.scene, result)


@pytest.mark.usefixtures("less_work", "watched")
@pytest.mark.parametrize("name", EXPLORERS)
def test_an_explorer_at_work_changes_nothing_of_the_process(name):
    work(EXPLORERS[name])


@pytest.mark.usefixtures("watched")
def test_derivations_proofs_and_pictures_change_nothing_of_the_process():
    fit = bp.Fit(bp.Network((2, 2, 1), "tanh"), "squared error", bp.DATA["article"])
    theta = np.full(fit.n_params, 12.0)                                  # 1 - tanh^2 is 0 in floats: many digits are asked
    assert bp.compare_gradients(fit, theta).words
    bp.prove(fit.network, "squared error")
    bp.own_activation("z*sigmoid(z)", "my unit")
    for still in (bp.picture.network(fit, theta), bp.picture.activation("tanh"),
                  bp.picture.loss_curve(bp.descend(fit, theta, bp.GradientDescent(0.1), steps=5))):
        assert still.png


def drawn():
    """A user's own figure."""
    figure = Figure(figsize=(3, 2), dpi=60)
    axes = figure.add_subplot(title="mine", xlabel=r"$w_1$")
    axes.plot([0, 3, 1], [1, 2, 0], label="a")
    axes.legend()
    FigureCanvasAgg(figure).print_png(out := io.BytesIO())
    return out.getvalue()


def test_a_figure_of_another_thread_is_in_that_threads_style():
    """While this thread is in the house style; and in this thread it is another picture, so the style does show."""
    alone, beside = drawn(), []
    with style():
        other = threading.Thread(target=lambda: beside.append(drawn()))
        other.start()
        other.join()
        assert drawn() != alone
    assert beside == [alone] and drawn() == alone


def test_a_copy_of_the_users_settings_is_matplotlibs_own():
    for copied in (pickle.loads(pickle.dumps(mpl.rcParams)), copy.deepcopy(mpl.rcParams)):
        assert type(copied) is mpl.RcParams and dict(dict.items(copied)) == dict(dict.items(mpl.rcParams))
        with style():
            assert copied["font.size"] == dict.get(mpl.rcParams, "font.size")


def test_nobody_here_writes_the_digits_of_mpmath():
    """SymPy does, for a moment each; ours are contexts of their own."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert getattr(node, "attr", "") not in ("mp", "workdps", "workprec", "extradps", "extraprec"), path


def test_the_style_is_never_left_open_over_a_yield():
    """It would stay open in whatever runs meanwhile."""
    inside = 0
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.With) and any(ast.unparse(item.context_expr) == "style()" for item in node.items):
                inside += 1
                assert not any(isinstance(one, ast.Yield | ast.YieldFrom | ast.Await) for one in ast.walk(node)), path
    assert inside >= 4
