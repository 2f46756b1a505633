"""What a panel hears: its knobs in the kernel, and its picture in the browser.

A picture may speak as soon as it is open, in whatever thread messages are heard; all of it is done in the main one
(home.py). Some kernels hand the messages of one picture now to this thread, now to that one: an older one may come
after a newer one, or not at all. So its messages are numbered, an older place of the knobs is passed over, and
whatever is heard of a picture says that it is there, not its hello alone.
"""
from threading import Lock

from bpviz.explorers.explorer import Menu
from bpviz.widgets import cells
from bpviz.widgets.home import post
from bpviz.widgets.live import last_size, within
from bpviz.widgets.tools import Tools

ordering = Lock()               # for a blink: two threads may hear the same picture


def older(message, other):
    """Whether a page said this message before that other one; False for another page's, or where none was heard."""
    return other is not None and message.get("page") == other.get("page") and message.get("k", 0) < other.get("k", 0)


class Hearing(Tools):
    """What comes in. Its panel: see Bench."""

    def _moved(self, knob, value):
        """A knob's value changed in the kernel's copy; numbers are left to the live picture where there is one."""
        if self.widget is None or value == self.values[knob.name]:
            return
        if isinstance(knob, Menu) or not self.live:
            self._try(lambda: self._choose(knob.name, value), refused={knob.name: value})
        elif value == self._refused.get(knob.name):             # the answer was given already, to the picture
            self.controls.put({knob.name: self.values[knob.name]})

    def _choose(self, name, value):
        """A move of one knob: it may set others along with it."""
        self.set(**{name: value, **self.explorer.also(name, value, self.values)})

    def _browser_says(self, picture, message, buffers):
        """In whatever thread messages are heard: note what must not wait for the running cell, leave the rest."""
        cells.somebody_looks()
        self.patience.end()
        kind = message.get("kind")
        with ordering:
            if not older(message, self._newest.get(kind)):
                self._newest[kind] = message
                if kind == "size":
                    last_size[:] = within(message.get("width"), message.get("ratio"))
        post(lambda: self._arrived(picture, message))

    def _arrived(self, picture, message):
        """At home. A panel that was closed, and perhaps made anew since, has another picture or none."""
        if self.widget is not None and picture is self.picture:
            self._try(lambda: self._hear(message), message.get("n"))

    def _hear(self, message):
        kind, number = message.get("kind"), message.get("n")
        place = kind in ("want", "size")
        if kind == "hello" or (place and not self.live):                # or else its hello was lost, or is late
            self._lives(told=kind == "want")
        if place and self._newest[kind] is not message:                 # a newer one came, or will come from the loop
            return self._note(number)
        if kind == "hello" and "size" in self._newest:       # heard before: no frame may have gone to the page
            self._request()
        elif kind == "want":
            self.picture.took(message.get("wire"))
            knobs, again = message.get("knobs", {}), bool(message.get("again"))
            self._try(lambda: self._want(knobs, number, message.get("glance", {}), again), number, knobs)
        elif kind == "size":
            self._try(lambda: self._resize(*within(message.get("width"), message.get("ratio"))))
        elif kind != "hello":
            self._do(kind, message)

    def _lives(self, told):
        """The live picture is there.  told: whether it says itself where its knobs are."""
        self.live = True
        self.picture.layout.display = None           # it may have been given up, and come late all the same
        self.picture.forget()
        self.picture.first = []
        if not told:
            self.picture.put({knob.name: self.values[knob.name] for knob in self.explorer.sliders})
        self.controls.by_itself = False
        self._use_core(False)

    def _want(self, knobs, number, glance, again):
        """again: nothing came for long, so a message may have been lost: it is told at least how far the work is."""
        sliders = {knob.name: knob for knob in self.explorer.sliders}
        wanted, seen = ({name: sliders[name].check(value) for name, value in asked.items() if name in sliders}
                        for asked in (knobs, glance))
        values = {**self.values, **wanted}
        if again and values == self.values and self.worker.busy:
            return self._note(number, progress=self.worker.told)
        if again:
            self.picture.forget()
        self.history.moved(self.values, values)
        self._request(values, number, seen=seen)

    def _resize(self, width, ratio):
        self._size = (width, ratio)
        self.picture.forget()
        self._request()
