"""What somebody answered to the inventory, before the course and after it, by misconception.

The first answer to each question counts, as with predictions. What is right is worked out when it is asked for.
"""
from dataclasses import dataclass

from bpviz.coursework.course import lessons
from bpviz.coursework.inventory.items import ITEMS
from bpviz.coursework.kinds.quantities import Choice
from bpviz.coursework.learner import answers
from bpviz.coursework.learner.outcome import outcome
from bpviz.coursework.misconceptions import MISCONCEPTIONS

WHENS = ("before", "after")


@dataclass(frozen=True)
class Round:
    """One time of answering. outcomes: {item id: Outcome} of the questions that were answered."""
    outcomes: dict

    @property
    def complete(self):
        """Whether all twenty are answered."""
        return len(self.outcomes) == len(ITEMS)

    @property
    def right(self):
        """How many are right."""
        return sum(one.right for one in self.outcomes.values())

    @property
    def held(self):
        """{"M05": ids of the questions whose answer shows it}, in order."""
        found = {}
        for id, one in self.outcomes.items():
            if one.verdict.misconception:
                found.setdefault(one.verdict.misconception, []).append(id)
        return dict(sorted(found.items()))


def answered(when, events=None):
    """The Round of these events, or of the learner's own.  when: "before" or "after"."""
    events, given = answers.events(kind="inventory") if events is None else events, {}
    for event in events:
        time, _, id = event["id"].partition("-")
        if event["kind"] == "inventory" and time == when and id not in given:
            one = next((item for item in ITEMS if item.id == id), None)
            try:
                given[id] = one and outcome(one, (one.asks.read(event["answer"]), event["sure"]))
            except ValueError:
                continue
    return Round({one.id: given[one.id] for one in ITEMS if given.get(one.id)})


def met_in(misconception):
    """The lessons, such as "L05", in which a prediction can show this misconception."""
    def tags(one):
        return ([tag for _, tag, _ in one.asks.options] if isinstance(one.asks, Choice)
                else getattr(one.asks, "beliefs", {}).values())
    return [name for name, module in lessons().items() if not name.startswith("LAB")
            and any(misconception in tags(one) for one in module.PREDICTIONS)]


def told(before, after):
    """Both Rounds in sentences, for the learner: what changed, and what is worth a second look."""
    said = []
    if before.complete:
        said.append(f"Of {len(ITEMS)} questions you had {before.right} right before the course, and {after.right} now.")
        gone = [name for name in before.held if name not in after.held]
        if gone:
            said.append("Before, you said this, and now you do not:")
            said += [f"• “{MISCONCEPTIONS[name]}”" for name in gone]
    else:
        said.append(f"Of {len(ITEMS)} questions you have {after.right} right.")
    if after.held:
        said.append("Worth a second look. This is not so:")
        said += [f"• “{MISCONCEPTIONS[name]}” ({where(name)})" for name in after.held]
    said.append("The questions, and what is so:")
    said += [f"{'✓' if one.right else '✗'} {one.prediction.question} **{one.truth}** {one.words}"
             for one in after.outcomes.values()]
    return said


def where(misconception):
    """Where to look again, in words: "lessons 5 and 6"."""
    numbers = [str(int(name[1:])) for name in met_in(misconception)]
    return f"lesson{'s' * (len(numbers) > 1)} {' and '.join(filter(None, (', '.join(numbers[:-1]), numbers[-1])))}"
