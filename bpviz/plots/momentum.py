"""Momentum: the plane of rate and momentum with the four behaviours of a damped oscillator, and valleys to run in."""
import numpy as np
from matplotlib.transforms import ScaledTranslation

from bpviz.plots.ghosts import DASHED
from bpviz.plots.label import label
from bpviz.plots.landscape import EDGE, START
from bpviz.plots.motion import Ghost, Shaped, Stroke, Words
from bpviz.plots.style import BLUE, GREEN, INK, PAPER, VERMILION, WARM, pixels

HIGH = 4.1                    # rate * curvature at the right end of the plane
LOWEST, HIGHEST = 1e-5, 30      # of the axis of losses, in shares of the first
HEAVY = {"color": VERMILION, "linewidth": 1.8, "marker": "o", "markersize": 4, "solid_joinstyle": "round"}
PLAIN = {"color": BLUE, "linewidth": 1.5, "linestyle": (0, (4, 1.5)), "marker": "D", "markersize": 4,
         "markerfacecolor": PAPER, "markeredgewidth": 1.2}
FILLS = {"creeps": ("#dcebf6", BLUE, ".."), "swings": ("#fff7e3", None, None), "zigzags": ("#d5efe4", GREEN, "////"),
         "leaves": ("#ececec", "#9a9a9a", "xx")}
NAMES = {"creeps": ((0.7, 0.21), (0.7, 0.36), (0.11, 0.28)), "swings": ((1.7, 0.84), (1.7, 0.7), None),
         "zigzags": ((3.2, 0.1), (3.2, 0.24), (2.06, 0.1)), "leaves": ((3.55, 0.42), (3.55, 0.6), None)}


def heading(axes, name, colour=INK, left=0):
    """Binding: the title of a view, words of the result.  left: where it begins, points from the left edge."""
    above = axes.transAxes + ScaledTranslation(left / 72, 7 / 72, axes.get_figure(root=True).dpi_scale_trans)
    return Words(label(axes, 0, 1, transform=above, va="bottom", fontsize=11 if pixels(axes)[0] > 220 else 9.5,
                       fontweight="bold", color=colour), name)


def draw_plane(axes, edges, steep):
    """The behaviours over rate (across) and momentum (up).

    edges: (momenta, h at which swinging begins, ends, and the descent leaves), (n,) each.  steep: the curvature that
    makes a rate of an h.
    """
    m, begin, end, limit = edges
    top = np.full_like(m, HIGH)
    for name, left, right in (("creeps", 0 * m, begin), ("swings", begin, np.minimum(end, top)),
                              ("zigzags", end, limit), ("leaves", np.minimum(limit, top), top)):
        face, ink, hatch = FILLS[name]
        axes.fill_betweenx(m, left / steep, right / steep, facecolor=face, edgecolor=ink or face, hatch=hatch,
                           linewidth=0, zorder=0)
    for h, dash in ((begin, "-"), (end, "-"), (limit, (0, (4, 2)))):
        axes.plot(h / steep, m, color=INK, linewidth=1.8, linestyle=dash, zorder=1)
    axes.set(xlim=(0, HIGH / steep), ylim=(-0.04, 1), xlabel="rate × λ", ylabel="momentum",
             xticks=[h / steep for h in range(5)], xticklabels=[str(h) for h in range(5)])
    axes.grid(False)


def bars(axes, steep):
    """Bindings: where the two directions stand in the plane, with momentum and without; and the fastest place."""
    plain = {**PLAIN, "markersize": 8, "linewidth": 2.2, "clip_on": False}
    heavy = {**HEAVY, "markersize": 10, "linewidth": 3.2, "markeredgecolor": INK, "clip_on": False}
    best = {"linestyle": "", "marker": "*", "markersize": 15, "markerfacecolor": PAPER, "markeredgecolor": INK,
            "markeredgewidth": 1.3, "clip_on": False}
    regions = RegionNames(axes, steep)
    return (Stroke(axes, "fastest.1", "fastest.0", best), Stroke(axes, "ground", "ends", plain),
            Stroke(axes, "height", "ends", heavy), Shaped(regions, ("momentum",)),
            Shaped(EndNames(axes, regions), ("ends", "momentum", "fastest")))


def pinned_run(plane, loss):
    """Bindings of a pinned heavy ball: its bar in the plane, and its losses."""
    ends = {**DASHED, "marker": "o", "markersize": 8, "markerfacecolor": PAPER, "markeredgewidth": 1.6}
    return Ghost(Stroke(plane, "height", "ends", ends)), Ghost(Stroke(loss, "shares.heavy", look=DASHED))


class RegionNames:
    """The names of the four behaviours, each in the first of two places that the bar leaves free; `update(momentum)`.

    Where the region is narrow a line leads to it.
    """

    def __init__(self, axes, steep):
        self.axes, self.steep = axes, steep
        self.names = {name: label(axes, 0, 0, name, ha="center", fontsize=10.5, path_effects=EDGE) for name in NAMES}
        self.leads = {name: axes.plot([], [], color=INK, linewidth=0.9)[0] for name in NAMES}
        self.artists = (*self.leads.values(), *self.names.values())

    def update(self, momentum):
        up = 1.04 / pixels(self.axes)[1]                                     # momentum to a pixel
        for name, (first, second, inside) in NAMES.items():
            h, at = second if -14 * up < first[1] - momentum < 30 * up else first
            self.names[name].set_position((h / self.steep, at))
            if inside is not None:
                side = -30 if h > inside[0] and name == "zigzags" else -26
                across = HIGH / pixels(self.axes)[0]
                self.leads[name].set_data([inside[0] / self.steep, (h + side * across) / self.steep], [inside[1], at])


class EndNames:
    """Names at the ends of the bar, where there is room between them, and of the fastest place, off the `regions`'."""

    def __init__(self, axes, regions):
        self.axes, self.regions = axes, regions
        self.artists = tuple(label(axes, 0, 0, words, fontsize=10, color=colour, ha="center")
                             for words, colour in (("flat", WARM), ("steep", WARM), ("fastest", INK)))

    def update(self, ends, momentum, fastest):
        wide, high = pixels(self.axes)
        each = self.axes.get_xlim()[1] / wide                              # rate to a pixel
        up = momentum + 16 * 1.04 / high if momentum < 0.9 else momentum - 16 * 1.04 / high
        flat, steep, star = self.artists
        roomy = (ends[1] - ends[0]) / each > 60
        flat.set_position((max(ends[0], 18 * each), up))
        steep.set_position((min(ends[1], self.axes.get_xlim()[1] - 20 * each), up))
        flat.set_visible(roomy)
        steep.set_visible(roomy)
        x, y = max(fastest[0] - 26 * each, 26 * each), max(fastest[1] + 20 / high, 0.15)
        near = [ends[0] - 50 * each < x < ends[1] + 50 * each and abs(y - at) < 18 / high for at in (up, momentum)]
        near += [abs(x - a) < 56 * each and abs(y - b) < 18 / high
                 for a, b in (name.get_position() for name in self.regions.names.values())]
        star.set_position((x, y))
        star.set_visible(not any(near))


class Ellipses:
    """Lines of equal loss of a quadratic, each 2.6 times as high as the one inside; `update(curvatures)`."""

    def __init__(self, axes):
        self.lines = [axes.plot([], [], color=INK, linewidth=0.7, alpha=0.55)[0] for _ in range(10)]
        self.middle = axes.plot(0, 0, "+", color=INK, markersize=9, markeredgewidth=1.4)[0]
        self.artists = (*self.lines, self.middle)
        self.angle = np.linspace(0, 2 * np.pi, 121)

    def update(self, curvatures):
        flat, steep = curvatures
        for k, line in enumerate(self.lines):
            reach = 0.8 * 1.6 ** k
            line.set_data(reach * np.cos(self.angle), reach * (flat / steep) ** 0.5 * np.sin(self.angle))


def run_over(axes, name, look):
    """Bindings of a run in the valley: halo, line with its steps, start."""
    both = {"y": f"{name}.walk.1", "x": f"{name}.walk.0"}
    return (Stroke(axes, **both, look={"color": PAPER, "linewidth": 3.4}), Stroke(axes, **both, look=look),
            Stroke(axes, **both, look=START, part="first"))


class DownLine:
    """The line at which a run is down, or that of the minimum where a run came below it; `update((share, name))`."""

    def __init__(self, axes):
        self.line = axes.axhline(1, color=INK, linewidth=1.1, linestyle=(0, (1, 1.5)))
        self.name = label(axes, 1, 1, ha="right", va="bottom", fontsize=10, fontweight="bold",
                          transform=axes.get_yaxis_transform())
        self.artists = (self.line, self.name)

    def update(self, level):
        share, name = level
        seen = LOWEST < share < HIGHEST                      # else it is outside
        self.line.set_ydata([share if seen else 1, share if seen else 1])
        self.line.set_visible(seen)
        self.name.set(text=name, y=share if seen else 1, visible=bool(seen and name))


def loss_curves(axes, steps):
    """Bindings: the losses of both runs above the floor, as shares of the first, and where they are down."""
    axes.set_yscale("log")
    axes.set(xlim=(0, steps), ylim=(LOWEST, HIGHEST), xlabel="step", yticks=[1, 1e-3], yticklabels=["first", "1/1000"])
    axes.minorticks_off()
    bare = [{name: value for name, value in look.items() if not name.startswith("marker")} for look in (PLAIN, HEAVY)]
    marks = [{**look, "linestyle": "", "markersize": 9, "markeredgecolor": edge}
             for look, edge in ((PLAIN, BLUE), (HEAVY, INK))]
    runs = [*zip(("plain", "heavy"), bare, marks, strict=True)]
    return (heading(axes, "heads.loss", left=-30), Shaped(DownLine(axes), ("level",)),
            *(Stroke(axes, f"shares.{name}", look=look) for name, look, _ in runs),
            *(Stroke(axes, f"met.{name}.1", f"met.{name}.0", look) for name, _, look in runs))
