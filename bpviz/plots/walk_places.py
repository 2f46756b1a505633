"""Puts the numbers of a walk's Diagram where there is room for them: by their units, and on their arrows."""
import numpy as np

from bpviz.plots.walk_room import LINE, free_share, shared_out

BETWEEN, MARGINS = 6, 6        # two numbers on one line; what Label.wide has beside the ink. CSS pixels


def beside(diagram, y, side, n):
    """How high the n-th number above (side -1) or below (1) a unit at y stands."""
    return y + side * (diagram.radius + diagram.first + diagram.step * n)


def stack(diagram, shown, now):
    """Put what is shown by the units above and below them; what fits nowhere is taken out of `shown`.

    shown: {kind: number}.  now: the kind that is being found.
    """
    top, floor = diagram.ends
    for layer, stacks in zip(diagram.spots, diagram.stacks, strict=True):
        units = [tuple([kind for kind in kinds if kind in shown] for kinds in unit) for unit in stacks]
        edges = [top - diagram.radius, *(y for _, y in layer), floor + diagram.radius]
        fits = [int((low - up - 2 * diagram.radius) // diagram.step)
                for up, low in zip(edges, edges[1:], strict=False)]
        rows = shared_out(units, fits, diagram.apart, now)
        placed = {kind for unit in rows for side in unit for row in side for kind in row}
        for kind in {kind for unit in units for kinds in unit for kind in kinds} - placed:
            diagram.texts[kind].set_visible(False)
            del shown[kind]
        for (x, y), sides in zip(layer, rows, strict=True):
            for side, lines in zip((-1, 1), sides, strict=True):
                for n, row in enumerate(lines):
                    _line(diagram, row, x, beside(diagram, y, side, n))


def _line(diagram, row, x, y):
    """One or two numbers side by side around x."""
    wide = np.array([diagram.texts[kind].wide() + BETWEEN for kind in row])
    for kind, middle in zip(row, np.cumsum(wide) - (wide + wide.sum()) / 2, strict=True):
        diagram.texts[kind].set(x=x + middle, y=y)


def clear(diagram, shown):
    """Move the numbers on arrows along them, to where nothing else stands."""
    texts, line = diagram.texts, diagram.line
    taken = [(*text.get_position(), text.wide() - MARGINS, LINE) for kind, text in texts.items()
             if kind in shown and kind not in diagram.papers]
    for edge, first in diagram.along.items():
        pair = [kind for kind in (("w", edge), ("d", ("w", *edge))) if kind in shown]
        if not pair:
            continue
        arrow, size = diagram.arrows[edge], (max(texts[kind].wide() for kind in pair) - MARGINS, line + LINE)
        x, y = arrow.tail + free_share(arrow.tail, arrow.tip, first, size, taken) * (arrow.tip - arrow.tail)
        taken.append((x, y, *size))
        for kind in pair:
            texts[kind].set(x=x, y=y + (0.5 if kind[0] == "d" else -0.5) * line)
