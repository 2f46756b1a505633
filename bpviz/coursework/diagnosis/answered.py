"""What a learner's function gave back, part by part, before it is compared with anything.

theirs     {part: (array, ...)}, one per draw, for the parts that are numbers
Blemish    why nothing can be said about a part: missing, text, zeros, nan
"""
import difflib
from dataclasses import dataclass

import numpy as np

from bpviz.coursework.diagnosis.draws import constant


@dataclass(frozen=True)
class Blemish:
    """key: "zero", without numbers.  says: a sentence without a full stop.  off: the same in a few words.

    dull: whether it may come from a dull part before it.
    """
    key: str
    says: str
    off: str
    dull: bool = False


def named(partials, result):
    """One call's result as {part: array or Odd}; else the words that say what came instead."""
    order = partials.order
    if isinstance(result, dict):
        return result
    if isinstance(result, np.ndarray):
        if len(order) == 1:
            return {order[0]: result}
        if partials.gives == "tuple" and len(order) == len(np.atleast_1d(result)) > 1:
            return dict(zip(order, map(np.asarray, result), strict=True))
        return f"one array of shape {result.shape}" if result.ndim else "one number"
    if not isinstance(result, tuple):
        return result.said
    if partials.gives == "tuple" and len(result) == len(order):
        return dict(zip(order, result, strict=True))
    return f"a tuple of {len(result)}"


def asked_for(partials):
    """What the function should give, in words."""
    names = ", ".join(partials.order)
    return f"a dict with {names}" if partials.gives == "dict" else f"{names}, in this order"


def near_miss(part, names):
    """A name that was given and is not asked for, and looks like this part; "" for none."""
    for name in names:
        if name.lower().replace("_", "").removeprefix("dl/").removeprefix("dl") in (part.lower(), part.lower()[1:]):
            return name
    return next(iter(difflib.get_close_matches(part, names, 1, 0.75)), "")


def parts_of(partials, results, rights):
    """(theirs, {part: Blemish}, names that nobody asked for). Wrong shapes stay among theirs: a mistake may fit them.

    results: one dict per draw.  rights: {part: (array, ...)}.
    """
    extra = sorted({name for one in results for name in one} - set(partials.order))
    theirs, blemishes = {}, {}
    for part in partials.parts:
        d, found = f"dL/{part}", [one.get(part, "missing") for one in results]
        odd = next((one for one in found if not isinstance(one, np.ndarray)), None)
        if isinstance(odd, str):
            other = near_miss(part, extra)
            extra = [name for name in extra if name != other]
            hint = f": there is {other}, call it {part}" if other else ""
            blemishes[part] = Blemish("missing", f"{part} is missing{hint}", "missing")
        elif odd is not None and odd.said in ("None", "..."):
            blemishes[part] = Blemish("not filled in", f"{d} is not filled in yet", "not filled in yet")
        elif odd is not None:
            blemishes[part] = Blemish("no numbers", f"{d} is {odd.said}, and numbers are asked for", odd.said)
        else:
            right = rights[part]
            theirs[part] = tuple(one.reshape(()) if one.size == 1 and not truth.ndim else one
                                 for one, truth in zip(found, right, strict=True))
            blemish = whole(d, theirs[part], right) or dull(d, [one.astype(float) for one in theirs[part]], right)
            if blemish:
                blemishes[part] = blemish
                del theirs[part]
    return theirs, blemishes, extra


def whole(d, arrays, rights):
    """The Blemish of arrays that were made for integers; None for others, and for single numbers."""
    if all(one.ndim and one.dtype.kind in "iu" and one.shape == right.shape
           for one, right in zip(arrays, rights, strict=True)):
        return Blemish("whole numbers", f"{d} is an array of integers, which cuts off what comes after the point: "
                       "make it of floats", "integers only")
    return None


def dull(d, arrays, rights):
    """The Blemish of numbers that are none, all zero, or one number throughout; None for others."""
    joined = np.concatenate([one.ravel() for one in arrays])
    if not np.isfinite(joined).all():
        word = "nan" if np.isnan(joined).any() else "inf"
        return Blemish(word, f"{d} holds {word}, which is no number: is something divided by 0, or too large for exp?",
                       f"holds {word}", True)
    if not joined.any():
        return Blemish("zero", f"{d} is 0 everywhere, and it is not 0 here: was it ever filled in?",
                       "0 everywhere", True)
    if all(constant(one) and not constant(right) for one, right in zip(arrays, rights, strict=True) if right.size > 1) \
            and (any(right.size > 1 for right in rights) or np.ptp(joined) == 0):
        where = ", whatever comes in" if np.ptp(joined) == 0 else ": its entries should differ from each other"
        return Blemish("constant", f"{d} is one number throughout{where}", "one number throughout", True)
    return None


def how_far(arrays, rights):
    """How a part differs, in a few words, its size and its signs; never a right value. Of arrays of the right shape."""
    mine, right = (np.concatenate([one.ravel() for one in some]).astype(float) for some in (arrays, rights))
    if not right.any():
        return "not 0"
    ratios = mine[right != 0] / right[right != 0]
    ratio = ratios[0]
    if np.allclose(ratios, ratio, rtol=1e-5, atol=0) and f"{ratio:.3g}" != "1":
        exact = {2.0: "twice", 0.5: "half", -1.0: "the other sign"}
        turned = ", with the other sign" if ratio < 0 else ""
        return exact.get(round(ratio, 4)) or f"{times(abs(ratio), 3)} what it should be{turned}"
    size = np.linalg.norm(mine) / np.linalg.norm(right)
    other, single = np.mean(mine * right < 0), not any(one.ndim for one in rights)
    said = []
    if not 1 / 1.5 < size < 1.5:
        said.append(f"about {times(size)} too large" if size > 1 else f"about {times(1 / size)} too small")
    if other:
        said = said or ["of about the right size"]
        every, some = ("each try", "some tries") if single else ("every entry", "some entries")
        said.append(f"with another sign in {every if other == 1 else some}")
    return ", ".join(said) or f"off by up to {percent(arrays, rights)} of the largest {'one' if single else 'entry'}"


def times(ratio, digits=2):
    return f"{short(ratio, digits)} times" if ratio < 999 else "more than 1000 times"


def short(number, digits=2):
    """So many digits, and no power of ten in sight."""
    return f"{float(f'{number:.{digits}g}'):.10g}"


def percent(arrays, rights):
    """The largest difference, in per cent of the largest entry."""
    off = max(np.abs(one - right).max() / np.abs(right).max()
              for one, right in zip(arrays, rights, strict=True) if right.any())
    off = max(off, 1e-5)
    return f"{short(100 * off)} %" if off < 9.99 else "more than 1000 %"
