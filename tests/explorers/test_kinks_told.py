"""At kinks knobs turned at random never stand: here they do, and every sentence about the two slopes is judged."""
from collections import Counter

import numpy as np
import pytest
import sentences

import bpviz as bp
from bpviz.base.work import finished
from bpviz.explorers import all_explorers

EXPLORERS = all_explorers()


@pytest.mark.parametrize("network, weight", [("1-1-1", 1), ("1-1-1", 2), ("1-1-2", 1), ("1-2-1", 1), ("1-1-1-1", 2)])
@pytest.mark.parametrize("activation", ["relu", "leaky relu", "elu"])
def test_at_kinks_every_claim_of_the_chain_rule_is_true(network, weight, activation):
    """Knobs turned at random never stand on a kink: here they do, with either side up, and with nudges to both."""
    explorer, wrong, kinds = EXPLORERS["chain_rule"], [], set()
    for up, nudge, loss in ((1.2, 0.01, "squared error"), (-1.2, 0.5, "squared error"), (1.2, -0.5, "cross-entropy"), (0.0, 0.1, "squared error")):
        values = {f"w{k}": 0.7 for k in range(1, 5)} | {f"w{k}": up for k in (2, 3)} | {f"w{weight}": 0.0}
        state = sentences.made(explorer, explorer.values(network=network, weight=weight, activation=activation, loss=loss, nudge=nudge, **values))
        for kind, true, found in sentences.judged(state):
            wrong += [] if true else [(kind, found)]
            kinds.add(kind)
    assert not wrong and ("chain rule: the slope of a side" in kinds) == (activation != "elu")


@pytest.mark.parametrize("activation", ["relu", "leaky relu", "elu"])
@pytest.mark.parametrize("loss, outputs", [("squared error", 1), ("cross-entropy", 2)])
def test_at_kinks_every_claim_of_the_walk_is_true(activation, loss, outputs):
    """Where a unit gets exactly 0 every slope of the walk, of a row and of all rows, is judged on both sides."""
    x, t = np.array([[1.0, 0.5], [-2.0, 1.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])[:outputs]
    fit = bp.Fit(bp.Network((2, 2, outputs), activation), loss, bp.Data(x, t, "mine"))
    theta = np.array([2.0, 0.5, 1.0, 0.25, 0.0, 0.0, *np.linspace(-1.2, 0.9, fit.n_params - 6)])       # row 1 stands on two kinks
    explorer = EXPLORERS["backprop"].with_own(EXPLORERS["backprop"], {"fit": fit, "theta": theta})
    stops, wrong, kinds = len(finished(explorer.scene(explorer.values())).walk.stops), [], Counter()
    for row in (1, 2):
        for step in range(1, stops + 1):
            for kind, true, found in sentences.judged(sentences.made(explorer, explorer.values(step=step, row=row))):
                wrong += [] if true else [(kind, found)]
                kinds[kind] += 1
    assert not wrong and kinds["backprop: a kink is told of where there is one"] > 20 and kinds["backprop: raises or lowers"] > 5
    assert (kinds["backprop: the slope of a side"] > 8) == (activation != "elu")


def test_kinks_that_cancel_and_kinks_of_a_loss_are_told_in_the_walk():
    def titles(network, theta, loss="squared error", t=0.0):
        fit = bp.Fit(network, loss, bp.Data([[1.0]], [[t]], "mine"))
        explorer = EXPLORERS["backprop"].with_own(EXPLORERS["backprop"], {"fit": fit, "theta": theta})
        scene = finished(explorer.scene(explorer.values()))
        return [sentences.made(explorer, explorer.values(step=k)).results[-1].finding for k in range(1, len(scene.walk.stops) + 1)]
    leaky = titles(bp.Network((1, 1, 1), "leaky relu", bias=False), [0.0, -1.2], t=0.2)
    assert sum("on both sides, the formula says" in title for title in leaky) == 2                        # z1 and w1
    bp.own_loss("abs(o-t)", "apart in the walk")
    straight = titles(bp.Network((1, 1, 1), "identity", bias=False), [1.0, 1.0], "apart in the walk", 1.0)
    assert sum(title.endswith("slope −1 left, 1 right") for title in straight) == 6, straight
