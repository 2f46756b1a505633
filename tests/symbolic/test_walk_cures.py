"""Skips and layer norm in the walk: every stop by a network written here, complex step and central difference, on symbols too."""
import numpy as np
import pytest
import sympy
from conftest import random_fit

import bpviz as bp
from bpviz.network.backprop import EPS
from bpviz.symbolic.walk import TrainingStep

CASES = [((2, 2, 2, 1), True, False), ((2, 3, 2), False, True), ((2, 3, 3, 2), True, True), ((1, 4, 4, 1), True, True),
         ((2, 2, 2, 2, 1), True, False), ((2, 2, 2, 1), False, True)]


def stroll(sizes, skip, norm, loss="squared error", activation="tanh", seed=5):
    """(fit of one row, theta, {kind: what is found})."""
    fit, theta = random_fit(seed, sizes, activation, loss, rows=1)
    fit = bp.Fit(bp.Network(sizes, activation, skip=skip, layer_norm=norm), loss, fit.data)
    walk = TrainingStep(fit, bp.GradientDescent)
    return fit, theta, {stop.kind: walk.find(k, theta, bp.GradientDescent(0.3)) for k, stop in enumerate(walk.stops)}


def by_hand_here(fit, theta, poked=None, by=0.0):
    """{kind: number} of a tanh network, forward, with `by` added to one number on its way; ("L", ()) last. Complex too."""
    found, a, before = {}, fit.data.x[:, 0], None
    network = fit.network

    def seen(letter, layer, values):
        values = np.array(values, dtype=complex if np.iscomplexobj(theta) or isinstance(by, complex) else float)
        for j in range(len(values)):
            if poked == (letter, (layer, j + 1)):
                values[j] += by
            found[letter, (layer, j + 1)] = values[j]
        return values
    start, theta = 0, np.asarray(theta)
    for k, (n_in, n_out) in enumerate(zip(network.sizes, network.sizes[1:], strict=False), start=1):
        W = theta[start:start + n_in * n_out].reshape(n_in, n_out)
        b = theta[start + n_in * n_out:start + (n_in + 1) * n_out]
        start += (n_in + 1) * n_out
        z, last = W.T @ a + b, k == len(network.sizes) - 1
        if network.skip and 1 < k < len(network.sizes) - 1 and n_in == n_out:
            z = z + before
        before = h = seen("z", k, z)
        if network.layer_norm and not last:
            h = seen("h", k, (h - h.mean()) / np.sqrt(((h - h.mean()) ** 2).mean() + EPS))
        if last and fit.loss_name == "binary cross-entropy":
            found["L", ()] = (np.log(1 + np.exp(h)) - fit.data.y[:, 0] * h).sum()
            return found
        a = seen("a", k, np.tanh(h))
    found["L", ()] = ((a - fit.data.y[:, 0]) ** 2).sum()
    return found


@pytest.mark.parametrize("loss", ["squared error", "binary cross-entropy"])
@pytest.mark.parametrize("sizes, skip, norm", CASES)
def test_every_stop_is_right(sizes, skip, norm, loss):
    fit, theta, found = stroll(sizes, skip, norm, loss)
    plain = by_hand_here(fit, theta)
    slopes = [by_hand_here(fit, theta + 1e-30j * one)["L", ()].imag / 1e-30 for one in np.eye(len(theta))]
    for name, slope in zip(fit.network.names, slopes, strict=True):
        letter, rest = name[0], name[1:-1].replace("[", ",").split(",")
        assert np.isclose(found["d", (letter, *map(int, rest))].value, slope, rtol=1e-9, atol=1e-13), name
    poked = 0
    for kind, reached in found.items():
        assert reached.agree, (kind, reached.value, reached.by_hand, reached.bar)
        assert np.isclose(sum(value for *_, value in reached.terms), reached.value, rtol=1e-9, atol=1e-13), kind
        assert set(reached.stop.reads) <= set(reached.known) and reached.stop.why and reached.flow is not None
        if kind in plain:
            assert np.isclose(reached.value, plain[kind], rtol=1e-10, atol=1e-13), kind
        if kind[0] == "d" and kind[1][0] in "zha" and (kind[1][0], kind[1][1:]) in plain:
            place = kind[1][0], kind[1][1:]
            complex_step = by_hand_here(fit, theta, place, 1e-30j)["L", ()].imag / 1e-30
            central = (by_hand_here(fit, theta, place, 1e-5)["L", ()] - by_hand_here(fit, theta, place, -1e-5)["L", ()]) / 2e-5
            assert np.isclose(reached.value, complex_step, rtol=1e-10, atol=1e-13), kind
            assert np.isclose(reached.value, central, rtol=1e-5, atol=1e-8), kind
            poked += 1
    assert poked >= 2 * len(sizes) - 2


def test_the_skip_adds_the_slope_as_it_is():
    _, _, found = stroll((2, 2, 2, 1), True, False)
    for j in (1, 2):
        z, back = found["z", (2, j)], found["d", ("z", 1, j)]
        assert found["z", (1, j)].value in [pytest.approx(value) for *_, value in z.terms]
        assert ("z", (1, j)) in z.stop.reads and ("d", ("z", 2, j)) in back.stop.reads
        assert len(back.terms) == 2 and found["d", ("z", 2, j)].value in [pytest.approx(value) for *_, value in back.terms]
        assert "times 1" in back.stop.why and back.stop.code[2].startswith("delta[0] = delta[0] + delta[1]")


@pytest.mark.parametrize("n", [2, 3, 4])
def test_the_formula_back_through_layer_norm_on_symbols(n):
    z, w = sympy.symbols(f"z1:{n + 1}", real=True), sympy.symbols(f"w1:{n + 1}", real=True)
    eps = sympy.Symbol("e", positive=True)
    mean = sum(z) / n
    s = sympy.sqrt(sum((one - mean) ** 2 for one in z) / n + eps)
    h = [(one - mean) / s for one in z]
    loss = sum(a * b for a, b in zip(w, h, strict=True))                # dL/dh = w: any slopes
    for j in range(n):
        formula = (w[j] - sum(w) / n - h[j] * sum(a * b for a, b in zip(w, h, strict=True)) / n) / s
        assert sympy.simplify(sympy.diff(loss, z[j]) - formula) == 0


def test_a_shift_of_all_units_does_not_come_through():
    _, _, found = stroll((2, 3, 3, 2), False, True)
    for layer in (1, 2):
        back = [found["d", ("z", layer, j)] for j in (1, 2, 3)]
        assert abs(sum(one.value for one in back)) < 1e-12
        for j, one in enumerate(back, start=1):
            assert {("d", ("h", layer, i)) for i in (1, 2, 3)} | {("s", (layer,))} <= set(one.stop.reads) and len(one.terms) == 3
            assert set(one.flow.now) == {((layer, i), (layer, j)) for i in (1, 2, 3) if i != j}


@pytest.mark.parametrize("sizes, skip, norm", CASES)
def test_roads_go_over_skips(sizes, skip, norm):
    """As found by walking every path of the graph, unit by unit."""
    fit, theta, found = stroll(sizes, skip, norm)
    after = {}
    for k in range(1, len(sizes)):
        for j in range(1, sizes[k] + 1):
            mates = range(1, sizes[k] + 1) if fit.network.norms[k - 1] else (j,)
            after["z", k, j] = [(None, ("a", k, i)) for i in mates]
            if k < len(sizes) - 1:
                after["a", k, j] = [((k + 1, j, i), ("z", k + 1, i)) for i in range(1, sizes[k + 1] + 1)]
                after["h", k, j] = [(None, ("a", k, j))]
                if fit.network.skips[k]:
                    after["z", k, j].append((("skip", k, j), ("z", k + 1, j)))
    for kind, reached in found.items():
        if kind[0] != "d":
            continue
        of, layer, *units = kind[1]
        node = (of if of in "zah" else "z", layer, units[-1])
        edges, todo = set(), [node]
        while todo:
            for edge, there in after.get(todo.pop(), []):
                edges.add(edge)
                todo.append(there)
        own = {(layer, *units)} if of == "w" else set()
        wanted = (edges - {None}) | own
        assert set(reached.flow.road) == {edge for edge in wanted if edge[0] != "skip"}, kind
        assert set(reached.flow.skips) == {edge[1:] for edge in wanted if edge[0] == "skip"}, kind


def test_the_line_of_the_script_is_the_one_that_finds_it():
    """Every line is run, and what it assigns to is looked at: the number of that name is there after it."""
    from bpviz.network.code import code
    from bpviz.symbolic.script_lines import line_of
    fit, theta, found = stroll((2, 2, 2, 1), True, True)
    script = code(fit, theta)
    scope, seen, lines = {}, {}, script.splitlines()
    start = lines.index("# forward")
    exec("\n".join(lines[:start]), scope)
    for line in lines[start:]:
        exec(line.partition("print(")[0], scope)
        seen[line] = {name: np.array(value) for name, value in scope.items() if isinstance(value, np.ndarray)}
    for kind in [("h", (1, 1)), ("s", (2,)), ("d", ("h", 1, 2)), ("d", ("z", 1, 2)), ("d", ("z", 2, 1)), ("d", ("a", 1, 1))]:
        of, place = (kind[1][0], kind[1][1:]) if kind[0] == "d" else kind
        name = f"{'dL/d' * (kind[0] == 'd')}{of}{place[0]}" + (f"[{place[1]}]" if len(place) > 1 else "")
        line = line_of(script, name, fit.network.sizes)
        assert line, name
        if of != "a":
            array = seen[line][("d" if kind[0] == "d" else of) + str(place[0])]
            assert np.isclose(array[place[1] - 1, 0] if len(place) > 1 else array[0], found[kind].value, rtol=1e-9, atol=1e-14), name
