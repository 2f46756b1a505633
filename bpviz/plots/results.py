"""What results look like: the losses of many descents, the gradient layer by layer, the critical points of a window."""
import numpy as np
from matplotlib.ticker import NullFormatter

from bpviz.plots.landscape import draw_critical_points, draw_loss
from bpviz.plots.style import BLUE, GREEN, INK, VERMILION
from bpviz.plots.trainability import trainability_image

MOST_CURVES = 100


def draw_losses(axes, loss):
    """The loss of many descents at each step, thin, and their median, thick.  loss: (steps + 1, N)."""
    steps, shown = np.arange(len(loss)), np.unique(np.linspace(0, loss.shape[1] - 1, MOST_CURVES).astype(int))
    top = float(np.max(loss, initial=0, where=np.isfinite(loss)))
    artists = axes.plot(steps, loss[:, shown], color=BLUE, linewidth=0.6, alpha=0.5)
    artists += axes.plot(steps, np.median(loss, axis=1), color=VERMILION, linewidth=2.4, label="median")
    axes.legend(frameon=False, loc="upper right")
    axes.set(xlabel="step", ylabel="loss", xlim=(0, max(len(loss) - 1, 1)), ylim=(0, 1.05 * top or 1))
    return artists


def draw_ends(axes, loss):
    """The losses at which descents ended, lowest first: those that ended with one loss make a flat stretch."""
    ends = np.sort(loss[np.isfinite(loss)])
    artists = axes.plot(np.arange(1, len(ends) + 1), ends, "o", color=BLUE, markersize=4)
    axes.set(xlabel="descents, the lowest first", ylabel="loss at the end", xlim=(0, len(loss) + 1),
             ylim=(0, 1.05 * ends.max(initial=0) or 1))
    axes.xaxis.get_major_locator().set_params(integer=True)
    return artists


def draw_layers(axes, gradient, delta):
    """The size of the gradient by the weights and of the error signal in each layer, on a scale of powers of ten."""
    layers = np.arange(1, len(delta) + 1)
    artists = axes.plot(layers, np.where(gradient > 0, gradient, np.nan), "o-", color=BLUE, label="|dL/dW|")
    artists += axes.plot(layers, np.where(delta > 0, delta, np.nan), "s--", color=GREEN, label="|dL/dz|")
    axes.legend(frameon=False, loc="best")
    axes.set(xlabel="layer", xlim=(0.5, len(layers) + 0.5), yscale="log")
    axes.yaxis.set_minor_formatter(NullFormatter())
    there = np.concatenate([gradient[gradient > 0], delta[delta > 0]])
    if there.size:                                       # whole powers of ten around, so that two ticks have a name
        axes.set_ylim(10 ** np.floor(np.log10(0.9 * there.min())), 10 ** np.ceil(np.log10(1.1 * there.max())))
    axes.xaxis.get_major_locator().set_params(integer=True)
    return artists


def draw_points(axes, points, plane=None, loss=None):
    """Critical points over two weights, on the loss if it is given.  plane: of the window; loss: (cells, cells)."""
    if loss is not None:
        draw_loss(axes, plane, loss)
    artists = draw_critical_points(axes, points)
    axes.set(xlim=(points.low[0], points.high[0]), ylim=(points.low[1], points.high[1]), xlabel="first weight",
             ylabel="second weight")
    return artists


def draw_map(axes, x, y, outcome, shade):
    """A map of what trains over log10 of two hyperparameters: dark converges, light runs away."""
    half = [(ends[1] - ends[0]) / 2 for ends in (x, y)]
    image = axes.imshow(trainability_image(outcome, shade), origin="lower", aspect="auto", interpolation="nearest",
                        extent=(x[0] - half[0], x[-1] + half[0], y[0] - half[1], y[-1] + half[1]))
    axes.grid(False)
    axes.set(xlabel="log10 of the first hyperparameter", ylabel="log10 of the second")
    axes.title.set_color(INK)
    return [image]
