"""The lessons, handed out into a folder of the learner's own and opened in JupyterLab: `bpviz lab [FOLDER]`.

The package carries the sources, with solutions; what is brought are the hand-outs made of them. What a learner has
changed is never written over: beside them a small list (`.bpviz-lessons.json`) keeps what each was when it came, so an
untouched one is renewed and a changed one is left.
"""
import hashlib
import importlib.metadata
import importlib.util
import json
import platform
import sys
from pathlib import Path

from bpviz.coursework.notebooks.handout import handed

FLAGS = ["--ServerApp.ip=127.0.0.1", "--ServerApp.kernel_websocket_connection_class=bpviz.server.PromptConnection"]
FOLDER, LIST = "bpviz-lessons", ".bpviz-lessons.json"
HELP = f"""usage: bpviz lab [FOLDER] [options of JupyterLab]

Brings the lessons, without the solutions of their exercises, into FOLDER (if none is named:
{FOLDER}), leaves every lesson that you have changed as it is, and opens JupyterLab there,
for this machine only. Options such as --no-browser or --port 9000 are handed on to JupyterLab."""


def carried():
    """The folder of the sources: inside an installed package, or beside it in a checkout."""
    here = Path(__file__).resolve().parent
    return next(folder for folder in (here / "lessons", here.parent / "lessons") if folder.is_dir())


def _hash(data):
    return hashlib.sha256(data).hexdigest()


def bring(folder):
    """Hand the lessons out into `folder`, never over a changed file. Returns {what became of them: [names]}.

    The four keys: "new", "renewed" (an untouched older one), "as they were", "changed by you, left alone".
    ValueError where the folder is a file, cannot be written, or holds the sources.
    """
    folder, source = Path(folder).expanduser(), carried()
    if folder.exists() and folder.samefile(source):
        raise ValueError(f"folder: got {str(folder)!r}, which holds the sources with their solutions; allowed is a "
                         f"folder of your own, such as {FOLDER}")
    lessons = {lesson.name: handed(lesson.read_bytes(), lesson.name) for lesson in sorted(source.glob("*.ipynb"))}
    done = {"new": [], "renewed": [], "as they were": [], "changed by you, left alone": []}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = json.loads((folder / LIST).read_text(encoding="utf-8")) if (folder / LIST).exists() else {}
        if not isinstance(known, dict):
            raise ValueError
        for name, ours in lessons.items():
            there = folder / name
            theirs = there.read_bytes() if there.exists() else None
            if theirs == ours:
                fate = "as they were"
            elif theirs is None:
                fate = "new"
            else:
                fate = "renewed" if _hash(theirs) == known.get(name) else "changed by you, left alone"
            if fate in ("new", "renewed"):
                there.write_bytes(ours)
            if fate != "changed by you, left alone":
                known[name] = _hash(ours)
            done[fate].append(name)
        (folder / LIST).write_text(json.dumps(known, indent=1), encoding="utf-8")
    except OSError as error:
        raise ValueError(f"folder: got {str(folder)!r}, which cannot be used ({error.strerror}); allowed is a folder "
                         "that is there or can be made") from None
    except ValueError:
        raise ValueError(f"folder: got {str(folder)!r}, whose list {LIST} cannot be read; delete that file and run "
                         "the command again (no lesson is written over)") from None
    return done


def said(folder, done):
    """What `bring` did, in sentences."""
    lines = [f"The lessons are in {Path(folder).expanduser().resolve()}."]
    lines += [f"{fate}: {', '.join(names)}" for fate, names in done.items() if names]
    if done["changed by you, left alone"]:
        lines.append("To have a changed lesson anew, rename yours and run the command again.")
    return "\n".join(lines)


def wheel_for_numba():
    """Whether numba can be had here: it has no wheel for Intel Macs."""
    return not (sys.platform == "darwin" and platform.machine() == "x86_64")


def slower():
    """That large maps of descents are slow here, and what helps; None where machine code makes them."""
    if importlib.util.find_spec("numba") is not None or not wheel_for_numba():
        return None
    return ('Maps and counts of many descents are made without machine code here, which takes longer; '
            '`pip install numba` brings it.')


def missing():
    """Why JupyterLab cannot be opened here, in a sentence; None where it can."""
    if importlib.util.find_spec("jupyterlab") is None:
        return 'JupyterLab is not installed; `pip install "jupyterlab>=4.4,<5"` brings it'
    version = importlib.metadata.version("ipywidgets")
    if int(version.split(".")[0]) < 8:
        return (f"ipywidgets {version} is installed, of which JupyterLab shows nothing; "
                '`pip install -U "ipywidgets>=8.0.2,<9"` brings one that it shows')
    return None


def main(words):
    """`bpviz lab` with these words behind it; returns the exit status, once JupyterLab has ended."""
    if {"-h", "--help"} & set(words):
        print(HELP)
        return 0
    folder, options = (words[0], words[1:]) if words and not words[0].startswith("-") else (FOLDER, words)
    try:
        print(said(folder, bring(folder)), flush=True)
    except ValueError as error:
        print(f"bpviz: {error}", file=sys.stderr)
        return 2
    why = missing()
    if why:
        print(f"bpviz: {why}.", file=sys.stderr)
        return 2
    if slower():
        print(slower(), flush=True)
    from jupyterlab.labapp import LabApp
    LabApp.launch_instance([*FLAGS, f"--ServerApp.root_dir={Path(folder).expanduser().resolve()}", *options])
    return 0
