"""What runs along the arrows: by numbers of autograd and of a forward pass of its own, roads by walking every path."""
import autograd
import numpy as np
import pytest
from conftest import oracle_loss, random_fit

import bpviz as bp
from bpviz.explorers import all_explorers
from bpviz.symbolic.walk import TrainingStep

CASES = [((2, 2, 1), 1), ((2, 3, 2), 3), ((1, 2, 2, 1), 2), ((2, 4, 4, 2), 1)]


def every_road(sizes, layer, unit):
    """The edges met on all paths from a unit to the outputs, path by path."""
    found, paths = set(), [[(layer, unit)]]
    while paths:
        path = paths.pop()
        if path[-1][0] == len(sizes) - 1:
            found |= {(b[0], a[1], b[1]) for a, b in zip(path, path[1:], strict=False)}
        else:
            paths += [[*path, (path[-1][0] + 1, j)] for j in range(1, sizes[path[-1][0] + 1] + 1)]
    return found


@pytest.mark.parametrize("sizes, rows", CASES)
@pytest.mark.parametrize("loss", ["squared error", "binary cross-entropy"])
def test_arrows_carry_what_other_code_finds(sizes, rows, loss):
    fit, theta = random_fit(5, sizes, "tanh", loss, rows=rows)
    walk, optimizer = TrainingStep(fit, bp.GradientDescent), bp.GradientDescent(0.2)
    alone = bp.Fit(fit.network, fit.loss_name, bp.Data(fit.data.x[:, :1], fit.data.y[:, :1]))
    slopes = {"backward": autograd.grad(oracle_loss(alone))(theta), "all rows": autograd.grad(oracle_loss(fit))(theta)}
    index, seen = {name: k for k, name in enumerate(fit.network.names)}, set()
    for k, stop in enumerate(walk.stops):
        reached = walk.find(k, theta, optimizer)
        flow, done = reached.flow, {earlier.kind for earlier in walk.stops[:k + 1]}
        seen.add(flow.way)
        assert flow.way == "forward" or stop.phase not in ("forward", "loss")        # one key at a time
        if flow.way == "forward":
            a = fit.data.x[:, 0]
            for layer, (W, b) in enumerate(fit.network.layers(theta), start=1):
                for j in range(1, sizes[layer] + 1):
                    carried = [flow.along.get((layer, i, j)) for i in range(1, sizes[layer - 1] + 1)]
                    assert (None in carried) == (("z", (layer, j)) not in done)
                    if None not in carried:
                        assert np.allclose(carried, a * W[:, j - 1], rtol=1e-12)
                        assert np.isclose(sum(carried) + b[j - 1], reached.known["z", (layer, j)], rtol=1e-12)
                a = np.tanh(a @ W + b)
        else:
            gradient, letter = slopes[flow.way], "d" if flow.way == "backward" else "g"
            assert {edge for edge in flow.along} == {kind[1][1:] for kind in done if kind[0] == letter and kind[1][0] == "w"}
            for (layer, i, j), number in flow.along.items():
                assert np.isclose(number, gradient[index[f"w{layer}[{i},{j}]"]], rtol=1e-9, atol=1e-14)
            weights = [gradient[place] for name, place in index.items() if name[0] == "w"]
            assert np.isclose(flow.most, np.max(np.abs(weights)), rtol=1e-9)
        if stop.phase == "backward":
            of, layer, *units = stop.kind[1]
            own = {(layer, *units)} if of == "w" else set()
            assert set(flow.road) == every_road(sizes, layer, units[-1]) | own and len(set(flow.road)) == len(flow.road)
        else:
            assert flow.road == ()
        assert bool(flow.gaps) == (loss == "squared error" and ("L", ()) in done)
        if flow.gaps:
            assert np.isclose(sum((answer - target) ** 2 for answer, target in flow.gaps), reached.known["L", ()], rtol=1e-12)
    assert seen == {"forward", "backward"} | ({"all rows"} if rows > 1 else set())


def test_the_title_is_what_a_small_change_of_the_number_does():
    walk, rng = all_explorers()["backprop"], np.random.default_rng(1)
    judged = 0
    for _ in range(40):
        values = walk.values(example=str(rng.choice(walk.knob("example").corners)), hidden=str(rng.choice(["1", "2", "3"])),
                             seed=int(rng.integers(1, 99)), activation="tanh")
        scene = walk.finish(values)[0]
        values["step"] = int(rng.integers(1, len(scene.walk.stops) + 1))
        result = walk.finish(values)[1]
        kind, title, fit = result.found.stop.kind, result.finding, scene.fit
        theta = np.round(np.random.default_rng(values["seed"]).uniform(-1, 1, fit.n_params), 2)
        row = bp.Fit(fit.network, fit.loss_name, bp.Data(fit.data.x[:, :1], fit.data.y[:, :1]))
        if kind[0] in "dg" and kind[1][0] in "wb":
            name = f"{kind[1][0]}{kind[1][1]}[{','.join(map(str, kind[1][2:]))}]"
            slope = autograd.grad(oracle_loss(row if kind[0] == "d" else fit))(theta)[fit.network.names.index(name)]
            if abs(slope) < 1e-15:
                assert f"a little more of {name} " in title.lower() and "raises" not in title and "lowers" not in title
            else:
                assert f"ore of {name} {'raises' if slope > 0 else 'lowers'} the loss" in title, (title, slope)
            assert title.startswith("Over all rows") == (kind[0] == "g")
            judged += 1
        elif kind[0] == "new" and kind[1] != ("L",):
            name = f"{kind[1][0]}{kind[1][1]}[{','.join(map(str, kind[1][2:]))}]"
            slope = autograd.grad(oracle_loss(fit))(theta)[fit.network.names.index(name)]
            assert abs(slope) < 1e-15 or f"{name} goes {'down' if slope > 0 else 'up'} by" in title, (title, slope)
            judged += 1
        elif kind == ("new", ("L",)):
            assert ("down" in title) == (result.loss[1] < result.loss[0])
    assert judged > 10
