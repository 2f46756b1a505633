"""Lesson 3, backpropagation step by step: its exercises, core first, and its predictions."""
from bpviz.coursework.lessons.lesson_03.core import CORE
from bpviz.coursework.lessons.lesson_03.optional import OPTIONAL
from bpviz.coursework.lessons.lesson_03.predictions import PREDICTIONS as PREDICTIONS
from bpviz.coursework.lessons.lesson_03.terms import TERMS as TERMS

EXERCISES = (*CORE, *OPTIONAL)
