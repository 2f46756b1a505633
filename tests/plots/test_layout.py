"""Layouts as data: tiles fill their page, lie beside and below one another, and say how high it is."""
import itertools

import pytest

from bpviz.explorers import all_explorers
from bpviz.plots.layout import Layout, Row, Stack, Tall, Tile
from bpviz.plots.style import pixels

EXPLORERS = all_explorers()


def boxes(layout, width):
    return {name: tuple(round(edge, 6) for edge in box) for name, (_, box) in layout.boxes(width).items()}


def test_tiles_stand_below_one_another_and_say_how_high_the_page_is():
    page = Stack((Tile("square", (10, 20, 30, 40), aspect=1), Tile("low", (50, 5, 0, 6), high=100)))
    layout = Layout(wide=page, narrow=page)
    assert layout.height(300) == 20 + 260 + 40 + 5 + 100 + 6
    assert boxes(layout, 300) == {"square": (10, 20, 270, 280), "low": (50, 325, 300, 425)}


def test_what_is_as_high_as_the_page_decides_how_wide_it_is():
    page = Row((Tile("square", (10, 20, 30, 40), aspect=1), Stack((Tile("above"), Tile("below", share=3.0)))))
    layout = Layout(wide=page, narrow=Tile("square", high=1), tall=Tall(0.5, 200, 360))
    assert [layout.height(width) for width in (719, 720, 800, 300, 100)] == [1, 360, 360, 1, 1]
    assert boxes(layout, 1000) == {"square": (10, 20, 310, 320), "above": (340, 0, 1000, 90), "below": (340, 90, 1000, 360)}


def test_shares_and_empty_room():
    page = Row((Tile("left", share=0.4), Stack((Tile("right", (8, 0, 0, 0), share=0.6), Tile("", share=0.4)), share=0.6)))
    layout = Layout(wide=page, narrow=page, tall=100, turn=0)
    assert boxes(layout, 500) == {"left": (0, 0, 200, 100), "right": (208, 0, 500, 60)}


def test_a_page_has_axes_where_the_boxes_are():
    layout = Layout(wide=Tile("only", (10, 20, 30, 40), title="Loss"), narrow=Tile("only", high=50), tall=200)
    page = layout.page(800, ratio=2.0)
    assert pixels(page.figure) == (800, 200) and page.axes.only.get_title(loc="left") + page.axes.only.get_title() == "Loss"
    assert page.axes.only.get_window_extent().bounds == pytest.approx((20, 80, 2 * 760, 2 * 140))


@pytest.mark.parametrize("explorer", EXPLORERS.values(), ids=list(EXPLORERS))
def test_the_boxes_of_every_explorer_lie_inside_the_page_and_not_on_one_another(explorer):
    layout = explorer.layout
    for width in range(300, 1601, 10):
        found = boxes(layout, width)
        assert set(found) == set(boxes(layout, 300))
        for name, (left, top, right, bottom) in found.items():
            assert 0 <= left < right <= width and 0 <= top < bottom <= layout.height(width)
            assert right - left >= 70 and bottom - top >= (40 if name == "head" else 70)         # two lines of words
        for a, b in itertools.combinations(found.values(), 2):
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_a_picture_leaves_room_for_the_rest_of_its_panel_on_one_screen():
    for explorer in EXPLORERS.values():
        assert explorer.layout.height(1150) <= 430 and explorer.layout.height(960) <= 430, explorer.name
        assert sum(not knob.rare for knob in explorer.knobs) <= 6, explorer.name


def test_between_a_narrow_page_and_a_wide_one_there_may_be_a_middle():
    layout = Layout(wide=Tile("a", high=1), middle=Tile("a", high=2), narrow=Tile("a", high=3), turn=900)
    assert [layout.height(width) for width in (719, 720, 899, 900)] == [3, 2, 2, 1]
