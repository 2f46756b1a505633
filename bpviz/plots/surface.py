"""A slice of a landscape as hills: a net over the plane, seen from above at an angle, the far parts first.

Matplotlib's own 3-D axes redraw everything, axes and all, at every turn (60 ms and more); here the net is one
collection of polygons, projected in a few lines.
"""
import matplotlib as mpl
import numpy as np
from matplotlib.collections import PolyCollection

from bpviz.plots.pixels import enlarged
from bpviz.plots.style import INK, LOSS_MAP, ORANGE, PAPER, VERMILION, pixels

HIGH = 1.1                       # the height of the hills, in half widths of the plane
WIDE, HEIGHT, MIDDLE = 3.0, 2.55, 0.075          # of what is seen of them at any turn
FINE, BANDS = 256, 12            # pixels of a slice's image, a side; lines of equal loss
SHOWN = 340                      # pixels of the picture that such an image is shown in, about
LEVEL = 2e-3                     # bands a pixel; ground that is flatter has lines no wider for it


def ranked(loss):
    """The loss as shares of 0 to 1, half by rank and half by size, so that deep and shallow ground both show.

    Where there is none (nan), the ground is as high as any.
    """
    flat, known = np.nan_to_num(loss, nan=np.inf), loss[np.isfinite(loss)]
    low, high = (known.min(), np.quantile(known, 0.98)) if known.size else (0.0, 0.0)
    with np.errstate(over="ignore"):
        size = np.clip((flat - low) / max(high - low, 1e-300), 0, 1)
    order = np.searchsorted(np.sort(flat.ravel()), flat) / flat.size
    return 0.5 * size + 0.5 * order


def loss_image(loss, fine=FINE):
    """uint8 (fine, fine, 3) of a slice: dark is low, lines of equal loss drawn in."""
    share = enlarged(ranked(loss), fine)
    colours = mpl.colormaps[LOSS_MAP](0.12 + 0.88 * share)[:, :, :3]
    colours = 0.28 + 0.72 * colours
    colours *= 1 - 0.3 * _lines(share * BANDS)[:, :, None]
    return (colours * 255).astype(np.uint8)


def _lines(height):
    """How much a line where height (n, n) passes a whole number covers each pixel, 0 to 1: as wide as a pixel of the
    picture that it is shown in and more, so that none is lost where that is smaller.
    """
    whole = np.clip(np.round(height), 1, BANDS - 1)
    steep = np.hypot(*np.gradient(height))
    return np.clip(max(0.75, len(height) / SHOWN) - np.abs(height - whole) / np.maximum(steep, LEVEL), 0, 1)


class Hills:
    """`update(loss, turn, tilt, point, way)`: loss (n, n) over the square [-1, 1]^2; point (s, t) and way (2, k) in it.

    What of the way is behind the hills is dotted. reach: half the side of the square in the units of point and way.
    names: {"point", "way", "start", "end", or "arrows", those of the map beside it: what a legend calls it}.
    """

    def __init__(self, axes, reach, names=None):
        self.reach, names = reach, names or {}
        wide, high = pixels(axes)
        each = max(WIDE / wide, HEIGHT / high) / 2                 # alike both ways; all of the axes turn
        axes.set(xlim=(-each * wide, each * wide), ylim=(MIDDLE - each * high, MIDDLE + each * high))
        axes.set_axis_off()
        if "arrows" in names:
            axes.plot([], [], color=VERMILION, marker=">", linewidth=1, markersize=5, label=names["arrows"])
        self.net = axes.add_collection(PolyCollection([], edgecolors=(0, 0, 0, 0.25), linewidths=0.4))
        self.behind, = axes.plot([], [], color=VERMILION, linewidth=1.6, linestyle=(0, (1, 1.6)))
        self.edge, = axes.plot([], [], color=PAPER, linewidth=4.2, solid_capstyle="butt")
        self.way, = axes.plot([], [], color=VERMILION, linewidth=2.2, solid_capstyle="butt", label=names.get("way"))
        self.drop, = axes.plot([], [], color=INK, linewidth=1.2)
        self.start, = axes.plot([], [], "s", markersize=7, markerfacecolor=ORANGE, markeredgecolor=INK,
                                label=names.get("start"))
        self.end, = axes.plot([], [], "o", markersize=13, markerfacecolor="none", markeredgecolor=VERMILION,
                              markeredgewidth=2.4, label=names.get("end"))
        self.dot, = axes.plot([], [], "s", markersize=9, markerfacecolor=ORANGE, markeredgecolor=INK,
                              label=names.get("point"))
        self.artists = (self.net, self.behind, self.edge, self.way, self.drop, self.start, self.end, self.dot)

    def update(self, loss, turn, tilt, point, way):
        view = View(HIGH * (ranked(loss) - 0.5), turn, tilt)
        quads, level = view.quads()
        self.net.set_verts(quads)
        colours = mpl.colormaps[LOSS_MAP](0.12 + 0.88 * level)
        colours[:, :3] = 0.2 + 0.8 * colours[:, :3]
        self.net.set_facecolor(colours)
        x, y = np.asarray(point) / self.reach
        (across, foot), up = view.seen(x, y, -HIGH / 2), view.seen(x, y, view.height(x, y))[1]
        self.drop.set_data([across, across], [up, foot])
        self.dot.set_data([across], [up])
        s, t = dense(way / self.reach)
        places = view.seen(s, t, view.height(s, t))
        hidden = view.hidden(s, t)
        for line, gone in ((self.behind, ~hidden), (self.edge, hidden), (self.way, hidden)):
            line.set_data(np.where(gone, np.nan, places[0]), np.where(gone, np.nan, places[1]))
        moved = np.ptp(way, axis=1).any()
        begun = moved and np.hypot(*(way[:, 0] / self.reach - (x, y))) > 0.02
        self.start.set_data(*(places[:, :1] if begun else ([], [])))
        self.end.set_data(*(places[:, -1:] if moved else ([], [])))


def dense(way, apart=0.03):
    """A way (2, n) with points no further apart than this, so that it lies on the hills."""
    steps = np.maximum(1, np.ceil(np.hypot(*np.diff(way)) / apart).astype(int))
    where = np.concatenate([k + np.arange(n) / n for k, n in enumerate(steps)] + [[len(steps)]])
    return np.array([np.interp(where, np.arange(way.shape[1]), line) for line in way])


class View:
    """Hills of heights (n, n) over [-1, 1]^2, turned and tilted by degrees."""

    def __init__(self, heights, turn, tilt):
        self.heights, a, b = heights, np.deg2rad(turn), np.deg2rad(tilt)
        self.turned, self.raised = (np.cos(a), np.sin(a)), (np.sin(b), np.cos(b))

    def seen(self, x, y, z):
        """Where a point is in the picture: (2, ...)."""
        across, along = self.turned[0] * x - self.turned[1] * y, self.turned[1] * x + self.turned[0] * y
        return np.array([across, along * self.raised[0] + z * self.raised[1]])

    def quads(self):
        """The corners (n, 4, 2) of the net, the far ones first, and the mean height of each as a share, 0 to 1."""
        heights = self.heights
        s, t = np.meshgrid(np.linspace(-1, 1, heights.shape[1]), np.linspace(-1, 1, heights.shape[0]))
        (x, y), depth = self.seen(s, t, heights), self.turned[1] * s + self.turned[0] * t
        low, up = slice(None, -1), slice(1, None)
        corners = [(low, low), (up, low), (up, up), (low, up)]
        quads = np.stack([np.stack([x[c], y[c]], axis=-1) for c in corners], axis=2).reshape(-1, 4, 2)
        order = np.argsort(-np.mean([depth[c] for c in corners], axis=0).ravel())
        level = np.mean([heights[c] for c in corners], axis=0).ravel() / HIGH + 0.5
        return quads[order], level[order]

    def height(self, x, y):
        """The height of the hills at points of the square, linearly between the net's corners."""
        n = np.array(self.heights.shape) - 1
        u, v = (np.clip((np.asarray(w) + 1) / 2 * m, 0, m) for w, m in ((x, n[1]), (y, n[0])))
        j, i = np.minimum(u.astype(int), n[1] - 1), np.minimum(v.astype(int), n[0] - 1)
        u, v, h = u - j, v - i, self.heights
        return (1 - v) * ((1 - u) * h[i, j] + u * h[i, j + 1]) + v * ((1 - u) * h[i + 1, j] + u * h[i + 1, j + 1])

    def hidden(self, x, y, looked=40):
        """Whether other ground stands before a point of the hills: (n,) bool.

        The line of sight then passes below the ground and above it; one that is below all the way sees its underside.
        """
        before = np.linspace(0.04, 2.8, looked)[:, None]
        s, t = x - before * self.turned[1], y - before * self.turned[0]
        rise = self.raised[1] * (self.height(s, t) - self.height(x, y)) - before * self.raised[0]
        inside = (np.abs(s) <= 1) & (np.abs(t) <= 1)
        return (inside & (rise > 0.01)).any(axis=0) & (inside & (rise < -0.01)).any(axis=0)


class Arrows:
    """Downhill arrows on a slice: `update((s, t, ds, dt))`, all of one length; none where the ground is level."""

    def __init__(self, axes, n, length):
        zero = np.zeros((n, n))
        self.quiver = axes.quiver(zero, zero, zero + 1, zero, color=VERMILION, angles="xy", scale_units="xy", scale=1,
                                  width=0.004, pivot="mid")
        self.length, self.artists = length, (self.quiver,)

    def update(self, arrows):
        s, t, ds, dt = arrows
        size = np.hypot(ds, dt)
        size = np.where(size > 0, size, np.inf)
        self.quiver.set_offsets(np.stack([s.ravel(), t.ravel()], axis=1))
        self.quiver.set_UVC(self.length * ds / size, self.length * dt / size)
