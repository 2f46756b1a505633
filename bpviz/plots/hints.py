"""Words in a picture that invite to do something with it: one can in a panel, and not in a file or on paper."""
import re
from contextlib import contextmanager

from matplotlib.text import Text

HINT = re.compile(r": drag (?:it|the \w+)| \(drag\)")


@contextmanager
def without_hints(figure):
    """The figure as long as its words invite to nothing. Gives whether any did."""
    before = [(text, text.get_text()) for text in figure.findobj(Text) if HINT.search(text.get_text())]
    for text, words in before:
        text.set_text(HINT.sub("", words))
    try:
        yield bool(before)
    finally:
        for text, words in before:
            text.set_text(words)
