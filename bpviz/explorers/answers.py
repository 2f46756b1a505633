"""What the buttons of an explorer answer, as HTML: a proof, and the network as a NumPy script."""
import html

from bpviz.network.code import code
from bpviz.symbolic.prove import prove
from bpviz.symbolic.script_lines import quantities
from bpviz.words.catalogue import say


def proof(fit):
    """Every residue of the hand-written backward pass of this network and loss, on symbols."""
    residues = prove(fit.network, fit.loss_name)
    rows = "".join(f"<tr><td>{name}</td><td>{html.escape(str(residue)[:200])}</td></tr>"
                   for name, residue in residues.items())
    wrong = sum(residue != 0 for residue in residues.values())
    verdict = say("page", "proof", wrong=wrong, weights=len(residues))
    return (f'<div class="bpviz-words" role="status">{verdict}</div><table class="bpviz-proof">'
            f'<thead><tr><th>weight</th><th>residue</th></tr></thead><tbody>{rows}</tbody></table>')


def script(fit, theta):
    """The network at theta as a script that needs only NumPy; each line with the names of what it finds."""
    lines = [(quantities(line, fit.network.sizes), html.escape(line)) for line in code(fit, theta).splitlines()]
    marked = "\n".join(f'<span data-quantity="{" ".join(names)}">{line}</span>' if names else line
                       for names, line in lines)
    return f'<pre class="bpviz-code">{marked}</pre>'
