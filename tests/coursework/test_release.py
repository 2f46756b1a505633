"""The folder of hand-outs: a copy for each student, the same on every run, nothing written over."""
import hashlib
import hmac
from pathlib import Path
from types import SimpleNamespace

import pytest
from small_course import PRODUCT, SLOPE
from small_course import source as source

from bpviz import lab
from bpviz.__main__ import main
from bpviz.coursework.notebooks.handout import STUB, hand_out, handed, ids
from bpviz.coursework.notebooks.notebook import part, read, text, written
from bpviz.coursework.notebooks.release import roster, secret
from bpviz.coursework.notebooks.standing import standing

SECRET = "0f5c2b7e9a41d386"
PLAIN = b'{"cells": [],\r\n "metadata": {} , "nbformat": 4}'


@pytest.fixture
def course(source, tmp_path, monkeypatch):
    """A folder with two source lessons, a roster and a secret."""
    monkeypatch.chdir(tmp_path)
    Path("sources").mkdir()
    Path("sources", "77_a_lesson.ipynb").write_bytes(written(source))
    Path("sources", "01_plain.ipynb").write_bytes(PLAIN)
    Path("secret.txt").write_text(SECRET + "\n")
    Path("students.csv").write_text("Name,ID\nAda Lovelace,al1\nBob,b.2\n,zoë\n", encoding="utf-8")
    return tmp_path


def everything(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


CLASS = ["--roster", "students.csv", "--secret-file", "secret.txt"]


def test_one_common_copy(course, source, capsys):
    assert main(["release", "sources", "--out", "out/there"]) == 0
    assert capsys.readouterr().out == "out/there: 2 notebooks from sources, one common copy\n"
    files = everything("out/there")
    assert set(files) == {"README.txt", "nbgrader_config.py", "01_plain.ipynb", "77_a_lesson.ipynb"}
    assert files["01_plain.ipynb"] == PLAIN and files["77_a_lesson.ipynb"] == written(hand_out(source))
    assert b"One common copy" in files["README.txt"] and b"nbgrader_config.py" in files["README.txt"]


def test_without_a_source_it_is_the_lessons_that_the_package_carries(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["release", "--out", "out"]) == 0
    made = everything("out")
    for lesson in lab.carried().glob("*.ipynb"):
        assert made[lesson.name] == handed(lesson.read_bytes(), lesson.name)


def test_with_its_settings_nbgrader_leaves_the_same_stub_and_gives_nothing_for_nothing(course, monkeypatch):
    main(["release", "sources", "--out", "out"])
    settings, environ = SimpleNamespace(ClearSolutions=SimpleNamespace()), {}
    monkeypatch.setattr("os.environ", environ)
    exec(Path("out/nbgrader_config.py").read_text(), {"get_config": lambda: settings})
    assert settings.ClearSolutions.code_stub == {"python": STUB}
    assert environ == {"BPVIZ_STRICT": "1", "BPVIZ_UNATTENDED": "1"}


def test_each_student_has_a_named_copy_the_same_on_every_run(course, capsys):
    for out in ("one", "two"):
        assert main(["release", "sources", "--out", out, *CLASS]) == 0
    assert capsys.readouterr().out.startswith("one: 2 notebooks from sources, a folder for each of 3 students\n")
    files = everything("one")
    assert files == everything("two") and "nbgrader_config.py" not in files
    assert b"3 students" in files["README.txt"] and b"release without a list" in files["README.txt"]
    assert {name for name in files if "/" in name} == {
        f"{who}/{name}" for who in ("al1", "b.2", "zoë") for name in ("01_plain.ipynb", "77_a_lesson.ipynb")}
    prompts = {}
    for who, name in (("al1", "Ada Lovelace"), ("b.2", "Bob"), ("zoë", "zoë")):
        nb = read(files[f"{who}/77_a_lesson.ipynb"])
        assert nb["metadata"]["bpviz"]["student"] == name and text(nb["cells"][0]) == f"Copy of **{name}**".replace("b.", "b\\.")
        copies = {id: hmac.new(SECRET.encode(), f"{who}|{id}".encode(), hashlib.sha256).hexdigest()[:16] for id in ids(nb)}
        for one in (SLOPE, PRODUCT):
            found = {part(cell)[1]: text(cell) for cell in nb["cells"] if part(cell) and part(cell)[0] == one.id}
            assert found["check"] == one.check_cell(copies[one.id]) and found["prompt"] == one.prompt_cell(copies[one.id])
        prompts[who] = found["prompt"]
        assert set(standing(nb).values()) == {""}
    assert len(set(prompts.values())) == 3                                        # everybody's own numbers
    assert SECRET.encode() not in b"".join(files.values())


def test_another_secret_gives_other_numbers(course):
    main(["release", "sources", "--out", "one", *CLASS])
    Path("secret.txt").write_text("another secret of 2 dozens")
    main(["release", "sources", "--out", "two", *CLASS])
    assert everything("one")["al1/77_a_lesson.ipynb"] != everything("two")["al1/77_a_lesson.ipynb"]


def test_worked_solutions_can_be_kept_back(course):
    assert main(["release", "sources/77_a_lesson.ipynb", "--out", "out", "--no-solutions", *CLASS]) == 0
    assert set(everything("out/al1")) == {"77_a_lesson.ipynb"}
    for who in ("al1", "b.2"):
        nb = read(Path("out", who, "77_a_lesson.ipynb").read_bytes())
        checks = [text(cell) for cell in nb["cells"] if part(cell) and part(cell)[1] == "check"]
        assert checks and all(check.endswith(", solution=False)") for check in checks)


@pytest.mark.parametrize("prepare", [lambda out: (out.mkdir(), (out / "mine.txt").write_text("mine")),
                                     lambda out: out.write_text("a file")], ids=["a full folder", "a file"])
def test_nothing_is_written_over(course, capsys, prepare):
    prepare(course / "out")
    before = everything(course)
    assert main(["release", "sources", "--out", "out"]) == 2
    assert "nothing is written over" in capsys.readouterr().err and everything(course) == before


def test_an_empty_folder_will_do(course):
    Path("out").mkdir()
    assert main(["release", "sources", "--out", "out"]) == 0


def roster_of(text):
    return lambda: Path("students.csv").write_bytes(text.encode() if isinstance(text, str) else text)


@pytest.mark.parametrize("prepare, words, sentence", [
    (roster_of("who\nada\n"), CLASS, "its first line must name a column id, email or name"),
    (roster_of(""), CLASS, "its first line must name"),
    (roster_of("id\n"), CLASS, "holds no student"),
    (roster_of("id\n\n\n"), CLASS, "holds no student"),
    (roster_of("id,name\nada,A\nbob\n"), CLASS, "students.csv, line 3: 1 fields, the header has 2"),
    (roster_of('id,name\n"a\nb",x\nAda,y\n\nADA,z\n'), CLASS, "line 3: 'a\\nb' can be no folder's name ('\\n'); line 6: 'ADA' is there already, in line 4"),
    (roster_of("id\nzoe\u0301\nzo\u00e9\n"), CLASS, "line 3: 'zo\u00e9' is there already, in line 2"),
    (roster_of("id,name\n,Ada\n"), CLASS, "line 2: nobody is named"),
    (roster_of("id\n../up\n"), CLASS, "line 2: '../up' can be no folder's name"),
    (roster_of("id\n..\n.hidden\ncon\nlpt1.x\na:b\nend.\n" + "x" * 101), CLASS, "line 6: 'a:b' can be no folder's name (':') (and 2 more)"),
    (roster_of("id\nreadme.TXT\n"), CLASS, "is the name of a file of the release"),
    (roster_of("id\nzo\u00eb\n".encode("latin-1")), CLASS, "is not in UTF-8"),
    (roster_of("id\n\0\n"), CLASS, "students.csv"),
    (roster_of("id\n" + "x" * 200_000), CLASS, "is no csv file"),
    (lambda: Path("students.csv").unlink(), CLASS, "students.csv: cannot be read (No such file"),
    (lambda: Path("secret.txt").unlink(), CLASS, "secret.txt: is not there; this makes a secret: python -c"),
    (lambda: Path("secret.txt").write_text(""), CLASS, "is too easily guessed; this makes one: python -c"),
    (lambda: Path("secret.txt").write_text("short"), CLASS, "a secret of 5 letters"),
    (lambda: Path("secret.txt").write_text("a" * 64), CLASS, "1 of them different"),
    (lambda: None, CLASS[:2], "--roster: is of use only beside --secret-file; this makes a secret"),
    (lambda: None, CLASS[2:], "--secret-file: is of use only beside --roster"),
    (lambda: [path.unlink() for path in Path("sources").glob("*")], [], "sources: holds no notebook"),
    (lambda: Path("sources", "02.ipynb").write_text("{"), [], "02.ipynb: this is no notebook"),
    (lambda: Path("sources", "01_plain.ipynb").write_bytes(Path("sources", "77_a_lesson.ipynb").read_bytes().replace(b"END SOLUTION", b"END")),
     CLASS, "01_plain.ipynb, cell 7: the cells of L77-q1"),
])
def test_what_does_not_fit_is_told_in_a_sentence_before_anything_is_written(course, capsys, prepare, words, sentence):
    prepare()
    assert main(["release", "sources", "--out", "out", *words]) == 2
    error = capsys.readouterr().err
    assert error.startswith("bpviz: ") and sentence in error and len(error.splitlines()) == 1
    assert not Path("out").exists()


def test_a_hand_out_is_not_handed_out_again(course, capsys):
    main(["release", "sources", "--out", "out"])
    assert main(["release", "out", "--out", "again"]) == 2
    assert "77_a_lesson.ipynb: is a hand-out already" in capsys.readouterr().err and not Path("again").exists()


@pytest.mark.parametrize("text, found", [
    ("id,name\n1,Ada\n", [("1", "Ada")]),
    ("\ufeffid;name\r\n1;\"Lovelace; Ada\"\r\n", [("1", "Lovelace; Ada")]),
    ("name\temail\nAda\ta@b.org\n", [("a@b.org", "Ada")]),
    (" Name \nAda Lovelace\n\n  \nBob\n", [("Ada Lovelace", "Ada Lovelace"), ("Bob", "Bob")]),
    ("group,EMAIL,id\nx,a@b.org,7\n", [("7", "7")]),
])
def test_what_a_spreadsheet_writes_is_read(text, found):
    assert [(student.key, student.name) for student in roster(text.encode(), "x.csv")] == found


def test_a_secret_is_read_without_its_end_of_line():
    assert secret(b"0123456789abcdef\r\n", "x") == secret(b"0123456789abcdef", "x") == b"0123456789abcdef"


# ---- python -m bpviz cells

def test_cells_writes_a_source_anew_and_leaves_what_is_as_it_should_be(course, source, capsys):
    file = Path("sources", "77_a_lesson.ipynb")
    assert main(["cells", "sources/01_plain.ipynb", str(file)]) == 0
    assert capsys.readouterr().out == ("sources/01_plain.ipynb: 0 exercises, as they were\n"
                                       f"{file}: 2 exercises, as they were\n")
    source["cells"][6]["source"] = "old"
    file.write_bytes(written(source))
    assert main(["cells", str(file)]) == 0 and "2 exercises, written anew" in capsys.readouterr().out
    assert text(read(file.read_bytes())["cells"][6]) == SLOPE.answer_cell()
    assert Path("sources", "01_plain.ipynb").read_bytes() == PLAIN


def test_cells_writes_nothing_where_one_of_the_files_holds_a_learners_lines(course, source, capsys):
    old = {**source, "cells": [cell for cell in source["cells"] if cell["id"] != "L77-q1-answer"]}
    Path("old.ipynb").write_bytes(written(old))
    Path("mine.ipynb").write_bytes(written(hand_out(source)))
    before = everything(course)
    for words, sentence in ((["old.ipynb", "mine.ipynb"], "mine.ipynb: this is a hand-out"),
                            (["old.ipynb", "none.ipynb"], "none.ipynb: cannot be read"),
                            (["old.ipynb", "secret.txt"], "secret.txt: this is no notebook")):
        assert main(["cells", *words]) == 2
        error = capsys.readouterr().err
        assert error.startswith(f"bpviz: {sentence}") and len(error.splitlines()) == 1
    assert everything(course) == before
