"""Lab 1, a network from scratch: its exercises, all of them core, and its predictions."""
from bpviz.coursework.lessons.lab_1.core import CORE
from bpviz.coursework.lessons.lab_1.predictions import PREDICTIONS as PREDICTIONS
from bpviz.coursework.lessons.lab_1.terms import TERMS as TERMS

EXERCISES = CORE
