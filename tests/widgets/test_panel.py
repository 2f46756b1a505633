"""The panel without a browser: knobs, states, errors in words, long work in slices, the core fallback."""
import asyncio
import time

import numpy as np
import pytest

import bpviz as bp
from bpviz.base import work
from bpviz.calculus.activations import Activation
from bpviz.explorers import all_explorers
from bpviz.widgets.controls import Controls
from bpviz.widgets.panel import Panel
from bpviz.widgets.picture import Picture


@pytest.fixture
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(Picture, "send", lambda self, content, buffers=None: messages.append(content))
    return messages


@pytest.fixture
def live(sent):
    """A panel whose browser side has said hello."""
    panel = bp.explore.minima()
    panel._browser_says(panel.picture, {"kind": "hello"}, [])
    panel._browser_says(panel.picture, {"kind": "size", "width": 900, "ratio": 1}, [])
    sent.clear()
    return panel


def test_state_rebuilds_the_panel_exactly():
    panel = bp.explore.minima(data="trident", w1=0.1 + 0.2, rate=1 / 3, steps=123)
    again = bp.explore.minima(state=panel.state)
    assert again.values == panel.values and again.state == panel.state
    assert np.array_equal(again.frame, panel.frame) and again.words == panel.words
    assert len(panel.state) < 150


def test_knobs_by_name_go_on_top_of_a_state():
    panel = bp.explore.minima(state="minima; w1=1; w2=-1; rate=5", w1=2)
    assert (panel.values["w1"], panel.values["w2"], panel.values["rate"]) == (2, -1, 5)


def test_a_request_is_answered_by_one_frame_with_everything_in_it(live, sent):
    live._browser_says(live.picture, {"kind": "want", "n": 4, "knobs": {"w1": -3.0, "w2": 3.0}, "wire": 5}, [])
    frame, = sent
    assert frame["kind"] == "frame" and frame["n"] == 4 and "w1=-3; w2=3" in frame["state"]
    assert frame["words"].startswith("Settled in minimum B") and "SymPy" in frame["table"]
    assert frame["tiles"] and frame["error"] == "" and frame["progress"] is None


@pytest.mark.parametrize("order", [("hello", "size"), ("size", "hello"), ("size", "hello", "size")])
def test_a_page_gets_its_frame_in_whatever_order_it_is_heard(sent, order):
    """Front ends may hand a page's messages to two threads: its size can come before its hello."""
    panel = bp.explore.minima()
    for kind in order:
        panel._browser_says(panel.picture, {"kind": kind, **({"width": 900, "ratio": 1} if kind == "size" else {})}, [])
    frames = [one for one in sent if one["kind"] == "frame"]
    assert frames and frames[-1]["css"][0] == 900 and panel.live


def test_the_frames_that_travel_rebuild_the_picture(monkeypatch):
    canvas = {}

    def receive(self, content, buffers=None):
        if content["kind"] != "frame":
            return
        w, h = content["size"]
        if canvas.get("size") != (w, h):
            canvas.update(size=(w, h), pixels=np.zeros((h, w, 4), np.uint8))
        at = 0
        for x, y, tw, th in content["tiles"]:
            canvas["pixels"][y:y + th, x:x + tw] = np.frombuffer(buffers[0][at:at + 4 * tw * th],
                                                                 np.uint8).reshape(th, tw, 4)
            at += 4 * tw * th

    monkeypatch.setattr(Picture, "send", receive)
    panel = bp.explore.minima()
    panel._browser_says(panel.picture, {"kind": "hello"}, [])
    panel._browser_says(panel.picture, {"kind": "size", "width": 800, "ratio": 1}, [])
    for n, w1 in enumerate(np.linspace(-6, 6, 9)):
        panel._browser_says(panel.picture, {"kind": "want", "n": n, "knobs": {"w1": float(w1)}}, [])
    panel.set(data="trident")
    assert np.array_equal(canvas["pixels"], panel.frame)


@pytest.mark.parametrize("message, words", [
    ({"kind": "want", "n": 1, "knobs": {"w1": 99}}, "w1: got 99; allowed is a finite number at least −6 and at most 6"),
    ({"kind": "want", "n": 1, "knobs": {"rate": None}}, "rate: got None"),
    ({"kind": "state", "text": "nonsense"}, "state: got 'nonsense' first"),
    ({"kind": "state", "text": "minima; w1=1e9"}, "w1: got 1000000000;"),
    ({"kind": "want", "n": 1, "knobs": 5}, "AttributeError"),
])
def test_nonsense_from_the_browser_shows_as_a_sentence(live, sent, message, words):
    before, frame = dict(live.values), live.frame.copy()
    live._browser_says(live.picture, message, [])
    note = sent[-1]
    assert note["kind"] == "note" and words in note["error"] and note["n"] == message.get("n")
    assert live.values == before and np.array_equal(live.frame, frame)
    live._browser_says(live.picture, {"kind": "want", "n": 2, "knobs": {"w1": 1.0}}, [])
    assert sent[-1]["error"] == "" and live.error is None


def test_a_broken_activation_shows_its_error_and_the_picture_stays(live, sent, monkeypatch):
    def value(xp, z):
        raise RuntimeError("this activation is broken")
    monkeypatch.setitem(bp.ACTIVATIONS, "broken", Activation("broken", value, value, "", ""))
    frame = live.frame.copy()
    live.knobs["activation"].options = list(bp.ACTIVATIONS)
    live.knobs["activation"].value = "broken"
    assert sent[-1]["error"] == "RuntimeError: this activation is broken"
    assert np.array_equal(live.frame, frame)
    assert live.knobs["activation"].value == live.values["activation"] == "sigmoid"         # as the picture is
    live.knobs["activation"].value = "tanh"
    assert sent[-1]["error"] == "" and "activation=tanh" in sent[-1]["state"] and sent[-1]["words"] == live.words


def test_reset_and_state_from_the_browser(live, sent):
    live.set(w1=-3.0, rate=7.0)
    live._browser_says(live.picture, {"kind": "reset"}, [])
    assert live.state == bp.explore.minima().state
    live._browser_says(live.picture, {"kind": "state", "text": "minima; data=trident; w1=-3; w2=3; steps=40"}, [])
    assert live.values["data"] == "trident" and live.knobs["w1"].value == -3 and live.sliders["w1"].value == -3


def test_a_menu_sets_what_belongs_to_its_choice(live):
    live.knobs["data"].value = "linear saddle"
    assert live.values["activation"] == live.knobs["activation"].value == "identity"
    assert live.values["rate"] == live.knobs["rate"].value == 0.02


def test_set_is_all_or_nothing(live):
    before = dict(live.values)
    with pytest.raises(ValueError, match="w2: got 70"):
        live.set(w1=1.5, w2=70)
    assert live.values == before and live.knobs["w1"].value == before["w1"]


def test_core_panel_follows_its_sliders():
    panel = bp.explore.minima(picture="core")
    first = bytes(panel.core.image.value)
    panel.sliders["w1"].value = -3.0
    panel.knobs["w2"].value = 3.0
    assert (panel.values["w1"], panel.values["w2"]) == (-3, 3) and bytes(panel.core.image.value) != first
    assert panel.core.image.value[:4] == b"\x89PNG" and "Settled in minimum B" in panel.core.text.value
    panel.knobs["steps"].value = 2.5
    assert panel.values["steps"] == panel.knobs["steps"].value == 500
    assert "steps: got 2.5; allowed is a whole number" in panel.core.text.value and 'role="alert"' in panel.core.text.value


def test_still_picture_says_in_words_what_it_shows():
    still = bp.explore.minima().still()
    assert 'alt="Local minima. Settled in minimum A' in still and "data:image/png;base64," in still
    assert "<table>" in still and "✓ agree" in still


def test_every_control_has_a_name():
    panel = bp.explore.minima()
    for knob in panel.explorer.knobs:
        assert panel.knobs[knob.name].description == knob.label
    assert all(slider.description for slider in panel.sliders.values()) and panel.picture.label


def test_refusals():
    with pytest.raises(ValueError, match="picture: got 'svg'; allowed is 'live' or 'core'"):
        bp.explore.minima(picture="svg")
    with pytest.raises(ValueError, match="explorer: got 'minma', did you mean 'minima'"):
        bp.explore.minma()
    assert not hasattr(bp.explore, "minma") and "minima" in dir(bp.explore)
    with pytest.raises(ValueError, match="activation: got 'sigmod', did you mean 'sigmoid'"):
        bp.explore.minima(activation="sigmod")


def slow(explorer, pieces, finished):
    """The explorer, with a compute that takes `pieces` slices and notes whether it got to its end."""
    def compute(scene, values, memory):
        result = work.finished(explorer.compute(scene, {**values, "steps": 20}, memory))
        for k in range(pieces):
            time.sleep(0.01)
            yield work.Part((k + 1) / pieces, result)
        finished.append(values["w1"])
    return type(explorer)(**{**vars(explorer), "compute": compute})


def test_long_work_goes_on_in_slices_and_the_newest_value_wins(sent, monkeypatch):
    monkeypatch.setattr("bpviz.widgets.worker.AT_ONCE_S", 60.0)
    finished = []

    async def drag():
        panel = Panel(slow(bp.explore.minima().explorer, 12, finished))
        panel._browser_says(panel.picture, {"kind": "hello"}, [])
        assert panel.frame is not None and finished      # the first picture is there at once
        finished.clear()
        sent.clear()
        gaps, last = [], time.perf_counter()
        for n, w1 in enumerate((-1.0, -2.0, -3.0)):
            panel._browser_says(panel.picture, {"kind": "want", "n": n, "knobs": {"w1": w1}}, [])
        while panel.worker.task:
            await asyncio.sleep(0)
            gaps.append(time.perf_counter() - last)
            last = time.perf_counter()
        return panel, len(gaps)

    panel, breaths = asyncio.run(drag())
    assert finished == [-3.0] and panel.values["w1"] == -3.0
    assert breaths >= 4                                       # others were heard in between
    assert {m["n"] for m in sent} >= {0, 1, 2}                # every request was answered, stale ones too


def test_cancel_keeps_the_picture_and_says_so(sent):
    finished = []

    async def go():
        panel = Panel(slow(bp.explore.minima().explorer, 40, finished))
        panel._browser_says(panel.picture, {"kind": "hello"}, [])
        finished.clear()
        panel._browser_says(panel.picture, {"kind": "want", "n": 1, "knobs": {"w1": 2.5}}, [])
        await asyncio.sleep(0.05)
        panel._browser_says(panel.picture, {"kind": "cancel"}, [])
        await asyncio.sleep(0.05)
        return panel

    panel = asyncio.run(go())
    assert not finished and panel.worker.task is None and panel.frame is not None
    assert sent[-1]["error"] == "Stopped. Move any knob to go on." and sent[-1]["progress"] is None


def test_a_slider_reaches_as_far_as_its_network_allows():
    panel = bp.explore.backprop()
    assert panel.sliders["step"].max == 32 and panel.sliders["row"].max == 1
    panel.set(example="xor 2-2-1, four rows", step=41, row=4)
    assert panel.sliders["step"].max == 41 and panel.sliders["step"].value == 41 and panel.sliders["row"].max == 4
    again = bp.explore.backprop(state=panel.state)
    assert again.values == panel.values and np.array_equal(again.frame, panel.frame)
    panel.knobs["example"].value = "article 2-2-1"                    # the menu begins at the first step
    assert panel.values["step"] == 1 and panel.sliders["step"].max == 32 and panel.words.startswith("Forward: step 1 of 32")


def test_a_step_that_is_not_there_is_answered_in_a_sentence(sent):
    panel = bp.explore.backprop()
    panel._browser_says(panel.picture, {"kind": "hello"}, [])
    panel._browser_says(panel.picture, {"kind": "want", "n": 7, "knobs": {"step": 60.0}}, [])
    assert sent[-1]["error"] == "step: got 60; allowed is a whole number from 1 to 32" and sent[-1]["n"] == 7
    with pytest.raises(ValueError, match="step: got 60; allowed is a whole number from 1 to 32"):
        bp.explore.backprop(step=60)


def test_the_picture_is_told_where_phases_begin(sent):
    panel = bp.explore.backprop()
    panel._browser_says(panel.picture, {"kind": "hello"}, [])
    panel._browser_says(panel.picture, {"kind": "size", "width": 900, "ratio": 1}, [])
    assert sent[-1]["marks"] == [("forward", 1), ("loss", 7), ("backward", 8), ("update", 23)]
    assert panel.picture.plays == "step" and bp.explore.surface().picture.plays == ""


def test_sliders_without_a_use_are_hidden():
    panel = bp.explore.chain_rule(picture="core")
    assert panel.controls.rows["w3"].layout.display == "none" and panel.controls.rows["w2"].layout.display is None
    panel.knobs["network"].value = "1-2-1"
    assert panel.controls.rows["w3"].layout.display is None and "w2[2,1]" in panel.core.text.value


def test_buttons_answer_and_old_answers_go():
    panel = bp.explore.chain_rule(activation="tanh")
    prove, script = panel.extras.buttons
    prove.click()
    assert "exactly 0, for every one of the 2 weights" in panel.extras.answer.value
    script.click()
    assert "import numpy as np" in panel.extras.answer.value and "<details open>" in panel.extras.fold.value
    tree = panel.extras.fold.value
    panel.set(weight=2)
    assert panel.extras.answer.value == "" and panel.extras.fold.value != tree


def test_a_button_that_fails_says_so(monkeypatch):
    panel = bp.explore.chain_rule()
    monkeypatch.delitem(bp.ACTIVATIONS, "sigmoid")
    panel.extras.buttons[0].click()
    assert 'role="alert"' in panel.extras.answer.value and "sigmoid" in panel.extras.answer.value


def test_idle_moments_make_later_frames_ready(sent, monkeypatch):
    """After the answer, formulas of later steps are set piece by piece; a new request is answered before the rest."""
    from bpviz.plots.label import _kept, _Laid
    _kept.cache_clear()                                      # of whatever ran before
    drawn, draw = [], _Laid.draw
    monkeypatch.setattr(_Laid, "draw", lambda text, sheet: [drawn.append(text), draw(text, sheet)])

    async def drive():
        panel = bp.explore.backprop()
        panel._browser_says(panel.picture, {"kind": "hello"}, [])
        panel._browser_says(panel.picture, {"kind": "want", "n": 1, "knobs": {"step": 2.0}}, [])
        assert sent[-1]["n"] == 1                            # answered within its request, before anything idle
        for _ in range(100):                                 # on a busy machine the answer takes a slice more
            if not panel.worker.resting:
                await asyncio.sleep(0)
        assert panel.worker.task is not None and panel.worker.resting
        panel._browser_says(panel.picture, {"kind": "want", "n": 2, "knobs": {"step": 3.0}}, [])
        assert sent[-1]["n"] == 2
        while panel.worker.task is not None:
            await asyncio.sleep(0.005)
        before = len(drawn)
        pieces = list(panel.projector._drawing.ahead())
        assert len(pieces) > 32 and len(drawn) == before > 32                     # nothing is left to be set
        frames = len(sent)
        panel.cancel()
        assert len(sent) == frames                           # there was nothing to stop

    asyncio.run(drive())


def test_the_browser_is_told_what_the_kernel_moves(live, sent):
    """Even what the kernel's own widgets do not know has changed: a drag is told to them only half a second later."""
    live._browser_says(live.picture, {"kind": "want", "n": 1, "knobs": {"w1": -3.0}}, [])
    assert live.knobs["w1"].value == 1.0                     # not told yet
    sent.clear()
    live._browser_says(live.picture, {"kind": "reset"}, [])
    assert sent[0] == {"kind": "put", "knobs": {"w1": 1.0, "w2": 2.0, "rate": 20.0, "steps": 500,
                                                 "moment": 10_000, "row": 0, "push1": 0.0, "push2": 0.0}}
    assert live.values["w1"] == 1.0


@pytest.mark.parametrize("picture", ["live", "core"])
@pytest.mark.parametrize("name, asked, moved", [
    ("minima", {"data": "trident", "activation": "tanh", "w1": 0.25, "rate": 7.0}, {"data": "seesaw", "w2": -3.0}),
    ("backprop", {"example": "xor 2-2-1, four rows", "step": 23, "row": 3}, {"example": "article 2-2-1", "rate": 2.0}),
])
def test_reset_returns_to_what_the_cell_asked_for(sent, picture, name, asked, moved):
    panel = getattr(bp.explore, name)(picture=picture, **asked)
    first = dict(panel.values)
    assert all(first[knob] == value for knob, value in asked.items())
    for knob, value in moved.items():                                # menus set other knobs along with themselves
        panel.knobs[knob].value = value
        assert panel.values[knob] == value
    if picture == "live":
        panel._browser_says(panel.picture, {"kind": "hello"}, [])
        panel._browser_says(panel.picture, {"kind": "reset"}, [])
    else:
        panel.core.reset.click()
    assert panel.values == first and {knob: widget.value for knob, widget in panel.knobs.items()} == first


def test_state_and_refused_numbers_without_the_live_picture():
    panel = bp.explore.backprop(picture="core", step=20)
    assert panel.core.state.value == panel.state
    panel.core.state.value = "backprop; step=31; rate=2"
    assert panel.values["step"] == 31 and panel.values["rate"] == 2 and panel.core.state.value == panel.state
    for typed, sentence in ((60.0, "step: got 60; allowed is a whole number from 1 to 32"), (2.5, "step: got 2.5; allowed"),
                            (float("inf"), "step: got inf")):
        panel.knobs["step"].value = typed
        assert sentence in panel.core.text.value and panel.knobs["step"].value == panel.values["step"] == 31
        assert "step=31" in panel.core.state.value
    panel.core.state.value = "nonsense"
    assert " first; allowed is a state" in panel.core.text.value and panel.core.state.value == panel.state


def test_a_number_that_this_network_does_not_have_goes_back_in_the_browser(sent):
    panel = bp.explore.backprop(step=9)
    panel._browser_says(panel.picture, {"kind": "hello"}, [])
    panel._browser_says(panel.picture, {"kind": "want", "n": 7, "knobs": {"step": 60.0}}, [])
    assert sent[-1]["error"] == "step: got 60; allowed is a whole number from 1 to 32"
    assert sent[-1]["back"] == {"step": [60.0, 9.0]} and panel.values["step"] == 9 and "step=9" in sent[-1]["state"]
    panel.knobs["step"].value = 60.0                                # the box's own message comes later
    assert panel.knobs["step"].value == 9


def test_work_that_goes_on_does_not_wipe_the_sentence_away(sent):
    async def go():
        panel = Panel(slow(bp.explore.minima().explorer, 12, []))
        panel._browser_says(panel.picture, {"kind": "hello"}, [])
        panel._browser_says(panel.picture, {"kind": "want", "n": 1, "knobs": {"w1": 2.5}}, [])
        panel._browser_says(panel.picture, {"kind": "want", "n": 2, "knobs": {"w1": 99}}, [])
        while panel.worker.task:
            await asyncio.sleep(0.005)
        return panel
    panel = asyncio.run(go())
    frames = [m for m in sent if m["kind"] == "frame"]
    assert frames[-1]["error"].startswith("w1: got 99") and panel.values["w1"] == 2.5


def test_a_panel_finishes_on_request(sent):
    finished = []

    async def go():
        panel = Panel(slow(bp.explore.minima().explorer, 40, finished))
        finished.clear()
        panel.set(w1=-2.0)
        assert not finished and panel.finish() is panel and finished == [-2.0]
        panel.close()
    asyncio.run(go())


def test_a_live_picture_is_waited_for_only_while_the_kernel_could_hear_it(monkeypatch):
    monkeypatch.setattr("bpviz.widgets.live.TICK_S", 0.02)
    monkeypatch.setattr("bpviz.widgets.live.PATIENCE_S", 0.1)
    monkeypatch.setattr("bpviz.widgets.panel.show_widget", lambda widget: None)

    async def go(busy):
        panel = bp.explore.minima()
        panel._ipython_display_()
        for _ in range(busy):
            time.sleep(0.1)                                        # cells that keep the kernel busy
            await asyncio.sleep(0)
        early = panel.core.shown
        await asyncio.sleep(0.5)
        late = panel.core.shown
        panel.close()
        return early, late
    assert asyncio.run(go(3)) == (False, True)


def test_a_live_picture_that_comes_after_it_was_given_up_is_shown(sent):
    """Under load the browser can take longer than the panel waits: the core picture gives way again."""
    panel = bp.explore.minima()
    panel._show_core()
    assert panel.core.shown and panel.picture.layout.display == "none"
    panel._browser_says(panel.picture, {"kind": "hello"}, [])
    assert not panel.core.shown and panel.picture.layout.display is None
    panel._browser_says(panel.picture, {"kind": "size", "width": 900, "ratio": 1}, [])
    assert sent[-1]["kind"] == "frame"
    panel.close()


def test_a_state_with_another_choice_of_a_menu_keeps_what_that_choice_does_not_set():
    state = "minima; data=trident; activation=tanh; w1=0.5; w2=-1; rate=3; steps=77"
    panel = bp.explore.minima(state=state, activation="sigmoid", picture="core")
    assert (panel.values["w1"], panel.values["steps"], panel.values["activation"]) == (0.5, 77, "sigmoid")
    other = bp.explore.minima(state=state, data="seesaw", picture="core")
    assert other.values["data"] == "seesaw" and other.values["w1"] == 0.5
    assert other.values["rate"] == bp.explore.minima(data="seesaw", picture="core").values["rate"]


def test_a_slider_in_powers_of_ten_reaches_as_far_as_the_scene_says():
    """Its `max` is the power: told the value itself it would reach up to 10 ** 4.1, and its handle stand far left."""
    knobs = all_explorers()["momentum"]
    controls = Controls(knobs, knobs.values(), lambda *moved: None)
    controls.limit({"rate": 4.1, "condition": 100.0})
    assert np.allclose([controls.sliders[name].max for name in ("rate", "condition")], [np.log10(4.1), 2])
    controls.put({"rate": 25.0, "momentum": 0.5})                     # of a network, before its limits are known
    assert controls.sliders["rate"].value == 25.0 and np.isclose(controls.sliders["rate"].max, np.log10(25))
    controls.limit({"rate": 68.2, "condition": None})
    assert controls.rows["condition"].layout.display == "none" and np.isclose(controls.sliders["rate"].max, np.log10(68.2))
