"""The words that lesson 8 brings in: rows unseen, penalties, units left out, slices, clipping."""

TERMS = {
    "unseen rows": "Rows that the network was not trained on; only they tell whether it has learned something.",
    "overfitting": "Learning the noise of the training rows: they get better while the unseen rows get worse.",
    "L2 penalty": "A number times the sum of all squared weights, added to the loss: large weights become expensive.",
    "weight decay": "Taking a small share of each weight away in each step, which is what the penalty does in plain "
                    "descent.",
    "dropout": "Leaving out some hidden units at random in each training step.",
    "slice": "The loss over two directions only, through one point of a landscape that has many more.",
    "clipping": "Cutting a number off at a limit, such as a gradient that is too long.",
}
