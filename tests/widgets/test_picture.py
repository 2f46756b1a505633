"""What travels to the browser rebuilds the frame exactly."""
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bpviz.widgets.picture import TILE, Picture, changed_strips, pack_raw, png


def apply(old, strips, data):
    new, at = old.copy(), 0
    for x, y, w, h in strips:
        new[y:y + h, x:x + w] = np.frombuffer(data[at:at + 4 * w * h], np.uint8).reshape(h, w, 4)
        at += 4 * w * h
    assert at == len(data)
    return new


@given(st.integers(1, 150), st.integers(1, 150), st.lists(st.tuples(st.floats(0, 0.999), st.floats(0, 0.999)), max_size=6))
def test_strips_rebuild_the_new_frame(height, width, dots):
    old = np.zeros((height, width, 4), np.uint8)
    new = old.copy()
    for u, v in dots:
        new[int(v * height), int(u * width), 1] = 255
    strips = changed_strips(old, new)
    assert np.array_equal(apply(old, strips, pack_raw(new, strips)), new)
    assert sum(w * h for _, _, w, h in strips) <= len(dots) * TILE * TILE


def test_the_first_frame_and_a_new_size_travel_whole():
    frame = np.zeros((40, 70, 4), np.uint8)
    assert changed_strips(None, frame) == changed_strips(np.zeros((10, 10, 4), np.uint8), frame) == [[0, 0, 70, 40]]
    assert changed_strips(frame, frame.copy()) == []


@pytest.fixture
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(Picture, "send", lambda self, content, buffers=None: messages.append((content, buffers)))
    return messages


def test_a_slow_wire_gets_png_and_a_quick_one_raw_again(sent):
    picture = Picture()
    frame = np.full((64, 96, 4), 255, np.uint8)
    picture.show(frame)
    for _ in range(5):
        picture.took(400.0)
    frame[10:20, 40:50] = (10, 20, 30, 255)
    picture.show(frame, 7, words="w")
    content, (data,) = sent[-1]
    x, y, w, h = content["tiles"][0]
    assert content["encoding"] == "png" and content["n"] == 7 and content["words"] == "w"
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(data)).convert("RGBA")), frame[y:y + h, x:x + w])
    for _ in range(5):
        picture.took(20.0)
    picture.show(frame)
    assert sent[-1][0]["encoding"] == "raw" and sent[-1][0]["tiles"] == []
    picture.forget()
    picture.show(frame)
    assert sent[-1][0]["tiles"] == [[0, 0, 96, 64]]


def test_nonsense_about_the_wire_is_ignored():
    picture = Picture()
    for nonsense in (None, "x", -5, 0) * 3:
        picture.took(nonsense)
    assert picture.encoding == "raw"


def test_png_is_exact():
    frame = np.random.default_rng(0).integers(0, 255, (30, 41, 4)).astype(np.uint8)
    frame[..., 3] = 255
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png(frame))).convert("RGBA")), frame)
