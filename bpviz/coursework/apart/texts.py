"""Where the text of a function stands, and what it names."""
import dis
import itertools
import linecache
import sys
import types

LONGEST = 1_000_000                  # letters of text, of a cell or a value
_COUNT = itertools.count()


class Unsendable(ValueError):
    """Why something cannot go along, for the end of a sentence."""


def written(text, name):
    """The function of this name, made from text as a notebook makes it: its text can be found again.

    text: Python source.  name: what it defines.
    """
    file = f"<written {next(_COUNT)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    world = {"__name__": "__main__"}
    exec(compile(text, file, "exec"), world)
    return world[name]


def text_of(file, what):
    """The text of a cell or file, from linecache, where notebooks put their cells."""
    lines = linecache.getlines(file)
    if not lines:
        raise Unsendable(f"the text of {what} cannot be found: write it as `def` in a cell of the notebook")
    text = "".join(lines)
    if len(text) > LONGEST:
        raise Unsendable(f"the text of {what} is longer than {LONGEST:,} letters")
    return text


def installed(name):
    """Whether a module is the standard library's, a package's or installed, and not a cell or a file of one's own."""
    top = (name or "").partition(".")[0]
    module = sys.modules.get(top)
    if top == "__main__" or module is None:
        return False
    file = getattr(module, "__file__", None) or ""
    return (top in sys.stdlib_module_names or hasattr(module, "__path__") or not file
            or "site-packages" in file or "dist-packages" in file)


def names_in(code):
    """The global names that code uses, with those of the functions inside it."""
    yield from (step.argval for step in dis.get_instructions(code)
                if step.opname in ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"))
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            yield from names_in(one)


def empty(cell):
    """Whether a closure cell holds nothing yet."""
    try:
        return cell.cell_contents is cell
    except ValueError:
        return True


def kind_of(value):
    """What an object is, in two words, without asking it anything: a lock."""
    name = type.__dict__["__name__"].__get__(type(value))[:40]
    if name[:1].isupper():
        return f"an object of class {name}"
    return "an array of objects" if name == "ndarray" else f"{'an' if name[:1] in 'aeiou' else 'a'} {name}"
