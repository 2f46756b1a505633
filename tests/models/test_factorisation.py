"""What is a factorisation's own: the saddle at 0, the orbit of its minima, the best table of a rank, ratings with gaps."""
from dataclasses import replace

import numpy as np
import pytest

import bpviz as bp
from bpviz.models import Factorisation, Ratings, films


def everything(table, rank, l2=0.0):
    """A fit of the whole table without biases."""
    table = np.asarray(table, float)
    model = Factorisation(*table.shape, rank, bias=False)
    return bp.Fit(model, "squared error", bp.Data(model.everything(), table.reshape(1, -1), "table"), l2)


def test_zero_is_a_saddle_and_the_two_minima_are_turned_copies():
    """(3 - p q)^2 + l2 (p^2 + q^2): at the minima p^2 = q^2 = 3 - l2, by hand."""
    fit = everything([[3.0]], 1, 0.5)
    points = bp.critical_points(fit, low=-4, high=4)
    kinds = dict(zip(map(tuple, np.round(points.theta.T, 6)), points.kind, strict=True))
    root = round(2.5 ** 0.5, 6)
    assert kinds == {(root, root): "minimum", (-root, -root): "minimum", (0.0, 0.0): "saddle"}
    assert points.loss.max() == pytest.approx(9.0) and points.loss.min() == pytest.approx(0.5 ** 2 + 2 * 0.5 * 2.5)


@pytest.mark.parametrize("rank", [1, 2])
def test_descent_finds_the_best_table_of_its_rank(rank):
    """Eckart and Young 1936: what is left is the sum of the squares of the other singular values."""
    table = np.random.default_rng(3).normal(size=(5, 4))
    fit = everything(table, rank)
    path = bp.descend(fit, bp.initial_weights(fit.network, "normal", 2, gain=0.5), bp.Adam(0.02), 2000)
    left = (np.linalg.svd(table, compute_uv=False)[rank:] ** 2).sum() / table.size
    assert path.loss[-1] == pytest.approx(left, rel=1e-4)
    U, s, V = np.linalg.svd(table)
    best = U[:, :rank] * s[:rank] @ V[:rank]
    assert np.allclose(fit.network.table(fit, path.theta[:, -1]), best, atol=0.02)


def test_a_turn_of_the_space_changes_no_rating_and_no_penalty():
    """So the Hessian in a minimum is 0 along it: no minimum stands alone."""
    fit = everything(np.random.default_rng(5).normal(size=(4, 3)), 2, 0.01)
    path = bp.descend(fit, bp.initial_weights(fit.network, "normal", 1), bp.GradientDescent(0.5), 6000)
    P, Q = fit.network.split(path.theta[:, -1]).values()
    assert abs(fit.gradient(path.theta[:, -1])).max() < 1e-9
    for angle in np.linspace(0, 2 * np.pi, 7):
        R = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        turned = fit.network.join({"P": P @ R, "Q": Q @ R})
        assert fit.loss(turned) == pytest.approx(path.loss[-1], rel=1e-12) and abs(fit.gradient(turned)).max() < 1e-9
    along = fit.network.join({"P": P @ [[0, -1], [1, 0]], "Q": Q @ [[0, -1], [1, 0]]})
    curved = fit.hessian(path.theta[:, -1])
    assert abs(curved @ along).max() < 1e-8 and sorted(abs(np.linalg.eigvalsh(curved)))[1] > 1e-3


def test_a_vector_nobody_asks_for_has_slope_0_and_each_is_pushed_along_the_others():
    model = Factorisation(3, 2, 2)
    x = model.everything()[:, [0, 1]]                                       # the first user rates both items
    fit = bp.Fit(model, "squared error", bp.Data(x, [[4.0, 2.0]]))
    theta = np.random.default_rng(0).normal(size=model.n_params)
    blocks, slopes = model.split(theta), model.split(fit.gradient(theta))
    delta = 2 * (fit.predict(theta)[0] - [4, 2]) / 2
    assert not slopes["P"][1:].any() and not slopes["bu"][1:].any()
    assert slopes["P"][0] == pytest.approx(delta @ blocks["Q"]) and slopes["bu"][0] == pytest.approx(delta.sum())
    assert slopes["Q"] == pytest.approx(np.outer(delta, blocks["P"][0])) and slopes["b"][0] == pytest.approx(delta.sum())


def test_it_guesses_ratings_that_it_was_not_shown():
    """Better than the mean of the item, on ratings kept back: over five tables."""
    wins, errors = 0, []
    for seed in range(5):
        learned, kept = films(seed=seed).split(0.2, seed)
        model = Factorisation(16, 10, 2)
        fit = bp.Fit(model, "squared error", learned.data, l2=0.005)
        path = bp.descend(fit, bp.initial_weights(model, "normal", seed, gain=0.3), bp.Adam(0.05), 600)
        guessed = model.table(fit, path.theta[:, -1])[kept.given]
        by_mean = np.nanmean(learned.table, axis=0)[np.nonzero(kept.given)[1]]
        wanted = kept.table[kept.given]
        errors.append((np.sqrt(np.mean((guessed - wanted) ** 2)), np.sqrt(np.mean((by_mean - wanted) ** 2))))
        wins += errors[-1][0] < errors[-1][1]
    assert wins == 5 and np.mean(errors, axis=0)[0] < 0.75 * np.mean(errors, axis=0)[1], errors


def test_ratings():
    ratings = films()
    assert np.nanmin(ratings.table) >= 1 and np.nanmax(ratings.table) <= 5 and 0.15 < 1 - ratings.given.mean() < 0.35
    assert films().table.tobytes() == ratings.table.tobytes() != films(seed=2).table.tobytes()
    data = ratings.data
    assert data.x.sum(axis=0).tolist() == [2] * data.rows and data.y[0, 0] == ratings.table[0][ratings.given[0]][0]
    learned, kept = ratings.split(0.25, 4)
    assert not (learned.given & kept.given).any() and ((learned.given | kept.given) == ratings.given).all()
    assert learned.given.any(axis=0).all() and learned.given.any(axis=1).all()
    more = ratings.joined_by("you", {"Night Bus": 5, "Two Clowns": 1})
    assert more.users[-1] == "you" and more.given[-1].sum() == 2 and more.table[-1][more.items.index("Night Bus")] == 5
    assert more.table[:-1].tobytes() == ratings.table.tobytes()


@pytest.mark.parametrize("words, said", [
    ({"table": [[6, 1]]}, "table: got 6 of A for X; allowed is 1 to 5, or None"),
    ({"table": [[1, 2, 3]]}, r"table: got shape \(1, 3\); allowed is \(1, 2\)"),
    ({"table": [[None, None]]}, "table: got no rating at all"), ({"table": "hello"}, "table: got 'hello'; allowed are rows"),
    ({"users": ("A", "A")}, "users: got .*no two alike"), ({"items": (1, 2)}, "items: got 1; allowed is text"),
    ({"high": 1}, "high: got 1; allowed is a finite number above 1")])
def test_what_ratings_refuse(words, said):
    right = {"table": [[1, 2]], "users": ("A",), "items": ("X", "Y")}
    with pytest.raises(ValueError, match=said):
        Ratings(**{**right, **words})


def test_other_refusals():
    one = Ratings([[1, 2]], ("A",), ("X", "Y"))
    for call, said in ((lambda: one.joined_by("B", {"Z": 1}), "ratings: got 'Z'; allowed are X, Y"),
                       (lambda: one.joined_by("A", {"X": 1}), "no two alike"),
                       (lambda: one.joined_by("B", {"X": 9}), "table: got 9 of B for X"),
                       (lambda: one.joined_by("B", [3, 4]), "ratings: got .*allowed is a dict such as"),
                       (lambda: one.split(0.5), "each the last of a user or an item"),
                       (lambda: Factorisation(rank=0), "rank: got 0"),
                       (lambda: replace(Factorisation(), bias="yes"), "bias: got 'yes'; allowed is True or False"),
                       (lambda: bp.Fit(Factorisation(), "squared error", bp.DATA["xor"]), "a Factorisation takes 9")):
        with pytest.raises(ValueError, match=said):
            call()
