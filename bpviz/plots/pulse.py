"""Where the number in work runs, told to the browser, which lets a pulse run there: the kernel draws none of it."""
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Pulse:
    """tracks: () -> ((x0, y0, x1, y1), ...) of now, in data coordinates of the axes; one of no length stands still."""
    axes: object
    tracks: Callable

    def told(self):
        """The tracks in shares of the picture, from its upper left corner."""
        to, whole = self.axes.transData, self.axes.get_figure(root=True).transFigure.inverted()

        def share(point):
            x, y = whole.transform(to.transform(point))
            return [round(float(x), 4), round(1 - float(y), 4)]
        return [[*share((x0, y0)), *share((x1, y1))] for x0, y0, x1, y1 in self.tracks()]
