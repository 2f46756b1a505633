"""A line of the script finds what is said of it: the script is run up to that line, and the number looked up in its arrays."""
import contextlib
import io
import re

import numpy as np
import pytest

import bpviz as bp
from bpviz.base.work import Memory, finished
from bpviz.explorers import all_explorers
from bpviz.explorers.answers import script as marked
from bpviz.symbolic.script_lines import line_of, quantities
from bpviz.symbolic.speak import kind_name

WALK = all_explorers()["backprop"]
ARRAYS = {"w": "W{}", "b": "b{}", "z": "z{}", "a": "a{}", "dL/dw": "dW{}", "dL/db": "db{}", "dL/dz": "d{}"}


def looked_up(found, name):
    """The number of a quantity in what the script has found; None for dL/da, which is found on the way only."""
    letters, layer, place = re.fullmatch(r"((?:dL/d)?[a-zL])(\d*)(?:\[(.*)\])?", name).groups()
    if letters == "L":
        return float(found["loss"])
    if letters == "dL/da":
        return None
    array = np.asarray(found[ARRAYS[letters].format(layer) if layer else letters])
    at = [int(k) - 1 for k in place.split(",")]
    return array[tuple(at)] if letters[-1] in "wb" else array[at[0], 0]


@pytest.mark.parametrize("values", [{}, {"hidden": "2-2", "activation": "tanh"}, {"hidden": "3", "loss": "cross-entropy"},
                                    {"example": "two outputs 2-2-2", "activation": "softplus"}, {"hidden": "4-4", "activation": "relu", "seed": 2}], ids=str)
def test_the_line_shown_has_found_the_number_once_it_has_run(values):
    values = WALK.values(**values)
    scene, _ = WALK.finish(values)
    seen, memory = 0, Memory()
    for k in range(1, len(scene.walk.stops) + 1):
        result = finished(WALK.compute(scene, {**values, "step": k}, memory))
        kind = result.found.stop.kind
        assert (result.code == "") == (kind[0] == "new")
        if kind[0] == "new":
            continue
        name = kind_name(kind)
        assert result.code.replace(" ", "") in result.where.replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
        theta = np.array([result.found.known[re.match("[wb]", w)[0], tuple(map(int, re.findall(r"\d+", w)))] for w in scene.fit.names])
        lines, namespace = bp.code(scene.fit, theta).splitlines(), {}
        with contextlib.redirect_stdout(io.StringIO()):
            exec("\n".join(lines[:lines.index(result.code) + 1]), namespace)
        number = looked_up(namespace, name)
        if number is not None:
            assert np.isclose(number, result.found.value, rtol=1e-9, atol=1e-14), (name, result.code)
            seen += 1
    assert seen > 10


def test_every_weight_and_gradient_has_its_line_and_the_text_stays_the_same():
    fit = bp.Fit(bp.Network((2, 3, 2), "tanh"), "squared error", bp.Data([[1.0], [2.0]], [[0.1], [0.2]]))
    theta = np.linspace(-1, 1, fit.n_params)
    text = bp.code(fit, theta)
    for name in fit.names:
        assert line_of(text, name, fit.network.sizes).startswith(f"{'W' if name[0] == 'w' else 'b'}{name[1]} = ")
        assert line_of(text, f"dL/d{name}", fit.network.sizes).startswith(f"d{'W' if name[0] == 'w' else 'b'}{name[1]} = ")
    assert line_of(text, "w9[1,1]", fit.network.sizes) == "" and quantities("import numpy as np", (1, 1)) == ()
    shown = re.sub(r"<[^>]+>", "", marked(fit, theta)).replace("&#x27;", "'").replace("&quot;", '"').replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&")
    assert shown == text.rstrip("\n") and marked(fit, theta).count("data-quantity") > 15


def test_with_layer_norm_the_normalised_have_their_line():
    fit = bp.Fit(bp.Network((2, 2, 1), "tanh", layer_norm=True), "squared error", bp.Data([[1.0], [2.0]], [[0.1]]))
    text = bp.code(fit, np.zeros(fit.n_params))
    assert line_of(text, "h1[2]", (2, 2, 1)) == "h1, s1 = normalise(z1)" and line_of(text, "a1[1]", (2, 2, 1)) == "a1 = f(h1)"
