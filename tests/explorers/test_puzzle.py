"""bp.explore.puzzle(): every random puzzle has one wrong line, its effect is seen, every click is answered truly.

The oracle (own_puzzles.py) shares no line with bpviz: right numbers by complex steps of the loss, lines run one by one.
"""
import re
import sys
from pathlib import Path

import numpy as np
import pytest

import bpviz as bp
from bpviz.coursework.line_by_line import lines_of, moved, reached, run, written
from bpviz.coursework.puzzles import FAULTS, broken_pass
from bpviz.coursework.random_puzzle import SIZES, random_puzzle
from bpviz.explorers.puzzle import EXPLORER, MOST_ENTRIES, MOST_LINES
from bpviz.network.backprop import backprop

sys.path.insert(0, str(Path(__file__).parent))
import own_puzzles  # noqa: E402
import sentences  # noqa: E402

NUMBERS = range(0, 10_000, 31)                    # of the puzzles that are looked at closely: hundreds


@pytest.fixture(scope="module")
def both():
    """[(puzzle, the same judged without bpviz)]."""
    return [(puzzle, own_puzzles.Own(puzzle)) for puzzle in map(random_puzzle, NUMBERS)]


def test_one_line_is_wrong_and_it_is_the_guilty_one(both):
    assert all(own.guilty == [puzzle.guilty] for puzzle, own in both)


def test_the_gradient_is_what_the_lines_on_screen_give_and_the_wrong_entries_are_those(both):
    for puzzle, own in both:
        assert np.allclose(puzzle.gradient, own.code, rtol=1e-9, atol=1e-12)
        assert np.array_equal(puzzle.differs, own.wrong)
        assert np.allclose(puzzle.fit.gradient(puzzle.theta), own.true, rtol=1e-9, atol=1e-12)


def test_mending_the_guilty_line_mends_all_and_no_other_line_does(both):
    for puzzle, own in both:
        for number in range(1, len(puzzle.lines) + 1):
            texts = [line.text for line in puzzle.lines]
            texts[number - 1] = puzzle.right[number - 1].text
            good = np.allclose(own.run(texts=texts), own.true, rtol=1e-9, atol=1e-12)
            assert good == (number == puzzle.guilty)
            assert np.allclose(puzzle.mended(number), own.run(texts=texts), rtol=1e-9, atol=1e-12)


def test_the_fault_is_seen(both):
    """By more than a thousandth in every entry that is wrong, and in what is printed of it; the others are right."""
    for _, own in both:
        off = abs(own.code - own.true)
        assert own.wrong.any()
        assert (off[own.wrong] > 1e-3 * abs(own.true[own.wrong])).all()
        assert (off[~own.wrong] < 1e-9).all()
        assert all(f"{a:.3f}" != f"{b:.3f}" for a, b in zip(own.code[own.wrong], own.true[own.wrong], strict=True))


def test_every_fault_network_loss_activation_and_place_comes_and_no_puzzle_comes_twice(both):
    puzzles = [puzzle for puzzle, _ in both]
    assert {puzzle.fault for puzzle in puzzles} == set(FAULTS)
    assert {puzzle.fit.network.sizes for puzzle in puzzles} == set(SIZES)
    assert len({puzzle.fit.loss_name for puzzle in puzzles}) == 3
    assert {name for puzzle in puzzles for name in puzzle.fit.network.activations} == {"sigmoid", "tanh", "relu", "softplus", "identity"}
    assert len({tuple(puzzle.theta) for puzzle in puzzles}) == len(puzzles) > 300
    assert max(np.bincount([puzzle.guilty for puzzle in puzzles])) < 0.3 * len(puzzles)       # no line is a good guess
    assert max(len(puzzle.lines) for puzzle in puzzles) == MOST_LINES
    assert max(puzzle.fit.n_params for puzzle in puzzles) == MOST_ENTRIES


def test_a_number_is_always_the_same_puzzle():
    one, two = random_puzzle(1234), random_puzzle(1234)
    assert one == two != random_puzzle(1235)
    assert (one.lines, one.theta.tolist()) == (two.lines, two.theta.tolist())


@pytest.mark.parametrize("number", [-1, 10_000, 1.5, "7", None])
def test_a_random_puzzle_that_is_not_there(number):
    with pytest.raises(ValueError, match="puzzle: got .*; allowed is a whole number from 0 to 9,999"):
        random_puzzle(number)


def test_what_a_line_reaches_and_moves_is_what_changes_with_it(both):
    for puzzle, _ in both[::5]:
        texts = [line.text for line in puzzle.right]
        own = own_puzzles.Own(puzzle)
        own.texts = texts
        own.code = own.run()
        for number, (there, seen) in enumerate(zip(reached(puzzle.fit, puzzle.right), moved(puzzle.fit, puzzle.theta, puzzle.right), strict=True), 1):
            assert (there >= own.feeds(number)).all()                   # a relu that does not answer passes nothing on
            assert (own.feeds(number) >= seen).all()


PLANTED = [(name, sizes, loss) for name in FAULTS for sizes in ((1, 2, 1), (2, 2, 2), (2, 2, 2, 2), (2, 1, 3, 2))
           for loss in ("squared error", "half squared error", "cross-entropy")
           if not (name == "transposed weights" and len(set(sizes)) > 1)
           and not (name == "output slope forgotten" and loss == "cross-entropy")]


@pytest.mark.parametrize("name, sizes, loss", PLANTED)
def test_a_fault_is_the_same_in_the_loop_and_line_by_line(name, sizes, loss):
    """FAULTS is the one definition: planted in every layer, the lines give what backprop.py with that line changed gives."""
    rng, fault = np.random.default_rng(len(name)), FAULTS[name]
    targets = np.eye(sizes[-1])[:, rng.integers(sizes[-1], size=4)] if sizes[-1] > 1 else rng.integers(2, size=(1, 4)) * 1.0
    fit = bp.Fit(bp.Network(sizes, "tanh"), loss, bp.Data(rng.normal(size=(sizes[0], 4)), targets))
    theta = rng.normal(size=fit.n_params)
    here = {line for line in lines_of(fit) if line.kind == fault.kind and not (name == "z instead of a" and line.layer == 1)}
    texts = [written(fit, line.kind, line.layer, fault.written) if line in here else line.text for line in lines_of(fit)]
    assert len(here) > 0
    assert np.allclose(run(fit, theta, texts), backprop(fit, theta, broken_pass(fault)).gradient, rtol=1e-12, atol=1e-14)
    assert np.allclose(run(fit, theta, [line.text for line in lines_of(fit)]), fit.gradient(theta), rtol=1e-12, atol=1e-14)


def claims(values):
    return sentences.judged(sentences.made(EXPLORER, EXPLORER.values(**values)))


def test_every_click_is_answered_truly():
    """Every line of many puzzles, with some entry and some hints."""
    rng, judged = np.random.default_rng(8), 0
    for number in range(5, 10_000, 223):
        for line in range(len(random_puzzle(number).lines) + 1):
            values = {"puzzle": number, "line": line, "entry": int(rng.integers(9)), "hint": int(rng.integers(4))}
            found = claims(values)
            assert all(true for _, true, _ in found), (values, [one for one in found if not one[1]])
            judged += len(found)
    assert judged > 4000


def test_the_checker_notices_what_is_said_of_another_puzzle():
    rng, noticed = np.random.default_rng(2), 0
    for _ in range(40):
        one, two = (sentences.made(EXPLORER, EXPLORER.values(puzzle=int(rng.integers(10_000)), line=1 + int(rng.integers(5)), hint=3))
                    for _ in range(2))
        try:
            found = list(own_puzzles.puzzle(one, one.results[-1], EXPLORER.words(two.results[-1])))
            noticed += not all(true for _, true, _ in found)
        except (ValueError, LookupError, TypeError, NameError):           # it names what is not there
            noticed += 1
    assert noticed >= 38


def test_nothing_on_the_page_tells_the_line_before_it_is_clicked():
    """HTML and text of the still, the state and the signature: the mended line comes with the click only."""
    for number in (0, 7, 15, 42, 99):
        puzzle = random_puzzle(number)
        right, guilty = puzzle.right[puzzle.guilty - 1].text, puzzle.guilty
        panel = bp.explore.puzzle(puzzle=number, hint=3, picture="core")
        page = re.sub(r"base64,[^\"']*", "", panel.still())
        for text in (page, panel.state, repr(panel)):
            assert right not in text
            assert not re.search(rf"line {guilty}\b", text)
            assert f"line={guilty}" not in text
        panel.set(line=guilty)
        assert right in re.sub(r"base64,[^\"']*", "", panel.still())
        panel.close()


def test_another_puzzle_begins_without_a_line_an_entry_or_a_hint():
    """By its slider, by the button and upon a state; or an answer for one would be taken for the other's."""
    panel = bp.explore.puzzle(puzzle=3, line=2, entry=1, hint=2, picture="core")
    panel.knobs["puzzle"].value = 4
    assert panel.values == {"puzzle": 4, "line": 0, "entry": 0, "hint": 0}
    panel.set(line=2, entry=1)
    hint, more = panel.extras.buttons
    for wanted in (1, 2, 3, 3):
        hint.click()
        assert panel.values == {"puzzle": 4, "line": 2, "entry": 1, "hint": wanted}
    more.click()
    assert panel.values == {"puzzle": 5, "line": 0, "entry": 0, "hint": 0}
    panel.set(puzzle=9999)
    more.click()
    assert panel.values["puzzle"] == 0
    other = bp.explore.puzzle(state="puzzle; puzzle=3; line=2; entry=1; hint=2", puzzle=8, picture="core")
    assert other.values == {"puzzle": 8, "line": 0, "entry": 0, "hint": 0}
    same = bp.explore.puzzle(state="puzzle; puzzle=3; line=2; entry=1; hint=2", hint=3, picture="core")
    assert same.values == {"puzzle": 3, "line": 2, "entry": 1, "hint": 3}
    for one in (panel, other, same):
        one.close()


def test_a_click_on_a_line_or_an_arrow_means_that_one():
    """The spots of the frame of now: every line and every arrow of this puzzle has one, and no other."""
    for number, width in ((0, 940), (15, 360), (17, 720)):
        scene, attempt = EXPLORER.finish(EXPLORER.values(puzzle=number))
        _, drawing = EXPLORER.picture(scene, width)
        drawing.update(attempt)
        entries, lines = (place.told() for place in drawing.places)
        assert {spot[0] for spot in entries["spots"]} == set(range(1, attempt.puzzle.fit.n_params + 1))
        assert [spot[0] for spot in lines["spots"]] == list(range(1, len(attempt.puzzle.lines) + 1))
        assert all(-0.05 <= share <= 1.05 for told in (entries, lines) for spot in told["spots"] for share in spot[1:])
        listing = drawing.bindings[1][0].thing
        for spot, text in zip(listing.spots, listing.texts, strict=False):
            assert spot[2] < text.get_position()[1] < spot[4]
            assert text.get_text() == attempt.puzzle.lines[spot[0] - 1].text
