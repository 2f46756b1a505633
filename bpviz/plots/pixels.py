"""A picture of cells that fills its axes, laid under fixed lines, quick enough for every frame.

Matplotlib resamples an image and draws contour lines anew each time, 20 ms and more. A PixelMap enlarges its
cells once, lays the rasterised lines over them once, and afterwards copies the pixels.
"""
from functools import lru_cache

import numpy as np
from matplotlib.artist import Artist
from matplotlib.transforms import Bbox, TransformedBbox

from bpviz.plots.canvas import Sheet


def enlarged(values, size):
    """values (rows, columns) on `size` x `size` places, linearly between the given ones."""
    rows, columns = (_between(n, size) for n in values.shape)
    return rows @ values @ columns.T


@lru_cache(maxsize=16)
def _between(n, size):
    """(size, n): how much of each of n values is in each of `size` places along them."""
    return np.stack([np.interp(np.linspace(0, 1, size), np.linspace(0, 1, n), e) for e in np.eye(n)], axis=1)


class PixelMap(Artist):
    """Cells (rows, columns, 3) as uint8 colours, row 0 at the bottom, stretched over `axes`.

    over: artists of the axes (contour sets, lines) drawn on top, once; they are taken out of the figure's own drawing.
    part: (left, low, right, high) in data coordinates, to fill no more than that.
    """

    def __init__(self, axes, over=(), part=None):
        super().__init__()
        self.place = axes.bbox if part is None else TransformedBbox(Bbox.from_extents(*part), axes.transData)
        self.over, self._lines, self._cells, self._pixels = tuple(over), None, None, None
        for artist in self.over:
            artist.set_animated(True)
        axes.add_artist(self)

    def set_cells(self, cells):
        """The new cells; nothing is done if they are the very array shown already."""
        if cells is not self._cells:
            self._cells, self._pixels = cells, None

    def _rasterised(self, box, renderer):
        """The lines as colour (h, w, 3) and opacity (h, w, 1)."""
        sheet = Sheet(int(renderer.width), int(renderer.height), self.axes.figure.dpi)
        for artist in self.over:
            artist.draw(sheet)
        left, low, right, high = box
        drawn = np.asarray(sheet.buffer_rgba())[::-1][low:high, left:right].astype(float)
        return drawn[:, :, :3], drawn[:, :, 3:] / 255

    def draw(self, renderer):
        if self._cells is None or not self.get_visible():
            return
        box = tuple(int(round(v)) for v in self.place.extents)
        height, width = box[3] - box[1], box[2] - box[0]
        if self._pixels is None:
            rows = np.arange(height) * self._cells.shape[0] // height
            columns = np.arange(width) * self._cells.shape[1] // width
            picture = self._cells[rows[:, None], columns]
            if self.over:
                if self._lines is None:
                    self._lines = self._rasterised(box, renderer)
                colour, opacity = self._lines
                picture = picture * (1 - opacity) + colour * opacity
            self._pixels = np.full((height, width, 4), 255, np.uint8)
            self._pixels[:, :, :3] = picture
        renderer.draw_image(renderer.new_gc(), box[0], box[1], self._pixels)
        self.stale = False
