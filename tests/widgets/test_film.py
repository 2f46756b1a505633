"""Films of a path: a GIF that plays for ever, a page that plays itself."""
import io
import json
import re
from base64 import b64decode

import numpy as np
import pytest
from PIL import Image

import bpviz as bp
from bpviz.explorers import all_explorers
from bpviz.widgets import export, film


def shown(image):
    return np.asarray(image.convert("RGB"), dtype=int)


def test_the_places_of_a_film_are_on_the_slider_and_reach_from_end_to_end():
    for explorer in all_explorers().values():
        if explorer.plays:
            knob = explorer.knob(explorer.plays)
            for end in (None, knob.low, knob.low + 1, (knob.low + knob.high) // 2, knob.high):
                found = film.places(knob, end)
                assert found == sorted(set(found)) and 1 <= len(found) <= film.MOST
                assert found[0] == knob.low and found[-1] == (end or knob.high)
                assert [knob.check(one) for one in found] == found


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("film")
    panel = bp.explore.minima(w1=-2.0, w2=2.5, steps=60).finish()
    made = [panel.save(folder / name).read_bytes() for name in ("path.gif", "path.html")]
    yield panel, made
    panel.close()


def test_the_gif_shows_every_step_as_the_panel_does(files):
    panel, (gif, _) = files
    image = Image.open(io.BytesIO(gif))
    kept = panel.result.path.kept
    stops = film.places(panel.explorer.knob("moment"), kept)
    assert image.n_frames == len(stops) > 10 and image.info["loop"] == 0
    for k in (0, len(stops) // 2, len(stops) - 1):
        panel.set(moment=stops[k])
        panel.finish()
        image.seek(k)
        assert np.mean(abs(shown(image) - panel.frame[..., :3]).max(axis=2) > 24) < 0.01
    image.seek(0)
    first = shown(image)
    image.seek(len(stops) - 1)
    assert (first != shown(image)).any()


def test_the_page_holds_all_it_needs(files):
    panel, (_, page) = files
    text = page.decode("utf-8")
    assert not re.search(r"(?:src|href)=|https?://|\$\w", text)
    frames = json.loads(re.search(r"frames = (\[.*?\]), places", text)[1])
    places = json.loads(re.search(r"places = (\[.*?\]), \[PLAY", text)[1])
    stops = film.places(panel.explorer.knob("moment"), panel.result.path.kept)
    assert places == [f"look at step {stop}" for stop in stops] and len(frames) == len(stops)
    sizes = {Image.open(io.BytesIO(b64decode(one))).size for one in frames}
    assert len(sizes) == 1 and "prefers-reduced-motion" in text


def test_a_panel_that_plays_nothing_has_no_film(tmp_path):
    with pytest.raises(ValueError, match=r"allowed is a name that ends with \.png, \.svg, \.csv$"):
        bp.explore.saturation().save(tmp_path / "saturation.gif")


def test_a_film_leaves_the_work_of_the_panel_where_it_is(tmp_path, monkeypatch):
    panel, seen = bp.explore.minima(steps=60).finish(), []
    panel._prepare()
    monkeypatch.setattr(export, "filmed", lambda kind, explorer, scene, values, memory, *rest: seen.append(memory) or b"film")
    panel.save(tmp_path / "path.gif")
    assert len(seen) == 1 and seen[0] is not panel.projector.memory(panel.values)
    panel.close()
