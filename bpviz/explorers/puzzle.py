"""Break-it: one line of a backward pass is wrong. Which? Click it, or ask the loss about single entries first."""
from dataclasses import dataclass

from bpviz.base.work import Part
from bpviz.coursework.attempt import HINTS, Attempt, checked
from bpviz.coursework.line_by_line import lines_of
from bpviz.coursework.random_puzzle import LAST, SIZES, random_puzzle
from bpviz.explorers.explorer import Explorer, Slider
from bpviz.network.data import Data
from bpviz.network.fit import Fit
from bpviz.network.shape import Network
from bpviz.plots.gradient_arrows import GradientArrows
from bpviz.plots.layout import Layout, Row, Stack, Tile
from bpviz.plots.listing import Listing, listing_height
from bpviz.plots.motion import Drawing, Shaped
from bpviz.plots.places import SpotsOf

ABOVE = 4                                        # lines above the code, see Attempt.listing
NETWORKS = tuple(Network(sizes) for sizes in SIZES)
MOST_ENTRIES = max(network.n_params for network in NETWORKS)
MOST_LINES = max(len(lines_of(Fit(network, "squared error", Data([[0.0]] * network.n_in, [[0.0]] * network.n_out, ""))))
                 for network in NETWORKS)


@dataclass(frozen=True)
class Scene:
    """The same for every puzzle: how much room the largest takes."""
    entries: int
    lines: int


def scene(values):
    yield Part(1.0, Scene(MOST_ENTRIES, MOST_LINES))


def compute(scene, values, memory):
    number = int(values["puzzle"])
    found = memory.get(("puzzle", number), lambda: checked(random_puzzle(number)))
    yield Part(1.0, Attempt(found, int(values["line"]), int(values["entry"]), int(values["hint"])))


AFRESH = {"line": 0, "entry": 0, "hint": 0}      # how every puzzle begins
HIGH = listing_height(ABOVE, MOST_LINES)
LAYOUT = Layout(
    wide=Row((Tile("network", (12, 6, 20, 6), share=0.55), Tile("code", (12, 6, 12, 6), share=0.45))), tall=HIGH + 24,
    narrow=Stack((Tile("network", (8, 6, 8, 10), high=314), Tile("code", (8, 6, 8, 6), high=HIGH))))


def draw(axes, scene):
    arrows, listing = GradientArrows(axes.network, scene.entries), Listing(axes.code, ABOVE, scene.lines)
    return Drawing((Shaped(arrows, ("arrows", "title")), Shaped(listing, ("listing", "heading"))),
                   places=(SpotsOf(axes.network, "entry", arrows), SpotsOf(axes.code, "line", listing)))


def next_puzzle(scene, attempt):
    return {"puzzle": (attempt.puzzle.number + 1) % (LAST + 1), **AFRESH}


def next_hint(scene, attempt):
    return {"hint": min(attempt.hint + 1, HINTS)}


EXPLORER = Explorer(
    name="puzzle", title="Find the wrong line",
    question="One line of this backward pass is wrong. Which one?",
    knobs=(Slider("puzzle", "puzzle", 0, LAST, 1, 1, whole=True, tip="each number is another puzzle", sets=AFRESH),
           Slider("line", "line", 0, MOST_LINES, 0, 1, whole=True, tip="which line you say is wrong; 0: none yet"),
           Slider("entry", "check entry", 0, MOST_ENTRIES, 0, 1, whole=True,
                  tip="which entry a central difference checks; 0: none"),
           Slider("hint", "hints", 0, HINTS, 0, 1, whole=True, tip="which entries, which layer, which factor",
                  rare=True)),
    scene=scene, compute=compute, draw=draw, layout=LAYOUT, main=("puzzle", "line"),
    actions=(("Hint", "the next of three", next_hint), ("Next puzzle", "another fault, another network", next_puzzle)),
)
