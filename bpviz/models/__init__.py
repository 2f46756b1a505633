"""Small models beyond layers of dense units, each one file, backward pass by hand (network/model.py)."""
from bpviz.models.convolution import Convolution
from bpviz.models.factorisation import Factorisation
from bpviz.models.ratings import Ratings, films

__all__ = ["Convolution", "Factorisation", "Ratings", "films"]
