"""Named columns of a file or a data frame become rows of numbers: what Data.read reads.

A frame is whatever has `columns` and, for each of them, `frame[name].to_numpy()`: pandas, polars, neither of them asked
for here. A file is read by the csv of the standard library. Every cell that is no number is named by row and column.
"""
import csv
import os
import re
from difflib import get_close_matches
from pathlib import Path

import numpy as np

from bpviz.base.arguments import LONGEST_LIST, as_float, refuse, sequence, shown
from bpviz.base.refusals import listed
from bpviz.words.catalogue import say

MOST_COLUMNS, LONGEST_NAME = 10_000, 200
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
WHOLE = re.compile(r"[+-]?\d{1,15}")
MISSING = {"", "nan", "na", "n/a", "null", "none"}
SEPARATORS = ",;\t"


def chosen(source, inputs, targets):
    """(X (rows, inputs) of floats, y as Data.from_rows takes it, names of the inputs, name of the source).

    See Data.read for the arguments and for what is refused.
    """
    table, called = _table(source)
    y_names = _names("targets", targets, table)
    x_names = (tuple(name for name in table if name not in y_names) if inputs is None else
               _names("inputs", inputs, table))
    if not x_names:
        refuse("targets", targets, "allowed are fewer columns, so that an input is left")
    both = [name for name in x_names if name in y_names]
    if both:
        refuse("targets", both[0], "allowed are columns that are not among the inputs")
    X = np.stack([_numbers("inputs", name, table[name]()) for name in x_names], axis=1)
    if len(y_names) == 1:
        return X, _classes_or_numbers(y_names[0], table[y_names[0]]()), x_names, called
    return X, np.stack([_numbers("targets", name, table[name]()) for name in y_names], axis=1), x_names, called


def _names(argument, names, table):
    """The names of these columns, each of them there and given once."""
    names = (names,) if isinstance(names, str) else sequence(
        argument, names, "allowed are names of columns, a list of text", MOST_COLUMNS)
    if not names:
        refuse(argument, names, f"allowed is at least one column: {listed(list(table))}")
    for name in names:
        if not isinstance(name, str):
            refuse(argument, name, f"allowed are names of columns: {listed(list(table))}")
        if name not in table:
            near = get_close_matches(name[:LONGEST_NAME].lower(), [each.lower() for each in table][:500], cutoff=0.5)
            told = [each for each in table if each.lower() in near]
            hint = f", did you mean {' or '.join(map(repr, told))}?" if told else "."
            raise ValueError(f"{argument}: got {shown(name)}, which is no column{hint} Columns: {listed(list(table))}")
    if len(set(names)) < len(names):
        refuse(argument, names, "allowed is each column once")
    return tuple(map(str, names))


def _table(source):
    """({name of a column: what gives its cells}, what the source is called)."""
    if not isinstance(source, str | type) and hasattr(source, "columns") and hasattr(type(source), "__getitem__"):
        return _of_frame(source), "data"
    if not isinstance(source, str | os.PathLike):
        refuse("source", source, "allowed is the name of a csv file, or a data frame")
    try:
        path = Path(source)
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _of_file(file), path.stem[:LONGEST_NAME]
    except (OSError, TypeError) as error:
        why = getattr(error, "strerror", None) or "cannot be opened"
        refuse("source", source, f"allowed is a csv file that can be read, or a data frame ({why})")
    except UnicodeDecodeError:
        refuse("source", source, "allowed is a csv file in UTF-8: save it as 'CSV UTF-8'")
    except csv.Error as error:
        refuse("source", source, f"allowed is a csv file ({error})")
    except ValueError as error:
        if str(error).startswith("source:"):
            raise
        refuse("source", source, "allowed is the name of a csv file, or a data frame")


def _of_frame(frame):
    try:
        keys = list(frame.columns)
    except Exception:
        refuse("source", frame, "allowed is a csv file, or a data frame with columns")
    if not 0 < len(keys) <= MOST_COLUMNS or len({str(key) for key in keys}) < len(keys):
        refuse("source", frame, f"allowed is a data frame of 1 to {MOST_COLUMNS:,} columns of different names")

    def cells(key):
        try:
            column = np.asarray(frame[key].to_numpy())
        except Exception:
            refuse("source", frame, f"allowed is a data frame whose column {shown(str(key))} gives to_numpy()")
        if column.ndim != 1 or not len(column):
            refuse("source", frame, "allowed is a data frame with rows, a number in each cell")
        return column
    return {str(key): lambda key=key: cells(key) for key in keys}


def _of_file(file):
    first = file.readline()
    file.seek(0)
    rows = csv.reader(file, delimiter=max(SEPARATORS, key=first.count))
    header = [cell.strip() for cell in next(rows, [])]
    if not any(header):
        raise ValueError("source: got an empty file; allowed is a csv file, names of columns in the first line")
    if all(NUMBER.fullmatch(cell) for cell in header):
        raise ValueError(f"source: got {shown(', '.join(header))} in the first line; allowed are names there")
    twice = [name for name in header if header.count(name) > 1]
    if twice:
        raise ValueError(f"source: got the column {shown(twice[0])} more than once; allowed are different names")
    kept = []
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue                                                      # an empty line, most often the last
        if len(row) != len(header):
            raise ValueError(f"source: got {len(row)} cells in row {len(kept) + 1}; allowed are {len(header)}, one for "
                             "each column")
        kept.append(row)
        if len(kept) * len(header) > LONGEST_LIST * 10:
            raise ValueError(f"source: got more than {LONGEST_LIST * 10:,} cells; allowed are fewer")
    if not kept:
        raise ValueError("source: got a file without rows; allowed is at least one row below the names")
    return {name: lambda k=k: np.array([row[k].strip() for row in kept], dtype=object) for k, name in enumerate(header)}


def _is_missing(cell):
    if isinstance(cell, str):
        return cell.strip().lower() in MISSING
    return cell is None or type(cell).__name__ in ("NAType", "NaTType") or (isinstance(cell, float) and cell != cell)


def _number(cell):
    """The float of a cell, None for what is no number."""
    if isinstance(cell, str):
        return float(cell) if NUMBER.fullmatch(cell.strip()) else None
    return as_float(cell)


def _refuse_cell(argument, name, k, cell):
    where = f"row {k + 1} of column {shown(name)}"
    if _is_missing(cell):
        raise ValueError(f"{argument}: got nothing in {where}; allowed is a number there: fill it in, or leave the row "
                         "out")
    raise ValueError(f"{argument}: got {shown(cell)} in {where}; allowed are finite numbers{_of_commas(cell)}")


def _of_commas(cell):
    """How to write a number with commas, "" for what is none."""
    text = cell.strip() if isinstance(cell, str) else ""
    decimal = re.fullmatch(r"[+-]?\d+,\d+", text)
    if not re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        return ": write a point for the decimal comma" if decimal else ""
    point = text.replace(",", ".") if decimal else None
    return ": " + say("data", "commas", whole=text.replace(",", ""), decimal=point)


def _numbers(argument, name, column):
    """A column as floats (rows,)."""
    if column.dtype.kind not in "fiu":
        column = column.astype(object)
        for k, cell in enumerate(column):
            number = None if _is_missing(cell) else _number(cell)
            if number is None or not np.isfinite(number):
                _refuse_cell(argument, name, k, cell)
        return np.array([_number(cell) for cell in column])
    wrong = np.flatnonzero(~np.isfinite(column))
    if len(wrong):
        _refuse_cell(argument, name, wrong[0], column[wrong[0]].item())
    return column.astype(float)


def _classes_or_numbers(name, column):
    """The only column of targets: words, True and False, or whole numbers stay what they are, all else is floats."""
    if column.dtype.kind in "biu":
        return column
    if column.dtype.kind == "f":
        return _numbers("targets", name, column)
    cells = column.tolist()
    missing = [k for k, cell in enumerate(cells) if _is_missing(cell)]
    if missing:
        _refuse_cell("targets", name, missing[0], cells[missing[0]])
    if all(isinstance(cell, str) and WHOLE.fullmatch(cell) for cell in cells):
        return np.array([int(cell) for cell in cells])
    if any(isinstance(cell, str) and not NUMBER.fullmatch(cell) for cell in cells) and all(
            isinstance(cell, str) for cell in cells) and not any(NUMBER.fullmatch(cell) for cell in cells):
        return np.array(cells)
    if all(isinstance(cell, bool) for cell in cells):
        return np.array(cells)
    return _numbers("targets", name, column)


def standardised(X, names):
    """(X with each column of mean 0 and standard deviation 1, ((its mean, its standard deviation), ...))."""
    with np.errstate(all="ignore"):
        middle, width = X.mean(axis=0), X.std(axis=0)
    flat = np.flatnonzero(~(width > 1e-12 * np.abs(X).max(axis=0)))
    if len(flat):
        raise ValueError(f"standardise: got column {shown(names[flat[0]])}, which is {X[0, flat[0]]:g} in every row; "
                         "allowed are columns that differ: leave it out")
    return (X - middle) / width, tuple(zip(middle.tolist(), width.tolist(), strict=True))
