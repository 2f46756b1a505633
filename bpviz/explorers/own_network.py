"""A network of one's own in the explorer of deep ones: its layers, activation and cures; the panel draws its weights.

Its task is the panel's, exclusive or in hiding, in as many inputs as the network has.
"""
from bpviz.base.arguments import refuse
from bpviz.base.work import Part
from bpviz.explorers.deep import task
from bpviz.explorers.explorer import OWN
from bpviz.explorers.own import standing_in
from bpviz.network.fit import Fit
from bpviz.network.shape import Network

OWN_NETWORK = {"network": "own_network"}
LEAST_LAYERS, MOST_INPUTS = 3, 1024


def of_network(make, most_layers, most_units, explorer, given):
    """The explorer of deep networks with this `network`. Raises ValueError for one that it cannot show.

    make: (activation of the hidden units, fit) -> the scene.  most_layers, most_units: as far as the panel reaches.
    """
    network = given["network"]
    if not isinstance(network, Network):
        refuse("network", network, "allowed is a Network")
    sizes, hidden = network.sizes, set(network.activations[:-1])
    any_fit = "bp.explore.surface(fit=...)"
    if not LEAST_LAYERS <= len(sizes) - 1 <= most_layers or max(sizes[1:-1], default=0) > most_units:
        raise ValueError(f"network: got one of {len(sizes) - 1} layers after the inputs, up to "
                         f"{max(sizes[1:], default=0)} units wide; vanishing shows {LEAST_LAYERS} to {most_layers} "
                         f"layers, hidden ones of up to {most_units} units. {any_fit} shows a fit of any")
    if not 2 <= sizes[0] <= MOST_INPUTS or sizes[-1] != 1:
        raise ValueError(f"network: got {sizes[0]} inputs and {sizes[-1]} outputs; vanishing shows 2 to "
                         f"{MOST_INPUTS:,} inputs and one output, its task. {any_fit} shows a fit of any")
    if len(hidden) > 1:
        raise ValueError(f"network: got hidden layers of {', '.join(sorted(hidden))}; vanishing shows one activation "
                         f"in all of them. {any_fit} shows a fit of any")
    activation, = hidden
    cures = [name for name, has in (("skip", network.skip), ("layer norm", network.layer_norm)) if has]
    whole = make(activation, Fit(network, "cross-entropy", task(sizes[0])))
    choices = {"activation": (f"{activation}{OWN}", {}), "cure": (" and ".join(cures) or "none", {})}

    def scene(values):
        yield Part(1.0, whole)
    hidden = {"depth": None, "width": None} | ({} if network.bias else {"bias": None})
    return standing_in(explorer, choices, {}, scene=scene, limits=lambda scene: {**explorer.limits(scene), **hidden})
