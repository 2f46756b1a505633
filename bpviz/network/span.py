"""Between which numbers the answers of a network are drawn: what its last activation can answer, and the targets."""
import numpy as np

from bpviz.calculus.activations import ACTIVATIONS

FAR = 1e4                            # a pre-activation far outside
BOUNDED = 50.0                       # an activation that answers no more than this to it has an end there
BEYOND = 1.5
PLACES = np.concatenate([[-FAR], np.linspace(-20, 20, 401), [FAR]])


def answer_span(fit):
    """(low, high) for the answers of a Fit's network, by its last activation and its targets.

    To a side on which the activation has an end it goes as far as that; else BEYOND times beyond the targets what they
    span, or their size where that is more.
    """
    own = fit.loss_record.output                    # a cross-entropy's own sigmoid or softmax, in place of the last
    low, high = (0.0, 1.0) if own else _ends(fit.network.activations[-1])
    least, most = float(fit.data.y.min()), float(fit.data.y.max())
    more = BEYOND * (max(most - least, abs(most), abs(least)) or 1.0)
    return (min(least, least - more if low < -BOUNDED else low), max(most, most + more if high > BOUNDED else high))


def _ends(activation):
    with np.errstate(all="ignore"):
        answers = ACTIVATIONS[activation].value(np, PLACES)
    return float(np.nanmin(answers)), float(np.nanmax(answers))
