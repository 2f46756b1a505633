"""How many lines a verdict takes in its place above the picture, in the widest of the letters that browsers use for it."""
from functools import lru_cache

from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font

LETTERS, LINES = 14, 4                      # picture.css: CSS pixels, and what the place has room for
WAIT, GAP, RIM = 13 * 13, 10, 4             # beside the verdict stands what is waited for: 13em of JupyterLab's 13 pixels


@lru_cache
def font(weight):
    """DejaVu Sans, which Chromium takes on Linux; Arial and Segoe UI run a tenth shorter."""
    face = FT2Font(findfont(FontProperties(family="DejaVu Sans", weight=weight)))
    face.set_size(LETTERS, 72)
    return face


@lru_cache(maxsize=4096)
def advance(letter, weight):
    return font(weight).load_char(ord(letter)).linearHoriAdvance / 65536


def width(word, weight):
    return sum(advance(letter, weight) for letter in word)


def lines(verdict, page):
    """How many lines it takes on a page that is so wide, CSS pixels: its first sentence in bold, as the page has it."""
    room, at, count = page - WAIT - GAP - RIM, 0.0, 1
    first = verdict.split(". ")[0]
    begun = 0
    for word in verdict.split(" "):
        weight = "bold" if begun < len(first) else "normal"
        begun += len(word) + 1
        wide = width(word, weight)
        if at and at + advance(" ", weight) + wide > room:
            at, count = 0.0, count + 1
        at += wide + (advance(" ", weight) if at else 0.0)
    return count
