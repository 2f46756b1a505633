"""One protocol for long work: parts, run to the end, watched, dropped and taken up again."""
import inspect
import pickle

import pytest

from bpviz.base.work import Memory, Part, finished, in_parts, within


@in_parts
def count(n, fail=None):
    """Count to n."""
    for k in range(1, n + 1):
        if k == fail:
            raise ValueError("count: no further")
        yield Part(k / n, k)


def test_one_function_two_ways():
    assert count(5) == 5 and [part.result for part in count.parts(3)] == [1, 2, 3]
    assert list(inspect.signature(count).parameters) == ["n", "fail"] and count.__doc__ == "Count to n."
    assert pickle.loads(pickle.dumps(count)) is count                # an executor in another process can run it
    assert finished(iter(())) is None


def test_a_stretch_of_a_larger_work():
    def larger():
        got = yield from within(count.parts(4), 0.2, 0.6)
        yield Part(1.0, got * 10)
    parts = list(larger())
    assert [round(part.share, 9) for part in parts] == [0.3, 0.4, 0.5, 0.6, 1.0]
    assert [part.result for part in parts] == [None] * 4 + [40]


def test_a_work_that_was_dropped_goes_on():
    memory, begun = Memory(2), []

    def make(n):
        begun.append(n)
        return count.parts(n)
    first = memory.resume("a", lambda: make(4))
    assert [next(first).result, next(first).result] == [1, 2]
    first.close()
    assert [part.result for part in memory.resume("a", lambda: make(4))] == [2, 3, 4] and begun == [4]
    assert [part.result for part in memory.resume("a", lambda: make(4))] == [4]
    assert finished(memory.resume("b", lambda: make(3))) == 3


def test_the_oldest_gives_way_and_what_was_used_is_young():
    memory, made = Memory(2), []
    for key in "abacb":
        assert memory.get(key, lambda key=key: made.append(key) or key) == key
        assert len(memory) <= 2
    assert made == ["a", "b", "c", "b"] and "a" not in memory and "c" in memory


def test_a_work_that_failed_is_begun_anew():
    memory = Memory()
    with pytest.raises(ValueError, match="no further"):
        finished(memory.resume("a", lambda: count.parts(3, fail=2)))
    assert [part.result for part in memory.resume("a", lambda: count.parts(3))] == [1, 2, 3]


def test_a_work_that_goes_on_begins_with_the_last_result_so_far():
    memory = Memory()

    def make():
        return iter([Part(0.2, "early"), Part(0.5), Part(1.0, "all")])
    first = memory.resume("a", make)
    assert [next(first), next(first)] == [Part(0.2, "early"), Part(0.5)]
    assert list(memory.resume("a", make)) == [Part(0.5, "early"), Part(1.0, "all")]
