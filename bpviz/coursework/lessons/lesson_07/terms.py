"""The words of lesson 7: what helps to leave a bad place, and how one counts whether it does."""

TERMS = {
    "momentum": "The share of the last step that goes on in the next one, so that a weight rolls like a heavy ball.",
    "RMSprop": "Descent in which each weight's slope is divided by how large its slopes have been of late.",
    "Adam": "RMSprop with momentum: the mean slope divided by how large the slopes have been of late.",
    "95 % interval": "The range that holds the true share in 95 of 100 counts made in this way.",
    "restart": "To begin again with other random weights.",
    "noise": "What a step on a few rows has in it by chance: its slope is not quite that of all rows.",
}
