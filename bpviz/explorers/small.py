"""How tests make an explorer's work small, said by the explorer itself."""
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Small:
    """How a sweep over all corners of the knobs makes an explorer's work small.

    constants: {name in the explorer's module: value}, fewer cells, starts, seeds.  most: {slider: how far it is moved}.
    far: the same in the one corner that is far in all sliders.  every: only each so-many-th choice of
    the menus, but each option in two of them.
    """
    constants: dict = field(default_factory=dict)
    most: dict = field(default_factory=lambda: {"steps": 2000})
    far: dict = field(default_factory=dict)
    every: int = 1

    def cut(self, values):
        """The values, no slider further than `most`."""
        return {name: min(value, self.most[name]) if name in self.most else value for name, value in values.items()}
