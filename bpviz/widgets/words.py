"""Verdicts and tables as HTML: beside the live picture, and in the notebook that was saved without a kernel."""
import html
import re
from base64 import b64encode
from pathlib import Path

from bpviz.base.result import table_html, table_text
from bpviz.base.written import as_written
from bpviz.words.catalogue import say

HERE = Path(__file__).parent
TABLE_LOOKS, *_LOOKS = ((HERE / name).read_text(encoding="utf-8") for name in ("table.css", "picture.css", "still.css"))
LOOKS, STILL_LOOKS = (looks + TABLE_LOOKS for looks in _LOOKS)


def scrolled_html(table):
    """A table that can be moved sideways, with the arrow keys too, on a page that is too narrow for it."""
    name = html.escape(table[0])
    return f'<div class="bpviz-table" tabindex="0" role="region" aria-label="{name}">{table_html(table)}</div>'


def said_html(words, table):
    """The verdict and the table of the panel of core widgets."""
    return (f'<div class="bpviz-words" role="status" aria-live="polite">{html.escape(words)}</div>'
            f"{scrolled_html(table)}")


def error_html(sentence):
    """An error in words, or nothing for an empty sentence."""
    return f'<div class="bpviz-error" role="alert">{html.escape(sentence)}</div>' if sentence else ""


def sentence(error):
    """An error as one sentence."""
    said = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
    return said if said.endswith((".", "!", "?")) else f"{said}."


def on_screen(error, knobs):
    """An error in words for a panel: of a knob that is refused it tells the label that is seen, not the argument."""
    said = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
    name, colon, rest = said.partition(": got ")
    told = f"{({knob.name: knob.label for knob in knobs}).get(name, name)}{colon}{rest}"
    quoted = re.split(r"('[^']*')", told)                                  # what was typed stays as it was
    return "".join(part if k % 2 else as_written(part) for k, part in enumerate(quoted))


def headed(title):
    """A title as the first sentence of what follows."""
    return title if title.endswith(("?", "!", ".")) else f"{title}."


def title_html(title, question):
    """The head of a panel, with the looks of all of it."""
    return (f'<style>{LOOKS}</style><div class="bpviz-title"><h3>{html.escape(title)}</h3>'
            f"<p>{html.escape(question)}</p></div>")


def image_html(alt, png, width):
    """PNG bytes as an image `width` CSS pixels wide."""
    return (f'<img alt="{html.escape(alt, quote=True)}" src="data:image/png;base64,{b64encode(png).decode()}" '
            f'style="max-width:100%;width:{width}px">')


def still_html(title, png, width, words, table):
    """A picture (PNG bytes, `width` CSS pixels) with its words and table, which needs no kernel and no widget."""
    return (f'<style>{STILL_LOOKS}</style><figure class="bpviz-static" style="margin:0">'
            f'<p class="bpviz-again" style="display:none">{say("page", "again")}</p>'
            f"{image_html(f'{headed(title)} {words}', png, width)}"
            f"<figcaption>{html.escape(words, quote=True)}</figcaption>{scrolled_html(table)}</figure>")


def still_text(title, words, table):
    """The same for a reader of text only."""
    return f"{headed(title)} {words}\n\n{table_text(table)}"
