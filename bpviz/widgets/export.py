"""What can be taken away from a panel: a line of code, its picture, its numbers."""
import csv
import io

from bpviz.base.work import finished
from bpviz.base.written import as_python
from bpviz.descent.path import Path
from bpviz.plots.blit import Blit
from bpviz.plots.hints import without_hints
from bpviz.plots.style import style
from bpviz.widgets import film
from bpviz.widgets.picture import png
from bpviz.words.catalogue import say

KINDS = {"png": "image/png", "svg": "image/svg+xml", "csv": "text/csv", "gif": "image/gif", "html": "text/html"}
FILMS = "gif", "html"                    # of a panel that plays
MOST_WEIGHTS = 100                      # of a path that are written out
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

    What is the learner's own stands there as `...`: a line cannot know what it is called where it is read.
    """
    given = {}
    for knob in (*explorer.menus, *explorer.menus, *explorer.sliders):        # a menu may move those before it
        if explorer.values(**given)[knob.name] != values[knob.name]:
            given[knob.name] = values[knob.name]
    for name in tuple(given):            # or bring what they were named for
        rest = {key: value for key, value in given.items() if key != name}
        given = rest if explorer.values(**rest) == values else given
    own = explorer.optimizers and values[explorer.optimizers] not in _known(explorer)
    words = [f"{name}=..." for name in (*explorer.given, *(["optimizer"] if own else []))]
    words += [f'{name}="{value}"' if isinstance(value, str) else f"{name}={value!r}".removesuffix(".0")
              for name, value in given.items() if not (own and name == explorer.optimizers)]
    return f"bp.explore.{explorer.name}({', '.join(words)})"


def _known(explorer):
    from bpviz.explorers import all_explorers
    return all_explorers()[explorer.name].knob(explorer.optimizers).options()


def _numbers(explorer, result):
    """The table as CSV; then, after an empty line, every step of the path or paths: weights (of few) and loss."""
    _, header, rows = explorer.table(result)
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow([name or say("page", "judged") for name in header])
    write.writerows([as_python(cell) for cell in row] for row in rows)
    one = getattr(result, "path", None)
    paths = {"": one} if isinstance(one, Path) else getattr(result, "paths", None)
    if isinstance(paths, dict) and paths and all(isinstance(path, Path) for path in paths.values()):
        P = len(next(iter(paths.values())).theta)
        weights = [f"w{k + 1}" for k in range(P if P <= MOST_WEIGHTS else 0)]
        write.writerows([[], [*(["of"] if one is None else []), "step", *weights, "loss"]])
        for name, path in paths.items():
            for step in range(path.kept + 1):
                write.writerow([*([name] if one is None else []), step, *map(float, path.theta[:len(weights), step]),
                                float(path.loss[step])])
    return out.getvalue()


def exported(kind, explorer, scene, result, width, ghost=None):
    """Bytes of a file of that kind (of KINDS): the picture `width` CSS pixels wide, or the numbers, as UTF-8.

    ghost: a pinned result, drawn with it.
    """
    if kind == "csv":
        return _numbers(explorer, result).encode("utf-8")
    with style():
        figure, drawing = explorer.picture(scene, width, RATIO if kind == "png" else 1.0)
        drawing.update(result, ghost)
        if kind == "png":
            return png(Blit(figure, drawing.moving).still())
        for k, artist in enumerate(drawing.moving):            # over what does not move, in their order, as in a panel
            artist.set_zorder(1000 + k)
        out = io.BytesIO()
        with without_hints(figure):
            figure.savefig(out, format="svg")
        return out.getvalue()
