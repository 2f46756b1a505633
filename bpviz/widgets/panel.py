"""What `bp.explore.NAME()` gives: an explorer as widgets, moved by its knobs or by `set`."""
import gc

from bpviz.base.arguments import choice
from bpviz.widgets import cells
from bpviz.widgets.bench import Bench
from bpviz.widgets.home import ask, running_loop
from bpviz.widgets.live import NARROW, SIZES, WIDTH, drawn, high, wide
from bpviz.widgets.picture import png
from bpviz.widgets.saved import show_widget


class Panel(Bench):
    """An explorer as widgets. `values` and `state` say where its knobs are; `set` moves them, `undo` and `redo` too;
    `code` and `save` take it away: see Tools.

    state: a string from another panel's `.state`.  given: knob values by name, on top of it.
    picture: "live", or "core" for a panel of core widgets only (no dragging in the picture).
    size: "normal", or "lecture" for letters and lines that are seen from the last row of a hall.
    A panel is closed, and all it holds given back, by `close()`, or when the cell that showed it is run again and no
    other cell shows it; to show a closed panel makes it anew, with its knobs where they were.
    Raises ValueError for an unknown knob, a value out of range, or a state that cannot be read.
    """

    def __init__(self, explorer, state=None, picture="live", size="normal", **given):
        choice("picture", picture, ("live", "core"))
        choice("size", size, tuple(SIZES))
        values = explorer.values(**given) if state is None else explorer.values(**_upon(explorer, state, given))
        ask(lambda: super(Panel, self).__init__(explorer, values, picture, size))

    def close(self):
        """Stop, and give back widgets and memory. What is on the page becomes its still picture."""
        ask(self._close)
        loop = running_loop()           # figures and their parts hold one another; Python would come to it much later
        if loop is None:
            gc.collect()
        else:
            loop.call_later(1.0, gc.collect)

    def set(self, **given):
        """Move knobs, all at once. Raises ValueError and moves nothing if one cannot be."""
        values = {**self.values, **{name: self.explorer.knob(name).check(value) for name, value in given.items()}}
        ask(lambda: self._set(values))

    @property
    def state(self):
        """Where all knobs are, as a short string: `bp.explore.NAME(state=...)` rebuilds it exactly."""
        return self.explorer.state(self.values)

    def finish(self):
        """Do now what would go on when the cell is over: the whole map, all runs. Returns the panel."""
        ask(self._finish)
        return self

    def _finish(self):
        if self.widget is None:
            self._open()
        try:
            self.worker.finish()
        except Exception as error:
            self._broke(error, None)
            raise
        except KeyboardInterrupt:               # the cell waits no longer; the work goes on behind it, as before
            self._request()
            raise
        self.saved.now()

    def cancel(self):
        """Stop the work under way; the picture so far stays."""
        ask(self._cancel)

    @property
    def result(self):
        """What the explorer found for these values."""
        if self._result is None and self.widget is None:
            self._result = self.explorer.finish(self.values)[1]
        return self._result

    @property
    def words(self):
        """The verdict in words."""
        return self.explorer.words(self.result)

    def still(self):
        """Picture, words and table as HTML that needs no kernel and no widget."""
        return ask(self._still)["text/html"]

    def _ipython_display_(self):
        self._prepare()
        show_widget(self.widget)
        self.saved.display()
        cells.shown(self)
        self.patience.begin()

    def _prepare(self):
        if self.widget is None:
            ask(self._open)
        if self.picture is not None and not self.live:
            self.picture.first = ask(self._first)

    def within(self, saved):
        """Its widget, to be a part of what somebody else shows.  saved: the Saved of that display, for the still."""
        self._prepare()
        self.saved = saved
        self.patience.begin()
        return self.widget

    def _first(self):
        """What a browser shows until the kernel has time for it: see Picture.first."""
        frames = [{"png": png(self.frame), **self._said()}]
        if self._size[0] == WIDTH and not cells.nobody_looks():             # nobody has told yet how wide a page is
            page = self.explorer, self.size, NARROW
            frames.append({**frames[0], "png": png(self.projector.once(self.result, *drawn(*page))),
                           "places": [], "lights": [], "pulse": [], "css": [wide(*page), high(*page)]})
        return frames

    def __repr__(self):
        return f"Panel({self.state!r})"


def _upon(explorer, state, given):
    """The values of a state string, then what the menus set that are chosen anew, then what is given."""
    values = explorer.read(state)
    for knob in explorer.knobs:
        choice = knob.check(given.get(knob.name, values[knob.name]))
        values.update({} if choice == values[knob.name] else explorer.also(knob.name, choice, values))
    return {**values, **given}
