"""The words of lesson 4: differences, their two errors, checks and proofs, each in a sentence."""

TERMS = {
    "entry": "One slope of a gradient, that of one weight or one bias.",
    "gradient check": "A comparison of the gradient that a program finds with one that is found by nudging.",
    "difference quotient": "How much the loss changes when a weight is nudged, divided by the length of the nudge.",
    "forward difference": "The difference quotient of a nudge to one side: with the nudge less without it, divided "
                          "by h.",
    "central difference": "The difference quotient of a nudge to both sides, up and down, divided by 2h.",
    "truncation error": "What a difference quotient is off because the loss bends within the step.",
    "rounding error": "What a difference quotient is off because two nearly equal numbers are subtracted and their "
                      "digits cancel.",
    "residue": "What is left over when the right formula is subtracted from the one that a program uses.",
    "complex step": "A nudge in the imaginary direction, from which a slope is found without any subtraction.",
    "cross-entropy": "The loss of a classifier: the less a unit believes in what is true, the larger it is, without "
                     "limit.",
}
