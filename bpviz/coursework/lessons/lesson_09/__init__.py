"""Lesson 9, vanishing gradients: its exercises, core first, and its predictions."""
from bpviz.coursework.lessons.lesson_09.core import CORE
from bpviz.coursework.lessons.lesson_09.optional import OPTIONAL
from bpviz.coursework.lessons.lesson_09.predictions import PREDICTIONS as PREDICTIONS
from bpviz.coursework.lessons.lesson_09.terms import TERMS as TERMS

EXERCISES = (*CORE, *OPTIONAL)
