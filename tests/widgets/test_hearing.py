"""What a panel hears of its browser: at any moment, in any thread, in any order, or not at all."""
import asyncio
import random
import threading

import ipywidgets as W
import pytest

import bpviz as bp
from bpviz.base.work import Memory, Part
from bpviz.explorers import basins
from bpviz.widgets import home, worker
from bpviz.widgets.picture import Picture

SIZE = {"kind": "size", "width": 900, "ratio": 1}
WIDGETS_AFTER = 60              # a panel has fewer that are opened after its picture


@pytest.fixture(autouse=True)
def coarse(monkeypatch):
    monkeypatch.setattr(basins, "CELLS", 40)


@pytest.fixture
def unhurried(monkeypatch):
    """One part of the work in a slice, until it is undone: on a quick machine all would be there before it is asked."""
    with monkeypatch.context() as slower:
        slower.setattr(worker, "BUDGET_S", 1e-6)
        yield slower


@pytest.fixture
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(Picture, "send", lambda self, content, buffers=None: messages.append(content))
    return messages


def frames(sent):
    return [one for one in sent if one["kind"] == "frame"]


def heard_elsewhere(picture, *messages):
    """As ipywidgets hands them on, from another thread, to the end."""
    thread = threading.Thread(target=lambda: [picture._handle_custom_msg(one, []) for one in messages])
    thread.start()
    thread.join()


async def settled(panel):
    for _ in range(3):
        await asyncio.sleep(0.001)
    while panel.worker.busy:
        await asyncio.sleep(0.005)


@pytest.mark.parametrize("given", [("minima", {}), ("escape", {})])
def test_a_hello_is_heard_whenever_it_comes_once_the_picture_is_open(sent, monkeypatch, given):
    """A browser says it as soon as it has heard of the picture, and another thread hears it while the panel is made.

    Here it comes while the first widget after the picture is opened, the second, ...: it used to be lost there.
    """
    name, knobs = given
    said, true = [], W.Widget.open

    async def opened(k):
        since = []

        def opening(widget):
            true(widget)
            if isinstance(widget, Picture) or since:
                since.append(widget)
                if len(since) == k + 1:
                    heard_elsewhere(since[0], {"kind": "hello"})
                    said.append(k)
        monkeypatch.setattr(W.Widget, "open", opening)
        home.post(lambda: None)                                              # a cell has run here
        sent.clear()
        panel = getattr(bp.explore, name)(**knobs)
        await asyncio.sleep(0.001)
        monkeypatch.setattr(W.Widget, "open", true)
        if len(since) > k:
            assert panel.live, f"lost at {type(since[k]).__name__}, {k} widgets after the picture"
            heard_elsewhere(panel.picture, SIZE)
            await settled(panel)
            assert frames(sent)[-1]["css"][0] == 900
        panel.close()

    for k in range(0, WIDGETS_AFTER, 4):
        asyncio.run(opened(k))
    assert said[0] == 0 and 3 < len(said) < WIDGETS_AFTER / 4


@pytest.mark.parametrize("first", [SIZE, {"kind": "want", "n": 1, "knobs": {"w1": -3.0, "w2": 3.0}}])
def test_whatever_is_heard_says_that_the_picture_is_there(sent, first):
    panel = bp.explore.minima(w1=1)
    panel._browser_says(panel.picture, {**first, "page": "a", "k": 2}, [])           # k = 1 was lost: its hello
    assert panel.live and frames(sent)[-1]["n"] == first.get("n")
    put = [one["knobs"] for one in sent if one["kind"] == "put"]
    assert len(put) == (first is SIZE) and panel.values["w1"] == (1 if first is SIZE else -3)
    assert panel.picture.first == [] and not panel.core.shown
    panel.close()


@pytest.mark.parametrize("seed", range(6))
def test_the_newest_move_wins_in_whatever_order_two_threads_hear_them(sent, seed):
    """Every request is answered, and the panel ends where the hand ended: 6 x 6 drags, shuffled and delayed."""
    chance = random.Random(seed)

    async def dragged():
        home.post(lambda: None)
        panel = bp.explore.minima()
        for drag in range(6):
            page, many = f"{seed} {drag}", chance.randint(3, 9)
            said = [{"kind": "hello"}, SIZE, *({"kind": "want", "n": n, "wire": 5, "knobs": {"w1": n / 2, "w2": 1.0}}
                                               for n in range(1, many))]
            said = [{**one, "page": page, "k": k} for k, one in enumerate(said)]
            chance.shuffle(said)
            if chance.random() < 0.5:
                said = [one for one in said if one["kind"] != "hello"]
            sent.clear()
            ways = [[one for one in said if chance.random() < 0.5]]
            ways.append([one for one in said if one not in ways[0]])
            hands = [threading.Thread(target=slowly, args=(panel.picture, way, chance.random())) for way in ways]
            for hand in hands:
                hand.start()
            while any(hand.is_alive() for hand in hands):
                await asyncio.sleep(0.0005)
            await settled(panel)
            assert panel.live and panel.values["w1"] == (many - 1) / 2
            assert f"w1={panel.values['w1']:g};" in sent[-1]["state"]
            assert sorted(one["n"] for one in sent if one.get("n")) == list(range(1, many))
        panel.close()

    def slowly(picture, way, pause):
        for one in way:
            threading.Event().wait(0.002 * pause)
            picture._handle_custom_msg(one, [])

    asyncio.run(dragged())


def test_another_page_begins_to_count_anew(sent):
    panel = bp.explore.minima()
    for page, w1 in (("a", 1.0), ("b", 2.0)):
        for k in range(3 if page == "a" else 1):
            panel._browser_says(panel.picture, {"kind": "want", "n": k + 1, "knobs": {"w1": w1}, "page": page, "k": k}, [])
    assert panel.values["w1"] == 2
    panel.close()


def test_what_an_older_picture_said_is_not_taken_for_the_new_ones(sent):
    panel = bp.explore.minima()
    old = panel.picture
    panel.close()
    panel._open()
    panel._browser_says(old, {"kind": "hello"}, [])
    assert not panel.live
    panel.close()


def test_who_asks_again_is_told_how_far_it_is_or_shown_it_once_more(sent, unhurried):
    want = {"kind": "want", "n": 1, "knobs": {"w1": 2.0}, "again": True}

    async def asked():
        home.post(lambda: None)
        panel = bp.explore.basins(data="seesaw")
        panel.set(w1=2.0, steps=2000)
        panel._browser_says(panel.picture, {"kind": "hello"}, [])
        assert panel.worker.busy
        work, _ = panel.worker.work, sent.clear()
        panel._browser_says(panel.picture, want, [])
        assert panel.worker.work is work and [(one["kind"], one["n"]) for one in sent] == [("note", 1)]
        while panel.worker.busy:
            await asyncio.sleep(0.005)
        unhurried.undo()
        sent.clear()
        panel._browser_says(panel.picture, {**want, "n": 2}, [])
        one = frames(sent)[0]
        assert one["n"] == 2 and one["tiles"] == [[0, 0, *one["size"]]]                # whole: what was lost is in it
        panel.close()

    asyncio.run(asked())


def test_a_finish_that_is_interrupted_leaves_a_panel_that_goes_on(sent, unhurried):
    async def interrupted():
        home.post(lambda: None)
        panel = bp.explore.basins(data="seesaw", steps=2000)
        panel._browser_says(panel.picture, {"kind": "hello"}, [])
        panel.set(w1=2.5)
        assert panel.worker.busy
        true, slices = panel.worker.on_part, []

        def stop(*given):
            slices.append(1)
            if len(slices) == 2:
                raise KeyboardInterrupt
            return true(*given)
        panel.worker.on_part = stop
        with pytest.raises(KeyboardInterrupt):
            panel.finish()
        panel.worker.on_part = true
        assert panel.worker.busy
        while panel.worker.busy:
            await asyncio.sleep(0.005)
        assert panel._result.share == 1 and sent[-1]["progress"] is None
        panel.close()

    asyncio.run(interrupted())


def test_work_that_was_interrupted_is_begun_anew():
    memory, tries = Memory(), []

    def work():
        tries.append(1)
        yield Part(0.5, "half")
        if len(tries) == 1:
            raise KeyboardInterrupt
        yield Part(1.0, "whole")
    with pytest.raises(KeyboardInterrupt):
        list(memory.resume("key", work))
    assert [part.result for part in memory.resume("key", work)] == ["half", "whole"]
