"""The words that lesson 6 explains: what level ground can be, and what belongs to a minimum."""

TERMS = {
    "local minimum": "A point that is lower than all points close around it; far away there may be a lower one.",
    "saddle": "Level ground that rises to two sides and falls to two others, like a mountain pass.",
    "plateau": "Almost level ground that goes on for long; the way down leads on, with tiny steps.",
    "basin": "All the starts from which training ends in one and the same minimum.",
    "gradient flow": "Descent in steps that are as small as one likes: it follows the steepest line exactly.",
}
