"""The patients of lab 2, bp.patients: networks that do not learn as they are, and what a treatment makes of them.

    fit, path = bp.patients[1].treat()                         # as it came
    fit, path = bp.patients[1].treat(rate=2.0, unit="tanh")    # the same with other knobs

A knob that is not named stays as it is. `goal` is the loss at which a patient counts as cured.
"""
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bpviz.base.arguments import Table, refuse
from bpviz.descent.adaptive import Adam
from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent
from bpviz.network.data import DATA
from bpviz.network.fit import Fit
from bpviz.network.shape import Network
from bpviz.network.starts import initial_weights

OPTIMIZERS = Table("optimizer", {
    "descent": lambda rate: GradientDescent(rate=rate),
    "momentum": lambda rate: GradientDescent(rate=rate, momentum=0.9),
    "Adam": lambda rate: Adam(rate=rate)})
CURES = Table("layers", {"plain": {}, "skip": {"skip": True}, "layer norm": {"layer_norm": True},
                         "skip and layer norm": {"skip": True, "layer_norm": True}})


@dataclass(frozen=True, eq=False)
class Patient:
    """A network that fails. knobs: {name: value}, as it came; only these can be changed.

    data: a name of DATA, or "hidden xor" for the rows of lesson 9.  layers: hidden ones.
    goal: the loss at which it is cured.
    """
    data: str
    steps: int
    goal: float
    knobs: dict
    layers: int = 1
    seed: int = 0
    loss: str = "squared error"

    def treat(self, **knobs):
        """(fit, path) of this patient, trained with these knobs in the place of its own.

        Raises ValueError for a knob that it has not.
        """
        unknown = set(knobs) - set(self.knobs)
        if unknown:
            refuse("knob", sorted(unknown)[0], f"this patient has {', '.join(self.knobs)}")
        return _treated(self, tuple({**self.knobs, **knobs}.items()))

    @property
    def path(self):
        """Its training as it came."""
        return self.treat()[1]

    def __repr__(self):
        return f"Patient({', '.join(f'{knob}={value!r}' for knob, value in self.knobs.items())})"


def _net(unit, units, start, scale, rate, **more):
    return {"unit": unit, "units": units, "start": start, "scale": scale, "bias": 0.0, "rate": rate,
            "optimizer": "descent", **more}


patients = Table("patient", {
    1: Patient("xor", 3000, 0.02, _net("sigmoid", 4, "constant", 1.0, 5.0)),
    2: Patient("xor", 1000, 0.02, _net("relu", 6, "He", 1.0, 8.0)),
    3: Patient("trident", 2000, 0.0281, {"w1": -2.0, "w2": -2.0, "rate": 2.0, "optimizer": "descent"}),
    4: Patient("soft xor", 500, 0.01, _net("tanh", 2, "Glorot normal", 1.0, 30.0), seed=1),
    5: Patient("hidden xor", 300, 0.5, _net("sigmoid", 8, "Glorot normal", 1.0, 0.5, layers="plain"), layers=11,
               loss="cross-entropy"),
    6: Patient("xor", 1000, 0.02, _net("sigmoid", 4, "normal", 30.0, 2.0)),
})


def _rows(name):
    if name != "hidden xor":
        return DATA[name]
    from bpviz.coursework.lessons.lesson_09.experiments import rows
    return rows()


def treat(number, **treatment):
    """(fit, path) of the patient of this number, 1 to 6."""
    return patients[number].treat(**treatment)


@lru_cache(64)
def _treated(patient, knobs):
    knobs = dict(knobs)
    optimizer = OPTIMIZERS[knobs["optimizer"]](knobs["rate"])
    data = _rows(patient.data)
    if "w1" in knobs:
        fit = Fit(Network((1, 1, 1), "sigmoid", bias=False), patient.loss, data)
        return fit, descend(fit, np.array([knobs["w1"], knobs["w2"]], float), optimizer, patient.steps)
    sizes = (len(data.x), *[int(knobs["units"])] * patient.layers, len(data.y))
    network = Network(sizes, (knobs["unit"],) * patient.layers + ("sigmoid",), **CURES[knobs.get("layers", "plain")])
    fit = Fit(network, patient.loss, data)
    theta = initial_weights(network, knobs["start"], patient.seed, knobs["scale"], knobs["bias"])
    return fit, descend(fit, theta, optimizer, patient.steps)


def ended(number, **treatment):
    """The loss at the end, infinite for a network that ran away."""
    loss = float(treat(number, **treatment)[1].loss[-1])
    return loss if np.isfinite(loss) else float("inf")
