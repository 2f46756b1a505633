"""Small models beyond layers of dense units, each one file, backward pass by hand (network/model.py)."""
from bpviz.models.convolution import Convolution
from bpviz.models.image import Convolution2d

__all__ = ["Convolution", "Convolution2d"]
