"""The boundary step by step: the picture and its title are those of the network at the step looked at."""
import re

import numpy as np
import pytest

from bpviz.base.work import Memory, finished
from bpviz.explorers import all_explorers, boundary

EXPLORER = all_explorers()["boundary"]
pytestmark = pytest.mark.usefixtures("less_work")


def output_of(theta, sizes, x):
    """The network of tanh units and a sigmoid in plain NumPy."""
    at, a = 0, x
    for k, (n, m) in enumerate(zip(sizes[:-1], sizes[1:], strict=True)):
        W, b, at = theta[at:at + n * m].reshape(n, m), theta[at + n * m:at + n * m + m], at + n * m + m
        z = W.T @ a + b[:, None]
        a = np.tanh(z) if k < len(sizes) - 2 else 1 / (1 + np.exp(-z))
    return a[0]


@pytest.mark.parametrize("seed", range(5))
def test_picture_and_title_are_those_of_the_step(seed):
    rng = np.random.default_rng(seed)
    values = EXPLORER.values(data=str(rng.choice(EXPLORER.knob("data").options())), units=str(rng.choice(EXPLORER.knob("units").options())),
                             steps=120, seed=seed, noise=0.3)
    scene, memory = finished(EXPLORER.scene(values)), Memory()
    seen = set()
    for moment in (1, 7, 60, 2000):
        result = finished(EXPLORER.compute(scene, {**values, "moment": moment}, memory))
        step = min(moment, 120)
        assert result.step == step and EXPLORER.until(result) == 120
        theta, sizes = result.path.theta[:, step], scene.network.sizes
        axis = np.linspace(-2, 2, boundary.CELLS)
        assert np.allclose(result.output, output_of(theta, sizes, np.stack(np.meshgrid(axis, axis)).reshape(2, -1)).reshape(axis.size, -1))
        said = re.fullmatch(r"Step ([\d,]+): (\S+?)% right, test (\S+?)%", result.heading)
        shares = [((output_of(theta, sizes, fit.data.x) > 0.5) == (fit.data.y[0] > 0.5)).mean() for fit in (result.train, result.test)]
        assert int(said[1]) == step and np.allclose([float(said[2]), float(said[3])], np.multiply(shares, 100), atol=0.51)
        seen.add(result.heading)
    assert len(seen) > 2 and result.path.steps == 120
    assert all(float(right) == pytest.approx(share) for right, share in zip(result.accuracy, shares, strict=True))


def test_it_is_trained_once_and_the_words_are_those_of_the_end():
    values = EXPLORER.values(steps=40)
    scene, memory = finished(EXPLORER.scene(values)), Memory()
    late = finished(EXPLORER.compute(scene, {**values, "moment": 2000}, memory))
    early = finished(EXPLORER.compute(scene, {**values, "moment": 3}, memory))
    assert early.path is late.path and EXPLORER.words(early) == EXPLORER.words(late) and not np.allclose(early.output, late.output)
