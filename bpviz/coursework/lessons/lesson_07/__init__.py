"""Lesson 7, escaping: momentum, a rate for each weight, counting and starting again, as exercises and predictions."""
from bpviz.coursework.lessons.lesson_07.core import CORE
from bpviz.coursework.lessons.lesson_07.optional import OPTIONAL
from bpviz.coursework.lessons.lesson_07.predictions import PREDICTIONS as PREDICTIONS
from bpviz.coursework.lessons.lesson_07.terms import TERMS as TERMS

EXERCISES = (*CORE, *OPTIONAL)
