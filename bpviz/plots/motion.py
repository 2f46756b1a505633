"""What moves in a picture, as data: an artist, the names of the numbers of a result that it shows, and how.

A drawing is a list of bindings; one updater reads the named numbers and moves the artists. What shows the very objects
that it shows already is left alone, so that maps are coloured once.
"""
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from bpviz.base.work import value_of
from bpviz.plots.pixels import PixelMap

FAR = 1e4                         # far outside every window; keeps Agg's numbers small
ENDS = {"all": slice(None), "first": slice(1), "last": slice(-1, None)}


def named(result, name):
    """The part of a result that a name such as "path.theta" or "paths.Adam.theta.0" says; None in, None out."""
    for part in name.split("."):
        if result is None:
            return None
        result = (result[part] if isinstance(result, Mapping) else result[int(part)] if part.isdigit() else
                  getattr(result, part))
    return result


@lru_cache(maxsize=64)
def thinned(n, most=1500):
    """At most about `most` of the indices 0..n-1, dense at the start, first and last always among them."""
    if n <= most:
        return np.arange(n)
    return np.unique(np.round(np.concatenate([np.arange(most // 3), np.geomspace(most // 3, n - 1, 2 * most // 3)]))
                     .astype(int))


@dataclass(frozen=True)
class Stroke:
    """A line or marks at x, y: names of arrays (n,) or of numbers. x may be an array itself; without it, 0, 1, 2 ...

    look: as for axes.plot.  most: from more points than these some are left out.  part: "all", "first" or "last" of
    them.  edge: what lies above or below the axes stands on their edge.  dots: markers only up to so many points.
    """
    axes: object
    y: str
    x: str | np.ndarray | None = None
    look: dict = field(default_factory=dict)
    most: int = 1500
    part: str = "all"
    edge: bool = False
    dots: int | None = None

    @property
    def names(self):
        return (self.y, self.x) if isinstance(self.x, str) else (self.y,)

    def artists(self):
        return self.axes.plot([], [], **self.look)

    def move(self, artists, y, x=None):
        if y is None:                                                        # nothing to be seen
            y = x = np.zeros(0)
        y, x = np.atleast_1d(y), self.x if x is None else x
        end, shown = ENDS[self.part], thinned(len(y), self.most)
        if x is None:
            x = shown[end]
        elif len(shown) < len(y):
            x = x[shown][end]
        else:
            x = np.atleast_1d(x)[end]
        y = (y[shown] if len(shown) < len(y) else y)[end]
        if self.edge:
            low, high = self.axes.get_ylim()
            y = np.maximum(np.fmin(y, high), low)                            # what is no number stands on top
        else:
            x, y = _near(x), _near(y)
        artists[0].set_data(x, y)
        if self.dots is not None:
            artists[0].set_marker(self.look["marker"] if len(y) <= self.dots else "")


def _near(values):
    return np.minimum(np.maximum(values, -FAR), FAR)


@dataclass(frozen=True)
class Upright:
    """A line from bottom to top at x, the name of a number.  look: as for axes.axvline."""
    axes: object
    x: str
    look: dict = field(default_factory=dict)

    @property
    def names(self):
        return (self.x,)

    def artists(self):
        return [self.axes.axvline(self.axes.get_xlim()[0], **self.look)]

    def move(self, artists, x):
        x = np.nan if x is None else x                                       # nothing to be seen
        artists[0].set_xdata([x, x])


@dataclass(frozen=True)
class Cells:
    """A picture that fills the axes: image(*arrays) gives its colours (rows, columns, 3); names: of the arrays.

    over: artists that lie on it and do not move.
    """
    axes: object
    image: object
    names: tuple
    over: tuple = ()

    def artists(self):
        return [PixelMap(self.axes, self.over)]

    def move(self, artists, *arrays):
        artists[0].set_cells(self.image(*arrays))


@dataclass(frozen=True)
class Words:
    """A Label whose words are those of the result under this name."""
    label: object
    name: str

    @property
    def names(self):
        return (self.name,)

    def artists(self):
        return [self.label]

    def move(self, artists, words):
        artists[0].set_text(words)


@dataclass(frozen=True)
class Shaped:
    """A thing with geometry of its own: its `artists`, and its `update`, which takes what the names say."""
    thing: object
    names: tuple

    def artists(self):
        return list(self.thing.artists)

    def move(self, artists, *values):
        self.thing.update(*values)

    def pieces(self, artists, *values):
        """The same as a generator of pieces of work, where the thing has `pieces` of its update."""
        if hasattr(self.thing, "pieces"):
            yield from self.thing.pieces(*values)
        else:
            self.move(artists, *values)


@dataclass(frozen=True)
class Over:
    """Artists that stay as they are, over others that move."""
    unmoved: tuple
    names = ()

    def artists(self):
        return list(self.unmoved)


@dataclass(frozen=True)
class Ghost:
    """A binding that shows the pinned result instead of the one of now; nothing, while none is pinned."""
    binding: object

    @property
    def names(self):
        return self.binding.names

    def artists(self):
        return self.binding.artists()

    def move(self, artists, *values):
        self.binding.move(artists, *values)


class Drawing:
    """The moving part of a figure: the artists of bindings, `moving` in this order, which `update` moves.

    handle: the axes in which the learner can drag what the explorer calls its handle, or None.
    places: more places that answer the pointer (plots/places.py).
    ahead: () -> generator, work for idle moments that makes later frames quicker, in pieces of a few ms.
    pulse: where the number in work runs (plots/pulse.py), or None.
    lights: where its quantities stand (plots/light.py).
    """

    def __init__(self, bindings, handle=None, places=(), ahead=lambda: iter(()), pulse=None,
                 lights=()):
        self.bindings = tuple((binding, binding.artists()) for binding in bindings)
        self.moving = tuple(artist for _, artists in self.bindings for artist in artists)
        self.handle, self.places, self.ahead, self._shown = handle, tuple(places), ahead, [()] * len(self.bindings)
        self.pulse, self.lights = pulse, tuple(lights)

    def update(self, result, pinned=None):
        """pinned: the result that the ghosts show, None for none."""
        value_of(self.pieces(result, pinned))

    def pieces(self, result, pinned=None):
        """The same as a generator of pieces of work; dropped half-way it leaves nothing so for good."""
        for k, (binding, artists) in enumerate(self.bindings):
            source = pinned if isinstance(binding, Ghost) else result
            values, shown = tuple(named(source, name) for name in binding.names), self._shown[k]
            if len(values) != len(shown) or any(a is not b for a, b in zip(values, shown, strict=True)):
                self._shown[k] = ()
                if isinstance(binding, Shaped):
                    yield from binding.pieces(artists, *values)
                else:
                    binding.move(artists, *values)
                self._shown[k] = values
                yield
