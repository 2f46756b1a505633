"""What a proof costs, over the whole tables, and a derivation against sympy.diff of the composed loss.

    .venv/bin/python benchmarks/symbolic.py           prints the tables, and writes them into benchmarks/README.md
"""
import statistics
import time
from pathlib import Path

import numpy as np
import sympy

import bpviz as bp
from bpviz.symbolic.derive import Chain

HERE = Path(__file__).parent
LIMIT_S, REPEATS = 5.0, 5


def seconds(action):
    start = time.perf_counter()
    result = action()
    return time.perf_counter() - start, result


def proofs():
    """(seconds, weights, activation, loss) of every activation under every loss; each must be proved."""
    rows = []
    for activation in [*bp.ACTIVATIONS, ("relu", "softplus"), ("softsign", "elu"), ("swish", "leaky relu")]:
        for loss in bp.LOSSES:
            for sizes in ((2, 3, 2), (2, 2, 2, 1) if bp.LOSSES[loss].least_outputs == 1 else (2, 2, 3)):
                names = activation if isinstance(activation, str) else (activation + activation)[:len(sizes) - 1]
                net = bp.Network(sizes, names)
                spent, residues = seconds(lambda net=net, loss=loss: bp.prove(net, loss))
                assert all(residue == 0 for residue in residues.values()), (activation, loss)
                rows.append((spent, net.n_params, str(activation), loss, sizes))
    return sorted(rows, reverse=True)


def derivations():
    """Per network: steps, operations and seconds of ours and of sympy.diff, medians of interleaved repeats."""
    rows = []
    for sizes in ((2, 2, 1), (2, 3, 3, 1), (2, 4, 4, 4, 1)):
        fit = bp.Fit(bp.Network(sizes), "squared error", bp.Data(np.ones((2, 1)), [[0.5]]))
        ours, theirs = [], []
        for _ in range(REPEATS if len(sizes) < 5 else 3):
            spent, chain = seconds(lambda fit=fit: Chain(fit))
            ours.append(spent)
            written = {}
            for step in chain.steps.values():
                if step.of is None:
                    written[step.symbol] = step.formula.xreplace(written)
            spent, gradients = seconds(lambda w=written, c=chain: [sympy.diff(w[c.L], weight) for weight in c.weights])
            theirs.append(spent)
        own = sum(sympy.count_ops(step.formula) for step in chain.steps.values())
        other = sum(sympy.count_ops(gradient) for gradient in gradients)
        rows.append((sizes, fit.n_params, own, other, statistics.median(ours), statistics.median(theirs)))
    return rows


def shown():
    """Seconds to derive the article's network and to write out all 9 gradients with their numbers, a median."""
    fit, theta = bp.Fit(bp.Network((2, 2, 1)), "squared error", bp.DATA["article"]), np.linspace(-1, 1, 9)
    return statistics.median(
        seconds(lambda: [(derivation.latex(theta), derivation.text(theta)) for derivation in bp.derive(fit).values()])[0]
        for _ in range(REPEATS))


def main():
    proved = proofs()
    worst, median = proved[0], statistics.median(row[0] for row in proved)
    lines = [f"{len(proved)} proofs (every activation and three mixtures, every loss, 2-3-2 with 17 weights, 2-2-2-1 and 2-2-3 with 15), "
             f"all residues 0: median {median:.2f} s, slowest {worst[0]:.2f} s ({worst[2]}, {worst[3]}, "
             f"{'-'.join(map(str, worst[4]))}). Wanted: under {LIMIT_S:.0f} s each: "
             f"{'met' if worst[0] < LIMIT_S else 'NOT met'}.", "",
             "| network | weights | operations: ours | sympy.diff | seconds: ours | sympy.diff |", "|---|---|---|---|---|---|"]
    rows = derivations()
    for sizes, weights, own, other, ours, theirs in rows:
        lines.append(f"| {'-'.join(map(str, sizes))} | {weights} | {own:,} | {other:,} | {ours:.3f} | {theirs:.3f} |")
    _, weights, own, other, ours, theirs = rows[-1]
    spent = shown()
    lines += ["", f"{weights} weights: {theirs / ours:.0f} times as fast as sympy.diff (wanted 10), {other / own:.0f} times "
                  f"fewer operations (wanted 10): {'met' if min(theirs / ours, other / own) >= 10 else 'NOT met'}. Deriving 2-2-1 "
                  f"and writing out all 9 gradients, LaTeX and text with numbers: {spent:.2f} s (wanted under 0.3): "
                  f"{'met' if spent < 0.3 else 'NOT met'}."]
    table = "\n".join(lines)
    print(table)
    path = HERE / "README.md"
    head, mark, rest = path.read_text(encoding="utf-8").partition("<!-- symbolic -->")
    _, end, tail = rest.partition("<!-- /symbolic -->")
    path.write_text(f"{head}{mark}\n\n{table}\n\n{end}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
