"""Every explorer at every corner of its knobs, without a browser: nothing raises, nothing lies, nothing is clipped."""
import itertools
import re
import warnings
from collections import Counter
from html import unescape

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from room import LINES, lines

from bpviz.base.result import table_html
from bpviz.base.work import Memory, finished
from bpviz.base.written import POWER, SIGN
from bpviz.explorers import all_explorers
from bpviz.explorers.explorer import Explorer, Slider
from bpviz.plots.blit import Blit
from bpviz.plots.label import Label
from bpviz.plots.pixels import PixelMap
from bpviz.plots.style import style

EXPLORERS = all_explorers()


pytestmark = pytest.mark.usefixtures("less_work")


def drawn(explorer, scene, result, width=900, ratio=1.0):
    with style():
        canvas, drawing = explorer.picture(scene, width, ratio)
        blit = Blit(canvas, drawing.moving)
    drawing.update(result)
    return canvas, drawing, blit


def test_every_pair_is_every_pair():
    options = [range(4), "abc", (True, False), range(5)]
    chosen = every_pair(options, 10)
    assert len(chosen) < 40
    for i, j in itertools.combinations(range(4), 2):
        assert {(choice[i], choice[j]) for choice in chosen} == set(itertools.product(options[i], options[j]))


MANY_MENUS, MANY_CORNERS = 40, 16            # more than these are looked at in pairs
TURNS = 3                                    # so many choices of the menus meet each corner of the sliders


def every_pair(options, many):
    """All choices of one from each of `options`; if more than `many`, some in which every pair still occurs."""
    every = list(itertools.product(*options))
    if len(every) <= many:
        return every
    met = {choice: set(itertools.combinations(enumerate(choice), 2)) for choice in every}
    open_pairs, chosen = set().union(*met.values()), []
    while open_pairs:
        best = max(every, key=lambda choice: len(open_pairs & met[choice]))
        open_pairs -= met[best]
        chosen.append(best)
    return chosen


def thinned(choices, every):
    """Each so-many-th choice, and as many more as leave every option in two choices, if it was in two."""
    left, kept = Counter(item for choice in choices for item in enumerate(choice)), []
    for k, choice in enumerate(choices):
        if k % every and min(left[item] for item in enumerate(choice)) > 2:
            left.subtract(enumerate(choice))
        else:
            kept.append(choice)
    return kept


def reach(explorer, scene):
    """The corners of every slider, as far as it reaches in this scene."""
    highest = explorer.limits(scene)
    return [tuple(min(corner, highest.get(knob.name, corner)) for corner in knob.corners)
            if highest.get(knob.name, 0) is not None else (knob.value,) * len(knob.corners) for knob in explorer.sliders]


def rows(explorer):
    """[(choice of the menus, [a place among its corners for every slider])]: every two knobs meet at all their corners.

    Many choices share the corners out: each goes to every so-many-th, the next choice begins one later. What
    has not met then is added.
    """
    choices = thinned(every_pair([menu.corners for menu in explorer.menus], MANY_MENUS), explorer.small.every)
    places = every_pair([range(len(knob.corners)) for knob in explorer.sliders], MANY_CORNERS)
    apart = min(len(places), max(1, len(choices) // TURNS))
    shared = [(choice, places[k % apart::apart]) for k, choice in enumerate(choices)]
    met = {pair for choice, share in shared for place in share for pair in pairs(choice, place)}
    for (choice, share), place in itertools.product(shared, places):
        if not met.issuperset(pairs(choice, place)):
            share.append(place)
            met.update(pairs(choice, place))
    return shared


def pairs(choice, place):
    return set(itertools.combinations(enumerate((*choice, *place)), 2))


ROWS = {name: rows(explorer) for name, explorer in EXPLORERS.items()}


@pytest.mark.parametrize("explorer", EXPLORERS.values(), ids=list(EXPLORERS))
def test_every_two_knobs_meet_at_all_their_corners(explorer):
    met = {pair for choice, places in ROWS[explorer.name] for place in places for pair in pairs(choice, place)}
    menus = [{option for (i, option), _ in met if i == k} for k in range(len(explorer.menus))]
    assert menus == [set(menu.corners) for menu in explorer.menus]
    times = Counter(item for choice, _ in ROWS[explorer.name] for item in enumerate(choice))
    assert len(menus) == 1 or not times or min(times.values()) > 1
    ends = [*menus, *(range(len(knob.corners)) for knob in explorer.sliders)]
    for (i, one), (j, two) in itertools.combinations(enumerate(ends), 2):
        missed = {((i, a), (j, b)) for a, b in itertools.product(one, two)} - met
        assert not missed or (explorer.small.every > 1 and j < len(menus)), missed


def menu_choices(explorer):
    """[(menus, the sliders' places, a width)], choices of one scene and width following one another.

    360 pixels, or as few as its wide layout takes. From a share of the scenes at random, they are moved from one layout
    to the other while that leaves less that is seen in one only, or as much and the layouts more alike in number; the
    best of some shares. Where a choice is missed in the other then, as its scene is the only one
    that has it, half of that scene's go there.
    """
    scenes = {}
    for choice, places in ROWS[explorer.name]:
        menus = dict(zip([menu.name for menu in explorer.menus], choice, strict=True))
        scenes.setdefault(explorer.setting(menus), []).append((menus, places))
    looked_at = [{item for menus, _ in choices for item in menus.items()} for choices in scenes.values()]
    everything = set().union(*looked_at)

    def one_sided(sides):
        there = [set().union(*(items for items, one in zip(looked_at, sides, strict=True) if one == side)) for side in (0, 1)]
        return everything - (there[0] & there[1])

    def badness(sides):
        return len(one_sided(sides)), abs(2 * sum(sides) - len(sides))

    found = []
    for seed in range(8):
        sides = np.random.default_rng(seed).integers(0, 2, len(scenes)).tolist()
        for k in [*range(len(sides))] * 3:
            sides = min(sides, [*sides[:k], 1 - sides[k], *sides[k + 1:]], key=badness)
        found.append(sides)
    sides = min(found, key=badness)
    widths, missed = (360, max(720, explorer.layout.turn)), one_sided(sides)
    for choices, items, side in zip(scenes.values(), looked_at, sides, strict=True):
        half = len(choices) // 2 if items & missed else 0
        for k, (menus, places) in enumerate(choices):
            yield menus, places, widths[1 - side if k < half else side]


CHOICES = [pytest.param(explorer, *choice, id=f"{name}: {', '.join(choice[0].values())}")
           for name, explorer in EXPLORERS.items() for choice in menu_choices(explorer)]


@pytest.mark.parametrize("explorer", EXPLORERS.values(), ids=list(EXPLORERS))
def test_what_a_scene_depends_on_is_seen_in_both_layouts(explorer):
    """If it comes twice."""
    seen = {}
    for menus, _, width in menu_choices(explorer):
        for item in zip([menu.name for menu in explorer.menus if menu.scene], explorer.setting(menus), strict=True):
            seen.setdefault(item, []).append(width)
    assert not [item for item, widths in seen.items() if len(widths) > 1 and len(set(widths)) == 1]


PAGE = 960           # CSS pixels: on such a page a verdict stands in its place as a whole
LONG = "basins", "cure", "escape", "minima", "rate", "vanishing"    # at corners; what is beyond can be scrolled to
STAGE = {}           # explorer: its last scene and width, a memory and a picture, for the next choice that has the same


def stage(explorer, values, width):
    """(scene, memory, figure, drawing, blit) as a panel keeps them while menus move on which no scene depends, showing
    these values."""
    key = explorer.setting(values), width
    if STAGE.get(explorer.name, (None,))[0] != key:
        scene, memory = finished(explorer.scene(values)), Memory()
        first = finished(explorer.compute(scene, values, memory))
        STAGE[explorer.name] = key, (scene, memory, *drawn(explorer, scene, first, width))
    else:
        scene, memory, _, drawing, _ = STAGE[explorer.name][1]
        drawing.update(finished(explorer.compute(scene, values, memory)))
    return STAGE[explorer.name][1]


@pytest.mark.parametrize("explorer, menus, places, width", CHOICES)
def test_every_corner(explorer, menus, places, width):
    base = explorer.small.cut(explorer.values(**menus))
    scene, memory, canvas, drawing, blit = stage(explorer, base, width)
    legible(canvas)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for place in places:
            corner = [ends[k] for ends, k in zip(reach(explorer, scene), place, strict=True)]
            values = {**base, **dict(zip([knob.name for knob in explorer.sliders], corner, strict=True))}
            values = explorer.values(**explorer.small.cut(values))
            result = finished(explorer.compute(scene, values, memory))
            drawing.update(result)
            assert blit.frame().any()
            words = explorer.words(result)
            assert words.endswith(".") and len(words) > 40 and "nan" not in words.lower()
            assert explorer.name in LONG or lines(words, PAGE) <= LINES, words
            in_a_persons_numbers(drawing.moving, words)
            caption, header, rows = explorer.table(result)
            in_a_persons_numbers((), unescape(re.sub("<[^>]*>", "  ", table_html((caption, header, rows)))))
            assert caption and rows and all(len(row) == len(header) for row in rows)
            assert explorer.read(explorer.state(values)) == values
    legible(canvas)
    in_a_persons_numbers([canvas])


@pytest.mark.parametrize("explorer, menus, places, width",
                         [row for row in CHOICES if row.values[0].limits is not Explorer.limits])
def test_beyond_what_this_choice_reaches_is_an_answer_or_a_sentence(explorer, menus, places, width):
    """A slider can stand further than the network of this menu has weights, rows or steps: by a state, or typed."""
    base = explorer.values(**menus)
    scene = finished(explorer.scene(base))
    beyond = [knob for knob in explorer.sliders if explorer.limits(scene).get(knob.name, knob.high) != knob.high]
    small = explorer.small.cut({knob.name: knob.check(knob.high) for knob in explorer.sliders})
    for moved in [*([knob] for knob in beyond), *([beyond] if len(beyond) > 1 else []), explorer.sliders]:
        values = {**explorer.small.cut(base), **{knob.name: knob.check(knob.high) if knob in beyond else small[knob.name] for knob in moved}}
        try:
            result = finished(explorer.compute(scene, values, Memory()))
        except ValueError as error:
            highest = explorer.limits(scene)
            assert any(highest.get(knob.name) and f"{knob.name}: got {knob.high:.0f}; allowed is a whole number from {knob.low:.0f} to {highest[knob.name]:.0f}"
                       == str(error) for knob in moved), error
        else:
            assert explorer.words(result).endswith(".")


@pytest.mark.parametrize("explorer", EXPLORERS.values(), ids=list(EXPLORERS))
def test_most_of_everything(explorer):
    scene = finished(explorer.scene(explorer.values()))
    values = explorer.values(**{knob.name: max(ends) for knob, ends in
                                zip(explorer.sliders, reach(explorer, scene), strict=True)})
    values.update(explorer.small.far)
    result = finished(explorer.compute(scene, values, Memory()))
    _, _, blit = drawn(explorer, scene, result)
    assert blit.frame().any()


WIDTHS = (320, 1), (360, 1), (480, 2), (720, 1), (875, 1), (940, 1), (1400, 1.5)      # 875: of 1400 in a lecture


def words_in_pictures():
    """The first choice of the menus and the longest; the others are looked at with their corners, above."""
    for explorer in EXPLORERS.values():
        yield pytest.param(explorer, {}, id=explorer.name)
        if explorer.menus:
            yield pytest.param(explorer, {menu.name: max(menu.corners, key=len) for menu in explorer.menus},
                               id=f"{explorer.name}, longest")


@pytest.fixture
def no_surfaces(monkeypatch):
    """Pictures without what takes time and moves no words: contours, maps, the pixels of Labels."""
    for name in ("contour", "contourf"):
        monkeypatch.setattr(Axes, name, lambda axes, *given, **look: axes.plot([], [])[0])
    for artist in (PixelMap, Label):
        monkeypatch.setattr(artist, "draw", lambda *given: None)


@pytest.mark.usefixtures("no_surfaces")
@pytest.mark.parametrize("explorer, menus", list(words_in_pictures()))
def test_no_text_is_clipped_or_overlaps(explorer, menus):
    """At every width, with every slider as far as it reaches."""
    scene = finished(explorer.scene(explorer.values(**menus)))
    far = {name: high for name, high in explorer.limits(scene).items() if high is not None}
    result = finished(explorer.compute(scene, explorer.small.cut(explorer.values(**menus, **far)), Memory()))
    legible_at_every_width(explorer, scene, result)


def legible_at_every_width(explorer, scene, result):
    for width, ratio in WIDTHS:
        with style():
            canvas, drawing = explorer.picture(scene, width, ratio)
            drawing.update(result)
            canvas.draw_without_rendering()
        legible(canvas)


def legible(canvas):
    """Titles, axis labels, tick labels and legends lie inside the figure and not on one another; no line runs through
    a legend, and every axis with numbers has a name or a unit.
    """
    assert not crossed(canvas) and not nameless(canvas)
    boxes = written(canvas)
    assert len(boxes) > 3
    for name, box in boxes:
        inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= canvas.bbox.x1 + 1 and box.y1 <= canvas.bbox.y1 + 1
        assert inside, f"{name!r} is clipped at width {canvas.bbox.x1:.0f}"
    low, high = np.array([box.min for _, box in boxes]), np.array([box.max for _, box in boxes])
    shared = np.minimum(high[:, None], high) - np.maximum(low[:, None], low)
    for i, j in np.argwhere(np.triu((shared > 2).all(axis=2), 1)):
        raise AssertionError(f"{boxes[i][0]!r} and {boxes[j][0]!r} overlap at width {canvas.bbox.x1:.0f}")


def crossed(canvas):
    """The lines that run through a legend, by their names."""
    legends = [axes.get_legend().get_window_extent() for axes in canvas.axes if axes.get_legend()]
    found = []
    for axes, box in itertools.product(canvas.axes, legends):
        for line in axes.lines:
            seen = Bbox.intersection(box, axes.bbox) if line.get_clip_on() else box
            drawn = line.get_visible() and line.get_linestyle() != "None" and len(line.get_xdata()) > 1
            if seen is not None and drawn and line.get_path().transformed(line.get_transform()).intersects_bbox(seen, False):
                found.append(line.get_label())
    return found


UNIT = re.compile(r"%|÷|×|rate|first")           # numbers that say themselves of what they are


def nameless(canvas):
    """[(which axis, its numbers)] of axes that have numbers and no name: of their own, beside them or above them."""
    found = []
    for axes in filter(lambda axes: axes.axison, canvas.axes):
        labels = [child for child in axes.get_children() if isinstance(child, Label)]
        titles = [text.get_text() for text in (axes.title, axes._left_title, *labels)
                  if text.get_text() and (text not in labels or text.get_window_extent().y0 >= axes.bbox.y1 - 1)]
        for axis, side in ((axes.xaxis, "x"), (axes.yaxis, "y")):
            numbers = [tick.label1.get_text() for tick in axis._update_ticks() if tick.label1.get_text()]
            named = axis.label.get_text() or (titles if side == "y" else UNIT.search(" ".join([*numbers, *titles])))
            if numbers and not named:
                found.append((side, numbers))
    return found


def in_a_persons_numbers(artists, words=""):
    """No text has a hyphen where a minus is meant, or a power of ten as Python writes it; formulas set their own minus."""
    for text in [words, *(each.get_text() for artist in artists for each in artist.findobj(Text))]:
        assert not POWER.search(text) and not SIGN.search(re.sub(r"\$[^$]*\$", "", text)), text


def written(canvas):
    """[(words, box in pixels)] of the titles, axis labels, tick labels, legends and Labels of a figure."""
    found = []
    for axes in canvas.axes:
        ticks = [tick.label1 for axis in (axes.xaxis, axes.yaxis) if axes.axison for tick in axis._update_ticks()]
        texts = [axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label, *ticks,
                 *(axes.get_legend().get_texts() if axes.get_legend() else []),
                 *(child for child in axes.get_children() if isinstance(child, Label if axes.axison else Text))]
        found += [(text.get_text(), text.get_window_extent()) for text in dict.fromkeys(texts)
                  if text.get_text() and text.get_visible()]
    return found


@pytest.mark.parametrize("explorer", EXPLORERS.values(), ids=list(EXPLORERS))
def test_a_frame_is_the_picture_drawn_from_nothing(explorer):
    """After many moves, the blitted pixels equal those of a fresh figure in the same state."""
    values = explorer.values()
    scene, first = explorer.finish(values)
    _, drawing, blit = drawn(explorer, scene, first)
    rng = np.random.default_rng(0)
    for _ in range(8):
        values = {**values, **{knob.name: rng.uniform(knob.low, knob.high) for knob in explorer.sliders
                               if not (knob.whole or knob.log)}}
        result = finished(explorer.compute(scene, values, Memory()))
        drawing.update(result)
        moved = blit.frame().copy()
    _, _, fresh = drawn(explorer, scene, result)
    assert np.array_equal(moved, fresh.frame())


@pytest.mark.parametrize("explorer", EXPLORERS.values(), ids=list(EXPLORERS))
def test_knobs_do_not_take_the_panels_own_names(explorer):
    names = [knob.name for knob in explorer.knobs]
    assert len(set(names)) == len(names) and not {"state", "picture", "explorer"} & set(names)
    assert {*explorer.handle, *explorer.box} <= {knob.name for knob in explorer.sliders}


@pytest.mark.parametrize("explorer", EXPLORERS.values(), ids=list(EXPLORERS))
def test_the_first_verdict_stands_in_its_place_as_a_whole(explorer):
    values = explorer.values()
    words = explorer.words(explorer.finish(values)[1])
    assert lines(words, PAGE) <= LINES, words


def test_lines_are_filled_word_by_word():
    wide = lines.__globals__["width"]("mm mm", "bold")
    page = 169 + 10 + 4 + wide
    assert [lines("mm mm mm mm", page + more) for more in (0.1, -0.1)] == [2, 4]
    assert lines("mm", 1) == 1 and lines("Mm. " + "m" * 9, page) == 2


@pytest.mark.parametrize("explorer", EXPLORERS.values(), ids=list(EXPLORERS))
def test_two_knobs_lead_on_every_page(explorer):
    assert len(set(explorer.leading)) == 2 and not any(explorer.knob(name).rare for name in explorer.leading)


def test_slider_words():
    knob = Slider("rate", "rate", 0.01, 100.0, 1.0, 0.01, log=True)
    assert knob.slid(20.0, 10 ** 1.3) == 20.0              # the slider's echo of 20 is not a move
    assert knob.slid(20.0, 10 ** 1.32) == 20.9
    whole = Slider("steps", "steps", 1, 1000, 5, 0.01, log=True, whole=True)
    assert whole.slid(5.0, 501.187) == 501.0
    plain = Slider("w", "w", -6.0, 6.0, 0.0, 0.01)
    assert plain.slid(2.0, 1.9999999) == 2.0 and plain.slid(2.0, 2.0100001) == 2.01 and plain.slid(0.0, 9.0) == 6.0


MINIMA = EXPLORERS["minima"]
REFUSED = [
    (lambda: MINIMA.values(w1=7), "w1: got 7; allowed is a finite number at least -6 and at most 6"),
    (lambda: MINIMA.values(rat=0), "knob: got 'rat', did you mean 'rate'?"),
    (lambda: MINIMA.values(rate=0), "rate: got 0; allowed is a finite number at least 0.01"),
    (lambda: MINIMA.values(steps=10**6), "steps: got 1000000"),
    (lambda: MINIMA.values(steps=1.5), "steps: got 1.5; allowed is a whole number from 1 to 10000"),
    (lambda: MINIMA.values(data="tridnt"), "data: got 'tridnt', did you mean 'trident'?"),
    (lambda: MINIMA.values(w1=None), "w1: got None"),
    (lambda: MINIMA.read(""), "state: got '' first; allowed is a state that begins with 'minima'"),
    (lambda: MINIMA.read(None), "state: got None"),
    (lambda: MINIMA.read("minima; w1"), "state: got 'w1'; allowed is name=value"),
    (lambda: MINIMA.read("minima; w1=abc"), "w1: got 'abc'; allowed is a number from -6 to 6"),
    (lambda: MINIMA.read("minima; w1=nan"), "w1: got nan"),
    (lambda: MINIMA.read("minima; bogus=1"), "knob: got 'bogus'"),
]


@pytest.mark.parametrize("action, sentence", REFUSED, ids=[s for _, s in REFUSED])
def test_refusals(action, sentence):
    with pytest.raises(ValueError) as error:
        action()
    assert sentence in str(error.value)


def test_a_data_set_brings_its_own_rate_unless_one_is_given():
    assert MINIMA.values(data="trident")["rate"] == 2.0
    assert MINIMA.values(data="trident", rate=5.0)["rate"] == 5.0
    assert MINIMA.values(data="linear saddle")["activation"] == "identity"
