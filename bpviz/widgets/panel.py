"""One panel for all explorers: knobs above, picture and words below.

The live picture (picture.js) watches the sliders in the browser and asks for frames; a request is
computed by the stage, in the worker's slices, and answered with pixels, words and table together.
Where the live picture cannot load, the same sliders are watched here and frames go to a core Image.
"""
import time

import ipywidgets as W
from IPython.display import HTML, display

from bpviz.calculus.arguments import choice
from bpviz.explorers.explorer import Menu
from bpviz.plots.style import ONE_AT_A_TIME
from bpviz.widgets.controls import Controls
from bpviz.widgets.extras import Extras
from bpviz.widgets.picture import Picture, png
from bpviz.widgets.stage import Stage
from bpviz.widgets.words import error_html, said_html, still_html, table_html, title_html
from bpviz.widgets.worker import Worker, running_loop

WIDTH, NARROWEST, WIDEST = 940, 300, 1600
PATIENCE_S, STILL_S = 4.0, 1.0         # wait for the live picture; leave a still one after the last change


class Panel:
    """An explorer as widgets. `values` and `state` say where its knobs are; `set` moves them.

    state: a string from another panel's `.state`.  given: knob values by name, on top of it.
    picture: "live", or "core" for a panel of core widgets only (no dragging in the picture).
    Raises ValueError for an unknown knob, a value out of range, or a state that cannot be read.
    """

    def __init__(self, explorer, state=None, picture="live", **given):
        choice("picture", picture, ("live", "core"))
        self.explorer = explorer
        values = explorer.values() if state is None else explorer.read(state)
        if given:
            menus = {menu.name for menu in explorer.menus}
            values = explorer.values(**(given if menus & set(given) else {**values, **given}))
        self.values = values
        self.result = self.error = self.frame = None
        self.live = False
        self.stage, self.worker = Stage(explorer), Worker(self._show, self._share, self._leave_still_soon, self._fail)
        self._size, self._still, self._handle = (WIDTH, 1.0), None, None
        self._setting = False
        self._build(picture)
        self._request(at_once=True)          # so there is a picture as soon as there is a panel

    # ---- widgets

    def _build(self, picture):
        self.controls = Controls(self.explorer, self.values)
        self.knobs, self.sliders = self.controls.knobs, self.controls.sliders
        for knob in self.explorer.knobs:
            self.knobs[knob.name].observe(lambda change, knob=knob: self._moved(knob, change["new"]), "value")
        for knob in self.explorer.sliders:
            self.sliders[knob.name].observe(lambda change, knob=knob: self._slid(knob, change["new"]), "value")
        title = W.HTML(title_html(self.explorer.title, self.explorer.question))
        self.image = W.Image(format="png", layout=W.Layout(max_width="100%", display="none"))
        self.text = W.HTML(layout=W.Layout(display="none"))
        self.text.add_class("bpviz-core-table")
        children = [title, self.controls.box]
        self.picture = self._live_picture() if picture == "live" else None
        if self.picture is None:
            self._show_core(True)
        else:
            children.append(self.picture)
        self.extras = Extras(self.explorer)
        self.widget = W.VBox([*children, self.image, self.text, *self.extras.widgets])

    def _live_picture(self):
        knobs = self.explorer.sliders
        picture = Picture(          # all at once: the browser reads the sliders as soon as the picture exists
            sliders=self.sliders, numbers={knob.name: self.knobs[knob.name] for knob in knobs},
            knobs={knob.name: {"log": knob.log, "digits": knob.digits, "low": knob.low, "high": knob.high}
                   for knob in knobs},
            handle=list(self.explorer.handle), box=list(self.explorer.box), plays=self.explorer.plays,
            play=self.explorer.play,
            label=self.explorer.title + (". Arrow keys move the start point." if self.explorer.handle else
                                         ". Arrow keys move the window, + and - zoom." if self.explorer.box else "."))
        picture.on_msg(self._browser_says)
        return picture

    # ---- what comes in

    def _slid(self, knob, place):
        """The slider stands somewhere else. A live picture sees to it in the browser."""
        if not self.live and not self._setting:
            self.knobs[knob.name].value = knob.slid(self.knobs[knob.name].value, place)

    def _moved(self, knob, value):
        """A knob's value changed in the kernel's copy; numbers are left to the live picture where there is one."""
        if self._setting or value == self.values[knob.name]:
            return
        if isinstance(knob, Menu):
            self._try(lambda: self._choose(knob.name, value))
        elif not self.live:
            self._try(lambda: self._type(knob, value))

    def _type(self, knob, value):
        self._request({**self.values, knob.name: knob.check(value)})
        self.sliders[knob.name].value = value

    def _choose(self, name, value):
        """A menu choice: it may set other knobs along with it."""
        self.set(**{name: value, **self.explorer.knob(name).also(value)})

    def _browser_says(self, _, message, buffers):
        kind = message.get("kind")
        if kind == "want":
            self.picture.took(message.get("wire"))
            self._try(lambda: self._request(self._wanted(message.get("knobs", {})), message.get("n")), message.get("n"))
        elif kind == "hello":
            self.live = True
            self.picture.forget()
            self._show_core(False)
        elif kind == "size":
            self._try(lambda: self._resize(message.get("width"), message.get("ratio")))
        elif kind == "state":
            self._try(lambda: self.set(**self.explorer.read(message.get("text"))))
        elif kind == "reset":
            first = self.explorer.menus[0].name
            self._try(lambda: self.set(**self.explorer.values(**{first: self.values[first]})))
        elif kind == "cancel":
            self.cancel()

    def _wanted(self, knobs):
        sliders = {knob.name: knob for knob in self.explorer.sliders}
        return {**self.values, **{name: sliders[name].check(value) for name, value in knobs.items() if name in sliders}}

    def _resize(self, width, ratio):
        width = int(min(max(width or WIDTH, NARROWEST), WIDEST))
        ratio = float(min(max(ratio or 1.0, 1.0), 3.0))
        self._size = (width, ratio)
        self.picture.forget()
        self._request()

    def set(self, **given):
        """Move knobs, all at once. Raises ValueError and moves nothing if one cannot be."""
        values = {**self.values, **{name: self.explorer.knob(name).check(value) for name, value in given.items()}}
        if self.live:
            self.picture.put({knob.name: values[knob.name] for knob in self.explorer.sliders})
        self._setting = True
        try:
            self.controls.put(values)
        finally:
            self._setting = False
        self._request(values)

    @property
    def state(self):
        """Where all knobs are, as a short string: `bp.explore.NAME(state=...)` rebuilds it exactly."""
        return self.explorer.state(self.values)

    # ---- work

    def _request(self, values=None, number=None, at_once=False):
        """Work for these values from now on, instead of for older ones."""
        self.values = self.values if values is None else values
        self.worker.start(self.stage.work(self.values, *self._size), number, at_once)

    def _share(self, share, number):
        self._note(number, progress=share)

    def cancel(self):
        """Stop the work under way; the picture so far stays."""
        if self.worker.cancel():
            self._note(progress=None, error="Stopped. Move any knob to go on.")

    def _try(self, action, number=None):
        try:
            action()
        except Exception as error:
            self._fail(error, number)

    # ---- what goes out

    def _fail(self, error, number=None):
        """An error in words, on the panel; the picture so far stays."""
        self.error = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
        self._note(number, progress=None, error=self.error)

    def _note(self, number=None, **words):
        if self.live:
            self.picture.note(number, state=self.state, **words)
        elif words.get("error"):
            self._core_text()

    def _show(self, result, number=None, began=None):
        """Draw the result and send it to whoever is looking."""
        with ONE_AT_A_TIME:
            self._draw_and_send(result, number, began)

    def _draw_and_send(self, result, number, began):
        self.result, self.error = result, None
        self.frame = self.stage.frame(result)
        self.controls.limit(self.explorer.limits(self.stage.scene))
        self.extras.show(self.stage.scene, result)
        share = getattr(result, "share", 1.0)
        if self.live:
            width = self._size[0]
            self.picture.show(self.frame, number, css=[width, self.explorer.height(width)], state=self.state, error="",
                              words=self.explorer.words(result), table=table_html(self.explorer.table(result)),
                              progress=None if share == 1 else share, **self.stage.where(),
                              marks=self.explorer.marks(self.stage.scene),
                              kernel_ms=(time.perf_counter() - began) * 1000 if began else 0)
        else:
            self._core_text()
            if self.image.layout.display is None:
                self.image.value = png(self.frame)
                self.image.layout.width = f"{self._size[0]}px"

    def _core_text(self):
        """Words and table for the panel of core widgets."""
        said = "" if self.result is None else said_html(self.words, self.explorer.table(self.result))
        self.text.value = error_html(self.error) + said

    def _show_core(self, wanted):
        """Show the core image and text, or take them away when the live picture has come."""
        for part in (self.image, self.text):
            part.layout.display = None if wanted else "none"
        if wanted and self.result is not None:
            self._show(self.result)

    @property
    def words(self):
        """The verdict in words."""
        return self.explorer.words(self.result)

    def still(self):
        """Picture, words and table as HTML that needs no kernel and no widget."""
        with ONE_AT_A_TIME:
            return still_html(self.explorer.title, png(self.frame), self._size[0], self.words,
                              self.explorer.table(self.result))

    def _leave_still_soon(self):
        """Keep the saved notebook's still picture up to date, once the learner pauses."""
        loop = running_loop()
        if self._still is not None:
            self._still.cancel()
        if loop is not None and self._handle is not None:
            self._still = loop.call_later(STILL_S, lambda: self._handle.update(HTML(self.still())))

    def _ipython_display_(self):
        display(self.widget)
        self._handle = display(HTML(self.still()), display_id=True)
        loop = running_loop()
        if loop is not None and self.picture is not None and not self.live:
            loop.call_later(PATIENCE_S, lambda: self.live or self._show_core(True))

    def __repr__(self):
        return f"Panel({self.state!r})"
