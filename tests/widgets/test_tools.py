"""What the buttons under a picture do: moves taken back and made again, a line of code, files."""
import csv
import io
import itertools
import random
import re
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.text import Text
from PIL import Image

import bpviz as bp
from bpviz.explorers import all_explorers
from bpviz.plots.blit import Blit
from bpviz.plots.hints import without_hints
from bpviz.plots.style import style
from bpviz.widgets import export, history
from bpviz.widgets.history import History
from bpviz.widgets.picture import Picture

EXPLORERS = all_explorers()


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(history.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def live(monkeypatch):
    """A panel whose browser side has said hello, and what is sent to it."""
    sent = []
    monkeypatch.setattr(Picture, "send", lambda self, content, buffers=None: sent.append((content, buffers)))
    panel = bp.explore.minima()
    for message in ({"kind": "hello"}, {"kind": "size", "width": 900, "ratio": 1}):
        panel._browser_says(panel.picture, message, [])
    return panel, sent


def test_a_drag_is_one_move_and_a_pause_or_another_knob_begins_the_next(clock):
    kept, at = History("moment"), {"w1": 0, "w2": 0, "moment": 1}
    for wait, change in ((0, {"w1": 1}), (0.1, {"w1": 2, "w2": 1}), (0.5, {"w1": 3}), (0.7, {"w1": 4}), (0.1, {"moment": 2}),
                         (1.2, {"moment": 3}), (1.2, {"moment": 4}), (4.1, {"moment": 5}), (0.1, {})):
        clock[0] += wait
        kept.moved(at, {**at, **change})
        at = {**at, **change}
    seen = []
    while (before := kept.undo(at)) is not None:
        seen.append(tuple(before.values()))
        at = before
    assert seen == [(4, 1, 4), (4, 1, 1), (3, 1, 1), (0, 0, 1)]
    again = []
    while (after := kept.redo(at)) is not None:
        again.append(tuple(after.values()))
        at = after
    assert again == [(3, 1, 1), (4, 1, 1), (4, 1, 4), (4, 1, 5)]


def test_a_new_move_forgets_what_was_taken_back(clock):
    kept = History()
    kept.moved({"w1": 0}, {"w1": 1})
    assert kept.undo({"w1": 1}) == {"w1": 0} and kept.forth
    kept.moved({"w1": 0}, {"w1": 7})
    assert kept.redo({"w1": 7}) is None and kept.undo({"w1": 7}) == {"w1": 0}


def test_moves_of_a_panel_come_back_whatever_made_them(live):
    panel, sent = live
    states = [panel.state]
    for move in (lambda: panel.set(w1=-3), lambda: setattr(panel.knobs["data"], "value", "trident"),
                 lambda: panel._browser_says(panel.picture, {"kind": "want", "n": 1, "knobs": {"w1": 4.5}}, []),
                 lambda: panel._browser_says(panel.picture, {"kind": "state", "text": "minima; rate=3"}, []),
                 lambda: panel._browser_says(panel.picture, {"kind": "reset"}, [])):
        panel.history.rest()
        move()
        states += [] if panel.state == states[-1] else [panel.state]
    assert len(states) == 6 and states[-1] == states[0]
    for state in states[-2::-1]:
        assert sent[-1][0]["moves"][0]
        panel._browser_says(panel.picture, {"kind": "undo"}, [])
        assert panel.state == state
    assert sent[-1][0]["moves"] == [False, True] and panel.undo().state == states[0]
    for state in states[1:]:
        assert panel.redo().state == state
    assert sent[-1][0]["moves"] == [True, False] and panel.redo().state == states[-1]
    assert np.array_equal(panel.frame, panel.set(w1=1) or panel.frame)


def test_reset_goes_back_to_what_the_cell_asked_for(live):
    panel = bp.explore.minima(data="trident", w1=-2, steps=77)
    asked = panel.state
    panel.set(data="seesaw", w1=3, rate=1)
    panel._browser_says(panel.picture, {"kind": "reset"}, [])
    assert panel.state == asked


def test_a_move_that_was_refused_is_none(live):
    panel, sent = live
    panel._browser_says(panel.picture, {"kind": "want", "n": 1, "knobs": {"w1": 99}}, [])
    assert panel.history.back == [] and sent[-1][0]["moves"] == [False, False]


def test_what_is_glanced_at_is_shown_and_moves_no_knob(live):
    panel, sent = live
    before, frame = panel.state, panel.frame.copy()
    panel._browser_says(panel.picture, {"kind": "want", "n": 1, "knobs": {}, "glance": {"moment": 3}}, [])
    assert panel.result.moment.step == 3 and panel.state == before and sent[-1][0]["moves"] == [False, False]
    assert panel.values["moment"] == 10_000 and not np.array_equal(panel.frame, frame)
    panel._browser_says(panel.picture, {"kind": "want", "n": 2, "knobs": {"w1": 2.0}, "glance": {}}, [])
    assert panel.result.moment.step == panel.result.path.kept and "w1=2" in panel.state
    panel.undo()
    assert panel.state == before and np.array_equal(panel.frame, frame)
    panel._browser_says(panel.picture, {"kind": "want", "n": 3, "knobs": {}, "glance": {"moment": -4}}, [])
    assert sent[-1][0]["error"].startswith("look at step: got −4") and panel.state == before


@pytest.mark.parametrize("name", EXPLORERS)
def test_the_line_of_code_opens_the_same_values_and_says_nothing_more(name):
    explorer, chance = EXPLORERS[name], random.Random(name)
    assert export.code(explorer, explorer.values()) == f"bp.explore.{name}()"
    for _ in range(40):
        given = {knob.name: chance.choice(knob.corners) for knob in explorer.knobs if chance.random() < 0.4}
        values = explorer.values(**given)
        line = export.code(explorer, values)
        got = eval(line, {"bp": SimpleNamespace(explore=SimpleNamespace(**{name: dict}))})
        assert explorer.values(**got) == values, line
        for left in itertools.combinations(got, len(got) - 1) if got else ():
            assert explorer.values(**{key: got[key] for key in left}) != values, line


def test_an_optimizer_of_ones_own_is_named_as_something_to_fill_in():
    own = bp.own_optimizer(lambda theta: (0,), lambda theta, gradient, state, rate: (theta - rate * gradient, state), 7, "mine")
    panel = bp.explore.basins(optimizer=own, w1=2, picture="core")
    assert panel.code.startswith("bp.explore.basins(optimizer=..., ") and "w1=2" in panel.code


def test_files_hold_what_the_panel_shows(live, tmp_path):
    panel, sent = live
    panel.set(w1=-3, w2=3)
    for kind in ("png", "svg", "csv"):
        panel._browser_says(panel.picture, {"kind": "save", "what": kind}, [])
        message, (data,) = sent[-1]
        assert message == {"kind": "file", "name": f"minima.{kind}", "type": export.KINDS[kind]}
        assert panel.save(tmp_path / f"x.{kind.upper()}").read_bytes() == data or kind == "svg"
    pixels = np.asarray(Image.open(tmp_path / "x.PNG"))[::2, ::2].astype(int)
    assert pixels.shape[:2] == panel.frame.shape[:2]
    assert np.abs(pixels - panel.frame[..., :3]).mean() < 8
    lines = list(csv.reader(io.StringIO((tmp_path / "x.CSV").read_text(encoding="utf-8"))))
    _, wanted, cells = panel.explorer.table(panel.result)
    assert lines[0] == [name or "judged" for name in wanted] and all(lines[0])
    assert lines[1:len(cells) + 1] == [list(row) for row in cells] and lines[len(cells) + 1] == []
    path, steps = panel.result.path, lines[len(cells) + 2:]
    assert steps[0] == ["step", "w1", "w2", "loss"] and len(steps) == path.kept + 2
    for k, line in enumerate(steps[1:]):
        assert np.array_equal(np.array(line, float), [k, *path.theta[:, k], path.loss[k]])
    assert ElementTree.parse(tmp_path / "x.SVG").getroot().tag.endswith("svg")


def test_another_ending_is_refused(live):
    with pytest.raises(ValueError, match=r"file: got 'x.pdf'; allowed is a name that ends with .png, .svg, .csv"):
        live[0].save("x.pdf")


def test_a_pin_stays_while_knobs_move_belongs_to_its_scene_and_leaves_history_and_code_alone(live):
    panel, sent = live

    def told():
        return next(content["pins"] for content, _ in reversed(sent) if content["kind"] == "frame")
    panel.finish()
    code, frames = panel.code, panel.frame.copy()
    assert told() == {"there": False, "words": ""} and panel.compared == ""
    panel._browser_says(panel.picture, {"kind": "pin"}, [])
    assert told()["there"] and panel.code == code and not panel.history.back
    panel.set(w1=-2.0, w2=2.5)
    panel.finish()
    assert told()["words"].startswith("Pinned from (1.00, 2.00): another minimum") and told()["words"] == panel.compared
    assert panel.compared in panel.still()
    panel.undo().finish()
    assert "the same minimum" in panel.compared
    other = next(name for name in panel.explorer.knob("activation").options() if name != panel.values["activation"])
    panel.set(activation=other)
    panel.finish()
    assert panel.projector.ghost is None and "other choices" in told()["words"]
    panel.undo().finish()
    assert "the same minimum" in panel.compared
    panel._browser_says(panel.picture, {"kind": "unpin"}, [])
    assert told() == {"there": False, "words": ""} and np.array_equal(panel.frame, frames)
    panel.close()


def test_a_saved_picture_has_the_ghost_and_a_panel_that_cannot_pin_says_so(tmp_path):
    panel = bp.explore.minima().finish()
    panel.pin()
    panel.set(w1=-2.0)
    panel.finish()
    with_ghost = panel.save(tmp_path / "with.png").read_bytes()
    panel.unpin()
    assert with_ghost != panel.save(tmp_path / "without.png").read_bytes()
    panel.close()
    with pytest.raises(ValueError, match="pin: got 'backprop'; allowed is a panel of descents over two weights"):
        bp.explore.backprop().pin()


@pytest.mark.parametrize("name", EXPLORERS)
@pytest.mark.parametrize("width", [340, 940, 1400])
def test_lecture_size_draws_a_narrower_page_larger_with_the_same_words(name, width):
    from bpviz.widgets.live import HALL, NARROWEST, drawn, high, wide
    explorer = EXPLORERS[name]
    narrower, scale = drawn(explorer, "lecture", width)
    assert NARROWEST <= narrower and 0.7 * width < narrower * scale <= width + 1e-9 and 1 < scale <= 1.6
    assert explorer.layout.main(narrower) * scale <= HALL or width < 720
    assert scale > 1.19 or width < 720
    across, down = explorer.layout.page(narrower, scale).figure.canvas.get_width_height()
    assert abs(across - wide(explorer, "lecture", width)) <= 1 and abs(down - high(explorer, "lecture", width)) <= 1


def test_a_panel_is_opened_for_a_lecture_and_changed_by_the_page(live):
    panel, sent = live
    room = dict(panel.picture.room)
    panel.finish()
    normal = panel.frame.shape
    panel._browser_says(panel.picture, {"kind": "large"}, [])
    panel.finish()
    assert panel.size == "lecture" and "bpviz-lecture" in panel.widget._dom_classes
    assert panel.frame.shape[1] == normal[1] and panel.picture.room["heights"] != room["heights"]
    css = next(content["css"] for content, _ in reversed(sent) if content["kind"] == "frame")
    assert abs(css[0] - panel.frame.shape[1]) <= 1 and abs(css[1] - panel.frame.shape[0]) <= 1
    panel.resize("normal").finish()
    assert panel.frame.shape == normal and panel.picture.room == room
    panel.close()
    opened = bp.explore.minima(size="lecture")
    assert opened.size == "lecture" and "lecture" not in opened.code
    opened.close()
    with pytest.raises(ValueError, match="size: got 'huge'; allowed is 'normal' or 'lecture'"):
        bp.explore.minima(size="huge")


@pytest.mark.parametrize("explorer", EXPLORERS.values(), ids=list(EXPLORERS))
def test_a_picture_taken_away_invites_to_nothing(explorer):
    """What can be dragged in a panel cannot in a file, nor on a page without a kernel; a panel's own frame stays."""
    scene, result = explorer.finish(explorer.small.cut(explorer.values()))
    with style():
        figure, drawing = explorer.picture(scene, 900)
        blit = Blit(figure, drawing.moving)
    drawing.update(result)
    invites = re.compile(r"\bdrag|\bclick (?!ed)|\bhover|\bpress", re.I)
    before = [text.get_text() for text in figure.findobj(Text)]
    live = blit.frame().copy()
    with without_hints(figure) as some:
        words = [text.get_text() for text in figure.findobj(Text)]
    assert not [each for each in words if invites.search(each)] and not [each for each in set(words) - set(before) if each.endswith((":", ": "))]
    assert some == any(invites.search(each) for each in before) and before == [text.get_text() for text in figure.findobj(Text)]
    assert np.array_equal(blit.still(), live) != some and np.array_equal(blit.frame(), live)
