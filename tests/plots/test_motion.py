"""Bindings: an artist shows the numbers of a result that it names, and nothing is done for what it shows already."""
from dataclasses import dataclass
from types import MappingProxyType, SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure

from bpviz.plots.motion import FAR, Cells, Drawing, Over, Shaped, Stroke, Upright, Words, named, thinned


@dataclass(frozen=True)
class Result:
    """Some numbers."""
    path: object
    at: float
    by_name: object
    none: object = None


@pytest.fixture
def axes():
    axes = Figure().add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 10), ylim=(-1, 1))
    return axes


@pytest.fixture
def result():
    path = SimpleNamespace(theta=np.array([[1.0, 2.0, 3e9], [4.0, 5.0, -np.inf]]), loss=np.array([0.5, np.nan, -np.inf, 7]))
    return Result(path, 3.0, MappingProxyType({"gradient descent": (1, np.arange(3.0))}))


def shown(drawing, k=0):
    return tuple(map(list, drawing.moving[k].get_data()))


def test_a_name_is_a_way_through_attributes_tables_and_places(result):
    assert named(result, "at") == 3.0 and named(result, "by_name.gradient descent.1") is result.by_name["gradient descent"][1]
    assert list(named(result, "path.theta.1")) == [4.0, 5.0, -np.inf] and named(result, "none.anything.0") is None
    with pytest.raises(AttributeError):
        named(result, "path.thta")


def test_lines_far_outside_stay_near_and_parts_of_them_are_their_ends(axes, result):
    both = {"x": "path.theta.0", "y": "path.theta.1"}
    drawing = Drawing([Stroke(axes, **both), Stroke(axes, **both, part="first"), Stroke(axes, **both, part="last")])
    drawing.update(result)
    assert shown(drawing) == ([1, 2, FAR], [4, 5, -FAR])
    assert shown(drawing, 1) == ([1], [4]) and shown(drawing, 2) == ([FAR], [-FAR])


def test_what_lies_outside_stands_on_the_edge_and_what_is_no_number_on_top(axes, result):
    drawing = Drawing([Stroke(axes, "path.loss", edge=True), Stroke(axes, "none"), Stroke(axes, "at", x="at")])
    drawing.update(result)
    assert shown(drawing) == ([0, 1, 2, 3], [0.5, 1, -1, 1])
    assert shown(drawing, 1) == ([], []) and shown(drawing, 2) == ([3], [3])


def test_many_points_are_thinned_and_many_dots_are_not_marked(axes):
    line = Stroke(axes, "y", most=90, dots=100, look={"marker": "."})
    drawing = Drawing([line])
    for n in (50, 100, 101, 5000):
        drawing.update(SimpleNamespace(y=np.linspace(0, 1, n)))
        x, y = shown(drawing)
        assert x[0] == 0 and x[-1] == n - 1 and len(x) == len(thinned(n, 90)) <= 92
        assert y == list(np.linspace(0, 1, n)[np.array(x, int)])
        assert drawing.moving[0].get_marker() == "."                       # counted is what is drawn
    few = Drawing([Stroke(axes, "y", dots=10, look={"marker": "."})])
    few.update(SimpleNamespace(y=np.zeros(11)))
    assert few.moving[0].get_marker() in ("", "None")


def test_uprights_words_and_what_is_only_drawn_over(axes, result):
    text, fixed = axes.text(0, 0, ""), axes.plot([1], [1])[0]
    drawing = Drawing([Upright(axes, "at"), Words(text, "words"), Over((fixed,))])
    drawing.update(SimpleNamespace(at=2.5, words="hello"))
    assert list(drawing.moving[0].get_xdata()) == [2.5, 2.5] and text.get_text() == "hello"
    assert drawing.moving[1:] == (text, fixed) and list(fixed.get_xdata()) == [1]


def test_what_is_shown_already_is_not_coloured_again(axes):
    coloured, moved = [], []
    thing = SimpleNamespace(artists=(axes.plot([], [])[0],), update=lambda *values: moved.append(values))
    drawing = Drawing([Cells(axes, lambda loss: coloured.append(1) or np.zeros((2, 2, 3), np.uint8), ("loss",)),
                       Shaped(thing, ("loss", "turn"))])
    loss = np.zeros((2, 2))
    for turn, one in ((1, loss), (1, loss), (2, loss), (2, loss.copy())):
        drawing.update(SimpleNamespace(loss=one, turn=turn))
    assert len(coloured) == 2 and [turn for _, turn in moved] == [1, 2, 2]
