"""The inventory: what is right is found another way, each wrong answer shows what it is tagged with, both rounds are kept."""
import json
import re
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from bpviz.__main__ import main
from bpviz.coursework import lessons
from bpviz.coursework.inventory import class_page, scored, trials
from bpviz.coursework.inventory.items import ITEMS
from bpviz.coursework.learner import answers
from bpviz.coursework.misconceptions import MISCONCEPTIONS

by_item = pytest.mark.parametrize("one", ITEMS, ids=lambda one: one.id)
TAGS = [tag for one in ITEMS for _, tag, _ in one.asks.options if tag]


# ---- what is right, by other means

def nine(theta, x, t):
    """Loss of the 2-2-1 network on one row, written out."""
    w, b, v, c = theta[:4].reshape(2, 2), theta[4:6], theta[6:8], theta[8]
    return (expit(expit(np.array(x) @ w + b) @ v + c) - t) ** 2


def slopes(theta, h=1e-6):
    return np.array([(nine(theta + e, (0.5, 0.1), 0.6) - nine(theta - e, (0.5, 0.1), 0.6)) / (2 * h) for e in h * np.eye(9)])


def minima_of_trident():
    x, t = np.array([-10, -3, -0.5, 0.3]), np.array([0.6, 0.05, 0.3, 0.05])
    starts = np.random.default_rng(5).uniform(-5, 5, (60, 2))
    ends = [minimize(lambda w: np.mean((expit(w[1] * expit(w[0] * x)) - t) ** 2), s, method="BFGS", tol=1e-12) for s in starts]
    return {round(float(end.fun), 3) for end in ends if np.abs(end.x).max() < 6}


def oracle(id):
    """How the right answer begins."""
    sigma = expit
    if id == "I01":
        assert np.abs(slopes(trials.ARTICLE)).max() < 1
        return "The slope of the loss"
    if id == "I02":
        w = 1 - 1.2 * 2
        assert w * w > 1
        return "Larger than 1"
    if id == "I03":
        gradient = np.array([2 * 5, 50 * 1])
        angle = np.degrees(np.arccos(gradient @ [5, 1] / np.linalg.norm(gradient) / np.hypot(5, 1)))
        assert angle > 60 and gradient[1] > 4 * gradient[0]
        return "Mostly down the steep wall"
    if id in ("I04", "I07"):
        assert len(minima_of_trident()) >= 2
        return "Several" if id == "I04" else "Where the start led it"
    if id == "I05":
        return "Not much"                                    # see test_the_plateau
    if id == "I10":
        theta = np.zeros(9)
        for _ in range(50):
            theta = theta - 0.5 * slopes(theta)
        assert np.isclose(theta[0], theta[1], rtol=1e-6) and abs(theta[0]) > 1e-3
        return "All three alike"
    if id == "I13":
        assert 0.0009 < 0.5 ** 10 < 0.0011
        return "About one thousandth"
    if id == "I18":
        z = -20.0
        for _ in range(1000):
            z -= 0.5 * 2 * (sigma(z) - 1) * sigma(z) * (1 - sigma(z))
        assert z < -19.9999                                  # a hundred times as many steps go a hundred times as far
        return "It stays far off"
    if id == "I19":
        z = np.log(0.001 / 0.999)
        square, cross = 2 * (sigma(z) - 1) * sigma(z) * (1 - sigma(z)), sigma(z) - 1
        assert round(cross / square, -2) == 500
        return "With cross-entropy, about 500 times"
    return {"I06": "The learning rate", "I08": "When all slopes", "I09": "That something is wrong", "I11": "It may never settle",
            "I12": "It may end in a bad", "I14": "All 0", "I15": "Nothing", "I16": "0", "I17": "Little",
            "I20": "It answers from its weights"}[id]


@by_item
def test_what_is_right(one):
    assert one.truth().startswith(oracle(one.id)) and one.truth() in one.asks.texts


def test_the_plateau():
    """XOR with tanh from small weights: a thousand steps hardly change the loss, later it falls. Written out again."""
    x, t = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), np.array([0, 1, 1, 0.0])
    theta, losses = 0.05 * np.random.default_rng(3).normal(size=9), []
    for _ in range(4000):
        w, b, v, c = theta[:4].reshape(2, 2), theta[4:6], theta[6:8], theta[8]
        a = np.tanh(x @ w + b)
        o = np.tanh(a @ v + c)
        losses.append(np.mean((o - t) ** 2))
        d = 2 * (o - t) * (1 - o ** 2) / 4
        e = np.outer(d, v) * (1 - a ** 2)
        theta = theta - 0.1 * np.concatenate([(x.T @ e).ravel(), e.sum(0), a.T @ d, [d.sum()]])
    flat = np.array(losses[200:1201])
    assert np.ptp(flat) < 0.01 and flat.min() - losses[-1] > 0.2
    assert np.allclose(trials.plateau()[:4000:200], losses[::200], atol=1e-6)


def test_adam_ends_in_each_of_the_minima():
    losses = trials.ends(adam=True).round(3)
    assert set(losses[losses < 0.08]) >= minima_of_trident() and 0.05 < 1 - trials.reached(trials.ends(adam=True)) < 0.95


def test_no_count_moves_and_no_cut_error_pulls():
    assert not trials.counted().any() and trials.clipped(5.0) == 0 and trials.clipped(0.5) == pytest.approx(1.0)


# ---- tags

def test_every_misconception_has_a_question_and_every_question_four_answers():
    assert len(ITEMS) == 20 and set(TAGS) == set(MISCONCEPTIONS)
    assert all(len(one.asks.options) == 4 and len(set(one.asks.texts)) == 4 for one in ITEMS)
    places = [one.asks.texts.index(one.truth()) for one in ITEMS]
    assert all(3 <= places.count(k) <= 8 for k in range(4)), places


@pytest.mark.parametrize("tag", MISCONCEPTIONS)
def test_a_simulated_learner_who_holds_one_is_found_out(tag):
    """It gives the tagged answer wherever there is one, else the right one. This tests the tags, not people."""
    events = [{"kind": "inventory", "id": f"before-{one.id}", "sure": 1,
               "answer": next((text for text, other, _ in one.asks.options if other == tag), one.truth())} for one in ITEMS]
    found = scored.answered("before", events)
    assert found.complete and list(found.held) == [tag] and found.right == 20 - len(found.held[tag]) >= 16


def test_where_to_look_again():
    assert scored.where("M09") == "lesson 3" and scored.where("M02") == "lessons 3, 5 and 6"


@pytest.mark.parametrize("tag", MISCONCEPTIONS)
def test_it_is_asked_about_in_the_lessons_that_are_told(tag):
    """The tags as they stand in the text of each lesson's predictions, not by the records."""
    folder = Path(lessons.__file__).parent
    asked = {path.parent.name[-1] for path in folder.glob("lesson_*/predictions.py") if f'"{tag}"' in path.read_text(encoding="utf-8")}
    assert asked and set(re.findall(r"\d", scored.where(tag))) == asked


# ---- what is kept, and what is told

def events(when, wrong=()):
    return [{"kind": "inventory", "id": f"{when}-{one.id}", "sure": 0, "answer": next(
        text for text in one.asks.texts if (text == one.truth()) != (one.id in wrong))} for one in ITEMS]


def test_the_first_answer_counts_and_what_cannot_be_read_does_not():
    first = events("before", ("I02",))
    odd = [{"kind": "inventory", "id": "before-I01", "sure": 0, "answer": 7.5},
           {"kind": "inventory", "id": "before-I77", "sure": 0, "answer": "a"}]
    found = scored.answered("before", odd + first + events("before"))
    assert found.complete and found.right == 19 and not scored.answered("after", first).outcomes


def test_both_rounds_are_told_in_sentences():
    told = scored.told(scored.answered("before", events("before", ("I02", "I03"))), scored.answered("after", events("after", ("I03",))))
    held, = scored.answered("before", events("before", ("I02",))).held
    assert told[1:3] == ["Before, you said this, and now you do not:", f"• “{MISCONCEPTIONS[held]}”"]
    stays = scored.answered("before", events("before", ("I02",)))
    assert scored.told(stays, stays)[1:3] == ["Worth a second look. This is not so:", f"• “{MISCONCEPTIONS[held]}” ({scored.where(held)})"]
    assert told[0] == "Of 20 questions you had 18 right before the course, and 19 now."
    assert len([line for line in told if line.startswith(("✓", "✗"))]) == 20


def test_the_file_of_answers_takes_them(tmp_path, monkeypatch):
    monkeypatch.setattr(answers, "_start_folder", tmp_path)
    monkeypatch.setattr(answers, "attended", lambda: True)
    answers.keep(events("before")[0])
    assert answers.events(kind="inventory") == (events("before")[0],) and answers.events(kind="prediction") == ()
    for id in ("L03-q1", "before-X1", "later-I01"):
        with pytest.raises(ValueError, match="event"):
            answers.keep({**events("before")[0], "id": id})


# ---- the page for the teacher

def test_the_page_of_a_class(tmp_path, capsys):
    wrong = [("I02", "I03"), ("I02",), ()]
    for k, some in enumerate(wrong):
        (tmp_path / f"student {k}").mkdir()
        lines = events("before", some) + (events("after", some[1:]) if k < 2 else [])
        (tmp_path / f"student {k}" / answers.NAME).write_text("\n".join(map(json.dumps, lines)) + "\nnot JSON\n")
    assert main(["inventory", str(tmp_path), "--out", str(tmp_path / "page.html")]) == 0
    page = (tmp_path / "page.html").read_text()
    assert "3 students answered; 2 answered all 20 questions both times." in page and "student 0" not in page
    assert "18.5 before and 19.5 after" in page and "More right after the course: 2. Fewer: 0." in page
    assert "These are few" in page and "w² < 1" not in class_page.cell("w² < 1")
    both = class_page.rounds(tmp_path)[0]
    said = class_page.summary([both] * 5 + [both[::-1], (both[0], both[0])])
    assert "More right after the course: 5. Fewer: 1." in said[1] and len(said) == 2
    text, tag, _ = next(option for option in ITEMS[1].asks.options if option[0] != ITEMS[1].truth())
    row = re.search(rf"<tr><td>{tag}</td>.*?</tr>", page)[0]
    assert "2 of 3" in row and "0 of 2" in row
    assert main(["inventory", str(tmp_path), "--out", str(tmp_path / "page.html")]) == 2
    assert "there already" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert main(["inventory", str(tmp_path / "empty"), "--out", str(tmp_path / "other.html")]) == 2
    assert "empty', in which there is no bpviz_answers.jsonl; allowed is" in capsys.readouterr().err
    (tmp_path / "empty" / answers.NAME).write_text("not JSON\n")
    for folder, said in ((tmp_path / "empty", "no bpviz_answers.jsonl holds an answer to"), (tmp_path / "page.html", "which is no folder")):
        assert main(["inventory", str(folder), "--out", str(tmp_path / "other.html")]) == 2
        assert said in capsys.readouterr().err and not (tmp_path / "other.html").exists()
    assert class_page.rounds(tmp_path)[2][1].outcomes == {}
