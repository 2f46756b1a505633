"""Lesson 6, local minima: its exercises, core first, its predictions and its words."""
from bpviz.coursework.lessons.lesson_06.core import CORE
from bpviz.coursework.lessons.lesson_06.optional import OPTIONAL
from bpviz.coursework.lessons.lesson_06.predictions import PREDICTIONS as PREDICTIONS
from bpviz.coursework.lessons.lesson_06.terms import TERMS as TERMS

EXERCISES = (*CORE, *OPTIONAL)
