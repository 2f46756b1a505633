"""How results show themselves: a picture, words and a table, the same in a terminal and in a notebook.

A result says its `words` and its `table()`: (caption, header, rows), every cell a str; and, if it has one, the name of
its picture in bpviz/picture.py. From these come the text that `print` shows and the HTML that a notebook shows.
"""
import html
import numbers
from importlib import import_module

from bpviz.base.refusals import refuse
from bpviz.base.written import as_written

SHORT = 20                     # letters: a cell of so many stays on one line


def table_html(table):
    """(caption, header, rows) as an HTML table, its numbers as a person writes them."""
    caption, header, rows = table

    def line(cells, tag):
        named = [(as_written(cell), tag if cell else "td") for cell in cells]       # a header without a word is none
        inner = "".join(f"<{kind}{_whole(cell, kind)}>{html.escape(cell)}</{kind}>" for cell, kind in named)
        return f"<tr>{inner}</tr>"

    return (f"<table><caption>{html.escape(as_written(caption))}</caption><thead>{line(header, 'th')}</thead>"
            f"<tbody>{''.join(line(row, 'td') for row in rows)}</tbody></table>")


def _whole(cell, tag):
    """A number is not broken at its sign, however narrow the page."""
    return ' style="white-space:nowrap"' if tag == "td" and len(cell) <= SHORT else ""


def table_text(table):
    """(caption, header, rows) as lines of text, every column as wide as its widest cell, the first to the left.

    >>> print(table_text(("Two weights", ("weight", "value"), [("w1", "0.5"), ("w2", "-12")])))
    Two weights
    weight  value
    w1        0.5
    w2        -12
    """
    caption, header, rows = table
    wide = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = ["  ".join(cell.ljust(w) if k == 0 else cell.rjust(w) for k, (cell, w) in
                       enumerate(zip(line, wide, strict=True))).rstrip() for line in (header, *rows)]
    return "\n".join([caption, *lines])


def place_in(results, k, allowed):
    """The place, from 0, that the number k means in a list of results; IndexError beyond its ends."""
    if isinstance(k, bool) or not isinstance(k, numbers.Integral):
        refuse("index", k, allowed)
    return range(len(results))[k]


class ShowsItself:
    """What has `words` and `table()` shows itself; `most_rows` rows at most, the rest is counted."""

    most_rows = 24

    def __repr__(self):
        return "\n".join(part for part in (self.words, table_text(self._shown())) if part)

    def _repr_html_(self):
        words = f"<p>{html.escape(self.words)}</p>" if self.words else ""
        return words + table_html(self._shown())

    def _shown(self):
        caption, header, rows = self.table()
        if len(rows) > self.most_rows:
            caption += f" (the first {self.most_rows} of {len(rows):,} rows)"
        return caption, header, rows[:self.most_rows]


class Drawn(ShowsItself):
    """What shows itself and has a picture too. drawn: its name in bpviz/picture.py, "" if this one cannot be drawn."""

    def plot(self, axes=None):
        """Its picture.  axes: matplotlib axes to draw it on, which are returned; None: a Still of its own."""
        if not self.drawn:
            raise ValueError(f"plot: got a {type(self).__name__} that has no picture; allowed is print, for its table")
        # Pictures are many floors up: they are looked for when one is wanted, and matplotlib is loaded only then.
        return getattr(import_module("bpviz.picture"), self.drawn)(self, axes=axes)

    def _repr_html_(self):
        return (self.plot().image if self.drawn else "") + super()._repr_html_()
