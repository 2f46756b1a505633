"""The products that a gradient was made of: against a complex step through a forward pass of its own, here and in the page."""
import json
import re
import shutil
import subprocess

import numpy as np
import oracles
import pytest
from conftest import random_fit
from playwright._impl._driver import compute_driver_executable

import bpviz as bp
from bpviz.base.written import as_python, as_written
from bpviz.symbolic.derive import Chain
from bpviz.symbolic.products import ProductsOf
from bpviz.widgets.scripts import script

NODE = shutil.which("node") or compute_driver_executable()[0]         # playwright brings one along
OWN = oracles.on(oracles.FLOATS)
LOSSES = {"squared error": lambda z, o, t: ((o - t) ** 2).sum(axis=0),
          "binary cross-entropy": lambda z, o, t: -(t * np.log(1 / (1 + np.exp(-z))) + (1 - t) * np.log(1 / (1 + np.exp(z)))).sum(axis=0),
          "softmax cross-entropy": lambda z, o, t: (t * (np.log(np.exp(z).sum(axis=0)) - z)).sum(axis=0)}
CASES = [(seed, sizes, activation, loss) for seed, (sizes, activation, loss) in enumerate([
    ((1, 1, 1), "sigmoid", "squared error"), ((2, 2, 1), "tanh", "binary cross-entropy"), ((2, 3, 2), "swish", "squared error"),
    ((2, 2, 2, 1), "gelu", "squared error"), ((1, 4, 4, 2), "sigmoid", "squared error"), ((2, 2, 3), "tanh", "softmax cross-entropy"),
    ((3, 1, 1, 1), "identity", "squared error"), ((1, 2, 2), "sigmoid", "binary cross-entropy")])]


def complex_step(fit, theta, by=1e-30):
    """{dL/dw: its number on each row}: Im L(w + i by) / by, exact to rounding (Squire and Trapp 1998, SIAM Review 40)."""
    return {f"dL/d{name}": step_at(fit, theta + 1j * by * (np.arange(len(theta)) == k), None, by) for k, name in enumerate(fit.names)}


def step_at(fit, moved, poked, by=1e-30):
    """Im L / by on each row, where the number `poked`, such as ("h", 1, 2), gets i by on its way."""
    def seen(letter, layer, values):
        return values + 1j * by * (np.arange(1, len(values) + 1) == poked[2])[:, None] if poked and poked[:2] == (letter, layer) else values
    a, start, z, sizes = fit.data.x.astype(complex), 0, np.zeros((0, fit.data.rows)), fit.network.sizes
    for layer, (before, after, activation) in enumerate(zip(sizes[:-1], sizes[1:], fit.network.activations, strict=True), start=1):
        last = layer == len(sizes) - 1
        W, start, passed = moved[start:start + before * after].reshape(before, after), start + before * after, z
        z = W.T @ a + moved[start:start + after, None]
        if fit.network.skip and len(passed) == after and not last:
            z = z + passed
        z = seen("z", layer, z)
        h = z
        if fit.network.layer_norm and not last:
            apart = z - seen("m", layer, z.mean(axis=0, keepdims=True))
            h = seen("h", layer, apart / seen("s", layer, np.sqrt((apart ** 2).mean(axis=0, keepdims=True) + 1e-5)))
        a, start = seen("a", layer, OWN[activation][0](h)), start + after
    return (LOSSES[fit.loss_name](z, a, fit.data.y).imag / by).tolist()


def products_of(seed, sizes, activation, loss, row=1, **more):
    fit, theta = random_fit(seed, sizes, activation, loss)[:2]
    fit = bp.Fit(bp.Network(fit.network.sizes, activation, **more), loss, fit.data) if more else fit
    chain = Chain(fit)
    return fit, theta, ProductsOf(chain).at([chain.values(theta, r) for r in range(fit.data.rows)], row, fit.divisor)


def in_the_page(told, calls):
    """What product.js answers, one after the other; calls: JavaScript."""
    text = re.search(r"^const RAISED.*?(?=^// What is said below)", script("picture"), re.M | re.S)[0]
    run = f"{text}\nconst told = {json.dumps(told)};\nconsole.log(JSON.stringify([{', '.join(calls)}]));"
    return json.loads(subprocess.run([NODE, "--input-type=module"], input=run, capture_output=True, text=True, check=True, encoding="utf-8").stdout)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_factors_multiply_and_the_roads_add_up_to_the_gradient(case):
    fit, theta, products = products_of(*case)
    oracle = complex_step(fit, theta)
    size = max(abs(number) for rows in oracle.values() for number in rows)
    found, roads = in_the_page(products.told(), ["slopesOf(told)", "Object.keys(told.terms).map((slope) => "
                               "[slope, roadsOf(told, slope).map(([, product]) => product), roadCount(told, slope)])"])
    for name, rows in oracle.items():
        assert abs(found[name] - rows[products.row]) < 1e-13 * size, name
        assert np.allclose(products.rows[name], rows, rtol=0, atol=1e-13 * size)
    for slope, ends, many in roads:
        assert len(ends) == many and abs(sum(ends) - found[slope]) < 1e-13 * max(size, np.abs(ends).sum())
    sizes = fit.network.sizes
    assert max(many for _, _, many in roads) == np.prod(sizes[2:])
    gradient = fit.gradient(theta)
    assert all(abs(sum(products.rows[f"dL/d{name}"]) / products.divisor - g) < 1e-13 * size for name, g in zip(fit.names, gradient, strict=True))


@pytest.mark.parametrize("sizes", [(2, 2, 2, 1), (2, 4, 4, 1)], ids=str)
@pytest.mark.parametrize("more", [{"skip": True}, {"layer_norm": True}, {"skip": True, "layer_norm": True}], ids=str)
def test_skips_and_layer_norm_are_roads_too(more, sizes):
    """A skip hands a slope on times 1; of layer norm each z takes part in every answer of its layer."""
    fit, theta, products = products_of(5, sizes, "tanh", "squared error", **more)
    oracle = complex_step(fit, theta)
    size = max(abs(number) for rows in oracle.values() for number in rows)
    found, ends = in_the_page(products.told(), ["slopesOf(told)", "Object.keys(told.rows).map((slope) => [slope, roadsOf(told, slope).map(([, product]) => product)])"])
    for slope, products_of_roads in ends:
        assert abs(found[slope] - oracle[slope][products.row]) < 1e-12 * size
        assert abs(sum(products_of_roads) - found[slope]) < 1e-12 * max(size, np.abs(products_of_roads).sum())
    others = {slope: re.fullmatch(r"dL/d([zhams])(\d)(?:\[(\d)\])?", slope) for slope in products.terms if slope not in oracle}
    assert {of[1] for of in others.values()} == (set("zhams") if "layer_norm" in more else {"z", "a"})
    for slope, of in others.items():                                          # those on the way, which open on a click
        right = step_at(fit, theta.astype(complex), (of[1], int(of[2]), int(of[3] or 1)))[products.row]
        assert abs(found[slope] - right) < 1e-12 * max(size, abs(right)), slope
    assert not [letters for terms in products.terms.values() for _, letters, *_ in terms if "·  ·" in letters or "*" in letters]
    if "skip" in more:
        assert any(letters == "1" and before for terms in products.terms.values() for before, letters, *_ in terms)


def test_a_what_if_moves_every_product_that_has_the_factor():
    """dL/dw1[1,1] of 2-2-2 has two roads, with one factor x and one slope of the hidden unit: doubled they double it;
    a weight of one road moves this road alone."""
    _, _, products = products_of(3, (2, 2, 2), "tanh", "squared error")
    (_, _, _, x), = products.terms["dL/dw1[1,1]"]
    weights = products.terms["dL/da1[1]"]
    assert [names for _, _, names, _ in weights] and {names for _, _, names, _ in weights} == {"w2[1,1]", "w2[1,2]"}
    plain, doubled, roads, moved = in_the_page(products.told(), [
        "slopesOf(told)", f'slopesOf(told, {{"dL/dw1[1,1] 0": {2 * x}}})', 'roadsOf(told, "dL/dw1[1,1]").map(([, product]) => product)',
        f'roadsOf(told, "dL/dw1[1,1]", {{"dL/da1[1] 0": {3 * weights[0][3]}}}).map(([, product]) => product)'])
    assert np.isclose(doubled["dL/dw1[1,1]"], 2 * plain["dL/dw1[1,1]"], rtol=1e-14)
    assert {name for name in plain if plain[name] != doubled[name]} == {"dL/dw1[1,1]"}
    assert np.allclose(np.divide(moved, roads), [3, 1], rtol=1e-14) or np.allclose(np.divide(moved, roads), [1, 3], rtol=1e-14)


def test_the_lines_go_down_to_the_loss_each_slope_before_what_it_is_made_of():
    _, _, products = products_of(4, (1, 3, 2), "sigmoid", "squared error")
    lines, = in_the_page(products.told(), ['linesOf(told, "dL/dw1[1,2]")'])
    assert lines[0] == "dL/dw1[1,2]" and set(lines) == {"dL/dw1[1,2]", "dL/dz1[2]", "dL/da1[2]", *(f"dL/d{k}2[{j}]" for k in "za" for j in (1, 2))}
    for k, slope in enumerate(lines):
        assert all(before == "" or before in lines[k + 1:] for before, *_ in products.terms[slope])


def test_a_factor_that_has_no_value_is_said_to_have_none():
    told = {"terms": {"dL/da": [["", "∂", "", None]], "dL/dw": [["dL/da", "x", "x", 2.0]]}}
    found, words = in_the_page(told, ["slopesOf(told)", "figures(slopesOf(told)['dL/dw'])"])
    assert found == {"dL/da": None, "dL/dw": None} and words == "?"


def test_the_page_writes_numbers_as_the_kernel_does():
    rng = np.random.default_rng(6)
    values = [float(f"{x:.9g}") for x in rng.choice([-1, 1], 200) * 10.0 ** rng.uniform(-12, 9, 200)] + [0, 1, -1, 1e-9, -1e7, 0.0001, -9999, 1e4]
    told = {"terms": {}, "values": values}
    short, = in_the_page(told, ["told.values.map((value) => figures(value))"])
    full, = in_the_page(told, ["told.values.map((value) => written(String(value)))"])
    assert short == [as_written(f"{value:.4g}").replace(",", "") for value in values]
    assert [float(as_python(text)) for text in full] == values and not any("-" in text or "e" in text for text in full)


def test_the_window_covers_nothing_of_the_drawing_and_keeps_in_the_panel():
    """Beside it or below it, whichever gives more room; below, it may go on over the picture's lower edge."""
    rng = np.random.default_rng(4)
    text = re.search(r"^const SLIM.*$", script("picture"), re.M)[0] + "\n" + re.search(r"^function windowPlace.*?^}", script("picture"), re.M | re.S)[0]
    stages = [([0, top, right, bottom], wide, high) for top, right, bottom, wide, high in
              zip(rng.uniform(0, 0.3, 60), rng.uniform(0.5, 1, 60), rng.uniform(0.4, 1, 60), rng.uniform(320, 1400, 60), rng.uniform(300, 900, 60), strict=True)]
    run = f"{text}\nconsole.log(JSON.stringify({json.dumps(stages)}.map((one) => windowPlace(...one))));"
    told = subprocess.run([NODE, "--input-type=module"], input=run, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    ways = set()
    for ((_, _, right, bottom), wide, high), found in zip(stages, json.loads(told), strict=True):
        beside = found["left"] >= wide * right
        ways.add(beside)
        assert beside or found["top"] >= high * bottom
        assert found["left"] >= 0 and found["left"] + found["width"] <= wide and found["most"] > 0
        assert not beside or found["top"] + found["most"] <= high
    assert ways == {True, False}
