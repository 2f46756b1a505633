"""Each verdict, at a start that is known to deserve it, with the numbers in its reason."""
import numpy as np
import pytest

import bpviz as bp

CASES = [
    ("seesaw", "sigmoid", (1, 2), 20, 500, "settled", ["minimum A, loss 0.0311, the lower of two", "eigenvalues 0.00116, 0.0164"]),
    ("seesaw", "sigmoid", (-3, 3), 20, 500, "settled", ["minimum B, loss 0.0542, the higher of two, after 104 steps"]),
    ("trident", "sigmoid", (-3, 3), 2, 3000, "settled", ["minimum C, loss 0.0696, the highest of three"]),
    ("trident", "sigmoid", (1, 2), 2, 3000, "settled", ["minimum A, loss 0.0218, the lowest of three", "0.00221, 0.53"]),
    ("trident", "sigmoid", (3.6, -0.2), 10, 3000, "settled",
     ["minimum B", "Rate 10 is above the stability limit 2/λmax = 3.77 of minimum A: gradient descent cannot settle there"]),
    ("seesaw", "sigmoid", (-1.9, -0.8), 50, 500, "bouncing", ["cycle of 4 steps", "2/λmax = 33.3 of minimum B"]),
    ("trident", "sigmoid", (2.02, -3.77), 0.5, 500, "stalled near a saddle", ["saddle S1", "one is below 0", "grows by a factor"]),
    ("linear saddle", "identity", (0, 0), 0.02, 500, "stalled near a saddle", ["saddle S1 after 0 steps, 0 away"]),
    ("linear saddle", "identity", (0.2, -0.5), 0.02, 2000, "settled on a valley floor", ["curve of equally good points"]),
    ("linear saddle", "identity", (5, 5), 1, 100, "ran away", ["times what the curvature at the start allows"]),
    ("seesaw", "softplus", (4.6, 4.6), 0.5, 500, "drifting along a plateau", ["beyond the window", "no minimum: the ground still slopes inwards"]),
    ("seesaw", "sigmoid", (-5.9, -1.6), 150, 500, "drifting along a plateau", ["grew by", "slopes inwards"]),
    ("trident", "relu", (5.4, -5.6), 0.5, 50, "drifting along a plateau", ["exactly 0", "flat ground"]),
    ("seesaw", "softplus", (-0.91, 5.6), 22.4, 10_000, "standing still", ["Stands still after 1 step", "exactly 0", "a step moves nothing"]),
    ("seesaw", "sigmoid", (1, 2), 0.1, 50, "still moving", ["Still moving after 50 steps"]),
    ("seesaw", "sigmoid", (3.2, -1.4), 5, 20, "still moving", ["away from minimum A", "more steps"]),
]


@pytest.mark.parametrize("data, activation, start, rate, steps, kind, words", CASES, ids=[f"{c[5]}, {c[0]} {c[2]}" for c in CASES])
def test_verdict(two_weights, data, activation, start, rate, steps, kind, words):
    fit, optimizer = two_weights(data, activation), bp.GradientDescent(rate)
    path = bp.descend(fit, np.array(start, float), optimizer, steps, until_settled=True)
    found = bp.verdict(fit, path, bp.critical_points(fit), optimizer)
    assert found.kind == kind, found.words
    for word in words:
        assert word in found.words, found.words


@pytest.mark.parametrize("data", ["seesaw", "trident"])
def test_settled_means_at_a_minimum_and_nothing_else_does(two_weights, data):
    """Over many starts and rates: 'settled' if and only if the end is a true minimum that can hold the rate."""
    fit = two_weights(data)
    points = bp.critical_points(fit)
    rng = np.random.default_rng(0)
    for rate in (0.5, 5.0, 20.0, 60.0, 200.0):
        optimizer = bp.GradientDescent(rate)
        for start in rng.uniform(-6, 6, size=(20, 2)):
            path = bp.descend(fit, start, optimizer, 800, until_settled=True)
            found = bp.verdict(fit, path, points, optimizer)
            gap = [np.linalg.norm(path.end - points.theta[:, k]) for k in points.minima]
            if found.kind == "settled":
                assert min(gap) <= 0.01 and rate <= optimizer.stability_limit(points.eigenvalues[1, found.point])
                assert np.all(np.linalg.norm(path.theta[:, found.steps:] - points.theta[:, [found.point]], axis=0) <= 0.01)
            if found.kind == "drifting along a plateau":
                assert min(gap) >= 1 and path.gradient_norm[-1] < points.steepness / 5


def test_momentum_changes_the_limit_that_is_named(two_weights):
    fit, start = two_weights("seesaw"), np.array([-2.4, 0.5])
    optimizer = bp.GradientDescent(60.0, momentum=0.5)
    path = bp.descend(fit, start, optimizer, 500)
    words = bp.verdict(fit, path, bp.critical_points(fit), optimizer).words
    assert "2(1+m)/λmax = 49.9 of minimum B" in words


# ---- sentences that were false once: each claims now only what was tested

def run(fit, start, optimizer, steps, points=None, **walk):
    path = bp.descend(fit, np.array(start, float), optimizer, steps, until_settled=True, **walk)
    return path, bp.verdict(fit, path, bp.critical_points(fit) if points is None else points, optimizer, **walk)


class Beale:
    """An own objective with a narrow minimum at (3, 0.5): curvatures 0.3 and 49."""
    n_params = 2

    def _parts(self, theta):
        x, y = theta
        return [(c - x + x * y ** k, y ** k - 1, k * x * y ** (k - 1)) for k, c in ((1, 1.5), (2, 2.25), (3, 2.625))]

    def loss(self, theta):
        return sum(e * e for e, _, _ in self._parts(theta))

    def gradient(self, theta):
        return np.stack([sum(2 * e * dx for e, dx, _ in self._parts(theta)),
                         sum(2 * e * dy for e, _, dy in self._parts(theta))])


class Formula:
    """Two weights: a loss and its gradient as functions."""
    n_params = 2

    def __init__(self, loss, gradient):
        self.loss, self._gradient = loss, gradient

    def gradient(self, theta):
        return np.stack(self._gradient(*theta))


def test_descents_on_a_valley_floor_are_never_said_to_drift_along_a_plateau(two_weights):
    """At a loss below 1e-6 on the floor w1 w2 = c, however few steps were given: on the floor, or so far off it."""
    fit = two_weights("linear saddle", "identity")
    points, rng, kinds = bp.critical_points(fit), np.random.default_rng(0), set()
    for start in rng.uniform(-6, 6, (120, 2)):
        optimizer, steps = bp.GradientDescent(rng.choice([0.02, 0.05, 0.1])), int(rng.integers(10, 300))
        path, found = run(fit, start, optimizer, steps, points)
        if path.loss[-1] < 1e-6:
            kinds.add(found.kind)
            assert "valley floor" in found.words and "plateau" not in found.words, found.words
    assert "settled on a valley floor" in kinds


def test_a_saturated_plateau_is_no_valley_floor(two_weights):
    fit, optimizer = two_weights("trident", "tanh"), bp.GradientDescent(1.0, momentum=0.9)
    points, seen = bp.critical_points(fit), 0
    for start in np.random.default_rng(0).uniform(-6, 6, (30, 2)):
        path, found = run(fit, start, optimizer, 2000, points)
        if path.ended != "ran away" and abs(path.end[0]) > 12:
            seen += 1
            assert found.kind == "drifting along a plateau" and "valley floor after" not in found.words, found.words
    assert seen >= 3


@pytest.mark.parametrize("rate, alpha", [(0.05, 0.9), (0.02, 0.9), (0.005, 0.9)])
def test_rmsprop_that_hovers_is_not_promised_to_arrive(two_weights, rate, alpha):
    path, found = run(two_weights("seesaw"), (1, 2), bp.RMSprop(rate, alpha), 3000)
    gap = np.linalg.norm(path.theta[:, -64:] - bp.critical_points(two_weights("seesaw")).theta[:, [found.point]], axis=0)
    assert found.kind == "hovering around a minimum" and "more step" not in found.words
    assert f"{gap.min():.3g} to {gap.max():.3g} away and came no nearer" in found.words, found.words


def test_rmsprop_on_beale_has_not_settled_while_its_gradient_is_large():
    beale = Beale()
    points = bp.critical_points(beale, -4.5, 4.5)
    for rate in (0.005, 0.01):
        path, found = run(beale, (2, 0), bp.RMSprop(rate), 3000, points)
        assert path.gradient_norm[-1] > 0.05 and found.kind == "hovering around a minimum", found.words


def test_noise_is_named_and_never_called_overshooting(two_weights):
    """Told of the noise, the verdict measures it; not told, it sees that the steps are not those of the gradient."""
    fit, optimizer, noise = two_weights("seesaw"), bp.GradientDescent(20.0), bp.MiniBatch(1)
    path, found = run(fit, (1, 2), optimizer, 500, noise=noise)
    assert "The noise does it" in found.words and "the curvature" not in found.words
    untold = bp.verdict(fit, path, bp.critical_points(fit), optimizer)
    assert "noise, a schedule or clipping was at work" in untold.words or untold.kind == "hovering around a minimum"
    assert "the curvature" not in untold.words
    large = run(fit, (1, 2), bp.GradientDescent(60.0), 500, noise=noise)[1]
    assert "the curvature" not in large.words


def test_a_schedule_that_has_run_out_is_the_reason_for_rest(two_weights):
    found = run(two_weights("seesaw"), (1, 2), bp.GradientDescent(1.0), 400, schedule=bp.Exponential(0.9))[1]
    assert found.kind == "at rest on a slope" and "the schedule has brought the rate down to" in found.words


def test_weight_decay_that_holds_the_weights_on_a_slope_is_named(two_weights):
    found = run(two_weights("seesaw"), (1, 2), bp.GradientDescent(5.0, weight_decay=0.02), 5000)[1]
    assert found.kind == "at rest on a slope" and "weight decay pulls back" in found.words, found.words


def test_level_surfaces_of_three_weights_and_more_are_settled_on():
    """A dead relu unit, and two inputs that say the same: whole surfaces of equally good points."""
    relu = bp.Fit(bp.Network((1, 2, 1), ("relu", "identity")), "squared error", bp.Data([1.0, 2.0, 3.0], [1.0, 3.0, 6.0]))
    path, found = run(relu, [-1, -1, -1, -1, 1, 1, 0], bp.GradientDescent(0.1), 500, bp.critical_points(relu, starts=20))
    assert abs(path.loss[-1] - 38 / 9) < 1e-9 and found.kind == "settled on a valley floor", found.words
    assert "surface of dimension 6" in found.words
    twins = bp.Fit(bp.Network((2, 1), "identity"), "squared error",
                   bp.Data([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]], [1.0, 2.0, 2.0]))
    path, found = run(twins, [0.3, -0.5, 0.2], bp.GradientDescent(0.03), 4000, bp.critical_points(twins, starts=20))
    assert abs(path.loss[-1] - 1 / 18) < 1e-9 and found.kind == "settled on a valley floor", found.words
    assert "a whole curve of equally good points" in found.words


def test_degenerate_minima_are_not_called_a_curve():
    quartic = Formula(lambda t: t[0] ** 2 + t[1] ** 4, lambda x, y: (2 * x, 4 * y ** 3))
    product = Formula(lambda t: 1 + (t[0] - t[1]) ** 2 + (t[0] * t[1]) ** 2,
                      lambda x, y: (2 * (x - y) + 2 * x * y * y, 2 * (y - x) + 2 * x * x * y))
    for objective in (quartic, product):
        for start, steps in (((0.3, 0.4), 20_000), ((0.004, 0.004), 50), ((0.004, 0.004), 500)):
            found = run(objective, start, bp.GradientDescent(0.1), steps)[1]
            assert "curve" not in found.words and "both above 0" not in found.words, found.words


def test_running_away_names_the_last_step_that_was_kept(two_weights):
    fit = two_weights("linear saddle", "identity")
    path = bp.descend(fit, [3.0, 2.0], bp.GradientDescent(0.3), 1000)
    last = int(np.flatnonzero((path.theta != path.end[:, None]).any(axis=0))[-1]) + 1
    found = bp.verdict(fit, path, bp.critical_points(fit), bp.GradientDescent(0.3))
    assert path.steps == 1000 and last < 20 and path.kept == found.steps == last
    assert f"after {last} steps" in found.words and f"after {last} steps" in repr(path)


def test_a_smaller_rate_is_promised_only_where_it_was_tried(two_weights):
    fit = two_weights("linear saddle", "identity")
    found = run(fit, (5, 5), bp.GradientDescent(1.0), 100)[1]
    rate = float(found.words.split("start rate ")[1].split()[0])
    assert bp.descend(fit, [5.0, 5.0], bp.GradientDescent(rate), 300).ended != "ran away"
    downhill = Formula(lambda t: t[0] ** 2 - t[1] ** 2, lambda x, y: (2 * x, -2 * y))
    path, found = run(downhill, (1, 0.5), bp.GradientDescent(0.1), 1000)
    assert "no bottom was met" in found.words and "does not run away" not in found.words
    assert "smaller rate" not in repr(path)
    hole = Formula(lambda t: np.log(t[0]) + t[1], lambda x, y: (1 / x, 1 + 0 * y))
    with np.errstate(all="ignore"):
        path = bp.descend(hole, [-1.0, 1.0], bp.GradientDescent(0.1), 50)
        found = bp.verdict(hole, path, bp.critical_points(hole, 0.5, 6), bp.GradientDescent(0.1))
    assert found.words.startswith("No step was taken") and "smaller rate" not in repr(path)


def test_no_loss_is_written_out_digit_by_digit():
    huge = Formula(lambda t: 1e140 * (t[0] ** 2 + t[1] ** 2), lambda x, y: (2e140 * x, 2e140 * y))
    for rate, steps in ((1e-142, 0), (1e-142, 5), (1e-139, 40)):
        words = run(huge, (3, 4), bp.GradientDescent(rate), steps)[1].words
        assert max(map(len, words.split())) < 25, words


def test_three_weights_and_three_eigenvalues_are_all_named():
    fit = bp.Fit(bp.Network((2, 1), "identity"), "squared error",
                 bp.Data([[1.0, 2.0, 3.0], [1.0, 0.0, 2.0]], [1.0, 2.0, 2.5]))
    points = bp.critical_points(fit, starts=20)
    assert "all 3 above 0" in run(fit, [0, 0, 0], bp.GradientDescent(0.1), 5000, points)[1].words
    net = bp.Fit(bp.Network((1, 1, 1), ("sigmoid", "sigmoid")), "squared error", bp.DATA["seesaw"])
    _, found = run(net, [9.0, -9.0, -9.0, -9.0], bp.GradientDescent(1.0), 50, bp.critical_points(net, starts=5))
    if found.kind == "drifting along a plateau":
        assert found.words.split("the weights are at (")[1].split(")")[0].count(",") == 3, found.words


def test_resting_on_a_minimum_that_cannot_hold_the_rate_is_balance(two_weights):
    fit = two_weights("seesaw")
    points = bp.critical_points(fit)
    found = run(fit, points.theta[:, points.minima[0]], bp.GradientDescent(500.0), 0, points)[1]
    assert found.kind == "balanced on a minimum" and "plateau" not in found.words


def test_more_steps_are_promised_only_where_they_were_walked(two_weights):
    fit, optimizer = two_weights("seesaw"), bp.GradientDescent(5.0)
    points = bp.critical_points(fit)
    path, found = run(fit, (3.2, -1.4), optimizer, 20, points)
    more = int(found.words.split(" more steps")[0].split()[-1].replace(",", ""))
    on = bp.descend(fit, path.end, optimizer, more + 50)
    gap = np.linalg.norm(on.theta - points.theta[:, [points.minima[0]]], axis=0)
    assert gap[more] <= 0.01 < gap[more - 1] and (gap[more:] <= 0.01).all()


def test_the_path_of_many_networks_is_refused(two_weights):
    fit = two_weights("seesaw")
    path = bp.descend(fit, np.ones((2, 3)), bp.GradientDescent(1.0), 5)
    with pytest.raises(ValueError, match=r"path: got theta of shape \(2, 6, 3\); allowed is one of 2 weights, \(2, n\)"):
        bp.verdict(fit, path, bp.critical_points(fit), bp.GradientDescent(1.0))


def test_a_listed_minimum_is_not_called_unlisted():
    """AdaGrad, 0.007 from minimum D and still on its way, heard "a minimum that the list does not name"."""
    surface, optimizer = bp.SURFACES["himmelblau"], bp.AdaGrad(rate=0.09898529486892498)
    points = bp.critical_points(surface, surface.low, surface.high)
    for steps in (250, 280, 300, 310, 400):
        words = bp.verdict(surface, bp.descend(surface, [4.827087, -2.375313], optimizer, steps), points, optimizer).words
        assert "does not name" not in words and "minimum D" in words, words


@pytest.mark.parametrize("name, start, rate, steps", [("beale", (2.692767417445033, -1.599419477341514), 3.787e-4, 50),
                                                      ("beale", (-0.567663, 0.439007), 1e-4, 0), ("rosenbrock", (-1.2, 1), 1e-5, 50)])
def test_ground_that_falls_is_no_plateau(name, start, rate, steps):
    """The gradient was "small" against the window's median, which is 1466 on Beale."""
    surface, optimizer = bp.SURFACES[name], bp.GradientDescent(rate)
    path = bp.descend(surface, np.array(start), optimizer, steps)
    found = bp.verdict(surface, path, bp.critical_points(surface, surface.low, surface.high), optimizer)
    assert path.gradient_norm[-1] > 1 and found.kind == "still moving" and "small" not in found.words, found.words


def test_saturated_units_make_no_valley_floor(two_weights):
    """tanh never answers 1: what is left of the loss, 9e-37, goes on falling outwards."""
    fit, optimizer, schedule = two_weights("linear saddle", "tanh"), bp.RMSprop(rate=1.9460558628312878), bp.StepDecay(50, 0.5)
    path = bp.descend(fit, [-4.536457, -1.63655], optimizer, 5, schedule=schedule)
    found = bp.verdict(fit, path, bp.critical_points(fit), optimizer, schedule=schedule)
    assert "floor" not in found.words and found.kind == "standing still" and path.loss[-1] < 1e-30, found.words


def test_a_rate_that_a_schedule_lowers_is_not_said_to_be_too_large():
    surface, optimizer, schedule = bp.SURFACES["booth"], bp.GradientDescent(0.3), bp.Exponential(0.9)
    points = bp.critical_points(surface, surface.low, surface.high)
    for steps in (3, 5, 20, 300):
        path = bp.descend(surface, [5.0, -4.0], optimizer, steps, schedule=schedule)
        words = bp.verdict(surface, path, points, optimizer, schedule=schedule).words
        assert "cannot settle" not in words, words
    assert words.startswith("Settled in minimum A")


def test_what_a_schedule_froze_does_not_hover():
    surface, schedule = bp.SURFACES["himmelblau"], bp.Exponential(0.99)
    optimizer = bp.AdamW(0.04332664889358391, weight_decay=0.01)
    path = bp.descend(surface, [1.861112, -3.747025], optimizer, 1500, schedule=schedule)
    found = bp.verdict(surface, path, bp.critical_points(surface, surface.low, surface.high), optimizer, schedule=schedule)
    assert "the schedule has brought the rate down" in found.words and "in proportion" not in found.words, found.words


@pytest.mark.parametrize("data", ["seesaw", "trident"])
def test_nobody_still_moves_by_steps_of_no_length(data, two_weights):
    """An optimizer of one's own that comes to nothing on a slope: the verdict and the path say so, whatever is near."""
    fit, halved = two_weights(data), bp.own_optimizer(lambda theta: (0,), lambda theta, gradient, state, rate: (
        theta - rate * 0.5 ** state[0] * gradient, (state[0] + 1,)), 0.5, "halved")
    points, kinds = bp.critical_points(fit), set()
    for start in np.random.default_rng(0).uniform(-6, 6, (20, 2)):
        path = bp.descend(fit, start, halved, 2000)
        said = bp.verdict(fit, path, points, halved)
        kinds.add(said.kind)
        assert "Still moving" not in said.words and "try more steps" not in path.words
    assert "at rest on a slope" in kinds


def test_a_path_that_jumps_about_is_on_no_plateau(two_weights):
    """At rates far too large: however quiet the last few steps, the loss of those before them tells."""
    fit, rng, jumping = two_weights("seesaw"), np.random.default_rng(3), 0
    points = bp.critical_points(fit)
    for start, rate in [((-4.81, 5.82), 100.0), ((-4.73, 1.55), 96.4),
                        *zip(rng.uniform(-6, 6, (60, 2)), rng.uniform(50, 100, 60), strict=True)]:
        optimizer = bp.GradientDescent(rate)
        path = bp.descend(fit, start, optimizer, 500)
        late = path.loss[:path.kept + 1][-24:]
        if path.ended == "out of steps" and np.ptp(late) > 0.2 * late[-1]:
            jumping += 1
            assert "plateau" not in bp.verdict(fit, path, points, optimizer).words, (start, rate)
    assert jumping > 10


def test_nobody_is_stuck_where_no_loss_is_left():
    fit = bp.Fit(bp.Network((1, 1, 1), "relu", bias=False), "squared error", bp.Data([1.0, 2.0], [0.0, 0.0], "nothing wanted"))
    path, found = run(fit, (-3, 3), bp.GradientDescent(0.5), 50)
    assert path.loss[-1] == 0 and found.kind == "standing still" and found.words.startswith("On level ground after 0 steps, loss 0"), found.words
    assert not {"Stuck", "plateau"} & set(found.words.split()), found.words


@pytest.mark.parametrize("data, start, rate, steps", [("trident", (1.0, 0.0), 1.0, 10), ("trident", (1e-5, 0.0), 0.026, 1),
                                                      ("plateaus", (0.0, 1e-12), 16.2, 2), ("trident", (1e-5, 1e-12), 2.0, 300)])
def test_beside_a_kink_that_falls_nobody_is_stuck_on_flat_ground(data, start, rate, steps, two_weights):
    """At w = (1, 0) of relus the formulas say 0 twice, and a step to w2 > 0 takes off a part of the loss."""
    fit = two_weights(data, "relu")
    points = bp.critical_points(fit)
    optimizer = bp.GradientDescent(rate)
    path = bp.descend(fit, np.array(start), optimizer, steps, until_settled=True)
    around = path.end[:, None] + 1e-4 * np.random.default_rng(0).normal(size=(2, 200))
    assert fit.loss(around).min() < fit.loss(path.end) - 1e-10
    words = bp.verdict(fit, path, points, optimizer).words
    assert "flat ground" not in words.lower() and "plateau" not in words, words
    away = bp.descend(fit, np.array([5.4, -5.6]), bp.GradientDescent(0.5), 50)
    assert data != "trident" or "On flat ground" in bp.verdict(fit, away, points, bp.GradientDescent(0.5)).words
