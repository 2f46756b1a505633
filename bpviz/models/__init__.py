"""Small models beyond layers of dense units, each one file, backward pass by hand (network/model.py)."""
from bpviz.models import tasks
from bpviz.models.convolution import Convolution
from bpviz.models.gated import GRU, LSTM
from bpviz.models.memory import memory
from bpviz.models.recurrent import Recurrent
from bpviz.models.through_time import state_gradients, state_jacobians, with_radius

__all__ = ["Convolution", "GRU", "LSTM", "Recurrent", "memory", "state_gradients", "state_jacobians", "tasks",
           "with_radius"]
