"""Where an explorer is computed and drawn: scene, drawing, frames. No widget here.

A scene is kept for each choice of the menus, a drawing for the last choice and size; so a moved
slider costs one `compute`, one `update` and one blitted frame.
"""
from bpviz.plots.blit import Blit
from bpviz.plots.style import figure, style

WIDE = 720                  # CSS pixels from which pictures stand side by side
SCENES_KEPT = 8


class Stage:
    """Turns knob values of one explorer into results and pixels."""

    def __init__(self, explorer):
        self.explorer = explorer
        self._scenes, self._drawn_for = {}, None
        self._drawing = self._blit = self.scene = None

    def work(self, values, width, ratio):
        """Yields ("share", 0..1) while the scene is made, then ("result", result), each better than the last,
        and ("wait", None) where a result takes longer.

        At the end ("rest", None) again and again: what follows is for idle moments.
        """
        key = tuple(values[menu.name] for menu in self.explorer.menus)
        if key not in self._scenes:
            making = self.explorer.scene(values)
            try:
                while True:
                    yield "share", next(making)
            except StopIteration as end:
                while len(self._scenes) >= SCENES_KEPT:
                    self._scenes.pop(next(iter(self._scenes)))
                self._scenes[key] = end.value
        self.scene = scene = self._scenes[key]
        if self._drawn_for != (key, width, ratio):
            self._drawing, self._blit = self._draw(width, ratio)
            self._drawn_for = (key, width, ratio)
            self._ahead = self._drawing.ahead()
            yield "share", 1.0
        for result in self.explorer.compute(scene, values):
            yield ("wait", None) if result is None else ("result", result)
        yield "rest", None
        for _ in self._ahead:
            yield "rest", None

    def _draw(self, width, ratio):
        with style():
            canvas = figure(width, self.explorer.height(width), ratio)
            drawing = self.explorer.draw(canvas, self.scene, width >= WIDE)
            return drawing, Blit(canvas, drawing.moving)

    def once(self, result, width):
        """The pixels of a result in another width, drawn for this once."""
        drawing, blit = self._draw(width, 1.0)
        drawing.update(result)
        return blit.frame()

    def frame(self, result):
        """The pixels of a result: uint8 (height, width, 4), valid until the next frame."""
        self._drawing.update(result)
        return self._blit.frame()

    def where(self):
        """Where the axes are in which the learner drags, and their limits; empty if there are none."""
        axes = self._drawing.handle
        if axes is None:
            return {}
        return {"inside": self._blit.inside(axes), "limits": [*axes.get_xlim(), *axes.get_ylim()]}
