"""A finished picture: an image with its meaning in words, as a lesson or a printed page keeps it."""
import html
import io
from base64 import b64encode
from dataclasses import dataclass

from matplotlib.axes import Axes

from bpviz.base.arguments import refuse
from bpviz.plots.canvas import Canvas
from bpviz.plots.style import figure, place, style

SHARP = 2


@dataclass(frozen=True)
class Still:
    """A finished picture: `png` bytes, `words` that say what it shows, and its width in CSS pixels."""
    png: bytes
    words: str
    width: int

    @property
    def image(self):
        """The picture alone as HTML, its words for those who cannot see it."""
        data = b64encode(self.png).decode()
        words = html.escape(self.words, quote=True)
        return f'<img alt="{words}" src="data:image/png;base64,{data}" style="max-width:100%;width:{self.width}px">'

    def _repr_html_(self):
        return f"{self.image}<p>{html.escape(self.words, quote=True)}</p>"

    def __repr__(self):
        return f"Still({self.words!r})"


def still(width, height, boxes, draw, words, axes=None):
    """The Still of `draw(*axes)`, width x height CSS pixels.

    boxes: where the axes are, (left, top, right, bottom) each; one may stand alone.
    axes: matplotlib axes to draw a picture of one box on instead; they are returned.
    """
    if axes is not None:
        if not isinstance(axes, Axes):
            refuse("axes", axes, "allowed is None or axes of matplotlib, such as plt.subplots() gives")
        with style():
            draw(axes)
        return axes
    boxes = boxes if isinstance(boxes[0], tuple) else (boxes,)
    with style():
        canvas = figure(width, height, SHARP)
        draw(*(place(canvas, *box) for box in boxes))
        out = io.BytesIO()
        Canvas(canvas).print_png(out)
    return Still(out.getvalue(), words, width)
