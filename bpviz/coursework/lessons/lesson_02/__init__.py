"""Lesson 2, the chain rule on the smallest networks: its exercises, core first, and its predictions."""
from bpviz.coursework.lessons.lesson_02.core import CORE
from bpviz.coursework.lessons.lesson_02.optional import OPTIONAL
from bpviz.coursework.lessons.lesson_02.predictions import PREDICTIONS as PREDICTIONS
from bpviz.coursework.lessons.lesson_02.terms import TERMS as TERMS

EXERCISES = (*CORE, *OPTIONAL)
