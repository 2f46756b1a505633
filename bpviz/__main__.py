"""The command line: bpviz derive 2-2-1 sigmoid --weight "w1[1,1]"; the same as python -m bpviz.

derive   print the chain rule of one weight, or of all
prove    run the backward pass on symbols; exit 0 if every residue is 0, else 1
lab      make hand-outs of the lessons in a folder of your own and open them in JupyterLab
release, selfcheck, worksheet, inventory, cells    for whoever teaches with the lessons or writes them
"""
import argparse
import math
import sys

import bpviz as bp
from bpviz import lab
from bpviz.coursework.notebooks import commands as coursework


def network(sizes, activation, bias):
    """A Network from "2-2-1" and "sigmoid" or "relu,sigmoid"."""
    try:
        numbers = tuple(int(size) for size in sizes.split("-"))
    except ValueError:
        raise ValueError(f"sizes: got {sizes!r}; allowed are whole numbers joined by -, like 2-2-1") from None
    names = activation.split(",")
    return bp.Network(numbers, names[0] if len(names) == 1 else tuple(names), bias)


def watched(parts, what):
    """Run a generator of Parts to its end: the last result. On a terminal a line on stderr says how far it is."""
    out, wide, part = sys.stderr, 30, None
    for part in parts:
        if out.isatty():
            done, percent = round(wide * part.share), math.floor(100 * part.share)      # 100 only at the end
            print(f"\r{what} [{'#' * done}{' ' * (wide - done)}] {percent:3d}%", end="", file=out, flush=True)
    if out.isatty():
        print("\r" + " " * (len(what) + wide + 8) + "\r", end="", file=out, flush=True)     # nothing of it stays
    return part.result


def derive(words):
    """The derivation for a row of symbols: any data of the right shape will do, no number of it is shown."""
    net, loss = network(words.sizes, words.activation, not words.no_bias), words.loss
    n_in, n_out = net.n_in, net.n_out
    fit = bp.Fit(net, loss, bp.Data([[0.5]] * n_in, [[1 / n_out]] * n_out))
    weights = [words.weight] if words.weight else fit.names
    for weight in weights:
        fit.network.index(weight)
    derivations = bp.derive(fit)
    print("\n\n".join(derivations[w].latex() if words.latex else derivations[w].text() for w in weights))
    return 0


def prove(words):
    """One line per weight, and the verdict."""
    net = network(words.sizes, words.activation, not words.no_bias)
    residues = watched(bp.prove.parts(net, words.loss), "proving")
    for weight, residue in residues.items():
        print(f"{weight:12} residue {residue}")
    wrong = [weight for weight, residue in residues.items() if residue != 0]
    print(f"proved: the backward pass is right for all {len(residues)} weights" if not wrong else
          f"NOT proved: the backward pass is wrong, or not simplified, for {', '.join(wrong)}")
    return 1 if wrong else 0


def main(arguments=None):
    """Run one command; returns the exit status (2 for input that is not understood)."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["lab"]:                       # its words are JupyterLab's own, not this parser's
        return lab.main(arguments[1:])
    parser = argparse.ArgumentParser(prog="bpviz", description="Understand backpropagation by moving its numbers.",
                                     epilog='`python -m bpviz` is the same command.')
    parser.add_argument("--version", action="version", version=f"bpviz {bp.__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("lab", help="bring the lessons into a folder and open them in JupyterLab", add_help=False)
    coursework.add_to(commands)
    for name, action, text in (("derive", derive, "print the chain rule, generated from the network"),
                               ("prove", prove, "prove the hand-written backward pass on symbols")):
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(action=action)
        command.add_argument("sizes", help="units per layer, like 2-2-1")
        command.add_argument("activation", help=f"one name, or one per layer with commas: {', '.join(bp.ACTIVATIONS)}")
        command.add_argument("--loss", default="squared error", help=f"cross-entropy, or: {', '.join(bp.LOSSES)}")
        command.add_argument("--no-bias", action="store_true", help="units without biases")
        if name == "derive":
            command.add_argument("--weight", help='one weight only, like "w1[1,1]"')
            command.add_argument("--latex", action="store_true", help="LaTeX instead of plain text")
    words = parser.parse_args(arguments)
    try:
        return words.action(words)
    except ValueError as error:
        print(f"bpviz: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
