"""The browser's scripts are put together from files in which every name stands once, and lines are found again."""
import re

import pytest

from bpviz.widgets.asked import Asked
from bpviz.widgets.picture import Picture
from bpviz.widgets.scripts import HERE, SCRIPTS, place, script


@pytest.mark.parametrize("name, widget", [("picture", Picture), ("asked", Asked)])
def test_a_widget_gets_its_files_one_after_the_other(name, widget):
    text = script(name)
    assert str(widget._esm) == text and text.count("export default") == 1
    names = re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", text, re.M)
    more = [one.strip().split(" ")[0] for line in re.findall(r"^const (\w+ = [\d.]+(?:, \w+ = .*)+);", text, re.M) for one in line.split(", ")[1:]]
    assert len(set(names + more)) == len(names + more) > 10


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_line_is_found_in_its_file(name):
    for k, line in enumerate(script(name).splitlines()[:-1], start=1):
        file, at = place(name, k)
        assert (HERE / file).read_text(encoding="utf-8").splitlines()[at - 1] == line
    with pytest.raises(ValueError, match="after the end"):
        place(name, 10_000)


def test_no_file_is_forgotten():
    assert {f"{file}.js" for files in SCRIPTS.values() for file in files} == {path.name for path in HERE.iterdir()}
