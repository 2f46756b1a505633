"""Learners' functions for the tests, run in this process: the same FunctionRun as apart.py's, without its wall."""
import textwrap

import numpy as np

from bpviz.coursework.apart.given_back import pack_result
from bpviz.coursework.apart.misfits import in_words
from bpviz.coursework.apart.run import FunctionRun, result_of
from bpviz.coursework.diagnosis.edges import sigmoid


def run(function, calls, seconds=10.0):
    try:
        given = [function(**{name: np.copy(value)[()] for name, value in call.items()}) for call in calls]
    except NotImplementedError:
        return FunctionRun((), "not attempted", "Not attempted yet.")
    except Exception as error:
        return FunctionRun((), "raised", f"backward stopped: {in_words(type(error).__name__, str(error))}.")
    if all(one is None for one in given):
        return FunctionRun((), "not attempted", "Not attempted yet.")
    return FunctionRun(tuple(result_of(pack_result(one)) for one in given))


def function(partials, inside):
    """The function that a learner has after writing these lines into the answer cell."""
    lines = []
    for line in partials.starter({}).splitlines():
        lines.append(textwrap.indent(inside, "    ") if line.strip() == "{solution}" else line)
    scope = {"np": np, "sigmoid": sigmoid}
    exec("\n".join(lines), scope)
    return scope[partials.name]


def judged(partials, inside, seed=0):
    """The Verdict on these lines. inside: text, or a function."""
    answer = function(partials, inside) if isinstance(inside, str) else inside
    return partials.judge(answer, np.random.default_rng(seed), {}, run)


def changed(partials, **lines):
    """The solution with these lines instead of the right ones: changed(net, dW2="2 * (a1.T @ dz2)")."""
    text = partials.solution({})
    for part, line in lines.items():
        right = next(edge.line for edge in partials.edges if edge.part == part)
        assert f"{part} = {right}\n" in text
        text = text.replace(f"{part} = {right}\n", f"{part} = {line}\n")
    return text
