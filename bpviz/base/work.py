"""Long work in parts: one generator, run to its end, watched while it goes, or taken up again.

share   how much of the work is done, 0 to 1
result  the best answer so far; None where there is none yet

Whoever writes long work writes one generator of Parts, a few milliseconds (PIECE_S) of work apart, the last of which
holds the whole answer. `in_parts` makes the plain function of it:

    @in_parts
    def descend(objective, theta, ...):
        ...
        yield Part(share, path_so_far)

    descend(fit, theta)                    runs to the end and returns the last result
    descend.parts(fit, theta)              the generator: a panel shows each Part, a progress bar its share
"""
from collections import deque
from dataclasses import dataclass
from functools import wraps

PIECE_S = 0.004         # seconds of work between two Parts, about


@dataclass(frozen=True, slots=True)
class Part:
    """How far a work is.  share: 0 to 1.  result: the best answer so far, or None."""
    share: float
    result: object = None


def finished(parts):
    """Run a generator of Parts to its end: the result of the last one."""
    last = deque(parts, maxlen=1)
    return last[0].result if last else None


def value_of(pieces):
    """Run a generator of pieces to its end: what it returns."""
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value


def in_parts(make):
    """The function that runs `make(...)`, a generator of Parts, to its end; the generator itself is its `.parts`."""
    @wraps(make)
    def run(*args, **kwargs):
        return finished(make(*args, **kwargs))
    run.parts = make
    return run


def within(parts, low=0.0, high=1.0):
    """Parts as a stretch of a larger work: yields Part(share between low and high), returns the last result.

    points = yield from within(critical_points.parts(fit), 0.1, 0.9)
    """
    part = Part(0.0)
    for part in parts:
        yield Part(low + (high - low) * part.share)
    return part.result


class Memory:
    """What was found before, so that it need not be found again: the newest `most` things, each under a key.

    A Memory belongs to whoever asks (a panel has one, a test makes one), never to what is computed.
    """

    def __init__(self, most=32):
        self.most, self._kept = most, {}

    def __len__(self):
        return len(self._kept)

    def __contains__(self, key):
        return key in self._kept

    def get(self, key, make):
        """What `make()` returns, made once."""
        if key not in self._kept:
            return self._keep(key, make())
        return self._keep(key, self._kept.pop(key))

    def resume(self, key, make):
        """The Parts of `make()`, begun once: a work that was dropped half-way goes on where it was left.

        What is done already comes first, as one Part with the last result so far. A work that failed is begun anew.
        """
        work = self.get(key, lambda: _Work(make()))
        if work.last is not None:
            yield work.last
        try:
            for part in work.parts:
                work.last = part if part.result is not None or work.last is None else Part(part.share, work.last.result)
                yield part
        except GeneratorExit:                   # dropped: it may be taken up again
            raise
        except BaseException:                   # an interrupt, too
            self._kept.pop(key, None)
            raise

    def _keep(self, key, thing):
        while len(self._kept) >= self.most:
            self._kept.pop(next(iter(self._kept)))
        self._kept[key] = thing
        return thing


class _Work:
    """A generator of Parts under way, how far it is and the last result it gave."""

    def __init__(self, parts):
        self.parts, self.last = parts, None
