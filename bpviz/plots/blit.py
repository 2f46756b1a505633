"""Draw the unmoving once, the moving at every frame.

Everything on the figure that is not `animated` is drawn and kept as a background; a frame copies
the background back and draws only the moving artists over it. (Matplotlib's own "blitting",
Animations guide, section "Faster rendering by using blitting".)
"""
import numpy as np

from bpviz.plots.canvas import Canvas
from bpviz.plots.style import style


class Blit:
    """The pixels of a figure whose `moving` artists change often.

    moving: artists, each on some axes, drawn in this order; they are made `animated`.
    """

    def __init__(self, figure, moving):
        self.figure, self.moving = figure, tuple(moving)
        for artist in self.moving:
            artist.set_animated(True)
        self.canvas = Canvas(figure)
        self.canvas.draw()
        self.background = self.canvas.copy_from_bbox(figure.bbox)

    def frame(self):
        """The current pixels: uint8 (height, width, 4), valid until the next frame."""
        with style():
            self.canvas.restore_region(self.background)
            for artist in self.moving:
                artist.axes.draw_artist(artist)
            return np.asarray(self.canvas.buffer_rgba())

    def inside(self, axes):
        """Where the axes lie in the picture: [left, top, right, bottom] as shares of its width and height."""
        box = axes.get_window_extent().transformed(self.figure.transFigure.inverted())
        return [box.x0, 1 - box.y1, box.x1, 1 - box.y0]
