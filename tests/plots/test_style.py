"""Words in pictures can be read: 4.5 : 1 against what they stand on; and marks do not hide them."""
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from bpviz.explorers import all_explorers
from bpviz.plots.blit import Blit
from bpviz.plots.landscape import END
from bpviz.plots.style import PAPER, style

EXPLORERS = all_explorers()
LEAST = 4.5                          # Web Content Accessibility Guidelines 2.2, 1.4.3


def contrast(one, other):
    """The ratio of the guidelines, between 1 and 21."""
    def light(colour):
        c = np.asarray(to_rgb(colour))
        return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]
    a, b = sorted((light(one), light(other)))
    return (b + 0.05) / (a + 0.05)


def test_the_ratio_is_the_guidelines():
    assert abs(contrast("white", "black") - 21) < 1e-9 and abs(contrast("#777777", "white") - 4.478) < 0.001


@pytest.mark.parametrize("name", ["minima", "backprop", "chain_rule", "rate", "difference", "saturation"])
def test_every_word_of_a_picture_can_be_read(name):
    explorer = EXPLORERS[name]
    scene, result = explorer.finish(explorer.values())
    with style():
        canvas, drawing = explorer.picture(scene, 900)
        Blit(canvas, ())
    drawing.update(result)
    texts = [text for text in canvas.findobj(Text) if text.get_text().strip()]
    pale = {(text.get_text(), text.get_color()) for text in texts if contrast(text.get_color(), PAPER) < LEAST}
    assert len(texts) > 10 and not pale


@pytest.mark.parametrize("name, knobs", [("minima", {}), ("basins", {}), ("rate", {})])
def test_the_end_of_a_path_is_a_ring_around_the_letter_it_reached(name, knobs, monkeypatch):
    monkeypatch.setattr("bpviz.explorers.basins.CELLS", 24)
    explorer = EXPLORERS[name]
    scene, result = explorer.finish(explorer.values(**knobs))
    with style():
        canvas, drawing = explorer.picture(scene, 900)
        blit = Blit(canvas, drawing.moving)
    drawing.update(result)
    frame = blit.frame()[..., :3].astype(int)
    end = next(line for line in drawing.moving if getattr(line, "get_markeredgecolor", str)() == END["markeredgecolor"]
               and line.get_marker() == "o" and len(line.get_xdata()))
    x, y = end.get_transform().transform((end.get_xdata()[0], end.get_ydata()[0]))
    x, y, side = round(x), frame.shape[0] - round(y), 14
    around = frame[y - side:y + side + 1, x - side:x + side + 1]
    rows, columns = np.mgrid[-side:side + 1, -side:side + 1]
    radius = np.hypot(rows, columns)
    warm = np.abs(around - [213, 94, 0]).sum(axis=2) < 60
    assert warm[(radius > 13) & (radius < 14.4)].mean() > 0.7 and not warm[radius < 8].any()       # a ring, nothing in it
    ink = around.sum(axis=2) < 250
    assert 15 < ink[radius < 7].sum() < 90                                                         # the letter
