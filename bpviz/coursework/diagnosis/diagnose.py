"""Which partial goes wrong first on the way back from the loss, how far off it is, and why.

Each part is judged given the learner's own values before it. So an error that is only carried forward is no new one, a
second mistake is seen behind the first, and no list of pairs is needed. Parts that the exercise does not ask for are
supposed: right, or wrong by one mistake, whichever explains what was handed in with the fewest mistakes.

theirs, rights   {part: (array, ...)}, one array per draw
names            per draw, what a line may use: inputs, forward values, and the parts as the learner has them
stage            parts that are not asked for, and the asked ones after them that they explain (supposed.py)
"""
from dataclasses import replace
from itertools import combinations

import numpy as np

from bpviz.coursework.diagnosis.answered import asked_for, how_far, named, parts_of
from bpviz.coursework.diagnosis.draws import distance, draws, same
from bpviz.coursework.diagnosis.edges import value
from bpviz.coursework.diagnosis.findings import Finding, numerical, spoken
from bpviz.coursework.diagnosis.operators import merged
from bpviz.coursework.diagnosis.rates import rate_of, with_rate
from bpviz.coursework.exercise import NOT_ATTEMPTED, Judgement

NEAR = 1e-5                          # of the largest entry: right; float32 comes to 1e-6
QUOTIENT = 3e-3                      # as far as coarse ones are
MOST_FITS = 3                        # more mistakes than that fit: nothing is said


def judge(partials, answer, rng, run):
    """The Judgement on a learner's function; a kind's judge (exercise.py)."""
    some = draws(partials, rng)
    inputs = [{name: draw[name] for name in partials.inputs} for draw in some]
    outcome = run(answer, [*inputs, *partials.examples])
    if outcome.kind == "not attempted":
        return replace(NOT_ATTEMPTED, words=outcome.said or NOT_ATTEMPTED.words)
    if outcome.kind:
        return Judgement("wrong", outcome.said)
    with np.errstate(all="ignore"):                              # theirs may be too large for anything
        verdict = verdict_on(partials, some, outcome.results[:len(some)])
        if not verdict.first:
            return verdict
        return replace(verdict, example=example(partials, verdict, outcome.results[len(some):]))


def verdict_on(partials, some, results):
    """The Judgement on what a function gave on these draws."""
    found = [named(partials, one) for one in results]
    odd = next((one for one in found if isinstance(one, str)), None)
    if odd is not None:
        return Judgement("wrong", f"{partials.name} gives {odd}; {asked_for(partials)} is asked for.")
    rights = {edge.part: tuple(draw[edge.part] for draw in some) for edge in partials.edges}
    theirs, blemishes, extra = parts_of(partials, found, rights)
    if not theirs and {one.key for one in blemishes.values()} == {"not filled in"}:
        return NOT_ATTEMPTED
    findings = changed_places(partials, some, theirs, rights, blemishes)
    return spoken(findings, numerical(partials, theirs, rights), extra)


def example(partials, verdict, results):
    """The public inputs on which the first wrong part can be seen to be wrong, and the learner's numbers there."""
    part, shown = verdict.first.removeprefix("dL/"), []
    for inputs, result in zip(partials.examples, results, strict=True):
        theirs = named(partials, result)
        if not isinstance(theirs, str):
            theirs = {name: theirs[name] for name in partials.parts if isinstance(theirs.get(name), np.ndarray)}
            mine, right = theirs.get(part), partials.work_out(inputs)[part]
            alone = mine is not None and mine.size == right.size == 1        # (), (1,) and (1, 1) look the same there
            seen = distance(mine.reshape(right.shape) if alone else mine, right) > NEAR
            shown.append((seen, {"inputs": inputs, "theirs": theirs}))
    return next((one for seen, one in shown if seen), None) or (shown[0][1] if shown else None)


# ---- part by part, on the way back

def walk_back(partials, some, theirs, rights, blemishes):
    """(Finding, ...), one per part asked for, in backward order."""
    names, dark, findings = [dict(draw) for draw in some], set(), []
    for stage in partials.stages:
        supposed, slight = hidden_rates(stage, names, dark, theirs)
        tried = [judge_stage(partials, stage, suppose, names, dark, theirs, rights, blemishes, slight)
                 for suppose in slight or supposed]
        least = min(cost for cost, *_ in tried)
        best = [one for cost, *one in tried if cost == least]
        found, names, dark = best[0]
        findings += [either(several) for several in zip(*(one[0] for one in best), strict=True)]
    return tuple(findings)


def changed_places(partials, some, theirs, rights, blemishes):
    """The findings; two parts that are wrong only because each holds the other's numbers are said to be that."""
    findings = walk_back(partials, some, theirs, rights, blemishes)
    wrong = [one for one in findings if one.status == "wrong" and one.part in theirs]
    for first, second in combinations(wrong, 2):
        pair = first.part, second.part
        if all(a.shape == b.shape for a, b in zip(*(theirs[part] for part in pair), strict=True)):
            turned = dict(theirs)
            turned[pair[0]], turned[pair[1]] = theirs[pair[1]], theirs[pair[0]]
            again = walk_back(partials, some, turned, rights, blemishes)
            if all(one.status in ("right", "follows") for one in again if one.part in pair):
                return swapped(findings, again, pair)
    return findings


def swapped(findings, again, pair):
    """The findings of whichever walk has fewer faults, with one sentence at the first of the pair."""
    fewer = min(again, findings, key=lambda walk: sum(one.status == "wrong" for one in walk if one.part not in pair))
    off = {one.part: one.off for one in findings}
    says = "dL/{} and dL/{} have changed places: each holds the other's numbers".format(*pair)
    told = {pair[0]: Finding(pair[0], "wrong", off[pair[0]], f"{pair[0]}: changed places", says),
            pair[1]: Finding(pair[1], "wrong", off[pair[1]])}
    return tuple(told.get(one.part, one) for one in fewer)


def hidden_values(stage, suppose, names, line=""):
    """The names, with the hidden parts of a stage as `suppose` has them. line: instead of that mistake's."""
    names = [dict(one) for one in names]
    for edge in stage.hidden:
        wrong = suppose and suppose.part == edge.part
        for one in names:
            one[edge.part] = value((line or suppose.line) if wrong else edge.line, one)
    return names


def hidden_rates(stage, names, dark, theirs):
    """(supposed, slight): what may be wrong at hidden parts, with the rate that explains the first part asked for.

    slight: those of them at a rate so small that the part would pass as right.
    """
    first, supposed, slight = stage.asked[0], [], []
    mine = theirs.get(first.part)
    for one in stage.supposed:
        if one and one.at_0 and mine is not None and not dark:
            zero, full = ([value(first.line, each) for each in hidden_values(stage, one, names, line)]
                          for line in (one.at_0, one.line))
            rate = rate_of(mine, zero, full, NEAR)
            one = one if rate is None else with_rate(one, rate)
            slight += [one] if rate is not None and same(mine, zero, NEAR) else []
        supposed.append(one)
    return supposed, slight


def judge_stage(partials, stage, suppose, names, dark, theirs, rights, blemishes, slight=()):
    """(cost, findings, names, dark) of one stage. suppose: the Mistake at one of its hidden parts, or None.

    cost: how many parts stay unexplained, and how many mistakes it takes.  slight: see hidden_rates.
    dark: the parts of which nothing can be known, nor of what is made from them.
    """
    names, dark, findings, against = hidden_values(stage, suppose, names), set(dark), [], 0
    for edge in stage.hidden:
        if edge.needs in dark:
            dark.add(edge.part)
    told = suppose is None
    for edge in stage.asked:
        mine, right = theirs.get(edge.part), rights[edge.part]
        finding = judge_part(partials, edge, names, dark, mine, right, blemishes.get(edge.part))
        if not told and (finding.status == "follows" or slight):
            finding, told = explained(finding, suppose), True
        findings.append(finding)
        given = [value(edge.line, one) for one in names]
        if suppose and finding.status == "right" and not same(mine, given, NEAR):
            against += 1
        fits = mine is not None and all(one.shape == truth.shape for one, truth in zip(mine, right, strict=True))
        for k, one in enumerate(names):
            one[edge.part] = mine[k].astype(float) if fits else given[k]
        if finding.status == "no credit" or not fits:
            dark.add(edge.part)
    unknown = sum(one.key.endswith((": unknown", ": near")) for one in findings)
    if unknown and suppose is None:
        dark |= {edge.part for edge in stage.hidden}
    wrong = sum(one.status == "wrong" for one in findings)
    return (unknown, wrong + against + (not told)), findings, names, dark


def judge_part(partials, edge, names, dark, mine, rights, blemish):
    """The Finding at one part asked for. mine: (array, ...) or None where there is a blemish."""
    part, d = edge.part, f"dL/{edge.part}"
    if mine is None:
        if blemish.dull and edge.needs in dark:
            return Finding(part, "no credit", blemish.off)
        return Finding(part, "no credit", blemish.off, f"{part}: {blemish.key}", blemish.says)
    mine = tuple(one.astype(float) for one in mine)
    known = [one for one in partials.mistakes if one.part == part]
    given = [value(edge.line, one) for one in names]
    rated = [] if edge.needs in dark else at_a_rate(known, names, mine)
    if same(mine, rights, NEAR) and not (rated and same(mine, given, NEAR)):
        return Finding(part, "right")
    if edge.needs in dark:
        return Finding(part, "no credit")
    if same(mine, given, NEAR) and not rated:
        return Finding(part, "follows", how_far(mine, rights))
    fits = rated + [one for one in known
                    if not one.at_0 and same(mine, (value(one.line, each) for each in names), NEAR)]
    shaped = all(one.shape == right.shape for one, right in zip(mine, rights, strict=True))
    got, asked = next(((one.shape, right.shape) for one, right in zip(mine, rights, strict=True)
                       if one.shape != right.shape), ((), ()))
    off = how_far(mine, given) if shaped else f"shape {got}, asked for is {asked}"
    if 0 < len(fits) <= MOST_FITS:
        one = merged(fits)
        return Finding(part, "wrong", off, one.key, one.says, one.misconception)
    if not shaped:
        turned = all(one.shape == right.T.shape for one, right in zip(mine, rights, strict=True))
        says = f"{d} has the shape {got} where {asked} is asked for"
        return Finding(part, "wrong", off, f"{part}: {'turned' if turned else 'shape'}", says +
                       (": rows and columns have changed places" if turned else ""))
    if same(mine, rights, QUOTIENT) and same(mine, given, QUOTIENT):
        return Finding(part, "wrong", off, f"{part}: near",
                       f"{d} is as near as a difference quotient comes: is it one?")
    return Finding(part, "wrong", off, f"{part}: unknown",
                   f"none of the mistakes that are known here fits {d}: it is {off}")


# ---- what explains a part

def at_a_rate(known, names, mine):
    """[Mistake, ...]: those of the known that have a rate, and explain the numbers at one rate, with that rate."""
    rates = [(one, rate_of(mine, *([value(line, each) for each in names] for line in (one.at_0, one.line)), NEAR))
             for one in known if one.at_0]
    return [with_rate(one, rate) for one, rate in rates if rate is not None]


def explained(finding, suppose):
    """The Finding at the first asked part that a mistake at a hidden part explains."""
    return replace(finding, status="wrong", key=suppose.key, says=suppose.says, misconception=suppose.misconception)


def either(findings):
    """One Finding of several that explain a part equally well."""
    keys = list(dict.fromkeys(one.key for one in findings if one.key))
    if len(keys) < 2:
        return findings[0]
    says = dict.fromkeys(one.says for one in findings if one.key)
    return replace(next(one for one in findings if one.key), key=" or ".join(keys), says="; or ".join(says))
