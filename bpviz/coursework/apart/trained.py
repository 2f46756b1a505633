"""A learner's backward pass of a network of layers trains it, apart: every step of Adam is made of its slopes.

The whole training runs in the other Python, in one go. Only what stands inside `train` goes along.

    backward(x, t, W1, b1, W2, b2, ...) -> {"dW1": ..., "db1": ..., and what else it names}, rows first: lesson 3's
"""
import numpy as np

from bpviz.coursework.apart.run import FunctionRun, not_a_function, run, wrong_arguments
from bpviz.words.catalogue import say

NO_DICT, OTHER_SHAPE = 1, 2                                    # what is wrong with what came back


def trainer(backward, beta1, beta2, eps):
    """The function that is sent: (x (rows, n), t, theta (P,), sizes, rate, steps, looks, pull (P,)) -> arrays, see
    `trained`."""
    no_dict, other_shape = NO_DICT, OTHER_SHAPE

    def train(x, t, theta, sizes, rate, steps, looks, pull):
        def layers(theta):
            at, found = 0, {}
            for k, (n, m) in enumerate(zip(sizes[:-1], sizes[1:], strict=True), start=1):
                found[f"W{k}"] = theta[at:at + n * m].reshape(n, m).copy()
                found[f"b{k}"] = theta[at + n * m:at + n * m + m].copy()
                at += n * m + m
            return found

        def slopes(theta):
            """Their slopes (P,), or (what is wrong, the number of the part, its shape)."""
            found = backward(x=x.copy(), t=t.copy(), **layers(theta))
            if not isinstance(found, dict):
                return no_dict, 0, ()
            named = {key.removeprefix("dL/").removeprefix("d").replace("w", "W"): value
                     for key, value in found.items() if isinstance(key, str)}
            parts = []
            for k, (name, weights) in enumerate(layers(theta).items()):
                if name not in named:
                    return no_dict, 0, ()
                array = np.asarray(named[name])
                fits = array.shape == weights.shape or array.size == weights.size == 1
                if array.dtype.kind not in "fiu" or not fits:
                    return other_shape, k, array.shape
                parts.append(array.astype(float).ravel())
            return np.concatenate(parts)

        path, looked, trouble, m, v = [theta], [], (0, 0, ()), np.zeros(len(theta)), np.zeros(len(theta))
        for step in range(steps + 1):
            found = slopes(theta) if step < steps or step in looks else None
            if isinstance(found, tuple):
                trouble = found
                break
            no_numbers = found is not None and not np.isfinite(found).all()
            if step in looks or no_numbers:
                looked.append((step, theta, found))
            if step == steps or no_numbers:
                break
            slope = found + pull * theta
            m, v = beta1 * m + (1 - beta1) * slope, beta2 * v + (1 - beta2) * slope * slope
            ahead = m / (1 - beta1 ** (step + 1)), v / (1 - beta2 ** (step + 1))
            theta = theta - rate * ahead[0] / (np.sqrt(ahead[1]) + eps)
            path.append(theta)
        rows = np.array(path, np.float32).T                    # single precision: what comes back has a limit
        kept = {f"weight{k}": row for k, row in enumerate(rows)}
        at, places, given = ([one[k] for one in looked] for k in range(3))
        return {**kept, "looks": np.array(at, float), "places": np.array(places), "slopes": np.array(given),
                "trouble": np.array([trouble[0], trouble[1], *trouble[2]])}
    return train


def trained(backward, fit, theta, optimizer, steps, looks, seconds):
    """(path (P, n + 1), (looked (k,), places (k, P), slopes (k, P)), FunctionRun): so far as their slopes are numbers.

    fit: a Fit of a Network with biases; its penalty is added to their slopes.  optimizer: an Adam.
    looks: the steps at which their slopes are kept. Path and looks are None where the run says why.
    """
    sizes, pairs = fit.network.sizes, fit.network.layers(np.zeros(fit.n_params))
    x, t = fit.data.x.T.copy(), fit.data.y.T.copy()
    names = [f"{letter}{k}" for k in range(1, len(sizes)) for letter in "Wb"]
    refused = not_a_function(backward) or wrong_arguments(backward, [{"x": x, "t": t, **dict.fromkeys(names, 0.0)}])
    if refused:
        return None, None, refused
    train = trainer(backward, *optimizer.betas, optimizer.eps)
    train.__name__ = name = backward.__name__                  # by which sentences call it
    done = run(train, [{"x": x, "t": t, "theta": np.array(theta, float), "sizes": list(sizes), "steps": int(steps),
                        "rate": float(optimizer.rate), "looks": [int(k) for k in looks], "pull": fit.pull}], seconds)
    if done.kind:
        return None, None, done
    found = done.results[0]
    kind, part, *shape = (int(one) for one in found["trouble"])
    if kind:
        asked = [array.shape for pair in pairs for array in pair][part]
        said = (say("backward", "no_slopes", name=name, names=[f"d{one}" for one in names]) if kind == NO_DICT else
                say("backward", "slope_shape", name=name, part=f"d{names[part]}", yours=str(tuple(shape)),
                    asked=str(asked)))
        return None, None, FunctionRun((), "refused", said)
    path = np.array([found[f"weight{k}"] for k in range(fit.n_params)], float)
    return path, (found["looks"].astype(int), found["places"], found["slopes"]), done
