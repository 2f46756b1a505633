"""Coursework: predictions, exercises, hand-outs. Begin with exercise.py and prediction.py.

The files here; what a folder holds is said in its own __init__.py.

    exercise, prediction    what an exercise and a prediction are
    course                  all of them, gathered from the folders lessons/lesson_NN, lab_N
    misconceptions          M01 to M22
    glossary                bp.glossary: the words that the lessons explain, and the card of letters
    puzzles                 bp.puzzles: faults planted in bpviz's own backward pass (lesson 4)
    line_by_line            the backward pass of one network, a line for each step, and what each line feeds
    random_puzzle           10,000 puzzles of the same faults: one wrong line among right ones
    attempt                 what is shown and said of a random puzzle (bp.explore.puzzle)

kinds       the kinds of exercise, each with its `judge`
diagnosis   which partial goes wrong first, and why
apart       learners' functions run in another Python
learner     what a learner has done, and may read next
notebooks   cells, hand-outs, releases, self-checks
lessons     the records of each lesson
inventory   twenty questions before and after the course
paper       worksheets and exams for paper, with a key

What is seen of it: widgets/checking.py, predict.py, predictions.py, sketch.py, inventory.py. 
The pytest plugin: bpviz_nbval.
"""
