"""Learners' functions run in a process of their own: whatever they do, the notebook goes on.

A spare Python, NumPy already imported, waits ahead of the check; it gets the function as text (source.py) and the
inputs as JSON, is used once and ended with all it started. So a check takes milliseconds, and no loop, crash, flood
or patched NumPy outlives it. What comes back is checked here, part by part, before anybody looks at it. It is no wall
against malice: the function may read and write the files of whoever runs it, as in the notebook itself, and a process
that makes itself a session of its own is left running.

spare    a Python that waits (child.py)
calls    a list of {argument name: number or array}, one per call of the function
"""
import inspect
import json
import types
from dataclasses import dataclass

import numpy as np

from bpviz.base.refusals import shown
from bpviz.coursework.apart.given_back import pack_array
from bpviz.coursework.apart.misfits import in_words
from bpviz.coursework.apart.remade import unpack_array
from bpviz.coursework.apart.source import CACHED, Parcel, parcel
from bpviz.coursework.apart.spare import in_spare
from bpviz.coursework.apart.spare import ready as ready
from bpviz.coursework.apart.texts import Unsendable, kind_of
from bpviz.coursework.diagnosis.findings import ended


@dataclass(frozen=True)
class Odd:
    """What a function gave back instead of numbers. said: "text 'abc'", "a function", "a generator"."""
    said: str


@dataclass(frozen=True)
class FunctionRun:
    """What came of running a learner's function.

    results: one per call: {name: array or Odd}, a tuple of them, one array (a number has shape ()) or one Odd; () if it
    did not run to the end.  kind: "" for one that did, else "not attempted", "refused", "raised", "time", "memory",
    "died", "flood" or "stopped".  said: the sentence for the learner, "" if it ran.  line: where, in the learner's own
    cell, or None.  printed: what it printed, cut.
    """
    results: tuple
    kind: str = ""
    said: str = ""
    line: int | None = None
    printed: str = ""


def run(function, calls, seconds=10.0):
    """A learner's function called on each of the calls, apart: a FunctionRun. Never raises, whatever it is or does.

    seconds: for all calls together.
    """
    try:
        refusal = not_a_function(function) or wrong_arguments(function, calls)
        if refusal:
            return refusal
        name = name_of(function)
        try:
            request = {"parcel": parcel(function), "seconds": seconds}
        except Unsendable as error:
            text = str(error)
            return FunctionRun((), "refused", text[:1].upper() + text[1:] + ".")
        request["calls"] = [{key: packed(value) for key, value in call.items()} for call in calls]
        reply, code = in_spare(json.dumps(request).encode() + b"\n", seconds)
        return outcome(name, reply, code, len(calls), seconds)
    except KeyboardInterrupt:
        return FunctionRun((), "stopped", "The check was stopped before your function had ended.")


def name_of(function):
    return plain(str(getattr(function, "__name__", "your function")).strip("<>"), 60)


def packed(value):
    """An input as JSON: an array however large, else what may stand in a cell."""
    return {"array": pack_array(value)} if type(value) is np.ndarray else Parcel().pack(value)


# ---- what is no function, or takes other arguments

def not_a_function(answer):
    """The FunctionRun for an answer that cannot be called as a learner's function, or None."""
    kind = type(answer)
    try:
        came = shown(answer)
    except Exception:                                        # an object that fails whatever it is asked
        came = kind_of(answer)
    if answer is None or answer is ...:
        return FunctionRun((), "not attempted", "Not attempted yet.")
    if kind is types.MethodType:
        kind = type(answer.__func__)
    if kind in (types.FunctionType, CACHED):
        return None
    if kind in (types.GeneratorType, types.CoroutineType):
        said = "what the function gave back: hand in the function itself, its name without ()"
    elif issubclass(kind, type):
        said = f"{came}: hand in a function"
    elif callable(answer):
        said = f"{came}: write it as `def` in a cell of the notebook, and hand in its name"
    else:
        said = f"{came}: hand in the function itself, its name without ()"
    return FunctionRun((), "refused", f"A function is asked for, and this is {said}.")


def wrong_arguments(function, calls):
    """The FunctionRun for a function that does not take the arguments of the calls by their names, or None."""
    try:
        signature = inspect.signature(function)
    except Exception:                                        # none, or one that somebody put there
        return None
    for call in calls:
        try:
            signature.bind(**call)
        except TypeError:
            takes = ", ".join(signature.parameters)
            return FunctionRun((), "refused", f"{name_of(function)} takes ({takes}); what is asked for takes "
                                          f"({', '.join(call)}): keep the names of its first line.")
    return None


# ---- the sentence for what happened

HOW = {-11: " (it crashed, signal 11)", -6: " (it crashed, signal 6)",
       -9: " (signal 9: perhaps it took too much memory)"}


def outcome(name, reply, code, calls, seconds):
    """The FunctionRun that a reply tells. reply: bytes that nobody has checked.  code: how the child ended, or None."""
    said = read(reply)
    kind, line, printed = said["kind"], said["line"], said["printed"]
    if kind == "":
        results = results_of(said["results"], calls)
        if results is None:
            kind = "died"
        elif any(nothing(one) for one in results):
            more = f": {name} gives back None. Is `return` missing at its end?" if None in map(none, results) else "."
            return FunctionRun((), "not attempted", "Not attempted yet" + more, None, printed)
        else:
            return FunctionRun(results, "", "", None, printed)
    at = f" at line {line}, `{said['code'].rstrip(':')}`" if line and said["code"] else ""
    error, text = said["type"], said["text"]
    if kind == "raised":
        if error == "NotImplementedError":
            return FunctionRun((), "not attempted", "Not attempted yet.", line, printed)
        if error == "TypeError" and "ellipsis" in text:
            said = f"Not attempted yet: {name} still meets a `...`{at}."
            return FunctionRun((), "not attempted", said, line, printed)
        if said["memory"]:
            kind, words = "memory", f"{name} asks for more than 2 GB of memory{at}."
        elif error == "EOFError":
            words = f"{name} waits for somebody to type{at}: take everything from its arguments."
        elif error in ("SystemExit", "KeyboardInterrupt"):
            words = f"{name} ends the whole program{at} ({error}): a function ends with `return`."
        elif error == "RecursionError":
            words = f"{name} calls itself without end{at}."
        else:
            words = ended(f"{name} stopped{at}: {in_words(error, text)}")
    elif kind == "unmade":
        kind = "refused"
        words = (f"{text} is not what its cell says any more: run that cell again." if error == "LookupError" else
                 f"{name} could not be made ready{at}: {error}: {text}".rstrip(".") + ".")
    elif kind == "time":
        where = f"; it was{at}" if at else ""
        words = f"{name} had not ended after {seconds:g} seconds{where}: is there a loop that never stops?"
    elif kind == "flood":
        words = f"{name} gives back more than can be read: 1 MB is the most."
    elif kind == "unstarted":
        kind, words = "refused", "Answers cannot be checked here: a second Python could not be started."
    else:
        kind = "died"
        words = (f"Python itself ended while {name} ran{HOW.get(code, '')}: nothing came back." if reply == "died" else
                 f"What came back from {name} cannot be read: does it write where it should not?")
    return FunctionRun((), kind, words, line, printed)


def none(result):
    return None if result == Odd("None") else 0


def nothing(result):
    """Whether a result is None or ..., or has nothing else in it."""
    parts = result.values() if isinstance(result, dict) else result if isinstance(result, tuple) else (result,)
    return bool(parts) and all(isinstance(one, Odd) and one.said in ("None", "...") for one in parts)


# ---- nothing is believed

EMPTY = {"kind": "died", "line": None, "printed": "", "code": "", "type": "", "text": "", "memory": False,
         "results": None}


MOST = {"printed": 2_100, "code": 80, "type": 60, "text": 200}           # letters


def read(reply):
    """A reply as a dict with every key of EMPTY, each of its own type; anything else counts as none."""
    if isinstance(reply, str):
        return {**EMPTY, "kind": reply}
    try:
        said = json.loads(reply)
    except (ValueError, RecursionError):
        return EMPTY
    if not isinstance(said, dict) or said.get("kind") not in ("", "raised", "unmade", "time", "flood"):
        return EMPTY
    clean = {key: plain(said[key], MOST[key]) for key in MOST
             if isinstance(said.get(key), str)}
    number = said.get("line")
    return {**EMPTY, **clean, "kind": said["kind"], "memory": said.get("memory") is True,
            "results": said.get("results"), "line": number if type(number) is int and 0 < number < 10 ** 6 else None}


def plain(text, most):
    """Text without control characters but line ends, cut."""
    cut = "..." if len(text) > most else ""
    return "".join(letter for letter in text[:most] if letter.isprintable() or letter == "\n") + cut


def results_of(packed, calls):
    """The results, or None where they are not what child.py sends."""
    try:
        if not isinstance(packed, list) or len(packed) != calls:
            return None
        return tuple(result_of(one) for one in packed)
    except (ValueError, TypeError, KeyError):
        return None


def result_of(packed):
    if "dict" in packed:
        return {str(key)[:40]: part_of(one) for key, one in packed["dict"]}
    if "tuple" in packed:
        return tuple(part_of(one) for one in packed["tuple"])
    return part_of(packed)


def part_of(packed):
    if "odd" in packed:
        return Odd(plain(packed["odd"], 100))
    return unpack_array(packed, "iuf")
