"""The gradient on the arrows of a network: thickness is size, colour and dash are the sign, and a tag says the number.

Units stand in columns; an arrow between two is the entry of its weight, a stub from above the entry of a bias. Under
the number of an entry, where it is asked for, stands what a central difference found, and whether they agree.
"""
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle

from bpviz.plots.label import label
from bpviz.plots.style import BLUE, INK, PAPER, VERMILION, WARM, pixels
from bpviz.words.catalogue import say
from bpviz.words.numbers import with_sign

RADIUS, STUB, LINE = 15, 24, 15                   # CSS pixels: of a unit, a bias's arrow, from line to line in a tag
TAG = (72, 15)                                    # of one line of a tag
TOP, FLOOR = 58, 68                               # room for title and names of columns, and for the key
THIN, THICK, PIXEL = 1.2, 9.0, 0.72               # of arrows, in CSS pixels; points to a pixel
LIT = "#ffe9b0"
LOOKS = {1: {"color": VERMILION, "linestyle": (0, (2.2, 1.1))}, -1: {"color": BLUE, "linestyle": "-"},
         0: {"color": INK, "linestyle": "-"}}
WRITTEN = {1: WARM, -1: BLUE, 0: INK}
SHARES = np.linspace(0.2, 0.8, 25)                # of the way along an arrow, where its tag may stand
NARROW = 420                                      # CSS pixels: below, a tag has one line


def tag_places(ends, taken, size):
    """Where the tags of arrows stand, on the arrows and as little as possible on one another: [(x, y), ...].

    ends: [(tail, tip), ...].  taken: [(x, y, width, height), ...], middles and sizes of what stands there already.
    """
    every = [tail + SHARES[:, None] * (tip - tail) for tail, tip in ends]
    chosen, taken, middle = [tags[len(tags) // 2] for tags in every], np.array(taken), np.abs(SHARES - 0.5)
    for _ in range(6):                            # each in turn goes where it is best, given all others
        for k, tags in enumerate(every):
            others = [(*tag, *size) for j, tag in enumerate(chosen) if j != k]
            x, y, wide, high = np.concatenate([taken, others]).T if others else taken.T
            over = [np.maximum(0, (w + own + 3) / 2 - np.abs(tags[:, i, None] - at))
                    for i, (at, w, own) in enumerate(((x, wide, size[0]), (y, high, size[1])))]
            chosen[k] = tags[np.argmin((over[0] * over[1]).sum(axis=1) + middle)]
    return chosen


class Entry:
    """One entry of the gradient: its arrow with a head, its light, its tag on paper, of two lines or of one."""

    def __init__(self, axes, two):
        self.two = two
        self.light = axes.add_line(Line2D([], [], color=LIT, zorder=1, solid_capstyle="round"))
        self.shaft = axes.add_line(Line2D([], [], zorder=1.5, dash_capstyle="butt", solid_capstyle="butt"))
        self.head = axes.add_patch(Polygon([(0, 0)] * 3, closed=True, zorder=1.6, linewidth=0))
        self.paper = axes.add_patch(Rectangle((0, 0), 1, 1, color=PAPER, zorder=2))
        self.number, self.slope = (label(axes, 0, 0, ha="center", fontsize=9.5 if two else 9, zorder=4)
                                   for _ in range(2))
        self.artists = (self.light, self.shaft, self.head, self.paper, self.number, self.slope)    # as they lie

    def show(self, tail, tip, spot, value, share, slope, wrong, lit):
        """share: how large it is, from 0 to 1.  slope: the central difference, or None.  spot: middle of the tag."""
        wide, along = THIN + THICK * share, (tip - tail) / np.hypot(*(tip - tail))
        size, across, sign = 7 + 0.8 * wide, np.array([-along[1], along[0]]), int(np.sign(value))
        neck = tip - size * along
        self.light.set(data=np.transpose([tail, tip]), linewidth=PIXEL * (wide + 12), visible=lit)
        self.shaft.set(data=np.transpose([tail, neck + along]), linewidth=PIXEL * wide, **LOOKS[sign])
        self.head.set(xy=[tip, neck + 0.6 * size * across, neck - 0.6 * size * across], color=LOOKS[sign]["color"])
        (x, y), two = spot, self.two and slope is not None
        mark = "" if slope is None else (" " if two else "") + ("✗" if wrong else "✓")
        self.number.set(text=with_sign(value) + ("" if two else mark), position=(x, y - LINE / 2 * two),
                        fontweight="bold", color=WRITTEN[sign])
        self.slope.set(text=f"◇{with_sign(slope)}{mark}" if two else "", position=(x, y + LINE / 2))
        high, broad = TAG[1] * (1 + two), max(self.number.wide(), self.slope.wide() if two else 0)
        self.paper.set_bounds(x - broad / 2, y - high / 2, broad, high)

    def hide(self, hidden):
        for artist in self.artists:
            artist.set_visible(not hidden)


class GradientArrows:
    """The picture; `update(arrows, title)` moves it. Axes are in CSS pixels, y downward.

    most: how many entries there can be.  spots: ((number of an entry, x0, y0, x1, y1), ...), where a click means it.
    """

    def __init__(self, axes, most):
        self.wide, self.high = pixels(axes)
        axes.set(xlim=(0, self.wide), ylim=(self.high, 0))
        axes.set_axis_off()
        self.axes, self.spots, two = axes, (), self.wide >= NARROW
        self.tag = (TAG[0], TAG[1] * 2) if two else (TAG[0] - 8, TAG[1])
        self.title = label(axes, 0, 10, fontsize=11.5 if self.wide > 330 else 10.5, fontweight="bold")
        self.entries = [Entry(axes, two) for _ in range(most)]
        self.units, = axes.plot([], [], "o", markersize=2 * RADIUS * PIXEL, markerfacecolor=PAPER, markeredgecolor=INK,
                                markeredgewidth=1.6, zorder=3)
        self.labels = [label(axes, 0, 0, ha="center", fontsize=10.5, zorder=4) for _ in range(16)]
        self._key()
        lights, shafts, heads, papers, *texts = zip(*(entry.artists for entry in self.entries), strict=True)
        self.artists = (*lights, *shafts, *heads, self.units, *papers, *texts[0], *texts[1], self.title, *self.labels)

    def _key(self):
        """What thickness, colour, dash, light and diamond mean, below the network."""
        looks = {"+": {"linewidth": 3.5, **LOOKS[1]}, "-": {"linewidth": 3.5, **LOOKS[-1]},
                 "lit": {"linewidth": 9, "color": LIT}, "two" if self.wide >= NARROW else "one": None}
        for k, (name, look) in enumerate(looks.items()):
            y = self.high - 57 + 16 * k
            if look:
                self.axes.plot([2, 34], [y, y], solid_capstyle="butt", dash_capstyle="butt", **look)
            label(self.axes, 42 if look else 2, y, say("puzzle", "key", n=name), fontsize=9.5)

    def _places(self, sizes):
        """Per layer the middles of its units: the inputs have no tags and stand at the very edge."""
        top, floor = TOP + self.tag[1] + STUB + RADIUS + 3, self.high - FLOOR - RADIUS - 4
        across = np.linspace(RADIUS + 3, self.wide - self.tag[0] / 2 - 3, len(sizes))
        return [[np.array([x, y]) for y in (np.linspace(top, floor, n) if n > 1 else [(top + floor) / 2])]
                for x, n in zip(across, sizes, strict=True)]

    def update(self, arrows, title):
        """arrows: (sizes, names, gradient, slopes, asked, wrong, lit), the last five (P,).  title: words."""
        sizes, names, gradient, slopes, asked, wrong, lit = arrows
        places = self._places(sizes)
        self.title.set_text(title)
        self.units.set_data(*np.transpose([place for column in places for place in column]))
        self._name(places)
        share, spots = np.abs(gradient) / np.abs(gradient).max(), []
        for entry in self.entries[len(names):]:
            entry.hide(True)
        for k, (tail, tip, (x, y)) in enumerate(self._ends(names, places)):
            self.entries[k].hide(False)
            self.entries[k].show(tail, tip, (x, y), gradient[k], share[k], slopes[k] if asked[k] else None,
                                 bool(wrong[k]), bool(lit[k]))
            spots += [(k + 1, *(point - 11), *(point + 11)) for point in np.linspace(tail, tip, 7)]
            spots.append((k + 1, x - self.tag[0] / 2, y - TAG[1], x + self.tag[0] / 2, y + TAG[1]))
        self.spots = tuple((k, *map(float, box)) for k, *box in spots)

    def _ends(self, names, places):
        """[(tail, tip, middle of the tag)] of the arrows of these entries, "w1[1,2]" or "b1[2]"."""
        (wide, high), found = self.tag, {}
        taken = [(x, y, 2 * RADIUS, 2 * RADIUS) for column in places for x, y in column]
        for name in names:
            layer, numbers = int(name[1:name.index("[")]), [int(n) for n in name[name.index("[") + 1:-1].split(",")]
            end = places[layer][numbers[-1] - 1]
            if name[0] == "b":
                tail = end - (0, RADIUS + 2 + STUB)
                tag = tail - (0, 1 + high / 2)
                found[name] = tail, end - (0, RADIUS + 2), tag
                taken.append((*tag, wide, high))
            else:
                start = places[layer - 1][numbers[0] - 1]
                along = (end - start) / np.hypot(*(end - start))
                found[name] = start + (RADIUS + 2) * along, end - (RADIUS + 3) * along
        edges = [name for name in names if name[0] == "w"]
        for name, tag in zip(edges, tag_places([found[name] for name in edges], taken, self.tag), strict=True):
            found[name] += tag,
        return [found[name] for name in names]

    def _name(self, places):
        """Numbers in the units, and above the columns the names that the code has for them."""
        shown = [(x, y, str(j), 10.5) for column in places for j, (x, y) in enumerate(column, start=1)]
        shown += [(column[0][0], 36, f"a{k}", 10.5) for k, column in enumerate(places)]
        shown += [((one[0][0] + two[0][0]) / 2, 36, f"dW{k}", 10.5)
                  for k, (one, two) in enumerate(zip(places, places[1:], strict=False), start=1)]
        for text, item in zip(self.labels, [*shown, *[(0, 0, "", 1)] * (len(self.labels) - len(shown))], strict=True):
            text.set(position=item[:2], text=item[2], fontsize=max(9, item[3]))
