"""What the buttons of an explorer answer, as HTML: a proof, and the network as a NumPy script."""
import html

from bpviz.network.code import code
from bpviz.symbolic.prove import prove


def proof(fit):
    """Every residue of the hand-written backward pass of this network and loss, on symbols."""
    residues = prove(fit.network, fit.loss_name)
    rows = "".join(f"<tr><td>{name}</td><td>{html.escape(str(residue)[:200])}</td></tr>"
                   for name, residue in residues.items())
    wrong = sum(residue != 0 for residue in residues.values())
    verdict = ("Proved: for all weights, inputs and targets, the hand-written backward pass minus SymPy's derivative "
               f"is exactly 0, for every one of the {len(residues)} weights." if not wrong else
               f"Not right: {wrong} of {len(residues)} residues are not 0.")
    return (f'<div class="bpviz-words" role="status">{verdict}</div><table class="bpviz-proof">'
            f'<thead><tr><th>weight</th><th>residue</th></tr></thead><tbody>{rows}</tbody></table>')


def script(fit, theta):
    """The network at theta as a script that needs only NumPy."""
    return f'<pre class="bpviz-code">{html.escape(code(fit, theta))}</pre>'
