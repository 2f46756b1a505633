"""docs/architecture.md and its picture say what the files say."""
import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def floors():
    spec = importlib.util.spec_from_file_location("floors", ROOT / "docs" / "floors.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_picture_is_drawn_from_the_files_of_now():
    assert (ROOT / "docs" / "floors.svg").read_text(encoding="utf-8") == floors().drawing(), "run: python docs/floors.py"


def test_every_room_is_said_once():
    module = floors()
    rooms = [room for floor in module.floors() for room in floor if module.files_of(room)]
    there = {path.stem for path in (ROOT / "bpviz").iterdir() if path.suffix == ".py" or path.is_dir()} - {"__pycache__"}
    said = re.findall(r"^\| `(\w+)` \|", PAGE, re.M)
    assert set(rooms) == there and set(said) == there and len(said) == len(there)


def test_an_arrow_that_follows_is_left_out_and_no_other():
    assert floors().reduced({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == {"a": {"b"}, "b": {"c"}, "c": set()}


def test_every_file_that_is_named_is_there():
    named = set(re.findall(r"`((?:\w+/)+\w*(?:\.\w+)?)`", PAGE))
    assert len(named) > 15
    for name in named:
        assert any((ROOT / where / name).exists() for where in ("", "bpviz", "bpviz/widgets")), name
