"""Long work in short slices, so that the kernel stays alive and the newest value wins.

work   a generator that yields ("share", 0..1), ("result", result) or ("wait", None), a few ms of work apart; then
       ("rest", None), after which it is done and goes on only as long as nothing else is to do

The first slice runs at once, so light work answers within its request. What is left goes on as
an asyncio task, slice by slice; a newer start, or `cancel`, drops it.
"""
import asyncio
import time

AT_ONCE_S = 1.0                 # how long a cell may wait for its panel
BUDGET_S = 0.015                # a slice; the last piece of work in it and the frame stay below 30 ms in all


def running_loop():
    """The event loop that runs this very code, or None."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class Worker:
    """Runs one work at a time.

    on_result: (result, number, began) at the end of a slice whose last piece was a result.
    on_share: (share, number) at the end of another slice.  on_done: () after the last one.
    on_error: (exception, number).  number: which request is being answered, None after the first slice.
    """

    def __init__(self, on_result, on_share, on_done, on_error):
        self.on_result, self.on_share, self.on_done, self.on_error = on_result, on_share, on_done, on_error
        self.task, self.resting, self.shown = None, False, False

    def start(self, work, number=None, at_once=False):
        """Drop what is under way and begin. Errors go to on_error.

        at_once: run to the end before returning, errors and all; with a loop running only to the first result, and on
        from there until AT_ONCE_S are over.
        """
        self.cancel()
        self.resting = self.shown = False
        loop, began = running_loop(), time.perf_counter()
        try:
            more = self._slice(work, number)
            while more and not self.resting and (
                    loop is None or (at_once and (not self.shown or time.perf_counter() - began < AT_ONCE_S))):
                more = self._slice(work)
            if more and loop is not None and not (at_once and self.resting):
                self.task = loop.create_task(self._go_on(work))
            elif more:
                work.close()
        except Exception as error:
            if at_once:
                raise
            self.on_error(error, number)

    def _slice(self, work, number=None):
        """Run for BUDGET_S and tell how far it came. Returns whether there may be more to do."""
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
            self.task = None
        except asyncio.CancelledError:
            work.close()
            raise
        except Exception as error:
            self.task = None
            self.on_error(error, None)

    def cancel(self):
        """Drop the work under way. Returns whether there was any."""
        task, self.task = self.task, None
        if task is not None:
            task.cancel()
        return task is not None and not self.resting
