"""The exercises and predictions of the lessons: EXERCISES and PREDICTIONS of a file lesson_NN.

    lesson_03, optional_03, predictions_03, experiments_03      those of lesson 3, too many for one file
"""
