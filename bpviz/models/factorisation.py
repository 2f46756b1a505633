"""Matrix factorisation, written by hand: a rating is how well a user's vector and an item's vector fit together.

x        who rates what: 1 at the user's place, then 1 at the item's: (users + items, rows, ...)
P, Q     a vector of `rank` numbers for each user and each item: (users, rank), (items, rank)
u, v     the vectors of this user and this item: P' x_users, Q' x_items: (rank, rows, ...)
bu, bi   how much higher than others this user rates, and this item is rated; b: the rating of all
score    b + bu' x_users + bi' x_items + the sum over the factors of u v: (1, rows, ...)

Backward, with delta = dL/dscore of one rating:
    dL/du = delta v,  dL/dv = delta u:  each vector is pushed along the other one;
    dL/dP[user] = the sum of dL/du over all that the user has rated, and so for Q; a vector nobody asks for has slope 0.

At P = Q = 0 both slopes are 0: a saddle, not a minimum, and descents start beside it. Any turn R of the space gives the
same ratings, (P R)(Q R)' = P Q', and the same penalty: no minimum stands alone, each is a whole orbit of them.
Source: Koren, Bell and Volinsky 2009, Computer 42(8), eqs. 2 to 5; the saddle and the orbit: Ge, Lee and Ma 2016, NIPS.
"""
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.base.arguments import switch, whole
from bpviz.network.model import Model
from bpviz.network.stage import Alike, Fan, Stage

MOST = 4096


def looked_up(start, stop):
    """(value, slope) of the vector that x, 1 at one place from start to stop, picks out of a table."""
    def value(xp, table, x):
        return np.einsum("nf...,nr...->fr...", table, x[start:stop])

    def slope(xp, delta, u, table, x):
        yield np.einsum("nr...,fr...->nf...", x[start:stop], delta)
        by_x = np.einsum("nf...,fr...->nr...", table, delta)
        yield np.concatenate([0 * x[:start], by_x, 0 * x[stop:]])
    return value, slope


def fits(xp, u, v):
    return (u * v).sum(axis=0)[None]


def fits_slope(xp, delta, z, u, v):
    return delta * v, delta * u


def rating(users):
    """(value, slope) of how well they fit, and what the user, the item and all ratings have of their own."""
    def value(xp, bu, bi, b, match, x):
        return match + np.einsum("n...,nr...->r...", bu, x[:users]) + np.einsum(
            "n...,nr...->r...", bi, x[users:]) + b[:, None]

    def slope(xp, delta, z, bu, bi, b, match, x):
        yield np.einsum("nr...,r...->n...", x[:users], delta[0])
        yield np.einsum("nr...,r...->n...", x[users:], delta[0])
        yield delta.sum(axis=1)
        yield delta
        yield np.concatenate([bu[:, None] * delta, bi[:, None] * delta])
    return value, slope


@dataclass(frozen=True)
class Factorisation(Model):
    """A table of ratings as the product of two thin ones, and what each user and each item adds.

    users, items: how many.  rank: numbers in each vector.  bias: whether bu, bi and b are there.
    Its data: those of a Ratings (ratings.py). Raises ValueError for sizes below 1. A Model as network/model.py says.

    >>> Factorisation(users=1, items=1, rank=1, bias=False).names
    ('P[1,1]', 'Q[1,1]')
    """
    users: int = 5
    items: int = 4
    rank: int = 2
    bias: bool = True
    n_out = 1

    def __post_init__(self):
        for name in ("users", "items", "rank"):
            object.__setattr__(self, name, whole(name, getattr(self, name), 1, MOST))
        object.__setattr__(self, "bias", switch("bias", self.bias))

    @property
    def n_in(self):
        return self.users + self.items

    @cached_property
    def blocks(self):
        """{name: shape}, in the order of theta."""
        blocks = {"P": (self.users, self.rank), "Q": (self.items, self.rank)}
        return blocks | ({"bu": (self.users,), "bi": (self.items,), "b": (1,)} if self.bias else {})

    @property
    def alike(self):
        """Factors may be exchanged, and both signs of one turned: the two of all turns that leave a factor a factor."""
        return (Alike(self.rank, {"P": (1,), "Q": (1,)}, ("identity",)),)

    @cached_property
    def fans(self):
        """{block: Fan}: a rating hears `rank` products, whatever the number of users."""
        return {"P": Fan(1, 0), "Q": Fan(1, 0)}

    @cached_property
    def stages(self):
        last = (Stage("score", ("match", "x"), ("bu", "bi", "b"), *rating(self.users)),) if self.bias else ()
        return (Stage("u", ("x",), ("P",), *looked_up(0, self.users)),
                Stage("v", ("x",), ("Q",), *looked_up(self.users, self.n_in)),
                Stage("match", ("u", "v"), (), fits, fits_slope), *last)

    def everything(self):
        """x of all pairs, user by user: (users + items, users * items)."""
        pairs = np.indices((self.users, self.items)).reshape(2, -1)
        return np.concatenate([np.eye(self.users)[:, pairs[0]], np.eye(self.items)[:, pairs[1]]])

    def table(self, fit, theta):
        """What every user would rate every item: (users, items)."""
        return fit.predict(theta, self.everything()).reshape(self.users, self.items)
