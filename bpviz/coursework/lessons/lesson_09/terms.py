"""The words that lesson 9 explains, a sentence for each."""

TERMS = {
    "vanishing gradient": "A gradient that becomes smaller and smaller on its way back, so that the first layers "
                          "hardly learn.",
    "exploding gradient": "A gradient that grows on its way back, so that one step throws the weights away.",
    "Glorot start": "Random weights of a typical size near one over the root of the number of units that feed a unit.",
    "He start": "Random weights that are the root of 2 times as large as Glorot's, made for relu.",
    "skip": "A second road: a layer adds what the layer before it heard to what it hears itself.",
    "layer norm": "Before the units of a layer answer, what they hear is shifted to mean 0 and stretched to size 1.",
}
