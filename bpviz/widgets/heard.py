"""Widgets of ours that a browser speaks to: they hear it from its first word on."""
import anywidget


class Heard(anywidget.AnyWidget):
    """A browser knows a widget as soon as it is made, and may speak, in another thread, before its maker has gone on.

    hears: called with (widget, message, buffers), as by `on_msg`; it must not need what its maker makes later.
    """

    def __init__(self, hears=None, **traits):
        if hears is not None:
            self.on_msg(hears)
        super().__init__(**traits)
