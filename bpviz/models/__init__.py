"""Small models beyond layers of dense units, each one file, backward pass by hand (network/model.py)."""
from bpviz.models.attention import Transformer
from bpviz.models.convolution import Convolution

__all__ = ["Convolution", "Transformer"]
