"""Lesson 1, the article completed: its exercises, core first, and its predictions."""
from bpviz.coursework.lessons.lesson_01.core import CORE
from bpviz.coursework.lessons.lesson_01.optional import OPTIONAL
from bpviz.coursework.lessons.lesson_01.predictions import PREDICTIONS as PREDICTIONS
from bpviz.coursework.lessons.lesson_01.terms import TERMS as TERMS

EXERCISES = (*CORE, *OPTIONAL)
