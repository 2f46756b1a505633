"""What can be taken away from a panel: a line of code, its picture, its numbers."""
import csv
import io

from bpviz.base.work import finished
from bpviz.plots.blit import Blit
from bpviz.plots.style import style
from bpviz.widgets import film
from bpviz.widgets.picture import png

KINDS = {"png": "image/png", "svg": "image/svg+xml", "csv": "text/csv", "gif": "image/gif", "html": "text/html"}
FILMS = "gif", "html"                    # of a panel that plays
RATIO = 2.0                             # pixels of a saved PNG to each CSS pixel


def kinds(explorer):
    """The kinds of files that a panel of this explorer can be saved as."""
    return [kind for kind in KINDS if explorer.plays or kind not in FILMS]


def filmed(kind, explorer, scene, values, memory, width, ghost=None):
    """Bytes of the film of a path, `width` CSS pixels wide: a GIF, or a page with the verdict, of kind "html"."""
    stops, pictures = film.film(explorer, scene, values, memory, width, ghost)
    if kind == "gif":
        return film.gif(pictures)
    return film.page(explorer, stops, pictures, explorer.words(finished(explorer.compute(scene, values, memory))))


def code(explorer, values):
    """The line that opens the explorer with these values: only what it would not be by itself.

    An optimizer of the learner's own stands there as `...`: a line cannot know what it is called where it is read.
    """
    given = {}
    for knob in (*explorer.menus, *explorer.sliders):
        if explorer.values(**given)[knob.name] != values[knob.name]:
            given[knob.name] = values[knob.name]
    own = explorer.optimizers and values[explorer.optimizers] not in _known(explorer)
    words = ["optimizer=..."] if own else []
    words += [f'{name}="{value}"' if isinstance(value, str) else f"{name}={value!r}".removesuffix(".0")
              for name, value in given.items() if not (own and name == explorer.optimizers)]
    return f"bp.explore.{explorer.name}({', '.join(words)})"


def _known(explorer):
    from bpviz.explorers import all_explorers
    return all_explorers()[explorer.name].knob(explorer.optimizers).options()


def exported(kind, explorer, scene, result, width, ghost=None):
    """Bytes of a file of that kind (of KINDS): the picture `width` CSS pixels wide, or the table, as UTF-8.

    ghost: a pinned result, drawn with it.
    """
    if kind == "csv":
        _, header, rows = explorer.table(result)
        out = io.StringIO()
        csv.writer(out).writerows([header, *rows])
        return out.getvalue().encode("utf-8")
    with style():
        figure, drawing = explorer.picture(scene, width, RATIO if kind == "png" else 1.0)
        drawing.update(result, ghost)
        if kind == "png":
            return png(Blit(figure, drawing.moving).frame())
        for k, artist in enumerate(drawing.moving):            # over what does not move, in their order, as in a panel
            artist.set_zorder(1000 + k)
        out = io.BytesIO()
        figure.savefig(out, format="svg")
        return out.getvalue()
