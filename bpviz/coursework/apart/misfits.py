"""What NumPy says when shapes do not fit, in words for a learner: only what its message tells, its sizes and shapes.

And a forgotten * before a bracket, which Python takes for a call.
"""
import re

SHAPE = r"\((?:\d+,?)*\)"            # "(7,3)", "(4,)", "()"
KNOWN = (                                                    # (what NumPy says, the words)
    (r"matmul: .*mismatch in its core dimension.*\(size (?P<b>\d+) is different from (?P<a>\d+)\)",
     "in a matrix product the two inner sizes have to be the same, and here they are {a} and {b}: "
     "is a .T missing, or the order turned round?"),
    (r"matmul: .*does not have enough dimensions \(has 0,.*",
     "a matrix product needs two arrays, and one of these is a single number: multiply by a number with *"),
    (rf"shapes (?P<a>{SHAPE}) and (?P<b>{SHAPE}) not aligned: (?P<c>\d+) .* != (?P<d>\d+) .*",
     "an array of shape {a} cannot be multiplied as a matrix by one of shape {b}: the two inner sizes have to be the "
     "same, and here they are {c} and {d}"),
    (rf"operands could not be broadcast together with shapes (?P<a>{SHAPE}) (?P<b>{SHAPE})(?: {SHAPE})?",
     "arrays of shape {a} and {b} do not fit together entry by entry"),
    (rf"could not broadcast input array from shape (?P<a>{SHAPE}) into shape (?P<b>{SHAPE})",
     "an array of shape {a} does not fit into a place of shape {b}"),
    (rf"non-broadcastable output operand with shape (?P<b>{SHAPE}) doesn't match the broadcast shape (?P<a>{SHAPE})",
     "an array of shape {a} does not fit into a place of shape {b}"),
)


def in_words(error, text):
    """An error as a learner hears it: friendly where it is about shapes, else Python's. error: the class's name."""
    for pattern, words in KNOWN if error == "ValueError" else ():
        found = re.fullmatch(pattern, text.strip())
        if found:
            return words.format(**{name: spaced(one) for name, one in found.groupdict().items()})
    called = re.search(r"'(numpy\.\w+|int|float)' object is not callable", text)
    return f"{error}{': ' if text else ''}{text.rstrip('.')}{'; is a * missing before a bracket?' if called else ''}"


def spaced(shape):
    """A shape as Python writes it: (7, 3) for (7,3)."""
    return re.sub(r",(?=\d)", ", ", shape)
