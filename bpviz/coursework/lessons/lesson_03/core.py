"""The core exercises of lesson 3: the backward pass of the smallest network by numbers, then of many rows at once."""
from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.partials import chain, two_layers

SMALLEST = Exercise(
    "L03-q1", "Your first backward pass",
    "The forward pass is there: `x` goes through `w1`, a sigmoid, `w2`, a sigmoid. The loss is `(a2 - t)**2`. "
    "Write the six partials, from the loss back to the first weight, **one line each**. Each line may use the ones "
    "above it. End with `return {\"da2\": da2, \"dz2\": dz2, ...}` and so on.",
    chain("backward_small"),
    ("Begin at the loss. It is a square: how fast does it grow with `a2`? That line uses only `a2` and `t`.",
     "Then the three moves of the table: times the slope of the sigmoid, times the weight, times the answer that came "
     "through. Every line is one line above it, times one thing.",
     "At `z2` the way divides. To the weight `w2`: what came through it? To `a1`, the unit before: which weight lies "
     "between? From `a1` on, the same moves once more; through `w1` came the input."),
    "`da2` is the derivative of a square. `dz2` is `da2` times the slope of the sigmoid, which is `a2 * (1 - a2)`. "
    "From `dz2` one way leads to the weight (times `a1`, which came through it), the other to the unit before (times "
    "`w2`, which lies between). Then slope and input, the same moves again. Nothing is computed twice.", minutes=5)

ROWS = Exercise(
    "L03-q2", "Backward, for all rows at once",
    "Now the whole backward pass, for n rows and any number of units. The shapes are those of the table above. "
    "The loss is the mean over the rows of the sum over the outputs of $(o - t)^2$. "
    "Write eight lines and return the partials by name, as before. The check tries networks of several sizes.",
    two_layers("backward"),
    ("It is the small network again, with tables instead of numbers. Two lines are new: a bias hears 1 in every row, "
     "and the mean over n rows divides by n, once, at the very beginning.",
     "Write the shape beside each name. `dW2` must be (h, o), like `W2`; you have `a1`, which is (n, h), and `dz2`, "
     "which is (n, o). Which product, with which of the two turned by `.T`, has the shape (h, o)?",
     "`*` for the slope: entry by entry. `@` where something adds up: over the rows for a weight, over the paths for a "
     "hidden unit. On the way back through `W2` a row of o numbers must become a row of h numbers. "
     "For a bias, add up the rows: `.sum(axis=0)`."),
    "The mean over the rows is there once, in `do`; everything after it inherits it. The slope goes entry by entry, "
    "`*`. A weight gathers its rows: `a1.T @ dz2` has the shape of `W2`, and the `@` adds up over n. A hidden unit "
    "gathers its paths: `dz2 @ W2.T` has the shape of `a1`, and the `@` adds up over the outputs. A bias hears 1 in "
    "each row, so only the sum over the rows is left.", points=2, minutes=10)

CORE = (SMALLEST, ROWS)
