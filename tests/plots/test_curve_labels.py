"""The picture of an activation: the words at its steepest place cover no curve, and name a place only where there is one."""
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import bpviz as bp
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.plots.curves import draw_activation


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "leaky relu", "elu"])
def test_the_words_cover_no_curve(name):
    figure = Figure(figsize=(5.6, 3))
    canvas, axes = FigureCanvasAgg(figure), figure.add_subplot()
    z, one = np.linspace(-6, 6, 401), ACTIVATIONS[name]
    value = one.value(np, z)
    draw_activation(axes, z, value, one.slope(np, z, value), name)
    canvas.draw()
    words = next(text for text in axes.texts if text.get_text().startswith("steepest")).get_window_extent()
    for line in axes.lines:
        places = axes.transData.transform(line.get_xydata())
        if len(places) > 1:
            assert not any(words.contains(*place) for place in np.concatenate([places, (places[1:] + places[:-1]) / 2])), line.get_label()


def test_a_slope_that_stays_at_its_most_has_no_place():
    assert bp.picture.activation("relu").words == "relu and its slope: at most 1."
    assert bp.picture.activation("tanh").words == "tanh and its slope: at most 1, at z = 0."
