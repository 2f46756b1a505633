"""How numbers are spread in every layer, as curves over one another."""
import numpy as np

from bpviz.plots.escape import look


def draw_layer_histograms(axes, layers, reach, bins=60):
    """One curve for each of `layers`, arrays of numbers, the share of them per bin between -reach and reach."""
    edges = np.linspace(-reach, reach, bins + 1)
    middle = (edges[:-1] + edges[1:]) / 2
    for k, numbers in enumerate(layers):
        colour, dash, _ = look(k)
        share = np.histogram(np.clip(numbers, -reach, reach), edges)[0] / numbers.size
        axes.plot(middle, share / share.max(), color=colour, linestyle=dash, linewidth=1.8, label=f"layer {k + 1}")
    axes.set(xlim=(-reach, reach), ylim=(0, 1.06), yticks=[])
    axes.grid(False)
