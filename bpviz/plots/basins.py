"""A map of basins: a colour and a pattern for each label, its letter at the minimum, shading by time.

Colour alone tells nothing: every basin has its minimum with a letter in it, "nowhere" is dotted, "away" striped.
"""
import numpy as np
from contourpy import contour_generator
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.transforms import ScaledTranslation

from bpviz.plots.label import label
from bpviz.plots.pixels import PixelMap
from bpviz.plots.style import BLUE, GREEN, INK, ORANGE, PAPER, PURPLE, VERMILION, WARM, pixels

COLOURS = (BLUE, ORANGE, GREEN, PURPLE, VERMILION, "#56b4e9", "#f0e442")
NOWHERE_COLOUR, AWAY_COLOUR = "#bdbdbd", "#f4f4f4"
UNKNOWN = -3                     # the label of cells of which nothing is known yet: left white
BESIDE = 0.15                    # of the window: where a point stands so near, no name goes
SLOW_SHADE = 0.45                # how much darker the slowest cells are


def _light(colour):
    return 0.35 + 0.65 * np.array(to_rgb(colour))


def basin_image(label, steps=None, differs=None, faded=False):
    """RGB picture (rows, columns, 3) of labels (rows, columns), row 0 at the bottom.

    steps: shade by them, on a logarithmic scale.  differs: booleans, cells to strike out in black.
    faded: pale, for a map that no longer holds.
    """
    image = np.empty((*label.shape, 3))
    image[:] = _light(NOWHERE_COLOUR)
    for k in range(max(label.max() + 1, 0)):
        image[label == k] = _light(COLOURS[k % len(COLOURS)])
    i, j = np.indices(label.shape)
    image[(label == -1) & (i % 4 == 0) & (j % 4 == 0)] = to_rgb("#6f6f6f")
    image[label == UNKNOWN] = to_rgb(PAPER)
    image[label == -2] = to_rgb(AWAY_COLOUR)
    image[(label == -2) & ((i + j) % 6 == 0)] = to_rgb(INK)
    if steps is not None and (label >= 0).any():
        slow = np.log1p(steps) / max(np.log1p(steps[label >= 0].max()), 1e-9)
        image *= np.where(label >= 0, 1 - SLOW_SHADE * np.clip(slow, 0, 1), 1.0)[:, :, None]
    if differs is not None:
        image[differs] = to_rgb(INK)
    if faded:
        image = 0.35 * image + 0.65
    return (image * 255).astype(np.uint8)


class BasinMap:
    """The map on its axes, under fixed lines: `update(label, ...)` shows it."""

    def __init__(self, axes, low, high, scale="linear", over=()):
        axes.set(xscale=scale, yscale=scale, xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        axes.grid(False)
        self.map, self.shown = PixelMap(axes, over), None
        self.artists = (self.map,)

    def update(self, label, steps=None, differs=None, faded=False):
        """The arguments of `basin_image`; arrays shown already cost nothing."""
        new = label, steps, differs, faded
        if self.shown is None or any(a is not b for a, b in zip(new, self.shown, strict=True)):
            self.shown = new
            self.map.set_cells(basin_image(*new))


class BasinKey:
    """What the colours mean, in CSS pixels: a row a label, a patch in its colour and pattern, and words behind it."""

    HIGH, PATCH = 26, (16, 40)

    def __init__(self, axes, rows):
        width, height = pixels(axes)
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.set_axis_off()
        self.patches, self.words = [], []
        for k in range(rows):
            top = self.HIGH * k + 5
            self.patches.append(PixelMap(axes, part=(0, top, self.PATCH[1], top + self.PATCH[0])))
            self.words.append(label(axes, self.PATCH[1] + 10, self.HIGH * k + 13, fontsize=10.5))
        self.artists = (*self.patches, *self.words)

    def update(self, lines):
        """lines: ((label, words), ...), as many as fit."""
        for k, (patch, text) in enumerate(zip(self.patches, self.words, strict=True)):
            there = k < len(lines)
            patch.set_visible(there)
            text.set_text(lines[k][1] if there else "")
            if there:
                patch.set_cells(basin_image(np.full(self.PATCH, lines[k][0])))


class MinimaMarks:
    """Circles with letters at the minima of a map, above it; `update(theta, names)` moves them."""

    def __init__(self, axes, most):
        self.circles = [axes.plot([], [], "o", markersize=15, markerfacecolor=PAPER, markeredgecolor=INK,
                                  markeredgewidth=1.4, zorder=4)[0] for _ in range(most)]
        self.letters = [label(axes, 0, 0, ha="center", fontsize=10, fontweight="bold", zorder=5) for _ in range(most)]
        self.artists = (*self.circles, *self.letters)

    def update(self, places, names):
        """places: (2, K).  names: K letters."""
        for k, (circle, letter) in enumerate(zip(self.circles, self.letters, strict=True)):
            there = k < len(names)
            circle.set_data([places[0, k]] if there else [], [places[1, k]] if there else [])
            letter.set(text=names[k] if there else "", position=tuple(places[:, k]) if there else (0, 0))


class RowLines:
    """Lines of equal loss of one row alone over the map, dashed, the lower the thicker.

    `update(loss)`: (cells, cells), None for none.
    """

    LEVELS, THICK, THIN = 8, 2.6, 0.9

    def __init__(self, axes, plane):
        self.axes = plane.axes
        self.lines = axes.add_collection(LineCollection([], colors=[WARM], linestyles=[(0, (4, 2))], zorder=3))
        self.artists = (self.lines,)

    def update(self, loss):
        found, widths = [], []
        if loss is not None:
            finite = loss[np.isfinite(loss)]
            levels = np.unique(np.quantile(finite, np.linspace(0.06, 0.94, self.LEVELS))) if len(finite) else ()
            lines = contour_generator(*self.axes, np.where(np.isfinite(loss), loss, np.nan))
            for level, width in zip(levels, np.linspace(self.THICK, self.THIN, len(levels)), strict=True):
                found += (here := lines.lines(level))
                widths += [width] * len(here)
        self.lines.set_segments(found)
        self.lines.set_linewidth(widths or [self.THIN])


class BorderLines:
    """The borders between basins, each with a diamond and a name at its saddle; `update(borders)`, or None for none."""

    def __init__(self, axes, most):
        edge = {"solid_capstyle": "butt", "zorder": 3}
        self.under = [axes.plot([], [], color=PAPER, linewidth=4.4, **edge)[0] for _ in range(most)]
        self.lines = [axes.plot([], [], color=INK, linewidth=2.2, **edge)[0] for _ in range(most)]
        self.artists = (*self.under, *self.lines)

    def update(self, borders):
        for k, artists in enumerate(zip(self.under, self.lines, strict=True)):
            there = borders is not None and k < len(borders)
            for artist in artists:
                artist.set_data(*(borders[k].line if there else ([], [])))


def saddle_marks(axes, points):
    """The artists of the saddles of a CriticalPoints: diamonds, their names beside them."""
    where = points.of_kind("saddle")
    if not where:
        return ()
    marks, = axes.plot(*points.theta[:, where], "D", markersize=8, markerfacecolor=PAPER, markeredgecolor=INK,
                       markeredgewidth=1.4, zorder=4)
    names = []
    for k in where:
        over = _crowded(points, k)
        offset = ScaledTranslation(0 if over else 9 / 72, (14 if over else 8) / 72, axes.figure.dpi_scale_trans)
        names.append(label(axes, *points.theta[:, k], points.label[k], fontsize=10, fontweight="bold", zorder=5,
                           ha="center" if over else "left", transform=axes.transData + offset))
    return (marks, *names)


def _crowded(points, k):
    """Whether another point stands where the name of point k would, to its right."""
    right, up = ((points.theta - points.theta[:, [k]]).T / (points.high - points.low)).T
    return bool(((0 < right) & (right < BESIDE) & (np.abs(up) < BESIDE)).any())
