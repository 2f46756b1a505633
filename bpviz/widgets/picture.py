"""The kernel's side of a picture: which pixels changed, and how to send them.

A frame is cut into strips of TILE x TILE pixel tiles that differ from the last frame sent; only
those travel. On a quick link they go as raw pixels, which costs no time to pack; where answers
take long on the wire (a distant server), as one PNG.
"""
import io
from collections import deque

import numpy as np
import traitlets
from ipywidgets import Widget, widget_serialization
from PIL import Image

from bpviz.widgets.heard import Heard
from bpviz.widgets.scripts import script

TILE = 16
SENT_ONCE = ("lights", "products")   # long, and mostly as they were: sent again only if they are others
SLOW_MS, QUICK_MS = 150, 60          # time on the wire above which PNG is used, and below which raw is again


def changed_strips(old, new):
    """The rectangles [x, y, w, h] that cover every pixel where two frames (H, W, 4) differ, in whole tiles."""
    height, width = new.shape[:2]
    if old is None or old.shape != new.shape:
        return [[0, 0, width, height]]
    differs = (old.view(np.uint32) != new.view(np.uint32))[:, :, 0]
    rows = np.array([differs[y:y + TILE].any(axis=0) for y in range(0, height, TILE)])
    tiles = np.logical_or.reduceat(rows, np.arange(0, width, TILE), axis=1)
    strips = []
    for j, row in enumerate(tiles):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(np.int8), [0]])))
        for first, after in edges.reshape(-1, 2):
            x, y = int(first) * TILE, j * TILE
            strips.append([x, y, min(int(after) * TILE, width) - x, min(TILE, height - y)])
    return strips


def pack_raw(frame, strips):
    """The strips' pixels one after the other, RGBA, as bytes."""
    return b"".join(frame[y:y + h, x:x + w].tobytes() for x, y, w, h in strips)


def png(frame):
    """A frame (H, W, 4) as PNG bytes, packed fast rather than small."""
    out = io.BytesIO()
    Image.fromarray(frame).convert("RGB").save(out, "png", compress_level=1)
    return out.getvalue()


class Picture(Heard):
    """A canvas that shows frames, watches sliders in the browser and reports pointer and keys.

    sliders, numbers: {knob name: widget}, the slider and the number box that holds its value.
    knobs: {knob name: {"log": bool, "low", "high": float, "digits", "sets": see Slider}}.
    handle: the two knobs that dragging moves, or ().
    box: the three knobs that a dragged box sets (middle across, middle up, half its longer side), or ().
    plays: the knob that the buttons Back, Step and Play move, or "".  play: what the last of them is called.
    label: what the picture is of, for screen readers.
    room: {"least": w, "grain": g, "widths": [...], "heights": [...]}, how wide and how high pictures are on pages of
        width w, w + g, w + 2 g, ..., CSS pixels.
    heard: (picture, message, buffers), called with what the browser says, from the moment it can.
    first: [{"png": bytes, "css": ..., "words": ..., ...}], frames of different widths that are there as soon as the
        picture is, before any message; the browser shows the one that fits best.
    """
    _esm = script("picture")
    sliders = traitlets.Dict(value_trait=traitlets.Instance(Widget)).tag(sync=True, **widget_serialization)
    numbers = traitlets.Dict(value_trait=traitlets.Instance(Widget)).tag(sync=True, **widget_serialization)
    knobs = traitlets.Dict().tag(sync=True)
    handle = traitlets.List(traitlets.Unicode()).tag(sync=True)
    box = traitlets.List(traitlets.Unicode()).tag(sync=True)
    plays = traitlets.Unicode().tag(sync=True)
    play = traitlets.Unicode("Play").tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    room = traitlets.Dict().tag(sync=True)
    first = traitlets.List().tag(sync=True)

    def __init__(self, heard=None, **kwargs):
        self.frames = 0
        self.encoding = "raw"
        self.bytes_sent = 0
        self._last, self._told = None, {}
        self._wire = deque(maxlen=5)
        super().__init__(heard, **kwargs)           # which opens it: from here on it is heard, in whatever thread

    def forget(self):
        """The browser has lost its copy (a new page): the next frame is sent whole."""
        self._last, self._told = None, {}

    def took(self, wire_ms):
        """The browser's report of how long an answer was on the wire, in ms; chooses the encoding."""
        if not isinstance(wire_ms, int | float) or wire_ms <= 0:
            return
        self._wire.append(wire_ms)
        if len(self._wire) == self._wire.maxlen:
            middle = float(np.median(self._wire))
            if middle > SLOW_MS:
                self.encoding = "png"
            elif middle < QUICK_MS:
                self.encoding = "raw"

    def show(self, frame, number=None, **words):
        """Send what changed since the last frame (H, W, 4), with words; `number` is the request it answers."""
        words = {name: value for name, value in words.items() if name not in SENT_ONCE or self._told.get(name) != value}
        self._told.update({name: words[name] for name in SENT_ONCE if name in words})
        strips = changed_strips(self._last, frame)
        encoding = self.encoding
        if encoding == "png" and strips:
            x0, y0 = min(s[0] for s in strips), min(s[1] for s in strips)
            x1, y1 = max(s[0] + s[2] for s in strips), max(s[1] + s[3] for s in strips)
            strips = [[x0, y0, x1 - x0, y1 - y0]]
            data = png(np.ascontiguousarray(frame[y0:y1, x0:x1]))
        else:
            data = pack_raw(frame, strips)
        self._last = frame.copy()
        self.frames += 1
        self.bytes_sent += len(data)
        self.send({"kind": "frame", "n": number, "frame": self.frames, "size": [frame.shape[1], frame.shape[0]],
                   "encoding": encoding, "tiles": strips, **words}, buffers=[data])

    def put(self, knobs):
        """Move sliders and numbers in the browser: {knob name: value}."""
        self.send({"kind": "put", "knobs": knobs})

    def note(self, number=None, **words):
        """Send words without pixels: progress, or an error."""
        self.send({"kind": "note", "n": number, **words})


def release(widget):
    """Close a widget and every other one that it is made of: children, layouts, styles."""
    found, todo = {}, [widget]
    while todo:
        thing = todo.pop()
        if isinstance(thing, Widget) and id(thing) not in found:
            found[id(thing)] = thing
            todo += [getattr(thing, name) for name in thing.keys]
        elif isinstance(thing, list | tuple):
            todo += thing
        elif isinstance(thing, dict):
            todo += thing.values()
    for thing in found.values():
        thing.unobserve_all()
        thing.close()
