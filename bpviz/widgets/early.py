"""A check that is run before the cell with its answer: Python stops at the unknown name, before bp.check is called.

So the notebook's own shell is asked to say one sentence instead of a traceback, for such a line and for no other error.
"""
import linecache
import re

from IPython import get_ipython

from bpviz.coursework.course import exercises
from bpviz.coursework.learner import answers

A_CHECK = re.compile(r"""\bcheck\(\s*["'](L\d\d-q\d+)["']\s*,""")


def too_early(error, trace):
    """The sentence for a NameError on the line of a check whose answer's name it is; "" for any other."""
    while trace.tb_next is not None:
        trace = trace.tb_next
    line = A_CHECK.search(linecache.getline(trace.tb_frame.f_code.co_filename, trace.tb_lineno))
    exercise = exercises().get(line[1]) if line else None
    if exercise is None or getattr(error, "name", None) != exercise.asks.name:
        return ""
    return (f"{exercise.asks.name} is not there yet: first run the cell with your answer, above (Shift+Enter), "
            "then this one again.")


def listen(say):
    """Have the shell answer such an error by say(sentence); nothing where it has a handler of somebody else's."""
    shell = get_ipython()
    if shell is None or shell.custom_exceptions:
        return

    def answer(shell, kind, error, trace, tb_offset=None):
        sentence = too_early(error, trace) if answers.attended() else ""
        if sentence:
            say(sentence)
        else:
            shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
    shell.set_custom_exc((NameError,), answer)
