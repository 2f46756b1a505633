"""The words that lesson 2 explains: what a chain, a path and a factor are, and a unit that has gone silent."""

TERMS = {
    "chain rule": "Along a path the speeds multiply; where several paths lead to the same end, they are added.",
    "factor": "One link of a chain: how fast one number moves when the number before it moves.",
    "path": "One way through a network, from a number to the loss.",
    "dead unit": "A relu unit that hears a negative number in every row, so that no slope gets through it.",
}
