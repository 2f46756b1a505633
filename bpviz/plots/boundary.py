"""What a network makes of the plane: its output as a colour, the line where it says one half, the examples on top."""
import numpy as np

from bpviz.plots.pixels import enlarged
from bpviz.plots.style import BLUE, INK, ORANGE, PAPER

FINE = 288                       # pixels of the picture, a side
ZERO, ONE = np.array([0.45, 0.68, 0.86]), np.array([0.96, 0.78, 0.42])


def output_image(output, fine=FINE):
    """uint8 (rows, columns, 3) of outputs (rows, columns) in [0, 1]; black where it crosses one half."""
    output = enlarged(output, fine)
    share = np.clip(np.nan_to_num(output, nan=0.5), 0, 1)[:, :, None]
    weak = 1 - 0.75 * np.abs(2 * share - 1)                                 # pale where the network is unsure
    image = ZERO + share * (ONE - ZERO)
    image = image + weak * (1 - image)
    side = output > 0.5
    edge = np.zeros(output.shape, bool)
    edge[:, 1:] |= side[:, 1:] != side[:, :-1]
    edge[1:] |= side[1:] != side[:-1]
    edge[:-1] |= edge[1:]
    image[edge] = 0.13
    return (image * 255).astype(np.uint8)


class Rows:
    """The examples in the plane: `update(train, test)`, data sets of two inputs and one target of 0 or 1."""

    def __init__(self, axes, window):
        axes.set(xlim=window[0], ylim=window[1])
        axes.grid(False)

        def dots(mark, size, face, edge, name):
            return axes.plot([], [], mark, linestyle="", markersize=size, markerfacecolor=face, markeredgecolor=edge,
                             label=name)[0]
        self.train = dots("o", 7, BLUE, INK, "target 0"), dots("s", 7, ORANGE, INK, "target 1")
        self.test = dots("o", 5, PAPER, BLUE, "0, test"), dots("s", 5, PAPER, "#9a6a00", "1, test")
        self.artists = (*self.test, *self.train)

    def update(self, train, test):
        for lines, data in ((self.train, train), (self.test, test)):
            for k, line in enumerate(lines):
                line.set_data(*data.x[:, (data.y[0] > 0.5) == bool(k)])
