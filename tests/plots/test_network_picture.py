"""The diagram of a network: every number can be read, whatever the shape of the network."""
import itertools

import numpy as np
import pytest

import bpviz as bp
from bpviz import picture
from bpviz.plots.network import MOST_UNITS, ROUND

SHAPES = [*itertools.product((1, 2, 3, 5, MOST_UNITS), repeat=2), (2, 3, 2), (1, 4, 1), (2, 6, 6, 1), (3, 1, 3, 1, 4)]
LARGE = 25.0


def drawn(monkeypatch, sizes, seed, scale):
    """The texts of the picture of such a network as {"weights", "answers", "others": [(words, box), ...]}, its circles,
    its axes."""
    kept = []

    def keep(width, height, boxes, draw, words):
        from bpviz.plots.canvas import Canvas
        from bpviz.plots.style import figure, place, style
        with style():
            page = figure(width, height, 2)
            axes = place(page, *boxes)
            draw(axes)
            Canvas(page).draw()
        kept.append(axes)
    monkeypatch.setattr(picture, "still", keep)
    rng = np.random.default_rng(seed)
    network = bp.Network(sizes, "tanh")
    fit = bp.Fit(network, "squared error", bp.Data(rng.normal(size=(sizes[0], 1)), rng.normal(size=(sizes[-1], 1)).round(1)))
    picture.network(fit, scale * rng.normal(size=fit.n_params))
    [axes] = kept
    texts = {"weights": [], "answers": [], "others": []}
    for text in (one for one in axes.texts if one.get_text()):
        boxed = text.get_bbox_patch()
        kind = "answers" if text.get_fontweight() == "bold" and text.get_zorder() == 4 else (
            "weights" if boxed is not None and text.get_zorder() == 2 else "others")
        texts[kind].append((text.get_text(), (boxed or text).get_window_extent()))
    radius = ROUND / 2 * axes.figure.dpi / 72
    circles = [(axes.transData.transform((*line.get_xdata(), *line.get_ydata())), radius) for line in axes.lines]
    return texts, circles, axes


@pytest.mark.parametrize("scale", [1.0, LARGE])
@pytest.mark.parametrize("sizes", SHAPES, ids=lambda sizes: "-".join(map(str, sizes)))
def test_no_two_numbers_lie_on_one_another(monkeypatch, sizes, scale):
    texts, circles, axes = drawn(monkeypatch, sizes, 3, scale)
    assert len(texts["weights"]) == sum(a * b for a, b in itertools.pairwise(sizes))
    every = [*texts["weights"], *texts["others"], *texts["answers"]]
    on = [(one, other) for (one, box), (other, over) in itertools.combinations(every, 2) if box.overlaps(over)]
    assert on == []
    for middle, radius in circles:
        on = [words for words, box in texts["weights"]
              if np.hypot(*(np.clip(middle, box.min, box.max) - middle)) < radius]
        assert on == []
    assert all(axes.figure.bbox.x0 <= box.x0 and box.x1 <= axes.figure.bbox.x1 for _, box in every)


@pytest.mark.parametrize("sizes", [(2, 3, 2), (2, 2, 1)], ids=lambda sizes: "-".join(map(str, sizes)))
def test_an_answer_stands_inside_its_circle(monkeypatch, sizes):
    texts, circles, _ = drawn(monkeypatch, sizes, 3, 1.0)
    for (words, box), (middle, radius) in zip(texts["answers"], circles, strict=True):
        assert box.width / 2 < radius and abs((box.x0 + box.x1) / 2 - middle[0]) < 2, words


@pytest.mark.parametrize("sizes", [(1, 1), (1, 1, 2), (2, 2, 1)], ids=lambda sizes: "-".join(map(str, sizes)))
def test_where_there_is_room_a_weight_stands_near_the_begin_of_its_arrow(monkeypatch, sizes):
    """At 0.30 of it, or 0.36 from a second unit: as in the lessons' pictures."""
    texts, _, axes = drawn(monkeypatch, sizes, 3, 1.0)
    across = sorted({round(axes.transData.inverted().transform(((box.x0 + box.x1) / 2, 0))[0] % 2.1, 1)
                     for _, box in texts["weights"]})
    assert all(0.6 <= one <= 1.0 for one in across), across
