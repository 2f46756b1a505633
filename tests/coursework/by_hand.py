"""Wrong answers of lesson 3 written by hand, before their author had read how a mistake is known.

Each record is what a first-year student might write between the markers, where it first goes wrong on the way back
("" if it is right), why, and what a tutor would accept as the named reason. These were fixed first and stay.

READ is what was found when every verdict was read afterwards. `python tests/coursework/by_hand.py` counts it.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import NamedTuple

from run_here import function, run

from bpviz.coursework.course import exercises


class ByHand(NamedTuple):
    """One answer: name, exercise id, code between the markers, first wrong part, why, and a reason that fits."""

    name: str
    exercise: str
    code: str
    first: str
    why: str
    fits: str


ANSWERS = (
    ByHand(
        "half the loss",
        "L03-q1",
        """
            da2 = a2 - t
            dz2 = da2 * a2 * (1 - a2)
            dw2 = dz2 * a1
            da1 = dz2 * w2
            dz1 = da1 * a1 * (1 - a1)
            dw1 = dz1 * x
            return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dw1}
        """,
        first="da2",
        why="The loss of another book, 1/2 (a2 - t)^2, was differentiated: the 2 is gone.",
        fits="the factor 2 of the square is missing",
    ),
    ByHand(
        "target first",
        "L03-q1",
        """
            da2 = 2 * (t - a2)
            dz2 = da2 * a2 * (1 - a2)
            dw2 = dz2 * a1
            da1 = dz2 * w2
            dz1 = da1 * a1 * (1 - a1)
            dw1 = dz1 * x
            return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dw1}
        """,
        first="da2",
        why="Took t - a2, as for the error, and forgot the minus of the inner derivative.",
        fits="the sign is the wrong way round",
    ),
    ByHand(
        "the loss itself",
        "L03-q1",
        """
            da2 = (a2 - t) ** 2
            dz2 = da2 * a2 * (1 - a2)
            dw2 = dz2 * a1
            da1 = dz2 * w2
            dz1 = da1 * a1 * (1 - a1)
            dw1 = dz1 * x
            return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dw1}
        """,
        first="da2",
        why="Wrote the loss where its slope belongs.",
        fits="the square was not differentiated",
    ),
    ByHand(
        "sigmoid slope inside da2",
        "L03-q1",
        """
            da2 = 2 * (a2 - t) * a2 * (1 - a2)
            dz2 = da2 * a2 * (1 - a2)
            dw2 = dz2 * a1
            da1 = dz2 * w2
            dz1 = da1 * a1 * (1 - a1)
            dw1 = dz1 * x
            return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dw1}
        """,
        first="da2",
        why="Put the slope of the sigmoid into da2 and once more into dz2.",
        fits="the sigmoid's slope is in a step too early",
    ),
    ByHand(
        "slope from z",
        "L03-q1",
        """
            da2 = 2 * (a2 - t)
            dz2 = da2 * z2 * (1 - z2)
            dw2 = dz2 * a1
            da1 = dz2 * w2
            dz1 = da1 * z1 * (1 - z1)
            dw1 = dz1 * x
            return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dw1}
        """,
        first="dz2",
        why="Used z (1 - z): the formula s (1 - s) with the input of the sigmoid in place of its output.",
        fits="z in place of a in the sigmoid's slope",
    ),
    ByHand(
        "sigmoid of a sigmoid",
        "L03-q1",
        """
            def sigmoid_prime(z):
                return sigmoid(z) * (1 - sigmoid(z))

            da2 = 2 * (a2 - t)
            dz2 = da2 * sigmoid_prime(a2)
            dw2 = dz2 * a1
            da1 = dz2 * w2
            dz1 = da1 * sigmoid_prime(a1)
            dw1 = dz1 * x
            return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dw1}
        """,
        first="dz2",
        why="Took a helper sigmoid_prime(z) and handed it a2, which is a sigmoid already.",
        fits="the sigmoid was taken twice",
    ),
    ByHand(
        "half a slope",
        "L03-q1",
        """
            da2 = 2 * (a2 - t)
            dz2 = da2 * (1 - a2)
            dw2 = dz2 * a1
            da1 = dz2 * w2
            dz1 = da1 * a1 * (1 - a1)
            dw1 = dz1 * x
            return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dw1}
        """,
        first="dz2",
        why="Wrote 1 - a2 and left out the factor a2.",
        fits="one factor of the sigmoid's slope is missing",
    ),
    ByHand(
        "tanh slope",
        "L03-q1",
        """
            da2 = 2 * (a2 - t)
            dz2 = da2 * (1 - a2 ** 2)
            dw2 = dz2 * a1
            da1 = dz2 * w2
            dz1 = da1 * (1 - a1 ** 2)
            dw1 = dz1 * x
            return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dw1}
        """,
        first="dz2",
        why="Used the slope of tanh, 1 - a^2, in a network of sigmoids.",
        fits="the slope of another activation (tanh)",
    ),
    ByHand(
        "cross-entropy shortcut",
        "L03-q1",
        """
            da2 = 2 * (a2 - t)
            dz2 = a2 - t
            dw2 = dz2 * a1
            da1 = dz2 * w2
            dz1 = da1 * a1 * (1 - a1)
            dw1 = dz1 * x
            return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dw1}
        """,
        first="dz2",
        why="Remembered dz = a - t, which holds for a cross-entropy loss only.",
        fits="the shortcut of the cross-entropy",
    ),
    ByHand(
        "no brackets",
        "L03-q1",
        """
            da2 = 2 * (a2 - t)
            dz2 = da2 * a2 * 1 - a2
            dw2 = dz2 * a1
            da1 = dz2 * w2
            dz1 = da1 * a1 * (1 - a1)
            dw1 = dz1 * x
            return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dw1}
        """,
        first="dz2",
        why="Left out the brackets round 1 - a2, so a2 is subtracted from the product.",
        fits="brackets are missing",
    ),
    ByHand(
        "local slopes only",
        "L03-q1",
        """
            da2 = 2 * (a2 - t)
            dz2 = a2 * (1 - a2)
            dw2 = a1
            da1 = w2
            dz1 = a1 * (1 - a1)
            dw1 = x
            return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dw1}
        """,
        first="dz2",
        why="Each line is the slope of its own step; nothing is multiplied by what came from above.",
        fits="the part from above is left out (no chain)",
    ),
    ByHand(
        "weight for its input",
        "L03-q1",
        """
            da2 = 2 * (a2 - t)
            dz2 = da2 * a2 * (1 - a2)
            dw2 = dz2 * w2
            da1 = dz2 * a1
            dz1 = da1 * a1 * (1 - a1)
            dw1 = dz1 * x
            return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dw1}
        """,
        first="dw2",
        why="Swapped the two: multiplied by w2 for dw2 and by a1 for da1.",
        fits="w2 and a1 are swapped",
    ),
    ByHand(
        "z for a",
        "L03-q1",
        """
            da2 = 2 * (a2 - t)
            dz2 = da2 * a2 * (1 - a2)
            dw2 = dz2 * z1
            da1 = dz2 * w2
            dz1 = da1 * a1 * (1 - a1)
            dw1 = dz1 * x
            return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dw1}
        """,
        first="dw2",
        why="The input of w2 is a1, the value before the sigmoid was used.",
        fits="z1 in place of a1",
    ),
    ByHand(
        "a step skipped",
        "L03-q1",
        """
            da2 = 2 * (a2 - t)
            dz2 = da2 * a2 * (1 - a2)
            dw2 = dz2 * a1
            da1 = da2 * w2
            dz1 = da1 * a1 * (1 - a1)
            dw1 = dz1 * x
            return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dw1}
        """,
        first="da1",
        why="Went from da2 straight to da1 and stepped over the sigmoid.",
        fits="da2 in place of dz2",
    ),
    ByHand(
        "update too early",
        "L03-q1",
        """
            da2 = 2 * (a2 - t)
            dz2 = da2 * a2 * (1 - a2)
            dw2 = dz2 * a1
            w2 = w2 - 0.5 * dw2
            da1 = dz2 * w2
            dz1 = da1 * a1 * (1 - a1)
            dw1 = dz1 * x
            w1 = w1 - 0.5 * dw1
            return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dw1}
        """,
        first="da1",
        why="Updated w2 before it was used to go further back.",
        fits="the new weight was used in place of the old",
    ),
    ByHand(
        "copied from the layer above",
        "L03-q1",
        """
            da2 = 2 * (a2 - t)
            dz2 = da2 * a2 * (1 - a2)
            dw2 = dz2 * a1
            da1 = dz2 * w2
            dz1 = da1 * a2 * (1 - a2)
            dw1 = dz1 * x
            return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dw1}
        """,
        first="dz1",
        why="Copied the line of dz2 and changed da2 only: the slope is that of the other sigmoid.",
        fits="a2 in place of a1",
    ),
    ByHand(
        "copied dw2",
        "L03-q1",
        """
            da2 = 2 * (a2 - t)
            dz2 = da2 * a2 * (1 - a2)
            dw2 = dz2 * a1
            da1 = dz2 * w2
            dz1 = da1 * a1 * (1 - a1)
            dw1 = dz1 * a1
            return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dw1}
        """,
        first="dw1",
        why="Copied the line of dw2: w1 is multiplied by x, not by a1.",
        fits="a1 in place of x",
    ),
    ByHand(
        "coarse differences",
        "L03-q1",
        """
            h = 0.1
            def loss_from_a2(a):
                return (a - t) ** 2
            def loss_from_z2(z):
                return loss_from_a2(sigmoid(z))
            def loss_from_z1(z):
                return loss_from_z2(sigmoid(z) * w2)
            da2 = (loss_from_a2(a2 + h) - loss_from_a2(a2)) / h
            dz2 = (loss_from_z2(z2 + h) - loss_from_z2(z2)) / h
            dw2 = (loss_from_z2(a1 * (w2 + h)) - loss_from_z2(z2)) / h
            da1 = (loss_from_z2((a1 + h) * w2) - loss_from_z2(z2)) / h
            dz1 = (loss_from_z1(z1 + h) - loss_from_z1(z1)) / h
            dw1 = (loss_from_z1(x * (w1 + h)) - loss_from_z1(z1)) / h
            return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dw1}
        """,
        first="da2",
        why="Took differences with a step of 0.1 to one side, which is far too coarse.",
        fits="a numerical difference with a step too wide",
    ),
    ByHand(
        "two-sided differences",
        "L03-q1",
        """
            h = 1e-5
            def slope(f, at):
                return (f(at + h) - f(at - h)) / (2 * h)
            da2 = slope(lambda a: (a - t) ** 2, a2)
            dz2 = slope(lambda z: (sigmoid(z) - t) ** 2, z2)
            dw2 = slope(lambda w: (sigmoid(a1 * w) - t) ** 2, w2)
            da1 = slope(lambda a: (sigmoid(a * w2) - t) ** 2, a1)
            dz1 = slope(lambda z: (sigmoid(sigmoid(z) * w2) - t) ** 2, z1)
            dw1 = slope(lambda w: (sigmoid(sigmoid(x * w) * w2) - t) ** 2, w1)
            return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dw1}
        """,
        first="",
        why="Nothing is wrong: central differences with a sensible step.",
        fits="right",
    ),
    ByHand(
        "names crossed in the return",
        "L03-q1",
        """
            da2 = 2 * (a2 - t)
            dz2 = da2 * a2 * (1 - a2)
            dw2 = dz2 * a1
            da1 = dz2 * w2
            dz1 = da1 * a1 * (1 - a1)
            dw1 = dz1 * x
            return {"da2": dz2, "dz2": da2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dw1}
        """,
        first="da2",
        why="The lines are right; in the returned dict da2 and dz2 have changed places.",
        fits="da2 and dz2 are swapped in the return",
    ),
    ByHand(
        "new weights returned",
        "L03-q1",
        """
            da2 = 2 * (a2 - t)
            dz2 = da2 * a2 * (1 - a2)
            dw2 = dz2 * a1
            da1 = dz2 * w2
            dz1 = da1 * a1 * (1 - a1)
            dw1 = dz1 * x
            return {"da2": da2, "dz2": dz2, "dw2": w2 - 0.1 * dw2, "da1": da1, "dz1": dz1, "dw1": w1 - 0.1 * dw1}
        """,
        first="dw2",
        why="Returned the weights after a step of descent where their partials were asked for.",
        fits="the updated weight in place of its partial",
    ),
    ByHand(
        "two: half and own weight",
        "L03-q1",
        """
            da2 = a2 - t
            dz2 = da2 * a2 * (1 - a2)
            dw2 = dz2 * a1
            da1 = dz2 * w2
            dz1 = da1 * a1 * (1 - a1)
            dw1 = dz1 * w1
            return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dw1}
        """,
        first="da2",
        why="Left out the 2, and at the far end multiplied by w1 in place of x.",
        fits="the 2 is missing; and w1 in place of x",
    ),
    ByHand(
        "half way",
        "L03-q1",
        """
            da2 = 2 * (a2 - t)
            dz2 = da2 * a2 * (1 - a2)
            dw2 = dz2 * a1
            return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": None, "dz1": None, "dw1": None}
        """,
        first="da1",
        why="Stopped after the last layer and put None for the rest.",
        fits="the rest is not there yet",
    ),
    ByHand(
        "sum for mean",
        "L03-q2",
        """
            do = 2 * (o - t)
            dz2 = do * o * (1 - o)
            dW2 = a1.T @ dz2
            db2 = dz2.sum(axis=0)
            da1 = dz2 @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            dW1 = x.T @ dz1
            db1 = dz1.sum(axis=0)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="do",
        why="Took the sum over the rows: no 1/n.",
        fits="the mean over the rows is missing",
    ),
    ByHand(
        "mean over everything",
        "L03-q2",
        """
            do = 2 * (o - t) / o.size
            dz2 = do * o * (1 - o)
            dW2 = a1.T @ dz2
            db2 = dz2.sum(axis=0)
            da1 = dz2 @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            dW1 = x.T @ dz1
            db1 = dz1.sum(axis=0)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="do",
        why="Divided by rows times outputs, as np.mean and Keras do for a mean squared error.",
        fits="the mean is also over the outputs",
    ),
    ByHand(
        "half and no mean",
        "L03-q2",
        """
            do = o - t
            dz2 = do * o * (1 - o)
            dW2 = a1.T @ dz2
            db2 = dz2.sum(axis=0)
            da1 = dz2 @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            dW1 = x.T @ dz1
            db1 = dz1.sum(axis=0)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="do",
        why="The o - t of the book with 1/2 (o - t)^2 for one row.",
        fits="the 2 and the 1/n are both missing",
    ),
    ByHand(
        "number of inputs for n",
        "L03-q2",
        """
            n = x.shape[1]
            do = 2 * (o - t) / n
            dz2 = do * o * (1 - o)
            dW2 = a1.T @ dz2
            db2 = dz2.sum(axis=0)
            da1 = dz2 @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            dW1 = x.T @ dz1
            db1 = dz1.sum(axis=0)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="do",
        why="Took x.shape[1] for the number of rows (columns-first habit).",
        fits="divided by the number of inputs, not of rows",
    ),
    ByHand(
        "n at the weights",
        "L03-q2",
        """
            m = x.shape[0]
            do = 2 * (o - t)
            dz2 = do * o * (1 - o)
            dW2 = a1.T @ dz2 / m
            db2 = dz2.sum(axis=0) / m
            da1 = dz2 @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            dW1 = x.T @ dz1 / m
            db1 = dz1.sum(axis=0) / m
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="do",
        why="Divides at the weights, dW = 1/m a.T dz, as in a well-known course: dW and db come out right, do, dz2, da1, dz1 are n times too large.",
        fits="the 1/n comes only at the weights",
    ),
    ByHand(
        "rows averaged away",
        "L03-q2",
        """
            do = np.mean(2 * (o - t), axis=0)
            dz2 = do * o * (1 - o)
            dW2 = a1.T @ dz2
            db2 = dz2.sum(axis=0)
            da1 = dz2 @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            dW1 = x.T @ dz1
            db1 = dz1.sum(axis=0)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="do",
        why="Took the mean over the rows of do itself: one row is left of n.",
        fits="do was averaged over the rows",
    ),
    ByHand(
        "cross-entropy on rows",
        "L03-q2",
        """
            n = x.shape[0]
            do = 2 * (o - t) / n
            dz2 = (o - t) / n
            dW2 = a1.T @ dz2
            db2 = dz2.sum(axis=0)
            da1 = dz2 @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            dW1 = x.T @ dz1
            db1 = dz1.sum(axis=0)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="dz2",
        why="Took dz2 = (o - t)/n of the cross-entropy.",
        fits="the shortcut of the cross-entropy",
    ),
    ByHand(
        "o changed in place",
        "L03-q2",
        """
            n = x.shape[0]
            o -= t
            do = 2 * o / n
            dz2 = do * o * (1 - o)
            dW2 = a1.T @ dz2
            db2 = dz2.sum(axis=0)
            da1 = dz2 @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            dW1 = x.T @ dz1
            db1 = dz1.sum(axis=0)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="dz2",
        why="Wrote o -= t to save an array; the slope of the sigmoid then uses the changed o.",
        fits="o is no longer the output in dz2",
    ),
    ByHand(
        "transposed as in a library",
        "L03-q2",
        """
            n = x.shape[0]
            do = 2 * (o - t) / n
            dz2 = do * o * (1 - o)
            dW2 = dz2.T @ a1
            db2 = dz2.sum(axis=0)
            da1 = dz2 @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            dW1 = dz1.T @ x
            db1 = dz1.sum(axis=0)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="dW2",
        why="Weights kept as (out, in), as PyTorch does: dW2 and dW1 are transposed.",
        fits="dW2 is transposed",
    ),
    ByHand(
        "mean twice",
        "L03-q2",
        """
            n = x.shape[0]
            do = 2 * (o - t) / n
            dz2 = do * o * (1 - o)
            dW2 = a1.T @ dz2 / n
            db2 = dz2.mean(axis=0)
            da1 = dz2 @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            dW1 = x.T @ dz1 / n
            db1 = dz1.mean(axis=0)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="dW2",
        why="Divided by n in do and again at the weights and biases.",
        fits="the mean was taken twice",
    ),
    ByHand(
        "last row wins",
        "L03-q2",
        """
            n = x.shape[0]
            do = 2 * (o - t) / n
            dz2 = do * o * (1 - o)
            for r in range(n):
                dW2 = np.outer(a1[r], dz2[r])
            db2 = dz2.sum(axis=0)
            da1 = dz2 @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            for r in range(n):
                dW1 = np.outer(x[r], dz1[r])
            db1 = dz1.sum(axis=0)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="dW2",
        why="The loop over the rows overwrites dW2 in place of adding to it: only the last row counts.",
        fits="only the last row is left; the rows were not summed",
    ),
    ByHand(
        "whole numbers",
        "L03-q2",
        """
            n = x.shape[0]
            do = 2 * (o - t) / n
            dz2 = do * o * (1 - o)
            dW2 = np.zeros(W2.shape, dtype=int)
            for j in range(W2.shape[0]):
                for k in range(W2.shape[1]):
                    dW2[j, k] = (a1[:, j] * dz2[:, k]).sum()
            db2 = dz2.sum(axis=0)
            da1 = dz2 @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            dW1 = x.T @ dz1
            db1 = dz1.sum(axis=0)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="dW2",
        why="The array to be filled was made of integers: every entry is cut to a whole number.",
        fits="the array has the type int, so the fractions are cut",
    ),
    ByHand(
        "do in the weights",
        "L03-q2",
        """
            n = x.shape[0]
            do = 2 * (o - t) / n
            dz2 = do * o * (1 - o)
            dW2 = np.dot(a1.T, do)
            db2 = dz2.sum(axis=0)
            da1 = dz2 @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            dW1 = x.T @ dz1
            db1 = dz1.sum(axis=0)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="dW2",
        why="Multiplied by do, not by dz2.",
        fits="do in place of dz2",
    ),
    ByHand(
        "bias averaged",
        "L03-q2",
        """
            n = x.shape[0]
            do = 2 * (o - t) / n
            dz2 = do * o * (1 - o)
            dW2 = a1.T @ dz2
            db2 = np.mean(dz2, axis=0)
            da1 = dz2 @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            dW1 = x.T @ dz1
            db1 = np.mean(dz1, axis=0)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="db2",
        why="Averaged the biases over the rows though the 1/n is in do.",
        fits="mean in place of sum over the rows",
    ),
    ByHand(
        "bias kept as a row",
        "L03-q2",
        """
            n = x.shape[0]
            do = 2 * (o - t) / n
            dz2 = do * o * (1 - o)
            dW2 = a1.T @ dz2
            db2 = np.sum(dz2, axis=0, keepdims=True)
            da1 = dz2 @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            dW1 = x.T @ dz1
            db1 = np.sum(dz1, axis=0, keepdims=True)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="db2",
        why="keepdims=True: the numbers are right, the shape is (1, o), not (o,).",
        fits="shape (1, o) in place of (o,)",
    ),
    ByHand(
        "bias along the wrong axis",
        "L03-q2",
        """
            n = x.shape[0]
            do = 2 * (o - t) / n
            dz2 = do * o * (1 - o)
            dW2 = a1.T @ dz2
            db2 = dz2.sum(axis=1)
            da1 = dz2 @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            dW1 = x.T @ dz1
            db1 = dz1.sum(axis=1)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="db2",
        why="Summed over the outputs, not over the rows.",
        fits="the wrong axis",
    ),
    ByHand(
        "bias summed to one number",
        "L03-q2",
        """
            n = x.shape[0]
            do = 2 * (o - t) / n
            dz2 = do * o * (1 - o)
            dW2 = a1.T @ dz2
            db2 = np.sum(dz2)
            da1 = dz2 @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            dW1 = x.T @ dz1
            db1 = np.sum(dz1)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="db2",
        why="np.sum without an axis: one number for all the units.",
        fits="the axis was left out",
    ),
    ByHand(
        "bias not summed",
        "L03-q2",
        """
            n = x.shape[0]
            do = 2 * (o - t) / n
            dz2 = do * o * (1 - o)
            dW2 = a1.T @ dz2
            db2 = dz2
            da1 = dz2 @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            dW1 = x.T @ dz1
            db1 = dz1
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="db2",
        why="The slope by the bias is 1, so db2 = dz2; the sum over the rows is forgotten.",
        fits="the sum over the rows is missing",
    ),
    ByHand(
        "weights updated on the way",
        "L03-q2",
        """
            n = x.shape[0]
            do = 2 * (o - t) / n
            dz2 = do * o * (1 - o)
            dW2 = a1.T @ dz2
            db2 = dz2.sum(axis=0)
            W2 -= 0.1 * dW2
            b2 -= 0.1 * db2
            da1 = dz2 @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            dW1 = x.T @ dz1
            db1 = dz1.sum(axis=0)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="da1",
        why="W2 -= ... stands before da1, so the way back uses the new weights (and changes the caller's).",
        fits="the weights were updated too early",
    ),
    ByHand(
        "weights not transposed",
        "L03-q2",
        """
            n = x.shape[0]
            do = 2 * (o - t) / n
            dz2 = do * o * (1 - o)
            dW2 = a1.T @ dz2
            db2 = dz2.sum(axis=0)
            da1 = dz2 @ W2
            dz1 = da1 * a1 * (1 - a1)
            dW1 = x.T @ dz1
            db1 = dz1.sum(axis=0)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="da1",
        why="dz2 @ W2 without the transpose: the shapes do not fit (or fit by chance).",
        fits="W2 must be transposed",
    ),
    ByHand(
        "do carried back",
        "L03-q2",
        """
            n = x.shape[0]
            do = 2 * (o - t) / n
            dz2 = do * o * (1 - o)
            dW2 = a1.T @ dz2
            db2 = dz2.sum(axis=0)
            da1 = do @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            dW1 = x.T @ dz1
            db1 = dz1.sum(axis=0)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="da1",
        why="Carried do back through W2, without the sigmoid.",
        fits="do in place of dz2",
    ),
    ByHand(
        "columns first",
        "L03-q2",
        """
            n = x.shape[0]
            do = 2 * (o - t) / n
            dz2 = do * o * (1 - o)
            dW2 = a1.T @ dz2
            db2 = dz2.sum(axis=0)
            da1 = W2 @ dz2.T
            dz1 = da1.T * a1 * (1 - a1)
            dW1 = x.T @ dz1
            db1 = dz1.sum(axis=0)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="da1",
        why="W2 @ dz2.T as in a column-vector book: da1 is (h, n).",
        fits="da1 is transposed",
    ),
    ByHand(
        "ReLU in the hidden layer",
        "L03-q2",
        """
            n = x.shape[0]
            do = 2 * (o - t) / n
            dz2 = do * o * (1 - o)
            dW2 = a1.T @ dz2
            db2 = dz2.sum(axis=0)
            da1 = dz2 @ W2.T
            dz1 = da1 * (z1 > 0)
            dW1 = x.T @ dz1
            db1 = dz1.sum(axis=0)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="dz1",
        why="Used the slope of a ReLU in the hidden layer.",
        fits="the slope of another activation (ReLU)",
    ),
    ByHand(
        "x times da1",
        "L03-q2",
        """
            n = x.shape[0]
            do = 2 * (o - t) / n
            dz2 = do * o * (1 - o)
            dW2 = a1.T @ dz2
            db2 = dz2.sum(axis=0)
            da1 = dz2 @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            dW1 = x.T @ da1
            db1 = da1.sum(axis=0)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="dW1",
        why="Stepped over dz1: the weights are multiplied with da1, and so is the bias.",
        fits="da1 in place of dz1",
    ),
    ByHand(
        "two: z slope and mean",
        "L03-q2",
        """
            n = x.shape[0]
            do = 2 * (o - t) / n
            dz2 = do * o * (1 - o)
            dW2 = a1.T @ dz2
            db2 = dz2.sum(axis=0)
            da1 = dz2 @ W2.T
            dz1 = da1 * z1 * (1 - z1)
            dW1 = x.T @ dz1
            db1 = dz1.mean(axis=0)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="dz1",
        why="Used z1 (1 - z1) in the hidden layer and averaged the last bias.",
        fits="z in place of a; and mean in place of sum for db1",
    ),
    ByHand(
        "hidden bias forgotten",
        "L03-q2",
        """
            n = x.shape[0]
            do = 2 * (o - t) / n
            dz2 = do * o * (1 - o)
            dW2 = a1.T @ dz2
            db2 = dz2.sum(axis=0)
            da1 = dz2 @ W2.T
            dz1 = da1 * a1 * (1 - a1)
            dW1 = x.T @ dz1
            db1 = np.zeros_like(b1)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="db1",
        why="Left db1 at the zeros it was made of.",
        fits="db1 was never computed",
    ),
    ByHand(
        "all by einsum",
        "L03-q2",
        """
            n = x.shape[0]
            do = 2 * (o - t) / n
            dz2 = do * o * (1 - o)
            dW2 = np.einsum('nj,nk->jk', a1, dz2)
            db2 = np.einsum('nk->k', dz2)
            da1 = np.einsum('nk,jk->nj', dz2, W2)
            dz1 = da1 * a1 * (1 - a1)
            dW1 = np.einsum('ni,nj->ij', x, dz1)
            db1 = np.einsum('nj->j', dz1)
            return {"do": do, "dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
        """,
        first="",
        why="Nothing is wrong: the same sums written with einsum.",
        fits="right",
    ),
)


# as read: {name: (key, class before anything was mended, class now)}
# "named": the reason that fits; "nothing fits": the first wrong part is right and no reason, or only a shape, is said;
# "ambiguous": two possibilities, one of them true; "stopped": it says only why it stopped; "right"; "false": untrue
READ = {
    'half the loss': ('da2: half', 'named', 'named'),
    'target first': ('da2: sign', 'named', 'named'),
    'the loss itself': ('da2: the loss itself', 'named', 'named'),
    'sigmoid slope inside da2': ('da2: slope too early', 'nothing fits', 'named'),
    'slope from z': ('dz2: slope at z', 'named', 'named'),
    'sigmoid of a sigmoid': ('dz2: slope at a', 'named', 'named'),
    'half a slope': ('dz2: 1 - a', 'named', 'named'),
    'tanh slope': ("dz2: tanh's slope", 'named', 'named'),
    'cross-entropy shortcut': ('dz2: cross-entropy', 'named', 'named'),
    'no brackets': ('dz2: unknown', 'nothing fits', 'nothing fits'),
    'local slopes only': ('dz2: slope alone', 'named', 'named'),
    'weight for its input': ('dw2: changed places', 'nothing fits', 'named'),
    'z for a': ('dw2: z for a', 'named', 'named'),
    'a step skipped': ('da1: before the slope', 'named', 'named'),
    'update too early': ('da1: updated weights', 'named', 'named'),
    'copied from the layer above': ("dz1: another unit's slope", 'nothing fits', 'named'),
    'copied dw2': ('dw1: own answer for input', 'nothing fits', 'named'),
    'coarse differences': ('da2: unknown', 'nothing fits', 'nothing fits'),
    'two-sided differences': ('numerical', 'right', 'right'),
    'names crossed in the return': ('da2: changed places', 'false', 'named'),
    'new weights returned': ('dw2: new weights', 'nothing fits', 'named'),
    'two: half and own weight': ('da2: half', 'named', 'named'),
    'half way': ('da1: not filled in', 'named', 'named'),
    'sum for mean': ('do: times rows', 'named', 'named'),
    'mean over everything': ('do: over outputs', 'named', 'named'),
    'half and no mean': ('do: half and times rows', 'named', 'named'),
    'number of inputs for n': ('do: over inputs', 'nothing fits', 'named'),
    'n at the weights': ('do: times rows', 'named', 'named'),
    'rows averaged away': ('do: shape', 'nothing fits', 'nothing fits'),
    'cross-entropy on rows': ('dz2: cross-entropy', 'false', 'named'),
    'o changed in place': ('dz2: error for answer', 'nothing fits', 'named'),
    'transposed as in a library': ('dW2: transposed', 'named', 'named'),
    'mean twice': ('dW2: over rows', 'named', 'named'),
    'last row wins': ('dW2: last row only', 'named', 'named'),
    'whole numbers': ('dW2: whole numbers', 'false', 'named'),
    'do in the weights': ('dW2: before the slope', 'named', 'named'),
    'bias averaged': ('db2: over rows', 'named', 'named'),
    'bias kept as a row': ('db2: shape', 'named', 'named'),
    'bias along the wrong axis': ('db2: summed over units', 'named', 'named'),
    'bias summed to one number': ('db2: one number', 'named', 'named'),
    'bias not summed': ('db2: not summed', 'named', 'named'),
    'weights updated on the way': ('da1: updated weights', 'nothing fits', 'named'),
    'weights not transposed': ('', 'stopped', 'stopped'),
    'do carried back': ('da1: before the slope', 'named', 'named'),
    'columns first': ('da1: turned', 'named', 'named'),
    'ReLU in the hidden layer': ("dz1: relu's slope", 'nothing fits', 'named'),
    'x times da1': ('dW1: before the slope', 'named', 'named'),
    'two: z slope and mean': ('dz1: slope at z', 'named', 'named'),
    'hidden bias forgotten': ('db1: zero', 'false', 'named'),
    'all by einsum': ('', 'right', 'right'),
}
CLASSES = ("named", "nothing fits", "ambiguous", "stopped", "right", "false")


def verdict(answer):
    """The Verdict on one of these answers."""
    exercise = exercises()[answer.exercise]
    return exercise.judge(function(exercise.asks, textwrap.dedent(answer.code).strip()), run)


if __name__ == "__main__":
    for when in (1, 2):
        counts = Counter(row[when] for row in READ.values())
        print(("before mending:", "now:")[when - 1], ", ".join(f"{one} {counts[one]}" for one in CLASSES))
    print("as read:", sum(verdict(one).key == READ[one.name][0] for one in ANSWERS), "of", len(ANSWERS))
