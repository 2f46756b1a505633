"""A slice of a landscape as hills: a net over the plane, seen from above at an angle, the far parts first.

Matplotlib's own 3-D axes redraw everything, axes and all, at every turn (60 ms and more); here the net is one
collection of polygons, projected in a few lines.
"""
import matplotlib as mpl
import numpy as np
from matplotlib.collections import PolyCollection

from bpviz.plots.pixels import enlarged
from bpviz.plots.style import INK, LOSS_MAP, ORANGE, VERMILION

HIGH = 1.1                       # the height of the hills, in half widths of the plane
FINE, BANDS = 256, 12            # pixels of a slice's image, a side; lines of equal loss
SHOWN = 340                      # pixels of the picture that such an image is shown in, about
LEVEL = 2e-3                     # bands a pixel; ground that is flatter has lines no wider for it


def ranked(loss):
    """The loss as shares of 0 to 1, half by rank and half by size, so that deep and shallow ground both show."""
    flat = np.nan_to_num(loss, nan=np.inf)
    low, high = flat.min(), np.quantile(flat, 0.98)
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
    return np.clip(len(height) / SHOWN - np.abs(height - whole) / np.maximum(steep, LEVEL), 0, 1)


class Hills:
    """`update(loss, turn, tilt, point)`: loss (n, n) over the square [-1, 1]^2; point: (s, t) in the same units."""

    def __init__(self, axes):
        axes.set(xlim=(-1.5, 1.5), ylim=(-1.2, 1.35))
        axes.set_axis_off()
        axes.set_aspect("equal")
        self.net = axes.add_collection(PolyCollection([], edgecolors=(0, 0, 0, 0.25), linewidths=0.4))
        self.drop, = axes.plot([], [], color=INK, linewidth=1.2)
        self.dot, = axes.plot([], [], "s", markersize=9, markerfacecolor=ORANGE, markeredgecolor=INK)
        self.artists = (self.net, self.drop, self.dot)

    def update(self, loss, turn, tilt, point):
        heights = HIGH * (ranked(loss) - 0.5)
        s, t = np.meshgrid(np.linspace(-1, 1, loss.shape[1]), np.linspace(-1, 1, loss.shape[0]))
        a, b = np.deg2rad(turn), np.deg2rad(tilt)

        def project(x, y, z):
            across, along = np.cos(a) * x - np.sin(a) * y, np.sin(a) * x + np.cos(a) * y
            return across, along * np.sin(b) + z * np.cos(b), along
        x, y, depth = project(s, t, heights)
        low, up = slice(None, -1), slice(1, None)
        corners = [(low, low), (up, low), (up, up), (low, up)]
        quads = np.stack([np.stack([x[c], y[c]], axis=-1) for c in corners], axis=2).reshape(-1, 4, 2)
        far = np.mean([depth[c] for c in corners], axis=0).ravel()
        level = np.mean([heights[c] for c in corners], axis=0).ravel() / HIGH + 0.5
        order = np.argsort(-far)
        self.net.set_verts(quads[order])
        colours = mpl.colormaps[LOSS_MAP](0.12 + 0.88 * level[order])
        colours[:, :3] = 0.2 + 0.8 * colours[:, :3]
        self.net.set_facecolor(colours)
        i, j = (int(round((v + 1) / 2 * (n - 1))) for v, n in zip((point[1], point[0]), loss.shape, strict=True))
        place = project(point[0], point[1], heights[min(max(i, 0), len(s) - 1), min(max(j, 0), len(t) - 1)])
        floor = project(point[0], point[1], -HIGH / 2)
        self.drop.set_data([place[0], floor[0]], [place[1], floor[1]])
        self.dot.set_data([place[0]], [place[1]])


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
