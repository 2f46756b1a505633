"""A panel computes and draws in one thread only: the one that cells run in.

Matplotlib bears one thread at a time: its parser of formulas is the whole process's. But some kernels hand the
messages of widgets to a thread of their own while a cell runs, and that cell may be drawing. So what a message asks for
is put on the loop of the main thread, which comes to it when the cell is over or awaits something: `post`. Who calls a
panel's methods from another thread waits for the answer: `ask`.
"""
import asyncio
import threading
from concurrent.futures import Future

MOST_WAIT_S = 60.0
turn = threading.RLock()        # for panels in several threads of a program that has no home: one of them at a time
_main = None                    # the loop of the main thread, once something here has run in it


def running_loop():
    """The event loop that runs this very code, or None."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _elsewhere():
    """The main thread's loop, if this code runs in another thread; None if it runs at home, or no home is known."""
    global _main
    if threading.current_thread() is threading.main_thread():
        _main = running_loop() or _main
        return None
    return _main if _main is not None and _main.is_running() else None


def post(action):
    """Run action() at home: at once if this is home, else as soon as the main thread is free."""
    loop = _elsewhere()
    if loop is None:
        with turn:
            action()
    else:
        loop.call_soon_threadsafe(action)


def ask(action):
    """What action() returns or raises, run at home. TimeoutError if a cell keeps the main thread for too long."""
    loop = _elsewhere()
    if loop is None:
        with turn:
            return action()
    answer = Future()

    def run():
        if answer.set_running_or_notify_cancel():
            try:
                answer.set_result(action())
            except BaseException as error:
                answer.set_exception(error)
    loop.call_soon_threadsafe(run)
    try:
        return answer.result(MOST_WAIT_S)
    except TimeoutError:
        if answer.cancel():
            raise TimeoutError(f"a cell has kept the kernel busy for {MOST_WAIT_S:g} s; panels are drawn when it is "
                               "over") from None
        raise
