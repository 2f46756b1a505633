"""Proofs of completeness: what is complete, what is left open, what a proof finds that a search missed."""
import numpy as np
import pytest

import bpviz as bp
from bpviz.landscape.certify import certify

PROVABLE = [("seesaw", "sigmoid", 3), ("trident", "sigmoid", 5), ("seesaw", "tanh", 1), ("trident", "tanh", 5),
            ("seesaw", "softplus", 3), ("trident", "softplus", 1), ("seesaw", "swish", 4), ("trident", "swish", 9),
            ("trident", "softsign", 1), ("linear saddle", "sigmoid", 0)]
LOW, HIGH = np.full(2, -6.0), np.full(2, 6.0)


@pytest.mark.parametrize("data, activation, count", PROVABLE)
def test_the_lists_of_the_course_are_complete(two_weights, data, activation, count):
    points = bp.critical_points(two_weights(data, activation), certify=True)
    assert len(points) == count and points.certificate.complete and points.certificate.seconds < 20
    assert f"complete: {count} of {count}, no undecided box" in repr(points)
    assert points.certificate.radius < 1e-8


def test_a_point_left_out_is_missed(two_weights):
    fit = two_weights("trident")
    points = bp.critical_points(fit)
    for k in range(len(points)):
        rest = np.delete(points.theta, k, axis=1)
        certificate = certify(fit, LOW, HIGH).against(rest)
        assert not certificate.complete and certificate.listed == 4 and certificate.points.shape[1] == 5
        assert "not complete: in the list: 4 of 5" in certificate.words


def test_an_invented_point_is_not_among_the_proved(two_weights):
    fit = two_weights("seesaw")
    points = bp.critical_points(fit)
    certificate = certify(fit, LOW, HIGH).against(np.concatenate([points.theta, [[1.0], [1.0]]], axis=1))
    assert certificate.listed == certificate.points.shape[1] == 3


def test_points_that_only_the_proof_finds_are_added(two_weights, monkeypatch):
    """A search that starts at four points only misses some; the proof does not."""
    fit = two_weights("trident", "swish")
    few = bp.critical_points(fit, starts=4)
    proved = bp.critical_points(fit, starts=4, certify=True)
    assert len(few) < len(proved) == 9 and proved.certificate.complete
    assert proved.label[:3] == ("A", "B", "C") and np.allclose(proved.theta, bp.critical_points(fit).theta, atol=1e-9)


def test_a_valley_is_left_undecided(two_weights):
    certificate = bp.critical_points(two_weights("linear saddle", "identity"), certify=True).certificate
    assert not certificate.complete and certificate.undecided.shape[2] > 100 and "not proved complete" in certificate.words
    low, high = certificate.undecided
    middle = (low + high) / 2
    assert np.abs(middle[0] * middle[1] - 1).max() < 0.1          # what is open lies on the valley w1 w2 = 1


def test_the_window_may_be_any(two_weights):
    fit = two_weights("seesaw")
    every = bp.critical_points(fit, certify=True)
    part = bp.critical_points(fit, low=[0, 0], high=[6, 6], certify=True)
    assert len(part) == ((every.theta > 0) & (every.theta < 6)).all(axis=0).sum() and part.certificate.complete


def test_it_comes_in_pieces(two_weights):
    *parts, last = certify.parts(two_weights("trident"), LOW, HIGH)
    shares, certificate = [part.share for part in parts], last.result
    assert len(shares) > 5 and all(0 <= share <= 1 for share in shares) and shares == sorted(shares)
    assert certificate.listed == 0 and certificate.points.shape == (2, 5)


@pytest.mark.parametrize("make, sentence", [
    (lambda two: bp.critical_points(two("seesaw", "relu"), certify=True), "certify: got activation 'relu'; allowed are"),
    (lambda two: bp.critical_points(two("seesaw", "leaky relu"), certify=True), "certify: got activation 'leaky relu'"),
    (lambda two: bp.critical_points(bp.Fit(bp.Network((2, 2, 1)), "squared error", bp.DATA["xor"]), starts=3, certify=True),
     "certify: got True for 9 weights")])
def test_refusals(two_weights, make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make(two_weights)
