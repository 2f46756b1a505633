"""Three kinds of copies of every lesson that has exercises, run as a course would run them: by nbval with --bpviz.

solved      every answer is the record's own solution: every check passes
hand-out    what a learner opens: green, every check "not attempted"; red with BPVIZ_STRICT=1
mistake k   every exercise that has so many is answered with its mistake k: every check is red, for that very mistake

A solved copy and a hand-out need no panels: these run in the lesson itself, cell for cell the same (the lessons are
run in ordinary kernels, as run.py says), but where a panel or another cell takes what a learner wrote.

All of them lie in a temporary folder and run side by side in one pytest, each in a warm kernel of its own (warm.py);
what the checks said is read from its JUnit file. Whether mistakes can be told apart on other numbers is tested without
kernels, in tests/coursework.
"""
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from warm import warm_kernels

from bpviz.coursework.course import exercises
from bpviz.coursework.notebooks.cells import names, needed
from bpviz.coursework.notebooks.handout import hand_out, how_many, ids, mistake, mutant, only_exercises, solved
from bpviz.coursework.notebooks.notebook import part, read, text, written

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {path.stem: nb for path in sorted((ROOT / "lessons").glob("*.ipynb")) if ids(nb := read(path.read_bytes()))}
MISTAKES = [(name, k) for name, nb in SOURCES.items() for k in range(how_many(nb))]


def having(nb, k):
    """The ids of the exercises that have a mistake k."""
    return [id for id in ids(nb) if k < len(exercises()[id].asks.mutants(exercises()[id].given()))]


def with_mistake(nb, k):
    """The mutant without the exercises that have begun again at their first mistake: that was in an earlier copy."""
    made, kept = mutant(nb, k), having(nb, k)
    code = made["cells"]
    places = needed(list(map(text, code)), [place for place, cell in enumerate(code) if (part(cell) or "?")[0] in kept])
    ours = made["metadata"]["bpviz"]
    noted = {id: check for id, check in ours["exercises"].items() if id in kept}
    return {**made, "cells": [code[place] for place in places],
            "metadata": {**made["metadata"], "bpviz": {**ours, "exercises": noted}}}


def code_of(nb):
    return [cell for cell in nb["cells"] if cell["cell_type"] == "code"]


def given_out(nb):
    """The hand-out, whole where a cell outside the exercises takes a name that an answer gives; else its exercises."""
    copy = hand_out(nb)
    gives = set().union(*(names(text(cell))[0] for cell in code_of(nb) if (part(cell) or "??")[1] == "answer"))
    reached = any(names(text(cell))[1] & gives for cell in code_of(nb) if not part(cell))
    return copy if reached else only_exercises(copy)


class Ran:
    """What became of the copies. results: {copy: {exercise: result}}.  red: {copy: {item: what was said}}."""

    def __init__(self, folder, copies, *words, **env):
        for name, nb in copies.items():
            (folder / f"{name}.ipynb").write_bytes(written(nb))
        (folder / "pytest.ini").write_text("[pytest]\n")
        with warm_kernels() as (kernels, beside):
            subprocess.run([sys.executable, "-m", "pytest", "-p", "bpviz_nbval", "-p", "no:cacheprovider",
                            "--nbval-lax", "--bpviz", *kernels, "--nbval-cell-timeout=120", "--color=no", "-q",
                            "--junitxml=report.xml", *words, "."], cwd=folder, stdout=subprocess.DEVNULL,
                           env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": "", **beside, **env})
        self.results, self.red = {name: {} for name in copies}, {name: {} for name in copies}
        for case in ET.parse(folder / "report.xml").getroot().iter("testcase"):
            name, item = case.get("classname").removesuffix(".ipynb"), case.get("name")
            for one in case.iter("property"):
                if one.get("name") == "bpviz":
                    result = json.loads(one.get("value"))
                    self.results[name][result["id"]] = result
            for one in case:
                if one.tag in ("failure", "error"):
                    self.red[name][item] = one.text


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    copies = {}
    for name, nb in SOURCES.items():
        copies |= {f"{name} solved": only_exercises(solved(nb)), f"{name} hand-out": given_out(nb)}
        copies |= {f"{name} mistake {k}": with_mistake(nb, k) for k in range(how_many(nb))}
    return Ran(tmp_path_factory.mktemp("copies"), copies, "-n", "logical", "--dist", "loadfile")


def checks(nb):
    """{"Cell 12": the exercise that it checks}: the check cells, numbered as nbval numbers the code cells."""
    return {f"Cell {k}": part(cell)[0] for k, cell in enumerate(code_of(nb)) if part(cell) and part(cell)[1] == "check"}


def test_there_are_lessons_with_exercises():
    assert SOURCES and len(MISTAKES) >= len(SOURCES)
    for nb in SOURCES.values():
        assert having(nb, 0) == list(ids(nb)) and not having(nb, how_many(nb))


@pytest.mark.parametrize("nb", SOURCES.values(), ids=SOURCES)
def test_the_cells_left_out_of_a_copy_are_those_of_the_lesson(nb):
    assert list(map(text, code_of(solved(nb)))) == list(map(text, code_of(nb)))
    others = [[text(cell) for cell in code_of(copy) if not part(cell)] for copy in (nb, hand_out(nb))]
    assert others[0] == others[1]


def test_where_cells_take_what_a_learner_wrote_the_hand_out_is_whole():
    whole = {name for name, nb in SOURCES.items() if len(code_of(given_out(nb))) == len(code_of(nb))}
    assert whole >= {"01_the_article", "03_backpropagation", "lab_1_from_scratch"} and whole != set(SOURCES)


@pytest.mark.parametrize("name", SOURCES)
def test_in_the_solved_copy_every_check_passes(ran, name):
    said = {id: result["status"] for id, result in ran.results[f"{name} solved"].items()}
    assert said == dict.fromkeys(ids(SOURCES[name]), "right") and not ran.red[f"{name} solved"]


@pytest.mark.parametrize("name", SOURCES)
def test_the_hand_out_is_green_and_nothing_is_attempted(ran, name):
    said = {id: result["status"] for id, result in ran.results[f"{name} hand-out"].items()}
    assert said == dict.fromkeys(ids(SOURCES[name]), "not attempted") and not ran.red[f"{name} hand-out"]


def test_where_everything_must_be_attempted_the_hand_outs_are_red(tmp_path):
    """Only their check cells, so panels are left out."""
    copies = {name: without_panels(hand_out(nb)) for name, nb in SOURCES.items()}
    strict = Ran(tmp_path, copies, BPVIZ_STRICT="1")
    for name, nb in copies.items():
        assert list(strict.red[name]) == list(checks(nb))
        assert all(result["status"] == "not attempted" for result in strict.results[name].values())


def without_panels(nb):
    """The same, with no code cells but those that a check needs: what a learner has not begun needs the first one."""
    first = next(cell for cell in nb["cells"] if cell["cell_type"] == "code")
    return {**nb, "cells": [cell for cell in nb["cells"] if cell is first or part(cell)]}


@pytest.mark.parametrize("name, k", MISTAKES)
def test_every_mistake_is_red_and_told_as_what_it_is(ran, name, k):
    copy = f"{name} mistake {k}"
    wanted = {id: mistake(exercises()[id], k) for id in having(SOURCES[name], k)}
    found = {id: (result["status"], result["key"]) for id, result in ran.results[copy].items()}
    assert found == {id: ("wrong", one.key) for id, one in wanted.items()}, ran.red[copy]
    red = {checks(with_mistake(SOURCES[name], k)).get(item, item): said for item, said in ran.red[copy].items()}
    assert list(red) == list(wanted), red                                # and nothing else is
    for id, one in wanted.items():
        for said in (ran.results[copy][id]["said"], red[id]):
            assert one.says in " ".join(said.split()), id
