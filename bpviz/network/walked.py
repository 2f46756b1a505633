"""The weights with which one training step is walked through, for each data set that it is walked through on.

Used by the walk (explorers/backprop.py), by the exercises whose numbers it shows, and by the experiments of lesson 3.
Each is a theta in the order of `Network.names`: 2-2-1 with biases on "article" and "xor", 2-2-2 with biases on
"two outputs" (those of Mazur 2015, "A Step by Step Backpropagation Example"), 1-1-1 without biases on "seesaw".
"""
WALKED = {
    "article": (0.2, -0.4, 0.7, 0.1, 0.0, 0.0, 0.6, -0.9, 0.0),
    "seesaw": (1.0, 2.0),
    "two outputs": (0.15, 0.25, 0.2, 0.3, 0.35, 0.35, 0.4, 0.5, 0.45, 0.55, 0.6, 0.6),
    "xor": (1.0, -1.5, -0.5, 1.2, 0.1, -0.2, 0.8, 1.1, -0.9),
}
