"""What is made of a source lesson: nothing of a solution is in the hand-out, nothing of a learner's is lost."""
import ast
import copy
import json
from pathlib import Path

import pytest
from small_course import PRODUCT, SLOPE, begun, code, markdown
from small_course import source as source

from bpviz import lab
from bpviz.coursework import course
from bpviz.coursework.exercise import BEGIN, END
from bpviz.coursework.notebooks.cells import needed
from bpviz.coursework.notebooks.handout import (
    LEARNERS_MARKS,
    STUB,
    hand_out,
    handed,
    how_many,
    ids,
    is_hand_out,
    mistake,
    mutant,
    renew,
    solved,
)
from bpviz.coursework.notebooks.notebook import about, part, read, text, written
from bpviz.coursework.notebooks.standing import required, standing

LESSONS = sorted((Path(__file__).resolve().parents[2] / "lessons").glob("*.ipynb"))
DATA = {path.name: path.read_bytes() for path in LESSONS}


def cells(nb, id):
    """{"prompt": cell, "answer": cell, "check": cell} of an exercise."""
    return {part(cell)[1]: cell for cell in nb["cells"] if part(cell) and part(cell)[0] == id}


def told(one, copy, everything):
    """The lines of an exercise's solution that stand in a text; not `my_lines = [`, with which the stub begins too."""
    given = one.given(copy)
    rows, starter = {row.strip() for row in everything.splitlines()}, one.asks.starter(given)
    return {line.strip() for line in one.asks.solution(given).splitlines() if line.strip() in rows
            and len(line.strip()) > 2 and not (line.strip() in starter and not is_python(line.strip()))}


def is_python(line):
    try:
        return bool(ast.parse(line))
    except SyntaxError:
        return False


# ---- the real lessons

@pytest.mark.parametrize("name", DATA)
def test_a_lesson_is_written_as_its_records_and_this_repository_write_it(name):
    nb = read(DATA[name], name)
    assert written(nb) == DATA[name]
    assert written(renew(nb)) == DATA[name], "python -m bpviz cells writes it"


@pytest.mark.parametrize("name", DATA)
def test_no_line_of_a_solution_is_in_a_hand_out_and_all_of_it_is_python(name):
    made = read(handed(DATA[name], name), name)
    everything = "\n".join(text(cell) for cell in made["cells"])
    assert {id: told(course.exercises()[id], "", everything) for id in ids(made)} == dict.fromkeys(ids(made), set())
    copy = read(handed(DATA[name], name, copy_of=lambda id: "0123456789abcdef", student="Ada"), name)
    mine = "\n".join(text(cell) for cell in copy["cells"])
    assert not any(told(course.exercises()[id], "0123456789abcdef", mine) for id in ids(copy))
    assert "SOLUTION" not in everything
    for cell in made["cells"]:
        if cell["cell_type"] == "code":
            ast.parse("\n".join("" if row.startswith(("%", "!")) else row for row in text(cell).split("\n")))
            assert not cell["outputs"] or "NBVAL_CHECK_OUTPUT" in text(cell) or about(cell, "bpviz").get("still")
    assert handed(handed(DATA[name], name), name) == handed(DATA[name], name)       # a hand-out of it is itself
    assert (handed(DATA[name], name) == DATA[name]) == (not ids(made))


@pytest.mark.parametrize("name", DATA)
def test_the_other_copies_of_a_lesson_hold_every_exercise(name):
    nb = read(DATA[name], name)
    for made in (solved(nb), *(mutant(nb, k) for k in range(how_many(nb)))):
        assert standing(made) == dict.fromkeys(ids(nb), "") == standing(nb)
        for cell in made["cells"]:
            if part(cell) and cell["cell_type"] == "code":
                ast.parse(text(cell))


def test_that_law_sees_a_line_that_is_told(source):
    everything = "\n".join(text(cell) for cell in source["cells"])
    assert told(SLOPE, "", everything) == {"z = w * x", "if x:", "z = z * 1", "return 2 * z * helper(x)"}
    assert not told(SLOPE, "", "\n".join(text(cell) for cell in hand_out(source)["cells"]))


# ---- writing the cells of a source

def test_a_prompt_cell_is_enough_to_begin_with(source):
    assert [part(cell) for cell in source["cells"]] == [
        None, None, None, None, None, (SLOPE.id, "prompt"), (SLOPE.id, "answer"), (SLOPE.id, "check"), None, None,
        (PRODUCT.id, "prompt"), (PRODUCT.id, "answer"), (PRODUCT.id, "check"), None]
    for one in (SLOPE, PRODUCT):
        mine = cells(source, one.id)
        assert text(mine["prompt"]) == one.prompt_cell() and text(mine["answer"]) == one.answer_cell()
        assert text(mine["check"]) == one.check_cell() and mine["check"]["metadata"]["nbgrader"]["points"] == one.points
    assert renew(source) == source and [cell["id"] for cell in source["cells"]].count(f"{SLOPE.id}-check") == 1
    assert begun()["cells"][1] == source["cells"][1]                              # other cells stay as they are


def test_what_an_author_wrote_beside_and_where_the_cells_stood_is_kept(source):
    moved = copy.deepcopy(source)
    check = moved["cells"].pop(7)
    check["metadata"]["tags"] = ["mine"]
    moved["cells"].append(check | {"outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}]})
    again = renew(moved)
    assert cells(again, SLOPE.id)["check"]["metadata"].pop("tags") == ["mine"] and again == source


@pytest.mark.parametrize("change, sentence", [
    (lambda nb: nb["cells"].append(nb["cells"][7]), "cell 15: the check cell of L77-q1 is there a second time"),
    (lambda nb: nb["cells"].append(nb["cells"][5]), "cell 15: the prompt cell of L77-q1 is there a second time"),
    (lambda nb: nb["cells"].pop(5), "cell 6: L77-q1 has no prompt cell"),
    (lambda nb: nb["cells"].append(markdown("", "z", bpviz={"prompt": "L77-q3"})),
     "cell 15: exercise: got 'L77-q3', did you mean 'L77-q"),
    (lambda nb: nb["metadata"]["bpviz"].update(exercises={}), "this is a hand-out"),
    (lambda nb: nb["cells"][6].update(source=LEARNERS_MARKS[0]), "this is a hand-out"),
], ids=["two checks", "two prompts", "no prompt", "an unknown one", "a hand-out", "a hand-out without its metadata"])
def test_cells_that_cannot_be_written_are_refused_in_a_sentence(source, change, sentence):
    change(source)
    with pytest.raises(ValueError) as refused:
        renew(source)
    assert str(refused.value).startswith(sentence) and "\n" not in str(refused.value)


# ---- the hand-out

def test_a_hand_out_has_a_stub_between_the_learners_marks(source):
    before = copy.deepcopy(source)
    source["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "mine"}]
    made = hand_out(source)
    assert text(cells(made, SLOPE.id)["answer"]) == (
        'def slope(w, x):\n    """dL/dw of L = (w * x) ** 2."""\n'
        '    ### YOUR LINES: BEGIN\n    # your lines here\n    ### YOUR LINES: END\n\n\nprint("the slope at 1, 2:", slope(1, 2))')
    assert text(cells(made, PRODUCT.id)["answer"]) == f"my_number = ...\n{STUB}"
    assert not any(cell.get("outputs") for cell in made["cells"])
    for id in ids(made):
        locks = {name: (cell["metadata"].get("deletable"), cell["metadata"].get("editable"))
                 for name, cell in cells(made, id).items()}
        assert locks == {"prompt": (False, False), "answer": (False, None), "check": (False, False)}
    source["cells"][1]["outputs"] = []
    assert source == before                                                       # the source itself stays


def test_a_still_stays_where_its_cell_is_marked_and_nowhere_else(source):
    picture = [{"output_type": "display_data", "metadata": {}, "data": {"image/png": "AAAA"}}]
    source["cells"][8] = {**code("bp.picture.network(fit, theta)", "g"), "outputs": picture, "metadata": {"bpviz": {"still": True}}}
    source["cells"][1]["outputs"] = picture
    made = hand_out(source)
    assert made["cells"][8]["outputs"] == picture and not made["cells"][1].get("outputs")


def test_outputs_that_a_test_compares_stay_but_not_those_of_an_answer(source):
    kept = [{"output_type": "stream", "name": "stdout", "text": ["1\n"]}]
    source["cells"][8] = code("print(ONE := 1)  # NBVAL_CHECK_OUTPUT", "g") | {"outputs": kept}
    source["cells"][6]["outputs"] = kept
    made = hand_out(source)
    assert made["cells"][8]["outputs"] == kept and not made["cells"][6]["outputs"]


def test_a_learners_lines_survive_a_second_hand_out(source):
    mine = hand_out(source)
    cells(mine, SLOPE.id)["answer"]["source"] = "def slope(w, x):\n    return 24"
    for nb in (mine, {**mine, "metadata": {}}):
        assert hand_out(nb) is nb and is_hand_out(nb)
    assert handed(written(mine), "mine.ipynb") == written(mine)


def test_every_student_has_numbers_and_a_name_of_their_own(source):
    def made(who, copy):
        return hand_out(source, lambda exercise: f"{copy}{exercise[-1]}", student=who)
    ada, bob = made("Ada *L*", "a"), made("Bob", "b")
    assert text(ada["cells"][0]) == r"Copy of **Ada \*L\***" and ada["metadata"]["bpviz"]["student"] == "Ada *L*"
    assert ada["cells"][0]["metadata"] == {"deletable": False, "editable": False}
    assert text(cells(ada, PRODUCT.id)["prompt"]) != text(cells(bob, PRODUCT.id)["prompt"]) != PRODUCT.prompt_cell()
    assert text(cells(ada, PRODUCT.id)["prompt"]) == PRODUCT.prompt_cell("a2")
    assert text(cells(ada, PRODUCT.id)["check"]) == 'bp.check("L77-q2", my_number, copy="a2")'
    assert ada == made("Ada *L*", "a") and standing(ada) == {SLOPE.id: "", PRODUCT.id: ""}
    assert text(cells(hand_out(source, solution=False), SLOPE.id)["check"]) == 'bp.check("L77-q1", slope, solution=False)'


def test_a_notebook_without_exercises_passes_through_byte_for_byte():
    for data in (b"no notebook at all", b'{"cells": [], "metadata": {}} ',
                 json.dumps({"cells": [code("import bpviz as bp", "a")], "metadata": {}}).encode()):
        assert handed(data, "x.ipynb") is data
    plain = {"cells": [code("import bpviz", "a")], "metadata": {"bpviz": {"lesson": "L01"}}}
    assert hand_out(plain) is plain


def marked(*rows, solution=True):
    mark = {"grade_id": "own", "solution": solution, "grade": False, "locked": False, "task": False, "schema_version": 3}
    return code("\n".join(rows), "z", nbgrader=mark)


@pytest.mark.parametrize("cell, sentence", [
    (marked(BEGIN, "a", BEGIN, "b", END), f"{BEGIN} stands inside another one"),
    (marked(f"{BEGIN} {END}"), f"{BEGIN} stands inside another one"),
    (marked("a", BEGIN, "b"), f"{BEGIN} without an {END}"),
    (marked(BEGIN, "a", END, "b", END), f"{END} without a {BEGIN}"),
    (code(f"{BEGIN}\na\n{END}", "z"), "its metadata does not say solution: true"),
    (markdown(f"{BEGIN}\na\n{END}", "z"), "its metadata does not say solution: true"),
    (marked("a = 1"), "an answer cell without"),
    (code("a\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS", "z"), "for nbgrader's own release"),
    (code("a\n### BEGIN MARK SCHEME\nb\n### END MARK SCHEME", "z"), "for nbgrader's own release"),
], ids=range(9))
def test_marks_astray_are_refused_with_cell_and_file(source, cell, sentence):
    source["cells"].insert(3, cell)
    with pytest.raises(ValueError) as refused:
        handed(written(source), "03_mine.ipynb")
    assert str(refused.value).startswith("03_mine.ipynb, cell 4: ") and sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_region_of_the_teachers_own_is_cleared_too(source):
    source["cells"].insert(3, marked("a = ...", "  # BEGIN SOLUTION", "  a = 42", "  # END SOLUTION"))
    made = hand_out(source)
    assert text(made["cells"][3]) == "a = ...\n  ### YOUR LINES: BEGIN\n  # your lines here\n  ### YOUR LINES: END"
    assert made["cells"][3]["metadata"]["deletable"] is False


@pytest.mark.parametrize("place, what", [(5, "own words"), (6, "a = 1"), (7, "bp.check()"), (10, "own"), (12, "")])
def test_an_author_who_wrote_into_the_cells_is_told_and_nothing_is_lost(source, place, what):
    source["cells"][place]["source"] = what
    with pytest.raises(ValueError, match=f"cell {place + 1}: the cells of L77-q. are not what its record says"):
        hand_out(source)


@pytest.mark.parametrize("place", [6, 7, 11, 12])
def test_a_missing_cell_is_told(source, place):
    del source["cells"][place:]
    with pytest.raises(ValueError, match=f"cell {place + 1}: the cells of L77-q. are not"):
        hand_out(source)


def test_what_the_lab_brings_is_the_hand_out_and_a_learners_work_is_never_written_over(source, tmp_path, monkeypatch):
    carried, mine = tmp_path / "carried", tmp_path / "mine"
    carried.mkdir()
    for name in ("77.ipynb", "78.ipynb"):
        (carried / name).write_bytes(written(source))
    monkeypatch.setattr(lab, "carried", lambda: carried)
    assert lab.bring(mine)["new"] == ["77.ipynb", "78.ipynb"]
    work = hand_out(source)
    assert (mine / "77.ipynb").read_bytes() == (mine / "78.ipynb").read_bytes() == written(work)
    cells(work, SLOPE.id)["answer"]["source"] = "def slope(w, x):\n    return 24"
    (mine / "77.ipynb").write_bytes(written(work))
    (mine / "bpviz_answers.jsonl").write_text("{}\n")
    source["cells"][0]["source"] = "# A lesson, mended"                          # a newer version of the package
    for name in ("77.ipynb", "78.ipynb"):
        (carried / name).write_bytes(written(source))
    done = lab.bring(mine)
    assert (done["changed by you, left alone"], done["renewed"]) == (["77.ipynb"], ["78.ipynb"])
    assert (mine / "77.ipynb").read_bytes() == written(work) and b"mended" in (mine / "78.ipynb").read_bytes()
    assert (mine / "bpviz_answers.jsonl").read_text() == "{}\n"


def test_a_source_that_cannot_be_handed_out_is_not_brought(source, tmp_path, monkeypatch):
    source["cells"][6]["source"] = f"{BEGIN}\nreturn 2 * w"
    (tmp_path / "77.ipynb").write_bytes(written(source))
    monkeypatch.setattr(lab, "carried", lambda: tmp_path)
    with pytest.raises(ValueError, match="^77.ipynb, cell 7: "):
        lab.bring(tmp_path / "mine")
    assert not (tmp_path / "mine").exists()


# ---- solved copy and mutants

def test_solved_and_mutant_copies(source):
    assert text(cells(solved(source), SLOPE.id)["answer"]) == SLOPE.answer_cell()
    assert how_many(source) == 3
    for k in range(4):
        made = mutant(source, k)
        for one in (SLOPE, PRODUCT):
            wrong = mistake(one, k)
            assert wrong == one.asks.mutants(one.given())[k % len(one.asks.mutants(one.given()))]
            assert text(cells(made, one.id)["answer"]) == one.answer_cell("", wrong.code)
            assert text(cells(made, one.id)["check"]) == one.check_cell()


def test_a_mutant_copy_leaves_panels_and_predictions_out_but_nothing_that_is_needed(source):
    kept = [cell["id"] for cell in mutant(source, 0)["cells"]]
    assert kept == ["b", "c", "d", "L77-q1-answer", "L77-q1-check", "g", "L77-q2-answer", "L77-q2-check"]
    assert "d" not in [cell["id"] for cell in mutant(source, 1)["cells"]]         # this mistake needs no helper


@pytest.mark.parametrize("sources, keep", [
    (["a = 1", "b = 2", "print(a)"], [0, 2]),
    (["def f():\n    return K", "K = 3", "f()"], [0, 1, 2]),                     # used before it is defined
    (["import numpy as np", "import matplotlib.pyplot", "np.array(matplotlib)"], [0, 1, 2]),
    (["from math import *", "x = 1", "sin(2)"], [0, 2]),
    (["a = b = c = 1", "b += 1", "c, (d, *e) = b, (2, 3)", "e"], [0, 1, 2, 3]),
    (["%matplotlib inline\na = 1", "%%html\n<b>a</b>", "!ls\nb = 1", "a"], [0, 3]),
    (["a = (", "a = '\0'", "", "a"], [3]),
    (["x = 1\ndel x", "class A:\n    x = 2", "A"], [1, 2]),
    (["for i in range(3):\n    total = i", "with open('x') as f:\n    pass", "async def g(): pass", "total, f, g"], [0, 1, 2, 3]),
])
def test_the_cells_that_another_one_needs(sources, keep):
    assert needed(sources, [len(sources) - 1]) == keep


# ---- how a notebook stands

@pytest.mark.parametrize("change, says", [
    (lambda nb: nb["cells"].pop(7), "its check cell is missing"),
    (lambda nb: nb["cells"].pop(6), "its answer cell is missing"),
    (lambda nb: nb["cells"].append(nb["cells"][7]), "its check cell is there 2 times"),
    (lambda nb: nb["cells"][7].update(cell_type="markdown"), "its check cell is no code any more"),
    (lambda nb: nb["cells"][7].update(source="True"), "its check cell was edited"),
    (lambda nb: nb["cells"][7].update(source='bp.check("L77-q1", slope)\n'), ""),
    (lambda nb: nb["cells"][7].update(id="another"), ""),
    (lambda nb: nb["cells"].pop(5), ""),
])
def test_standing(source, change, says):
    for nb in (hand_out(source), source):
        nb = copy.deepcopy(nb)
        change(nb)
        assert standing(nb) == {SLOPE.id: says, PRODUCT.id: ""}


def test_what_is_required_is_as_given_out_or_as_the_lesson_has_it(source):
    checks = {one.id: one.check_cell() for one in (SLOPE, PRODUCT)}
    assert required(hand_out(source)) == required(source) == required({**source, "metadata": {}}) == checks
    assert required({**source, "metadata": {"bpviz": {"exercises": {"L77-q1": 3}}}}) == checks
    assert required(hand_out(source, lambda exercise: "c"))[SLOPE.id] == SLOPE.check_cell("c")
    assert required({**source, "metadata": {"bpviz": {"exercises": {"q": "x"}}}}) == checks
    many = {f"L77-q{k}": "x" for k in (10, 9, 1)} | {"LAB1-q2": "x", "L07-q2": "x"}
    assert list(required({"cells": [], "metadata": {"bpviz": {"exercises": many}}})) == [
        "L07-q2", "L77-q1", "L77-q9", "L77-q10", "LAB1-q2"]
    assert required({"cells": [], "metadata": {"bpviz": {"lesson": "L99"}}}) == {}
    assert required({"cells": [], "metadata": {"bpviz": {"lesson": ["L77"]}}}) == {}


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b"\xff\xfe", b'{"cells": 3}', b'{"cells": [3]}', b'{"cells": [{}]}',
                                  b'{"cells": [{"cell_type": "code", "source": [1]}]}', b"[" * 100_000,
                                  b'{"cells": [{"cell_type": "code", "source": "", "metadata": []}]}',
                                  b'{"worksheets": [{"cells": []}]}'])
def test_what_is_no_notebook_is_told_in_a_sentence(data):
    with pytest.raises(ValueError, match="^x.ipynb: this is no notebook") as refused:
        read(data, "x.ipynb")
    assert "\n" not in str(refused.value)


def test_metadata_of_any_kind_is_read_as_none():
    for value in (None, 3, "x", [1], {"prompt": 3, "grade_id": 4}):
        assert part(code("", "a", bpviz=value, nbgrader=value)) is None
    assert about({}, "bpviz") == {} and text({"source": ["a\n", "b"]}) == "a\nb"
