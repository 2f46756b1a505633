"""Sentences need oracles: what explorers say is judged claim by claim, by other code (sentences.py, own_numbers.py).

BPVIZ_STATES=5000 makes the sweep that long; `python tests/explorers/sentences.py 5000` prints its figures.
"""
import os
import re
import sys
from collections import Counter
from pathlib import Path

import mpmath as mp
import numpy as np
import pytest

import bpviz as bp
from bpviz.explorers import all_explorers
from bpviz.landscape.basin_map import in_the_names_of

sys.path.insert(0, str(Path(__file__).parent))
import sentences  # noqa: E402

EXPLORERS = all_explorers()
STATES = {"adam": 40, "cure": 6, "minima": 60, "rate": 16, "basins": 4, "escape": 4, "surface": 10, "vanishing": 20, "boundary": 3,
          "chain_rule": 12, "backprop": 12, "saturation": 12, "difference": 4, "phase": 8, "trainability": 1, "puzzle": 60, "momentum": 40}
MANY = int(os.environ.get("BPVIZ_STATES", 0))


@pytest.fixture(autouse=True)
def less_work(monkeypatch):
    sentences.smaller(monkeypatch.setattr)


def state_of(name, **values):
    explorer = EXPLORERS[name]
    return sentences.made(explorer, explorer.values(**values))


def said(state, which=-1):
    return state.explorer.words(state.results[which])


@pytest.mark.parametrize("name", EXPLORERS)
def test_every_claim_is_true(name):
    """Menus and sliders at random: no sentence claims what other code finds to be otherwise."""
    wrong = []
    claims, _ = sentences.sweep([name], MANY // len(EXPLORERS) or STATES[name], 11, wrong.append)
    assert not wrong, "\n".join(wrong)
    assert sum(claims.values()) >= 4 * STATES[name]


@pytest.mark.parametrize("values", [
    {"data": "seesaw", "optimizer": "Lion", "rate": 0.596, "steps": 1499}, {"data": "trident", "optimizer": "Lion", "rate": 0.421, "steps": 520}])
def test_how_rough_a_map_is_that_was_not_descended_whole(values, monkeypatch):
    """At few cells every map is descended whole and the sentence is never said; on these "half a point" was not true."""
    monkeypatch.setattr("bpviz.explorers.basins.CELLS", 96)
    state = state_of("basins", **values)
    claims = sentences.judged(state)
    assert "Not every start was descended" in said(state) and not [claim for claim in claims if not claim[1]]
    assert {"basins: how many were drawn", "basins: as many of them elsewhere by other code"} <= {kind for kind, *_ in claims}


def test_the_checker_notices_a_changed_number():
    """In every verdict met, each number changed by a third makes some claim false, or at least nearly every one does."""
    rng, noticed, tried = np.random.default_rng(3), Counter(), Counter()
    for _ in range(40):
        state = sentences.random_state(EXPLORERS["minima"], rng)
        result = state.results[-1]
        case = sentences.case_of(state.scene, result.path, "gradient descent", state.values["rate"], 0.0)
        words, kind = result.verdict.words, result.verdict.kind
        assert all(true for _, true, _ in sentences.verdict_claims(case, words))
        for found in re.finditer(r"(?<![\w.])\d+\.\d+", words):
            changed = words[:found.start()] + f"{1.34 * float(found[0]):.3g}" + words[found.end():]
            tried[kind] += 1
            noticed[kind] += not all(true for _, true, _ in sentences.verdict_claims(case, changed))
    assert len(tried) >= 4
    for kind, many in tried.items():
        assert noticed[kind] >= 0.6 * many, (kind, noticed[kind], many)


def test_the_checker_notices_a_wrong_verdict():
    """The sentence of one state, judged about another, is found out."""
    rng = np.random.default_rng(5)
    states = [sentences.random_state(EXPLORERS["minima"], rng) for _ in range(24)]
    cases = [sentences.case_of(s.scene, s.results[-1].path, "gradient descent", s.values["rate"], 0.0) for s in states]
    found_out = 0
    for case, other in zip(cases, [*states[1:], states[0]], strict=True):
        try:
            found_out += not all(true for _, true, _ in sentences.verdict_claims(case, said(other)))
        except (ValueError, IndexError):         # it names a minimum or a step that is not there
            found_out += 1
    assert found_out >= 20


# ---- sentences that were false once

@pytest.mark.parametrize("data", ["seesaw", "trident"])
def test_the_chance_with_restarts_is_that_of_the_optimizer_named(data):
    state = state_of("escape", data=data, steps=300, restarts=5)
    words, result = said(state), state.results[-1]
    name, percent = re.search(r"restarts of (.*?) at least one does in (?:more than )?([\d.]+)%", words).groups()
    run = result.runs[name]
    share = np.mean(run.loss <= result.level)
    assert abs(100 * (1 - (1 - share) ** 5) - float(percent)) <= 0.5
    assert f"{name} (rate" in words.split(" most often")[0]


def test_none_is_said_to_reach_it_most_often_with_0_percent():
    state = state_of("escape", data="trident", steps=10, rate=0.01, adaptive=0.001)
    assert "none reached A" in said(state) and "most often" not in said(state)


def test_mirror_images_are_both_the_best():
    """With a penalty the linear saddle has two equally deep minima, w and -w: to reach either is to reach the best."""
    state = state_of("escape", data="linear saddle", l2="0.002", steps=300, rate=0.02, adaptive=0.05)
    assert "A or B" in said(state) and state.results[-1].best == ("A", "B") and 0 < state.results[-1].level < 0.5


def test_the_layer_that_is_dead_is_the_one_that_is_named():
    """A narrow relu network in which a later layer is dead: layer 1 gets nothing, and is not dead itself."""
    state = state_of("vanishing", activation="relu", depth=8, width=2, seed=0)
    flow = state.results[-1].flow
    dead = np.flatnonzero(flow.dead == 1) + 1
    assert flow.gradient[0] == 0 and dead[0] > 1
    named = int(re.search(r"All units of layer (\d+) are dead", said(state))[1])
    assert named in dead and "No gradient reaches layer 1" in said(state)


@pytest.mark.parametrize("start, bias, alike", [("constant", 0.0, True), ("constant", 0.5, False), ("zeros", 0.0, True)])
def test_units_are_called_alike_only_where_they_are(start, bias, alike):
    state = state_of("vanishing", start=start, bias=bias, depth=4, width=6)
    assert state.results[-1].alike is alike
    assert ("alike" in said(state)) == (start == "constant" and alike)
    if start == "zeros":
        assert "The weights of layer 4 are all 0" in said(state)


@pytest.mark.parametrize("values", [
    {"activation": "relu", "start": "He", "depth": 20, "width": 3, "seed": 3},
    {"activation": "relu", "start": "zeros", "depth": 20, "width": 24, "bias": 0.5, "seed": 1, "steps": 17},
    {"activation": "relu", "start": "zeros", "depth": 5, "width": 4, "bias": 0.5, "seed": 3, "steps": 5},
    {"activation": "relu", "start": "He", "depth": 30, "width": 2, "seed": 7, "cure": "layer norm"},
    {"activation": "relu", "start": "He", "depth": 30, "width": 3, "seed": 3, "cure": "skip"},
    {"activation": "gelu", "start": "orthogonal", "depth": 20, "width": 5, "scale": 3.0, "bias": 0.5, "seed": 3},
    {"activation": "sigmoid", "start": "Glorot normal", "depth": 50, "width": 4, "scale": 0.01},
    {"activation": "tanh", "start": "zeros", "depth": 6, "width": 4, "bias": 0.5, "steps": 1}], ids=str)
def test_an_average_over_layers_is_the_average(values):
    """A geometric mean is 0 where one of its numbers is: then it is said how many are, and no mean."""
    state = state_of("vanishing", **values)
    words, largest = said(state), state.results[-1].largest
    for sizes, mean, zeros in ((largest[0], r"at most (\S+(?: × 10\S+)?) on average", r"(\d+) of (\d+) layers pass(?:es)? on nothing"),
                               (largest[1], r"here on average \S+ × (\S+(?: × 10\S+)?) =", r"which is 0 in (\d+) of (\d+) layers")):
        mean, zeros, many = re.search(mean, words), re.search(zeros, words), np.sum(sizes == 0)
        with mp.workdps(30):
            true = mp.fprod(map(mp.mpf, sizes)) ** (mp.mpf(1) / len(sizes))
        assert not mean or true > 0 and sentences.close_to(float(true), mean[1]), (words, true)
        assert not zeros or (int(zeros[1]), int(zeros[2])) == (many, len(sizes)), words
    dead = bool((largest[0] == 0).any() and largest[1].any())
    assert ("on nothing at all" in words) == dead, words


def test_a_valley_across_the_window_is_not_no_minimum():
    assert "a curve of level points crosses the window" in said(state_of("rate", data="linear saddle"))


def test_two_random_directions_are_two(two_weights):
    """Of two weights the directions are (±w1, ±w2): drawn parallel, they would show one line as a plane."""
    from bpviz.landscape.directions import two_random
    for seed in range(20):
        state = state_of("surface", network="1-1-1 sigmoid, seesaw", slice="random directions", seed=seed)
        assert ": 100% of the gradient's length" in said(state)
        one, two = two_random(state.scene.fit.network, np.array([0.3, -2.0]), seed)
        assert abs(one @ two) < 1e-9 * np.linalg.norm(one) * np.linalg.norm(two) and np.linalg.norm(two) > 0.1


def test_a_map_under_way_says_what_is_known_so_far(two_weights, monkeypatch):
    """The first pieces have hardly a cell descended: no share is claimed of starts that nobody has descended."""
    fit = two_weights("seesaw")
    monkeypatch.setattr("bpviz.landscape.basins.SHOW_S", 0.0)
    monkeypatch.setattr("bpviz.landscape.basins.SHOWING", 0.0)
    parts = bp.basins.parts(fit, cells=64, optimizer=bp.GradientDescent(20.0), steps=600)
    pieces = [part.result for part in parts if part.result is not None]
    for piece in pieces[:-1]:
        counted = int(piece.descended.sum())
        assert piece.words.startswith(f"Of the {counted:,} starts descended so far: " if counted else "No start of this")
        assert "all starts" not in piece.words
        if counted:
            for k, name in enumerate(piece.minima.names):
                share = 100 * np.mean(piece.label[piece.descended] == k)
                assert share == 0 or f"{name} (minimum, loss {piece.minima.loss[k]:.4g}) {share:.1f}%" in piece.words
    assert not pieces[0].descended.any() and pieces[-1].words.startswith("Of all starts in this plane: ")


def test_minima_of_two_maps_are_matched_by_place_not_by_number(two_weights):
    """A minimum that only one map has found must not shift the colours of the other."""
    fit = two_weights("trident")
    one = bp.basins(fit, cells=24, optimizer=bp.GradientDescent(2.0), steps=800)
    fewer = one.minima.ordered([1, 2])
    names = in_the_names_of(one.minima, bp.Basins(one.plane, one.optimizer, np.where(one.label > 0, one.label - 1, -1),
                                                          one.steps, one.descended, fewer, one.asked))
    assert np.array_equal(names, np.where(one.label > 0, one.label, -1))


@pytest.mark.parametrize("given", [{}, {"moment": 25}, {"seeds": 1}, {"seeds": 2}, {"rate": 10.0, "activation": "relu"}])
def test_while_both_networks_train_that_is_said_first_and_the_other_seeds_are_counted_without_this_one(given):
    explorer = EXPLORERS["cure"]
    state = sentences.made(explorer, explorer.values(depth=4, width=6, **{"seeds": 3, **given}))
    said = [explorer.words(result) for result in state.results]
    for result, words in zip(state.results, said, strict=True):
        wrong = [(kind, found) for kind, true, found in sentences.cure(state, result, words) if not true]
        assert not wrong, wrong
    training = [words.startswith("Training goes on: step ") for words in said]
    assert training == sorted(training, reverse=True) and training[0] and not training[-1]
    assert not any("other seed" in words.lower() for words in said if words.startswith("Training"))


def test_a_weight_that_is_asked_for_twice_is_said_to_be():
    """Slice 1 showed another weight than the second knob, and nothing said why."""
    for names in ({"first": 9, "second": 9}, {"first": 2, "second": 2}, {"first": 3, "second": 4}):
        state = state_of("surface", **names)
        wrong = [claim for claim in sentences.judged(state) if not claim[1]]
        assert not wrong and ("is asked for twice" in said(state)) == (names["first"] == names["second"]), (wrong, said(state))


@pytest.mark.parametrize("data, rate", [("plateaus", 0.9772), ("plateaus", 0.4), ("trident", 0.8)])
def test_who_crosses_a_wide_neighbourhood_of_a_minimum_has_not_ended_there(data, rate, monkeypatch):
    """At a large rate Adam counts as arrived three steps away: who only passes there leaves again."""
    monkeypatch.setattr(sys.modules["bpviz.explorers.basins"], "CELLS", 24)
    explorer = all_explorers()["basins"]
    state = sentences.made(explorer, {**explorer.values(data=data, optimizer="Adam"), "rate": rate, "steps": 1500.0})
    false = [claim for claim in sentences.judged(state) if claim[0].startswith("basins: as many") and not claim[1]]
    assert not false, false
