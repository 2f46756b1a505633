"""Where numbers stand along lines so that none lies on another: each at its first place if it can, else near it."""
import numpy as np

from bpviz.plots.canvas import Sheet

GAP = 1.5                        # CSS pixels between two numbers


def apart(axes, labels, lines, first, shares, taken):
    """The share of its line, from tail to tip, at which each label stands.

    labels: texts, their middles on the lines.  lines: (tail, tip) each.  first: the share that each would have.
    shares: those that it may have instead.  taken: boxes in pixels, (left, low, right, high), on which none may lie.
    A place that no other line runs through is better than one nearer to the first.
    """
    sheet, gap = Sheet(1, 1, axes.figure.dpi), GAP * axes.figure.dpi / 100
    half = np.array([(box.width, box.height) for box in (covered(label, sheet) for label in labels)]) / 2 + gap / 2
    tail, tip = axes.transData.transform(np.reshape(lines, (-1, 2))).reshape(-1, 2, 2).swapaxes(0, 1)
    share = np.array([[one, *shares] for one in first])
    middle = tail[:, None] + share[..., None] * (tip - tail)[:, None]                               # (label, place, 2)
    low, high = np.reshape(taken, (-1, 2, 2)).swapaxes(0, 1)
    far = np.abs(middle[:, :, None] - (low + high) / 2) - (half[:, None, None] + (high - low) / 2)
    free = ~(far < 0).all(axis=-1).any(axis=-1)
    worth = 10 * (_through(middle, half, tail, tip).sum(axis=-1) - 1) + np.abs(share - share[:, :1])
    chosen, left = np.zeros(len(labels), int), list(range(len(labels)))
    while left:                                                            # whoever has the fewest places goes first
        own = min(left, key=lambda one: (free[one].sum() == 0, free[one].sum(), one))
        left.remove(own)
        chosen[own] = np.where(free[own] | ~free[own].any(), worth[own], np.inf).argmin()
        near = np.abs(middle - middle[own, chosen[own]]) - (half + half[own])[:, None]
        free &= ~(near < 0).all(axis=-1)
    return share[np.arange(len(labels)), chosen]


def covered(label, sheet):
    """What a text with paper behind it covers, a box in pixels."""
    label.update_bbox_position_size(sheet)
    return label.get_bbox_patch().get_window_extent(sheet)


def _through(middle, half, tail, tip):
    """Whether each line runs through the box around each place: (label, place, line)."""
    way = np.where(np.abs(tip - tail) < 1e-9, 1e-9, tip - tail)
    ends = (middle[:, :, None] - tail + half[:, None, None] * np.array([-1, 1])[:, None, None, None, None]) / way
    enters, leaves = ends.min(axis=0).max(axis=-1), ends.max(axis=0).min(axis=-1)
    return np.maximum(enters, 0) < np.minimum(leaves, 1)
