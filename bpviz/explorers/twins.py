"""Long works of lower floors, as Parts: descents, restarts."""
import time

from bpviz.base.work import Part
from bpviz.descent.descend import descending
from bpviz.descent.restarts import restarting


def descend_parts(fit, start, optimizer, steps, **more):
    path, shown = None, 0.0
    for path in descending(fit, start, optimizer, steps, **more):
        show = time.perf_counter() - shown > 0.1
        shown = time.perf_counter() if show else shown
        yield Part(0.99 * path.steps / max(steps, 1), path if show else None)
    yield Part(1.0, path)


def restarts_parts(*given, **more):
    for run in restarting(*given, **more):
        yield Part(run.share, run)
