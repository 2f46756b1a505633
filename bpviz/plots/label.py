"""Text whose pixels are kept: a picture full of numbers, most of which stay the same from frame to frame.

Matplotlib lays out and rasters every string anew at every draw, about 0.5 ms each, formulas more.
A Label does so once per string and look, and afterwards copies the pixels.
"""
from functools import lru_cache

import numpy as np
from matplotlib.text import Text
from matplotlib.transforms import Bbox, IdentityTransform

from bpviz.plots.canvas import Sheet
from bpviz.plots.style import style

MARGIN = 3


class _Laid(Text):
    """A text that is laid out once, to be measured and then drawn: its words and its look stay as they are."""

    _lines = None

    def _get_layout(self, renderer):
        if self._lines is None:
            self._lines = super()._get_layout(renderer)
        return self._lines


class _Kept:
    """A text around no place. box: the pixels that it covers from there, (left, low, right, high).

    long: how far it takes the pen, in pixels and their parts (Matplotlib before 3.11 does not round them).
    """

    def __init__(self, words, font, colour, across, upright, spacing, dpi):
        text = _Laid(0, 0, words, fontproperties=font, color=colour, horizontalalignment=across,
                     verticalalignment=upright, linespacing=spacing, transform=IdentityTransform())
        text.set_figure(_Place(dpi))
        box = text.get_window_extent(Sheet(1, 1, dpi))
        self.long = box.width
        self.box = (int(np.floor(box.x0)) - MARGIN, int(np.floor(box.y0)) - MARGIN,
                    int(np.ceil(box.x1)) + MARGIN, int(np.ceil(box.y1)) + MARGIN)
        self._text = text                     # and its pixels instead, once they are asked for

    def pixels(self):
        """RGBA, row 0 at the bottom; two threads that ask at once draw the same."""
        text = self._text
        if isinstance(text, Text):
            left, low, right, high = self.box
            with style():                     # also in idle moments: whatever is kept is kept for every picture
                text.set_position((-left, -low))
                text.draw(sheet := Sheet(right - left, high - low, text.figure.dpi))
            text = self._text = np.array(sheet.buffer_rgba())[::-1]
        return text


@lru_cache(maxsize=4000)
@style()
def _kept(*look):
    return _Kept(*look)


class _Spelt:
    """A line of words put together from the kept pixels of its letters: new numbers need no rastering. As _Kept."""

    def __init__(self, words, font, colour, across, upright, spacing, dpi):
        def one(letters, upright="baseline"):
            return _kept(letters, font, colour, "left", upright, spacing, dpi)

        def advance(letter):              # by what it adds between two others
            return one(f"0{letter}0").long - one("00").long
        pens = np.cumsum([0, *(advance(letter) for letter in words)]).round().astype(int)
        self._letters = [(one(letter), int(pen)) for letter, pen in zip(words, pens, strict=False) if letter != " "]
        start = -{"left": 0.0, "center": 0.5, "right": 1.0}[across] * pens[-1]
        at, boxes = int(np.floor(start)), [kept.box for kept, _ in self._letters]
        self._low, up = min(box[1] for box in boxes), one("lp", upright).box[1] - one("lp").box[1]
        self.box = (at - MARGIN, self._low + up, at + int(pens[-1]) + MARGIN, max(box[3] for box in boxes) + up)

    def pixels(self):
        left, down, right, up = self.box
        low, high = self._low, self._low + up - down
        whole = np.zeros((high - low, right - left + 2 * MARGIN, 4), np.uint8)
        for kept, pen in self._letters:
            image, (x, y, _, _) = kept.pixels(), kept.box
            part = whole[y - low:y - low + image.shape[0], pen + x + MARGIN:pen + x + MARGIN + image.shape[1]]
            image = image[:, :part.shape[1]]
            np.copyto(part, image, where=image[:, :, 3:] > part[:, :, 3:])
        return whole[:, :right - left]


class _Place:
    """The little of a Figure that a Text asks for."""

    def __init__(self, dpi):
        self.dpi = dpi
        self.bbox = Bbox([[0, 0], [1, 1]])
        self.stale = False

    def get_figure(self, root=None):
        return self

    figure = property(lambda self: self)


class Label(Text):
    """A Text without box, rotation or clipping, drawn from kept pixels.

    spelt: its words change at every frame; a line without formulas is put together from kept letters.
    """

    spelt = False

    def _kept(self, words):
        kept = _Spelt if self.spelt and words.strip() and not {"$", "\n"} & set(words) else _kept
        return kept(words, self.get_fontproperties().copy(), self.get_color(), self.get_horizontalalignment(),
                     self.get_verticalalignment(), self._linespacing, self.get_figure(root=True).dpi)

    def prepare(self, words):
        """(RGBA pixels, x, y): these words in this label's look, and their lower left corner from the label's place.

        They are kept, so that drawing them later takes no time.
        """
        kept = self._kept(words)
        return kept.pixels(), *kept.box[:2]

    def wide(self):
        """How wide its words are, CSS pixels; to be measured they need not be drawn."""
        left, _, right, _ = self._kept(self.get_text()).box
        return (right - left) * 100 / self.get_figure(root=True).dpi

    def get_window_extent(self, renderer=None, dpi=None):
        """The box of its kept pixels in the picture, a Bbox in pixels."""
        left, low, right, high = self._kept(self.get_text()).box
        x, y = self.get_transform().transform(self.get_unitless_position())
        return Bbox.from_extents(x + left + MARGIN, y + low + MARGIN, x + right - MARGIN, y + high - MARGIN)

    def draw(self, renderer):
        if self.get_visible() and self.get_text():
            image, left, low = self.prepare(self.get_text())
            x, y = self.get_transform().transform(self.get_unitless_position())
            renderer.draw_image(renderer.new_gc(), round(x) + left, round(y) + low, image)
        self.stale = False


def label(axes, x, y, words="", spelt=False, **look):
    """A Label on axes, in data coordinates; spelt: see Label.  look: as for axes.text."""
    look = {"va": "center", "clip_on": False, **look}
    made = axes.add_artist(Label(x, y, words, **{"transform": axes.transData, **look}))
    made.spelt = spelt
    return made
