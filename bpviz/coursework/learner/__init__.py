"""What a learner has done, said and may read next.

    answers                 the file beside the notebook
    progress, guidance      what may be read next: hints, the worked solution
    outcome, calibration    a prediction beside the truth; whether "sure" was meant
"""
