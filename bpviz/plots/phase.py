"""The plane of random networks: how strongly they are wired against how scattered their biases are."""
import numpy as np
from matplotlib import patheffects

from bpviz.plots.depth import DecadeAxis
from bpviz.plots.motion import Stroke
from bpviz.plots.pixels import PixelMap, enlarged
from bpviz.plots.style import BLUE, INK, PAPER, VERMILION

FINE, DEEPEST = 256, 100.0           # pixels a side; the depth scale from which the plane is white
ORDERED, CHAOTIC = np.array([0.36, 0.60, 0.82]), np.array([0.95, 0.70, 0.28])


def phase_image(chi):
    """uint8 (n, n, 3): blue where gradients vanish, orange where they explode, paler the deeper they reach."""
    with np.errstate(all="ignore"):
        log = np.log(np.maximum(enlarged(np.nan_to_num(chi, nan=1.0), FINE), 1e-12))
        depth = np.minimum(1 / np.abs(log), DEEPEST)
    pale = (np.log1p(depth) / np.log1p(DEEPEST))[:, :, None] ** 1.2
    colour = np.where((log < 0)[:, :, None], ORDERED, CHAOTIC)
    return (255 * (colour + pale * (1 - colour))).astype(np.uint8)


def draw_phase(axes, chi, line, reach, words):
    """The plane with the critical line, as a PixelMap.

    chi: (n, n) over it.  line: (sigma_w, sigma_b) of the critical line.  words: ((sigma_w, sigma_b, text), ...).
    """
    axes.set(xlim=reach[:2], ylim=(0, reach[2]), xlabel=r"weights: $\sigma_w$", ylabel=r"biases: $\sigma_b$")
    axes.grid(False)
    if len(line[0]):
        axes.plot(*line, color=PAPER, linewidth=5, clip_on=True)
        axes.plot(*line, color=INK, linewidth=2.4, clip_on=True)
    halo = [patheffects.withStroke(linewidth=3, foreground=PAPER)]
    for x, y, text in words:
        axes.text(x, y, text, ha="center", va="center", fontsize=11, path_effects=halo)
    plane = PixelMap(axes, over=[*axes.lines, *axes.texts])
    plane.set_cells(phase_image(chi))
    return plane


def lengths(axes, high):
    """Bindings: one layer's map of lengths, the `curve`, and the `stairs` of lengths along it, their `length`'s end."""
    axes.set(xlim=(0, high), ylim=(0, high), xlabel="$q$ before", ylabel="$q$ after")
    axes.plot([0, high], [0, high], color=INK, linewidth=1)
    end = {"linestyle": "", "marker": "o", "color": VERMILION, "markersize": 7, "markeredgecolor": INK}
    return (Stroke(axes, "curve.1", "curve.0", {"color": BLUE}),
            Stroke(axes, "stairs.1", "stairs.0", {"color": VERMILION, "linewidth": 1.4}),
            Stroke(axes, "length", "length", end, part="last"))


class Layers:
    """Theory as a line, a measured network as dots, layer by layer: `update(expected, measured or None)`.

    width: of the measured network.  decades: whether the axis counts powers of ten and moves with what is shown.
    """

    def __init__(self, axes, layers, width, decades=False):
        axes.set(xlim=(0, layers), xlabel="layer")
        self.decades = DecadeAxis(axes) if decades else None
        self.theory, = axes.plot([], [], "--", color=VERMILION, label="theory")
        self.dots, = axes.plot([], [], "o", color=BLUE, markersize=4.5, markeredgecolor=INK, markeredgewidth=0.5,
                               label=f"measured, width {width}")
        self.artists = (self.dots, self.theory, *(self.decades.artists if decades else ()))

    def update(self, expected, measured):
        layers = np.arange(1, len(expected) + 1)
        if self.decades:
            self.decades.update(expected, *(() if measured is None else (measured,)))
            expected, measured = (None if part is None else self.decades.at(part) for part in (expected, measured))
        self.theory.set_data(layers, expected)
        self.dots.set_data(*(([], []) if measured is None else (layers, measured)))
