"""Where an explorer is computed and drawn: scene, drawing, frames. No widget here.

A scene is kept for each choice of the menus it depends on, with a memory of what was computed for it, and a drawing for
the last scene and size; so a moved slider, or another menu, costs one `compute`, one `update` and one blitted frame.
"""
from bpviz.base.work import Memory, Part, value_of, within
from bpviz.plots.blit import Blit
from bpviz.plots.label import Label
from bpviz.plots.places import Box, Drag
from bpviz.plots.style import in_style, style

SCENES_KEPT, RESULTS_KEPT = 8, 24         # RESULTS_KEPT: things that `compute` remembers of one scene


class Projector:
    """Turns knob values of one explorer into results and pixels."""

    def __init__(self, explorer):
        self.explorer = explorer
        self._scenes, self._memories, self._drawn_for = Memory(SCENES_KEPT), Memory(SCENES_KEPT), None
        self._drawing = self._blit = self._framed = self.scene = None
        self._ahead = iter(())
        self._pin = None

    def pin(self, values, result):
        """Keep a result as a ghost behind those to come; values: the knobs' for it.  None, None: no more."""
        self._pin = None if result is None else (self.explorer.setting(values), result)

    @property
    def pinned(self):
        """Whether anything is pinned."""
        return self._pin is not None

    @property
    def ghost(self):
        """The pinned result, where it belongs to the scene that is drawn; else None."""
        return self._pin[1] if self._pin and self._drawn_for and self._pin[0] == self._drawn_for[0] else None

    def work(self, values, width, ratio):
        """Parts: shares while the scene is made (0 to 1), then those of the explorer's `compute` (0 to 1 again)."""
        key = self.explorer.setting(values)
        scene = yield from within(self._scenes.resume(key, lambda: self.explorer.scene(values)))
        fresh = self._drawn_for != (key, width, ratio)
        if fresh:
            drawn = yield from _between(1.0, self._drawn(scene, width, ratio))
            self._drawing, self._blit = drawn
            self._drawn_for, self._ahead = (key, width, ratio), self._drawing.ahead()
        self.scene = scene
        for part in self.explorer.compute(scene, values, self.memory(values)):
            if fresh and part.result is not None:                # the first one moves all there is, later ones little
                yield from _between(part.share, self._moved(part.result))
                fresh = False
            yield part

    def memory(self, values):
        """What was found of the scene of these values."""
        return self._memories.get(self.explorer.setting(values), lambda: Memory(RESULTS_KEPT))

    def ahead(self):
        """What is left to do in idle moments for the drawing of now, so that later frames are quicker: a generator."""
        return self._ahead

    def _drawn(self, scene, width, ratio):
        """A new drawing and its Blit: a generator of pieces, which returns them."""
        canvas, drawing = yield from self.explorer.picture_pieces(scene, width, ratio)
        yield
        return drawing, (yield from Blit.pieces(canvas, drawing.moving))

    def once(self, result, width, ratio=1.0):
        """The pixels of a result in another width, drawn for this once."""
        return self._frame(*value_of(in_style(self._drawn(self.scene, width, ratio))), result)

    def _moved(self, result):
        """All that `frame` would do first for this result, but for the copying: a generator of pieces."""
        yield from self._drawing.pieces(result, self.ghost)
        for artist in self._drawing.moving:
            if isinstance(artist, Label) and artist.get_visible() and artist.get_text():
                artist.prepare(artist.get_text())
                yield

    def frame(self, result):
        """The pixels of a result: uint8 (height, width, 4), valid until the next frame."""
        self._framed = self._blit
        return self._frame(self._drawing, self._blit, result)

    def still(self):
        """The pixels of the last frame without the words that invite to move something."""
        return self._framed.still()

    def _frame(self, drawing, blit, result):
        with style():
            drawing.update(result, self.ghost)
            return blit.frame()

    def where(self, result):
        """The places that answer the pointer, the explorer's own first, where the pulse runs, where the quantities
        stand, what drawing they are about, and what the gradients of this result are made of, for the browser."""
        explorer, drawing = self.explorer, self._drawing
        own = () if drawing.handle is None else (Drag(drawing.handle, explorer.handle) if explorer.handle else
                                                 Box(drawing.handle, explorer.box),)
        return {"places": [{**place.told(), "inside": self._blit.inside(place.axes)}
                           for place in (*own, *drawing.places)],
                "pulse": [] if drawing.pulse is None else drawing.pulse.told(),
                "lights": [spot for light in drawing.lights for spot in light.told()],
                "about": self._blit.inside(drawing.lights[0].axes) if drawing.lights else None,
                "products": explorer.products(result) if explorer.products else None}


def _between(share, pieces):
    """Pieces of drawing as Parts of a work that is so far; returns what they return."""
    pieces = in_style(pieces)
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value
        yield Part(share)
