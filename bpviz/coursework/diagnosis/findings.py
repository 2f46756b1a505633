"""What was found at each part, and the words for it: what is right, where it first goes wrong, why, what follows."""
from dataclasses import dataclass

import numpy as np

from bpviz.coursework.diagnosis.draws import distance
from bpviz.coursework.exercise import Judgement, Line

NUMERICAL = 1e-12, 1e-6              # as far as good difference quotients are off, and nothing exact is


@dataclass(frozen=True)
class Finding:
    """What was found at one part. key, says: for a wrong one."""
    part: str
    status: str
    off: str = ""
    key: str = ""
    says: str = ""
    misconception: str = ""

    @property
    def blank(self):
        """What is said of several that are only not there yet, or ""."""
        return ("Still to do" if self.key.endswith(": not filled in") else
                "Not given back" if self.key.endswith(": missing") and self.says.endswith(" missing") else "")


def numerical(partials, theirs, rights):
    """How many forward passes a right gradient by difference quotients cost, 2P for the largest draw; 0 for another."""
    weights = [f"d{name}" for name in partials.weights if f"d{name}" in theirs]
    apart = [distance(one.astype(float), right) for part in weights
             for one, right in zip(theirs[part], rights[part], strict=True)
             if one.dtype == float and not np.array_equal(one, one.astype(np.float32))]
    if not apart or not NUMERICAL[0] < max(apart) < NUMERICAL[1]:
        return 0
    return 2 * max(sum(rights[f"d{name}"][k].size for name in partials.weights) for k in range(len(rights[weights[0]])))


def spoken(findings, passes, extra):
    """The Judgement with its words. passes: of a numerical gradient.  extra: names that were not asked for."""
    lines = tuple(Line(f"dL/{one.part}", one.status, one.off) for one in findings)
    asked = f" Not asked for: {', '.join(extra[:3])}{', ...' * (len(extra) > 3)}." if extra else ""
    amiss = [one for one in findings if one.status != "right"]
    if not amiss:
        count = "The partial is right." if len(lines) == 1 else f"All {len(lines)} partials are right."
        cost = (f" They look like difference quotients: on the largest of these networks those cost {passes:,} forward "
                "passes, two for each weight; going back once costs about two.") if passes else ""
        return Judgement("right", count + cost + asked, "numerical" if passes else "", lines)
    right = with_status(findings, "right")
    blank = " ".join(f"{what}: {listed([f'dL/{one.part}' for one in amiss if one.blank == what])}."
                     for what in dict.fromkeys(one.blank for one in amiss if one.blank))
    known = [one for one in amiss if not one.blank and one.says]
    words = [f"{listed(right)} {are(right)} right. " if right else ""]
    if not known:
        words[0] += blank
        first = amiss[0]
    else:
        first, *later = known
        words[0] += f"It first goes wrong at dL/{first.part}: {ended(first.says)}"
        carried = with_status(amiss, "follows")
        if later:
            words.append(f"Besides, given your numbers before it: {ended(later[0].says)}")
            words[1] += f" Look at {listed([f'dL/{one.part}' for one in later[1:]])} too." if later[1:] else ""
        if carried:
            words[-1] += f" {listed(carried)} follow{'s' * (len(carried) == 1)} from {'these' if later else 'it'}."
        words[-1] += f" {blank}" if blank else ""
    dark = [f"dL/{one.part}" for one in amiss if not one.says and one.status == "no credit"]
    words[-1] += (f" Of {listed(dark)} nothing can be said yet." if dark else "") + asked
    return Judgement("wrong", "\n".join(words), first.key, lines, f"dL/{first.part}", first.misconception)


def with_status(findings, status):
    return [f"dL/{one.part}" for one in findings if one.status == status]


def are(names):
    return "is" if len(names) == 1 else "are"


def misshapen(found, asked):
    """What is said of a table of one shape where another is asked for; () is one number."""
    return f"{f'has the shape {found}' if found else 'is one number'}, and {asked or 'one number'} is asked for."


def ended(sentence):
    return sentence if sentence.endswith(("?", ".")) else sentence + "."


def listed(names):
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
