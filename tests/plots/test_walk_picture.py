"""In the walk every number is seen whole: inside the picture, and inside its frame."""
import pytest
from matplotlib.patches import FancyBboxPatch

from bpviz.base.work import Memory, finished
from bpviz.explorers import all_explorers
from bpviz.plots.blit import Blit
from bpviz.plots.label import Label
from bpviz.plots.style import style

WALK = all_explorers()["backprop"]


def extent(artist):
    """left, top, right, bottom of what is drawn, in device pixels upward."""
    if isinstance(artist, Label):
        image, left, low = artist.prepare(artist.get_text())
        x, y = artist.get_transform().transform(artist.get_unitless_position())
        margin = 3
        return x + left + margin, y + low + margin, x + left + image.shape[1] - margin, y + low + image.shape[0] - margin
    box, line = artist.get_window_extent(), artist.get_linewidth() / 2
    return box.x0 - line, box.y0 - line, box.x1 + line, box.y1 + line


@pytest.mark.parametrize("width", [1110, 610, 360])
@pytest.mark.parametrize("example", ["article 2-2-1", "two outputs 2-2-2", "xor 2-2-1, four rows"])
def test_numbers_and_their_frames_are_whole(example, width):
    values = WALK.values(example=example)
    scene, _ = WALK.finish(values)
    with style():
        canvas, drawing = WALK.picture(scene, width)
        Blit(canvas, ())
    diagram = canvas.axes[1]
    frames = [artist for artist in drawing.moving if isinstance(artist, FancyBboxPatch)]
    texts = [artist for artist in drawing.moving if isinstance(artist, Label) and artist.axes is diagram]
    seen = set()
    for step in range(1, len(scene.walk.stops) + 1, 2):
        result = finished(WALK.compute(scene, {**values, "step": step}, Memory()))
        drawing.update(result)
        shown = {text: extent(text) for text in texts if text.get_visible() and text.get_text()}
        for artist in [*shown, *(frame for frame in frames if frame.get_visible())]:
            left, low, right, high = extent(artist)
            name = artist.get_text() if isinstance(artist, Label) else "a frame"
            assert left >= 0 and low >= 0 and right <= canvas.bbox.x1 and high <= canvas.bbox.y1, (name, step)
        for frame in frames:
            if not frame.get_visible():
                continue
            assert not frame.get_clip_on() or frame.get_clip_box() is None
            left, low, right, high = extent(frame)
            middle = (left + right) / 2, (low + high) / 2
            text = min(shown, key=lambda t: sum(abs(m - (a + b) / 2) for m, a, b in zip(middle, shown[t][:2], shown[t][2:], strict=True)))
            seen.add(text.get_text().split()[0])
            assert left <= shown[text][0] and right >= shown[text][2], (text.get_text(), step)
    assert "∂z" in seen and len(seen) > 5
