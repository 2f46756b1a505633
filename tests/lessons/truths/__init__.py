"""What each lesson says, found another way, by code that shares nothing with the lesson's own experiments: truth_NN.

ORACLES   {prediction: () -> (the right answer, [every number that its outcome quotes])}; of a Choice, the option's beginning
QUOTED    {prediction or exercise: {number as it stands: expression in lab, np, bp that gives it}}
GIVEN     {prediction or exercise: "numbers that are given in the question, not computed"}
"""
from importlib import import_module
from pathlib import Path

TRUTHS = {f"L{path.stem[-2:]}": import_module(f"truths.{path.stem}") for path in sorted(Path(__file__).parent.glob("truth_*.py"))}
