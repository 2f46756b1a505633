"""What a prediction is: a question answered before the outcome can be seen, with how sure one is.

In the notebook stands `bp.predict("L03-p1")` and nothing else: question, choices and outcome are this record. The
outcome is worked out from the experiment itself, and only after the answer.
"""
from collections.abc import Callable
from dataclasses import dataclass

SURENESS = ("a guess", "rather sure", "sure")
SURE = (50, 75, 95)                    # per cent, for the calibration; a guess among k choices is worth 100 / k


@dataclass(frozen=True)
class Prediction:
    """One prediction.

    asks: a Choice, Number or Curve (quantities.py).  truth: () -> what `asks` compares with: the name of a choice, a
    number, an array of heights; computed by the engine, never written down.  says: (truth) -> the outcome in a sentence
    or two.  shows: ("minima", {"w1": -3.0}), the explorer and knobs that open with the outcome, or None.
    """
    id: str
    question: str
    asks: object
    truth: Callable
    says: Callable
    shows: tuple | None = None
