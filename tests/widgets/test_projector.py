"""A new drawing comes in pieces, so that the kernel hears what is said meanwhile; its pixels are those of one go."""
import numpy as np
import pytest
from matplotlib.axes import Axes

from bpviz.explorers import all_explorers
from bpviz.plots import canvas, label
from bpviz.plots.blit import Blit
from bpviz.plots.style import style
from bpviz.widgets.projector import Projector

EXPLORERS = all_explorers()
CHOICES = [("chain_rule", {"network": "1-2-1"}), ("vanishing", {"activation": "relu"}), ("boundary", {"data": "noisy xor"}),
           ("difference", {"function": "sin at 1"}), ("backprop", {"loss": "cross-entropy"})]
MOST_FORMULAS, MOST_AXES = 16, 1          # in one piece, of 40 and more: those of a line of a derivation, or of a still picture


def first(projector, values):
    """The first result for these values."""
    return next(part.result for part in projector.work(values, 940, 1.0) if part.result is not None)


@pytest.mark.parametrize("name, knobs", CHOICES)
def test_a_piece_draws_one_of_the_pictures_and_sets_few_formulas(name, knobs, monkeypatch):
    explorer = EXPLORERS[name]
    projector = Projector(explorer)
    projector.frame(first(projector, explorer.values()))
    for kept in (canvas._parsed, canvas._measured, label._kept):
        kept.cache_clear()
    done = {"formulas": 0, "axes": 0}

    class Own:
        parse = staticmethod(lambda *args, real=canvas._own.parse, **look: count("formulas") or real(*args, **look))

    def count(what):
        done[what] += 1
    monkeypatch.setattr(canvas, "_own", Own)
    monkeypatch.setattr(Axes, "draw", lambda self, sheet, real=Axes.draw: count("axes") or real(self, sheet))
    pieces, result = [], None
    work = projector.work(explorer.values(**knobs), 940, 1.0)
    while result is None:
        done.update(formulas=0, axes=0)
        result = next(work).result
        pieces.append(dict(done))
    done.update(formulas=0, axes=0)
    projector.frame(result)
    assert done == {"formulas": 0, "axes": 0}                        # all of it was done in pieces before
    assert max(piece["formulas"] for piece in pieces) <= MOST_FORMULAS
    assert max(piece["axes"] for piece in pieces) == MOST_AXES


@pytest.mark.parametrize("name, knobs", CHOICES)
def test_what_is_drawn_in_pieces_is_what_matplotlib_draws_in_one_go(name, knobs):
    explorer, projector = EXPLORERS[name], Projector(EXPLORERS[name])
    result = first(projector, explorer.values(**knobs))
    pixels = projector.frame(result).copy()
    with style():
        figure, drawing = explorer.picture(projector.scene, 940)
        blit = Blit(figure, drawing.moving)
        blit.canvas.draw()
        drawing.update(result)
        assert np.array_equal(blit.frame(blit.canvas.copy_from_bbox(figure.bbox)), pixels)


@pytest.mark.parametrize("name, knobs", CHOICES)
def test_a_drawing_dropped_after_any_piece_leaves_a_whole_picture(name, knobs):
    """The old one stands until the new one is there, and what was half moved is moved in full by the next result."""
    explorer, projector = EXPLORERS[name], Projector(EXPLORERS[name])
    old = first(projector, explorer.values())
    pixels, scene, drawing = projector.frame(old).copy(), projector.scene, projector._drawing
    for many in (1, 3, 9, 27, 81):
        for part, _ in zip(projector.work(explorer.values(**knobs), 940, 1.0), range(many), strict=False):
            if part.result is not None:
                break
        if projector._drawing is drawing:
            assert projector.scene is scene and np.array_equal(projector.frame(old), pixels)
        new = first(projector, explorer.values(**knobs))
        assert np.array_equal(projector.frame(new).copy(), projector.once(new, 940))
        old = first(projector, explorer.values())
        pixels, scene, drawing = projector.frame(old).copy(), projector.scene, projector._drawing
