"""The places of a picture that answer the pointer, as data: where each is, and which sliders it moves.

A place only names knobs that are sliders of the explorer, so that whatever the pointer does the keys do too. What the
browser is told of a place is in shares of the picture; scales other than linear travel as a table of values.
"""
from dataclasses import dataclass

import numpy as np

NODES = 201                     # values told along an axis that is not linear


def along(axis):
    """The values at equal distances from the low end of a Matplotlib axis to its high end: two where it is linear."""
    low, high = axis.get_view_interval()
    if axis.get_scale() == "linear":
        return [float(low), float(high)]
    scale = axis.get_transform()
    ends = scale.transform(np.array([low, high]))
    return scale.inverted().transform(np.linspace(*ends, NODES)).tolist()


def _sized(axes):
    return {"across": along(axes.xaxis), "up": along(axes.yaxis)}


@dataclass(frozen=True)
class Drag:
    """A drag moves two sliders to the pointer's x and y."""
    axes: object
    knobs: tuple

    def told(self):
        return {"kind": "drag", "knobs": list(self.knobs), **_sized(self.axes)}


@dataclass(frozen=True)
class Box:
    """A dragged box sets three sliders: its middle across, its middle up, half its longer side."""
    axes: object
    knobs: tuple

    def told(self):
        return {"kind": "box", "knobs": list(self.knobs), **_sized(self.axes)}


@dataclass(frozen=True)
class Slide:
    """A drag across moves one slider to the pointer's x."""
    axes: object
    knob: str

    def told(self):
        return {"kind": "slide", "knobs": [self.knob], **_sized(self.axes)}


@dataclass(frozen=True)
class Turn:
    """A drag turns: across and up, each pixel moves its slider by `each`."""
    axes: object
    knobs: tuple
    each: tuple = (0.5, 0.5)

    def told(self):
        return {"kind": "turn", "knobs": list(self.knobs), "each": list(self.each), **_sized(self.axes)}


@dataclass(frozen=True)
class Pick:
    """A click in a spot sets a slider; where spots overlap, the one whose middle is nearest.

    spots: ((value, x0, y0, x1, y1), ...), boxes in the data coordinates of the axes.
    """
    axes: object
    knob: str
    spots: tuple

    def told(self):
        across, up = self.axes.transAxes.inverted(), self.axes.transData
        boxes = [[value, *across.transform(up.transform((x0, y0))).tolist(),
                  *across.transform(up.transform((x1, y1))).tolist()] for value, x0, y0, x1, y1 in self.spots]
        return {"kind": "pick", "knobs": [self.knob], "spots": boxes, **_sized(self.axes)}


@dataclass(frozen=True)
class SpotsOf:
    """The same for a thing that moves: its `spots`, as of a Pick, are where they are in the frame of now."""
    axes: object
    knob: str
    thing: object

    def told(self):
        return Pick(self.axes, self.knob, self.thing.spots).told()


@dataclass(frozen=True)
class Pull:
    """A drag of a mark moves two sliders by as much as the pointer is from where the mark belongs.

    mark: has `place` (2,), where it is now, and `home` (2,), where it is when both sliders are at 0; data coordinates.
    """
    axes: object
    knobs: tuple
    mark: object

    def told(self):
        spots = () if self.mark.place is None else spots_at(self.axes, *self.mark.place[:, None])
        home = [0.0, 0.0] if self.mark.home is None else self.mark.home.tolist()
        return {**Pick(self.axes, "", spots).told(), "kind": "pull", "knobs": list(self.knobs), "home": home}


@dataclass(frozen=True)
class Lift:
    """A drag of a mark up or down moves one slider by `each` a pixel, from where it is.

    mark: () -> (x0, y0, x1, y1), the box in which it is taken, data coordinates; None where there is none now.
    """
    axes: object
    knob: str
    mark: object
    each: float

    def told(self):
        box = self.mark()
        spots = () if box is None else ((1, *box),)
        return {**Pick(self.axes, self.knob, spots).told(), "kind": "lift", "each": self.each}


@dataclass(frozen=True)
class Glance:
    """Pointing at a path without a press shows another value of a slider for as long, which itself stays.

    path: has `points`, ((value, x, y), ...) in data coordinates, and what the picture shows now: the `value` of the
    slider, and `words` of it to stand beside the pointer.
    """
    axes: object
    knob: str
    path: object

    def told(self):
        across, points = self.axes.transAxes.inverted(), np.array(self.path.points).reshape(-1, 3)
        shares = across.transform(self.axes.transData.transform(points[:, 1:])).round(4)
        return {"kind": "glance", "knobs": [self.knob], "value": self.path.value, "words": self.path.words,
                "points": [[int(value), *share] for value, share in zip(points[:, 0], shares.tolist(), strict=True)],
                **_sized(self.axes)}


def spots_at(axes, x, y, reach=14):
    """Square spots around points, `reach` CSS pixels each way, of values 1, 2, 3, ...: for a Pick."""
    pixels = axes.transData.transform(np.column_stack([x, y]))
    far = reach * axes.get_figure(root=True).dpi / 100
    low, high = (axes.transData.inverted().transform(pixels + side * far) for side in (-1, 1))
    return tuple((k, *map(float, low[k - 1]), *map(float, high[k - 1])) for k in range(1, len(pixels) + 1))
