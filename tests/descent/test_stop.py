"""Stop rules: the first step at which a loss, a gradient or a share of right rows is reached, in one descent and in many."""
import numpy as np
import pytest
from conftest import random_fit

import bpviz as bp
from bpviz.descent.stop import right

RULES = [bp.Stop(loss=0.12), bp.Stop(gradient=0.02), bp.Stop(accuracy=0.8), bp.Stop(loss=0.1, accuracy=0.75, within=0.4)]


def reached(fit, stop, path):
    """The first step at which the rule holds, by its definition."""
    holds = np.zeros(path.steps + 1, bool)
    if stop.loss is not None:
        holds |= path.loss <= stop.loss
    if stop.gradient is not None:
        holds |= path.gradient_norm <= stop.gradient
    if stop.accuracy is not None:
        output = np.stack([fit.predict(theta) for theta in path.theta.T])
        holds |= (abs(output - fit.data.y) < stop.within).all(axis=1).mean(axis=1) >= stop.accuracy
    return int(np.flatnonzero(holds)[0]) if holds.any() else None


@pytest.mark.parametrize("stop", RULES, ids=str)
@pytest.mark.parametrize("walk", [{}, {"clip": 0.5}, {"noise": bp.MiniBatch(2, seed=1)}], ids=str)
@pytest.mark.parametrize("rows", [4, 40])
def test_a_descent_ends_at_the_first_step_that_meets_the_rule(stop, walk, rows):
    fit, theta = random_fit(0, (2, 3, 1), "sigmoid", "squared error", rows=rows)
    free = bp.descend(fit, theta, bp.GradientDescent(1.0), 400, **walk)
    held = bp.descend(fit, theta, bp.GradientDescent(1.0), 400, stop=stop, **walk)
    first = reached(fit, stop, free)
    assert held.steps == (400 if first is None else first)
    assert np.array_equal(held.theta, free.theta[:, :held.steps + 1])
    assert held.ended.endswith("reached") == (first is not None) and held.ended in repr(held)
    pair = bp.descend(fit, np.stack([theta, theta - 0.3], axis=1), bp.GradientDescent(1.0), 400, stop=stop)
    if not walk and first is not None:
        assert np.allclose(pair.end[:, 0], held.end, atol=1e-9) and pair.ended[0] == held.ended


@pytest.mark.parametrize("stop", RULES, ids=str)
def test_each_of_many_descents_says_when_and_why_it_ended(stop):
    fit, _ = random_fit(0, (2, 3, 1), "sigmoid", "squared error", rows=4)
    runs = bp.restarts(fit, bp.GradientDescent(1.0, 0.5), 30, 200, low=-2, high=2, stop=stop)
    for run in runs:
        path = bp.descend(fit, run.start, bp.GradientDescent(1.0, 0.5), 200, stop=stop)
        assert (run.steps, run.ended) == (path.steps, path.ended.replace("settled", "out of steps"))
        assert np.allclose(run.end, path.end, atol=1e-8)
    for rule in ("loss", "gradient", "accuracy"):
        many = list(runs.ended).count(f"{rule} reached")
        assert f"{many} stopped at the {rule}" in runs.words if many else f"at the {rule}" not in runs.words


def test_who_runs_away_is_no_success():
    fit = bp.Fit(bp.Network((1, 1, 1), "identity", bias=False), "squared error", bp.DATA["linear saddle"])
    runs = bp.restarts(fit, bp.GradientDescent(5.0), 20, 100, low=-9, high=9, stop=bp.Stop(loss=1e-9))
    lost = runs.ended == "ran away"
    assert lost.any() and np.isinf(runs.loss[lost]).all() and (runs.steps[lost] < 100).all()


def test_right_rows_are_counted():
    fit = bp.Fit(bp.Network((1, 1), "identity", bias=False), "squared error", bp.Data([[0.0, 1.0, 2.0]], [[0.0, 1.0, 9.0]]))
    assert np.allclose(right(fit, np.array([[1.0, 4.0]])), [2 / 3, 1 / 3]) and right(fit, np.array([[1.0]]), 8)[0] == 1


@pytest.mark.parametrize("action, sentence", [
    (bp.Stop, "Stop: got no rule; allowed is one of loss, gradient and accuracy"),
    (lambda: bp.Stop(accuracy=2), "accuracy: got 2"), (lambda: bp.Stop(gradient=-1), "gradient: got -1"),
    (lambda: bp.descend(bp.SURFACES["booth"], [0, 0], bp.Adam(), stop=bp.Stop(accuracy=1)), "allowed is an accuracy for a Fit"),
    (lambda: bp.descend(bp.SURFACES["booth"], [0, 0], bp.Adam(), stop=0.1), "stop: got 0.1; allowed is None or a Stop"),
])
def test_what_is_no_rule_is_refused(action, sentence):
    with pytest.raises(ValueError) as error:
        action()
    assert sentence in str(error.value)


def test_one_is_said_as_one():
    fit, _ = random_fit(0, (2, 3, 1), "sigmoid", "squared error", rows=4)
    for n, steps, said in ((1, 1, "1 descent, 1 step each:"), (2, 1, "2 descents, 1 step each:"), (1, 3, "1 descent, 3 steps each:")):
        assert bp.restarts(fit, bp.GradientDescent(0.1), n, steps).words.startswith(said)
