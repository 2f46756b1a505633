"""What a first reader has to know of words: those that lesson 1 explains, each in a sentence."""

TERMS = {
    "unit": "A circle of the network: it adds up what it hears, and answers with one number.",
    "weight": "The number on an arrow: an answer that passes along is multiplied by it.",
    "bias": "A number of its own that a unit always hears, beside the answers of other units.",
    "sigmoid": "The curve that squeezes any number into the range from 0 to 1: what a unit hears into what it answers.",
    "target": "The output that we want for an input.",
    "loss": "One number that says how wrong the output is: 0 when it is right, and never negative.",
    "nudge": "To change one number by a tiny amount, and to see how far the loss moves.",
    "accuracy": "The share of the answers that are right.",
    "gradient": "The slopes of the loss by all weights and biases, together.",
}
