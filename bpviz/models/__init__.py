"""Small models beyond layers of dense units, each one file, backward pass by hand (network/model.py)."""
from bpviz.models.convolution import Convolution
from bpviz.models.gated import GRU, LSTM
from bpviz.models.recurrent import Recurrent

__all__ = ["Convolution", "GRU", "LSTM", "Recurrent"]
