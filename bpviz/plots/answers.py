"""What a network of one input and one output answers over x, the data on it, and what each row adds to the loss.

A minimum is a way of answering: here it is seen which rows it meets, and which it gives up. The start is dashed, the
moment looked at thick, the end thin and over it, the minima dotted, with their letters; the parts of the loss are bars,
one a row, the penalty with a bar of its own.
"""
import numpy as np
from matplotlib.patches import Rectangle

from bpviz.network.span import answer_span
from bpviz.plots.label import label
from bpviz.plots.motion import Shaped, Stroke
from bpviz.plots.places import Pick, spots_at
from bpviz.plots.style import INK, ORANGE, PAPER, VERMILION, pixels
from bpviz.words.catalogue import say
from bpviz.words.numbers import amount, close, formatted, plain

ANSWERS, BY_ROW = say("pictures", "answers"), say("pictures", "by_row")       # titles

MARGIN = 0.15                   # beyond the data, a share of how far they reach
AROUND_ONE = 2.0                # beyond a single row
MOST_BARS = 5                   # of rows by name; of more rows the costliest, then all others together
MOMENT = {"color": VERMILION, "linewidth": 2.6, "label": "this step"}
WAY = {"color": "#5a5a5a", "linewidth": 1.6, "linestyle": (0, (1, 1.4)), "zorder": 1.5}    # of a minimum
MET = 1e-9                      # a sum of the rows' losses below this is none: all rows are met
LOW = 1e-3                      # the least reach of an axis of minima's losses, a share of the landscape's middle loss
GIVEN_UP = 0.3                  # a row that makes up more of a minimum's loss than this is marked
PALE = "#f3c6a5"                # of bars: vermilion on paper, for rows that are not picked


def inputs(data, many=161):
    """Where the answers are worked out: (many,), from left of the data to right of them."""
    low, high = data.x.min(), data.x.max()
    more = MARGIN * (high - low) or AROUND_ONE
    return np.linspace(low - more, high + more, many)


def name_of_input(data, name):
    """What an axis of an input is called: its name, and whether its numbers are standardised."""
    return say("pictures", "input", name=name, standardised=bool(data.scaling))


def answers_axes(axes, fit):
    """The data on axes as high as the network can answer, and so of a size that stays; where it is worked out."""
    data = fit.data
    x, (low, high) = inputs(data), answer_span(fit)
    axes.set(xlim=(x[0], x[-1]), ylim=(low - 0.08 * (high - low), high + 0.08 * (high - low)),
             xlabel=name_of_input(data, "$x$" if data.scaling else "input $x$"))
    axes.plot(data.x[0], data.y[0], "o", color=INK, markerfacecolor=PAPER, markersize=8 if data.rows < 20 else 5,
              markeredgewidth=1.8 if data.rows < 20 else 1.2, zorder=4,
              label="data")
    return x


def draw_answers(axes, fit):
    """The data, and the bindings of the curves of start, end and moment.

    They are called `answers.start`, `answers.end` and `moment.answer`.
    """
    x = answers_axes(axes, fit)
    return (Stroke(axes, "answers.start", x, {"color": ORANGE, "linestyle": "--", "label": "start"}),
            Stroke(axes, "moment.answer", x, MOMENT),
            Stroke(axes, "answers.end", x, {"color": INK, "linewidth": 1.3, "label": "end"}),
            Shaped(Picked(axes, fit.data), ("alone.row",)))


class Picked:
    """A ring around the row that is looked at alone; `update(row)`, 0 for none."""

    def __init__(self, axes, data):
        self.data = data
        self.ring, = axes.plot([], [], "o", markersize=15, markerfacecolor="none", markeredgecolor=INK,
                               markeredgewidth=1.8, zorder=5)
        self.dot, = axes.plot([], [], "o", markersize=8, markerfacecolor=PAPER, markeredgecolor=INK,
                              markeredgewidth=1.8, zorder=5)
        self.artists = (self.dot, self.ring)

    def update(self, row):
        where = ([], []) if not row else (self.data.x[0, [row - 1]], self.data.y[0, [row - 1]])
        for artist in self.artists:
            artist.set_data(*where)


def draw_ways(axes, fit, points):
    """Each minimum as a way of answering: dotted curves over x with their letters at the right edge. Static."""
    x, low_high = inputs(fit.data), axes.get_ylim()
    ends = []
    for k in points.minima:
        answer = fit.predict(points.theta[:, k], x)[0]
        axes.plot(x, answer, **WAY, label="" if ends else say("pictures", "minima"))
        ends.append((float(np.clip(answer[-1], *low_high)), points.label[k]))
    _, height = pixels(axes)
    taken = -np.inf
    for at, name in sorted(ends):
        spot = max((at - low_high[0]) / (low_high[1] - low_high[0]) * height, taken + 13)
        taken = spot
        axes.annotate(name, (1, spot / height), xycoords="axes fraction", xytext=(4, 0), textcoords="offset points",
                      va="center", fontsize=10, fontweight="bold", annotation_clip=False)


def draw_given_up(axes, land):
    """The loss of each minimum cut into its rows, one bar a minimum; large parts say of which row. Static.

    land: a record of `fit`, `points` and `loss`. The penalty, if there is one, is hatched. Returns the parts of the
    rows of each minimum from above, ((rows,), ...), as long as they are drawn.
    """
    fit, points = land.fit, land.points
    minima = points.minima
    if not len(minima):
        axes.set_axis_off()
        axes.set_title("")
        return ()
    high = max(*(float(points.loss[k]) for k in minima), LOW * float(np.nanmedian(land.loss)))
    axes.set(xlim=(0, 1.02 * high), ylim=(len(minima) - 0.5, -0.5), yticks=range(len(minima)),
             yticklabels=[points.label[k] for k in minima], xlabel="loss")
    axes.tick_params(left=False)
    axes.grid(False, axis="y")
    axes.locator_params(axis="x", nbins=4 if pixels(axes)[0] > 150 else 2)
    for tick in axes.get_yticklabels():
        tick.set_fontweight("bold")
    for k, place in enumerate(minima):
        _cut(axes, fit, points.theta[:, place], k, 1.02 * high)
    return tuple(fit.by_row(points.theta[:, place]) for place in minima)


class PartsOf:
    """A frame around what the row looked at alone adds to each minimum; `update(row)`, 0 for none.

    parts: as draw_given_up returns them.  pick: the Pick of a row by its part of a bar.
    """

    def __init__(self, axes, parts):
        self.ends = [np.concatenate([[0.0], np.cumsum(part)]) for part in parts]
        self.frames = [axes.add_patch(Rectangle((0, k - 0.4), 0, 0.8, facecolor="none", edgecolor=INK, linewidth=2.6,
                                                visible=False)) for k in range(len(parts))]
        self.artists = tuple(self.frames)
        several = [(k, ends) for k, ends in enumerate(self.ends) if len(ends) > 2]
        self.pick = Pick(axes, "row", tuple((row, float(ends[row - 1]), k - 0.4, float(ends[row]), k + 0.4)
                                            for k, ends in several for row in range(1, len(ends))))

    def update(self, row):
        for frame, ends in zip(self.frames, self.ends, strict=True):
            frame.set_visible(bool(row))
            if row:
                frame.set(x=ends[row - 1], width=ends[row] - ends[row - 1])


def _cut(axes, fit, theta, k, reach):
    """The bar of one minimum, number k from above, on an axis that reaches so far."""
    parts, left, (wide, _) = fit.by_row(theta), 0.0, pixels(axes)
    whole, look = parts.sum(), {"edgecolor": PAPER, "linewidth": 1.0}
    for x, part in zip(fit.data.x[0], parts, strict=True):
        large = part > GIVEN_UP * whole and MET < whole * fit.data.rows
        axes.add_patch(Rectangle((left, k - 0.33), part, 0.66, facecolor=VERMILION if large else PALE, **look))
        if large and part / reach * wide > 52:
            axes.text(left + part / 2, k, f"$x$ = {plain(x)}", ha="center", va="center", color=INK, fontsize=9.5)
        left += part
    if fit.l2:
        penalty = float(fit.penalty(theta))
        axes.add_patch(Rectangle((left, k - 0.33), penalty, 0.66, facecolor=PAPER, edgecolor=INK, linewidth=0.8,
                                 hatch="////"))
        if penalty / reach * wide > 60:
            axes.text(left + penalty / 2, k, "penalty", ha="center", va="center", color=INK, fontsize=9.5,
                      bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1})
        left += penalty
    if left / reach * wide < 40:
        axes.annotate(say("pictures", "no_loss") if left * fit.data.rows <= MET else amount(left, 2), (left, k),
                      xytext=(5, 0), textcoords="offset points", va="center", fontsize=9.5)


class RowBars:
    """What each row adds to the loss, as shares of it, with the amount behind; `update(parts, row)`: row is picked.

    names: of the parts, from above.  rows: of the data.
    """

    def __init__(self, axes, names, rows):
        n, self.rows = len(names), rows
        axes.set(xlim=(0, 1), ylim=(n - 0.5, -0.5), yticks=range(n), yticklabels=names, xticks=[0, 0.5, 1],
                 xticklabels=["0", "50", "100 %"])
        axes.tick_params(left=False)
        axes.grid(False, axis="y")
        self.bars = [axes.add_patch(Rectangle((0, k - 0.33), 0, 0.66, facecolor=PALE, edgecolor=INK, linewidth=0.8))
                     for k in range(n)]
        self.amounts = [label(axes, 1, k, fontsize=9, ha="left") for k in range(n)]
        for one in self.amounts:
            one.set_transform(axes.get_yaxis_transform())
            one.set_x(1.02)
        self.artists = (*self.bars, *self.amounts)

    def update(self, parts, row=0):
        whole = parts.sum()
        shares = parts / whole if MET < whole * self.rows < np.inf else np.zeros(len(parts))
        for k, (bar, text, part, share) in enumerate(zip(self.bars, self.amounts, parts, shares, strict=True)):
            bar.set(width=share, facecolor=VERMILION if k == row - 1 else PALE, linewidth=1.8 if k == row - 1 else 0.8)
            text.set(text=close(amount(part, 2)), fontweight="bold" if k == row - 1 else "normal")


def draw_rows(axes, fit):
    """The binding of the bars `moment.parts`, and the Pick of a row by its bar."""
    names = [formatted(x, ".3g") for x in fit.data.x[0]]
    names = [f"$x$ = {name}" if len(name) < 5 else name for name in names]
    if len(names) > MOST_BARS:
        costliest = [say("minima", "costliest", place=k) for k in range(1, MOST_BARS)]
        bars = RowBars(axes, [*costliest, say("minima", "others", many=len(names) - len(costliest)),
                              *(["penalty"] if fit.l2 else [])], fit.data.rows)
        return Shaped(bars, ("moment.parts",)), Pick(axes, "row", ())
    bars = RowBars(axes, [*names, *(["penalty"] if fit.l2 else [])], fit.data.rows)
    spots = tuple((k + 1, 0, k - 0.45, 1, k + 0.45) for k in range(fit.data.rows)) if fit.data.rows > 1 else ()
    return Shaped(bars, ("moment.parts", "alone.row")), Pick(axes, "row", spots)


def pick_rows(axes, data):
    """The Pick of a row by its point among the answers."""
    return Pick(axes, "row", spots_at(axes, *data.x, *data.y) if data.rows > 1 else ())
