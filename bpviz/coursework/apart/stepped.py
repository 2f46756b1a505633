"""A learner's backward pass of the network of two weights trains it, apart: every step is made of its slopes.

The whole descent runs in the other Python, in one go, so that a path of thousands of steps costs one process. Only what
stands inside `walk` goes along.

    backward(x, t, w1, w2) -> {"dw1": ..., "dw2": ..., and what else it names}, one row at a time: lesson 3's first one
"""
import numpy as np

from bpviz.coursework.apart.run import FunctionRun, not_a_function, run, wrong_arguments

ENTRIES = ("da2", "dz2", "dw2", "da1", "dz1", "dw1")           # on the way back
FAR = 1e6                                                      # a weight beyond this has run away
ENDED = ("", "away", "lost")
TROUBLE = {1: "no dict with dw1 and dw2", 2: "something else than one number at dw1 or dw2"}


def walker(backward, entries, far):
    """The function that is sent: (x (rows,), t (rows,), w1, w2, rate, steps) -> arrays, see `stepped`."""
    def walk(x, t, w1, w2, rate, steps):
        def number(value):
            array = np.asarray(value)
            return float(array.reshape(())) if array.size == 1 and array.dtype.kind in "fiu" else None

        places, trouble, ended, parts = [], 0, 0, np.full((len(x), len(entries)), np.nan)
        for step in range(int(steps)):
            sums = [0.0, 0.0]
            for row in range(len(x)):
                found = backward(x=float(x[row]), t=float(t[row]), w1=w1, w2=w2)
                if not isinstance(found, dict) or "dw1" not in found or "dw2" not in found:
                    trouble = 1
                    break
                slopes = number(found["dw1"]), number(found["dw2"])
                if None in slopes:
                    trouble = 2
                    break
                sums = [sums[0] + slopes[0], sums[1] + slopes[1]]
                if step == 0:
                    for k, value in enumerate(number(found.get(name)) for name in entries):
                        parts[row, k] = np.nan if value is None else value if abs(value) < np.inf else np.inf
            before = w1, w2
            w1, w2 = w1 - rate * sums[0] / len(x), w2 - rate * sums[1] / len(x)
            if trouble:
                break
            if not (abs(w1) < far and abs(w2) < far):
                ended = 1 if abs(w1) < np.inf and abs(w2) < np.inf else 2          # 2: by slopes that are no numbers
                break
            places.append((w1, w2))
            if (w1, w2) == before:
                break
        path = np.array(places).reshape(-1, 2)
        return {"w1": path[:, 0], "w2": path[:, 1], "parts": parts, "ended": np.array([trouble, ended])}
    return walk


def stepped(backward, data, start, rate, steps, seconds):
    """(path (2, steps + 1) or None, the entries at the start (rows, 6), how it ended, the FunctionRun).

    data: a Data of one input and one output.  start: (2,).  A path stays at the last point within FAR, or where a step
    moves nothing any more; it ended "", "away" or, where a slope was no number, "lost". An entry that is not given is
    NaN, one that is no number inf. There is no path where the run says why.
    """
    (x,), (t,) = data.x, data.y
    refused = not_a_function(backward) or wrong_arguments(backward, [{"x": 0.0, "t": 0.0, "w1": 0.0, "w2": 0.0}])
    if refused:
        return None, None, "", refused
    walk = walker(backward, ENTRIES, FAR)
    walk.__name__ = backward.__name__                          # by which sentences call it
    done = run(walk, [{"x": np.array(x), "t": np.array(t), "w1": float(start[0]), "w2": float(start[1]),
                       "rate": float(rate), "steps": int(steps)}], seconds)
    if done.kind:
        return None, None, "", done
    found = done.results[0]
    trouble, ended = (int(one) for one in found["ended"])
    if trouble:
        return None, None, "", FunctionRun((), "refused", f"{backward.__name__} gives {TROUBLE[trouble]}.")
    path = np.concatenate([np.reshape(start, (2, 1)), np.stack([found["w1"], found["w2"]])], axis=1)
    return path, found["parts"], ENDED[ended], done
