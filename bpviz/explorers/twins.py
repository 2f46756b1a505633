"""Long works of lower floors, as Parts: maps, searches, layers."""
from bpviz.base.work import Part
from bpviz.landscape.basin_map import Basins
from bpviz.landscape.basins import mapping
from bpviz.landscape.critical import searching
from bpviz.landscape.trainability import exploring
from bpviz.network.gradient_flow import measuring
from bpviz.network.starts import drawing


def critical_parts(*given, **more):
    share = 0.0
    for found in searching(*given, **more):
        share = max(share, found) if isinstance(found, float) else 1.0
        yield Part(share, None if isinstance(found, float) else found)


def basins_parts(*given, **more):
    share = 0.0
    for found in mapping(*given, every_s=0.2, **more):
        share = found.share if isinstance(found, Basins) else max(share, found)
        yield Part(share, found if isinstance(found, Basins) else None)


def trainability_parts(*given, **more):
    share = 0.0
    for found in exploring(*given, **more):
        share = share if found is None else found.share
        yield Part(share, found)


def layers_parts(fit, theta):
    for flow in measuring(fit, theta):
        yield Part(flow.rows / flow.of, flow)


def weights_parts(network, *given):
    L = len(network.sizes) - 1
    for k, layers in enumerate(drawing(network, *given), start=1):
        yield Part(k / L, network.join(layers) if len(layers) == L else None)
