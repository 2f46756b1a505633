"""A map of what trains: dark blue converges, light orange runs away; the border, counted in boxes."""
import numpy as np

from bpviz.base.written import as_written
from bpviz.plots.label import label
from bpviz.plots.pixels import PixelMap
from bpviz.plots.style import BLUE, VERMILION

FAST, SLOW = np.array([0, 42, 84]), np.array([120, 180, 225])            # converged
LATE, SOON = np.array([246, 170, 60]), np.array([255, 244, 214])         # diverged
UNKNOWN = np.array([190, 190, 190])


def trainability_image(outcome, shade):
    """uint8 (rows, columns, 3): converged dark, diverged light, by how slowly or how soon."""
    s = np.asarray(shade)[:, :, None]
    image = np.where(outcome[:, :, None] == 1, FAST + s * (SLOW - FAST), LATE + s * (SOON - LATE))
    return np.where(outcome[:, :, None] == 0, UNKNOWN, image).astype(np.uint8)


class HyperMap:
    """The map with labels that follow the zoom: `update(x, y, outcome, shade)`."""

    def __init__(self, axes):
        axes.set(xticks=[], yticks=[])
        axes.grid(False)
        self.axes, self.map = axes, PixelMap(axes)
        self.across = [label(axes, 0, 0, fontsize=10, va="top", ha=side) for side in ("left", "center", "right")]
        self.up = [label(axes, 0, 0, fontsize=10, va=side, ha="right") for side in ("bottom", "center", "top")]
        self.shown = None
        self.artists = (self.map, *self.across, *self.up)

    def update(self, x, y, outcome, shade):
        """x, y: log10 of the hyperparameters."""
        self.axes.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
        wide, high = x[-1] - x[0], y[-1] - y[0]
        for text, share in zip(self.across, (0, 0.5, 1), strict=True):
            place = x[0] + share * wide
            text.set(text=_power(place, wide), x=place, y=y[0] - 0.02 * high)
        for text, share in zip(self.up, (0, 0.5, 1), strict=True):
            place = y[0] + share * high
            text.set(text=_power(place, high), x=x[0] - 0.02 * wide, y=place)
        if self.shown is not outcome:
            self.shown = outcome
            self.map.set_cells(trainability_image(outcome, shade))


def _power(exponent, span):
    """10^exponent with as many digits as a window of this many decades needs."""
    digits = int(min(7, max(2, 2 - np.log10(max(span, 1e-9)))))
    value = f"{10 ** exponent:.{digits}g}"
    return f"{10 ** exponent:,.0f}" if 100 <= float(value) < 1e5 and digits < 4 else as_written(value)


# How many boxes meet the border, against their side: the measured border and a circle. Slopes are dimensions.
BOX_LOOKS = {"dimension": {"linestyle": "-", "marker": "o", "color": VERMILION, "label": "this border"},
             "control": {"linestyle": "--", "marker": "s", "color": BLUE, "label": "a circle"}}


def box_axes(axes):
    """Axes for counts of boxes, both ways in powers."""
    axes.set(xscale="log", yscale="log", xlabel="side of a box, pixels", xlim=(0.8, 40), ylim=(1, 1e4),
             xticks=[1, 4, 16], xticklabels=["1", "4", "16"])
    axes.minorticks_off()
