"""What the buttons under a picture do, and a panel's methods of the same names."""
from pathlib import Path

from bpviz.base.arguments import refuse
from bpviz.widgets import export
from bpviz.widgets.home import ask
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

    def save(self, file):
        """Write the picture (.png, .svg) or the numbers (.csv) into a file; returns its Path.

        Raises ValueError for another ending, OSError where the file cannot be written.
        """
        kind = Path(file).suffix[1:].lower()
        if kind not in export.KINDS:
            ends = ", ".join(f".{one}" for one in export.KINDS)
            refuse("file", str(file), f"allowed is a name that ends with {ends}")
        Path(file).write_bytes(ask(lambda: self._file(kind)))
        return Path(file)

    def _file(self, kind):
        scene = self.projector.scene if self.widget is not None and self._result is not None else None
        result = self._result
        if scene is None:
            scene, result = self.explorer.finish(self.values)
        return export.exported(kind, self.explorer, scene, result, self._size[0])

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
        elif kind in ("undo", "redo"):
            self._try(getattr(self, kind))
        elif kind == "save" and message.get("what") in export.KINDS:
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
