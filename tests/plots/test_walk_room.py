"""In the walk no two numbers lie on one another, and none on the key or the rim, whatever the network and the page."""
import numpy as np
import pytest

import bpviz as bp
from bpviz.descent.optimizers import GradientDescent
from bpviz.explorers import all_explorers
from bpviz.plots.blit import Blit
from bpviz.plots.label import Label
from bpviz.plots.style import style
from bpviz.plots.walk import home
from bpviz.plots.walk_room import free_share, heights, shared_out

WALK = all_explorers()["backprop"]
WIDTHS = (360, 720, 875, 960, 1150, 1400)
LONG = -0.888                     # a usual number, at its longest
KEY = ("Arrow: dL/dw, what more of this weight does", "raises L", "lowers L", "largest, 0.12", "road of the blame", "∂a: dL/da")
NETWORKS = [("article 2-2-1", "2", "layer norm", "squared error"), ("two weights 1-1-1", "1", "plain", "squared error"),
            ("two outputs 2-2-2", "2", "plain", "squared error"), ("two outputs 2-2-2", "2", "layer norm", "cross-entropy"),
            ("two outputs 2-2-2", "3", "plain", "cross-entropy"), ("two outputs 2-2-2", "4", "plain", "squared error"),
            ("article 2-2-1", "4", "layer norm", "cross-entropy"), ("two outputs 2-2-2", "2-2", "skip + layer norm", "squared error"),
            ("two outputs 2-2-2", "3-3", "skip + layer norm", "cross-entropy"), ("two outputs 2-2-2", "3-3", "skip", "squared error"),
            ("two outputs 2-2-2", "4-4", "plain", "cross-entropy"), ("two outputs 2-2-2", "4-4", "skip + layer norm", "cross-entropy"),
            ("two weights 1-1-1", "4-4", "skip + layer norm", "squared error")]


def ink(text):
    """left, low, right, high of what is seen of a label, in pixels of the picture."""
    image, left, low = text.prepare(text.get_text())
    seen, (x, y) = image[..., 3] > 60, text.get_transform().transform(text.get_unitless_position())
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    x, y = round(x) + left, round(y) + low + len(image)                        # row 0 is at the top
    return x + columns[0], y - rows[-1] - 1, x + columns[-1] + 1, y - rows[0]


def stops_of(scene):
    """What the diagram shows at the first, the middle and the last stop of each kind and layer, every number a long one."""
    groups, theta = {}, scene.theta(1)
    for k, stop in enumerate(scene.walk.stops):
        letter, place = stop.kind
        groups.setdefault((letter, *place[:2]) if letter in "dg" else (letter, *place[:1]), []).append(k)
    for group in groups.values():
        for k in {group[0], group[len(group) // 2], group[-1]}:
            found = scene.walk.find(k, theta, GradientDescent(rate=1.0))
            yield dict.fromkeys(found.known, LONG), found.stop.kind, found.stop.reads, found.flow


def check(scene, width):
    with style():
        canvas, drawing = WALK.picture(scene, width)
        Blit(canvas, ())
    diagram, box = drawing.bindings[1][0].thing, canvas.axes[1].get_window_extent()
    texts = [text for text in canvas.findobj(Label) if text.axes is diagram.axes]
    for known, now, reads, flow in stops_of(scene):
        diagram.update(known, now, reads, flow, KEY)
        shown = [text for text in texts if text.get_visible() and text.get_text().strip()]
        boxes, words = np.array([ink(text) for text in shown]), [text.get_text() for text in shown]
        assert (boxes[:, :2] >= [box.x0, box.y0]).all() and (boxes[:, 2:] <= [box.x1, box.y1]).all(), (now, width)
        low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
        high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
        one, two = np.nonzero(np.triu((low < high).all(axis=2), 1))
        assert not len(one), (now, width, [(words[i], words[j]) for i, j in zip(one, two, strict=True)])
        there = diagram.texts.get(home(now))
        assert there is None or there.get_visible() or diagram.bare and home(now) in diagram.papers, (now, width)


@pytest.mark.parametrize("network", NETWORKS, ids=" ".join)
def test_no_text_lies_on_another_or_on_the_rim(network):
    scene, _ = WALK.finish(WALK.values(**dict(zip(("example", "hidden", "cures", "loss"), network, strict=True))))
    for width in WIDTHS:
        check(scene, width)


def test_nor_in_the_largest_network_of_ones_own():
    data = bp.Data(np.ones((4, 1)), np.full((4, 1), 0.25))
    fit = bp.Fit(bp.Network((4, 4, 4, 4), "tanh", skip=True, layer_norm=True), "cross-entropy", data)
    panel = WALK.with_own(WALK, {"fit": fit})
    scene, _ = panel.finish(panel.values())
    for width in WIDTHS:
        check(scene, width)


def test_lines_that_fit_nowhere_go_to_the_other_side_or_on_one_line():
    z, a, d = ("z", (1, 1)), ("d", ("a", 1, 1)), ("d", ("z", 1, 1))
    h, dh = ("h", (1, 1)), ("d", ("h", 1, 1))
    assert shared_out([([], [z, a, d])], [1, 3], 100, d) == [([], [(z,), (a,), (d,)])]
    assert shared_out([([], [z, a, d])], [1, 2], 100, d) == [([(z,)], [(a,), (d,)])]
    assert shared_out([([z, a], [])], [1, 1], 100, d) == [([(z,)], [(a,)])]
    assert shared_out([([], [h, dh, d])], [0, 2], 200, d) == [([], [(h, dh), (d,)])]
    assert shared_out([([], [h, dh, d])], [0, 2], 100, d) == [([], [(dh,), (d,)])]
    assert shared_out([([], [h, dh])], [0, 1], 100, h) == [([], [(h,), (dh,)])]         # the number of now stays
    assert shared_out([([], [h, dh]), ([], [h, dh, d])], [1, 2, 2], 100, d)[0] == ([], [(h,), (dh,)])


def test_units_stand_with_equal_gaps_and_numbers_on_arrows_go_where_there_is_room():
    y = heights(4, (60, 326), 18, 0.31)
    gaps = np.diff([60 - 18, *y, 326 + 18]) - 36
    assert np.allclose(gaps, gaps[0]) and heights(2, (0, 100), 9, 0.5) == [25, 75]
    tail, tip = np.array([0.0, 0.0]), np.array([100.0, 0.0])
    assert free_share(tail, tip, 0.42, (20, 10), []) == free_share(tail, tip, 0.42, (20, 10), [(50, 40, 20, 10)]) == 0.42
    share = free_share(tail, tip, 0.42, (20, 10), [(40, 0, 20, 10)])
    assert abs(100 * share - 40) >= 21 and abs(100 * share - 40) < 25
