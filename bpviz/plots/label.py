"""Text whose pixels are kept: a picture full of numbers, most of which stay the same from frame to frame.

Matplotlib lays out and rasters every string anew at every draw, about 0.5 ms each, formulas more.
A Label does so once per string and look, and afterwards copies the pixels.
"""
from functools import lru_cache

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox

from bpviz.plots.style import style

MARGIN = 3


@lru_cache(maxsize=4000)
@style()                             # also in idle moments: whatever is kept is kept for every picture
def _pixels(words, font, colour, across, upright, spacing, dpi):
    """(RGBA pixels, x, y): the pixels of a text and where their lower left corner lies from the text's position."""
    # The text needs somewhere to be laid out and then a sheet that fits: draw twice, the first time to measure.
    shift = Affine2D()
    text = Text(0, 0, words, fontproperties=font, color=colour, horizontalalignment=across,
                verticalalignment=upright, linespacing=spacing, transform=shift)
    text.set_figure(_Sheet(dpi))
    box = text.get_window_extent(RendererAgg(1, 1, dpi))
    left, low = int(np.floor(box.x0)) - MARGIN, int(np.floor(box.y0)) - MARGIN
    renderer = RendererAgg(int(np.ceil(box.x1)) + MARGIN - left, int(np.ceil(box.y1)) + MARGIN - low, dpi)
    shift.translate(-left, -low)
    text.draw(renderer)
    return np.array(renderer.buffer_rgba())[::-1], left, low


class _Sheet:
    """The little of a Figure that a Text asks for."""

    def __init__(self, dpi):
        self.dpi = dpi
        self.bbox = Bbox([[0, 0], [1, 1]])
        self.stale = False

    def get_figure(self, root=None):
        return self

    figure = property(lambda self: self)


class Label(Text):
    """A Text without box, rotation or clipping, drawn from kept pixels."""

    def prepare(self, words):
        """(RGBA pixels, x, y) of these words in this label's look; kept, so that drawing them later takes no time."""
        return _pixels(words, self.get_fontproperties().copy(), self.get_color(), self.get_horizontalalignment(),
                       self.get_verticalalignment(), self._linespacing, self.get_figure(root=True).dpi)

    def wide(self):
        """How wide its words are, CSS pixels."""
        return self.prepare(self.get_text())[0].shape[1] * 100 / self.get_figure(root=True).dpi

    def get_window_extent(self, renderer=None, dpi=None):
        """The box of its kept pixels in the picture, a Bbox in pixels."""
        image, left, low = self.prepare(self.get_text())
        x, y = self.get_transform().transform(self.get_unitless_position())
        high, across = image.shape[:2]
        return Bbox.from_bounds(x + left + MARGIN, y + low + MARGIN, across - 2 * MARGIN, high - 2 * MARGIN)

    def draw(self, renderer):
        if self.get_visible() and self.get_text():
            image, left, low = self.prepare(self.get_text())
            x, y = self.get_transform().transform(self.get_unitless_position())
            renderer.draw_image(renderer.new_gc(), round(x) + left, round(y) + low, image)
        self.stale = False


def label(axes, x, y, words="", **look):
    """A Label on axes, in data coordinates; look as for axes.text."""
    look = {"va": "center", "clip_on": False, **look}
    return axes.add_artist(Label(x, y, words, **{"transform": axes.transData, **look}))
