"""Ratings of a few films by a few people, some missing: the table that a factorisation learns (factorisation.py).

The people, the films and their ratings are ours, made by a formula and said so: each person and each film has two
numbers, how much of it is funny and how much is sad; a rating is 3 plus what they have in common, a bit of noise,
rounded to the scale. Nobody's ratings were taken from anywhere.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import real, refuse, sequence, shown, text, whole
from bpviz.network.data import Data

MOST = 1000


@dataclass(frozen=True, eq=False)
class Ratings:
    """Who rates what, and how high: a table with gaps.

    table: (users, items), nan or None where a rating is missing.  users, items: their names.
    low, high: the ends of the scale.
    Raises ValueError for names that are not as many as rows or columns, for equal names, for a rating outside the scale
    (named by user and item), and for a table without any rating.
    """
    table: np.ndarray
    users: tuple
    items: tuple
    low: float = 1.0
    high: float = 5.0

    def __post_init__(self):
        object.__setattr__(self, "low", real("low", self.low))
        object.__setattr__(self, "high", real("high", self.high, above=self.low))
        for name in ("users", "items"):
            names = sequence(name, getattr(self, name), "allowed are names", MOST)
            for one in names:
                text(name, one, 60)
            if len(set(names)) < len(names) or not names:
                refuse(name, names, "allowed are names, at least one, and no two alike")
            object.__setattr__(self, name, names)
        try:
            table = np.array(self.table, dtype=float)
        except (TypeError, ValueError):
            refuse("table", self.table, "allowed are rows of numbers, None where a rating is missing")
        shape = len(self.users), len(self.items)
        if table.shape != shape:
            raise ValueError(f"table: got shape {table.shape}; allowed is {shape}, a row a user and a column an item")
        wrong = np.argwhere(~np.isnan(table) & ~((table >= self.low) & (table <= self.high)))
        if len(wrong):
            user, item = wrong[0]
            raise ValueError(f"table: got {table[user, item]:g} of {self.users[user]} for {self.items[item]}; allowed "
                             f"is {self.low:g} to {self.high:g}, or None where a rating is missing")
        if np.isnan(table).all():
            raise ValueError("table: got no rating at all; allowed is at least one")
        table.flags.writeable = False
        object.__setattr__(self, "table", table)

    @property
    def given(self):
        """(users, items) booleans: where there is a rating."""
        return ~np.isnan(self.table)

    def of(self, given):
        """x (users + items, rows), 1 at the user's and at the item's place, user by user, of the pairs in `given`."""
        user, item = np.nonzero(given)
        return np.concatenate([np.eye(len(self.users))[:, user], np.eye(len(self.items))[:, item]])

    @property
    def data(self):
        """A Data: a row for each rating."""
        return Data(self.of(self.given), self.table[self.given][None], "ratings",
                    f"{self.given.sum()} ratings of {len(self.items)} films by {len(self.users)} people")

    def split(self, share=0.2, seed=0):
        """(learned, kept back): two Ratings; about `share` is kept back, but never the last of a user or an item.

        The same seed keeps back the same ratings.
        """
        share, rng = real("share", share, 0, below=1), np.random.default_rng(whole("seed", seed, 0))
        given, kept = self.given.copy(), np.zeros(self.table.shape, bool)
        places = rng.permutation(np.argwhere(given))
        for user, item in places:
            if kept.sum() >= max(1, round(share * len(places))):
                break
            if given[user].sum() > 1 and given[:, item].sum() > 1:
                given[user, item], kept[user, item] = False, True
        if not kept.any():
            raise ValueError(f"share: got {share:g} of ratings that are each the last of a user or an item; allowed "
                             "are tables with more ratings")
        return self._only(given), self._only(kept)

    def _only(self, given):
        return Ratings(np.where(given, self.table, np.nan), self.users, self.items, self.low, self.high)

    def joined_by(self, name, ratings):
        """These ratings and those of one more user; ratings: {item: rating}.

        Raises ValueError for an item that is not there, a rating outside the scale, and a name that is taken.
        """
        if not isinstance(ratings, dict) or not ratings:
            refuse("ratings", ratings, 'allowed is a dict such as {"' + self.items[0] + '": 4}')
        unknown = [item for item in ratings if item not in self.items]
        if unknown:
            raise ValueError(f"ratings: got {shown(unknown[0])}; allowed are {', '.join(self.items)}")
        row = [ratings.get(item) for item in self.items]
        return Ratings([*self.table.tolist(), row], (*self.users, name), self.items, self.low, self.high)


FILMS = {"Banana Peel": (1.6, -0.3), "Two Clowns": (1.4, 0.7), "The Wedding Cake": (0.8, 1.4),
         "A Dog's Year": (0.1, 1.6), "Letters Home": (-0.7, 1.5), "The Long Winter": (-1.4, 0.8),
         "Night Bus": (-1.6, -0.2),
         "Court Room": (-1.2, -1.1), "Car Chase 3": (0.2, -1.6), "Robots Dance": (1.0, -1.3)}
PEOPLE = {"Ada": (1.1, 0.0), "Ben": (-0.5, 1.0), "Cleo": (0.8, -0.7), "Dev": (-0.2, -1.1), "Eli": (0.4, 1.0),
          "Fay": (1.0, 0.5), "Gus": (-1.1, 0.2), "Hana": (0.1, 1.1), "Ivo": (1.0, -0.3), "Jun": (-0.8, -0.8),
          "Kim": (0.7, 0.8), "Lou": (-0.9, 0.6), "Mia": (0.4, -1.0), "Ned": (-1.0, -0.3), "Ona": (-0.6, -0.9),
          "Pia": (-0.2, 1.1)}


def films(missing=0.25, noise=0.2, seed=1):
    """Ratings of 10 films by 16 people, from 1 to 5, made by the formula above; about `missing` of them are gaps.

    noise: standard deviation of what is added before rounding.  seed: of numpy's default_rng.

    >>> films().table.shape, films(missing=0).given.all()
    ((16, 10), True)
    """
    missing, noise = real("missing", missing, 0, below=1), real("noise", noise, 0)
    rng = np.random.default_rng(whole("seed", seed, 0))
    people, pictures = (np.array(list(vectors.values())) for vectors in (PEOPLE, FILMS))
    noisy = 3 + people @ pictures.T + noise * rng.standard_normal((len(people), len(pictures)))
    table = np.clip(np.round(noisy), 1, 5)
    gone = rng.random(table.shape) < missing
    gone[gone.all(axis=1), 0] = False
    gone[0, gone.all(axis=0)] = False
    return Ratings(np.where(gone, np.nan, table), tuple(PEOPLE), tuple(FILMS))
