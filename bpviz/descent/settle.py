"""Where do thousands of starts end? Only the ends are kept, not the paths.

theta   (P, N): N networks, all moved on together by a kernel (descent/kernels.py)
minima  (P, K): known minima; a network within `near(optimizer)` of one has arrived

Near is NEAR; for RMSprop and Adam, whose steps stay about as long as the rate however small the gradient
(they hover around a minimum and never come to rest), it is three such steps.

Every EVERY steps it is seen who has arrived and who ran away. With `leave`, those leave the working
set: the rest goes on faster. A network may leave only where it cannot come away again: at a minimum
whose stability limit is above the rate, and where near is no more than HELD; under plain gradient descent at once,
under all other optimizers (they carry momentum) after PATIENCE checks in a row. Plain descent may also leave on level
ground, where a step moves nothing any more. Under an optimizer of one's own, of which no limit is known, nobody
leaves but who ran away.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import cloud, whole
from bpviz.base.work import Part, in_parts
from bpviz.descent.crowd import Crowd
from bpviz.descent.descend import MAX_STEPS
from bpviz.descent.update import update

NEAR = 0.01
EVERY, PATIENCE = 16, 4
LEVEL, LEVEL_CHECK = 1e-11, 128        # where the gradient is below LEVEL, plain descent has in effect stopped
NOWHERE, AWAY = -1, -2
HELD = 1.0                             # arriving from further away than this is not yet staying


@dataclass(frozen=True)
class Ends:
    """theta: (P, N), where each network is at last.  label: (N,), the minimum it arrived at (and stayed), NOWHERE
    or AWAY.  steps: (N,), the check (a multiple of 16) from which on it was there; for the others, the last one.
    """
    theta: np.ndarray
    label: np.ndarray
    steps: np.ndarray


def near(optimizer):
    """How far from a minimum a descent by this optimizer counts as having arrived."""
    return max(NEAR, 3 * optimizer.hovers * optimizer.rate)


def holding(optimizer, curvature):
    """Whether a minimum of this largest curvature is known to hold a descent at the optimizer's rate: (K,) booleans.

    None does where arriving is further away than HELD: who crosses so wide a neighbourhood may leave it again.
    """
    return np.array([optimizer.known and near(optimizer) <= HELD and optimizer.rate < optimizer.stability_limit(c)
                     for c in np.atleast_1d(curvature)], dtype=bool)


@in_parts
def settle(objective, starts, optimizer, steps, minima=None, *, hold=None, leave=True, schedule=None, clip=None,
           engine=None):
    """Walk all starts (P, N) up to `steps` steps: returns Ends.

    minima: (P, K).  hold: (K,) booleans, which of them keep who arrives (if not given all, under an optimizer of ours).
    leave: those that arrived leave early; False: everyone walks all steps ("exact").
    schedule, clip: as in `descend`.  engine: a kernel, by default the fastest there is.
    """
    starts = cloud("starts", starts, objective.n_params)
    if starts.ndim != 2:
        raise ValueError(f"starts: got shape {starts.shape}; allowed is ({objective.n_params}, N)")
    steps = whole("steps", steps, 0, MAX_STEPS)
    crowd = Crowd(objective, update(objective, optimizer, schedule, clip=clip, flow=True), starts, engine)
    P, N = starts.shape
    minima = np.zeros((P, 0)) if minima is None else cloud("minima", minima, P)
    hold = np.full(minima.shape[1], optimizer.known) if hold is None else hold
    reach = near(optimizer)
    patience = 1 if optimizer.known and optimizer.start(np.zeros(P)) == () else PATIENCE

    end, label, since = starts.copy(), np.full(N, NOWHERE), np.zeros(N, int)
    at, seen = np.full(N, NOWHERE), np.zeros(N, int)      # where they are, for how many checks in a row

    def look():
        """Where everybody is; update `at`, `seen`, `since`; who leaves."""
        nonlocal at, seen
        here = _nearest(crowd.theta, minima, reach)
        seen = np.where(here == at, seen + 1, 1)
        since[crowd.who[here != at]] = crowd.done
        at = here
        lost = ~crowd.near()
        safe = (at >= 0) & (seen >= patience) if leave and len(hold) else np.zeros(len(at), bool)
        if safe.any():
            safe &= hold[at]
        if leave and patience == 1 and crowd.done and crowd.done % LEVEL_CHECK == 0:
            with np.errstate(all="ignore"):
                fine = ~lost
                slope = np.zeros(len(at))
                slope[fine] = np.abs(objective.gradient(crowd.theta[:, fine])).max(axis=0)
            safe |= slope < LEVEL
        return lost, safe

    while True:
        lost, safe = look()
        out = lost | safe
        if crowd.done >= steps:
            out[:] = True
        if out.any():
            gone = crowd.who[out]
            end[:, gone], label[gone] = crowd.theta[:, out], np.where(lost[out], AWAY, at[out])
            since[crowd.who[lost]] = crowd.done
            crowd.keep(~out)
            at, seen = at[~out], seen[~out]
        if not len(crowd.who):
            break
        crowd.advance(min(EVERY, steps - crowd.done))
        yield Part(1 - len(crowd.who) / N * (1 - crowd.done / max(steps, 1)))
    since[label < 0] = np.where(label[label < 0] == AWAY, since[label < 0], steps)
    yield Part(1.0, Ends(end, label, since))


def _nearest(theta, minima, reach):
    """The minimum within `reach` of each network, the nearest of several, or NOWHERE: (N,)."""
    here, best = np.full(theta.shape[1], NOWHERE), np.full(theta.shape[1], reach ** 2)
    for k, place in enumerate(minima.T):
        close = np.abs(theta[0] - place[0]) < reach
        for row, w in zip(theta[1:], place[1:], strict=True):
            if not close.any():
                break
            close &= np.abs(row - w) < reach
        where = np.flatnonzero(close)
        apart = ((theta[:, where] - place[:, None]) ** 2).sum(axis=0)
        where, apart = where[apart < best[where]], apart[apart < best[where]]
        here[where], best[where] = k, apart
    return here
