"""Small models beyond layers of dense units, each one file, backward pass by hand (network/model.py)."""
from bpviz.models.attention import Transformer
from bpviz.models.convolution import Convolution
from bpviz.models.digits import digits
from bpviz.models.factorisation import Factorisation
from bpviz.models.image import Convolution2d
from bpviz.models.paths import places_of, saliency
from bpviz.models.ratings import Ratings, films

__all__ = ["Convolution", "Convolution2d", "Factorisation", "Ratings", "Transformer", "digits", "films", "places_of",
           "saliency"]
