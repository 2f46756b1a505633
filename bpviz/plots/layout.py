"""Where the pictures of a panel stand, as data: tiles beside and below one another, on wide pages and on narrow ones.

A Tile is a box for axes with room around it for title, ticks, labels and legend. Row and Stack put tiles beside and
below one another, and a Layout makes the axes and says how high the whole is. All sizes are CSS pixels.
"""
from dataclasses import dataclass
from types import SimpleNamespace

from bpviz.plots.style import figure, pixels, place

SIDE_BY_SIDE = 720                # from this width on pictures stand beside one another
HEAD, MAIN, TICKS = 100, 190, 50  # lines of words are lower than that; a main picture higher; room for ticks and a name


@dataclass(frozen=True)
class Legend:
    """What marks mean, in the middle `below` the axes: at most `columns`, as many as fit if one takes `each`."""
    below: float
    columns: int
    each: float = 100.0
    look: tuple = ()              # ((name, value), ...), as for axes.legend

    def draw(self, axes):
        """Put it below the axes."""
        box, (wide, tall) = axes.get_position(), pixels(axes.figure)
        middle = (box.x0 + box.x1) / 2
        columns = int(2 * min(middle, 1 - middle) * wide // self.each)               # as many as the page has room for
        axes.legend(loc="upper center", bbox_to_anchor=(middle, box.y0 - self.below / tall),
                    bbox_transform=axes.figure.transFigure, ncols=max(1, min(self.columns, columns)),
                    **{"frameon": False, "borderpad": 0, "handletextpad": 0.4, "columnspacing": 1.0, **dict(self.look)})


@dataclass(frozen=True)
class Tile:
    """Axes with room around them; without a name, room that stays empty.

    room: left, top, right, bottom.  high: of the axes.  aspect: the height of the axes over their width.
    most: the axes are no higher than this, whatever the aspect.
    share: of the width in a Row, or of the height in a Stack, that is left by tiles of a size of their own.
    """
    name: str
    room: tuple = (0, 0, 0, 0)
    high: float | None = None
    aspect: float | None = None
    share: float | None = None
    title: str = ""
    legend: Legend | None = None
    most: float | None = None

    def height(self, width):
        """How high it is if it is that wide; None if as high as there is room."""
        left, top, right, bottom = self.room
        high = self.aspect * (width - left - right) if self.aspect and self.high is None else self.high
        high = high if high is None or self.most is None else min(high, self.most)
        return None if high is None else top + high + bottom

    def width(self, height):
        """How wide it is if it is that high; None if as wide as its share."""
        left, top, right, bottom = self.room
        return left + (height - top - bottom) / self.aspect + right if self.aspect and self.share is None else None

    def boxes(self, left, top, width, height):
        """(Tile, (left, top, right, bottom) of its axes) for each tile with a name, in a box of this size."""
        inset, above, right, below = self.room
        wide, high = width - inset - right, height - above - below
        if self.high is not None:
            high = self.high
        elif self.most is not None:
            high = min(high, self.most, self.aspect * wide)
        elif self.aspect:
            wide = min(wide, high / self.aspect)
            high = self.aspect * wide
        if self.name:
            yield self, (left + inset, top + above, left + inset + wide, top + above + high)


@dataclass(frozen=True)
class Parts:
    """Parts one after the other, each as large as it asks for, or as its share of what is left."""
    parts: tuple
    share: float | None = None

    def width(self, height):
        return None

    def shared(self, whole, own):
        """The sizes of the parts of a whole: their own where not None, else what is left by share."""
        free = whole - sum(size for size in own if size is not None)
        shares = [0.0 if size is not None else 1.0 if part.share is None else part.share
                  for size, part in zip(own, self.parts, strict=True)]
        return [free * share / sum(shares) if size is None else size for size, share in zip(own, shares, strict=True)]


class Stack(Parts):
    """Parts below one another."""

    def height(self, width):
        heights = [part.height(width) for part in self.parts]
        return None if None in heights else sum(heights)

    def boxes(self, left, top, width, height):
        heights = self.shared(height, [part.height(width) for part in self.parts])
        for part, high in zip(self.parts, heights, strict=True):
            yield from part.boxes(left, top, width, high)
            top += high


class Row(Parts):
    """Parts beside one another."""

    def height(self, width):
        widths = self.shared(width, [None] * len(self.parts))
        heights = [part.height(wide) for part, wide in zip(self.parts, widths, strict=True)]
        return max((high for high in heights if high is not None), default=None)

    def boxes(self, left, top, width, height):
        widths = self.shared(width, [part.width(height) for part in self.parts])
        for part, wide in zip(self.parts, widths, strict=True):
            yield from part.boxes(left, top, wide, height)
            left += wide


@dataclass(frozen=True)
class Tall:
    """A height that is a share of the width, within limits."""
    share: float
    least: float
    most: float


@dataclass(frozen=True)
class Layout:
    """The tiles of a picture on a wide page and on a narrow one.

    tall: the height on a wide page, a number or a Tall, where the tiles do not say it.  turn: from which width a page
    is wide.  middle: the tiles from SIDE_BY_SIDE to there, where the narrow ones would be too far below one another;
    as high as `tall` where they do not say it.
    """
    wide: Tile | Row | Stack
    narrow: Tile | Row | Stack
    tall: float | Tall | None = None
    turn: float = SIDE_BY_SIDE
    middle: Tile | Row | Stack | None = None

    def arranged(self, width):
        """The tiles on a page of this width."""
        between = self.middle is not None and SIDE_BY_SIDE <= width
        return self.wide if width >= self.turn else self.middle if between else self.narrow

    def height(self, width):
        """How high the picture is on a page of this width."""
        own = self.arranged(width).height(width)
        if width < self.turn and own is not None:
            return round(own)
        if isinstance(self.tall, Tall):
            return round(min(max(self.tall.share * width, self.tall.least), self.tall.most))
        return round(self.wide.height(width)) if self.tall is None else self.tall

    def main(self, width):
        """How far down the picture goes that one looks at first: its axes, ticks and name; all of it where pictures
        stand beside one another, or where the first is a small one."""
        if self.arranged(width) is not self.narrow:
            return self.height(width)
        tile, box = next((tile, box) for tile, box in self.boxes(width).values() if box[3] - box[1] > HEAD)
        return box[3] + min(tile.room[3], TICKS) if box[3] - box[1] >= MAIN else self.height(width)

    def boxes(self, width):
        """{name: (Tile, (left, top, right, bottom) of its axes)} on a page of this width."""
        return {tile.name: (tile, box) for tile, box in self.arranged(width).boxes(0, 0, width, self.height(width))}

    def page(self, width, ratio=1.0):
        """A new figure of this width with its axes; ratio: device pixels to a CSS pixel."""
        canvas, boxes = figure(width, self.height(width), ratio), self.boxes(width)
        axes = {name: place(canvas, *box) for name, (_, box) in boxes.items()}
        for name, (tile, _) in boxes.items():
            axes[name].set_title(tile.title)
        return Page(canvas, SimpleNamespace(**axes), tuple(tile for tile, _ in boxes.values()))


@dataclass(frozen=True)
class Page:
    """A figure with its axes, by the names of their tiles."""
    figure: object
    axes: SimpleNamespace
    tiles: tuple

    def legends(self):
        """Draw the legends that the tiles ask for, once what they name is drawn."""
        for tile in self.tiles:
            axes = getattr(self.axes, tile.name)
            if tile.legend and axes.get_legend_handles_labels()[0]:
                tile.legend.draw(axes)
