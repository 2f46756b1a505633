"""What may have become of a descent: the kinds, and the Verdict, one of them with its facts (landscape/verdict.py)."""
import textwrap
from dataclasses import dataclass

from bpviz.base.records import checked_fields
from bpviz.words.catalogue import Said

SETTLED, HOVERING, BALANCED, VALLEY, STALLED, PLATEAU, RESTING, BOUNCING, MOVING, STANDING, AWAY = (
    "settled", "hovering around a minimum", "balanced on a minimum", "settled on a valley floor",
    "stalled near a saddle", "drifting along a plateau", "at rest on a slope", "bouncing", "still moving",
    "standing still", "ran away")


@dataclass(frozen=True)
class Verdict:
    """kind: one of the module's constants.  said: the facts.  point: index of the critical point meant, or None.
    steps: the step from which on it held, or the last one."""
    kind: str
    said: Said
    point: int | None
    steps: int

    def __post_init__(self):
        checked_fields(self)

    @property
    def unlisted(self):
        """Whether it settled in a minimum that the list of critical points does not name."""
        return self.kind == SETTLED and self.point is None

    @property
    def words(self):
        return str(self.said)

    def __str__(self):
        return textwrap.fill(self.words, 88)


def settled_in(verdict, points):
    """The letter of the minimum in which a descent settled, by its Verdict on these CriticalPoints; or None."""
    return points.label[verdict.point] if verdict.kind == SETTLED and verdict.point is not None else None
