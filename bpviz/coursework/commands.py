"""The commands of whoever teaches: python -m bpviz release | selfcheck | cells.

release     the hand-outs of source lessons, one common copy or one for each student
selfcheck   run a notebook and say how its exercises stand
cells       write the cells of every exercise in a source lesson from its record
"""
from pathlib import Path


def add_to(commands):
    """Add the three to `commands`, what argparse's add_subparsers returned. Each one's action takes the words read."""
    text = "write the cells of every exercise in a source lesson anew from its record"
    command = commands.add_parser("cells", help=text, description=text)
    command.set_defaults(action=cells)
    command.add_argument("files", nargs="+", metavar="FILE", help="source notebooks")


def opened(name):
    """The bytes of a file; ValueError in one sentence where it cannot be read."""
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise ValueError(f"{name}: cannot be read ({error.strerror})") from None


def cells(words):
    """`bpviz cells FILE ...`: renew in place; a file that is as it should be is not written."""
    from bpviz.coursework.handout import ids, renew
    from bpviz.coursework.notebook import read, written
    made = []
    for name in words.files:                                        # all are read before any is written
        data = opened(name)
        try:
            nb = renew(read(data, name))
        except ValueError as error:
            raise ValueError(str(error) if str(error).startswith(name) else f"{name}: {error}") from None
        made.append((name, data, written(nb) if ids(nb) else data, len(ids(nb))))
    for name, before, after, number in made:
        if after != before:
            Path(name).write_bytes(after)
        fate = "written anew" if after != before else "as they were"
        print(f"{name}: {number} exercise{'s' * (number != 1)}, {fate}")
    return 0
