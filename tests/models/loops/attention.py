"""A transformer in loops: one place, one head, one number at a time; layer norm and softmax as books write them."""
import autograd.numpy as anp
from conftest import ORACLE_ACTIVATIONS
from zoo import Sample

from bpviz.models import Transformer


def normed(v, gain, shift):
    mean = sum(v) / len(v)
    spread = anp.sqrt(sum((a - mean) ** 2 for a in v) / len(v) + 1e-5)
    return [g * (a - mean) / spread + b for a, g, b in zip(v, gain, shift, strict=True)]


def times(W, v):
    return [sum(W[i][o] * v[i] for i in range(len(v))) for o in range(len(W[0]))]


def score(m, theta, x):
    blocks, start = {}, 0
    for name, shape in m.blocks.items():
        size = shape[0] * (shape[1] if len(shape) == 2 else 1)
        blocks[name] = anp.reshape(theta[start:start + size], shape)
        start += size
    T, d, c, f = m.steps, m.width, m.width // m.heads, ORACLE_ACTIVATIONS[m.activation]
    may_see = m.mask or [[not m.causal or j <= i for j in range(T)] for i in range(T)]
    at = [[sum(blocks["E"][v, n] * x[t * m.symbols + v] for v in range(m.symbols)) + blocks["p"][n, t] for n in range(d)]
          for t in range(T)]
    for layer in range(m.depth):
        number = "" if m.depth == 1 else str(layer + 1)
        q, k, v = ([times(blocks[letter + number], e) for e in at] for letter in "QKV")
        after = []
        for i in range(T):
            heard = []
            for head in range(m.heads):
                mine = range(head * c, head * c + c)
                fits = {j: anp.exp(sum(q[i][n] * k[j][n] for n in mine) / c ** 0.5) for j in range(T) if may_see[i][j]}
                heard += [sum(fits[j] * v[j][n] for j in fits) / sum(fits.values()) for n in mine]
            after.append([a + o for a, o in zip(at[i], times(blocks["O" + number], heard), strict=True)])
        at = [normed(e, blocks[f"g{2 * layer + 1}"], blocks[f"b{2 * layer + 1}"]) for e in after] if m.norm else after
        if m.hidden:
            inner = [[f(z + b) for z, b in zip(times(blocks["up" + number], e), blocks["bu" + number], strict=True)]
                     for e in at]
            at = [[a + o + b for a, o, b in zip(e, times(blocks["down" + number], h), blocks["bd" + number], strict=True)]
                  for e, h in zip(at, inner, strict=True)]
            if m.norm:
                at = [normed(e, blocks[f"g{2 * layer + 2}"], blocks[f"b{2 * layer + 2}"]) for e in at]
    shown = at if m.every_step else at[-1:]
    return anp.array([z + b for e in shown for z, b in zip(times(blocks["w"], e), blocks["bo"], strict=True)])


SAMPLES = tuple(Sample(model, score, faults=faults) for model, faults in (
    (Transformer(2, 2, 2, 1, 1), True), (Transformer(2, 2, 4, 2, 0, 1, norm=False), False),
    (Transformer(2, 2, 2, 1, 1, 1, 2, "tanh", causal=False), False),
    (Transformer(3, 2, 2, 1, 0, 2, norm=False, every_step=True, mask=((1, 0, 1), (0, 1, 0), (1, 1, 1))), False)))
