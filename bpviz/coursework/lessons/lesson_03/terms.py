"""The words that lesson 3 explains, each in a sentence."""

TERMS = {
    "forward": "The first phase of a training step: from the inputs to the output, each unit hears and answers.",
    "backward": "The third phase: from the output back to the inputs, how fast the loss rises with each number.",
    "update": "The last phase: each weight moves a little, downhill.",
    "blame": "How fast the loss rises with a number: its partial derivative.",
    "gradient accumulation": "Adding up what each row gives to the gradient, before one update with all of them.",
}
