"""Where a panel's knobs have been: to take a move back, and to make it again."""
import time

PAUSE_S, PLAY_S, MOST = 0.6, 4.0, 200     # moves of the same knobs no further apart are one; so are the steps of Play


class History:
    """Values of all knobs before each move (`back`), and those of moves taken back (`forth`); the newest last.

    plays: name of the knob that Play moves, or "".
    """

    def __init__(self, plays=""):
        self.back, self.forth, self.plays = [], [], plays
        self.rest()

    def rest(self):
        """The next move is one of its own, however soon it comes."""
        self._names, self._when = frozenset(), 0.0

    def moved(self, old, new):
        """The knobs were at `old` and are moved to `new`: {name: value}.

        >>> history = History()
        >>> history.moved({"w1": 0}, {"w1": 1})
        >>> history.moved({"w1": 1}, {"w1": 2})               # at once: the same drag
        >>> history.undo({"w1": 2}), history.redo({"w1": 0})
        ({'w1': 0}, {'w1': 2})
        """
        names, now = frozenset(name for name in new if new[name] != old[name]), time.monotonic()
        if not names:
            return
        pause = PLAY_S if names == {self.plays} else PAUSE_S
        if not (names & self._names and now - self._when < pause):
            self.back.append(dict(old))
            del self.back[:-MOST]
            self._names = frozenset()
        self._names, self._when = self._names | names, now
        self.forth.clear()

    def refused(self, good):
        """The last move could not be done: the knobs are back at `good`."""
        if self.back and self.back[-1] == good:
            self.back.pop()
        self.rest()

    def undo(self, values):
        """Where the knobs were before the last move; None if none was made.  values: where they are."""
        return self._step(self.back, self.forth, values)

    def redo(self, values):
        """Where the move that was taken back led; None if none was."""
        return self._step(self.forth, self.back, values)

    def _step(self, source, other, values):
        self.rest()
        if not source:
            return None
        other.append(dict(values))
        return source.pop()
