"""What bp.prove gives: a residue for every weight, 0 where its gradient is proved."""
from bpviz.base.refusals import Table
from bpviz.base.result import ShowsItself
from bpviz.words.catalogue import say

LONGEST = 60                   # letters of a residue in a table


class Proof(ShowsItself, Table):
    """{weight: residue} of a backward pass, residues SymPy expressions: hand-written gradient less the true slope.

    faults: {value: residue} of the deltas whose own lines are wrong, for models proved stage by stage; a weight whose
        gradient is made of one of these is not proved, and its residue says by `wrong(...)` how much comes from there.
    """
    most_rows = 60

    def __init__(self, residues, faults=()):
        super().__init__("weight", residues)
        self.faults = dict(faults)

    def __reduce__(self):
        return Proof, (dict(self), self.faults)

    @property
    def proved(self):
        """The names of the weights whose gradient is proved."""
        return tuple(name for name, residue in self.items() if residue == 0)

    @property
    def words(self):
        """For how many weights it is proved, and where it is wrong."""
        return say("results", "proof", weights=len(self), wrong=len(self) - len(self.proved),
                   faults=list(self.faults)[:6] or None)

    def table(self):
        """Every weight and its residue."""
        def cell(residue):
            text = str(residue)
            return text if len(text) <= LONGEST else text[:LONGEST - 3] + "..."
        return say("results", "residues"), ("weight", "residue"), [
            (name, cell(residue)) for name, residue in self.items()]
