"""An objective of two weights in the explorer of slices: its whole window, the way by its own gradient, and what is said, by other code."""
import re

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from test_own_objective import OF_A_NETWORK, THINGS
from test_sweep import drawn, legible_at_every_width, no_surfaces, written  # noqa: F401

import bpviz as bp
from bpviz.base.work import Memory, finished
from bpviz.base.written import as_python
from bpviz.explorers import all_explorers

EXPLORER = all_explorers()["surface"]
pytestmark = pytest.mark.usefixtures("less_work")
NUMBER = r"(-?[\d.,]+(?:e[-+]?\d+)?)"


def shown(thing, **given):
    explorer = EXPLORER.with_own(EXPLORER, {"fit": thing})
    values = explorer.values(**given)
    scene = finished(explorer.scene(values))
    return explorer, scene, finished(explorer.compute(scene, values, Memory())), values


@pytest.mark.parametrize("name", THINGS)
def test_map_hills_way_and_sentence_are_those_of_the_formula(name):
    thing, rng = THINGS[name], np.random.default_rng(0)
    low, high = (np.array(getattr(thing, end, sign * np.full(2, 6.0)), float) for end, sign in (("low", -1), ("high", 1)))
    for _ in range(4):
        place = np.round(low + rng.uniform(0.1, 0.9, 2) * (high - low), 2)
        explorer, scene, result, values = shown(thing, s=float(place[0]), t=float(place[1]))
        across, up = (np.linspace(*ends, len(scene.loss)) for ends in zip(low, high, strict=True))
        assert np.allclose(scene.loss, thing.loss(np.stack(np.meshgrid(across, up)))) and len(across) > 20
        sides = [explorer.knob(knob) for knob in "st"]
        assert [knob.low for knob in sides] == low.tolist() and [knob.high for knob in sides] == high.tolist()
        end = result.way[:, -1]
        assert np.array_equal(result.way[:, 0], place) and (result.way >= low[:, None] - 1e-9).all() and (result.way <= high[:, None] + 1e-9).all()
        losses = thing.loss(result.way)
        assert (np.diff(losses) < 1e-12).all() and thing.loss(end) < thing.loss(place)
        flow(thing, result.way)
        assert np.allclose(low + (result.hill_way.T + 1) / 2 * (high - low), result.way.T)
        judged(as_python(result.words), thing, place, end, low, high)
        assert re.fullmatch(r"At \((\S+), (\S+)\)", result.heading)


def flow(thing, way):
    """The first pieces of the way lie on the line of steepest descent, by another integrator."""
    far = np.linalg.norm(np.diff(way, axis=1), axis=0)[:4].sum()

    def down(_, w):
        slope = -np.asarray(thing.gradient(w))
        return slope / max(np.linalg.norm(slope), 1e-12)
    exact = solve_ivp(down, (0, far), way[:, 0], max_step=far / 200, rtol=1e-8).y
    gap = np.linalg.norm(exact[:, :, None] - way[:, None, :5], axis=0).min(axis=0)
    assert gap.max() < 0.25 * far, gap


def judged(words, thing, place, end, low, high):
    said = re.match(rf"Loss {NUMBER} at \((\S+), (\S+)\), \|gradient\| {NUMBER}\. With two weights the map along both is the whole landscape", words)
    truth = float(thing.loss(place)), *place, float(np.linalg.norm(thing.gradient(place)))
    assert np.allclose([float(one.replace(",", "")) for one in said.groups()], truth, rtol=0.06, atol=0.0051)
    assert float(said[1].replace(",", "")) == pytest.approx(truth[0], rel=6e-4)
    edge = re.search(rf"leads to the edge of the window at \((\S+), (\S+)\), loss {NUMBER}\.$", words)
    led = edge or re.search(rf"is drawn as far as \((\S+), (\S+)\), loss {NUMBER}, \|gradient\| {NUMBER}\.$", words)
    assert np.allclose([float(led[1]), float(led[2])], end, atol=0.0051) and float(led[3].replace(",", "")) == pytest.approx(thing.loss(end), rel=6e-4, abs=1e-15)
    assert bool(edge) == bool((np.minimum(end - low, high - end) < 1e-6).any())
    if not edge:
        assert float(led[4].replace(",", "")) == pytest.approx(np.linalg.norm(thing.gradient(end)), rel=0.06)


def test_nothing_of_a_network_is_said_and_its_picture_is_legible(no_surfaces):  # noqa: F811
    for name in ("rosenbrock", "two wells"):
        explorer, scene, result, values = shown(THINGS[name])
        assert explorer.read(explorer.state(values)) == values and {knob.name for knob in explorer.knobs} == {"network", "s", "t", "turn", "tilt"}
        assert not OF_A_NETWORK.search(f"{explorer.question} {result.words} {result.table()}")
        legible_at_every_width(explorer, scene, result)
        canvas, _, blit = drawn(explorer, scene, result)
        assert blit.frame().any() and not [text for text, _ in written(canvas) if OF_A_NETWORK.search(text)]


def test_the_panel_and_what_it_refuses():
    panel = bp.explore.surface(fit=THINGS["two wells"], s=1.5, t=-1.0, picture="core").finish()
    assert panel.words.startswith("Loss") and "two wells" in panel.explorer.question and "✓ agree" in panel.still()
    panel.close()
    himmelblau, path = bp.SURFACES["himmelblau"], bp.descend(bp.SURFACES["himmelblau"], np.zeros(2), bp.GradientDescent(0.01), 5)
    for given in ({"theta": np.zeros(2)}, {"path": path}):
        with pytest.raises(ValueError, match=f"^{next(iter(given))}: got .*allowed is one beside a Fit"):
            bp.explore.surface(fit=himmelblau, picture="core", **given)

    class Wrong:
        n_params, loss = 2, staticmethod(lambda theta: theta[0] ** 2 + theta[1] ** 2)
        gradient = staticmethod(lambda theta: np.asarray(theta) * 1.0)
    with pytest.raises(ValueError, match="^fit: its gradient says"):
        bp.explore.surface(fit=Wrong(), picture="core")
    for no_fit in (3, "himmelblau"):
        with pytest.raises(ValueError, match="^fit: got "):
            bp.explore.surface(fit=no_fit, picture="core")
    for name, other in bp.SURFACES.items():
        if name in THINGS:
            assert EXPLORER.with_own(EXPLORER, {"fit": other}).knob("network").options()[0].startswith(name[:24])


class Bowl:
    """(w1^2 + w2^2) times `size` in a window `wide` to either side; level ground where that is 0."""
    n_params, name = 2, "bowl"

    def __init__(self, size, wide):
        self.size, self.low, self.high = size, -wide, wide

    def loss(self, theta):
        return self.size * (theta[0] ** 2 + theta[1] ** 2)

    def gradient(self, theta):
        return 2 * self.size * np.asarray(theta)


@pytest.mark.parametrize("size, wide", [(1.0, 6.0), (1e-12, 6.0), (1e12, 1e-3), (1.0, 1e8), (0.0, 2.0), (-1.0, 1.0)])
def test_what_is_said_of_the_way_holds_at_every_scale(size, wide):
    """No way is told of level ground, none is kept quiet because losses are small, and a place can be told from another."""
    for place in ((0.5 * wide, -0.25 * wide), (wide, -wide), (0.0, 0.0)):
        explorer, scene, result, _ = shown(Bowl(size, wide), s=place[0], t=place[1])
        words, moved = explorer.words(result), size != 0 and place != (0.0, 0.0)
        leads_out = size < 0 and place == (wide, -wide)
        assert ("no way down is drawn" in words) == (not moved), words
        assert ("leads out of the window here" in words) == leads_out
        assert ("leads to the edge" in words) == (size < 0 and moved and not leads_out)
        assert ("is drawn as far as" in words) == (size > 0 and moved)
        at = [float(as_python(one).replace(",", "")) for one in re.search(r"at \((\S+), (\S+)\)", words.replace("At", "at")).groups()]
        assert np.allclose(at, place, atol=1e-3 * wide, rtol=0) and f"({', '.join(re.search(r'at .(.*?)[)]', words)[1].split(', '))})" in result.heading
        if size > 0 and moved:
            assert np.linalg.norm(result.way[:, -1]) < 0.01 * wide
