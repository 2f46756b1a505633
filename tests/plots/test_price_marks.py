"""The picture of checking by differences: the marks of the chosen size stand on the curves of the price."""
import numpy as np
import pytest
from matplotlib.figure import Figure

from bpviz.explorers.difference import MOST_UNITS
from bpviz.plots.difference import draw_cost, marks_of_size
from bpviz.symbolic.difference import price


@pytest.mark.parametrize("units", [1, 4, MOST_UNITS])
def test_the_marks_of_a_size_stand_on_the_curves(units):
    axes = Figure().subplots()
    draw_cost(axes, np.array([price(n) for n in range(1, MOST_UNITS + 1)]))
    curves = [line.get_data() for line in axes.lines]
    size = price(units)
    for stroke, (weights, operations) in zip(marks_of_size(axes), reversed(curves), strict=True):
        artists = stroke.artists()
        stroke.move(artists, size[int(stroke.y[-1])], size[1])
        (x,), (y,) = artists[0].get_data()
        assert (x, y) == (weights[units - 1], operations[units - 1])
