"""The kinds of exercise, each a record with its `judge`.

    quantities, curve               a choice, a number, a drawn curve
    property, proof, derivation     a rate found by dragging, a formula, a derivation line by line
    fault, ordering, runnable       a wrong line to be found, lines to be ordered; running such lines
    partials                        a function that returns named partials, judged by the folder diagnosis
    written                         a function of a few other lines: forward, a loss, an update
    body                            a whole function with loops: a gradient check, a training, a curve of losses
    reading                         what a learner hands in, read without running it
"""
