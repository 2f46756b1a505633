"""Coursework: predictions, exercises, hand-outs. Which file holds what; begin with exercise.py and prediction.py.

the records
    exercise, prediction                what an exercise and a prediction are
    course                              all of them, gathered from the files lesson_NN
    lesson_03, optional_03, predictions_03, experiments_03  those of lesson 3, too many for one file
    misconceptions                      M01 to M22

the kinds of exercise, each with its `judge`
    quantities, curve                   a choice, a number, a drawn curve
    property, proof, derivation         a rate found by dragging, a formula, a derivation line by line
    fault, ordering, runnable           a wrong line to be found, lines to be ordered; running such lines
    reading                             what a learner hands in, read without running it
    partials                            a function that returns named partials; made of
        edges, operators                the right line of each step back, and the ways to get it wrong
        draws, supposed, rates          random networks on which mistakes differ; parts that nobody sees; any rate
        answered, diagnose, findings    what came back, which part goes wrong first and why, the words for it

learners' functions run apart
    apart, spare                        run one, in a Python that waits; what is said of what happened
    source, texts                       the function and all it needs, as JSON
    misfits                             NumPy's errors about shapes, in words
    child, remade, given_back           in the other Python: make it again, pack what it gave

what a learner has done
    answers                             the file beside the notebook
    progress, guidance                  what may be read next: hints, the worked solution
    outcome, calibration                a prediction beside the truth; whether "sure" was meant

notebooks
    notebook, cells                     the cells of an exercise; which cells another one needs
    handout, release                    hand-outs, solved copies, copies with a mistake; folders for a class
    standing, selfcheck                 whether all cells are there; run one and say how it stands
    overview, commands                  the table of docs/teaching.md; the command line

break-it
    puzzles                             bp.puzzles: faults planted in bpviz's own backward pass (lesson 4)

What is seen of it: widgets/checking.py, predict.py, predictions.py, sketch.py. The pytest plugin: bpviz_nbval.
"""
