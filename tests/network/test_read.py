"""Data.read: columns of a file or frame become rows; each bad cell is named; what was standardised is remembered and said."""
import csv
import re
import statistics

import numpy as np
import pytest

import bpviz as bp
from bpviz.base.written import as_python

HEAD = "size,rooms,price,town"
ROWS = [("1.5", "1", "0.25", "A"), ("2.5", "3", "0.5", "B"), ("4", "2", "0.75", "A"), ("3", "2", "0.5", "C")]


@pytest.fixture
def written(tmp_path):
    def write(text, name="my homes.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path
    return write


def text_of(rows=ROWS, head=HEAD, between=","):
    return "\n".join(between.join(row) for row in [head.split(","), *rows]) + "\n"


class Column:
    def __init__(self, values):
        self.values = values

    def to_numpy(self):
        return self.values


class OwnFrame(dict):
    """What pandas and polars have in common, and no more."""
    @property
    def columns(self):
        return list(self)


FRAME = OwnFrame(size=Column(np.array([1.5, 2.5, 4, 3])), rooms=Column(np.array([1, 3, 2, 2])),
                 price=Column(np.array([0.25, 0.5, 0.75, 0.5])), town=Column(np.array(["A", "B", "A", "C"], object)))


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_file_is_read_as_its_columns_say(written, between, mark):
    path = written(mark + text_of(between=between) + "\n\n")
    data = bp.Data.read(path, ["rooms", "size"], ["price"])
    assert np.array_equal(data.x, [[1, 3, 2, 2], [1.5, 2.5, 4, 3]]) and np.array_equal(data.y, [[0.25, 0.5, 0.75, 0.5]])
    assert data.name == "my homes" and data.scaling == () and data.why == ""
    assert np.array_equal(bp.Data.read(str(path), "size", ["price", "rooms"]).y, [[0.25, 0.5, 0.75, 0.5], [1, 3, 2, 2]])


def test_a_frame_gives_the_same_as_its_file(written):
    path = written(text_of())
    for inputs, targets in ((["size"], ["price"]), (["size", "rooms"], ["town"]), (["price"], ["size", "rooms"])):
        one, other = bp.Data.read(path, inputs, targets), bp.Data.read(FRAME, inputs, targets)
        assert np.array_equal(one.x, other.x) and np.array_equal(one.y, other.y) and one.why == other.why
    assert bp.Data.read(FRAME, ["size"], ["town"], name="towns").name == "towns"


def test_without_inputs_all_others_are(written):
    rows = [row[:3] for row in ROWS]
    data = bp.Data.read(written(text_of(rows, "size,rooms,price")), None, "price")
    assert np.array_equal(data.x, [[1.5, 2.5, 4, 3], [1, 3, 2, 2]])


def test_classes_are_read_as_from_rows_reads_them(written):
    path = written(text_of())
    towns = bp.Data.read(path, ["size"], ["town"])
    assert towns.classes == ("A", "B", "C") and np.array_equal(towns.y, np.eye(3)[:, [0, 1, 0, 2]])
    rooms = bp.Data.read(path, ["size"], ["rooms"])
    assert rooms.classes == ("1", "2", "3") and "one-hot" in rooms.why
    assert np.array_equal(bp.Data.read(path, ["size"], ["rooms"], classes=False).y, [[1, 3, 2, 2]])
    with pytest.raises(ValueError, match="^targets: got 'A', which is not among the classes"):
        bp.Data.read(path, ["size"], ["town"], classes=["B", "C"])


def test_what_was_standardised_is_remembered_and_said(written):
    """Against the standard library's own statistics."""
    rng = np.random.default_rng(2)
    for _ in range(20):
        table = rng.normal(rng.uniform(-50, 50), rng.uniform(0.01, 30), (int(rng.integers(3, 30)), 3))
        path = written(text_of([tuple(map(repr, row)) for row in table.tolist()], "one,two,three"))
        data = bp.Data.read(path, ["two", "one"], ["three"], standardise=True)
        for row, k, name in ((0, 1, "two"), (1, 0, "one")):
            column = table[:, k].tolist()
            middle, width = statistics.fmean(column), statistics.pstdev(column)
            assert np.allclose(data.scaling[row], (middle, width), rtol=1e-9)
            assert np.allclose(data.x[row], (table[:, k] - middle) / width, atol=1e-9)
            said = re.search(rf"{name} minus (\S+), divided by ([\d.e+-]+?)[;.]?(?: |$)", as_python(data.why))
            assert float(said[1]) == pytest.approx(middle, rel=1e-3) and float(said[2]) == pytest.approx(width, rel=1e-3)
        assert np.array_equal(data.y[0], table[:, 2]) and "inputs standardised" in repr(data)
    assert data.why.startswith("Inputs standardised: two minus")


BAD = [
    (text_of(), ["siz"], ["price"], "inputs: got 'siz', which is no column, did you mean 'size'. Columns: size, rooms"),
    (text_of(), ["size"], ["cost"], "targets: got 'cost', which is no column. Columns: size, rooms, price, town"),
    (text_of(), ["size", "size"], ["price"], "inputs: got .*; allowed is each column once"),
    (text_of(), ["size"], ["size"], "targets: got 'size'; allowed are columns that are not among the inputs"),
    (text_of(), ["town"], ["price"], "inputs: got 'A' in row 1 of column 'town'; allowed are finite numbers"),
    (text_of([*ROWS, ("", "1", "2", "A")]), ["size"], ["price"], "inputs: got nothing in row 5 of column 'size'"),
    (text_of([*ROWS, ("nan", "1", "2", "A")]), ["size"], ["price"], "inputs: got nothing in row 5 of column 'size'"),
    (text_of([*ROWS, ("1e999", "1", "2", "A")]), ["size"], ["price"], "inputs: got '1e999' in row 5 of column 'size'"),
    (text_of([*ROWS, ("3,5", "1", "2", "A")], between=";"), ["size"], ["price"], "'3,5' in row 5 .*decimal comma"),
    (text_of([*ROWS, ("1,200", "1", "2", "A")], between=";"), ["size"], ["price"], "'1,200' in row 5 .*: write 1200 where commas part the "
     "thousands, 1.200 where it is a decimal comma"),
    (text_of([*ROWS, ("1,200,000.5", "1", "2", "A")], between=";"), ["size"], ["price"], "in row 5 .*: write 1200000.5 where commas part"),
    (text_of([*ROWS, ("3", "1", "much", "A")]), ["size"], ["price"], "targets: got 'much' in row 5 of column 'price'"),
    (text_of([*ROWS, ("3", "1", "2", "")]), ["size"], ["town"], "targets: got nothing in row 5 of column 'town'"),
    (text_of([*ROWS, ("3", "1", "2")]), ["size"], ["town"], "source: got 3 cells in row 5; allowed are 4"),
    ("", ["size"], ["town"], "source: got an empty file"),
    (HEAD + "\n", ["size"], ["town"], "source: got a file without rows"),
    ("1,2,3\n4,5,6\n", ["1"], ["2"], "source: got '1, 2, 3' in the first line; allowed are names there"),
    ("a,a\n1,2\n", ["a"], ["a"], "source: got the column 'a' more than once"),
    (text_of(), [], ["price"], "inputs: got .*; allowed is at least one column: size"),
    (text_of(), [3], ["price"], "inputs: got 3; allowed are names of columns: size"),
    (text_of(head="size,price"), None, ["size", "price"], "source: got 4 cells in row 1; allowed are 2"),
]


@pytest.mark.parametrize("text, inputs, targets, words", BAD)
def test_what_cannot_be_read_is_named_by_row_and_column(written, text, inputs, targets, words):
    with pytest.raises(ValueError, match=words.replace("?", r"\?").replace("size'. C", r"size'\? C")):
        bp.Data.read(written(text), inputs, targets)


def test_a_file_that_is_not_there_or_is_none(written, tmp_path):
    for source in (tmp_path / "none.csv", tmp_path, "", "a\0b", 3, None):
        with pytest.raises(ValueError, match="^source: got "):
            bp.Data.read(source, ["a"], ["b"])
    with pytest.raises(ValueError, match="^source: got .*UTF-8"):
        bp.Data.read(written("größe,b\n1,2\n", encoding="latin-1"), ["b"], ["b"])


def test_a_column_that_never_changes_cannot_be_standardised(written):
    path = written("a,b\n5,1\n5,2\n")
    assert bp.Data.read(path, ["a"], ["b"]).x.tolist() == [[5, 5]]
    with pytest.raises(ValueError, match="standardise: got column 'a', which is 5 in every row"):
        bp.Data.read(path, ["a"], ["b"], standardise=True)


def test_cells_in_quotes_are_one_cell(written, tmp_path):
    path = tmp_path / "quoted.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["size, in m", "town"], [1.5, "A, north"], [2.5, 'B "old"']])
    data = bp.Data.read(path, ["size, in m"], ["town"])
    assert data.x.tolist() == [[1.5, 2.5]] and data.classes == ("A, north", 'B "old"')
