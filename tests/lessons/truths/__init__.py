"""What each lesson says, found another way, by code that shares nothing with the lesson's own experiments: truth_NN, truth_lab_N.

ORACLES   {prediction: () -> (the right answer, [every number that its outcome quotes])}; of a Choice, the option's beginning
QUOTED    {prediction or exercise: {number as it stands: expression in lab, np, bp that gives it}}
GIVEN     {prediction or exercise: "numbers that are given in the question, not computed"}
"""
from importlib import import_module
from pathlib import Path

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("truth_*.py"))
TRUTHS = {("LAB" + name[-1] if "_lab_" in name else "L" + name[-2:]): import_module(f"truths.{name}") for name in NAMES}
