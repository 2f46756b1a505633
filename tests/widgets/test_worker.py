"""Long work in slices: every request is answered, results are shown, waiting is not."""
import asyncio
import threading
import time

from bpviz.base.work import Part
from bpviz.widgets.worker import BUDGET_S, Worker


def heard():
    log = []

    def on_part(part, number, began):
        log.append(("share", part.share, number) if part.result is None else ("result", part.result, number))
    worker = Worker(on_part, lambda: log.append(("done",)), lambda error, number: log.append(("error", str(error), number)))
    return worker, log


def slow_start():
    """Work whose first result takes three slices."""
    for _ in range(3):
        time.sleep(1.2 * BUDGET_S)
        yield Part(0.0)
    yield Part(0.5, "the first")
    yield Part(0.5)


async def run(worker, work, number):
    worker.start(work, number)
    while worker.task is not None:
        await asyncio.sleep(0.005)


def test_a_request_is_answered_even_before_there_is_a_result():
    worker, log = heard()
    asyncio.run(run(worker, slow_start(), 7))
    assert log[0] == ("share", 0.0, 7) and ("result", "the first", None) in log and log[-1] == ("done",)
    assert sum(entry[0] == "share" for entry in log) == 1


def test_waiting_does_not_hide_a_result_of_the_same_slice():
    worker, log = heard()

    def work():
        yield Part(0.5, "early")
        yield Part(0.0)
        yield Part(0.0)
    worker.start(work(), 3, at_once=True)
    assert log == [("result", "early", 3), ("done",)]


def test_a_result_after_waiting_within_the_slice_answers_at_once():
    worker, log = heard()

    def work():
        yield Part(0.0)
        yield Part(0.5, "late")
    worker.start(work(), 4, at_once=True)
    assert log == [("result", "late", 4), ("done",)]


def endless():
    for k in range(10_000):
        time.sleep(0.002)
        yield Part(0.5, k)


def test_a_cell_waits_for_its_panel_only_so_long(monkeypatch):
    monkeypatch.setattr("bpviz.widgets.worker.AT_ONCE_S", 0.1)
    worker, log = heard()

    async def cell():
        worker.start(endless(), at_once=True)
        first = len(log)
        assert first >= 2 and worker.task is not None                  # there is a picture, and the work goes on
        await asyncio.sleep(0.1)
        assert len(log) > first
        assert worker.cancel()
    asyncio.run(cell())


def test_a_panel_has_its_first_picture_however_long_that_takes(monkeypatch):
    monkeypatch.setattr("bpviz.widgets.worker.AT_ONCE_S", 0.0)
    worker, log = heard()

    async def cell():
        worker.start(slow_start(), at_once=True)
        assert ("result", "the first", None) in log
    asyncio.run(cell())


def test_two_threads_take_turns_and_the_newer_work_wins():
    """JupyterLab hands widget messages to a thread of its own, while the cell's work goes on in the main one."""
    worker, log = heard()
    inside, most, rounds = [0], [0], 30

    def work(name):
        for _ in range(400):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0.0005)
            inside[0] -= 1
            yield Part(0.5, name)

    async def messages():
        for k in range(rounds):
            worker.start(work(f"message {k}"), k)
            await asyncio.sleep(0.004)

    async def cell():
        thread = threading.Thread(target=lambda: asyncio.run(messages()))
        thread.start()
        while thread.is_alive():
            worker.start(work("cell"))
            await asyncio.sleep(0.003)
        worker.start(work("last"))
        while worker.task is not None:
            await asyncio.sleep(0.005)
    asyncio.run(cell())
    assert most[0] == 1 and not [entry for entry in log if entry[0] == "error"]
    names = [entry[1] for entry in log if entry[0] == "result"]
    assert names[-1] == "last" and {"cell", "message 3"} <= set(names)
    first = names.index("last")
    assert set(names[first:]) == {"last"}                                  # nothing older comes after


def test_idle_pieces_come_after_the_work_and_give_way_to_the_next():
    log, pieces = [], []

    def idle():
        for k in range(1000):
            pieces.append(k)
            yield
    worker = Worker(lambda part, number, began: log.append(part.result), lambda: log.append("done"), None, idle)

    async def cell():
        worker.start(iter([Part(1.0, "one")]), 1)
        assert log == ["one", "done"] and not pieces
        while len(pieces) < 3:
            await asyncio.sleep(0)
        worker.start(iter([Part(1.0, "two")]), 2)
        assert log == ["one", "done", "two", "done"] and len(pieces) < 1000
        worker.cancel()
    asyncio.run(cell())
