"""The records of each lesson and lab, a folder for each: lesson_03, lab_1, or a single file where they are few.

core            the exercises that everybody should do
optional        the others
predictions     the predictions
experiments     what the outcomes of both are worked out from
terms           TERMS, the words that the lesson explains, for bp.glossary()

Beside the folders stands what several of them look at:

    networks    the networks, and the level ground of those with two weights

The folder of a lesson holds EXERCISES and PREDICTIONS, in the order of the notebook, and TERMS where it has some.
"""
