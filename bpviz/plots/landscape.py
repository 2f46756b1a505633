"""The loss over two weights: contour, critical points, and the path of a descent on top.

draw_* functions put artists on given axes and return them; they compute nothing about networks.
"""
import matplotlib as mpl
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import ScaledTranslation

from bpviz.plots.label import label
from bpviz.plots.motion import Cells, Over, Stroke, Upright, Words
from bpviz.plots.style import GREEN, INK, LOSS_MAP, ORANGE, PAPER, VERMILION, pixels
from bpviz.plots.surface import loss_image
from bpviz.words.catalogue import say

DRAG_STEP = say("pictures", "drag_step")                 # below an axis of steps whose line can be dragged
LEVELS, FINE = 15, 512          # of the loss; pixels of a row's own landscape, a side
SAME = 1e-9                     # of the largest: levels that differ by less are one
LETTER = 15                     # points that a letter needs for itself
EDGE = [withStroke(linewidth=2.5, foreground=PAPER)]
START = {"linestyle": "", "marker": "s", "markersize": 11, "markerfacecolor": ORANGE, "markeredgecolor": INK,
         "markeredgewidth": 1.4}
END = {"linestyle": "", "marker": "o", "markersize": 20, "markerfacecolor": "none", "markeredgecolor": VERMILION,
       "markeredgewidth": 3}
MOMENT = {"linestyle": "", "marker": "o", "markersize": 9, "markerfacecolor": VERMILION, "markeredgecolor": PAPER,
          "markeredgewidth": 1.6}
MARK = {"minimum": "o", "saddle": "D", "maximum": "^"}


def _fewer(levels):
    return levels if len(levels) > 2 else np.array([levels[0], levels[0] + 1.0])


def draw_loss(axes, plane, loss):
    """Filled contours at the quantiles of the loss, so that deep and shallow ground both show.

    plane: a landscape Plane.  loss: (cells, cells).  Returns the contour set.
    """
    s, t = plane.axes
    finite = np.where(np.isfinite(loss), loss, np.nanmax(np.where(np.isfinite(loss), loss, np.nan)))
    levels = _fewer(np.unique(np.quantile(finite, np.linspace(0, 1, LEVELS + 1))))
    colours = np.arange(len(levels) - 1)
    filled = axes.contourf(s, t, finite, levels=levels, colors=[_shade(c / max(len(colours) - 1, 1)) for c in colours])
    axes.contour(s, t, finite, levels=levels[1:-1], colors=[INK], linewidths=0.4, linestyles="solid",
                 alpha=0.45)
    scaled(axes, plane)
    axes.grid(False)
    return filled


def scaled(axes, plane):
    """The axes from low to high of a Plane, on its scale."""
    axes.set(xscale=plane.scale, yscale=plane.scale, xlim=(plane.low[0], plane.high[0]),
             ylim=(plane.low[1], plane.high[1]))


def _shade(share):
    """Dark where the loss is low; lightened towards white so that marks stand out."""
    r, g, b, _ = mpl.colormaps[LOSS_MAP](0.12 + 0.88 * share)
    return tuple(0.28 + 0.72 * c for c in (r, g, b))


def draw_critical_points(axes, points, letters=True):
    """Circles for minima, letters in them or not; diamonds for saddles, triangles for maxima, dots along a valley."""
    artists = []
    if points.valley.shape[1]:
        artists.append(axes.add_collection(LineCollection(_joined(points.valley), colors=INK, linewidths=1.2,
                                                          linestyles=(0, (1, 1.5)), capstyle="round")))
    for theta, kind, name in zip(points.theta.T, points.kind, points.label, strict=True):
        big = kind == "minimum"
        artists += axes.plot(*theta, MARK[kind], markersize=15 if big else 8, markerfacecolor=PAPER,
                             markeredgecolor=INK, markeredgewidth=1.4)
        if big and letters:
            artists.append(axes.annotate(name, theta, ha="center", va="center", fontsize=10, fontweight="bold"))
        elif not big:
            others = points.theta[:, [k for k, other in enumerate(points.label) if other != name]]
            gaps = np.hypot(*(others - theta[:, None]))
            crowded = gaps.size and gaps.min() < 2 and others[0, gaps.argmin()] > theta[0]
            left = theta[0] > points.high[0] - 1 or crowded      # on the side where no neighbour is
            artists.append(axes.annotate(name, theta, xytext=(-8 if left else 8, 0), textcoords="offset points",
                                         ha="right" if left else "left", va="center", fontsize=9, path_effects=EDGE))
    return artists


def names_of_minima(axes, points, beside=False):
    """The minima's letters once more, to be drawn over the paths that end there. beside: above the marks, to the right.

    Returns their binding, for the end of a Drawing's.
    """
    places = _apart(axes, points.theta[:, points.minima])
    shift = ScaledTranslation(*((11 / 72, 11 / 72) if beside else (0, 0)), axes.figure.dpi_scale_trans)
    where = axes.transData + shift
    discs, = axes.plot(*places, "o", markersize=13, markerfacecolor=PAPER, markeredgecolor="none", transform=where)
    letters = [label(axes, *place, points.label[k], ha="center", fontsize=10, fontweight="bold", transform=where)
               for k, place in zip(points.minima, places.T, strict=True)]
    return Over((discs, *letters))


def _apart(axes, places):
    """The places (2, n) of letters; one that would stand on another is moved aside, away from it."""
    spots = axes.transData.transform(places.T)
    near = LETTER * axes.figure.dpi / 72
    for k in range(1, len(spots)):
        for _ in range(8):
            gaps = spots[k] - spots[:k]
            close = np.hypot(*gaps.T).argmin()
            far = np.hypot(*gaps[close])
            if far >= near:
                break
            spots[k] += (near - far) * (gaps[close] / far if far > 0 else np.array([1.0, 0.0])) * 1.001
    moved = axes.transData.inverted().transform(spots).T
    return np.where(np.isclose(moved, places, rtol=1e-9, atol=1e-9), places, moved)


def _joined(points):
    """Each point (2, n) joined to its two nearest neighbours within 1: dots on a curve become the curve."""
    gaps = np.hypot(*(points[:, :, None] - points[:, None, :]))
    np.fill_diagonal(gaps, np.inf)
    nearest = np.argsort(gaps, axis=1)[:, :2]
    pairs = {tuple(sorted((k, int(j)))) for k, row in enumerate(nearest) for j in row if gaps[k, j] < 1}
    return [points[:, pair].T for pair in sorted(pairs)]


def alike(levels, names, near):
    """[(level, name)] of ascending levels: those that are within `near` of a first one have one name."""
    found = []
    for level, name in zip(levels, names, strict=True):
        if found and level - found[-1][0] <= near:
            found[-1][1].append(name)
        else:
            found.append((level, [name]))
    return [(level, those[0] if len(those) == 1 else f"{those[0]}–{those[-1]}") for level, those in found]


def side_labels(axes, levels, labels):
    """Dotted lines at the levels (ascending), their labels in the right margin, kept 13 pixels apart.

    Levels that are alike have one label, of the first and the last of them.
    """
    _, height = pixels(axes)
    taken = -np.inf
    for level, name in alike(levels, labels, SAME * np.abs(levels).max(initial=0)):
        axes.axhline(level, color=INK, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
        spot = axes.transAxes.inverted().transform(axes.transData.transform((0, level)))[1] * height
        taken = max(spot, taken + 13)
        axes.annotate(name, (1, taken / height), xycoords="axes fraction", xytext=(4, 0),
                      textcoords="offset points", va="center", fontsize=10, fontweight="bold", annotation_clip=False)


def draw_landscape(axes, land, letters=True, across="$w_1$", up="$w_2$"):
    """The loss over two weights with its critical points and the names of the axes.

    land: a record of `plane`, `loss` over it and `points`.
    """
    draw_loss(axes, land.plane, land.loss)
    draw_critical_points(axes, land.points, letters)
    axes.set(xlabel=across, ylabel=up)
    tidy_ticks(axes)


def tidy_ticks(axes):
    """Few and short numbers on both axes of a plane."""
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))


def below_zero(land):
    """Where an axis of losses begins if some of a landscape are below 0, else None."""
    low, high = float(np.nanmin(land.loss)), float(np.nanmax(land.loss))
    return low - 0.05 * (high - low) if low < -1e-9 * high else None


def loss_axis(axes, land, share=1.0):
    """Linear where the losses of a landscape are of one size or some below 0, else logarithmic; its minima at the side.

    share: of the axes' height that is for losses, from below; what is above stays free and has no numbers.
    """
    high, middle = float(np.nanmax(land.loss)), float(np.nanmedian(land.loss))
    if (lowest := below_zero(land)) is not None:
        low, top = lowest, float(np.nanquantile(land.loss, 0.9))
        axes.set_ylim(low, low + (top - low) / share)
    elif high > 30 * middle or high > 30:
        low, top = max(middle, 1e-6) * 1e-8, high * 3
        axes.set_yscale("log")
        axes.set_ylim(low, low * (top / low) ** (1 / share))
        axes.minorticks_off()
    else:
        low, top = 0, high * 1.05
        axes.set_ylim(low, top / share)
    if share < 1:
        axes.set_yticks([tick for tick in axes.get_yticks() if low <= tick <= top])
    minima = land.points.minima
    side_labels(axes, land.points.loss[minima], [land.points.label[k] for k in minima])


def path_over(axes, theta="path.theta", edge=False):
    """Bindings of a descent over the landscape: halo, line with steps, start, end.  theta: the name of (2, n).

    edge: whether the end may stand at the edge, and is seen whole there.
    """
    both = {"x": f"{theta}.0", "y": f"{theta}.1"}
    line = {"color": VERMILION, "linewidth": 1.8, "marker": ".", "markersize": 4, "solid_joinstyle": "round"}
    return (Stroke(axes, **both, look={"color": PAPER, "linewidth": 3.6, "solid_joinstyle": "round"}),
            Stroke(axes, **both, look=line, dots=400),
            Stroke(axes, **both, look=START, part="first"),
            Stroke(axes, **both, look=END | {"clip_on": not edge}, part="last"))


def path_of_yours(axes, loss, answers, x):
    """Bindings of a learner's own path, `yours.path` (2, n), its `yours.loss` and, of its end, `yours_answers` over x.

    All are dashed, a square around the end.  axes: of the landscape.  loss: axes of the loss against the step.
    answers: axes of what the network answers; the legends of the first and of these name it.
    """
    line = {"color": GREEN, "linestyle": (0, (4, 2)), "linewidth": 2.2}
    square = {"marker": "s", "markerfacecolor": "none", "markeredgecolor": GREEN}
    end = {**square, "markersize": 22, "markeredgewidth": 2.6, "linestyle": ""}
    axes.plot([], [], **square, markersize=8, **{**line, "linewidth": 1.6}, label=say("backward", "legend"))
    both = {"x": "yours.path.0", "y": "yours.path.1"}
    return (Stroke(axes, **both, look={"color": PAPER, "linewidth": 4}), Stroke(axes, **both, look=line),
            Stroke(axes, **both, look=end, part="last"), *curve(loss, "yours.loss", line),
            Stroke(answers, "yours_answers", x, {**line, "label": say("backward", "legend")}))


def row_over(axes):
    """The binding of a row's own landscape, laid over the whole: `alone.loss`, or None."""
    return Cells(axes, lambda loss: None if loss is None else loss_image(loss, FINE), ("alone.loss",))


def moment_over(axes, theta="moment.theta"):
    """The binding of the moment on a path: a dot.  theta: the name of (2,)."""
    return Stroke(axes, f"{theta}.1", f"{theta}.0", MOMENT)


def moment_on(axes, step="moment.step"):
    """The binding of the moment's step on an axis of steps: a line, to be dragged."""
    return Upright(axes, step, {"color": VERMILION, "linewidth": 1.6})


def titled(axes, name, left=0):
    """The binding of a title that changes with the result: the words of this name.  left: where it begins, in points
    from the left edge of the axes."""
    return Words(label(axes, 0, 1, va="bottom", fontsize=11.5 if pixels(axes)[0] > 340 else 9, fontweight="bold",
                       transform=axes.transAxes + ScaledTranslation(left / 72, 6 / 72,
                                                                    axes.figure.dpi_scale_trans)), name)


def curve(axes, values, look, most=1500):
    """Bindings of one number of a path against the step, and of its last point.  values: the name of (n,)."""
    line = {name: value for name, value in look.items() if not name.startswith("marker")}
    mark = {"marker": "o", "markersize": 5, **look, "linestyle": ""}
    return (Stroke(axes, values, look=line, most=most, edge=True),
            Stroke(axes, values, look=mark, most=most, edge=True, part="last"))
