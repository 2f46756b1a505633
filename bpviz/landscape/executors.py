"""Many descents as parts of a large work, done here one after the other, or by an executor.

task   (key, make): `make()` gives the arguments of `settle` by name, made as late as possible, so that a part
       can use what earlier parts have found

Both generators yield (share, None) while a part is under way and (key, Ends) for each that is done, so
that whoever runs them can stop in between.
"""
from concurrent.futures import FIRST_COMPLETED, wait

from bpviz.descent.settle import settle

AT_ONCE = 16                  # parts handed to an executor before one of them is back


def here(tasks):
    """Every part in this process."""
    for key, make in tasks:
        for part in settle.parts(**make()):
            if part.result is None:
                yield part.share, None
        yield key, part.result


def by_executor(executor, tasks, lose):
    """Every part by the executor; one that fails there is done again here, and `lose(error)` is told."""
    tasks, under_way, more = iter(tasks), {}, True
    try:
        while more or under_way:
            while more and len(under_way) < AT_ONCE:
                key, make = next(tasks, (None, None))
                more = make is not None
                if not more:
                    break
                task = make()
                try:
                    under_way[executor.submit(settle, **task)] = key, task
                except RuntimeError as error:                       # it is shut down, or broken
                    lose(error)
                    yield key, settle(**task)
            ready, _ = wait(under_way, timeout=0.05, return_when=FIRST_COMPLETED)
            if under_way and not ready:
                yield 0.0, None
            for future in ready:
                key, task = under_way.pop(future)
                try:
                    ends = future.result()
                except Exception as error:
                    lose(error)
                    ends = settle(**task)
                yield key, ends
    finally:
        for future in under_way:
            future.cancel()
