"""Lesson 3, backpropagation step by step: its exercises and predictions."""
from bpviz.coursework.predictions_03 import PREDICTIONS as PREDICTIONS

EXERCISES = ()
