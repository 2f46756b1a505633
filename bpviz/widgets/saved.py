"""What a saved notebook keeps of a panel: a still picture with its words and table, which needs no kernel."""
from IPython.display import display

from bpviz.widgets.home import running_loop

STILL_S = 1.0                          # after the last change


def show_widget(widget):
    """Put a widget on the page, without a text of its own: where there are no widgets, its still is all there is."""
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    display({"application/vnd.jupyter.widget-view+json": view, "text/html": ""}, raw=True)


class Saved:
    """still: () -> the still picture as {MIME type: text}. One display, updated wherever it stands."""

    def __init__(self, still):
        self.still, self.handle, self._timer = still, None, None

    def display(self):
        """Show it in the output of the running cell."""
        if self.handle is None:
            self.handle = display(self.still(), raw=True, display_id=True)
        else:
            self.handle.display(self.still(), raw=True)

    def now(self):
        """Bring it up to date."""
        self.stop()
        if self.handle is not None:
            self.handle.update(self.still(), raw=True)

    def soon(self):
        """Bring it up to date once the learner pauses."""
        self.stop()
        loop = running_loop()
        if loop is not None and self.handle is not None:
            self._timer = loop.call_later(STILL_S, self.now)

    def stop(self):
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
