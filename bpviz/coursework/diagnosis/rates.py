"""Mistakes with a rate of the learner's own, W - rate dW: one rate over all draws, by least squares, whatever it is.

zero, one    (array, ...), one per draw: what the mistake gives at the rate 0 and at the rate 1
"""
from dataclasses import replace

from bpviz.coursework.diagnosis.answered import short
from bpviz.coursework.diagnosis.draws import SAME, distance, nearest

LEFT = 1e-2                          # of what is amiss: as much may stay unexplained, float32 at a small rate


def rate_of(mine, zero, one, near):
    """The one rate that explains an answer within `near` of its largest entry; None where none does.

    What is amiss has to be more than rounding, and be explained itself: the error of a difference quotient, or of
    float32, is nobody's rate.
    """
    rate, found = nearest(mine, zero, one)
    if rate is None:
        return None
    apart = [(distance(a, b), distance(a, z)) for a, b, z in zip(mine, found, zero, strict=True)]
    left, amiss = (max(column) for column in zip(*apart, strict=True))
    return float(rate) if left <= near and amiss > SAME and left <= LEFT * amiss else None


def with_rate(mistake, rate):
    """The mistake at the learner's own rate: that rate in its sentence, and in its line."""
    line = f"({mistake.at_0}) + {rate!r} * (({mistake.line}) - ({mistake.at_0}))"
    return replace(mistake, line=line, says=f"{mistake.says} (your rate: {short(rate, 3)})")
