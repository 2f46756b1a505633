"""The film of a path: the pictures of its steps one after the other, as a GIF or as a page that plays itself."""
import html
import io
import json
from base64 import b64encode
from pathlib import Path
from string import Template

import numpy as np
from PIL import Image

from bpviz.base.work import finished
from bpviz.plots.blit import Blit
from bpviz.plots.style import style
from bpviz.words.catalogue import say

MOST, COLOURS = 40, 128                       # frames of a film at most; colours of each
FRAME_MS, LAST_MS = 90, 1800

PAGE = Path(__file__).with_name("film.html")


def places(knob, end):
    """Where a film's frames stand on the slider that is played, at most MOST, the first and the `end` among them."""
    low, high = knob.low, max(min(end or knob.high, knob.high), knob.low)
    along = np.geomspace(low, high, MOST) if knob.log and low > 0 else np.linspace(low, high, MOST)
    along = np.round(along) if knob.whole else along
    return [knob.check(float(np.clip(one, low, high))) for one in np.unique(along)]


def film(explorer, scene, values, memory, width, ghost=None):
    """(places, frames) of the path: numbers, and a palette Image each, `width` CSS pixels wide.

    memory: of what `compute` has found of this scene.  ghost: a pinned result, drawn with them.
    """
    knob = explorer.knob(explorer.plays)

    def result(place):
        return finished(explorer.compute(scene, {**values, knob.name: place}, memory))
    last = result(values[knob.name])
    high = explorer.limits(scene).get(knob.name)
    stops = places(knob, min(filter(None, (explorer.until(last), high)), default=None))
    with style():
        figure, drawing = explorer.picture(scene, width)
        blit, pictures = Blit(figure, drawing.moving), []
    for place in stops:
        drawn = result(place)
        with style():
            drawing.update(drawn, ghost)
            pictures.append(Image.fromarray(blit.still()).convert("RGB"))
    palette = pictures[-1].quantize(COLOURS, dither=Image.Dither.NONE)
    return stops, [one.quantize(COLOURS, palette=palette, dither=Image.Dither.NONE) for one in pictures]


def gif(pictures):
    """A GIF that plays for ever, as bytes."""
    out = io.BytesIO()
    pictures[0].save(out, "gif", save_all=True, append_images=pictures[1:], loop=0, optimize=False,
                     duration=[FRAME_MS] * (len(pictures) - 1) + [LAST_MS])
    return out.getvalue()


def page(explorer, stops, pictures, words):
    """A page that needs nothing else and plays itself, unless its reader wants no motion: then its button does."""
    frames = []
    for one in pictures:
        out = io.BytesIO()
        one.save(out, "png", optimize=True)
        frames.append(b64encode(out.getvalue()).decode())
    knob = explorer.knob(explorer.plays)
    told = [f"{knob.label} {stop:,}" for stop in stops]
    buttons = [say("page", "play"), say("page", "pause")]
    return Template(PAGE.read_text(encoding="utf-8")).substitute(
        title=html.escape(explorer.title), width=pictures[0].width, words=html.escape(words, quote=True),
        last=len(frames) - 1, knob=html.escape(knob.label, quote=True), frames=json.dumps(frames),
        places=json.dumps(told), buttons=json.dumps(buttons), last_ms=LAST_MS, frame_ms=FRAME_MS).encode("utf-8")
