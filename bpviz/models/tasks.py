"""Sequences to learn from: a first symbol to remember, and the next letter of a text.

A symbol, or a letter, of an alphabet of n is one-hot: n numbers, one of them 1. A sequence of T of them lies in the
data step after step, (T n, rows), as the recurrent networks of models/recurrent.py read it.
Source: the first symbol after a delay is the task of Bengio, Simard and Frasconi 1994, IEEE Trans. Neural Networks 5,
section III; Hochreiter and Schmidhuber 1997, Neural Computation 9, experiment 2.
"""
import numpy as np

from bpviz.base.arguments import refuse, switch, text, whole
from bpviz.base.refusals import listed
from bpviz.network.data import Data

LONGEST_DELAY, MOST_SYMBOLS, MOST_LETTERS = 500, 26, 100_000
SYMBOLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

TEXT = ("a seal sat on a sea stone. the seal sees a ten note tale, it sits and listens. a small tide is at the stone, "
        "and the stone is still dense. a moon is on the sea, a hand of mist is in the sand. the seal is too lean to "
        "dance, so it sleeps. ants sail on a leaf and land on its nose. at dawn the tide is tall, and the seal is "
        "home.")


def alphabet(of):
    """The letters of a text, each once, in sorted order: "banana" has "abn"."""
    return "".join(sorted(set(_some_text("of", of))))


def one_hot(message, letters):
    """A text as numbers: (letters, length), column t has a 1 in the row of letter t.

    message: a text, not empty.  letters: the alphabet, a text without repeats.
    Raises ValueError for an empty text and for a letter that the alphabet has not.

    >>> one_hot("aba", "ab").tolist()
    [[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    """
    places = [_alphabet(letters).index(letter) for letter in _of_alphabet("message", message, letters)]
    return np.eye(len(letters))[:, places]


def sequence_of(message, letters):
    """A text as one input of a recurrent network, letter after letter: (length * letters, 1).

    message, letters: as in `one_hot`.
    """
    return one_hot(message, letters).T.reshape(-1, 1)


def remember(delay=10, symbols=2, rows=128, seed=0):
    """Which symbol came first? A Data of sequences of delay + 1 symbols, all random; the target is the first of them.

    delay: how many symbols come after it, 0 or more.  symbols: of how many kinds they are, called A, B, C ...: two have
    one output, B being 1; more are one-hot.  rows: how many sequences.  seed: of numpy's default_rng.
    Raises ValueError for numbers that are none of these.
    """
    delay, symbols = whole("delay", delay, 0, LONGEST_DELAY), whole("symbols", symbols, 2, MOST_SYMBOLS)
    rows, seed = whole("rows", rows, 1, 100_000), whole("seed", seed, 0)
    drawn = np.random.default_rng(seed).integers(0, symbols, (delay + 1, rows))
    x = np.eye(symbols)[drawn].transpose(0, 2, 1).reshape(-1, rows)
    return Data(x, drawn[:1].astype(float) if symbols == 2 else np.eye(symbols)[:, drawn[0]], f"first of {delay + 1}",
                "The first symbol is to be told after all others: what is between has nothing to do with it.",
                tuple(SYMBOLS[:symbols]))


def next_letter(of=TEXT, context=8, every_step=False, letters=None):
    """Which letter comes next? A Data of all stretches of a text, each with the letter after it as target, one-hot.

    of: the text, longer than a stretch.  context: how many letters a stretch has.
    every_step: True, for the letter after each letter of the stretch, context * letters targets; False, for the last.
    letters: the alphabet; None: that of the text.
    Raises ValueError for an empty or too short text, and for a letter that the alphabet has not.
    """
    of, every_step = _some_text("of", of), switch("every_step", every_step)
    letters = alphabet(of) if letters is None else letters
    seen, context = one_hot(_of_alphabet("of", of, letters), letters), whole("context", context, 1, LONGEST_DELAY)
    if len(of) <= context:
        raise ValueError(f"of: got a text of {len(of)} letters; allowed are more than the context, {context}")
    if len(letters) < 2:
        refuse("letters", letters, "allowed are at least two letters")
    stretches = np.arange(len(of) - context) + np.arange(context)[:, None]                 # (context, rows)
    x, after = (seen[:, stretches + k].transpose(1, 0, 2) for k in (0, 1))                  # (context, letters, rows)
    y = after.reshape(-1, after.shape[2]) if every_step else after[-1]
    return Data(x.reshape(-1, x.shape[2]), y, "next letter", "The letter after a stretch of text.",
                () if every_step else tuple(letters))


def _some_text(name, value):
    if not text(name, value, MOST_LETTERS):
        raise ValueError(f"{name}: got an empty text; allowed is one of at least one letter")
    return value


def _alphabet(letters):
    if len(set(_some_text("letters", letters))) < len(letters):
        refuse("letters", letters, "allowed is each letter once")
    return letters


def _of_alphabet(name, message, letters):
    unknown = sorted(set(_some_text(name, message)) - set(_alphabet(letters)))
    if unknown:
        raise ValueError(f"{name}: got {listed(list(map(repr, unknown)))}, which the alphabet has not; allowed are "
                         f"the letters of {letters!r}")
    return message
