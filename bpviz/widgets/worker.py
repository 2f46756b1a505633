"""Long work in short slices, so that the kernel stays alive and the newest value wins.

work   a generator of Parts (base/work.py), a few ms of work apart
ahead  a generator of anything: pieces for idle moments, after the work is done and until something else is to do

The first slice runs at once, so light work answers within its request. What is left goes on as
an asyncio task, slice by slice; a newer start, or `cancel`, drops it. A panel's work is done in the main
thread (home.py); should two threads come here all the same, a slice is one thread's alone, and work that
is no longer wanted finds out at its next slice.
"""
import asyncio
import time

from bpviz.base.work import Part
from bpviz.widgets.home import running_loop, turn

AT_ONCE_S = 1.0                 # how long a cell may wait for its panel
BUDGET_S = 0.015                # a slice; the last piece of work in it and the frame stay below 30 ms in all
GRAIN = 0.01                    # a share is told again once it has moved so far


class Worker:
    """Runs one work at a time.

    on_part: (part, number, began) at the end of a slice that brought something: how far the work is, and the newest
    result of the slice, if there was one.  on_done: () after the last one.  on_error: (exception, number).
    number: which request is being answered, None after the first slice.
    ahead: () -> generator, asked for when the work is done.
    """

    def __init__(self, on_part, on_done, on_error, ahead=lambda: iter(())):
        self.on_part, self.on_done, self.on_error, self.ahead = on_part, on_done, on_error, ahead
        self.task, self.work, self.resting, self.shown, self.told = None, None, False, False, 0.0

    def start(self, work, number=None, at_once=False, to_the_end=False):
        """Drop what is under way and begin. Errors go to on_error.

        at_once: run to the end before returning, errors and all; with a loop running only to the first result, and on
        from there until AT_ONCE_S are over.  to_the_end: run to the end, loop or not.
        """
        with turn:
            self.cancel()
            self.work, self.resting, self.shown, self.told = work, False, False, 0.0
        loop, began = running_loop(), time.perf_counter()
        try:
            more = self._slice(work, number)
            while more and not self.resting and (
                    loop is None or to_the_end
                    or (at_once and (not self.shown or time.perf_counter() - began < AT_ONCE_S))):
                more = self._slice(work)
            with turn:
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
            except BaseException:                     # an interrupt, too: what it hit does not go on
                self._over(work)
                raise

    @property
    def busy(self):
        """Whether work is under way that will tell more by itself."""
        return self.task is not None and not self.task.done() and not self.resting

    def _slice(self, work, number=None):
        """Run for BUDGET_S and tell how far it came. Returns whether there may be more to do."""
        with turn:
            if work is not self.work:
                work.close()
                return False
            return self._run(work, number)

    def _run(self, work, number):
        if self.resting:
            return next(self._idle, self) is not self
        began, share, result = time.perf_counter(), None, None
        while time.perf_counter() - began < BUDGET_S:
            part = next(work, None)
            if part is None:
                self.resting, self._idle = True, self.ahead()
                break
            share, result = part.share, result if part.result is None else part.result
        share = self.told if share is None else share
        if result is not None or number is not None or abs(share - self.told) >= GRAIN:       # a request is answered
            self.shown, self.told = self.shown or result is not None, share
            self.on_part(Part(share, result), number, began)
        if self.resting:
            self.on_done()
        return True

    async def _go_on(self, work):
        try:
            more = True
            while more:
                await asyncio.sleep(0)                # here the kernel hears new messages
                more = self._slice(work)
        except Exception as error:
            self._over(work)                          # before it is told: who hears of it may begin anew
            self.on_error(error, None)
        finally:
            self._over(work)                          # at its end, and when it was interrupted or cancelled

    def _over(self, work):
        with turn:
            if work is self.work:
                self.task = self.work = None

    def cancel(self):
        """Drop the work under way. Returns whether there was any."""
        with turn:
            task, self.task, self.work = self.task, None, None
            return task is not None and not self.resting
