"""Learners' functions run in a process of their own: right numbers or one sentence, and nothing left behind."""
import numpy as np

from bpviz.coursework.apart import Odd, Outcome, run

X, W = np.arange(6.0).reshape(2, 3), np.ones((3, 2), "f4")
K = 3


def twice(z):
    return 2 * z


def honest(x, W):
    print("hello")
    z = twice(x @ W) * K
    return {"z": z, "W": W, "word": "abc"}


def test_right_numbers_come_back_with_their_dtype():
    outcome = run(honest, [{"x": X, "W": W}, {"x": X, "W": 2 * W}])
    assert (outcome.kind, outcome.said, outcome.printed) == ("", "", "hello\nhello\n")
    first, second = outcome.results
    assert np.array_equal(first["z"], 6 * (X @ W)) and np.array_equal(second["z"], 12 * (X @ W))
    assert first["W"].dtype == np.float32 and first["word"] == Odd("text 'abc'")


def test_what_is_no_function_is_told():
    assert run(None, [{}]) == Outcome((), "not attempted", "Not attempted yet.")
    assert run(3, [{}]).kind == "refused"
