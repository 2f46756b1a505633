"""Long work in short slices, so that the kernel stays alive and the newest value wins.

work   a generator that yields ("share", 0..1), ("result", result) or ("wait", None), a few ms of work apart; then
       ("rest", None), after which it is done and goes on only as long as nothing else is to do

The first slice runs at once, so light work answers within its request. What is left goes on as
an asyncio task, slice by slice; a newer start, or `cancel`, drops it. A panel's work is done in the main
thread (home.py); should two threads come here all the same, a slice is one thread's alone, and work that
is no longer wanted finds out at its next slice.
"""
import asyncio
import time

from bpviz.plots.style import ONE_AT_A_TIME
from bpviz.widgets.home import running_loop

AT_ONCE_S = 1.0                 # how long a cell may wait for its panel
BUDGET_S = 0.015                # a slice; the last piece of work in it and the frame stay below 30 ms in all


class Worker:
    """Runs one work at a time.

    on_result: (result, number, began) at the end of a slice whose last piece was a result.
    on_share: (share, number) at the end of another slice.  on_done: () after the last one.
    on_error: (exception, number).  number: which request is being answered, None after the first slice.
    """

    def __init__(self, on_result, on_share, on_done, on_error):
        self.on_result, self.on_share, self.on_done, self.on_error = on_result, on_share, on_done, on_error
        self.task, self.work, self.resting, self.shown = None, None, False, False

    def start(self, work, number=None, at_once=False, to_the_end=False):
        """Drop what is under way and begin. Errors go to on_error.

        at_once: run to the end before returning, errors and all; with a loop running only to the first result, and on
        from there until AT_ONCE_S are over.  to_the_end: run to the end, loop or not.
        """
        with ONE_AT_A_TIME:
            self.cancel()
            self.work, self.resting, self.shown = work, False, False
        loop, began = running_loop(), time.perf_counter()
        try:
            more = self._slice(work, number)
            while more and not self.resting and (
                    loop is None or to_the_end
                    or (at_once and (not self.shown or time.perf_counter() - began < AT_ONCE_S))):
                more = self._slice(work)
            with ONE_AT_A_TIME:
                if more and work is self.work and loop is not None and not (at_once and self.resting):
                    self.task = loop.create_task(self._go_on(work))
                elif more:
                    work.close()
        except Exception as error:
            if at_once:
                raise
            self.on_error(error, number)

    def finish(self):
        """Do now what is left of the work under way, errors and all."""
        work, more = self.work, self.task is not None
        while more and work is self.work and not self.resting:
            try:
                more = self._slice(work)
            except Exception:
                self._over(work)
                raise

    def _slice(self, work, number=None):
        """Run for BUDGET_S and tell how far it came. Returns whether there may be more to do."""
        with ONE_AT_A_TIME:
            if work is not self.work:
                work.close()
                return False
            return self._run(work, number)

    def _run(self, work, number):
        began, last, more = time.perf_counter(), None, True
        while more and time.perf_counter() - began < BUDGET_S:
            step = next(work, None)
            more = step is not None
            if more and step[0] == "rest":
                break
            last = step if more and step[0] != "wait" else last
        rested, self.resting = self.resting, not more or step[0] == "rest"
        if last is not None:
            kind, thing = last
            if kind == "result":
                self.shown = True
                self.on_result(thing, number, began)
            else:
                self.on_share(thing, number)
        elif number is not None:                          # no result yet: the request is answered all the same
            self.on_share(0.0, number)
        if self.resting and not rested:
            self.on_done()
        return more

    async def _go_on(self, work):
        try:
            more = True
            while more:
                await asyncio.sleep(0)                # here the kernel hears new messages
                more = self._slice(work)
            self._over(work)
        except Exception as error:
            self._over(work)
            self.on_error(error, None)

    def _over(self, work):
        with ONE_AT_A_TIME:
            if work is self.work:
                self.task = self.work = None

    def cancel(self):
        """Drop the work under way. Returns whether there was any."""
        with ONE_AT_A_TIME:
            task, self.task, self.work = self.task, None, None
            return task is not None and not self.resting
