"""Words in pictures can be read: 4.5 : 1 against what they stand on; and marks do not hide them."""
import matplotlib as mpl
import matplotlib.style
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

import bpviz as bp
from bpviz.base.work import finished
from bpviz.explorers import all_explorers
from bpviz.explorers.explorer import Slider
from bpviz.plots import canvas as canvas_module
from bpviz.plots import label as label_module
from bpviz.plots.blit import Blit
from bpviz.plots.label import label
from bpviz.plots.landscape import END
from bpviz.plots.style import DRAWN, PAPER, style
from bpviz.widgets.projector import Projector

EXPLORERS = all_explorers()
LEAST = 4.5                          # Web Content Accessibility Guidelines 2.2, 1.4.3


def contrast(one, other):
    """The ratio of the guidelines, between 1 and 21."""
    def light(colour):
        c = np.asarray(to_rgb(colour))
        return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]
    a, b = sorted((light(one), light(other)))
    return (b + 0.05) / (a + 0.05)


def test_the_ratio_is_the_guidelines():
    assert abs(contrast("white", "black") - 21) < 1e-9 and abs(contrast("#777777", "white") - 4.478) < 0.001


@pytest.mark.parametrize("name", ["minima", "backprop", "chain_rule", "rate", "difference", "saturation"])
def test_every_word_of_a_picture_can_be_read(name):
    explorer = EXPLORERS[name]
    scene, result = explorer.finish(explorer.values())
    with style():
        canvas, drawing = explorer.picture(scene, 900)
        Blit(canvas, ())
    drawing.update(result)
    texts = [text for text in canvas.findobj(Text) if text.get_text().strip()]
    pale = {(text.get_text(), text.get_color()) for text in texts if contrast(text.get_color(), PAPER) < LEAST}
    assert len(texts) > 10 and not pale


@pytest.mark.parametrize("name, knobs", [("minima", {}), ("basins", {}), ("rate", {})])
def test_the_end_of_a_path_is_a_ring_around_the_letter_it_reached(name, knobs, monkeypatch):
    monkeypatch.setattr("bpviz.explorers.basins.CELLS", 24)
    explorer = EXPLORERS[name]
    scene, result = explorer.finish(explorer.values(**knobs))
    with style():
        canvas, drawing = explorer.picture(scene, 900)
        blit = Blit(canvas, drawing.moving)
    drawing.update(result)
    frame = blit.frame()[..., :3].astype(int)
    end = next(line for line in drawing.moving if getattr(line, "get_markeredgecolor", str)() == END["markeredgecolor"]
               and line.get_marker() == "o" and len(line.get_xdata()))
    x, y = end.get_transform().transform((end.get_xdata()[0], end.get_ydata()[0]))
    x, y, side = round(x), frame.shape[0] - round(y), 14
    around = frame[y - side:y + side + 1, x - side:x + side + 1]
    rows, columns = np.mgrid[-side:side + 1, -side:side + 1]
    radius = np.hypot(rows, columns)
    warm = np.abs(around - [213, 94, 0]).sum(axis=2) < 60
    assert warm[(radius > 13) & (radius < 14.4)].mean() > 0.7 and not warm[radius < 8].any()       # a ring, nothing in it
    ink = around.sum(axis=2) < 250
    assert 15 < ink[radius < 7].sum() < 90                                                         # the letter


OWN = {"font.size": 20, "axes.grid": False, "axes.grid.axis": "y", "mathtext.fontset": "stix", "xtick.direction": "in",
       "legend.framealpha": 1, "legend.handlelength": 5, "lines.markersize": 12, "lines.markeredgewidth": 4,
       "axes.linewidth": 3, "axes.titlepad": 20, "image.interpolation": "nearest",
       "text.antialiased": False, "path.simplify": False, "text.hinting": "none", "agg.path.chunksize": 20,
       "axes.unicode_minus": False, "patch.antialiased": False, "lines.antialiased": False, "image.resample": False}


def under(settings, draw):
    """What draw() gives where a user has set this."""
    with mpl.rc_context(), matplotlib.style.context(settings):
        return draw()


@pytest.mark.usefixtures("less_work")
@pytest.mark.parametrize("name", EXPLORERS)
def test_a_users_own_settings_change_no_picture_and_stay_as_they_are(name):
    """The first frame and a later one, which is drawn without the context, to the pixel."""
    explorer = EXPLORERS[name]

    def frames():
        before, stage, found = dict(mpl.rcParams), Projector(explorer), []
        for values in (explorer.values(), explorer.values(**{
                knob.name: knob.low for knob in explorer.knobs if isinstance(knob, Slider)})):
            found.append(stage.frame(finished(stage.work(values, 700, 1.0))).copy())
        assert dict(mpl.rcParams) == before
        return found

    plain = frames()
    for settings in (OWN, "dark_background"):
        assert [np.count_nonzero((one != two).any(axis=-1)) for one, two in
                zip(plain, under(settings, frames), strict=True)] == [0, 0]


NOT_DRAWN = {"animation", "axes3d", "backend", "backend_fallback", "date", "docstring", "interactive", "keymap", "macosx",
             "pdf", "pgf", "polaraxes", "ps", "savefig", "svg", "timezone", "tk", "toolbar", "webagg", "_internal"}


def test_every_family_of_settings_is_the_houses_or_draws_nothing_here():
    assert {name.split(".")[0] for name in mpl.rcParamsDefault} <= DRAWN | NOT_DRAWN


def test_what_is_kept_of_a_text_is_the_houses():
    """In idle moments too, when no picture is being drawn."""
    with style():
        text = label(Figure().add_subplot(), 0, 0, fontsize=11)
        wanted = text.prepare("$w_1 x + b$")[0]
    for kept in (label_module._kept, canvas_module._parsed, canvas_module._measured):
        kept.cache_clear()
    with mpl.rc_context(OWN | {"mathtext.default": "rm"}):
        assert np.array_equal(text.prepare("$w_1 x + b$")[0], wanted)


def test_a_users_own_settings_change_no_still():
    fit = bp.Fit(bp.Network((2, 2, 1), "sigmoid"), "squared error", bp.DATA["article"])
    path = bp.descend(fit, np.full(fit.n_params, 0.3), bp.GradientDescent(rate=0.5), steps=20)

    def stills():
        return [bp.picture.network(fit, path.theta[:, -1]).png, bp.picture.activation("tanh").png,
                bp.picture.loss_curve(path).png]

    plain = stills()
    assert all(under(settings, stills) == plain for settings in (OWN, "dark_background"))
