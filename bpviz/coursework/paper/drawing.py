"""A small network drawn for paper: circles, arrows, and the weight on each arrow, as SVG."""
from bpviz.coursework.paper.task import written

RADIUS, WIDE, HIGH = 19, 150, 78


def network(sizes, weights, inputs=(), biases=()):
    """The SVG of a network.  sizes: (2, 2, 1).  weights: one table [from][to] a layer, of numbers or letters.

    inputs: what stands in the input circles.  biases: for each layer of units, below its circles; None for none.
    """
    tall = HIGH * max(sizes) + 16
    place = {(k, j): (30 + WIDE * k, tall * (j + 0.5) / size) for k, size in enumerate(sizes) for j in range(size)}
    parts = []
    for k, table in enumerate(weights):
        for i, row in enumerate(table):
            for j, weight in enumerate(row):
                (x, y), (x2, y2) = place[k, i], place[k + 1, j]
                parts.append(f'<line x1="{x + RADIUS}" y1="{y:.0f}" x2="{x2 - RADIUS - 7}" y2="{y2:.0f}" '
                             'marker-end="url(#tip)"/>')
                share = 0.5 if len(row) == 1 else 0.3                    # near where it starts, where arrows are apart
                lx, ly = x + RADIUS + share * (x2 - x - 2 * RADIUS), y + share * (y2 - y)
                text = weight if isinstance(weight, str) else written(weight)
                half = 4.2 * len(text) + 2
                parts.append(f'<rect x="{lx - half:.0f}" y="{ly - 9:.0f}" width="{2 * half:.0f}" height="18" '
                             'class="gap"/>'
                             f'<text x="{lx:.0f}" y="{ly + 5:.0f}">{text}</text>')
    for (k, j), (x, y) in place.items():
        inside = (written(inputs[j]) if inputs else f"x{_low(j + 1)}" if sizes[0] > 1 else "x") if k == 0 else "f"
        parts.append(f'<circle cx="{x}" cy="{y:.0f}" r="{RADIUS}"/><text x="{x}" y="{y + 5:.0f}">{inside}</text>')
        if k and biases and biases[k - 1] is not None:
            parts.append(f'<text x="{x}" y="{y + RADIUS + 17:.0f}" class="low">b = {written(biases[k - 1][j])}</text>')
    return (f'<svg class="net" viewBox="0 0 {60 + WIDE * (len(sizes) - 1)} {tall}" '
            f'width="{60 + WIDE * (len(sizes) - 1)}" role="img" aria-label="the network"><defs><marker id="tip" '
            'markerWidth="8" markerHeight="8" refX="1" refY="3" orient="auto"><path d="M0,0 L7,3 L0,6 z"/></marker>'
            "</defs>"
            f"{''.join(parts)}</svg>")


def _low(k):
    return "₀₁₂₃₄₅₆₇₈₉"[k]
