"""bp.code writes a NumPy script that gives the numbers on screen."""
import contextlib
import io
import json
import subprocess
import sys

import numpy as np
import pytest
from conftest import random_fit

import bpviz as bp


def numbers(printed, fit):
    """loss and theta-ordered gradient from what the script printed."""
    loss, *layers = printed.strip().splitlines()
    found = []
    for line in layers:
        for part in line.split(" dL/"):
            found += np.ravel(json.loads(part[part.index("["):])).tolist()
    return float(loss.split()[1]), np.array(found)


@pytest.mark.parametrize("loss", bp.LOSSES)
@pytest.mark.parametrize("activation", bp.ACTIVATIONS)
@pytest.mark.parametrize("sizes, bias, l2", [((2, 2, 1), True, 0.0), ((3, 2, 3, 2), True, 0.01), ((1, 1, 1), False, 0.0)])
def test_the_script_gives_the_same_numbers(activation, loss, sizes, bias, l2):
    fit, theta = random_fit(7, sizes, activation, loss, bias=bias, l2=l2)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(bp.code(fit, theta), {})
    value, gradient = numbers(out.getvalue(), fit)
    assert np.isclose(value, fit.loss(theta), rtol=1e-12)
    assert np.allclose(gradient, fit.gradient(theta), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("activation", ["sigmoid", ("tanh", "relu")])
def test_in_a_fresh_interpreter_with_nothing_but_numpy(activation, tmp_path):
    fit, theta = random_fit(3, (2, 2, 1), activation, "squared error")
    script = bp.code(fit, theta)
    path = tmp_path / "net.py"
    path.write_text(script + "\nimport sys\nassert 'bpviz' not in sys.modules\n")
    printed = subprocess.check_output([sys.executable, "-I", str(path)], text=True, cwd=tmp_path)
    value, gradient = numbers(printed, fit)
    assert np.isclose(value, fit.loss(theta), rtol=1e-12) and np.allclose(gradient, fit.gradient(theta), rtol=1e-12)
    imports = [line for line in script.splitlines() if "import" in line]
    assert imports == ["import numpy as np"]


def test_it_is_short_enough_to_read():
    fit = bp.Fit(bp.Network((2, 2, 1)), "squared error", bp.DATA["article"])
    assert 30 <= len(bp.code(fit, np.zeros(9)).splitlines()) <= 40


def test_many_networks_are_refused():
    fit = bp.Fit(bp.Network((2, 2, 1)), "squared error", bp.DATA["article"])
    with pytest.raises(ValueError, match=r"theta: got shape \(9, 4\); allowed is \(9,\), one network"):
        bp.code(fit, np.zeros((9, 4)))
