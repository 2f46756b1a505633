"""say.js says what Python says, of the same facts: thousands of them, with numbers that are hard to round."""
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
from playwright._impl._driver import compute_driver_executable
from states import STATES

from bpviz.words.catalogue import ENGLISH
from bpviz.words.numbers import FORMATS, formatted

SCRIPT = Path(__file__).resolve().parents[2] / "bpviz" / "words" / "say.js"
NODE = shutil.which("node") or compute_driver_executable()[0]         # playwright brings one along
HARD = [0.0, -0.0, 0.5, 1.5, 2.5, 0.125, 0.375, 0.00125, 1e-13, 999.5, 9995.0, 0.99995, 1e21, 1.5e22, 1e-5, 0.0001,
        12345.678, 2.675, 1e300, 5e-324, 100.0, 1000.0, 1.0, 0.045, 0.055, 0.145, 0.995, 0.9949, 0.00049, 0.99951, 1 - 1e-9, 1e-9, float("inf"), float("nan")]


def in_a_page(cases, catalogue):
    """What say.js says of [(topic, key, facts), ...] with the data of a catalogue."""
    script = (SCRIPT.read_text(encoding="utf-8") + f"\nconst catalogue = {json.dumps(catalogue)};\n"
              f"console.log(JSON.stringify({json.dumps(cases)}.map((one) => say(catalogue, ...one))));")
    return json.loads(subprocess.run([NODE, "--input-type=module"], input=script, capture_output=True, text=True,
                                     check=True, encoding="utf-8").stdout)


def shaken(fact, rng):
    """The fact with other numbers in it."""
    if isinstance(fact, dict):
        return {name: shaken(each, rng) for name, each in fact.items()}
    if isinstance(fact, list):
        return [shaken(each, rng) for each in fact]
    if isinstance(fact, bool) or not isinstance(fact, float):
        return fact
    kind = rng.integers(4)
    sizes = (rng.choice(HARD), rng.integers(1, 20_000) / 2.0 ** rng.integers(1, 12),
             rng.standard_normal() * 10.0 ** rng.integers(-20, 20), round(rng.uniform(0, 100), rng.integers(1, 5)))
    return float(sizes[kind]) * rng.choice([1, -1])


def test_a_page_says_the_same():
    rng, cases, said = np.random.default_rng(0), [], []
    for topic, states in STATES.items():
        for key, facts in states * 40:
            facts = shaken(facts, rng)
            try:
                said.append(ENGLISH.say(topic, key, **facts))
            except ValueError as refusal:                    # no rule is made for these numbers
                assert "one of its rules" in str(refusal)
                continue
            cases.append((topic, key, facts))
    assert len(cases) > 3000
    for case, ours, theirs in zip(cases, said, in_a_page(cases, ENGLISH.as_data()), strict=True):
        assert ours == theirs, case


def test_a_page_writes_every_number_alike():
    rng = np.random.default_rng(1)
    values = [*HARD, *(shaken(1.0, rng) for _ in range(800))]
    specs = [*FORMATS.keys() - {"count"}, ".2g", ".3g", ".4g", ".1g", ".6g", ".2f", ".1f",
             "+.4g", ",.0f"]
    cases = [(spec, value) for spec in specs for value in values if np.isfinite(value)]
    cases += [(spec, n) for spec in ("count", ",", "", ".3g") for n in (0, 1, 2, 5, 7, 1200, 10 ** 7)]
    ours = [FORMATS[spec](n) if spec in FORMATS else formatted(n, spec) for spec, n in cases]
    rules = {"test": {f"k{k}": [[{}, [["n", spec, None]]]] for k, (spec, _) in enumerate(cases)}}
    theirs = in_a_page([("test", f"k{k}", {"n": n}) for k, (_, n) in enumerate(cases)], rules)
    for case, mine, page in zip(cases, ours, theirs, strict=True):
        assert mine == page, case
