"""Learners' functions run apart, in a Python of their own that cannot harm the notebook's.

    run, spare                      run one, in a Python that waits; what is said of what happened
    source, texts                   the function and all it needs, as JSON
    misfits                         NumPy's errors about shapes, in words
    stepped, trained                a learner's backward pass walks a whole descent, trains a network of layers
    child, remade, given_back       in the other Python: make it again, pack what it gave
"""
