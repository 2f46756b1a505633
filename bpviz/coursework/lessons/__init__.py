"""The records of each lesson and lab, a folder for each: lesson_03, lab_1, or a single file where they are few.

core            the exercises that everybody should do
optional        the others
predictions     the predictions
experiments     what the outcomes of both are worked out from
terms           TERMS, the words that the lesson explains, for bp.glossary()
networks        beside the folders: what several lessons look at

The folder itself holds EXERCISES and PREDICTIONS, in the order of the notebook, and TERMS where it has some.
"""
