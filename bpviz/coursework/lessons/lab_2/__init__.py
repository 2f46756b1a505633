"""Lab 2, why does it not learn? Six networks that fail for six reasons, a seventh whose slopes are wrong."""
from bpviz.coursework.lessons.lab_2.core import CORE
from bpviz.coursework.lessons.lab_2.predictions import PREDICTIONS as PREDICTIONS
from bpviz.coursework.lessons.lab_2.terms import TERMS as TERMS

EXERCISES = CORE
