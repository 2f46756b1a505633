"""The widgets of one explorer, what they hear and what is worked out for them: a panel while it is open.

The live picture (js/) watches the sliders in the browser and asks for frames; a request is
computed by the projector, in the worker's slices, and answered with pixels, words and table together.
Where the live picture cannot load, the same sliders are watched here and frames go to core widgets.
What comes in, from knobs and browser: hearing.py.
"""
import time

import ipywidgets as W

from bpviz.base.result import table_html
from bpviz.widgets import cells
from bpviz.widgets.controls import Controls
from bpviz.widgets.core import Core
from bpviz.widgets.extras import Extras
from bpviz.widgets.hearing import Hearing
from bpviz.widgets.history import History
from bpviz.widgets.home import turn
from bpviz.widgets.live import Patience, drawn, high, last_size, live_picture, wide
from bpviz.widgets.picture import png, release
from bpviz.widgets.projector import Projector
from bpviz.widgets.saved import Saved
from bpviz.widgets.words import on_screen, still_html, still_text, title_html
from bpviz.widgets.worker import Worker


class Bench(Hearing):
    """Opens and closes; hears, works, shows. `values` is where the knobs are now, `good` where the picture's were.

    set, state, words and result are Panel's (panel.py).
    asked: the values to which Reset returns.  live: whether the live picture has come.  share: of its work done.
    """

    def __init__(self, explorer, values, picture, size):
        self.explorer, self.asked, self.values, self.mode, self.size = explorer, values, values, picture, size
        self.saved, self.history, self.widget = Saved(self._still), History(explorer.plays), None
        self._open()

    # ---- opening and closing

    def _open(self):
        self.frame = self.good = self._result = self.error = None
        self.live, self.share, self._size, self._refused, self._newest = False, 1.0, tuple(last_size), {}, {}
        self.patience = Patience(self._show_core)        # before the picture: that may speak as soon as it is open
        self.projector = Projector(self.explorer)
        self.worker = Worker(self._part, self._rests, self._broke, self.projector.ahead)
        self.controls = Controls(self.explorer, self.values, self._moved)
        self.knobs, self.sliders = self.controls.knobs, self.controls.sliders
        self.picture = None
        if self.mode == "live":
            self.picture = live_picture(self.explorer, self.controls, self._browser_says, self._size[0], self.size)
        self.core = Core(self._reset, lambda text: self._try(lambda: self._read(text)))
        self.extras = Extras(self.explorer, lambda knobs: self._try(lambda: self.set(**knobs)))
        self.widget = W.VBox([W.HTML(title_html(self.explorer.title, self.explorer.question)), self.controls.box,
                              *([] if self.picture is None else [self.picture]), self.core.box, *self.extras.widgets])
        self.widget.add_class("bpviz-panel")
        self._as_large()
        self._use_core(self.picture is None)
        try:
            self._request(at_once=True)          # so there is a picture as soon as there is a panel
        except BaseException:
            self._close()
            raise

    def _close(self):
        if self.widget is None:
            return
        self.worker.cancel()
        self.patience.end()
        if self.frame is not None:
            self.saved.now()
        self.saved.stop()
        cells.forget(self)
        release(self.widget)
        self.widget = self.controls = self.knobs = self.sliders = self.core = self.picture = self.extras = None
        self.projector = self.worker = self.frame = self._result = self.good = None

    # ---- where the knobs are

    def _set(self, values):
        self.history.rest()
        self.history.moved(self.values, values)
        self._put(values)

    def _put(self, values):
        if self.widget is None:
            self.values = values
            return
        if self.live:
            self.picture.put({knob.name: values[knob.name] for knob in self.explorer.sliders})
        self.controls.put(values)
        self._request(values)

    # ---- work

    def _request(self, values=None, number=None, at_once=False, seen=None):
        """Work for these values from now on, instead of for older ones.  seen: those glanced at, no knob has them."""
        self.values, self.error = self.values if values is None else values, None
        work = self.projector.work(self.values | (seen or {}), *self._drawn())
        self.worker.start(work, number, at_once, cells.nobody_looks())

    def _part(self, part, number, began):
        """What a slice of work has brought: a better result, or only how far it is."""
        if part.result is None:
            self._note(number, progress=part.share)
        else:
            self._result, self.share = part.result, part.share
            self._show(number, began)

    def _rests(self):
        (self.saved.now if cells.nobody_looks() else self.saved.soon)()

    def _try(self, action, number=None, refused=()):
        """refused: {knob: value} that were asked for, in case they cannot be."""
        try:
            action()
        except Exception as error:
            self._fail(error, number, dict(refused) if isinstance(refused, dict) else {})

    # ---- what goes out

    def _broke(self, error, number):
        """The work for the present values cannot be done: back to the values of the picture that is there."""
        good = self.good or self.values
        refused = {name: value for name, value in self.values.items() if value != good[name]}
        self.values = good
        self.history.refused(good)
        self._fail(error, number, refused)

    def _fail(self, error, number=None, refused=()):
        """An error in words, on the panel; the picture so far stays, and knobs that were refused go back to it."""
        self.error = on_screen(error, self.explorer.knobs)
        back = {name: [value, self.values[name]] for name, value in dict(refused).items()
                if name in self.values and value != self.values[name]}
        self._refused = {name: value for name, (value, _) in back.items()}
        self._note(number, progress=None, error=self.error, back=back)     # first: no slider must move its number
        self.controls.put({name: good for name, (_, good) in back.items()})

    def _note(self, number=None, **words):
        if self.live:
            self.picture.note(number, **self._where(), **words)
        elif words.get("error"):
            self._core_text()

    def _show(self, number=None, began=None):
        """Draw the result and send it to whoever is looking."""
        with turn:
            self._draw_and_send(number, began)

    def _draw_and_send(self, number, began):
        result, self.good = self._result, self.values
        self.frame = self.projector.frame(result)
        self.controls.limit(self.explorer.limits(self.projector.scene), self.explorer.idle(self.values))
        self.extras.show(self.projector.scene, result)
        if self.live:
            self.picture.show(self.frame, number, **self._said(), error=self.error or "",
                              kernel_ms=(time.perf_counter() - began) * 1000 if began else 0)
        else:
            self._core_text()
            if self.core.shown:
                self.core.picture(png(self.frame), self._size[0])

    def _said(self):
        """All that goes with the pixels."""
        page, share = (self.explorer, self.size, self._size[0]), self.share
        return dict(css=[wide(*page), high(*page)], **self._where(), words=self.words,
                    pins=self._pins(), table=table_html(self.explorer.table(self.result)),
                    progress=None if share == 1 else share, marks=self.explorer.marks(self.projector.scene),
                    until=self.explorer.until(self.result), **self.projector.where(self.result))

    def _drawn(self):
        width, scale = drawn(self.explorer, self.size, self._size[0])
        return width, self._size[1] * scale

    def _where(self):
        """Where the knobs are, and whether a move can be taken back or made again."""
        return dict(state=self.state, code=self.code, moves=[bool(self.history.back), bool(self.history.forth)])

    def _core_text(self):
        table = None if self._result is None else self.explorer.table(self._result)
        self.core.put(self.state, self.error, "" if table is None else self.words, table)

    def _show_core(self):
        """The live picture has not come."""
        if self.widget is not None and self.picture is not None:
            self.picture.layout.display = "none"
            self._use_core(True)
            self._show()

    def _use_core(self, wanted):
        self.core.show(wanted)
        (self.widget.add_class if wanted else self.widget.remove_class)("bpviz-core")

    def _still(self):
        if self.widget is None:
            self._open()
        table, words = self.explorer.table(self.result), f"{self.words} {self.compared}".strip()
        with turn:
            return {"text/plain": still_text(self.explorer.title, words, table), "text/html": still_html(
                self.explorer.title, png(self.projector.still()), self._size[0], words, table)}
