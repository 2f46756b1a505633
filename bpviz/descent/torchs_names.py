"""Arguments of optimizers by the names that torch.optim gives them: Adam(lr=0.01) is Adam(rate=0.01)."""
import dataclasses
from functools import wraps

from bpviz.base.arguments import real, refuse

TORCH = {"lr": "rate", "lr_decay": "rate_decay", "initial_accumulator_value": "initial"}


def with_torchs_names(record):
    """The optimizer record, its arguments also by torch's names; both names at once are refused."""
    make, own = record.__init__, [part.name for part in dataclasses.fields(record)]

    @wraps(make)
    def __init__(self, *args, **given):
        for torchs, ours in TORCH.items():
            if torchs in given and ours in own:
                if ours in given or len(args) > own.index(ours):
                    refuse(torchs, given[torchs], f"allowed is {torchs} or {ours}, two names of one argument, not both")
                limits = record.__dataclass_fields__[ours].metadata["limits"]
                given[ours] = real(torchs, given.pop(torchs), **limits)
        unknown = [name for name in given if name not in own]
        if unknown:
            names = [f"{name} (or lr)" if name == "rate" else name for name in own]
            raise TypeError(f"{unknown[0]}: no argument of {record.__name__}; allowed are {', '.join(names)}")
        make(self, *args, **given)
    record.__init__ = __init__
    return record
