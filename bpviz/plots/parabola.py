"""The parabola through a point, the true loss along the same line, and the learning rates that the parabola takes."""
import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle

from bpviz.plots.label import label
from bpviz.plots.landscape import START
from bpviz.plots.momentum import FILLS
from bpviz.plots.style import INK, PAPER, VERMILION, WARM, pixels
from bpviz.words.numbers import amount, formatted

APART = 13                    # CSS pixels between the numbers of two steps, at least
WINDOW = (-1.3, 3.3, -1.4, 2.9)
FLOOR = -0.8                  # of the curves; what is said of steps outside stands below it


class Landings:
    """Both curves in units of the parabola, and the numbered steps on them; `update(parabola)`, a record or None.

    spots: along the line (n,).  level: what is said where there is no slope.
    out: (numbers) -> what is said of steps that leave the picture.
    """

    def __init__(self, axes, spots, level, out):
        self.axes, self.spots, self.out, self.level = axes, spots, out, level
        axes.set(xlim=WINDOW[:2], ylim=WINDOW[2:], xticks=[], yticks=[])
        axes.set_ylabel("loss", labelpad=40)
        axes.grid(False)
        thin = {"color": VERMILION, "linewidth": 1.1, "alpha": 0.8}
        marks = {"linestyle": "", "marker": "o", "markersize": 8.5, "markeredgecolor": WARM, "markeredgewidth": 1.5}
        self.parabola, = axes.plot([], [], color=INK, linewidth=1.6, linestyle=(0, (5, 2)))
        self.true, = axes.plot([], [], color=INK, linewidth=2.2)
        self.roads = [axes.plot([], [], **thin, linestyle=dash)[0] for dash in ((0, (3, 2)), "-")]
        self.balls = [axes.plot([], [], **marks, markerfacecolor=face)[0] for face in (PAPER, VERMILION)]
        self.start, = axes.plot([], [], **START)
        words = {"fontsize": 10, "color": WARM}
        self.numbers = [[label(axes, 0, 0, str(k), ha="center", fontweight=weight, **words) for k in range(1, 6)]
                        for weight in ("normal", "bold")]
        self.gone = label(axes, WINDOW[1] - 0.05, (WINDOW[2] + FLOOR) / 2, "", ha="right", **words)
        axes.axhline(FLOOR, color=INK, linewidth=0.6, alpha=0.35)
        above = Rectangle((WINDOW[0], FLOOR), WINDOW[1] - WINDOW[0], WINDOW[3] - FLOOR, transform=axes.transData)
        for artist in (self.parabola, self.true, *self.roads, *self.balls):
            artist.set_clip_path(above)
        self.losses = [label(axes, -5 / pixels(axes)[0], height, ha="right", fontsize=9.5, spelt=True,
                             transform=axes.get_yaxis_transform()) for height in (0, 1)]
        self.artists = (self.parabola, self.true, *self.roads, *self.balls, self.start, self.gone,
                        *self.numbers[0], *self.numbers[1], *self.losses)

    def update(self, parabola):
        seen = parabola is not None
        for artist in self.artists:
            artist.set_visible(seen or artist is self.gone)
        if not seen:
            self.gone.set_text(self.level)
            return
        self.parabola.set_data(self.spots, _inside(parabola.curve))
        self.true.set_data(self.spots, _inside(parabola.true_curve))
        self.start.set_data([0], [1])
        for height, one in enumerate(self.losses):
            one.set_text(amount(parabola.height(height), 3))
        gone = set()
        for k, places in enumerate((parabola.balls, parabola.true_balls)):
            near = (places[0] > WINDOW[0]) & (places[0] < WINDOW[1]) & (places[1] > FLOOR) & (places[1] < WINDOW[3])
            self.roads[k].set_data(*_inside(places, 40))
            self.balls[k].set_data(*places[:, 1:][:, near[1:]])
            self._number(k, places, near)
            gone |= {(k, int(n)) for n in np.flatnonzero(~near)}
        self.gone.set_text(self.out([n for k, n in sorted(gone) if k == 0], [n for k, n in sorted(gone) if k == 1]))

    def _number(self, k, places, near):
        """Numbers above the steps on the parabola, below those on the true loss; where two would touch, the first."""
        wide, high = pixels(self.axes)
        size = np.array([wide / (WINDOW[1] - WINDOW[0]), high / (WINDOW[3] - WINDOW[2])])
        way, taken = (17, -17)[k], []
        for n, number in enumerate(self.numbers[k], start=1):
            x, y = places[:, n]
            at = np.array([x, y + way / size[1]])
            free = near[n] and FLOOR + 8 / size[1] < at[1] < WINDOW[3] - 8 / size[1]
            free = free and all(np.abs((at - other) * size).max() > APART for other in taken)
            number.set_visible(bool(free))
            if free:
                taken.append(at)
                number.set_position(at)


def _inside(values, far=20):
    """Values that Agg draws well: far outside is just outside."""
    return np.clip(np.nan_to_num(values, nan=far, posinf=far, neginf=-far), -far, far)


class Strip:
    """A band along the top of an axis of rates, cut at 1 / curvature and 2 / curvature, and where the rate is.

    `update(parabola, rate)`.  names: of the three stretches.  whose: steps they are of.  downward, level: said where it
    is not cut.
    """

    BASE, TOP = 0.77, 1.0                    # of the axes' height

    def __init__(self, axes, names, whose, downward, level):
        self.axes, self.reach, self.whose, self.downward, self.level = axes, axes.get_xlim(), whose, downward, level
        where = {"transform": axes.get_xaxis_transform()}                    # a rate across, a share of the height up
        first, (low, high), self.fills = self.reach[0], (self.BASE, self.TOP), []
        for kind in ("creeps", "zigzags", "leaves"):
            face, ink, hatch = FILLS[kind]
            self.fills.append(axes.add_patch(Rectangle((first, low), 0, high - low, facecolor=face, linewidth=0,
                                                       edgecolor=to_rgba(ink, 0.4), hatch=hatch, **where)))
        self.rims = axes.plot([*self.reach, np.nan, *self.reach], [low, low, np.nan, high, high], color=INK,
                              linewidth=0.9, **where)
        self.edges = [axes.plot([], [], color=INK, linewidth=2.2, **where)[0] for _ in range(2)]
        middle = (low + high) / 2
        self.names = [label(axes, first, middle, name, ha="center", fontsize=10, **where) for name in names]
        self.names[1].set(y=high + 0.04, va="bottom")
        self.limits = [label(axes, first, low - 0.03, ha=side, va="top", fontsize=10, fontweight=weight, **where)
                       for side, weight in (("right", "normal"), ("left", "bold"))]
        self.said = label(axes, first, high + 0.04, whose, va="bottom", fontsize=10, **where)
        self.here, = axes.plot([], [], "o", color=VERMILION, markersize=12, markeredgecolor=INK, markeredgewidth=1.4,
                               clip_on=False, **where)
        self.artists = (*self.fills, *self.rims, *self.edges, *self.names, *self.limits, self.said, self.here)

    def update(self, parabola, rate):
        self.here.set_data([rate], [(self.BASE + self.TOP) / 2])
        cut = parabola is not None and parabola.limits is not None
        self.said.set_text(self.whose if cut else self.level if parabola is None else self.downward)
        for artist in (*self.fills, *self.edges, *self.names, *self.limits):
            artist.set_visible(cut)
        if not cut:
            return
        low, high = self.reach
        at = np.clip([low, *parabola.limits, high], low, high)
        each = np.log(high / low) / pixels(self.axes)[0]                     # of the logarithm of a rate, to a pixel
        for k, fill in enumerate(self.fills):
            fill.set(x=at[k], width=at[k + 1] - at[k])
            self._name(k, at[k], at[k + 1], rate, each)
        for k, (edge, limit) in enumerate(zip(self.edges, parabola.limits, strict=True)):
            inside = low < limit < high
            edge.set_data(*(([limit, limit], [self.BASE, self.TOP]) if inside else ([], [])))
            self.limits[k].set_text(("1/λ", f"2/λ = {formatted(limit, '.3g')}")[k])
            self.limits[k].set_visible(inside)
            self.limits[k].set_ha("right" if k == 0 or limit > high * np.exp(-80 * each) else "left")
            self.limits[k].set_x(limit)
        if self.limits[1].get_ha() == "right":
            self.limits[0].set_visible(False)
        elif parabola.limits[0] < low * np.exp(30 * each):
            self.limits[0].set_visible(False)

    def _name(self, k, left, right, rate, each):
        """The name of a stretch in its middle, or in the larger part of it that the dot leaves free."""
        name, room = self.names[k], np.log(right / left) / each
        middle = (left * right) ** 0.5
        if k == 1:
            side, first = name.wide() / 2, self.said.wide() + 8
            at = min(middle, self.reach[1] * np.exp(-side * each))
            name.set_x(at)
            name.set_visible(bool(room > 8 and at > self.reach[0] * np.exp((first + side) * each)))
            return
        if left < rate < right:
            parts = ((left, rate * np.exp(-9 * each)), (rate * np.exp(9 * each), right))
            a, b = max(parts, key=lambda part: part[1] / part[0])
            middle, room = (a * b) ** 0.5, np.log(b / a) / each
        name.set_x(middle)
        name.set_visible(bool(room > name.wide() + 6))
