"""Small models beyond layers of dense units, each one file, backward pass by hand (network/model.py)."""
from bpviz.models import tasks
from bpviz.models.attention import Transformer
from bpviz.models.convolution import Convolution
from bpviz.models.digits import digits
from bpviz.models.factorisation import Factorisation
from bpviz.models.gated import GRU, LSTM
from bpviz.models.image import Convolution2d
from bpviz.models.memory import memory
from bpviz.models.paths import places_of, saliency
from bpviz.models.ratings import Ratings, films
from bpviz.models.recurrent import Recurrent
from bpviz.models.through_time import state_gradients, state_jacobians, with_radius

__all__ = ["Convolution", "Convolution2d", "Factorisation", "GRU", "LSTM", "Ratings", "Recurrent", "Transformer",
           "digits", "films", "memory", "places_of", "saliency", "state_gradients", "state_jacobians", "tasks", "with_radius"]
