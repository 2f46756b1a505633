"""Every result shows itself: words and a table in a terminal and in a notebook, the same numbers in both, lists that iterate."""
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from matplotlib.figure import Figure

import bpviz as bp
from bpviz.base.result import ShowsItself, table_html, table_text
from bpviz.base.written import as_python, as_written

XOR = bp.Fit(bp.Network((2, 3, 3, 1), "tanh"), "squared error", bp.DATA["xor"])
THETA = np.random.default_rng(3).normal(size=XOR.n_params)
TWO = bp.Fit(bp.Network((1, 1, 1), "sigmoid", bias=False), "squared error", bp.DATA["seesaw"])
JACOBIANS = bp.layer_jacobians(XOR, THETA)
RESULTS = {
    "GradientTable": bp.compare_gradients(XOR, THETA),
    "Path": bp.descend(XOR, THETA, bp.GradientDescent(0.5), 30),
    "Path that ran away": bp.descend(XOR, THETA, bp.GradientDescent(1e9), 5),
    "Path of many": bp.descend(XOR, np.stack([THETA, -THETA], axis=1), bp.Adam(0.1), 30),
    "Trace": bp.backprop(XOR, THETA),
    "Trace of a cloud": bp.backprop(XOR, np.stack([THETA, -THETA], axis=1)),
    "LayerGradients": bp.gradients_by_layer(XOR, THETA),
    "LayerJacobians": JACOBIANS,
    "LayerPath": bp.strongest_path(JACOBIANS),
    "Restarts": bp.restarts(TWO, bp.GradientDescent(20.0), 20, 300, low=-4, high=4),
    "Restarts that ran away": bp.restarts(bp.SURFACES["saddle"], bp.GradientDescent(1.0), 5, 60),
    "CriticalPoints": bp.critical_points(TWO),
    "CriticalPoints of a valley": bp.critical_points(bp.Fit(bp.Network((1, 1, 1), "identity", bias=False), "squared error",
                                                            bp.DATA["linear saddle"])),
    "Basins": bp.basins(TWO, cells=24, optimizer=bp.GradientDescent(60.0), steps=400),
    "Puzzle": bp.puzzles[4],
    "Trainability": bp.trainability(XOR, THETA, (-2, -2), (1, 1), 16, 40),
}


class Cells(HTMLParser):
    """The cells of a table, row by row, read back from HTML."""
    def __init__(self, text):
        super().__init__()
        self.rows, self.open = [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        self.open = tag in ("td", "th")
        if self.open:
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        self.open = False

    def handle_data(self, data):
        if self.open:
            self.rows[-1][-1] += data


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_says_the_same_in_a_terminal_and_in_a_notebook(name):
    result = RESULTS[name]
    caption, header, rows = result.table()
    assert rows and all(len(row) == len(header) and all(isinstance(cell, str) for cell in row) for row in rows)
    assert not getattr(result, "drawn", "") or result._repr_html_().startswith("<img alt=")
    assert Cells(result._repr_html_()).rows == [list(header), *([as_written(cell) for cell in row] for row in rows[:result.most_rows])]
    assert result.words in repr(result) and "array(" not in repr(result)
    if type(result).__repr__ is ShowsItself.__repr__:
        printed = repr(result).splitlines()
        assert [line.split("  ")[0].strip() for line in printed[-len(rows):]] == [row[0].strip() for row in rows]
    assert not re.search(r"\bnan\b", result.words)


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_draws_itself_on_the_axes_it_is_given(name):
    result, axes = RESULTS[name], Figure().add_subplot()
    if not getattr(result, "drawn", ""):
        with pytest.raises((ValueError, AttributeError), match="that has no picture|no attribute 'plot'"):
            result.plot()
        return
    assert result.plot(axes=axes) is axes and len(axes.lines) + len(axes.images) + len(axes.collections) + len(axes.artists)
    assert result.plot() == getattr(bp.picture, result.drawn)(result)
    with pytest.raises(ValueError, match="axes: got 3; allowed is None or axes of matplotlib"):
        result.plot(axes=3)


def test_gradients_are_a_table_of_weights():
    table = RESULTS["GradientTable"]
    assert [row.weight for row in table] == list(XOR.names) and table[0] is table["w1[1,1]"] is next(iter(table))
    assert table.agree and "All 25 weights agree" in table.words and tuple(table[:3]) == table.rows[:3]
    wrong = bp.puzzles[1].compare()
    odd = [row.weight for row in wrong if row.answer == "differ"]
    assert not wrong.agree and wrong.words.startswith("The three ways differ for ") and odd[0] in wrong.words
    assert wrong.words.endswith(f"they agree for {sum(row.agree for row in wrong)} of {len(wrong)}.")
    assert [row[-1][0] for row in wrong.table()[2]] == ["✗" if row.weight in odd else "✓" for row in wrong]


def test_the_words_of_a_gradient_table_count_right():
    """Over many mixtures of answers: every number and name in the sentence is looked up in the rows themselves."""
    rng = np.random.default_rng(5)
    for _ in range(300):
        answers = rng.choice(["agree", "differ", "cannot tell"], size=rng.integers(1, 12), p=[0.7, 0.2, 0.1])
        rows = tuple(replace(RESULTS["GradientTable"][k], answer=str(answer), error=float(rng.uniform(0, 1e-9)))
                     for k, answer in enumerate(answers))
        words, of = bp.GradientTable(rows).words, {answer: [row.weight for row in rows if row.answer == answer] for answer in answers}
        if set(answers) == {"agree"}:
            largest = float(re.search(r"apart than (\S+)\.$", as_python(words))[1])
            assert abs(largest / max(row.error for row in rows) - 1) < 0.06
            assert words.startswith(f"All {len(rows)} weights agree" if len(rows) > 1 else f"The three ways agree for {rows[0].weight}:")
            continue
        assert words.endswith(f"agree for {len(of.get('agree', []))} of {len(rows)}.")
        for answer, said in (("differ", "differ for "), ("cannot tell", "o answer for ")):
            assert (said in words) == (answer in of)
            if answer in of:
                told = words.split(said)[1].split(";")[0]
                assert (told == ", ".join(of[answer]) if len(of[answer]) < 5
                        else told == f"{len(of[answer])} weights ({', '.join(of[answer][:3])}, ...)")


def test_a_picture_of_critical_points_names_them_all_or_none():
    assert bp.picture.critical_points(RESULTS["CriticalPoints"]).words == "Critical points: A, B, S1."
    assert bp.picture.critical_points(RESULTS["CriticalPoints of a valley"]).words == "Critical points: S1."
    slope = bp.critical_points(TWO, 5.0, 5.5)
    assert not len(slope) and bp.picture.critical_points(slope).words == "No critical point is marked."


def test_a_path_shows_the_steps_it_took():
    path = RESULTS["Path"]
    for step, loss, norm in path.table()[2]:
        assert f"{XOR.loss(path.theta[:, int(step)]):.6g}" == loss
        assert f"{np.linalg.norm(XOR.gradient(path.theta[:, int(step)])):.3g}" == norm
    assert [row[0] for row in path.table()[2]] == ["0", "1", "2", "5", "10", "20", "30"]


def test_long_tables_are_cut_and_say_so():
    deep = bp.Fit(bp.Network((2, *[4] * 40, 1), "tanh"), "squared error", bp.DATA["xor"])
    flow = bp.gradients_by_layer(deep, bp.initial_weights(deep.network, "He"))
    assert len(flow.table()[2]) == 41 and len(Cells(flow._repr_html_()).rows) == 25 and "first 24 of 41" in repr(flow)


def test_a_number_is_not_broken_at_its_sign():
    for number, written in (("+3.1518994e-02", "+0.031518994"), ("-0.23792, 0", "−0.23792, 0"), ("8e-09", "8 × 10⁻⁹")):
        assert f'<td style="white-space:nowrap">{written}</td>' in table_html(("", ("",), [(number,)]))
    assert "nowrap" not in table_html(("", ("a header",), [("a sentence that may take a second line",)]))


def test_markup_in_a_cell_is_text():
    assert "<b>" not in table_html(("<b>", ("<b>",), [("<b>",)])) and "<b>" in table_text(("<b>", ("<b>",), [("<b>",)]))


def test_restarts_are_a_list_of_runs():
    runs = RESULTS["Restarts"]
    assert len(runs) == 20 == len(list(runs)) and [run.loss for run in runs] == runs.loss.tolist()
    assert (runs[-1].end == runs.end[:, -1]).all() and [run.loss for run in runs[:3]] == runs.loss[:3].tolist()
    assert min(runs, key=lambda run: run.loss).loss == runs.loss.min() == TWO.loss(runs[int(runs.loss.argmin())].end)
    with pytest.raises(IndexError):
        runs[20]
    counted = [int(row[1]) for row in runs.table()[2]]
    assert sum(counted) == 20 and counted[0] == (np.abs(runs.loss / runs.loss.min() - 1) < 1e-3).sum()
    assert RESULTS["Restarts that ran away"].table()[2][-1][:1] == ("ran away",)


def test_critical_points_are_a_list_of_points():
    points = RESULTS["CriticalPoints"]
    assert [point.label for point in points] == ["A", "B", "S1"] == [point.label for point in points[:3]]
    assert points[0].loss == points.loss[0] == TWO.loss(points[0].theta) and points[-1].kind == "saddle"
    assert np.allclose(points[1].eigenvalues, np.linalg.eigvalsh(TWO.hessian(points[1].theta)))
    with pytest.raises(IndexError):
        points[3]
    assert points["S1"].loss == points[2].loss
    for wrong, sentence in ((None, "index: got None; allowed is a whole number, a slice or a name"), ("C", "point: got 'C'"), (0.5, "index: got 0.5")):
        with pytest.raises(ValueError, match=sentence):
            points[wrong]


def test_the_table_of_a_map_counts_its_cells():
    basins = RESULTS["Basins"]
    shares = {row[0]: row[3] for row in basins.table()[2]}
    for name, value in {**{n: k for k, n in enumerate(basins.minima.names)}, "nowhere": -1, "away": -2}.items():
        there = (basins.label == value).mean()
        assert shares.get(name) == (f"{there:.1%}" if there else None)


def test_the_words_of_layers_and_paths_are_true():
    flow, path = RESULTS["LayerGradients"], RESULTS["LayerPath"]
    norms = [np.linalg.norm(delta) for delta in RESULTS["Trace"].delta]
    assert f"{norms[-1]:.3g} in layer 3 and {norms[0]:.3g} in layer 1" in flow.words
    assert f"times {np.sqrt(norms[0] / norms[-1]):.3g} a layer" in flow.words
    most = [np.linalg.svd(J)[1].max() for J in JACOBIANS.matrices]
    assert f"more than {max(most):.3g}" in JACOBIANS.words and f"bound is {min(most):.3g}" in JACOBIANS.words
    J3, J2 = JACOBIANS.matrices[1], JACOBIANS.matrices[0]
    i, j, k = path.units
    assert f"that is {JACOBIANS.deltas[-1][k] * J3[k, j] * J2[j, i]:.3g}," in as_python(path.words)
