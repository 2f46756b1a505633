"""What is shown of one moment of a path is what the network of that step does: by the formula on paper, at random states."""
from dataclasses import replace

import numpy as np
import own_numbers as own
import pytest
from matplotlib.figure import Figure

import bpviz as bp
from bpviz.base.work import Memory, finished
from bpviz.base.written import as_python
from bpviz.explorers import all_explorers, two_weights
from bpviz.explorers.minima import EXPLORER
from bpviz.explorers.rate import outside
from bpviz.plots.answers import PartsOf, draw_given_up, draw_rows, inputs
from bpviz.plots.basins import RowLines
from bpviz.plots.style import style
from bpviz.words.numbers import amount, plain3

F = {name: own.F[name][0] for name in ("sigmoid", "tanh", "softplus")}
SCENES = {}


def scene(data, activation):
    key = (data, activation)
    if key not in SCENES:
        SCENES[key] = finished(EXPLORER.scene(EXPLORER.values(data=data, activation=activation)))
    return SCENES[key]


def states(many, seed):
    rng = np.random.default_rng(seed)
    for _ in range(many):
        data, activation = str(rng.choice(["seesaw", "trident", "plateaus"])), str(rng.choice(list(F)))
        w1, w2 = rng.uniform(-6, 6, 2).round(2)
        values = EXPLORER.values(data=data, activation=activation, w1=float(w1), w2=float(w2), rate=float(rng.uniform(0.1, 10)),
                                 steps=int(rng.integers(1, 300)), moment=int(rng.integers(1, 400)))
        yield values, scene(data, activation)


@pytest.mark.parametrize("seed", range(4))
def test_curve_parts_and_loss_of_a_moment_are_those_of_its_weights(seed):
    for values, land in states(12, seed):
        result = finished(EXPLORER.compute(land, values, Memory()))
        at, path, f = result.moment, result.path, F[values["activation"]]
        assert at.step == min(values["moment"], path.kept)
        assert (at.theta == path.theta[:, at.step]).all()
        w1, w2 = at.theta
        (x,), (t,) = land.fit.data.x, land.fit.data.y
        np.testing.assert_allclose(at.answer, f(w2 * f(w1 * inputs(land.fit.data))), rtol=1e-9)
        costs = (f(w2 * f(w1 * x)) - t) ** 2
        np.testing.assert_allclose(at.parts * len(x), costs, rtol=1e-7, atol=1e-13)
        np.testing.assert_allclose(at.loss, costs.mean(), rtol=1e-7, atol=1e-13)
        assert at.words.startswith(f"Step {at.step:,}: loss ")
        assert float(as_python(at.words).split()[-1]) == pytest.approx(costs.mean(), rel=6e-3, abs=1e-11)


@pytest.mark.parametrize("data", ["seesaw", "trident", "plateaus", "linear saddle"])
def test_the_landscapes_of_the_rows_average_to_the_whole(data):
    land, memory = scene(data, "sigmoid"), Memory()
    n = land.fit.data.rows
    rows = [two_weights.alone(land, k, memory) for k in range(1, n + 1)]
    np.testing.assert_allclose(np.mean([one.loss for one in rows], axis=0), land.loss, rtol=1e-12)
    for k, one in enumerate(rows):
        (x,), (t,) = land.fit.data.x[:, k], land.fit.data.y[:, k]
        w1, w2 = np.meshgrid(*land.plane.axes)
        np.testing.assert_allclose(one.loss, (F["sigmoid"](w2 * F["sigmoid"](w1 * x)) - t) ** 2, rtol=1e-9, atol=1e-15)
        assert one.words.replace("−", "-") == f"Loss of row x = {x:g}"
    assert two_weights.alone(land, 0, memory).loss is None


@pytest.mark.parametrize("l2", [0.0, 0.01])
@pytest.mark.parametrize("loss", ["squared error", "half squared error", "cross-entropy"])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_rows_and_penalty_sum_to_the_loss_for_every_loss(loss, l2, reduction):
    data = bp.DATA["two outputs"] if loss.endswith("squared error") else bp.Data([[0.3, 1.0, -2.0]], [[1, 0, 1]])
    fit = bp.Fit(bp.Network((len(data.x), 3, len(data.y)), "tanh"), loss, data, l2=l2, reduction=reduction)
    theta = np.random.default_rng(0).normal(size=(fit.n_params, 5, 2))
    parts = fit.by_row(theta)
    assert parts.shape == (data.rows, 5, 2)
    np.testing.assert_allclose(parts.sum(axis=0) + fit.penalty(theta), fit.loss(theta), rtol=1e-12)


def test_a_penalty_has_a_part_of_its_own():
    land = replace(scene("trident", "sigmoid"), fit=replace(scene("trident", "sigmoid").fit, l2=0.01))
    path = bp.descend(land.fit, [1.0, 2.0], bp.GradientDescent(rate=2.0), steps=50)
    at = two_weights.moment(land, path, 7)
    assert len(at.parts) == 5 and at.parts[-1] == pytest.approx(0.01 * (at.theta ** 2).sum())
    assert at.parts.sum() == pytest.approx(at.loss, rel=1e-9)


def test_looking_at_another_step_walks_no_path_anew():
    land, memory, values = scene("trident", "sigmoid"), Memory(), EXPLORER.values(data="trident")
    first = finished(EXPLORER.compute(land, values, memory))
    later = finished(EXPLORER.compute(land, {**values, "moment": 3}, memory))
    assert later.path is first.path and later.verdict is first.verdict and later.moment.step == 3


@pytest.mark.parametrize("l2", [0.0, 0.01])
def test_a_row_on_the_map_is_its_own_share_of_the_loss(l2):
    """The lines are levels of that row's loss; the frames of all rows and the penalty make up each minimum's loss."""
    fit = replace(scene("trident", "sigmoid").fit, l2=l2)
    explorer = all_explorers()["basins"].with_own(all_explorers()["basins"], {"fit": fit})
    land = finished(explorer.scene(explorer.values()))
    with style():
        figure, drawing = explorer.picture(land, 900)
    frames = next(one.thing for one, _ in drawing.bindings if isinstance(getattr(one, "thing", None), PartsOf))
    lines = next(one.thing for one, _ in drawing.bindings if isinstance(getattr(one, "thing", None), RowLines))
    wide, rows = np.zeros(len(land.points.minima)), []
    for row in range(1, fit.data.rows + 1):
        values = {**explorer.values(steps=20), "row": row, "moment": 7}
        result = next(part.result for part in explorer.compute(land, values, Memory()) if part.result is not None)
        drawing.update(result)
        wide += [frame.get_width() for frame in frames.frames]
        assert all(frame.get_visible() for frame in frames.frames)
        (x,), (t,) = fit.data.x[:, row - 1], fit.data.y[:, row - 1]

        def cost(w1, w2, x=x, t=t):
            return (F["sigmoid"](w2 * F["sigmoid"](w1 * x)) - t) ** 2
        rows.append(result.alone.loss)
        np.testing.assert_allclose(rows[-1], cost(*np.meshgrid(*land.plane.axes)), rtol=1e-9, atol=1e-15)
        segments, widths = lines.lines.get_segments(), np.array(lines.lines.get_linewidths())
        along = [cost(*line.T) for line in segments]
        assert len(segments) >= 8 and all(np.ptp(level) < 0.02 * (rows[-1].max() - rows[-1].min()) for level in along)
        span, level = np.ptp(rows[-1]), np.array([each.mean() for each in along])
        assert not ((level[:, None] < level - 0.05 * span) & (widths[:, None] <= widths)).any()          # thick is low
        part, loss = result.row["part"], result.row["loss"]
        assert part * fit.data.rows == pytest.approx(cost(*result.moment.theta)) and loss == result.moment.loss
        words = explorer.words(result)
        assert words.startswith(f"Row x = {plain3(x)} alone (dashed) adds {amount(part)} to the loss {amount(loss)} of step 7.")
    np.testing.assert_allclose(np.mean(rows, axis=0) + l2 * sum(w ** 2 for w in np.meshgrid(*land.plane.axes)), land.loss, rtol=1e-9)
    theta = land.points.theta[:, land.points.minima]
    np.testing.assert_allclose(wide + l2 * (theta ** 2).sum(axis=0), land.points.loss[land.points.minima], rtol=1e-6)
    off = next(part.result for part in explorer.compute(land, explorer.values(steps=20), Memory()) if part.result is not None)
    drawing.update(off)
    assert not lines.lines.get_segments() and not any(frame.get_visible() for frame in frames.frames)
    assert off.heading == "Where each start ends" and figure is not None


def test_a_knob_that_does_nothing_is_said_to():
    """With what it is said of, any of its values gives the same path; with the others it does not."""
    explorer = all_explorers()["basins"]
    land = scene("seesaw", "sigmoid")

    def walked(**values):
        values = explorer.small.cut(explorer.values(**values))
        return next(part.result for part in explorer.compute(land, values, Memory()) if part.result is not None).path.theta
    for name in explorer.knob("optimizer").options():
        base = {"optimizer": name, "rate": 0.5, "momentum": 0.5}
        for knob in ("rate", "momentum"):
            other = walked(**{**base, knob: 0.7})
            same = other.shape == (one := walked(**base)).shape and np.array_equal(other, one)
            assert same == (knob in explorer.idle(explorer.values(**base))), (name, knob)
    assert "momentum" not in explorer.idle(explorer.values(optimizer="momentum", momentum=0.0))       # or nobody could raise it


def test_a_map_says_nothing_of_starts_that_were_not_descended():
    """At a small rate the coarse pieces end nowhere yet: white, and no key, not "settled nowhere"."""
    from bpviz.explorers import basins

    values = basins.EXPLORER.values(data="trident", rate=2.0, steps=10_000)
    land, seen = scene("trident", "sigmoid"), 0
    for part in basins.EXPLORER.compute(land, values, Memory()):
        result = part.result
        if result is None:
            continue
        if result.basins is None or not result.basins.count:
            seen += 1
            assert (result.cells == -3).all() and result.key == ()
            assert (basins_image(result) == 255).all()
        else:
            assert (result.cells != -3).all()
            break
    assert seen


def basins_image(result):
    from bpviz.plots.basins import basin_image
    return basin_image(result.cells, result.time, result.differs, False)


@pytest.mark.parametrize("seed", range(3))
def test_rate_draws_what_the_network_of_that_step_answers(seed):
    rng, f = np.random.default_rng(seed), F["sigmoid"]
    explorer = all_explorers()["rate"]
    land = finished(explorer.scene(explorer.values(data="trident")))
    for _ in range(4):
        w1, w2 = rng.uniform(-6, 6, 2).round(2)
        values = explorer.values(data="trident", w1=float(w1), w2=float(w2), rate=float(rng.uniform(0.1, 9)), steps=int(rng.integers(1, 99)),
                                 moment=int(rng.integers(1, 120)))
        result = next(part.result for part in explorer.compute(land, values, Memory()) if part.result)
        x, path = inputs(land.land.fit.data), result.path
        assert result.moment.step == min(values["moment"], path.kept) and (path.theta[:, 0] == (w1, w2)).all()
        for (a, b), drawn in ((path.theta[:, 0], result.answers.start), (path.theta[:, -1], result.answers.end),
                              (path.theta[:, result.moment.step], result.moment.answer)):
            np.testing.assert_allclose(drawn, f(b * f(a * x)), rtol=1e-9)


def bars(fit, theta):
    """The widths of the bars of RowBars at theta."""
    axes = Figure().add_subplot()
    binding, _ = draw_rows(axes, fit)
    binding.thing.update(fit.by_row(theta), 0)
    return [bar.get_width() for bar in binding.thing.bars]


def test_a_loss_that_is_only_rounding_has_no_bars():
    fit = scene("linear saddle", "sigmoid").fit
    fit = replace(fit, network=bp.Network((1, 1, 1), "identity", bias=False))
    assert bars(fit, np.array([0.5, 2.0 + 1e-9])) == [0]
    assert bars(fit, np.array([0.5, 2.1])) == [1]


def test_bars_of_minima_end_at_their_loss_and_keep_an_axis_with_numbers():
    land = scene("seesaw", "sigmoid")
    axes = Figure(figsize=(4, 3)).add_subplot()
    draw_given_up(axes, land)
    ends = [max(bar.get_x() + bar.get_width() for bar in axes.patches if abs(bar.get_y() + 0.33 - k) < 0.1) for k in range(2)]
    np.testing.assert_allclose(ends, land.points.loss[land.points.minima], rtol=1e-9)
    axes = Figure(figsize=(4, 3)).add_subplot()
    met = replace(land, points=replace(land.points, loss=np.full_like(land.points.loss, 1e-33)))
    draw_given_up(axes, met)
    assert axes.get_xlim()[1] >= 1e-3 * np.median(land.loss)


def test_steps_outside_are_listed_by_their_ends():
    assert outside([1, 2, 3, 4, 5], []) == "outside: ○ 1–5"
    assert outside([1, 2], [1, 3, 4, 5]) == "outside: ○ 1, 2; ● 1, 3–5" and outside([], []) == ""


@pytest.mark.parametrize("network, kind", [("1-1-1 sigmoid, seesaw", "curve"), ("2-2-1 tanh, xor", "plane"), ("2-4-1 tanh, moons", "plane")])
def test_a_slice_shows_what_the_network_of_its_point_answers(network, kind):
    explorer, rng = all_explorers()["surface"], np.random.default_rng(4)
    for seed in range(3):
        s, t = rng.uniform(-3, 3, 2).round(2)
        values = explorer.values(network=network, s=float(s), t=float(t), seed=seed)
        land, result = explorer.finish(values)
        fit, where = land.fit, land.where
        assert where.kind == kind
        a = where.x
        layers, f = fit.network.layers(result.theta), fit.network.activations
        for (W, b), name in zip(layers, f, strict=True):
            a = F[name](W.T @ a + (0 if b is None else b[:, None]))
        expected = a[0]
        if kind == "plane":
            low, high = fit.data.y.min(), fit.data.y.max()
            expected = ((a[0] - low) / (high - low)).reshape(result.answer.shape)
            xs = np.linspace(*where.window[0], len(result.answer))
            assert where.x[0, :len(xs)] == pytest.approx(xs) and (np.diff(where.x[1, :len(xs)]) == 0).all()
            assert all(low < x.min() and x.max() < high for (low, high), x in zip(where.window, fit.data.x, strict=True))
        np.testing.assert_allclose(result.answer, expected, rtol=1e-9, atol=1e-12)
        assert result.way[:, 0] == pytest.approx((s, t))


def test_of_many_outputs_a_slice_shows_the_answer_beside_every_target():
    fit = bp.Fit(bp.Network((3, 4, 2), "tanh"), "squared error", bp.Data(np.random.default_rng(1).normal(size=(3, 7)), np.eye(2)[:, [0, 1, 1, 0, 1, 0, 0]]))
    explorer = all_explorers()["surface"]
    explorer = explorer.with_own(explorer, {"fit": fit})
    scene, result = explorer.finish(explorer.values())
    np.testing.assert_allclose(result.answer, fit.predict(result.theta).ravel())
    _, drawing = explorer.picture(scene, 960)
    drawing.update(result)
    shown = [artist.get_xydata() for artist in drawing.moving if hasattr(artist, "get_xydata") and len(artist.get_xydata()) == 14]
    assert any(np.allclose(dots[:, 0], fit.data.y.ravel()) and np.allclose(dots[:, 1], result.answer, atol=0.2) for dots in shown)
