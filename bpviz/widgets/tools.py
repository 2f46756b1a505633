"""What the buttons under a picture do, and a panel's methods of the same names."""
from pathlib import Path

from bpviz.base.arguments import choice, refuse
from bpviz.base.work import Memory, finished
from bpviz.widgets import export
from bpviz.widgets.home import ask
from bpviz.widgets.live import SIZES, room
from bpviz.words.catalogue import say


class Tools:
    """Undo and redo, reset, a state to be read, a stop, files. Its panel: see Bench."""

    @property
    def code(self):
        """The line of code that opens this panel as it is now."""
        return export.code(self.explorer, self.values)

    def undo(self):
        """Take the last move of the knobs back; nothing if there is none. Returns the panel."""
        ask(lambda: self._go(self.history.undo(self.values)))
        return self

    def redo(self):
        """Make the move again that was taken back last; nothing if there is none. Returns the panel."""
        ask(lambda: self._go(self.history.redo(self.values)))
        return self

    def pin(self):
        """Keep what is there now as a grey ghost, to compare what comes with it; returns the panel.

        Raises ValueError in a panel that cannot, and before the work for what is there has ended.
        """
        if self.explorer.compare is None:
            refuse("pin", self.explorer.name, "allowed is a panel of descents over two weights")
        ask(self._pin)
        return self

    def unpin(self):
        """Take the ghost away; nothing if there is none. Returns the panel."""
        ask(self._unpin)
        return self

    def resize(self, size):
        """Show the panel for a reader ("normal") or for a hall ("lecture": larger letters and lines); returns it."""
        choice("size", size, tuple(SIZES))
        ask(lambda: self._sized(size))
        return self

    def _sized(self, size):
        self.size = size
        if self.widget is not None:
            self._as_large()
            if self.picture is not None:
                self.picture.room = room(self.explorer, size)
                self.picture.forget()
            self._request()

    def _as_large(self):
        (self.widget.add_class if self.size == "lecture" else self.widget.remove_class)("bpviz-lecture")

    def _pin(self):
        if self.widget is None:
            self._open()
        if self._result is None or not self.explorer.ended(self._result):
            raise ValueError(say("pins", "unready"))
        self.projector.pin(self.values, self._result)
        self._show()

    def _unpin(self):
        if self.widget is not None and self.projector.pinned:
            self.projector.pin(None, None)
            self._show()

    @property
    def compared(self):
        """What is pinned beside what is there now, a sentence; "" where nothing is pinned."""
        if self.projector is None or not self.projector.pinned:
            return ""
        if self.projector.ghost is None:
            return say("pins", "hidden")
        if not self.explorer.ended(self.result):
            return say("pins", "under_way")
        return self.explorer.compare(self.projector.scene, self.projector.ghost, self.result)

    def _pins(self):
        """For the page: whether anything is pinned, and what is said of it; None in a panel that pins nothing."""
        if self.explorer.compare is None:
            return None
        return {"there": self.projector.pinned, "words": self.compared}

    def save(self, file):
        """Write the picture (.png, .svg), the numbers (.csv) or the film of a path (.gif, .html) into a file.

        Returns its Path; a film is of a panel that plays, from the first step to the last.

        Raises ValueError for another ending, OSError where the file cannot be written.
        """
        kind = Path(file).suffix[1:].lower()
        if kind not in export.kinds(self.explorer):
            ends = ", ".join(f".{one}" for one in export.kinds(self.explorer))
            refuse("file", str(file), f"allowed is a name that ends with {ends}")
        Path(file).write_bytes(ask(lambda: self._file(kind)))
        return Path(file)

    def _file(self, kind):
        there = self.widget is not None and self._result is not None
        scene, result, ghost = (self.projector.scene, self._result, self.projector.ghost) if there else 3 * (None,)
        if kind in export.FILMS:
            scene = finished(self.explorer.scene(self.values)) if scene is None else scene
            memory = Memory()                # its own: that of the panel may be at work
            return export.filmed(kind, self.explorer, scene, self.values, memory, self._drawn()[0], ghost)
        if scene is None:
            scene, result = self.explorer.finish(self.values)
        return export.exported(kind, self.explorer, scene, result, self._drawn()[0], ghost)

    def _go(self, values):
        if values is not None:
            self._put(values)

    def _do(self, kind, message):
        """What a button of the page asks for."""
        if kind == "state":
            self._try(lambda: self._read(message.get("text")))
        elif kind == "reset":
            self._reset()
        elif kind == "cancel":
            self._cancel()
        elif kind in ("undo", "redo", "pin", "unpin"):
            self._try(getattr(self, kind))
        elif kind == "large":
            self._sized("normal" if self.size == "lecture" else "lecture")
        elif kind == "save" and message.get("what") in export.kinds(self.explorer):
            self._try(lambda: self._send(message["what"]))

    def _send(self, kind):
        self.picture.send({"kind": "file", "name": f"{self.explorer.name}.{kind}", "type": export.KINDS[kind]},
                          buffers=[self._file(kind)])

    def _read(self, text):
        self.set(**self.explorer.read(text))

    def _reset(self):
        self._try(lambda: self.set(**self.asked))

    def _cancel(self):
        if self.widget is not None and self.worker.cancel():
            self._note(progress=None, error=say("page", "stopped"))
