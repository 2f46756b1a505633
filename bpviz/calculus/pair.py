"""Two arrays that go together and act as one: a value with its tangent, or the two ends of an interval."""
import numpy as np


class Pair(np.lib.mixins.NDArrayOperatorsMixin):
    """Two arrays of one shape, under the names in `sides`; shaped, indexed and iterated as one array is."""
    sides = ()

    def both(self, move):
        """The pair of what `move` makes of either array."""
        one, other = self.sides
        return type(self)(move(getattr(self, one)), move(getattr(self, other)))

    shape = property(lambda self: getattr(self, self.sides[0]).shape)
    ndim = property(lambda self: getattr(self, self.sides[0]).ndim)
    size = property(lambda self: getattr(self, self.sides[0]).size)

    def __getitem__(self, key):
        return self.both(lambda array: array[key])

    def __len__(self):
        return self.shape[0]

    def __iter__(self):
        return (self[k] for k in range(len(self)))

    def reshape(self, *shape):
        return self.both(lambda array: array.reshape(*shape))
