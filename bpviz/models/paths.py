"""Which ways a slope takes: the inputs that a score hangs on, and the places where a shared weight was used.

dz/dx    the slope of one score by every input, its saliency: an input with a large one moves the score most
dL/dk    = sum over all places p of delta[p] x[what p sees through this tap]: a filter's entry is used at every place,
         each use is a path from it to the loss, and the chain rule adds up the paths. That is all of weight sharing.
Source: saliency: Simonyan, Vedaldi and Zisserman 2014, arXiv:1312.6034, section 3; shared weights: LeCun et al. 1989.
"""
import numpy as np

from bpviz.base.arguments import Table, instance, is_fit, numeric, one_network, refuse, whole
from bpviz.base.arguments import fit as a_fit
from bpviz.network.backprop import backprop
from bpviz.network.model import Model


def saliency(model, theta, x, score):
    """How fast a score rises with each input: dz/dx, of the shape of x.

    model: any Model, or a Fit of one.  theta: (P,).  x: (n_in, rows), or (n_in,) for one example.
    score: which one, its number from 1; of a Fit whose data have classes, the name of a class will do.
    Raises ValueError for other shapes, and for a score that is not there.
    """
    classes = model.data.classes if is_fit(model) else ()
    model = model.network if is_fit(model) else instance("model", model, Model, "a Model or a Fit")
    theta, x = one_network("theta", theta, model.n_params), numeric("x", x)
    if x.ndim not in (1, 2) or len(x) != model.n_in or x.size == 0:
        raise ValueError(f"x: got shape {x.shape}; allowed is ({model.n_in}, rows), or ({model.n_in},) for one example")
    if isinstance(score, str) and len(classes) == model.n_out:
        score = Table("class", {name: k for k, name in enumerate(classes, start=1)})[score]
    d = np.zeros((model.n_out, x[0].size))
    d[whole("score", score, 1, model.n_out) - 1] = 1
    with np.errstate(all="ignore"):
        return model.to_inputs(theta, x.reshape(model.n_in, -1), d).reshape(x.shape)


def places_of(fit, theta, weight):
    """What each use of one filter entry adds to its slope: (*places, rows), and their sum is dL/d(weight).

    fit: of a Convolution or a Convolution2d.  theta: (P,).  weight: the name of a filter's entry, as "k[1,1,2,3]", or
    of a filter's bias, as "b[1]". A penalty is no path through the data: it is not among them.
    Raises ValueError for another model, and for a weight that is not in a filter.
    """
    network = a_fit("fit", fit).network
    tables = getattr(network, "tables", None)
    if tables is None:
        refuse("fit", fit, "allowed is a Fit of a Convolution or a Convolution2d")
    theta, row = one_network("theta", theta, fit.n_params), network.index(weight)
    block = next(name for name, (place, _) in network.where.items() if place.start <= row < place.stop)
    k, stage = next((k, stage) for k, stage in enumerate(network.stages) if block in stage.weights)
    if stage.weights[0] not in tables:
        filters = [name for name in network.names if name.split("[")[0] in tables]
        refuse("weight", weight, f"allowed is one of a filter, from {filters[0]} to {filters[-1]}, or its bias")
    place, shape = network.where[block]
    f, *tap = np.unravel_index(row - place.start, shape)
    trace = backprop(fit, theta)
    delta = trace.delta[k][f]
    if not tap:
        return delta
    values = dict(zip(("x", *(stage.writes for stage in network.stages)), trace.a, strict=True))
    channel, *tap = tap
    seen = tables[block][0][(..., *tap)]                                # of each place, which input
    inputs = values[stage.reads[0]].reshape(shape[1], -1, delta.shape[-1])[channel]
    inputs = np.concatenate([inputs, np.zeros((1, delta.shape[-1]))])   # the padding
    return delta * inputs[seen.ravel()].reshape(delta.shape)
