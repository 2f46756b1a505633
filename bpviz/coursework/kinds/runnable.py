"""Functions made of lines of text: listings with one line changed, lines put in another order.

step by step  `trace` runs lines one after the other and keeps what each gave; only for lines of our own
apart         `made` gives a function whose source can be found, so that apart.py takes it as it takes a learner's
"""
import ast
import hashlib
import linecache
import textwrap

import numpy as np


def numbered(lines):
    """A listing with its line numbers, as Markdown."""
    width = len(str(len(lines)))
    return "\n".join(["```", *(f"{k:>{width}}  {line}" for k, line in enumerate(lines, 1)), "```"])


def made(head, lines):
    """The function `def head:` with these lines as its body. Defining it runs none of them."""
    text = f"def {head}:\n" + textwrap.indent("\n".join(lines), "    ") + "\n"
    tree = ast.parse(text)
    name = f"<lines {hashlib.sha256(text.encode()).hexdigest()[:12]}>"
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    scope = {"np": np}
    exec(compile(tree, name, "exec"), scope)
    return scope[tree.body[0].name]


def filled(text, given):
    """Lines with the given numbers in them, in place of {name}."""
    for name, value in given.items():
        text = text.replace("{" + name + "}", repr(value))
    return text


def trace(lines, inputs):
    """[{name: value} that each line set, ...] and the sentence of the line that failed, or "".

    inputs: {name: number or array}, copied first.
    """
    scope, steps = {"np": np, **{name: np.copy(value) for name, value in inputs.items()}}, []
    for line in lines:
        try:
            exec(line, scope)                            # a line of a record, never a learner's
        except Exception as error:
            return steps, f"{type(error).__name__}: {error}"
        steps.append({name: np.copy(scope[name]) for name in sets(line)})
    return steps, ""


def sets(line):
    """The names that a line sets."""
    return [node.id for node in ast.walk(ast.parse(line)) if isinstance(node, ast.Name)
            and isinstance(node.ctx, ast.Store)]


def uses(line):
    """The names that a line uses, those it changes in place too."""
    every = ast.walk(ast.parse(line))
    return {node.id for node in every if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)} | {
        node.target.id for node in ast.walk(ast.parse(line)) if isinstance(node, ast.AugAssign)
        and isinstance(node.target, ast.Name)}


def same(one, other):
    """Whether two results are the same numbers: arrays, or dicts of them, to 1e-6 of the largest entry."""
    if isinstance(one, dict) or isinstance(other, dict):
        return isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys() and all(
            same(one[name], other[name]) for name in one)
    if isinstance(one, tuple) or isinstance(other, tuple):
        return isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other) and all(
            map(same, one, other))
    try:
        one, other = np.asarray(one, float), np.asarray(other, float)
    except (TypeError, ValueError):                      # something odd that is no number
        return False
    if one.shape != other.shape:
        return False
    return bool(np.all(np.abs(one - other) <= 1e-6 * max(np.abs(other).max(initial=0), 1e-12)))
