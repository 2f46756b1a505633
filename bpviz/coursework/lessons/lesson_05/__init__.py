"""Lesson 5, gradient descent: how far to go. Its exercises, core first, and its predictions."""
from bpviz.coursework.lessons.lesson_05.core import CORE
from bpviz.coursework.lessons.lesson_05.optional import OPTIONAL
from bpviz.coursework.lessons.lesson_05.predictions import PREDICTIONS as PREDICTIONS
from bpviz.coursework.lessons.lesson_05.terms import TERMS as TERMS

EXERCISES = (*CORE, *OPTIONAL)
