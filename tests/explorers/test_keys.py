"""The key of a picture: what looks like one of its lines is that line."""
import sys
from pathlib import Path

import numpy as np
import pytest

from bpviz.explorers import all_explorers

sys.path.insert(0, str(Path(__file__).parent))
import sentences  # noqa: E402

EXPLORERS = all_explorers()
MANY = "minima"                  # what is said of several lines at once


@pytest.fixture(autouse=True)
def less_work(monkeypatch):
    sentences.smaller(monkeypatch.setattr)


def look(line):
    """How a line is told from others: colour and dashes; None for marks alone."""
    return None if line.get_linestyle() in ("None", "", " ") else (line.get_color(), str(line._unscaled_dash_pattern))


def shown(line):
    return line.get_visible() and np.isfinite(np.asarray(line.get_xydata(), dtype=float)).all(axis=1).sum() > 1


@pytest.mark.parametrize("explorer", EXPLORERS.values(), ids=list(EXPLORERS))
def test_no_line_looks_like_one_of_the_key_and_is_another(explorer):
    scene, result = explorer.finish(explorer.values())
    figure, drawing = explorer.picture(scene, 1000)
    drawing.update(result)
    for axes in figure.axes:
        _, words = axes.get_legend_handles_labels()
        named = {look(line): line for line in axes.lines if line.get_label() in words} if axes.get_legend() else {}
        named = {one: line for one, line in named.items() if line.get_label() != MANY}
        for line in axes.lines:
            twin = named.get(look(line)) if look(line) and line.get_label() not in words and shown(line) else None
            same = twin is None or {tuple(xy) for xy in line.get_xydata()} <= {tuple(xy) for xy in twin.get_xydata()}
            assert same or not shown(twin), (explorer.name, twin.get_label(), line.get_xydata()[:3])


def test_the_answers_of_the_minima_are_in_the_key_of_basins_and_lettered_at_their_ends():
    explorer = EXPLORERS["basins"]
    for data in explorer.knob("data").corners:
        scene, result = explorer.finish(explorer.values(data=data, steps=20))
        figure, drawing = explorer.picture(scene, 1000)
        drawing.update(result)
        axes = next(one for one in figure.axes if one.get_legend() and "minima" in
                    [text.get_text() for text in one.get_legend().get_texts()]) if len(scene.points.minima) else None
        if axes is None:
            continue
        end = next(line for line in axes.lines if line.get_label() == "end")
        ways = [line for line in axes.lines if look(line) == look(next(
            one for one in axes.lines if one.get_label() == "minima"))]
        letters = {text.get_text() for text in axes.texts}
        assert len(ways) == len(scene.points.minima) and look(end) != look(ways[0])
        assert {scene.points.label[k] for k in scene.points.minima} <= letters
        for way, k in zip(ways, scene.points.minima, strict=True):
            x, y = way.get_data()
            assert np.allclose(y, scene.fit.predict(scene.points.theta[:, k], x)[0])
