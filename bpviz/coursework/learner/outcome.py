"""What came of a prediction: the learner's answer and the truth, side by side, in words. No widget in sight.

The truth is worked out when somebody asks for it, which is after the answer; nothing here keeps it in a file.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.coursework.exercise import Judgement
from bpviz.coursework.kinds.quantities import Choice, Number
from bpviz.coursework.learner import answers
from bpviz.coursework.prediction import SURE, Prediction

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
    verdict: Judgement | None = None

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
        """Answer and truth in one line; of a curve its verdict, of a choice what is said to whoever chose it."""
        asks = self.prediction.asks
        if isinstance(asks, Number):
            it = in_words(asks, self.truth if asks.whole else float(f"{self.truth:.3g}"))
            mine = it if self.answer is None else in_words(asks, self.answer)
            return (f"What happens: {it}." if self.answer is None else f"You said {mine}, and so it is." if mine == it
                    else f"You said {mine}. It is {it}.")
        if self.answer is None or (isinstance(asks, Choice) and (self.right or self.verdict.words == "Not that one.")):
            return ""
        return self.verdict.words

    @property
    def words(self):
        """What happens, in a sentence or two."""
        return self.prediction.says(self.truth)


def in_words(asks, value):
    """A number as people write it, with its unit."""
    return f"{value:,.9g}".replace("-", "−") + ("" if asks.unit in ("", "%") else " ") + asks.unit


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
    if isinstance(prediction.asks, Choice):
        truth = prediction.asks.read(truth)              # a letter, too, as the author wrote it
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
