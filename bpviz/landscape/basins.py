"""Which start ends in which minimum: basins of attraction of a descent.

plane   the starts: every point of a Plane, or of the window of a two-weight network
label   (rows, columns): k for minima[k] (lowest loss first), -1 settled nowhere, -2 ran away

Exact: every cell is descended in full. Fast: cells far apart first; only where neighbouring cells
ended differently the cells between them are descended too, all others take over the label of their
neighbours; and who has arrived at a minimum that can hold it stops there. Thin parts of a basin can
be missed that way: benchmarks/basins.py counts how many cells differ. Under an optimizer that hovers
(RMSprop, Adam) a basin is speckled where not all have arrived yet, or never will: a short map, and one
that would be descended by half, is descended whole; of others some cells that were to be filled are drawn at random
and descended too, and it is said how many ended elsewhere.

Shown is gradient *descent* with its rate, not gradient flow: see descent/flow.py for the other.
Source: Attractors.jl (Datseris and Wagemakers 2022, Chaos 32, 023104) for the map as a function from start to label.
"""
import time
from concurrent.futures import Executor
from functools import partial

import numpy as np

from bpviz.base.arguments import instance, switch, whole
from bpviz.base.work import Part, in_parts
from bpviz.descent import optimizers, schedules
from bpviz.descent.descend import MAX_STEPS
from bpviz.descent.settle import AWAY, NOWHERE, holding, near
from bpviz.landscape.attractors import Attractors, arrivals, joined, known_attractors
from bpviz.landscape.basin_map import Basins
from bpviz.landscape.executors import by_executor, here
from bpviz.landscape.planes import plane_of_starts

FIRST_STRIDE, FIRST_BLOCKS = 8, 32         # the first cells: at most so far apart, at least so many blocks a side
BATCH, SHARED_BATCH = 8192, 4096           # cells at once: here, and by each worker of an executor
WIDE = 4                                   # reaches of the optimizer between two minima, for one to hold who is near
SHORT, HALF = 320, 0.5                     # of an optimizer that hovers: up to so many steps, or from so many cells on
PROBES = 400                               # cells descended after all, to see how many are filled with a wrong label
SHOW_S, SHOWING = 0.2, 20                  # a look at the map so far is made so often, and takes a 20th of the time


@in_parts
def basins(objective, low=-6.0, high=6.0, cells=200, optimizer=None, steps=2000, *, plane=None, exact=False,
           schedule=None, executor=None, minima=None):
    """Which minimum each start of a plane ends in: a Basins.

    optimizer: such as GradientDescent(rate=0.5).  steps: how many at most.
    low, high, cells: the window of a two-weight objective; for larger ones give plane=Plane(...) or
    Plane.of_weights(...).  exact: descend every cell in full.  schedule: of the rate, see `descend`.
    executor: a concurrent.futures.Executor that does parts of the work; a part that is lost is done again here.
    minima: the `minima` of an earlier map of this objective, to save the search for them.
    `basins.parts` takes the same and yields Parts: now and then the Basins so far.
    Raises ValueError for a missing plane, 0 cells, or an optimizer that is none.
    """
    plane = plane_of_starts(objective, low, high, cells, plane)
    optimizer, exact = optimizers.checked(optimizer), switch("exact", exact)
    instance("executor", executor, Executor | None, "None or a concurrent.futures.Executor")
    instance("minima", minima, Attractors | None, "None or the minima of a Basins")
    if minima is not None and len(minima.theta) != objective.n_params:
        raise ValueError(f"minima: got some of {len(minima.theta):,} weights; allowed are {objective.n_params:,}")
    steps, schedule = whole("steps", steps, 1, MAX_STEPS), schedules.checked(schedule)
    job = _Job(objective, plane, optimizer, steps, schedule, exact, executor,
               known_attractors(objective, plane) if minima is None else minima)
    yield from job.run()


class _Job:
    """A map in the making."""

    def __init__(self, objective, plane, optimizer, steps, schedule, exact, executor, minima):
        self.objective, self.plane, self.optimizer, self.steps = objective, plane, optimizer, steps
        self.schedule, self.exact, self.executor, self.minima = schedule, exact, executor, minima
        n = plane.cells
        self.label, self.count = np.full((n, n), NOWHERE), np.zeros((n, n))
        self.descended, self.notes, self.lost, self.share = np.zeros((n, n), bool), [], 0, 0.0
        self.probed = self.elsewhere = 0

    def so_far(self):
        order = np.argsort(self.minima.loss, kind="stable")
        place = np.append(np.argsort(order), [AWAY, NOWHERE])          # old label -> new; -2 and -1 stay
        notes = list(self.notes)
        if self.lost:
            notes.append(f"{self.lost} part{'s' if self.lost > 1 else ''} of the work that the executor lost "
                         "were done again here.")
        return Basins(self.plane, self.optimizer, place[self.label], np.round(self.count).astype(int),
                      self.descended.copy(), self.minima.ordered(order), self.steps, self.share, self.exact,
                      tuple(notes), self.probed, self.elsewhere)

    def run(self):
        n, ready = self.plane.cells, time.perf_counter() + SHOW_S
        strides = [1]
        while not self.exact and 2 * strides[0] <= min(FIRST_STRIDE, n // FIRST_BLOCKS):
            strides.insert(0, 2 * strides[0])
        lattice = None
        for level, stride in enumerate(strides):
            finer = np.unique(np.append(np.arange(0, n, stride), n - 1))
            rows, columns = np.meshgrid(finer, finer, indexing="ij")
            wanted = np.ones(rows.shape, bool) if lattice is None else self._refine(lattice, finer)
            wanted |= not self.optimizer.known             # whether its basins are as wide as a lattice nobody knows
            if self.optimizer.hovers and stride == 1:
                wanted |= self.steps <= SHORT or wanted.mean() > HALF
            wanted &= ~self.descended[rows, columns]
            probes = self._probes(wanted, stride)
            wanted[probes] = True
            filled = self.label[probes]
            rows, columns = rows[wanted], columns[wanted]
            for share in self._descend(rows, columns):
                self.share = min(0.999, (level + share) / len(strides))
                began, found = time.perf_counter(), None
                if began > ready or (share == 1 and stride > 1):
                    found = self._filled(finer)
                    ready = time.perf_counter() + max(SHOW_S, SHOWING * (time.perf_counter() - began))
                yield Part(self.share, found)
            lattice = finer
        self.probed, self.elsewhere = len(filled), int((self.label[probes] != filled).sum())
        self.share = 1.0
        yield Part(1.0, self.so_far())

    def _probes(self, wanted, stride):
        """Of the finest lattice, where the optimizer hovers: cells (rows, columns) drawn from those to be filled."""
        if not (self.optimizer.hovers and stride == 1):
            return np.zeros(0, int), np.zeros(0, int)
        rows, columns = np.nonzero(~wanted & ~self.descended)
        drawn = np.random.default_rng(0).permutation(len(rows))[:PROBES]
        return rows[drawn], columns[drawn]

    def _filled(self, lattice):
        """The Basins so far, cells between the lattice filled with the nearest one's label."""
        nearest = lattice[np.abs(np.arange(self.plane.cells)[:, None] - lattice).argmin(axis=1)]
        whole_map, grid = self.so_far(), np.ix_(nearest, nearest)
        return Basins(whole_map.plane, whole_map.optimizer, whole_map.label[grid], whole_map.steps[grid],
                      whole_map.descended, whole_map.minima, self.steps, self.share, self.exact, whole_map.notes)

    def _refine(self, coarse, fine):
        """Fill the finer lattice from the coarse one; which of its points to descend: (len(fine), len(fine))."""
        L, S = self.label[np.ix_(coarse, coarse)], self.count[np.ix_(coarse, coarse)]
        corners = np.stack([L[:-1, :-1], L[1:, :-1], L[:-1, 1:], L[1:, 1:]])
        mixed = (corners != corners[0]).any(axis=0)
        wide = np.pad(mixed, 1)
        m = len(mixed)
        mixed = np.any([wide[i:i + m, j:j + m] for i in range(3) for j in range(3)], axis=0)    # and their neighbours
        block = np.clip(np.searchsorted(coarse, fine, "right") - 1, 0, m - 1)
        before = np.where(np.isin(fine, coarse), np.maximum(block - 1, 0), block)      # a corner belongs to two blocks
        wanted = np.any([mixed[np.ix_(i, j)] for i in (block, before) for j in (block, before)], axis=0)
        between = np.stack([np.interp(fine, coarse, column) for column in np.eye(len(coarse))], axis=1)
        steps, label = between @ S @ between.T, L[np.ix_(block, block)]
        grid = np.ix_(fine, fine)
        fresh = ~self.descended[grid]
        self.label[grid] = np.where(fresh, label, self.label[grid])
        self.count[grid] = np.where(fresh, steps, self.count[grid])
        return wanted

    # ---- the descents of one lattice

    def _descend(self, rows, columns):
        """Descend these cells, batch by batch; yields the share done."""
        size = BATCH if self.executor is None else SHARED_BATCH
        order = np.random.default_rng(0).permutation(len(rows))         # every batch from all over the plane
        batches = [order[k:k + size] for k in range(0, len(order), size)]
        tasks = ((batch, partial(self._task, rows[batch], columns[batch])) for batch in batches)
        done = 0
        for batch, ends in (here(tasks) if self.executor is None else by_executor(self.executor, tasks, self._lose)):
            if ends is None:                                            # a part of a batch
                yield (done + batch) / max(len(batches), 1)
                continue
            self._take(rows[batch], columns[batch], ends)
            done += 1
            yield done / len(batches)

    def _task(self, rows, columns):
        """The arguments of `settle` for these cells, by name."""
        s, t = self.plane.axes[0][columns], self.plane.axes[1][rows]
        starts = self.plane.origin[:, None] + self.plane.first[:, None] * s + self.plane.second[:, None] * t
        reach, theta = near(self.optimizer), self.minima.theta
        gaps = np.linalg.norm(theta[:, :, None] - theta[:, None], axis=0) + np.diag(np.full(len(self.minima), np.inf))
        lonely = (gaps > WIDE * reach).all(axis=0)            # else who is near one may be on the way to the next
        return {"objective": self.objective, "starts": starts, "optimizer": self.optimizer, "steps": self.steps,
                "minima": self.minima.theta, "leave": not self.exact, "schedule": self.schedule,
                "hold": holding(self.optimizer, self.minima.steepest) & self.minima.isolated & lonely}

    def _lose(self, error):
        self.lost += 1
        note = f"The executor failed: {type(error).__name__}: {str(error)[:200]}".rstrip(": ")
        if note not in self.notes:
            self.notes.append(note)

    def _take(self, rows, columns, ends):
        """Write the ends of a batch into the map; who ended level but nowhere known may have found a new minimum."""
        label = ends.label
        lost = np.flatnonzero(label == NOWHERE)
        if len(lost):
            found, which = arrivals(self.objective, ends.theta[:, lost], self.minima, near(self.optimizer))
            self.minima = joined(self.minima, found)
            label[lost] = which
        self.label[rows, columns], self.count[rows, columns] = label, ends.steps
        self.descended[rows, columns] = True
