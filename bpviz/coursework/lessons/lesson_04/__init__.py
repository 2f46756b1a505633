"""Lesson 4, is it right: its exercises, core first, and its predictions."""
from bpviz.coursework.lessons.lesson_04.core import CORE
from bpviz.coursework.lessons.lesson_04.optional import OPTIONAL
from bpviz.coursework.lessons.lesson_04.predictions import PREDICTIONS as PREDICTIONS
from bpviz.coursework.lessons.lesson_04.terms import TERMS as TERMS

EXERCISES = (*CORE, *OPTIONAL)
