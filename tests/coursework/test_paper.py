"""Worksheets: every value of the key found another way, numbers that a hand can bear, pages that print, exams with a secret."""
import math
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from bpviz.__main__ import main
from bpviz.coursework.notebooks import commands
from bpviz.coursework.paper import pdf
from bpviz.coursework.paper.sheets import TASKS, key, page, sheets
from bpviz.coursework.paper.task import NEAR, TABLE, PaperTask, written

STUDENTS = [str(k) for k in range(1, 31)]
EVERY = [(lesson, k) for lesson, tasks in TASKS.items() for k in range(len(tasks))]
by_task = pytest.mark.parametrize("lesson, k", EVERY, ids=[f"{lesson}-{TASKS[lesson][k].title}" for lesson, k in EVERY])
POINTS = {"minimum": (1, 1), "maximum": (-1, -1), "saddle": (-1, 1)}


def f(z):
    return 1 / (1 + math.exp(-z))


def given(lesson, k):
    return [sheet.tasks[k][1] for sheet in sheets(lesson, STUDENTS)]


def values(task, n):
    """What is asked of a task: the last values of its working, by what they are."""
    return dict(task.working(n)[-task.asked:]) if len(dict(task.working(n))) == len(task.working(n)) else None


# ---- every value another way: plain formulas, no network, no optimizer

def forward(n):
    z1, z2 = n["x1"] * n["w11"] + n["x2"] * n["w21"], n["x1"] * n["w12"] + n["x2"] * n["w22"]
    a1, a2 = f(z1), f(z2)
    z = a1 * n["v1"] + a2 * n["v2"]
    return z1, z2, a1, a2, z, f(z), (f(z) - n["t"]) ** 2


def backward(n):
    _, _, a1, a2, _, o, _ = forward(n)
    do = 2 * (o - n["t"])
    dz = do * o * (1 - o)
    e1 = dz * n["v1"] * a1 * (1 - a1)
    return do, dz, dz * a1, dz * a2, dz * n["v1"], e1, e1 * n["x1"], e1 * n["x2"]


def update(n):
    _, _, dv1, _, _, _, dw11, _ = backward(n)
    return n["v1"] - n["rate"] * dv1, n["w11"] - n["rate"] * dw11


def chain(n):
    a = n["w1"] * n["x"]
    o = n["w2"] * a
    do = 2 * (o - n["t"])
    return a, o, do, do * a, do * n["w2"], do * n["w2"] * n["x"]


def paths(n):
    a = n["w"] * n["x"]
    e1, e2 = 2 * (n["v1"] * a - n["t1"]), 2 * (n["v2"] * a - n["t2"])
    da = e1 * n["v1"] + e2 * n["v2"]
    return e1, e2, e1 * n["v1"], e2 * n["v2"], da, da * n["x"]


def small(n):
    z1 = n["w1"] * n["x"]
    a1 = f(z1)
    z2 = n["w2"] * a1
    o = f(z2)
    do = 2 * (o - n["t"])
    dz2 = do * o * (1 - o)
    da1 = dz2 * n["w2"]
    dz1 = da1 * a1 * (1 - a1)
    return (z1, a1, z2, o, (o - n["t"]) ** 2, do, dz2, dz2 * a1, da1, dz1, dz1 * n["x"], n["w2"] - n["rate"] * dz2 * a1,
            n["w1"] - n["rate"] * dz1 * n["x"])


def relu(n):
    z1, z2 = n["x1"] * n["w11"] + n["x2"] * n["w21"], n["x1"] * n["w12"] + n["x2"] * n["w22"]
    a1, a2 = max(z1, 0), max(z2, 0)
    do = 2 * (a1 * n["v1"] + a2 * n["v2"] - n["t"])
    e1, e2 = do * n["v1"] * (z1 > 0), do * n["v2"] * (z2 > 0)
    return do, do * a1, do * a2, e1, e2, e1 * n["x1"], e2 * n["x1"], e1 * n["x2"], e2 * n["x2"]


def rows(n):
    parts = [2 * (n["w"] * n[f"x{k}"] - n[f"t{k}"]) * n[f"x{k}"] for k in (1, 2)]
    return *parts, sum(parts) / 2


def nudged(n):
    loss = lambda w: (w * n["x"] - n["t"]) ** 2                                      # noqa: E731
    here, up, down = loss(n["w"]), loss(n["w"] + n["h"]), loss(n["w"] - n["h"])
    slope = 2 * (n["w"] * n["x"] - n["t"]) * n["x"]
    return here, up, down, slope + n["h"] * n["x"] ** 2, slope, slope


def fault(n):
    """The one of the four mistakes that gives the numbers in the text."""
    told = [float(word.replace("−", "-")) for word in re.findall(r"= (−?[\d.]+)", TASKS["L04"][1].text(n).split("gives")[1])]
    do = 2 * (n["x"] * n["w"] * n["v"] - n["t"])
    a = n["x"] * n["w"]
    made = {"the sign of the error": (-do * a, -do * n["v"], -do * n["v"] * n["x"]),
            "the 2 of the square": (do * a / 2, do * n["v"] / 2, do * n["v"] * n["x"] / 2),
            "the weight on the way back": (do * a, do, do * n["x"]),
            "the input of the first weight": (do * a, do * n["v"], do * n["v"])}
    found = [name for name, numbers in made.items() if np.allclose(numbers, told, rtol=1e-3)]
    assert len(found) == 1
    return found


def losses(n):
    return 2 * (n["o"] - n["t"]) * n["o"] * (1 - n["o"]), n["o"] - n["t"]


def steps(n):
    factor, w, path = 1 - n["rate"] * n["c"], n["w"], []
    for _ in range(3):
        w = w - n["rate"] * n["c"] * w
        path.append(w)
    size = abs(path[-1]) / abs(path[-2]) if path[-2] else 0
    turns = path[0] * path[1] < 0
    return (factor, *path, "goes straight in, in one step" if not any(path) else "leaves" if size > 1 else
            "jumps for ever" if size == 1 else "zigzags in" if turns else "goes straight in")


def limit(n):
    rate = 2 / n["c2"]
    return rate, 1 - rate / 2 * n["c1"]


def uphill(n):
    w = n["w"] - n["times"] / n["c"] * n["c"] * n["w"]
    return n["c"] * n["w"] ** 2 / 2, n["c"] * w ** 2 / 2


def level(n):
    loss = lambda w: w ** 4 - 2 * n["a"] ** 2 * w ** 2 + n["b"]                      # noqa: E731
    out = []
    for w in (-n["a"], 0, n["a"]):
        bend = (loss(w + 1e-4) - 2 * loss(w) + loss(w - 1e-4)) / 1e-8
        assert abs(loss(w + 1e-5) - loss(w - 1e-5)) < 1e-8
        out += [loss(w), pytest.approx(bend, rel=1e-4), "minimum" if bend > 0 else "maximum"]
    return out


def kinds(n):
    signs = [(np.sign(n[f"p{k}"]), np.sign(n[f"q{k}"])) for k in (1, 2, 3)]
    return [next(kind for kind, pair in POINTS.items() if tuple(sorted(sign)) == pair) for sign in signs]


def saddle(n):
    return [value for k in (1, 2) for value in (n["x"] * (1 - n["rate"]) ** k, n["y"] * (1 + n["rate"]) ** k)]


def heavy(n):
    v, w, out = 0.0, n["w"], []
    for _ in range(3):
        v = 0.5 * v + n["c"] * w
        w = w - n["rate"] * v
        out += [v, w]
    return out


def adam(n):
    return [*(pytest.approx(-n["rate"], rel=1e-4) for _ in (1, 2)), -n["rate"] * n["g1"], -n["rate"] * n["g2"]]


def restarts(n):
    need = next(k for k in range(1, 50) if (1 - n["p"]) ** k <= 0.05 + 1e-12)
    return 1 - n["p"], (1 - n["p"]) ** n["n"], need


def penalised(n):
    error, penalty = 2 * (n["w"] * n["x"] - n["t"]) * n["x"], 2 * n["l2"] * n["w"]
    return error, penalty, error + penalty, n["w"] - n["rate"] * (error + penalty)


def dropout(n):
    kept = [n[f"a{k}"] / (1 - n["share"]) * (k != n["out"]) for k in (1, 2, 3)]
    return 1 - n["share"], *kept, sum(kept), n["a1"] + n["a2"] + n["a3"]


def penalty(n):
    unseen, gaps = [n[f"u{k}"] for k in range(4)], [n[f"s{k}"] - n[f"u{k}"] for k in range(4)]
    best = unseen.index(max(unseen))
    names = "0", "0.001", "0.01", "0.1"
    assert unseen.count(max(unseen)) == 1
    return names[best], gaps[best], ", ".join(names[k] for k in range(4) if gaps[k] > gaps[best]) or "none"


def factors(n):
    left = 1.0
    for _ in range(n["layers"]):
        left *= n["w"] * n["slope"]
    return n["w"] * n["slope"], left, "explodes" if left > 1.001 else "vanishes" if left < 0.999 else "keeps its size"


def clip(n):
    length = math.hypot(n["g1"], n["g2"])
    return length, n["most"] / length, n["g1"] * n["most"] / length, n["g2"] * n["most"] / length


def skip(n):
    def through(with_skip):
        a = 1.0
        for _ in range(n["layers"]):
            a = n["w"] * a + with_skip * a
        return a
    return n["w"], through(0), 1 + n["w"], through(1)


ORACLES = {"L01": (forward, backward, update), "L02": (lambda n: (n["a"] * n["b"] / n["c"], n["a"] * n["b"] / n["c"] * n["step"]), chain, paths),
           "L03": (small, relu, rows), "L04": (nudged, fault, losses), "L05": (steps, limit, uphill), "L06": (level, kinds, saddle),
           "L07": (heavy, adam, restarts), "L08": (penalised, dropout, penalty), "L09": (factors, clip, skip)}


@by_task
def test_what_the_key_says_is_what_plain_formulas_give(lesson, k):
    task = TASKS[lesson][k]
    for n in given(lesson, k):
        asked = [value for _, value in task.working(n)][-task.asked:]
        right = list(ORACLES[lesson][k](n))
        assert len(asked) == len(right)
        for mine, other in zip(asked, right, strict=True):
            assert mine == other if isinstance(mine, str) else mine == (other if not isinstance(other, int | float) else
                                                                        pytest.approx(other, rel=1e-9, abs=1e-12)), (task.title, n)


@by_task
def test_the_numbers_can_be_worked_with_by_hand(lesson, k):
    """Few digits, nothing huge; sigmoids hear what stands in the table, and what is rounded on the way hardly matters."""
    task = TASKS[lesson][k]
    for n in given(lesson, k):
        for value in n.values():
            assert isinstance(value, str) or (abs(value) <= 1000 and len(f"{abs(value):g}".replace(".", "").strip("0")) <= 2), n
        for what, value in task.working(n):
            assert isinstance(value, str) or (math.isfinite(value) and abs(value) < 2500), (what, value)
            if task.table and what.startswith("z"):
                assert abs(value) <= TABLE[-1] and abs(value - round(value, 1)) <= NEAR + 1e-9, (what, value)


def test_who_looks_up_the_table_and_rounds_to_three_digits_comes_near(lesson="L03", k=0):
    """A student by hand: z to one decimal, f from the table, every result to three decimals."""
    look = lambda z: round(f(round(z, 1)), 3)                                       # noqa: E731
    for n in given(lesson, k):
        z1 = n["w1"] * n["x"]
        a1 = look(z1)
        o = look(n["w2"] * a1)
        dz2 = round(2 * (o - n["t"]) * round(o * (1 - o), 3), 3)
        dw2, dw1 = round(dz2 * a1, 3), round(round(dz2 * n["w2"], 3) * round(a1 * (1 - a1), 3), 3) * n["x"]
        right = dict(TASKS[lesson][k].working(n))
        assert abs(dw2 - right["∂L/∂w<sub>2</sub>"]) < 0.004 and abs(dw1 - right["∂L/∂w<sub>1</sub>"]) < 0.004


@by_task
def test_students_have_numbers_of_their_own(lesson, k):
    every = [str(n) for n in given(lesson, k)]
    assert len(set(every)) >= 8 and every == [str(n) for n in given(lesson, k)]       # and the same on every run


# ---- the pages

class Tags(HTMLParser):
    """Whether every tag that was opened is closed."""
    VOID = {"meta", "line", "circle", "rect", "path"}

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


@pytest.mark.parametrize("lesson", TASKS)
def test_pages_are_whole_and_say_nothing_odd(lesson):
    made = sheets(lesson, STUDENTS[:5])
    for text in (page(lesson, made), key(lesson, made), page(lesson, made, exam=True)):
        tags = Tags()
        tags.feed(text)
        assert tags.open == [] and not re.search(r"\bnan\b|None|\binf\b|\{|−0\b(?!\.)", re.sub(r"(?s)<style>.*?</style>", "", text))
    assert page(lesson, made).count('class="sheet"') == 5 and page(lesson, made).count('class="room"') == 15
    told = re.sub(r"(?s)<svg.*?</svg>", "", page(lesson, made))
    for sheet in made:                                                                # no answer stands on the sheet
        for task, n in sheet.tasks:
            for what, _ in task.working(n)[-task.asked:]:
                assert f"{what} = {written(dict(task.working(n))[what])}<" not in told


def test_an_exam_has_points_another_order_and_a_secret():
    made = sheets("L05", STUDENTS, exam=True, secret=b"one secret, long enough")
    assert {tuple(task.title for task, _ in sheet.tasks) for sheet in made} == {
        tuple(task.title for task, _ in sheet.tasks) for sheet in made} and len({sheet.tasks[0][0].title for sheet in made}) == 3
    other = sheets("L05", STUDENTS, exam=True, secret=b"another one, long enough")
    assert [str(one.tasks) for one in made] != [str(one.tasks) for one in other]
    text = page("L05", made, exam=True)
    assert "3 points" in text and f"{sum(task.points for task in TASKS['L05'])} points" in text and "Exam, lesson 5" in text


def test_a_task_without_numbers_that_fit_says_so():
    with pytest.raises(ValueError, match="draw: got no numbers for 'Never'"):
        PaperTask("Never", lambda rng: {}, str, str, fits=lambda n: False).given(np.random.default_rng(0))


def test_the_key_has_every_value_and_what_is_asked_in_bold():
    made = sheets("L02", ("7",))
    text, tasks = key("L02", made), [pair for sheet in made for pair in sheet.tasks]
    assert text.count("<span class=asked>") == sum(task.asked for task, _ in tasks)
    assert text.count("<span") == sum(len(task.working(n)) for task, n in tasks) > text.count("<span class=asked>")


# ---- the command

def test_the_command_writes_sheets_and_key_and_nothing_over(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(pdf, "chromium", lambda: None)
    out = tmp_path / "sheets"
    assert main(["worksheet", "L03", "--students", "3", "--out", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["L03.html", "L03_key.html"] and "print it from a browser" in capsys.readouterr().out
    assert main(["worksheet", "L03", "--students", "3", "--out", str(out)]) == 2
    assert "there already" in capsys.readouterr().err
    roster = tmp_path / "class.csv"
    roster.write_text("name\nÅsa & Bo\nBo\n", encoding="utf-8")
    assert main(["worksheet", "L01", "--roster", str(roster), "--out", str(out)]) == 0
    assert "Sheet Åsa &amp; Bo" in (out / "L01.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("words, sentence", [
    (["L3", "--students", "3"], "lesson: got 'L3'"), (["L03", "--students", "0"], "--students: got 0"),
    (["L03", "--students", "3", "--exam"], "--exam: goes with --secret-file"),
    (["L03", "--students", "3", "--secret-file", "s.txt"], "--secret-file: is of use only beside --exam"),
    (["L03", "--roster", "no.csv"], "no.csv: cannot be read")])
def test_what_does_not_fit_is_a_sentence(tmp_path, capsys, words, sentence):
    assert main(["worksheet", *words, "--out", str(tmp_path / "sheets")]) == 2
    assert sentence in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_all_or_nothing_is_written(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(pdf, "chromium", lambda: "/bin/false")
    (tmp_path / "file").write_text("kept")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "L03_key.pdf").write_text("kept")
    for out, said in (("file", "(it is a file)"), ("file/below", "cannot be made or written into"),
                      ("old", "L03_key.pdf is there already; nothing is written over")):
        assert main(["worksheet", "L03", "--students", "1", "--out", str(tmp_path / out)]) == 2
        assert said in capsys.readouterr().err
    with pytest.raises(ValueError, match="--out: .* cannot be made or written into"):
        commands.new(tmp_path / "new", {"a.html": "a", "no/b.html": "b"})
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["L03_key.pdf", "file"]


@pytest.mark.skipif(pdf.chromium() is None, reason="no Chromium, Chrome or Edge was found")
def test_the_pdf_has_a_page_for_each_sheet_or_two(tmp_path):
    assert main(["worksheet", "L05", "--students", "2", "--out", str(tmp_path)]) == 0
    data = (tmp_path / "L05.pdf").read_bytes()
    assert data.startswith(b"%PDF") and 2 <= len(re.findall(rb"/Type\s*/Page\b", data)) <= 4


def test_a_browser_that_prints_nothing_is_told_in_a_sentence(tmp_path):
    (tmp_path / "a.html").write_text("a")
    with pytest.raises(ValueError, match="a.pdf: false could not print it|wrote no file"):
        pdf.printed(tmp_path / "a.html", tmp_path / "a.pdf", "/bin/false")


def test_the_weaker_the_penalty_the_more_is_learned_by_heart():
    """In a table that is made up the gap between seen and unseen rows shrinks as it does in a network."""
    task, = (one for one in TASKS["L08"] if one.title == "Which penalty?")
    for seed in range(50):
        n = task.given(np.random.default_rng(seed))
        gaps = [n[f"s{k}"] - n[f"u{k}"] for k in range(4)]
        assert gaps == sorted(gaps, reverse=True) and gaps[-1] > 0
