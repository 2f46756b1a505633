"""What follows from a network's description: right lines, an answer cell, draws on which mistakes can be told apart."""
import itertools

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from run_here import function, judged, run

import bpviz as bp
from bpviz.coursework.course import exercises
from bpviz.coursework.diagnosis.draws import GAP, SIZES, draws, random_draw, spread
from bpviz.coursework.diagnosis.edges import UNITS
from bpviz.coursework.diagnosis.operators import Mistake
from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.partials import PUBLIC, PUBLIC_CHAIN, Partials, chain, network, two_layers
from bpviz.network.walked import EXAMPLES

GRADIENTS = ("dW2", "db2", "dW1", "db1")
NETS = {"rows": two_layers(), "chain": chain(), "chain as a tuple": chain(gives="tuple"),
        "gradients only": two_layers(asked=GRADIENTS), "two in a tuple": two_layers(gives="tuple", asked=("db1", "dW1")),
        "deep": network(units=("tanh", "relu", "sigmoid")), "no bias": network("back", ("relu", "identity"), bias=False),
        "chain with bias": network(units=("tanh", "sigmoid", "identity"), rows=False), "one layer": network(units=("sigmoid",))}
NETS |= {id: exercise.asks for id, exercise in exercises().items() if isinstance(exercise.asks, Partials)}
each = pytest.mark.parametrize("net", NETS.values(), ids=NETS)


def slopes(net, draw):
    """dL/d of every name by autograd, from the forward lines and the loss alone."""
    scope = {"np": anp, "sigmoid": lambda z: 1 / (1 + anp.exp(-z)), "len": len}

    def loss(moved):
        names = {name: draw[name] + moved.get(name, 0) for name in net.inputs}
        for name, line in net.forward.items():
            names[name] = eval(line, scope, names) + moved[name]
        return eval(net.loss, scope, names)
    found = autograd.grad(loss)({name: np.zeros(np.shape(draw[name])) for name in (*net.weights, *net.forward)})
    return {f"d{name}": slope for name, slope in found.items()}


@each
def test_every_right_line_agrees_with_autograd(net):
    rng = np.random.default_rng(5)
    for k in range(3):
        draw = random_draw(net, rng, k)
        exact = slopes(net, draw)
        for edge in net.edges:
            assert draw[edge.part].shape == np.shape(draw[edge.part[1:]])
            assert np.allclose(draw[edge.part], exact[edge.part], rtol=1e-12, atol=1e-15), edge.part
    assert {edge.part for edge in net.edges} >= set(net.parts) and set(net.order) == set(net.parts)


@pytest.mark.parametrize("inputs", PUBLIC)
def test_lesson_three_agrees_with_bpviz_itself(inputs):
    fit = bp.Fit(bp.Network((2, 2, inputs["t"].shape[1])), "squared error", bp.Data(inputs["x"].T, inputs["t"].T))
    theta = np.concatenate([np.ravel(inputs[name]) for name in ("W1", "b1", "W2", "b2")])
    found = two_layers().work_out(inputs)
    ours = np.concatenate([np.ravel(found[f"d{name}"]) for name in ("W1", "b1", "W2", "b2")])
    assert np.allclose(ours, bp.backprop(fit, theta).gradient, rtol=1e-12, atol=1e-15)
    assert np.allclose(found["dz1"].T, bp.backprop(fit, theta).delta[0], rtol=1e-12)


def test_the_public_inputs_are_the_examples_of_the_walk():
    for name, inputs in zip(("xor 2-2-1, four rows", "two outputs 2-2-2", "article 2-2-1"), PUBLIC, strict=True):
        example, data = EXAMPLES[name], bp.DATA[EXAMPLES[name].data]
        assert np.concatenate([np.ravel(inputs[weight]) for weight in ("W1", "b1", "W2", "b2")]).tolist() == list(example.theta)
        assert (inputs["x"].T == data.x).all() and (inputs["t"].T == data.y).all()
    one, data = EXAMPLES["two weights 1-1-1"], bp.DATA["seesaw"]
    assert [(each["x"], each["t"]) for each in PUBLIC_CHAIN] == list(zip(data.x[0], data.y[0], strict=True))
    assert all((each["w1"], each["w2"]) == one.theta for each in PUBLIC_CHAIN) and one.data == data.name


@each
def test_the_answer_cell_runs_as_it_is_handed_out_and_solved(net):
    exercise = Exercise("L03-q2", "t", "p", net, ("a", "b", "c"), "w")
    for inside in ("# your lines here", "pass", "...", "raise NotImplementedError()", "return None"):
        assert judged(net, inside).status == "not attempted", inside
    verdict = exercise.judge(function(net, net.solution({})), run)
    assert verdict.status == "right" and {line.status for line in verdict.lines} == {"right"} and not verdict.key
    text = exercise.answer_cell()
    assert all(f"{name} = {line}" in text for name, line in net.forward.items())
    assert max(map(len, text.splitlines())) <= 110
    doc = net.starter({})
    assert all(part in doc for part in net.parts) and all(edge.line not in doc for edge in net.edges if len(edge.line) > 9)


@each
def test_every_mutant_has_its_own_diagnosis_in_its_own_words(net):
    everything = net.mutants({}, None)
    assert len(everything) == len(net.known) == len({one.key for one in everything})
    assert len(net.mutants({})) == min(12, len(everything)) and set(net.mutants({})) <= set(everything)
    right = net.solution({}).splitlines()
    for mutant in everything[::1 if net in (NETS["rows"], NETS["chain"], NETS["deep"]) else 6]:
        verdict = judged(net, mutant.code, seed=3)
        assert (verdict.status, verdict.key) == ("wrong", mutant.key) and mutant.says in verdict.words
        assert verdict.misconception == mutant.misconception
        lines = mutant.code.splitlines()
        assert len(lines) == len(right) and sum(one != other for one, other in zip(lines, right, strict=True)) == 1


def test_there_are_many_mistakes_and_each_says_something_of_its_own():
    mistakes = two_layers().mistakes
    assert len(mistakes) >= 100 and len({one.says for one in mistakes}) == len(mistakes)
    assert {one.misconception for one in mistakes} == {"", "M09", "M10"}
    assert all(f"dL/{one.part}" in one.says and not one.says.endswith((".", "?.")) for one in mistakes)


def test_sizes_are_general():
    for sizes in SIZES:
        products = {one * other for one, other in itertools.combinations_with_replacement((2, *sizes), 2)}
        assert len(set(sizes)) == len(sizes) == 4 and not {1, 2} & set(sizes)
        n, _, o, _ = sizes                                           # rows and outputs are what mistakes divide by
        assert not {n, o} & {one * other for one in (2, n, o) for other in (2, n, o)}
        assert not set(sizes) & (products - {4}) and n % 2       # half the rows are no size either


@each
def test_draws_are_the_same_for_the_same_seed_and_no_two_mistakes_come_close(net):
    rows = any(net.inputs.values())
    for seed in range(5):
        some, again = (draws(net, np.random.default_rng(seed)) for _ in range(2))
        assert len(some) >= 3 and all(np.array_equal(one[part], other[part]) for one, other in zip(some, again, strict=True)
                                      for part in net.parts)
        assert len({tuple(np.shape(one[name]) for name in net.inputs) for one in some}) == (3 if rows else 1)
        if rows:
            assert all(spread(net, [one]) >= GAP for one in some)
        assert spread(net, some) >= GAP


def test_real_identities_are_found_and_said_in_one_sentence():
    linear = network(units=("tanh", "identity"))
    both = next(one for one in linear.mistakes if one.also)
    assert both.key == "dz2: half or dz2: cross-entropy" and "which is the same number here" in both.says
    keys = {one.key for one in linear.mistakes}
    assert not {"dz2: slope left out", "dz2: slope twice"} & keys       # the slope is 1: no mistake at all


def test_mistakes_written_by_hand_are_told_like_the_others():
    own = Mistake("dW2", "of the hidden units", "a1.T @ dz2 * a1.mean()", "dL/dW2 is weighed by the hidden units", "M01")
    net = two_layers(extra=(own,))
    verdict = judged(net, net.solution({}, own))
    assert (verdict.key, verdict.misconception) == ("dW2: of the hidden units", "M01") and own.says in verdict.words


def test_mistakes_that_cannot_be_told_apart_are_refused_when_the_exercise_is_written():
    near = Mistake("dW2", "nearly", "a1.T @ dz2 * 1.0001", "dL/dW2 is nearly right")
    with pytest.raises(ValueError, match="partials: two mistakes of backward are nearly the same"):
        draws(two_layers(extra=(near,)), np.random.default_rng(0))


def test_every_unit_has_the_slope_of_its_answer():
    z = np.linspace(-2, 2, 9) + 0.01
    for unit in UNITS.values():
        scope = {"np": anp, "sigmoid": lambda z: 1 / (1 + anp.exp(-z))}
        answer = unit.answer.format(z="z")
        exact = autograd.elementwise_grad(lambda z, answer=answer, scope=scope: eval(answer, scope, {"z": z}))(z)
        slope = eval(unit.slope.format(z="z", a="a"), scope, {"z": z, "a": eval(answer, scope, {"z": z})})
        assert np.allclose(slope, exact, rtol=1e-12)
