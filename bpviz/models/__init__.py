"""Small models beyond layers of dense units, each one file, backward pass by hand (network/model.py)."""
from bpviz.models.convolution import Convolution
from bpviz.models.digits import digits
from bpviz.models.image import Convolution2d
from bpviz.models.paths import places_of, saliency

__all__ = ["Convolution", "Convolution2d", "digits", "places_of", "saliency"]
