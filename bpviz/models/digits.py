"""A thousand handwritten digits of 8 × 8 pixels, the classic small task for a convolution.

Source: E. Alpaydin and C. Kaynak 1998, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository,
https://doi.org/10.24432/C50P49, licence CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/). These are the first
1,000 rows of its test set (13 people wrote it); digits.txt beside this file says how they came here.
"""
import gzip
from functools import lru_cache
from pathlib import Path

import numpy as np

from bpviz.network.data import Data

FILE = Path(__file__).with_name("digits.csv.gz")
EVERY = 5                                            # one in so many of each digit is for the test


@lru_cache(maxsize=1)
def digits():
    """(train, test): 805 and 195 handwritten digits as bp.Data, x (64, rows) from 0 to 1, one-hot y (10, rows).

    Every fifth of each digit is in the test, so the same people wrote both. x.reshape(8, 8, rows) are the images, 1
    where the ink is. For bp.models.Convolution2d(n_out=10).

    >>> train, test = digits()
    >>> train.rows, test.rows, train.classes[3]
    (805, 195, '3')
    """
    with gzip.open(FILE, "rt", encoding="ascii") as file:
        table = np.loadtxt(file, delimiter=",")
    x, y = table[:, :-1].T / 16, np.eye(10)[table[:, -1].astype(int)].T
    test = (y * y.cumsum(axis=1)).sum(axis=0) % EVERY == 0                # the how manieth of its digit it is
    why = "Handwritten digits of 8 × 8 pixels (Alpaydin and Kaynak 1998, CC BY 4.0)."
    return tuple(Data(x[:, rows], y[:, rows], name, why, tuple("0123456789"))
                 for name, rows in (("digits", ~test), ("digits, test", test)))
