"""One step of backpropagation as a picture: the network with its numbers, what runs along its arrows, and the loss.

Every number sits where it acts: a pre-activation and its slope below the circle, its answer inside, its bias above, a
weight near the arrow's tail and the slope by it beside it. The number being found is in a thick solid frame, bold; the
numbers it is made of are in dashed frames. Where there is no room for all, only those in frames are shown.
"""
import numpy as np
from matplotlib.patches import FancyBboxPatch, Rectangle

from bpviz.plots.arrows import Arrow, Key
from bpviz.plots.coupling import Skip, band
from bpviz.plots.gap import LossColumn
from bpviz.plots.label import label
from bpviz.plots.style import BLUE, INK, ORANGE, PAPER, WARM, pixels
from bpviz.plots.walk_numbers import digits, letters, spots_of
from bpviz.plots.walk_places import beside, clear, stack
from bpviz.plots.walk_room import free_share, heights, radius_of

MOST_UNITS, MOST_READS = 4, 12
RADIUS, LINE = 26, 16          # of a unit; from one line of small text to the next, CSS pixels
TAG = (70, 17)                 # room for a number, CSS pixels
TOP, KEY, COLUMN = 26, 46, 96  # room for the names of the layers, for the key, for the loss
NORM, PILL = 38, 18            # for mean and deviation of a layer with layer norm; from one to the other
CROWD = 12                     # so many units stand closer
ROOMY, WORDY = 420, 500        # CSS pixels from which the loss has a column of its own, and the word target
NEAR, SPARSE = 0.34, 0.42       # the share of an arrow at which its numbers stand if they can
LIFTED = "↕"                   # beside what can be moved up and down
NOW = {"facecolor": "#fff0cc", "edgecolor": ORANGE, "linewidth": 2.8}
READ = {"facecolor": "none", "edgecolor": BLUE, "linewidth": 1.5, "linestyle": (0, (3, 1.5))}


# The mean of a slope over the rows stands where the slope stands; a new weight where the weight stands.
HOME = {"g": lambda place: ("d", place), "new": lambda place: (place[0], place[1:])}


def home(kind):
    """The place of a number on the diagram, as a kind."""
    return HOME[kind[0]](kind[1]) if kind[0] in HOME else kind


class Diagram:
    """The network; `update` puts numbers on it. Axes are in CSS pixels, y downward.

    sizes: units per layer, at most 4 each.  bias: whether there are biases.  answers: whether the loss looks at what
    the outputs answer (a cross-entropy looks at their z).  squared: whether it is the sum of their squared gaps.
    coupled: {layer: "softmax" or "layer norm"}, where every answer depends on every z of the layer.  skips: (layer,
    unit) of those whose z is added to that of the same unit of the next layer.
    lifted: kinds of the inputs and targets that can be moved up and down.
    tracks: ((x0, y0, x1, y1), ...), along which the number of now runs.
    """

    def __init__(self, axes, sizes, bias, answers, squared, lifted=(), coupled=(), skips=()):
        width, height = pixels(axes)
        if max(sizes) > MOST_UNITS:
            raise ValueError(f"sizes: got {sizes!r}; the diagram has room for {MOST_UNITS} units in a layer")
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.set_axis_off()
        self.axes, self.sizes, self.lifted, self.texts, self.papers, self.tracks = axes, sizes, lifted, {}, {}, ()
        column = COLUMN + (8 if width >= WORDY else 0) if width >= ROOMY else 0
        floor = height - KEY - (0 if width >= 540 else Key.LINE)
        apart = (width - column - TAG[0]) / (len(sizes) - 1)
        norms = [k for k in coupled if k < len(sizes) - 1]
        top = TOP + (NORM if norms else 0)
        each = (floor - top) / max(sizes)
        # room only for the numbers in frames
        self.sparse = bool(norms) or max(sizes) > 2 or apart < (150 if column else 180)
        self.bare = apart < (130 if sum(sizes) < CROWD and column else 125)                    # no numbers on arrows
        self.long, self.apart = width >= WORDY, apart
        self.scale = scale = min(1.0, max(0.66, min(apart / 160, each / 128)))
        self.radius, self.line = max(22 if each > 76 else 20, scale * RADIUS), max(14.5, scale * LINE)
        self.size, self.tag = 9.5 if scale == 1 else 9, (TAG[0] if scale == 1 else 62, TAG[1] if scale == 1 else 14)
        if norms and max(sizes) > 2:
            self.radius = radius_of(self.radius, max(sizes), (top, floor), apart)
        self.first, self.step = (7, 13) if max(sizes) > 2 else (9, self.line)      # to a unit's lines and between them
        edge = 0.5 * self.tag[0] + (5 if column else 14)
        across = np.linspace(edge, width - column - edge, len(sizes))
        rise = 0.31 if norms else 0.5                                             # what stands below takes more room
        self.spots = [[(x, y) for y in heights(n, (top, floor), self.radius, rise)]
                      for x, n in zip(across, sizes, strict=True)]
        self.ends = top - (0 if norms else 6), floor + 5
        self.loss = LossColumn(axes, width - column / 2, self.spots[-1], (top, floor), squared) if column else None
        self._names(across, dict(coupled))
        for k in coupled:
            band(axes, across[k], self.tag[0] + 14, (TOP - 4, floor))
        for k in norms:
            for n, letter in enumerate("ms"):
                self._text((letter, (k,)), across[k], TOP + 6 + PILL * n)
        self.along = {}                                           # {edge: the share of it at which its numbers stand}
        self.taken = [(x, y, *((self.tag[0], self.radius + 4 * self.line) if k else (0.8 * self.tag[0], self.radius)))
                      for k, layer in enumerate(self.spots) for x, y in layer]
        self.skips = {(k, j): Skip(axes, self.spots[k][j - 1], self.spots[k + 1][j - 1], self.radius) for k, j in skips}
        self.arrows = {edge: arrow for k in range(1, len(sizes)) for edge, arrow in self._edges(k)}
        ends = self.loss.places if self.loss else ()
        self.back = [self._arrow(*both, self.loss.reach) for both in zip(self.spots[-1], ends, strict=False)]
        self.stacks = []                                          # [(kinds above, kinds below), ...] of each layer
        for k, layer in enumerate(self.spots):
            self.stacks.append([])
            for j, (x, y) in enumerate(layer, start=1):
                axes.plot(x, y, "o", markersize=2 * self.radius * 0.72, markerfacecolor=PAPER, zorder=3,
                          markeredgecolor=INK if k else ORANGE, markeredgewidth=1.6)
                self._unit(k, j, x, y, bias, answers, k in norms)
        self.key = Key(axes, 4, floor + 12, width - 4)
        self.frames = [self._frame(READ) for _ in range(MOST_READS)] + [self._frame(NOW)]
        arrows = (*self.arrows.values(), *self.back, *self.skips.values())
        shafts = [artist for arrow in arrows for artist in arrow.artists]
        self.artists = (*sorted(shafts, key=lambda artist: artist.get_zorder()), *self.papers.values(),
                        *self.frames, *(self.loss.artists if self.loss else ()), *self.texts.values(),
                        *self.key.artists)

    def _names(self, across, coupled):
        """Names of the layers, and of what couples their units."""
        hidden, size = len(across) - 2, 10 if self.size < 9.5 else 11
        names = ["inputs", *[("hidden" if k not in coupled else "norm" if hidden > 1 else "layer norm") +
                             (f" {k}" if hidden > 1 else "") for k in range(1, hidden + 1)],
                 coupled.get(hidden + 1, "output")]
        places = [*zip(across, names, strict=True), *([(self.loss.x, self.loss.name)] if self.loss else [])]
        for x, title in places:
            label(self.axes, x, 10, title, ha="center", fontsize=size, fontweight="bold")

    def _text(self, kind, x, y, **words):
        self.texts[kind] = label(self.axes, x, y, ha="center", fontsize=self.size, visible=False, **words)

    def _frame(self, look):
        return self.axes.add_patch(FancyBboxPatch(
            (0, 0), self.tag[0], min(self.tag[1], self.step), boxstyle="round,pad=0,rounding_size=4", visible=False,
            clip_on=False, zorder=2.5, **look))

    def _arrow(self, start, end, reach):
        start, end = np.array(start), np.array(end)
        along = (end - start) / np.hypot(*(end - start))
        return Arrow(self.axes, start + (self.radius + 2) * along, end - reach * along)

    def _edges(self, k):
        for i, start in enumerate(self.spots[k - 1], start=1):
            for j, end in enumerate(self.spots[k], start=1):
                arrow = self._arrow(start, end, self.radius + 3)
                x, y = self._free_spot((k, i, j), arrow.tail, arrow.tip)
                for kind, side, look in ((("w", (k, i, j)), -0.5, {}), (("d", ("w", k, i, j)), 0.5, {"color": WARM})):
                    self._text(kind, x, y + side * self.line, **look)
                    self.papers[kind] = self.axes.add_patch(Rectangle((0, 0), 1, 1, color=PAPER, zorder=2))
                yield (k, i, j), arrow

    def _free_spot(self, edge, tail, tip):
        """Where on an edge its two numbers fit beside what is there already; near the tail if possible."""
        size = 0.83 * self.tag[0], 2 * self.line + 2
        share = SPARSE if self.sparse else free_share(tail, tip, NEAR, size, self.taken)
        x, y = tail + share * (tip - tail)
        self.taken.append((x, y, *size))
        self.along[edge] = share
        return x, y

    def box(self, kind):
        """(x0, y0, x1, y1) of an input's circle, or of a number elsewhere; None where it is not shown."""
        text = self.texts.get(kind)
        if text is None or not text.get_visible():
            return None
        (x, y), across, up = text.get_position(), *((self.radius,) * 2 if kind[0] == "x" else np.divide(self.tag, 2))
        return x - across, y - up, x + across, y + up

    def _unit(self, k, j, x, y, bias, answers, norm):
        """What belongs to a unit: its answer inside; above, bias and target; below, z and the slopes."""
        self._text(("a" if k else "x", (k, j) if k else (j,)), x, y, fontweight="bold")
        if k == 0:
            self.stacks[k].append(((), ()))
            if ("x", (j,)) in self.lifted:
                label(self.axes, x, y + self.radius + 9, LIFTED, ha="center", fontsize=11, color="#666666")
            return
        last = k == len(self.sizes) - 1
        by_loss = last and self.loss is not None
        below = [("z", (k, j)), ("h", (k, j)), ("d", ("a", k, j)), ("d", ("h", k, j)), ("d", ("z", k, j))]
        left_out = ("" if norm else "h") + ("" if answers or not last else "a")
        below = [kind for kind in below if (kind[0] if kind[0] != "d" else kind[1][0]) not in left_out]
        above = [("b", (k, j)), ("d", ("b", k, j))] if bias else []
        above += [("t", (j,))] if last and not by_loss else []
        self.stacks[k].append((above, below))
        for side, kinds in ((1, below), (-1, above)):
            for n, kind in enumerate(kinds):
                self._text(kind, x, beside(self, y, side, n), color={"d": WARM, "t": BLUE}.get(kind[0], INK))
        if by_loss:
            self._text(("t", (j,)), *self.loss.target(j), color=BLUE)
            if j == 1:
                self._text(("L", ()), self.loss.x, TOP + 4 if self.loss.squared else self.loss.places[0][1],
                           fontweight="bold")

    def update(self, known, now, reads, flow, key, crosses=None):
        """known: {kind: number}.  now: the kind being found.  reads: the kinds it is made of.

        flow: what runs along the arrows.  key: what they mean, as words for a Key.
        crosses: {kind: mark} of numbers that a learner's own function gets wrong, or None.
        """
        shown = {kind: value for kind, value in known.items() if kind[0] not in HOME}
        shown.update({home(kind): known[kind] for letter in HOME for kind in known if kind[0] == letter})
        framed = [kind for kind in dict.fromkeys(map(home, reads)) if kind in self.texts][:MOST_READS]
        if self.bare:
            framed = [kind for kind in framed if kind not in self.papers]
            shown = {kind: value for kind, value in shown.items() if kind not in self.papers}
        if self.sparse:
            seen = (*framed, home(now))
            shown = {kind: value for kind, value in shown.items() if kind[0] in "axtLms" or kind in seen}
        wrong = {kind: mark for kind, mark in (crosses or {}).items() if self.long or kind not in self.papers}
        self._write(shown, home(now), wrong)
        own = home(now)[-1][1:] if home(now)[0] == "d" else home(now)[-1]
        for edge, arrow in self.arrows.items():
            arrow.update(flow.way, flow.along.get(edge), flow.most, edge in flow.road or edge == own)
        covers = [(*self.texts[kind].get_position(), self.texts[kind].wide(), self.tag[1]) for kind in shown
                  if kind in self.texts]
        for (k, j), skip in self.skips.items():
            skip.update(("z", (k + 1, j)) in known, (k, j) in flow.skips, covers)
        back = now[0] == "d"
        for j, arrow in enumerate(self.back, start=1):
            arrow.update("", 0 if ("L", ()) in known else None, 1.0, back and self._from_loss(now, j))
        if self.loss:
            self.loss.update(flow.gaps, digits, back)
        self.key.update(flow.way, flow.most, *key)
        self.tracks = tuple((*self._spot(one), *self._spot(two)) for one, two in flow.now)
        framed += [None] * (MOST_READS - len(framed)) + [home(now)]
        for frame, kind in zip(self.frames, framed, strict=True):
            frame.set_visible(kind in shown and kind in self.texts)
            if frame.get_visible():
                text = self.texts[kind]
                (x, y), wide = text.get_position(), text.wide() + 4
                frame.set(x=x - wide / 2, y=y - frame.get_height() / 2, width=wide)

    def _from_loss(self, now, j):
        """Whether the slope comes through output j to the number of this kind."""
        of, layer, *units = now[1]
        return layer < len(self.sizes) - 1 or units[-1] == j

    def spots_of_now(self):
        """Where the quantities stand that are shown, for Light."""
        return spots_of(self)

    def _spot(self, place):
        """The middle of a unit, or of the loss, or of the outputs' right edge where that has no column."""
        if place == ("L",):
            x, y = (np.mean(self.loss.places, axis=0) if self.loss else np.mean(self.spots[-1], axis=0))
            return float(x if self.loss else x + self.tag[0] / 2), float(y)
        return tuple(map(float, self.spots[place[0]][place[1] - 1]))

    def _write(self, shown, now, crosses):
        for kind, text in self.texts.items():
            text.set_visible(kind in shown)
            if kind in shown:
                lifted = f" {LIFTED}" * (kind[0] == "t" and kind in self.lifted)
                cross = f" {crosses[kind]}" if kind in crosses else ""
                text.set_text(letters(kind) + digits(shown[kind]) + lifted + cross)
                text.set_fontweight("bold" if kind == now or kind[0] in "axL" else "normal")
                if kind[0] == "t" and self.long:
                    short = text.get_text()
                    text.set_text(short.replace("t ", "target ", 1))
                    if text.wide() > self.loss.room:
                        text.set_text(short)
        if self.sparse:
            stack(self, shown, now)
        clear(self, shown)
        for kind, paper in self.papers.items():
            paper.set_visible(kind in shown)
            if kind in shown:
                (x, y), wide = self.texts[kind].get_position(), self.texts[kind].wide()
                paper.set_bounds(x - wide / 2, y - self.line / 2, wide, self.line)
