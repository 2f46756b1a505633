"""Draw the unmoving once, the moving at every frame.

Everything on the figure that is not `animated` is drawn and kept as a background; a frame copies
the background back and draws only the moving artists over it. (Matplotlib's own "blitting",
Animations guide, section "Faster rendering by using blitting".)
"""
import numpy as np

from bpviz.base.work import value_of
from bpviz.plots.canvas import Canvas
from bpviz.plots.hints import without_hints
from bpviz.plots.style import style


class Blit:
    """The pixels of a figure whose `moving` artists change often.

    moving: artists, each on some axes, drawn in this order; they are made `animated`.
    """

    def __init__(self, figure, moving):
        value_of(self._begun(figure, moving))

    @classmethod
    def pieces(cls, figure, moving):
        """The same as a generator of pieces of work, for `in_style`; returns the Blit."""
        blit = cls.__new__(cls)
        yield from blit._begun(figure, moving)
        return blit

    def _begun(self, figure, moving):
        self.figure, self.moving = figure, tuple(moving)
        for artist in self.moving:
            artist.set_animated(True)
        self.canvas, self.silent = Canvas(figure), None
        self.background = yield from self._drawn()

    def _drawn(self):
        """What does not move, drawn anew as `Figure.draw` would, a piece for each axes: a generator."""
        sheet = self.canvas.get_renderer()
        sheet.clear()
        still = [artist for artist in self.figure.get_children() if not artist.get_animated()]
        for artist in sorted(still, key=lambda artist: (artist is not self.figure.patch, artist.get_zorder())):
            artist.draw(sheet)
            yield
        return self.canvas.copy_from_bbox(self.figure.bbox)

    def still(self):
        """A copy of them without the words that invite to move something: for a file, or a page without a kernel."""
        with style(), without_hints(self.figure) as invites:
            if self.silent is None:
                self.silent = value_of(self._drawn()) if invites else self.background
            pixels = self.frame(self.silent).copy()
        self.frame()
        return pixels

    def frame(self, background=None):
        """The current pixels: uint8 (height, width, 4), valid until the next frame."""
        with style():
            self.canvas.restore_region(self.background if background is None else background)
            for artist in self.moving:
                artist.axes.draw_artist(artist)
            return np.asarray(self.canvas.buffer_rgba())

    def inside(self, axes):
        """Where the axes lie in the picture: [left, top, right, bottom] as shares of its width and height."""
        box = axes.get_window_extent().transformed(self.figure.transFigure.inverted())
        return [box.x0, 1 - box.y1, box.x1, 1 - box.y0]
