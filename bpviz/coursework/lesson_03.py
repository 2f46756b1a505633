"""Lesson 3, backpropagation step by step: its exercises and predictions."""
from bpviz.coursework.optional_03 import OPTIONAL
from bpviz.coursework.predictions_03 import PREDICTIONS as PREDICTIONS

EXERCISES = OPTIONAL
