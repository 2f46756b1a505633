"""What came of a prediction: the learner's answer and the truth, side by side, in words. No widget in sight.

The truth is worked out when somebody asks for it, which is after the answer; nothing here keeps it in a file.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.coursework import answers
from bpviz.coursework.exercise import Verdict
from bpviz.coursework.prediction import SURE, Prediction
from bpviz.coursework.quantities import Choice, Curve

RIGHT = ("Right, though you called it a guess.", "Right, and you were rather sure.", "Right, and you were sure.")
WRONG = ("Not so; you had called it a guess.", "Not so, and you were rather sure.",
         "Not so, and you were sure: a surprise worth a second look.")
_found = {}                         # per record: its truth, once it was asked for


def truth_of(prediction):
    """The truth of a prediction, worked out once."""
    key = id(prediction)
    if key not in _found:
        _found[key] = prediction, prediction.truth()
    return _found[key][1]


@dataclass(frozen=True)
class Outcome:
    """A prediction with its truth; and, where somebody answered, the answer, how sure (0, 1, 2) and the verdict."""
    prediction: Prediction
    truth: object
    answer: object = None
    sure: int | None = None
    verdict: Verdict | None = None

    @property
    def right(self):
        return self.verdict is not None and self.verdict.status == "right"

    @property
    def confidence(self):
        """How likely the learner held the answer to be right, 0 to 1; a guess among k choices is worth 1/k."""
        asks = self.prediction.asks
        if self.sure == 0 and isinstance(asks, Choice):
            return 1 / len(asks.options)
        return SURE[self.sure] / 100

    @property
    def said(self):
        """Right or not, and how sure, in a sentence."""
        return (RIGHT if self.right else WRONG)[self.sure]

    @property
    def both(self):
        """The answer and the truth in one line."""
        asks = self.prediction.asks
        if self.answer is None:
            return "" if isinstance(asks, Curve) else f"What happens: {in_words(asks, self.truth)}"
        if isinstance(asks, Curve):
            return self.verdict.words
        if isinstance(asks, Choice):
            return f"You said: {in_words(asks, self.answer)}. What happens: {in_words(asks, self.truth)}."
        return f"You said {in_words(asks, self.answer)}. It is {in_words(asks, self.truth)}."

    @property
    def words(self):
        """What happens, in a sentence or two."""
        return self.prediction.says(self.truth)


def in_words(asks, value):
    """A choice or a number as it is read, at most three digits of it."""
    return str(value).rstrip(".") if isinstance(asks, Choice) else f"{value:.3g}".replace("-", "−")


def kept(prediction):
    """(answer, sure) that counts: the first that was kept and can be read; or None."""
    for event in answers.events(prediction.id, "prediction"):
        try:
            return prediction.asks.read(event["answer"]), event["sure"]
        except ValueError:
            continue
    return None


def outcome(prediction, given=None):
    """The Outcome of a prediction.  given: (answer, sure), as `kept` gives it; None where nobody answered."""
    truth = truth_of(prediction)
    if given is None:
        return Outcome(prediction, truth)
    answer, sure = given
    return Outcome(prediction, truth, answer, sure, prediction.asks.compare(answer, truth))


def plain(answer):
    """An answer as JSON bears it."""
    if isinstance(answer, np.ndarray):
        return [float(f"{height:.4g}") for height in answer.tolist()]
    return answer


def same(one, other):
    """Whether two answers, as read, say the same."""
    return bool(np.array_equal(plain(one), plain(other)))
