"""Lesson 8, regularisation: what its notebook asks, core exercises first, its predictions and its words."""
from bpviz.coursework.lessons.lesson_08.core import CORE
from bpviz.coursework.lessons.lesson_08.optional import OPTIONAL
from bpviz.coursework.lessons.lesson_08.predictions import PREDICTIONS as PREDICTIONS
from bpviz.coursework.lessons.lesson_08.terms import TERMS as TERMS

EXERCISES = (*CORE, *OPTIONAL)
