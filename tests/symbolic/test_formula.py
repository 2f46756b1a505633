"""Typed formulas: right where they are allowed, refused quickly and in words where they are not."""
import time

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

import bpviz as bp
from bpviz.network.shape import Network
from bpviz.symbolic.formula import FUNCTIONS, FormulaError, parse
from bpviz.symbolic.own import Formula, own_activation, own_loss
from bpviz.symbolic.trial import SUCH

GOOD = {
    "z/(1+exp(-z))": lambda z: z / (1 + anp.exp(-z)),
    "z*tanh(log(1+exp(z)))": lambda z: z * anp.tanh(anp.log(1 + anp.exp(z))),
    "0.5*z*(1+tanh(0.7978845608*(z+0.044715*z**3)))":
        lambda z: 0.5 * z * (1 + anp.tanh(0.7978845608 * (z + 0.044715 * z ** 3))),
    "max(z, 0.1*z) + sin(z)/3": lambda z: anp.where(z > 0, z, 0.1 * z) + anp.sin(z) / 3,
    "min(abs(z), 2)": lambda z: anp.where(abs(z) < 2, abs(z), 2 + 0 * z),
    "sqrt(z**2 + 1) - cos(z)": lambda z: anp.sqrt(z ** 2 + 1) - anp.cos(z),
    "sigmoid(z)**-2 + 1e-3*z": lambda z: (1 / (1 + anp.exp(-z))) ** -2 + 1e-3 * z,
    "-(+z)": lambda z: -z,
}


@pytest.mark.parametrize("text", GOOD)
def test_value_and_slope(text):
    formula, z = Formula(text, ("z",)), np.array([-3.1, -0.7, 0.4, 1.9, 2.6])
    assert np.allclose(formula.on(np, formula.expression, z), GOOD[text](z), rtol=1e-12)
    slopes = [autograd.grad(GOOD[text])(point) for point in z]
    assert np.allclose(formula.on(np, formula.slope, z), slopes, rtol=1e-10, atol=1e-12)


@pytest.fixture
def tables():
    """ACTIVATIONS and LOSSES that forget what the test typed."""
    before = [(table, set(table)) for table in (bp.ACTIVATIONS, bp.LOSSES)]
    yield
    for table, names in before:
        for name in set(table) - names:
            del table[name]


@pytest.mark.parametrize("text", GOOD)
def test_a_typed_activation_trains_and_is_proved(text, tables):
    own_activation(text, "typed")
    own_loss("(o-t)**4 + 0.5*(o-t)**2", "quartic")
    network = Network((2, 2, 1), "typed")
    assert set(bp.prove(network, "quartic").values()) == {0}
    fit = bp.Fit(network, "quartic", bp.DATA["xor"])
    theta = np.random.default_rng(1).normal(size=9)
    assert all(row.agree for row in bp.compare_gradients(fit, theta))
    loss, gradient = fit.single(*theta)
    assert np.isclose(loss, fit.loss(theta), rtol=1e-12) and np.allclose(gradient, fit.gradient(theta), rtol=1e-10)
    assert np.allclose(fit.hessian(theta), fit.hessian(theta).T, atol=1e-10)


def test_it_is_in_every_menu(tables):
    own_activation("z*z", "square")
    for explorer in map(bp.explore.__getattr__, ("minima", "backprop")):
        panel = explorer(activation="square")
        assert "square" in panel.knobs["activation"].options and panel.words


def test_a_name_is_given_once(tables):
    own_activation("z*z", "square")
    assert own_activation("z*z", "square") is bp.ACTIVATIONS["square"]
    with pytest.raises(ValueError, match="name: got 'square', which is taken by the typed formula z\\*z"):
        own_activation("z*z*z", "square")
    with pytest.raises(ValueError, match="name: got 'sigmoid', which is taken by Rumelhart"):
        own_activation("z*z", "sigmoid")
    for name in ("", "a;b", "x=1", "__class__", "a" * 21, None, "<b>"):
        with pytest.raises(ValueError, match="name: got"):
            own_activation("z*z", name)
    assert "sigmoid" in bp.ACTIVATIONS and "a;b" not in bp.ACTIVATIONS


GAPS = {"log(z)": "value is no finite number at z = 0", "1/z": "value is no finite number at z = 0",
        "z**-2": "value is no finite number at z = 0", "sqrt(z)": "value is no finite number at z = -0.37",
        "sqrt(abs(z))": "slope is beyond 1e+150 at z = 0", "exp(exp(z))": "value is no finite number at z = 7.1",
        "exp(z*z)": "value is no finite number at z = 30", "exp(12*z)": "value is beyond 1e+150 at z = 30"}


@pytest.mark.parametrize("text", GAPS)
@pytest.mark.parametrize("own, of", [(own_activation, "z"), (own_loss, "o")], ids="zo")
def test_a_formula_has_a_value_and_a_slope_wherever_a_unit_may_stand(own, of, text, tables):
    with pytest.raises(FormulaError) as error:
        own(text.replace("z", of), "gap")
    assert GAPS[text].replace("z =", f"{of} =") in str(error.value) and "gap" not in bp.ACTIVATIONS
    for such in SUCH.values():
        assert (own_activation if "z" in such else own_loss)(such, f"such {len(such)}").source.endswith(such)


# what is typed -> a word of the answer
HOSTILE = {
    "__import__('os').system('ls')": "'", "import os": "not a whole", "z.__class__": "not arithmetic",
    "().__class__.__bases__": "not arithmetic", "z.real": "not arithmetic", "exec(z)": "can be called",
    "eval(z)": "can be called", "open(z)": "can be called", "exp.__globals__": "not arithmetic",
    "getattr(z, exp)": "can be called", "exp(exp)": "is a function", "globals()": "can be called",
    "[z]": "'['", "{z}": "'{'", "(z for z in z)": "not arithmetic", "lambda z: z": "':'", "z if z else 1": "not arithmetic",
    "z and 1": "not arithmetic", "not z": "allowed signs", "z or z": "not arithmetic", "z == 1": "'='", "z := 1": "':'",
    "z; z": "';'", "z\nz": "'\\n'", "\x00": "'\\x00'", "z # c": "'#'", "f'{z}'": "\"'\"", "'z'": "\"'\"", "z[0]": "'['",
    "9**9**9**9": "", "z**99": "exponent", "z**-17": "exponent", "z**0.5": "sqrt", "z**z": "exponent",
    "((((z**16)**16)**16)**16)": "powers of powers", "((9**16)**16)**16": "out of range", "exp(exp(exp(9)))": "",
    "1e99*z": "out of range", "1e999": "written like", "0x1F*z": "needs a sign", "1_000*z": "written like", "2j*z": "needs a sign",
    "True": "written like", "None": "written like", "os": "unknown", "ｚ": "'ｚ'", "ехр(z)": "'е'", "z²": "'²'", "π*z": "'π'",
    "(" * 500_000 + ")" * 500_000: "1,000,000 letters", "(" * 150 + "z": "not a whole", "-" * 199 + "z": "deeply",
    "abs(" * 36 + "z" + ")" * 36: "too long", "max(z," * 25 + "1" + ")" * 25: "too long", "z^2": "**", "2x": "2*z",
    "2(z+1)": "2*z", "(z)(z)": "2*z", "": "not a whole", " ": "not a whole", "1/0": "divided", "1/(z-z)": "divided",
    "log(-1)": "no value", "sqrt(-z*z-1)+sqrt(-2)": "no value", "7": "does not depend", "z-z": "does not depend",
    "max(z)": "takes 2", "exp()": "takes 1", "exp(*z)": "", "exp(z=1)": "'='", "exp(z, base)": "takes 1", "z @ z": "'@'",
    "z // 2": "allowed are", "~z": "'~'", "z << 2": "'<'", "z ***2": "not a whole", "yield z": "not a whole",
    "await z": "", "0**-1 + z": "0 cannot", "0,5*z": "with a point, 0.5", "max((1,2), z)": "with a point, 0.5",
}


def test_hostile_inputs_are_many():
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:30]))
def test_hostile_input_is_refused_at_once(text):
    spent = []
    for _ in range(3):                                          # the quickest of three: the machine may be busy
        start = time.perf_counter()
        with pytest.raises(FormulaError) as error:
            parse(text, ("z",))
        spent.append(time.perf_counter() - start)
    sentence = str(error.value)
    assert sentence.startswith("formula: got ") and HOSTILE[text] in sentence and len(sentence) < 300
    assert 1 <= error.value.column <= max(len(text), 1) + 1
    assert min(spent) < 0.05, spent


@pytest.mark.parametrize("thing", [None, 3, b"z", ["z"], object])
def test_what_is_not_text(thing):
    with pytest.raises(ValueError, match="formula: got"):
        parse(thing, ("z",))


def test_every_function_is_known_and_works():
    for name, (count, _, _) in FUNCTIONS.items():
        formula = Formula(f"{name}({', '.join(['z', '2'][:count])})", ("z",))
        z = np.array([0.3, 1.7])
        slope = (formula.on(np, formula.expression, z + 1e-6) - formula.on(np, formula.expression, z - 1e-6)) / 2e-6
        assert np.allclose(formula.on(np, formula.slope, z), slope, atol=1e-8), name


FAR_OUT = {                             # (z, value, slope): right where SymPy's own slope is inf/inf
    "1/(1+exp(-z))": [(-800, 0, 0), (800, 1, 0), (-700, np.exp(-700.0), np.exp(-700.0))],
    "z/(1+exp(-z))": [(-800, 0, 0), (800, 800, 1)],
    "z*tanh(log(1+exp(z)))": [(-800, 0, 0), (800, 800, 1)],
    "z*((1+exp(z))**2-1)/((1+exp(z))**2+1)": [(-800, 0, 0), (800, 800, 1)],
    "log(1+exp(z))": [(-800, 0, 0), (800, 800, 1)],
    "(exp(z)-exp(-z))/(exp(z)+exp(-z))": [(-800, -1, 0), (0, 0, 1), (800, 1, 0)],
    "max(0,z)+min(0,exp(z)-1)": [(-800, -1, 0), (800, 800, 1)],
    "1/(2+3*exp(-z))": [(-800, 0, 0), (800, 0.5, 0)],
    "max(0,z)": [(0, 0, 0), (2, 2, 1), (-2, 0, 0)], "max(z,0)": [(0, 0, 0), (2, 2, 1), (-2, 0, 0)],
    "min(max(z,0),6)": [(0, 0, 0), (6, 6, 0), (3, 3, 1)], "max(0.1*z,z)": [(0, 0, 0.1)], "max(z,0.1*z)": [(0, 0, 0.1)],
    "sqrt(z**2)": [(-800, 800, -1), (3, 3, 1)], "sqrt(sqrt(1+z**2))": [(np.sqrt(255), 4, np.sqrt(255) / 128)],
    "exp(log(10+z**2)/log(1000))": [(0, 10 ** (1 / np.log(1000)), 0)],
}


@pytest.mark.parametrize("text", FAR_OUT)
def test_far_out_and_at_kinks(text, tables):
    """A logistic has slope 0 at -800, not nan; relu has slope 0 at 0 however it is typed, as torch's."""
    record = own_activation(text, "typed")
    z, value, slope = (np.array(column, dtype=float) for column in zip(*FAR_OUT[text], strict=True))
    with np.errstate(all="ignore"):
        assert np.allclose(record.value(np, z), value, rtol=1e-12, atol=0)
        assert np.allclose(record.slope(np, z, record.value(np, z)), slope, rtol=1e-12, atol=0)


REFUSED_WHEN_TRIED = {
    "((1e-99)**16)*z": "out of range", "1/(1e-99)**16*z": "out of range", "sqrt(-z**2-1)": "no real value anywhere",
    "log(-1-z**2)": "no real value anywhere", "max(sin(1)**2+cos(1)**2-1,0)*z+z": "differ by their rounding",
    "1/(sin(1)**2+cos(1)**2-1)*z": "differ by their rounding", "sin(exp(z))": "too large for floats",
    "z/(exp(z)-1)": "too large for floats", "abs(z)*0": "does not depend", "max(2,min(z-z,1))": "does not depend",
    "(1e-30*z)**16": "", "sigmoid(1000000+abs(z))": "as far as floats can tell",
}


@pytest.mark.parametrize("text", REFUSED_WHEN_TRIED)
@pytest.mark.parametrize("own", [own_activation, lambda text, name: own_loss(text.replace("z", "o"), name)], ids=["z", "o"])
def test_what_would_die_in_use_is_refused_and_in_no_menu(text, own, tables):
    start = time.process_time()                              # of this process alone: a busy machine changes nothing
    with pytest.raises(FormulaError) as error:
        own(text, "doomed")
    assert time.process_time() - start < 0.5
    assert REFUSED_WHEN_TRIED[text] in str(error.value) and "doomed" not in {*bp.ACTIVATIONS, *bp.LOSSES}


def test_overflow_prints_nothing():
    own = Formula("z/(1+exp(-z))", ("z",))
    with np.errstate(all="ignore"):
        value = own.on(np, own.expression, np.array([-1e4, 0.0, 1e4]))
    assert value[2] == 1e4 and abs(value[0]) == 0


def test_a_rounded_number_beside_a_name_is_no_rounding():
    own = own_activation("(exp(0.5) + z) - z + 2*z", "shifted")
    assert own.value(np, 3.0) == pytest.approx(6 + np.exp(0.5))
