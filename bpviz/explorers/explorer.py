"""What an explorer is: plain data, no widget in sight.

An explorer asks a question, names its knobs, and says how to compute and how to draw. The panel
(widgets/panel.py) turns any explorer into sliders and pictures; the tests turn every knob of
every explorer to its corners without a browser.

scene   what depends on menus only (a network, its surface): made rarely, may take a while
result  what depends on the other knobs too (a path, a verdict): made at every frame
"""
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter, methodcaller

from bpviz.base.arguments import Table, refuse, shown
from bpviz.base.work import Memory, Part, finished, value_of
from bpviz.explorers.knobs import OWN as OWN
from bpviz.explorers.knobs import Menu, Slider
from bpviz.explorers.small import Small as Small
from bpviz.plots.layout import Layout


@dataclass(frozen=True)
class Explorer:
    """One question with everything needed to answer it, in callables: pure ones, the same values give the same answer.
    A scene is frozen; what `compute` would find again it keeps in the memory that it is handed (base/work.py).

    scene: (values) -> Parts, the last one's result is the scene.  Of the menus it reads those with `scene` only.
    compute: (scene, values, memory) -> Parts; each result is better than the last, the last one is the answer.
    draw: (axes, scene) -> Drawing.  axes: by the names of the layout's tiles.
    words: (result) -> the verdict, a sentence.  table: (result) -> (caption, header, rows of str). Else its own.
    layout: where the axes stand on wide pages and on narrow ones, and how high that is (plots/layout.py).
    handle: names of the two knobs that dragging in the picture moves.
    main: names of the two knobs that stand above the picture on narrow pages too; at first those of the handle.
    box: names of three knobs that a box dragged in the picture sets: its middle, and half its longer side.
    limits: (scene) -> {slider: its highest value here, None to hide it}, where the reach depends on the menus.
    idle: (values) -> names of the sliders that do nothing with these choices of the menus.
    plays: name of the slider that the buttons Back, Step and Play move, or "".  play: what to call Play.
    until: (result) -> where Play ends, if before the end of the slider; else None.
    marks: (scene) -> [(label, value)], places of that slider to jump to.
    products: (result) -> what its gradients are made of, as lists (symbolic/products.py), where its drawing has lights.
    fold: (scene, result) -> HTML with formulas in dollars, shown below, or None.
    actions: ((label, tip, (scene, result) -> HTML or {knob: value}), ...), buttons that answer, or go there.
    compare: (scene, pinned result, result) -> a sentence, where a result can be pinned; its drawing has ghosts.
    ended: (result) -> whether the work for what can be pinned is done.
    suits: (values) -> {slider: value} that the choices of the menus ask for together; what is given goes before it.
    joined: (optimizer) -> the same with this one of the learner's own in its menu of optimizers; None: it has none.
    takes: {argument: what is said of it in the help}, things of the learner's own that it can be made of.
    with_own: (explorer, {argument: thing}) -> the explorer of these; ValueError for what it cannot show.
    given: the arguments with which this one was made by it.
    small: how tests make its work small.
    """
    name: str
    title: str
    question: str
    knobs: tuple
    scene: Callable
    compute: Callable
    draw: Callable
    layout: Layout
    words: Callable = attrgetter("words")
    table: Callable = methodcaller("table")
    handle: tuple = ()
    main: tuple = ()
    box: tuple = ()
    limits: Callable = staticmethod(lambda scene: {})
    idle: Callable = staticmethod(lambda values: ())
    plays: str = ""
    play: str = "Play"
    until: Callable = staticmethod(lambda result: None)
    marks: Callable = staticmethod(lambda scene: [])
    products: Callable | None = None
    fold: Callable | None = None
    actions: tuple = ()
    compare: Callable | None = None
    ended: Callable = staticmethod(lambda result: True)
    suits: Callable = staticmethod(lambda values: {})
    joined: Callable | None = None
    takes: dict = field(default_factory=dict)
    with_own: Callable | None = None
    given: tuple = ()
    small: Small = Small()

    def knob(self, name):
        return Table("knob", {knob.name: knob for knob in self.knobs})[name]

    @property
    def leading(self):
        """The names of the knobs that are shown on every page."""
        return self.main or self.handle

    @property
    def menus(self):
        return tuple(knob for knob in self.knobs if isinstance(knob, Menu))

    @property
    def optimizers(self):
        """The name of its menu of optimizers, or ""."""
        return next((menu.name for menu in self.menus if menu.own), "")

    def setting(self, values):
        """The choices on which the scene depends: what a kept scene is kept under."""
        return tuple(values[menu.name] for menu in self.menus if menu.scene)

    @property
    def sliders(self):
        return tuple(knob for knob in self.knobs if isinstance(knob, Slider))

    def values(self, **given):
        """All knob values: the defaults, then what the menus' choices set, then what is given. Checked."""
        for name in given:
            self.knob(name)
        values = {knob.name: knob.value for knob in self.knobs}
        for menu in self.menus:
            values[menu.name] = menu.check(given.get(menu.name, values[menu.name]))
            values.update(menu.also(values[menu.name]))
        values.update(self.suits(values))
        values.update(given)
        return {knob.name: knob.check(values[knob.name]) for knob in self.knobs}

    def also(self, name, value, values):
        """What a move of this knob from `values` sets besides itself: {knob: value}."""
        also = self.knob(name).also(value)
        if isinstance(self.knob(name), Menu) and value != values[name]:
            before, after = self.suits(values), self.suits({**values, **also, name: value})
            also = {**also, **{knob: asked for knob, asked in after.items()
                              if before.get(knob) != asked or knob in also}}
        return also

    def state(self, values):
        """The values as a short string, from which `read` rebuilds them exactly."""
        words = [f"{name}={value}" if isinstance(value, str) else f"{name}={value!r}".removesuffix(".0")
                 for name, value in values.items()]
        return "; ".join([self.name, *words])

    def read(self, state):
        """The values of a state string; ValueError says what is wrong with it."""
        if not isinstance(state, str):
            refuse("state", state, f"allowed is a string such as {self.state(self.values())!r}")
        name, *words = [word.strip() for word in state.split(";")]
        if name != self.name:
            raise ValueError(f"state: got {shown(name)} first; allowed is a state that begins with {self.name!r}")
        given = {}
        for word in filter(None, words):
            knob, equals, text = word.partition("=")
            if not equals:
                refuse("state", word, "allowed is name=value")
            given[knob.strip()] = self.knob(knob.strip()).read(text.strip())
        return self.values(**given)

    def picture(self, scene, width, ratio=1.0):
        """A new figure of the scene, `width` CSS pixels wide: (figure, its Drawing).  ratio: device pixels to each."""
        return value_of(self.picture_pieces(scene, width, ratio))

    def picture_pieces(self, scene, width, ratio=1.0):
        """The same as a generator of pieces of work, for `in_style`; returns (figure, its Drawing)."""
        page = self.layout.page(width, ratio)
        yield
        drawing = self.draw(page.axes, scene)
        yield
        page.legends()
        return page.figure, drawing

    def finish(self, values):
        """Scene and last result in one go: (scene, result). For tests and for pictures without a panel."""
        scene = finished(self.scene(values))
        return scene, finished(self.compute(scene, values, Memory()))


def each(parts, make):
    """The same Parts, with make(result) wherever there is a result."""
    for part in parts:
        yield Part(part.share, None if part.result is None else make(part.result))
