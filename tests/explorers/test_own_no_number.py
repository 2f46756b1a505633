"""A backward pass of one's own that gives no numbers (0 / 0, an overflow): which entry that is, and that the path stops there."""
import math

import pytest
from test_own_backward import right, shown


def nan_at_once(x, t, w1, w2):
    return {**right(x, t, w1, w2), "dw1": math.nan}


def infinite(x, t, w1, w2):
    return {"dw1": right(x, t, w1, w2)["dw1"], "dw2": math.inf}


def nan_on_the_way(x, t, w1, w2):
    found = right(x, t, w1, w2)
    return found if w2 > 1.5 else {**found, "dw2": math.nan}


def leaves_at_once(x, t, w1, w2):
    return {"dw1": 1e6, "dw2": 1e6}


def leaves(x, t, w1, w2):
    """Right at first, then ever farther."""
    found = right(x, t, w1, w2)
    return found if w2 > 1.5 else {"dw1": found["dw1"], "dw2": 100 * w2}


@pytest.mark.parametrize("function, entry", [(nan_at_once, "dw1"), (infinite, "dw2")])
def test_an_entry_that_is_no_number_is_named_and_marked(function, entry):
    explorer, _, result, _ = shown(function)
    truth = right(-1.5, 0.8, 1.0, 2.0)[entry]
    said = f"{truth:.3g}".replace("-", "−")
    assert result.yours.words.startswith(f"At the start your {entry} is no number, for the row x = −1.5; the right one is {said}.")
    mine = {name: (yours, mark) for name, yours, _, mark in explorer.table(result)[2]}
    assert mine[entry] == ("no number", "✗ wrong")
    assert all(mark[0] in "✓–" for name, (_, mark) in mine.items() if name != entry)


def test_where_no_number_comes_the_path_stops_and_does_not_run_away():
    _, _, result, _ = shown(nan_on_the_way)
    steps = result.yours.path.shape[1] - 1
    assert result.yours.path[1, -1] <= 1.5 < result.yours.path[1, -2]
    assert result.yours.words.startswith(f"Your slopes are right for {steps} step")
    assert "Your path stops where your slopes are no numbers; the right one" in result.yours.words


@pytest.mark.parametrize("function, right_for", [(leaves_at_once, 0), (leaves, 1)])
def test_a_path_that_runs_away_is_said_to_whichever_step_that_begins_at(function, right_for):
    words = shown(function)[2].yours.words
    assert "Your path runs away; the right one" in words
    assert words.startswith(f"Your slopes are right for {right_for} step, and wrong at the next." if right_for else "At the start your dw2 is wrong")
