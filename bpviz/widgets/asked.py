"""The widget that asks: a choice, a number or a drawn curve; and what it is told once the answer is kept.

form    what the browser needs to ask, and nothing of the outcome: {"id", "kind", "question", "sureness", ...}
told    what it shows afterwards, {} before: {"right", "verdict", "line", "words", "notes", ...}
Heights of a curve travel as shares of the plot, 0 at its floor, 1 at its top.
"""
import html
import re
from pathlib import Path

import numpy as np
import traitlets
from IPython.display import HTML, display

from bpviz.coursework.kinds.quantities import Choice, Curve
from bpviz.coursework.learner import answers
from bpviz.coursework.prediction import SURENESS
from bpviz.widgets.heard import Heard
from bpviz.widgets.scripts import script
from bpviz.widgets.words import LOOKS, error_html, image_html, sentence
from bpviz.words.catalogue import say

HERE = Path(__file__).parent
RIGHT, WRONG = "✓", "✗"
WIDTH, HEIGHT = 560, 310                # of drawn curves in a still
STILL_LOOKS = (HERE / "asked_still.css").read_text(encoding="utf-8")


class Asked(Heard):
    """form, told: see the first lines of this file. Messages come as {"kind": "hello" | "commit" | "drawn", ...}."""
    _esm = script("asked")
    _css = HERE / "predict.css"
    form = traitlets.Dict().tag(sync=True)
    told = traitlets.Dict().tag(sync=True)

    def refuse(self, words):
        """Unlock the form again, with a sentence."""
        self.send({"kind": "refused", "words": words})


def refused(error):
    """Say to a learner in a sentence what a call was refused for; where a program runs the notebook, raise it."""
    if not answers.attended():
        raise error
    display(HTML(f"<style>{LOOKS}</style>{error_html(sentence(error))}"))


def form(id, question, asks, **more):
    """What the browser needs to ask.  asks: a Choice, Number or Curve."""
    both = {"id": id, "question": question, "sureness": list(SURENESS), **more}
    if isinstance(asks, Choice):
        return {**both, "kind": "choice", "options": list(asks.texts)}
    if isinstance(asks, Curve):
        return {**both, "kind": "curve", "columns": asks.n, "x": [f"{x:.3g}" for x in asks.grid],
                "limits": list(asks.y), "labels": [asks.across, asks.up],
                "ticks": {"x": ticks(*asks.x), "y": ticks(*asks.y)}}
    return {**both, "kind": "number", "unit": asks.unit, "wants": asks.wants}


def meant(asks, message):
    """(answer, sure) of a commit, as the question reads it. ValueError for anything that is no answer."""
    answer, sure = message.get("answer"), message.get("sure")
    if isinstance(asks, Curve):
        answer = asks.read(drawn(asks, answer))
    elif not isinstance(asks, Choice):
        answer = asks.read(answer)
    elif type(answer) is int and 0 <= answer < len(asks.texts):
        answer = asks.texts[answer]
    else:
        raise ValueError("Choose one of the answers.")
    if type(sure) is not int or not 0 <= sure < len(SURENESS):
        raise ValueError("Say how sure you are, too.")
    return answer, sure


def ticks(low, high):
    """[[where, label], ...] of round numbers from low to high; where: 0 at low, 1 at high."""
    power = 10 ** np.floor(np.log10((high - low) / 4))
    step = power * next(k for k in (1, 2, 5, 10) if (high - low) / (k * power) <= 7)
    marks = np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1) * step + 0.0
    return [[float((mark - low) / (high - low)), f"{mark:.6g}".replace("-", "−")] for mark in marks]


def is_share(value):
    return type(value) in (int, float) and 0 <= value <= 1


def drawn(asks, shares):
    """Heights (n,) in shares of the plot as points ((x, height), ...), left to right; what is no share is left out."""
    if not isinstance(shares, list) or len(shares) != asks.n:
        return ()
    low, high = asks.y
    return tuple((float(x), low + share * (high - low)) for x, share in zip(asks.grid, shares, strict=True)
                 if is_share(share))


def shares(asks, heights):
    """Heights as shares of the plot; None where a height is no number."""
    low, high = asks.y
    found = (np.asarray(heights, float) - low) / (high - low)
    return [float(f"{share:.5g}") if np.isfinite(share) else None for share in found]


def verdict(outcome):
    """Right or not, in a mark and a sentence; nothing where nobody answered."""
    return "" if outcome.verdict is None else f"{RIGHT if outcome.right else WRONG} {outcome.said}"


def told(outcome, notes):
    """What the browser shows of an Outcome with an answer.  notes: sentences that stand below."""
    asks = outcome.prediction.asks
    said = {"right": outcome.right, "verdict": verdict(outcome), "line": outcome.both, "words": outcome.words,
            "notes": list(notes)}
    if isinstance(asks, Choice):
        said["options"] = marked(outcome)
    if isinstance(asks, Curve):
        said |= {"yours": shares(asks, outcome.answer), "curve": shares(asks, outcome.truth),
                 "spoken": say("page", "two_curves", both=outcome.both, words=outcome.words)}
    return said


def marked(outcome):
    """A choice's options with their marks: [{"text", "mark", "note", "yours", "true"}, ...]."""
    found = []
    for text in outcome.prediction.asks.texts:
        yours, true = text == outcome.answer, text == outcome.truth
        note = say("page", "choice", yours=yours, happens=true) if yours or true else ""
        mark = RIGHT if true else WRONG if yours else ""
        found.append({"text": text, "mark": mark, "note": note, "yours": yours, "true": true})
    return found


# ---- without a widget

def worded(text):
    """Text with `code`, **bold** and empty lines between paragraphs, as HTML."""
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))
    text = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", text)
    return "".join(f"<p>{paragraph}</p>" for paragraph in re.split(r"\n\s*\n", text))


def drawn_html(curve, words, truth=None, yours=None):
    """Curves as an image with its meaning in words.  truth: heights (n,), yours: points (n, 2), each may be None.

    Matplotlib comes here and not before: a question alone needs none of it.
    """
    from bpviz.plots.predictions import draw_prediction
    from bpviz.plots.still import still as drawn_once
    found = drawn_once(WIDTH, HEIGHT, (66, 34, WIDTH - 16, HEIGHT - 52),
                   lambda axes: draw_prediction(axes, curve, truth, yours), words)
    return image_html(words, found.png, found.width)


def still(prediction, outcome=None, notes=(), after=""):
    """{MIME type: text} of a prediction, which needs no kernel and no widget.

    outcome: None before the answer: nothing of it is here then.  after: HTML that stands below, the panel's still.
    """
    asks, question, options = prediction.asks, prediction.question, []
    if isinstance(asks, Choice):
        options = [(f"– {text}", "") for text in asks.texts] if outcome is None else [
            (f"{one['mark'] or '–'} {one['text']}", one["note"] and f"({one['note']})") for one in marked(outcome)]
    said = (notes or [say("page", "not_answered")] if outcome is None else
            [line for line in (verdict(outcome), outcome.both, outcome.words, *notes) if line])
    rows = "".join(f"<li>{worded(text)} <em>{note}</em></li>" for text, note in options)
    curves = ""
    if outcome is not None and isinstance(asks, Curve):
        yours = None if outcome.answer is None else list(zip(asks.grid, outcome.answer, strict=True))
        curves = drawn_html(asks, f"{outcome.both} {outcome.words}".strip(), outcome.truth, yours)
    return {"text/html": f'<style>{STILL_LOOKS}</style><div class="bpviz-asked-static">{worded(question)}'
                         f"{f'<ul>{rows}</ul>' if rows else ''}{curves}{''.join(map(worded, said))}</div>{after}",
            "text/plain": "\n".join([question, *(f"{text} {note}".rstrip() for text, note in options), *said])}
