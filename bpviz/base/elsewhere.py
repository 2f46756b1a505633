"""What other libraries and books call the things bpviz has, so that a name from there is answered with the one here.

WORDS holds, for each kind of table (base/arguments.py), other name -> the sentence that helps. Names are
compared in small letters, without spaces, dashes and underlines: "Leaky_ReLU" is "leakyrelu".
"""


def _write(name, *others):
    return dict.fromkeys(others, f"write {name!r}")


def _own(formula, name):
    return f"type it: bp.own_activation({formula!r}, {name!r})"


WORDS = {
    "activation": {
        **_write("identity", "linear", "none", "lin", "id", "line"),
        **_write("sigmoid", "logistic", "logsig", "expit", "sigm", "sig"),
        **_write("swish", "silu"), **_write("relu", "rectifier", "rectifiedlinear", "relu1"),
        **_write("leaky relu", "leakyrelu", "lrelu", "leaky"), **_write("softplus", "smoothrelu"),
        **_write("tanh", "tansig", "hyperbolictangent"),
        "softmax": "softmax belongs to the loss here: write any activation for the last layer and the loss "
                   "'softmax cross-entropy', which brings it",
        "mish": _own("z*tanh(log(1+exp(z)))", "mish"), "selu": "write 'elu'; selu is a multiple of one",
        "relu6": _own("min(max(z, 0), 6)", "relu6"), "sin": _own("sin(z)", "sine"), "step": "a step has slope 0 "
        "everywhere, so no gradient comes through it; write 'sigmoid', its smooth form", "sign": "a sign has slope 0 "
        "everywhere, so no gradient comes through it; write 'tanh', its smooth form",
    },
    "loss": {
        **_write("squared error", "mse", "mseloss", "meansquarederror", "l2", "l2loss", "sse", "leastsquares",
                 "quadratic", "rmse", "msel"),
        **_write("binary cross-entropy", "bce", "bceloss", "bcewithlogitsloss", "binarycrossentropy", "logloss",
                 "logistic", "sigmoidcrossentropy"),
        **_write("softmax cross-entropy", "categoricalcrossentropy", "softmax", "nll", "nllloss", "ce",
                 "softmaxcrossentropy", "multinomial", "negativeloglikelihood"),
        "sparsecategoricalcrossentropy": "write 'softmax cross-entropy', and let bp.Data.from_rows(X, y) turn class "
                                         "numbers into one-hot targets",
        "crossentropyloss": "write 'softmax cross-entropy', and let bp.Data.from_rows(X, y) turn class numbers into "
                            "one-hot targets",
        "mae": "type it: bp.own_loss('abs(o-t)', 'absolute error')",
        "l1": "type it: bp.own_loss('abs(o-t)', 'absolute error')",
        "l1loss": "type it: bp.own_loss('abs(o-t)', 'absolute error')",
        "hinge": "type it: bp.own_loss('max(0, 1-o*t)', 'hinge')",
    },
    "start": {
        **_write("Glorot normal", "xavier", "xaviernormal", "glorot"), **_write("Glorot uniform", "xavieruniform"),
        **_write("He", "kaiming", "kaimingnormal", "henormal", "he normal"), **_write("zeros", "zero", "0"),
        **_write("normal", "gaussian", "randn", "randomnormal"), **_write("uniform", "random", "randomuniform"),
        **_write("constant", "ones"),
    },
    "optimizer": {**_write("gradient descent", "sgd", "gd", "momentum"), **_write("RMSprop", "rms")},
}


def helpful(kind, name):
    """What to write instead of `name`, a word from elsewhere, or ""."""
    plain = "".join(letter for letter in name.lower() if letter not in " -_")
    return WORDS.get(kind, {}).get(plain, "")
