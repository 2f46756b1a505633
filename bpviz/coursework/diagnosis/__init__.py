"""Which partial of a backward pass goes wrong first, and why: found by trying every known mistake.

    edges, operators            the right line of each step back, and the ways to get it wrong
    draws, supposed, rates      random networks on which mistakes differ; parts that nobody sees; any rate
    answered, diagnose          what came back, which part goes wrong first and why
    findings, beside            the words for it; the numbers of a learner beside the right ones
    own_partials                which entries of a learner's backward pass are wrong at a given place
    own_descent, own_training   what a learner's backward pass did to a whole descent, to a training
"""
