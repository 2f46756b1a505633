"""Facts for every sentence of the catalogues: {topic: [(key, facts), ...]}, together they meet every rule."""
SLOPES = 0, 2.5e-7
OVER = {"n": 4, "reduction": "mean"}
WHERE = {"steps": 12, "loss": 0.25, "slope": 2.5e-7}
AT, FAR_OUT = {"theta": [0.5, -1.25], "length": 1.3463}, {"theta": None, "length": 7.125}

SPREAD = {"wrong": 6, "many": 9, "low": -2.25, "high": 1.5, "one": False}
NOT_THIS = {"line": 2, "why": "misses", "entries": {"few": ["w1[1,1]"], "more": 0}, "many": 2,
            "rule": {"kind": "delta", "loss": "squared error", "layer": 1}}
HINT = {"hint": 1, "wrong": 6, "many": 9, "right": 3, "entries": {"few": ["w1[1,1]", "w1[1,2]", "w1[2,1]"], "more": 3},
        "layer": 1, "factor": "delta"}
PINNED = {"w1": 1.0, "w2": -2.25, "there": {"loss": 0.5, "label": "B"}, "here": {"loss": 0.25, "label": "A"}, "away": False,
          "away_now": False, "same": False, "other": False, "gap": {"kind": "higher", "by": 0.25}}

WHERE_IN = "at a random start", "after 100 steps", "yours"
STEP = {"kind": "two", "t": 12, "alike": False, "steep": "w2", "flat": "w1", "gradients": 34.0, "moves": 1.25, "mover": "w2", "largest": 2.5e-5}
OWN_RATES = {"known": True, "apart": True, "more": "w1", "less": "w2", "times": 11.5, "high": 265.0, "low": 23.0}
IN_RATES = {"known": True, "near": False, "apart": False, "first": -0.83, "second": 1.05, "rate": 0.1}


def varied(key, facts, **values):
    """The sentence with these facts, and once more for each other value of a fact."""
    return [(key, facts), *((key, {**facts, name: value}) for name, several in values.items() for value in several)]


def rank(of, equal, place):
    return {"of": of, "equal": equal, "unequal": of - equal, "place": place, "higher": of - place}


RANKS = [rank(1, 1, 1), rank(3, 3, 2), rank(3, 2, 1), rank(2, 1, 1), rank(2, 1, 2), rank(7, 1, 7),
         *(rank(7, 1, place) for place in (1, 2, 3, 4))]
MINIMA = [{"label": "B", "loss": 0.0215, "rank": each} for each in RANKS]


def curvatures(many, negative, zero):
    values = [-1.5] * negative + [0.0] * zero + [2.25] * (many - negative - zero)
    return {"spectrum": {"values": values if many < 5 else None, "lowest": values[0], "highest": values[-1]},
            "many": many, "negative": negative, "others": many - negative, "zero": zero}


BENT = [curvatures(*each) for each in ((1, 1, 0), (1, 0, 1), (1, 0, 0), (2, 2, 0), (3, 1, 0), (3, 2, 1), (9, 0, 2),
                                       (2, 0, 0), (3, 0, 0))]
LIMITS = [{"limit": 0.125, "label": "A", "formula": formula, "decay": decay}
          for formula in ("plain", "heavy ball", "Nesterov", "own") for decay in (False, True)]
TOO_FAST = {"rate": 0.5, "first": LIMITS[0], "second": LIMITS[1], "more": 2}
HALVES = [{"longer": longer, "longer_by": 0.5, "higher": higher, "higher_by": 0.001}
          for longer in (True, False) for higher in (True, False)]
GROUND = {"kind": "flat outwards", "where": WHERE, "place": AT, "curvatures": BENT[3], "dimension": 2, "lossless": False}
KINDS = "a level surface", "flat ground", "a minimum", "undecided", "a saddle", "a maximum"
STALLED = {"kind": "saddle", "label": "S1", "steps": 40, "distance": 0.01, "slope": 1e-5, "curvatures": BENT[4],
           "growth": 1.0125}
NEAR = {"where": WHERE, "near": "A", "distance": 0.5, "nearer": True}
PATH = {"ended": "ran away", "steps": 1200, "loss": 0.5, "slope": 0.25, "begun": True, "lower": True, "still": False, "step": 1e-9}
ALL_EQUAL = {"low": 500, "high": 500, "equal": True, "met": []}
RUNS = {"many": 1000, "walked": ALL_EQUAL, "lost": 0, "lowest": 0.125, "median": 0.25}
FEW = {"few": [0.5, 1.25], "more": False}
FLAT = {"outward": True, "below": 1e-9, "many": 1, "losses": FEW}
NAMES = {"all": ["w1", "w2"], "many": 2, "first": None}
MANY_NAMES = {"all": [*"abcdef"], "many": 6, "first": [*"abc"]}
DIFFER = {"differ": NAMES, "unsure": MANY_NAMES, "agree": 3, "many": 11}
BOXES = {"complete": False, "listed": 2, "proved": 3, "undecided": 1, "low": [-1.0, 0.5], "high": [0.0, 1.5]}
ENDS = [{"name": "A", "kind": "minimum", "loss": 0.5, "part": 0.75}, {"name": "nowhere", "kind": None, "loss": None,
        "part": 0.125}, {"name": "away", "kind": None, "loss": None, "part": 0.125}]
RACERS = [{"name": "Adam", "rate": 0.01}, {"name": "AdaGrad", "rate": 0.1}]
MOST_OFTEN = {"starts": 200, "best": ["A"], "level": 0.5, "racers": 1, "first": {"few": RACERS[:1], "more": 0}, "share": 0.5,
              "low": 0.25, "high": 0.75, "plain": 0.125, "plain_rate": 0.1}
PLACES = [{"letter": letter, "saddle": saddle, "ran": ran, "w1": 1.25, "w2": -3.5, "loss": 0.125} for letter, saddle, ran in
          ((None, None, "away"), ("A", None, ""), (None, None, ""), (None, "S1", ""),
           (None, None, "lost"))]
HEADING = {"phase": "forward", "step": 1, "stops": 30, "row": 2, "rows": 4}
ALONG = {"kind": "straight", "truth": "falls", "rate": 12.5, "curvature": 0.0625, "first": 0.5, "last": 0.25, "one": 16,
         "two": 32}
HOW = ("away", "level", "elsewhere", "slow")
DOWN = {"how": "down", "steps": 16, "label": "", "distance": 0.25, "other": None}
OTHER = {**DOWN, "how": "elsewhere", "label": "B", "other": "A"}
BELOW = {**DOWN, "how": "level", "label": "B"}
OSCILLATES = {"name": "flat", "h": 0.125, "theory": "creeps", "factor": 0.75, "seen": "creeps", "measured": 0.75,
              "agrees": True, "border": False, "quadratic": True, "far": False, "label": "B"}
ADAM = {"flow": False, "name": "Adam", "rate": 0.01, "momentum": 0.5, "nesterov": True}
SHOWN = {"optimizer": ADAM, "flow": False, "refined": 0.5}
SEEN = [{"name": "A", "part": 0.5, "starts": {"n": n}, "point": point, "reach": reach}
        for n in (None, 1024) for point in (True, False) for reach in (None, 0.05)]
SEEN += [{"name": name, "part": 0.25, "starts": {"n": None}} for name in ("nowhere", "away", "no minimum")]
FITS = {"overfits": True, "gap": 0.25, "apart": 0.25, "train": 0.9, "looked": 60, "lowest": 0.125, "at": 1200, "now": 0.5,
        "tries": ["units", "steps", "penalty", "dropout"], "any": True}
TIMES = [{"part": part, "multiple": multiple, "about": 1.7} for part, multiple in (
    (None, 2), (2, None), (3, None), (4, None), (None, 5), (None, None))]
RELATIONS = [{"kind": kind, "opposite": opposite, "right": "0.25", "times": times} for kind, opposite, times in (
    ("incomparable", False, None), ("as large", True, None), ("as large", False, None), ("times", True, TIMES[0]),
    *(("times", False, each) for each in TIMES))]
THEIRS = {"rows": 1, "follows": True, "yours": "0.5", "relation": RELATIONS[-1]}

BOUND = {"row": {"jacobian": 0.5, "silent": 0, "layers": 19}, "silent": 0, "activation": "tanh", "slope": 1, "cure": None,
         "norm": {"weights": 1.25, "slope": 1, "empty": 0, "layers": 19, "kept": 1.25}}

THINGS = ("backward_steps", "descents", "directions", "entries", "layers", "lines", "networks", "operations", "optimizers", "paths",
          "places", "points", "predictions", "proved_points", "random_starts", "restarts", "rows", "seeds", "starts", "steps",
          "test_rows", "training_rows", "undecided_boxes", "units", "weights")
STATES = {"counts": [(things, {"n": n}) for things in THINGS for n in (1, 1200)], "verdict": [
    ("no_step", {}), ("falling", {}), ("odd", {}), ("steps_stay_long", {"optimizer": "Adam"}),
    *varied("ran_away", {"steps": 1, "loss": 1e9}, steps=(1200,)),
    ("slower", {"rate": 0.05, "steps": 300}),
    *varied("settled", {"minimum": MINIMA[0], "steps": 7, "slope": 0, "curvatures": BENT[0]},
            minimum=MINIMA, curvatures=BENT, slope=SLOPES),
    *varied("balanced", {"minimum": MINIMA[0], "where": WHERE, "rate": 0.5, "limit": LIMITS[0]}, limit=LIMITS),
    *varied("hovering", {"minimum": MINIMA[1], "last": 120, "steps": 500, "nearest": 0.01, "farthest": 0.02,
                         "nearing": True, "slope": 0.5}, nearing=(False,)),
    *varied("bouncing", {"period": 2, "losses": {"low": 1, "high": 2.5, "alike": False}, "last": 32, "steps": 99,
                         "length": 0.75, "turning": 0.875}, period=(None,),
            losses=[{"low": 1, "high": 1, "alike": True}]),
    *varied("stalled", STALLED, growth=(None,)), *varied("stalled", {**STALLED, "kind": "maximum"}, growth=(None,)),
    *varied("ground", GROUND, kind=KINDS, place=(FAR_OUT,)),
    ("ground", {**GROUND, "kind": KINDS[0], "dimension": 1}), ("ground", {**GROUND, "kind": KINDS[1], "lossless": True}),
    *varied("standing", {"where": WHERE, "level": True}, level=(False,)),
    *varied("plateau", {"outside": True, "where": WHERE, "place": AT, "half": HALVES[0]}, outside=(False,),
            half=HALVES),
    *varied("still_slopes", {"outwards": True}, outwards=(False,)),
    *varied("at_rest", {"where": WHERE, "held_by": "schedule", "rate": 1e-5, "name": "mine", "step": 1e-9},
            held_by=("weight decay", "own rule")),
    ("beside_a_floor", {"where": WHERE, "gap": 0.2, "loss": 0.5, "step": 0.001}),
    *varied("at_the_start", NEAR, near=(None,)), *varied("moving", NEAR, nearer=(False,), near=(None,)),
    *varied("ahead", {"steps": 1, "label": "A"}, steps=(1200,)),
    *varied("second_half", {"fell": 0.5, "step": 0.125}, fell=(-0.5,)),
    *varied("too_fast", TOO_FAST, more=(0,)), ("too_fast", {**TOO_FAST, "second": None, "more": 0}),
    *varied("local_limit", {"rate": 0.5, "times": 4.25, "limit": 0.1176, "at": "start"}, at=("middle",)),
    ("shaken", {"off": 0.5, "size": 0.125, "steps": 32}),
], "results": [
    ("crowd", {"many": 3, "ends": [{"kind": "settled", "count": 1}, {"kind": "ran away", "count": 2}]}),
    *varied("path", PATH, lower=(False,), begun=(False,), steps=(1,),
             ended=("settled", "out of steps", "loss reached")), ("path", {**PATH, "ended": "out of steps", "still": True}),
    *varied("runs", RUNS, many=(1,), lost=(7,), lowest=(None,), walked=(
        {"low": 3, "high": 500, "equal": False, "met": [
            {"rule": f"{rule} reached", "n": 7} for rule in ("loss", "gradient", "accuracy")]},)),
    *varied("trace", {"rows": OVER, "loss": 0.5, "networks": None}, networks=(1000,),
            rows=({**OVER, "n": 1}, {**OVER, "reduction": "sum"})),
    *varied("layer_gradients", {"layers": 3, "first": 0.5, "last": 0.25, "factor": 0.7, "loss": 0.1}, layers=(1,)),
    *varied("state_jacobians", {"steps": 9, "rate": 0.5, "most": 1.5, "radius": 0.5, "border": 20, "faint": 1e-5},
            border=(1, None), steps=(1,)), ("state_jacobians_table", {}),
    *varied("memory_kind", {"kind": "Elman", "reach": 10, "all": False, "border": 15}, reach=(None,), border=(None,),
            all=(True,)), *varied("memory_kind", {"kind": "Elman", "reach": None, "all": False, "border": None}),
    *varied("memory_kind", {"kind": "LSTM", "reach": 20, "all": True, "border": None}),
    ("memory", {"kinds": [{"kind": "Elman", "reach": 10, "all": False, "border": 15}], "faint": 1e-5}),
    ("memory_table", {}),
    ("layer_jacobians", {"most": 1.5, "least": 0.5}), ("layer_path", {"start": 0.5, "layers": 3, "share": 0.1}),
    ("given_slopes", {}), *(("given_head", {"n": each}) for each in ("weight", "given", "difference", "apart", "judged")),
    *(("given_mark", {"n": each}) for each in ("agree", "differ", "cannot tell")),
    *varied("gradients_agree", {"many": 7, "weight": "w1", "error": 1e-9}, many=(1,)),
    *varied("gradients_frozen", {"many": 7, "names": NAMES}, names=(MANY_NAMES,), many=(1,)),
    *varied("gradients_differ", DIFFER, differ=(None,), unsure=(None,)),
    ("puzzle", {"number": 3, "faults": ["factor 2", "wrong sign"]}),
    *varied("flat", FLAT, below=(0,), many=(1200,), losses=({"few": [0.5, 1.5], "more": True},)),
    *varied("flat", {**FLAT, "outward": False}, below=(0,)), *varied("nothing_found", {"valley": True}, valley=(False,)),
    *varied("held", {"n": 2, "more": 0, "some": [{"name": "b1[1]", "value": 0.35}] * 2}, n=(8,)),
    *varied("valley", {"many": 40, "alone": True, "floor": True}, floor=(False,)),
    *varied("valley", {"many": 40, "alone": False, "floor": True}, floor=(False,)),
    *varied("searched", {"starts": 1, "low": FEW, "high": {**FEW, "more": True}}, starts=(2000,)),
    *varied("certificate", BOXES, complete=(True,), undecided=(0,)),
    *varied("basins", {"starts": 1024, "finished": True, "ends": ENDS}, finished=(False,), starts=(0,)),
    ("within", {"reach": 0.05}), *varied("rough", {"probed": 400, "elsewhere": 3}, elsewhere=(0, 1)),
    *varied("proof", {"wrong": 2, "weights": 9, "faults": ["z1"]}, wrong=(0,), faults=(None,)), ("residues", {}),
    *varied("trainability", {"converged": 0.5, "steps": 200, "known": 1}, known=(0.25,)),
], "vanishing": [
    ("too_large", {"layers": 30}), *varied("none_reaches", {"layers": 30, "first": 7, "biases": False}, first=(None,), biases=(True,)),
    *varied("lost", {"why": "nothing in", "layer": 3, "dead": 0.5},
            why=("too small", "all dead", "zero weights", "some dead", "zeros")),
    *varied("size", {"whole": 0.5}, whole=(1e-9, 1e9)), ("alike", {}),
    *varied("multiplies", {"factor": 0.25, "speed": 1e-8, "layers": 12, "expected": 0.26, "steps": 0},
            expected=(None,), steps=(5,)),
    *varied("bound", BOUND, cure=("skip",), slope=(None, 0.25, 1.09), norm=({**BOUND["norm"], "weights": 0, "kept": 0, "empty": 12},)),
    *(found for silent in (1, 4) for found in varied(
        "bound", {**BOUND, "silent": silent, "row": {**BOUND["row"], "jacobian": 0, "silent": silent}}, cure=("skip",), slope=(None,))),
    *varied("no_slope", {"share": 0.25, "stuck": 0.125, "dead": 0.005, "name": "silent"}, stuck=(0,), dead=(0,),
            name=("saturated", "flat")),
    *varied("no_slope", {"share": 0.01, "stuck": 0.125, "dead": 0.005, "name": "silent"}, dead=(0,)),
    ("ran_away", {"step": 17}),
    *varied("trained", {"steps": 1, "before": 0.7, "after": 2e5, "first": 1e-5, "last": 0.1, "layers": 12}, steps=(300,)),
], "cure": [
    *varied("luck", {"of": 5, "others": 4, "done": 4, "whole": True, "plain": 0, "cured": 5, "step": 800}, whole=(False,)),
    ("luck", {"of": 2, "others": 1, "done": 0, "whole": False, "plain": 0, "cured": 1, "step": 800}),
    ("training", {"step": 40, "asked": 800}),
    *varied("title", {"name": "skip", "cured": True, "loss": 0.25, "right": 0.75}, cured=(False,)), ("bars", {"step": 20}), ("loss_axis", {}),
    ("guessing", {}), ("table", {"step": 400}),
    *varied("compared", {"kind": "more", "cure": "skip", "loss": 0.25, "plain": 0.5, "steps": 400},
            kind=("less", "same", "none", "neither", "level")),
    *varied("side", {"cure": "skip", "gets": {"layers": 12, "part": 0.25}, "ends": {"right": 0.5, "away": None, "guess": False}},
            cure=(None,), gets=({"layers": 12, "part": None},),
            ends=({"right": 0.5, "away": 7, "guess": False}, {"right": 0.5, "away": None, "guess": True})),
], "escape": [
    ("lowest_ground", {}), *varied("now", {"step": 12, "all": True}, all=(False,)), ("penalty", {"share": 0.25}), ("near", {"label": "A"}),
    *varied("passing", {"names": ["Adam", "Lion", "NAdam"], "more": 2}, more=(0,)),
    *varied("from_here", {"count": 3, "others": 5, "of": 8, "there": ["Adam", "AdaGrad"], "rest": ["momentum"],
                           "most": False, "best": ["A"]},
            most=(True,), count=(0, 1), others=(0, 1), best=(["A", "B"],)),
    ("under_way", {"done": 3, "of": 8}), ("none_reached", {"starts": 200, "best": ["A", "B"], "level": 0.5}),
    *varied("most_often", MOST_OFTEN, plain=(None,), first=({"few": RACERS, "more": 2},)),
    *varied("most_often", {**MOST_OFTEN, "racers": 5}, plain=(None,)),
    *varied("told_apart", {"name": "Adam", "ahead": 17, "behind": 4, "racers": 9, "chance": 0.01}, chance=(0.5, 1e-9)),
    *varied("with_restarts", {"tries": 1, "name": "Adam", "chance": 0.75, "low": 0.5, "high": 0.9, "starts": 12, "all": False}, tries=(10,),
            all=(True,)),
    *varied("inside", {"name": "Adam", "any": True, "parts": [{"name": "m", "long": True, "value": 0.5},
                                                              {"name": "t", "long": False, "value": 7.0}]}, any=(False,)),
    *varied("heading", {"lines": [{"dash": "—", "name": "m"}, {"dash": "- -", "name": "v"}], "any": True, "state": True},
            any=(False,)), ("heading", {"lines": [], "any": False, "state": False}),
    *varied("table", {"starts": 0, "inside": {"name": "Adam", "any": False, "parts": []}}, starts=(200,)), ("reach", {"best": ["A"]}), ("with", {"tries": 10}),
    *varied("reach_title", {"best": ["A", "B"], "short": False}, short=(True,)),
], "backprop": [
    *varied("heading", HEADING, phase=("loss", "backward", "rows", "update"), row=(None,)),
    ("stop", {"heading": HEADING, "name": "dL/dz1", "value": -0.25, "why": "chain rule: times its share"}),
    *varied("step", {"before": 0.5, "after": 0.25, "finite": True, "change": -0.25}, finite=(False,), change=(0.5, 0)),
    ("shifted", {"name": "x[1]", "old": 0.5, "new": 0.7}), *varied("no_cure", {"skip": True}, skip=(False,)),
    ("differs", {"by_hand": 0.5}), *varied("checked", {"agree": True, "by_hand": 0.5}, agree=(False,)),
    *varied("table", {"rows": 1}, rows=(4,)), ("later", {}), *varied("where", {"file": "backprop.py", "line": 152, "code": "dW2 = a1 @ d2.T"}, code=("",)),
    *(("finding", {"what": what, "name": "w1[1,2]", "value": 0.25, "change": change, "size": abs(change), "finite": True,
                   "before": 0.5, "layer": 1, "unit": 2, "rows": rows, "left": None, "right": None, "one": True})
      for what in ("z", "m", "s", "h", "a", "L", "slope", "mean", "new", "new loss") for change in (0, 0.25, -0.25) for rows in (1, 4)),
    ("finding", {"what": "z", "name": "z1[2]", "value": 1e9, "change": 1e9, "size": 1e9, "finite": False, "before": 0.5,
                 "layer": None, "unit": None, "rows": 1, "left": None, "right": None, "one": True}),
    *(("finding", {"what": what, "name": "w1[1,2]", "value": 0.0, "change": 0.0, "size": 0.0, "finite": True, "before": 0.5, "layer": None,
                   "unit": None, "rows": 4, "left": left, "right": -0.72, "one": left == -0.72}) for what in ("slope", "mean") for left in (0.25, -0.72)),
    *((f"key_{part}", {"way": way}) for part in ("title", "plus", "minus") for way in ("forward", "backward", "all rows")),
    ("key_size", {"size": 0.033}), ("key_road", {}), ("key_note", {}),
    *varied("loss_title", {"squared": True, "outputs": 1}, squared=(False,), outputs=(2,)),
], "basins": [
    ("table", {}),
    *varied("map", {"row": 2, "x": -3.0}, row=(0,)), ("row", {"x": -3.0, "part": 0.02, "loss": 0.0531, "step": 120}),
    *varied("optimizer", ADAM, flow=(True,), momentum=(0,), nesterov=(False,)),
    *varied("rough", {"probed": 400, "elsewhere": 3}, elsewhere=(0, 1)), ("no_end", {}), ("ends", {"ends": SEEN}), *varied("shown", SHOWN, flow=(True,), refined=(None,)),
    ("shown", {**SHOWN, "flow": True, "refined": None}),
    ("borders", {"borders": [{"saddle": "S1", "a": "A", "b": "B"}, {"saddle": "S2", "a": None, "b": None}]}),
    *varied("in_the_making", {"faded": True}, faded=(False,)), *varied("differ", {"share": 0.25, "made": True}, made=(False,)),
    ("from_here", {"n": "Settled."}), *varied("flow", {"loss": 0.125, "end": "A"}, end=(None,)),
], "boundary": [("moment", {"step": 600, "train": 0.9, "test": 0.85}),
    ("after", {"steps": 600, "train": 0.75, "train_rows": 60, "test": 0.5, "test_rows": 200, "size": 4.25}),
    *varied("fit", FITS, overfits=(False,)), *(("fit", {**FITS, "overfits": False, "gap": gap, "train": train})
                                                for gap, train in ((0.01, 0.5), (-0.25, 0.9), (0.01, 0.9))),
    ("fit", {**FITS, "overfits": False, "gap": 0.01, "train": 0.5, "tries": [], "any": False}),
    ("penalty", {"share": 0.25}), ("table", {"shown": 100, "asked": 600}),
], "chain_rule": [
    *varied("ledger", {"roads": 1}, roads=(2,)), *varied("ledger_short", {"roads": 1}, roads=(2,)), ("nudge_by", {}),
    ("nudge_moved", {}), ("nudge_said", {}), ("nudge_note", {}), ("set_up", {"weight": "w1", "value": 0.25, "backward": 5}),
    *varied("finding", {"weight": "w1", "value": 0, "size": 0.25, "left": None, "right": None, "one": True}, value=(0.25, -0.25)),
    *((key, {"weight": "w1", "value": 0, "size": 0.0, "backward": 5, "left": left, "right": -0.72, "one": left == -0.72}) for left in (0.0, -0.72) for key in ("finding", "slope")), ("nudge_lost", {}),
    *varied("nudge", {"weight": "w1", "by": 0.01, "moved": -1e-4, "promised": -1.1e-4, "broken": False, "lost": False, "kink": False}, broken=(True,), by=(0,),
            lost=(True,), kink=(True,)),
    ("nudge", {"weight": "w1", "by": 0.01, "moved": -1e-4, "promised": -1.1e-4, "broken": True, "lost": False, "kink": True}),
    ("table", {}), ("unfold", {}),
    *varied("slope", {"weight": "w1", "value": 0, "backward": 5, "left": None, "right": None, "one": True}, value=(0.25, -1e-5)),
    *varied("three_ways", {"answer": "agree", "error": 1e-10, "because": "of a kink"}, answer=("differ", "cannot tell")),
], "difference": [
    ("here", {}), ("best", {}),
    *varied("errors", {"h": 1e-5, "ratio": 1.0, "errors": [{"name": "central", "error": 1e-10}]}, ratio=(0.1, 10.0)),
    ("work", {"units": 8, "weights": 49, "both": 294, "differences": 9604, "times": 32.7}),
], "backward": [
    ("right", {"steps": 12}), ("wrong_entry", {"name": "dz1", "yours": "0.1", "x": -1.5, "relation": "twice the right 0.05"}),
    ("no_number", {"name": "dw1", "x": -1.5, "right": "0.05"}), ("nothing", {}),
    *varied("later", {"steps": 0}, steps=(1, 3)), *((key, {}) for key in ("waiting", "entry_of", "yours", "right_one", "legend")),
    *varied("both_paths", {"mine": PLACES[0], "right": PLACES[1], "letters": False, "same": False}, mine=PLACES[1:]),
    ("both_paths", {"mine": PLACES[1], "right": {**PLACES[1], "letter": "B"}, "letters": True, "same": False}),
    ("both_paths", {"mine": PLACES[1], "right": PLACES[1], "letters": True, "same": True}),
    ("no_path", {"why": "It stopped."}), ("right_path", {"words": "Settled."}), ("table", {"x": -1.5}),
    *varied("mark", {"mark": "✓"}, mark=("→", "✗", "–")), *varied("right_parts", {"names": ["do", "dz2"], "many": 2}, many=(1,)),
    *varied("wrong_part", {"name": "dz1", "place": {"entry": "z1[2]", "row": 2}, "yours": "0.1", "relation": "twice the right 0.05",
                           "follow": ["dW1", "db1"], "following": 2}, place=({"entry": "w1[1,2]", "row": None},), following=(0,)),
    ("wrong_shape", {"name": "dW1", "yours": "(2, 3)", "asked": "(3, 2)"}), ("no_partials", {"name": "backward", "names": ["do", "dz2"]}),
    *((key, {}) for key in ("slopes", "weight", "judged")),
    ("right_looks", {"looked": 58}), ("wrong_look", {"at": 37}), ("no_training", {"why": "It stopped."}), ("rows_of_yours", {}),
    *varied("both_trained", {"steps": 600, "all": True, "mine": 0.2135, "right": 0.0349}, all=(False,)),
    ("no_slopes", {"name": "backward", "names": ["dW1", "db1", "dW2", "db2"]}), ("trained_table", {"steps": 600}),
    ("slope_shape", {"name": "backward", "part": "dW1", "yours": "(3, 2)", "asked": "(2, 3)"}), ("length_of", {"part": "dW1"}),
    *varied("moment", {"step": 600, "train": 0.975, "test": 0.9, "same": True}, same=(False,)), *((key, {"rows": "training"}) for key in ("loss_of", "share_of")),
    ("right_network", {"words": "Settled."}),
], "data": [
    *varied("commas", {"whole": "1200", "decimal": "1.200"}, decimal=(None,)),
    *varied("standardised", {"columns": [{"name": name, "middle": 3.2, "width": 1.4} for name in ("x1", "x2")], "more": 0}, more=(3,)),
], "minima": [*varied("costliest", {"place": 1}, place=(2, 3, 5)), ("others", {"many": 1296}), ("table", {}), ("on_the_way", {"steps": 127, "asked": 4000, "loss": 0.25}),
             ("costs_most", {"share": 0.5, "x": -1.5, "answer": 0.25, "target": 0.75}),
             *varied("pushed", {"step": 12, "w1": 0.5, "w2": -1.5, "steps": 300,
                                "end": {"to": "A", "was": "B", "same": False, "loss": 0.25, "how": None}},
                     end=tuple({"to": to, "was": was, "same": to == was, "loss": 0.25, "how": how} for to, was, how in (
                         ("A", "A", None), ("A", None, None), *((None, "A", how) for how in (None, "away", "valley", "unlisted"))))),
             ("moment", {"step": 12, "loss": 0.25}), ("here", {"step": 1200, "w1": 0.5, "w2": -1.25, "loss": 0.25}), ("together", {}), ("alone", {"x": -1.5})], "adam": [
    *((key, {}) for key in ("row_gradient", "row_mean", "row_root", "row_rates", "row_move", "start", "plain_path", "looked_at")),
    ("scale", {"largest": 0.0664}),
    *((key, {**STEP, "kind": kind}) for key in ("title_step", "step") for kind in ("two", "one", "none", "lost", "rest", "halts", "coasts", "moves")), ("step", {**STEP, "alike": True}),
    *varied("title_own", OWN_RATES, apart=(False,)), ("title_own", {**OWN_RATES, "apart": False, "known": False}), ("rates", OWN_RATES),
    *varied("title_rate", IN_RATES, near=(True,), known=(False,)), *varied("near", {**IN_RATES, "near": True}, apart=(True,)),
    *varied("title_ends", {"both": None, "neither": False, "adam": {"away": False, "label": "A"}, "plain": {"away": False, "label": ""}}, both=("A",), neither=(True,),
            plain=({"away": True, "label": ""},)),
    ("title_loss", {"step": 12, "adam": 0.25, "plain": 0.5}),
    *varied("against", {"names": "w1", "many": 1}, many=(2,)), ("correction", {"times": 3.16}),
    *varied("ends", {"steps": 500, "adam": {"away": False, "label": "A"}, "plain": 20.0,
                     "other": {"away": False, "label": ""}, "neither": False}, neither=(True,), other=({"away": True, "label": ""},)),
    ("table", {"t": 12}), ("corner", {}),
], "momentum": [
    ("table", {}), *varied("title_loss", {"below": False, "label": "C"}, below=(True,)), *varied("title_plane", {"flat": "creeps", "steep": "swings", "alike": False}, alike=(True,)),
    *varied("title_plain", DOWN, how=HOW), *varied("title_heavy", DOWN, how=HOW), ("title_plain", BELOW),
    ("title_heavy", BELOW), ("title_plain", OTHER), ("title_heavy", OTHER), ("pair", {"momentum": 0.5, "heavy": OTHER, "plain": OTHER}),
    *varied("pair", {"momentum": 0.5, "heavy": DOWN, "plain": {**DOWN, "how": "away"}}, momentum=(0,),
            heavy=tuple({**DOWN, "how": how, "label": label} for how in HOW for label in ("", "B") if label or how != "elsewhere")),
    *varied("direction", OSCILLATES, agrees=(None,), name=("steep", "each")),
    *varied("direction", {**OSCILLATES, "agrees": False}, border=(True,), quadratic=(False,)),
    *varied("direction", {**OSCILLATES, "agrees": None, "seen": None, "measured": None}, quadratic=(False,), far=(True,)),
    ("far", {"label": "B"}),
    *varied("fastest", {"rate": 2.78, "momentum": 0.25, "factor": 0.5, "plain": 0.75}, momentum=(0,)),
    *varied("pinned", {"rate": 1.9, "momentum": 0.6, "w1": -5.0, "w2": 3.0, "valley": {"other": False, "condition": 25.0}, "there": DOWN,
                       "here": DOWN, "gap": {"kind": "alike", "by": 0}}, valley=({"other": True, "condition": 10.0},),
            gap=({"kind": "slower", "by": 5}, {"kind": "quicker", "by": 5}, {"kind": None, "by": 0})),
], "phase": [
    ("phase", {"sigma_w": 1.5, "sigma_b": 0.05, "phase": "chaotic"}),
    *varied("reach", {"lengths": {"q": 0.5}, "chi": 1.125, "phase": "chaotic", "depth": 7.5}, depth=(1e9, 0.0),
            lengths=({"q": float("inf")}, {"q": 0.0}), phase=("ordered", "critical")),
    *varied("inputs", {"trend": "more", "first": 0.6, "last": 0.9}, trend=("less", "same")),
    ("theory_alone", {"activation": "erf"}), ("measured", {"layers": 30, "width": 200, "gradient": 0.5, "expected": 0.25}),
], "rate": [
    ("rate", {"rate": 0.5, "verdict": "Settled."}),
    *varied("limits", {"many": 1, "valley": False, "limits": [{"label": "A", "limit": 0.5}]}, many=(0,)),
    *varied("against", {"holds": ["A", "B"], "many": 2, "settled": "A", "held": True, "unlisted": False}, held=(False,)),
    *varied("against", {"holds": ["A"], "many": 1, "settled": None, "held": False, "unlisted": False}, unlisted=(True,)),
    *varied("against", {"holds": [], "many": 0, "settled": None, "held": False, "unlisted": False}, settled=("B",), unlisted=(True,)),
    ("limits", {"many": 0, "valley": True, "limits": []}),
    *((key, {**ALONG, "kind": kind}) for key in ("line", "title_line") for kind in ("level", "line", "down", "straight", "zigzags",
                                                                                   "leaves")),
    *varied("truth", ALONG, truth=("leaves",)), ("downhill", {}), ("whose", {}), ("straight", {}), ("zigzags", {}), ("leaves", {}),
    ("downward", {}), ("level", {}), *varied("out", {"parabola": "4, 5", "truly": "3"}, parabola=(None,), truly=(None,)),
], "saturation": [
    ("table", {}),
    *varied("unit", {"z": -2.5, "answer": 0.01, "target": 1.0, "off": 0.99, "edge": 0.01}, edge=(0.25,)),
    *varied("gradients", {"squared": -0.25, "cross": 1.5, "times": 12345.6}, times=(None,)),
    ("gradients", {"squared": 0, "cross": 0, "times": None}),
], "surface": [
    *varied("heading", {"weights": "trained", "s": 0.0, "t": 0.0, "moved": False}, moved=(True,), weights=WHERE_IN),
    *varied("heading", {"weights": "trained", "s": 1.5, "t": -0.25, "moved": True}, weights=WHERE_IN),
    *((f"legend_{name}", {}) for name in ("point", "arrows", "way", "track", "end", "start")),
    ("whole", {"loss": 3.25, "w1": "1.00", "w2": "-0.50", "gradient": 0.75}), ("place", {"w1": "1.00", "w2": "-0.50"}), ("hills", {}),
    *varied("led", {"w1": "1.00", "w2": "-0.50", "loss": 0.25, "gradient": 0.01, "way": "edge"}, way=("none", "out", "inside")),
    ("held", {"held": 0.75, "along": 0.5}), ("main", {"place": 1}), 
    ("table", {}), ("inside", {}), ("answers", {}),
    ("point", {"loss": 0.5}), ("twice", {"one": "w1", "other": "w2"}), *varied("shown", {"names": ["w1", "w2"], "share": 0.25, "gradient": 0.125, "hidden": 7, "weights": 9}, gradient=(None,)),
    ("all_of_it", {}), *varied("curvature", {"negative": 1, "seen": 0, "unseen": 1}, negative=(3,), unseen=(0,)),
    *varied("second", {"n": 32, "names": ["v1", "v2"], "lower": 0.125}, lower=(None,)),
], "trainability": [
    *varied("train", {"converged": 0.75, "made": 1}, made=(0.5,), converged=(0.0, 1.0)),
    *varied("train", {"converged": 0.0, "made": 0.5}, converged=(1.0,)), ("no_border", {}), ("under_way", {}), ("window", {"wide": 2.0}),
    *varied("border", {"dimension": 1.25, "decades": 1.5, "smallest": 1, "largest": 32, "control": 1.0, "beyond": 0.25},
            beyond=(0.05,)),
], "pictures": [
    *varied("input", {"name": "input $x$", "standardised": True}, standardised=(False,)),
    ("network", {"sizes": [2, 1], "inputs": [0.5, -1.0], "output": [0.25], "target": [1.0]}),
    *varied("activation", {"name": "tanh", "most": 1.0, "at": 0.0, "stays": False}, stays=(True,)),
    ("answers", {}), ("minima", {}), ("by_row", {}), ("no_loss", {}), ("drag_step", {}), ("basins", {"result": "Of all starts ..."}),
    *varied("loss_curve", {"first": 0.5, "last": 0.25, "steps": 1, "ran_away": False, "change": -0.25}, change=(0.5,),
            ran_away=(True,), steps=(2000,)),
    *varied("goal", {"goal": 0.02, "short": 0.25}, short=(0.0, -0.01)), ("gradient", {"layer": 2, "before": 0.5, "after": 1e-9}),
    ("size", {}), ("data_row", {}), ("slopes", {"when": "at the end"}), *varied("time", {"step": 3}, step=(None, 1000)),
    ("training", {"when": "at the end", "units": 4, "before": 0, "after": 4, "gradients": [
        {"layer": 1, "before": 0.25, "after": 0.0}, {"layer": 3, "before": 0.5, "after": 1e-9}]}),
    *varied("critical_points", {"many": 2, "labels": ["A", "S1"]}, many=(0,)),
    *varied("one_weight", {"many": 1, "low": -10.0, "high": 10.0, "at": [0.5, 2.0]}, many=(0, 2)),
    ("by_layer", {"name": "Glorot", "layers": 5, "answer_first": 0.5, "answer_last": 0.25, "slope_first": 0.125,
                "slope_last": 1.5}),
], "gradient_check": [
    ("no_formula", {}), ("overflow", {}), ("by_hand_off", {"off": 0.5, "own": 1e-15}), ("no_step", {}),
    ("within", {"apart": 1e-9, "bar": 1e-8}), *varied("own_rounding", {"own": 1e-3, "joint": True}, joint=(False,)),
    ("slope_jumps", {"h": 1e-5}), ("difference_off", {"off": 0.5, "bar": 1e-8}), ("kink", {"left": -0.5, "right": 0.5}),
    ("rounding", {"bar": 1e-3}), ("bends", {"bar": 1e-3}),
], "derivation": [
    ("pre_activation", {"unit": 1, "layer": 2}), ("answers", {"unit": 1, "layer": 2, "activation": "tanh"}),
    *varied("loss", {"name": "cross-entropy", "penalty": True, "rows": 4, "reduction": "mean"}, penalty=(False,),
            reduction=("sum",)), ("mean", {"layer": 2}),
    ("deviation", {"layer": 2}), ("normalised", {"unit": 1, "layer": 2}), ("with_penalty", {}), ("added", {"many": 3}),
    ("skip_back", {"layer": 2}), *varied("norm_back", {"skip": True}, skip=(False,)),
    *varied("output_slope", {"softmax": True, "unit": 1}, softmax=(False,)),
    ("its_share", {}), *varied("direct", {"kind": "z"}, kind=("a",)), *varied("chain_rule", {"kind": "h"}, kind=("w", "b", "a")),
    ("of_all_rows", {"slope": "dL/dw1[1,1]"}), *varied("row_by_row", {"rows": 4, "reduction": "mean"}, reduction=("sum",)),
    ("stage", {"stage": "z"}), *varied("head", {"weight": "b", "network": {"sizes": [2, 2, 1], "called": "a"}, "activations": ["tanh"], "loss": "squared error", "rows": 4,
                     "reduction": "mean"}, rows=(1,), reduction=("sum",), network=({"sizes": None, "called": "a Convolution"},)), ("new", {"weight": "w1[1,1]"}), ("update", {}),
    ("new_loss", {}), ("once_more", {}),
], "page": [
    ("play", {}), ("pause", {}), ("size", {}), ("judged", {}), ("dots", {"name": "fit"}),
    *varied("takes_none", {"name": "data", "explorer": "minima", "can": "bp.explore.boundary(data=...)", "fits": "minima and rate", "here": True},
            here=(False,), name=("fit",)),
    *varied("suited_rate", {"rate": 0.5, "w1": 1.0, "w2": 2.0, "steps": 500, "curvature": 1.75, "half": 0.5714, "suits": True,
                            "fit": True}, suits=(False,), half=(None,), fit=(False,)),
    *varied("bearable_rate", {"rate": 0.5, "starts": 121, "steps": 500, "bears": True, "bouncing": 3, "fit": True}, bears=(False,), bouncing=(0, 1),
            fit=(False,)),
    ("shown_standardised", {"asked": "Which?", "why": "Inputs standardised: x minus 3, divided by 2."}), *((key, {"name": "mine"}) for key in ("shown_fit", "shown_objective", "whole_question")), ("start_weight", {"k": 1}), ("surface_menu", {}), ("moment_of_bare", {}),
    *(("bare_question", {"n": each, "asked": "Which rates?"}) for each in ("minima", "escape", "basins", "rate")),
    *((key, {}) for key in ("again", "stopped", "reset", "not_answered", "first_counts", "printed", "hint_tip", "walk_tip",
                            "solution_tip", "no_walk", "walk_below", "own_optimizer", "own_fit_of_two", "own_walked_fit", "own_walked_theta", "own_walked_backward", "own_trained_backward", "own_network", "own_backward", "own_fit", "own_theta", "own_path", "own_data", "more")),
    *((key, {"kind": kind, "name": "bent"}) for kind in ("activation", "loss") for key in ("formula_label", "formula_tip", "formula_example",
                                                                                "formula_drawn")),
    ("formula_proving", {}), *varied("formula_taken", {"name": "bent", "points": 21, "jumps": True}, jumps=(False,)),
    *varied("proof", {"wrong": 0, "weights": 9}, wrong=(2,)), *varied("arrow_keys", {"moves": "point", "across": "w1", "up": "w2"}, moves=("window", "light")),
    ("inventory_head", {"number": 3, "many": 20}), ("inventory_kept", {}), ("inventory_before", {"many": 20}),
    ("inventory_open", {"done": 3, "many": 20}),
    ("two_curves", {"both": "You said 1, it is 2.", "words": "Why."}), ("no_outcome", {"why": "ValueError: no."}),
    *varied("choice", {"yours": True, "happens": True}, yours=(False,), happens=(False,)),
    ("reliability", {"many": 12, "levels": [{"name": "sure", "right": 3, "of": 4}, {"name": "unsure", "right": 1, "of": 2}]}),
    *varied("sketch", {"points": 40}, points=(None,)), *varied("your_sketch", {"points": 40}, points=(None,)),
    *varied("head", {"status": "right", "title": "One unit"}, status=("wrong", "not attempted")),
    *(("parts", {"backwards": each}) for each in (True, False)),
    *(("mark", {"n": each}) for each in ("right", "wrong", "follows", "no credit")),
    ("failed", {"kind": "ValueError", "said": "no"}), ("early", {"name": "gradient"}),
    *varied("hint", {"left": True, "next": 2, "of": 3}, left=(False,)), ("did_not_work", {"kind": "ValueError", "said": "no"}),
], "pins": [
    *((key, {}) for key in ("hidden", "under_way", "unready")), ("name", {"w1": 1.0, "w2": -2.25}),
    *varied("compared", PINNED, away=(True,), away_now=(True,), same=(True,), other=(True,), there=({"loss": 0.5, "label": ""},),
            gap=({"kind": "equal", "by": 0.0}, {"kind": "lower", "by": 0.25})),
    ("compared", {**PINNED, "away": True, "away_now": True}),
], "puzzle": [
    ("start", {"number": 17, "lines": 8}), ("no_line", {"line": 11, "lines": 8}), ("no_entry", {"entry": 15, "many": 9}),
    *varied("wrong", NOT_THIS, why=("agrees", "chain rule"), many=(1,)), ("wrong", {**NOT_THIS, "why": "agrees", "many": 1}),
    *varied("rule", {"kind": "error", "loss": "squared error", "layer": 2}, loss=("half squared error", "cross-entropy"),
            kind=("output slope", "delta", "passed back", "weights", "bias")),
    *(("found", {"line": 3, "does": {"fault": fault, "layer": 2}, "effect": SPREAD, "right": "d1 = e1 * df1(z1)"})
      for fault in ("missing slope", "wrong sign", "missing sum over paths", "factor 2", "transposed weights",
                    "slope at a instead of z", "bias forgotten", "summed instead of averaged", "z instead of a",
                    "output slope forgotten", "rows averaged twice")),
    *(("effect", {"wrong": wrong, "many": 9, "low": low, "high": low, "one": True}) for wrong in (1, 3) for low in (0.0, 0.5)),
    *varied("entry", {"name": "w1[1,2]", "code": "+0.0342", "slope": "−0.0171", "differs": True}, differs=(False,)),
    *varied("title_entry", {"name": "w1[1,2]", "code": "+0.0342", "slope": "−0.0171", "differs": True}, differs=(False,)),
    *varied("hint", HINT, hint=(2,), right=(0,), entries=({"few": ["b1[1]"], "more": 0},)),
    *(("hint", {**HINT, "hint": 3, "factor": each}) for each in ("output slope", "delta", "passed back", "weights", "bias", "error")),
    *varied("title", {"number": 17, "wrong": None, "many": 9}, wrong=(4,)),
    *varied("heading", {"line": None, "solved": False}, line=(3,)), ("heading", {"line": 3, "solved": True}),
    *varied("loss", {"loss": "squared error", "layer": 2}, loss=("half squared error", "cross-entropy")),
    ("mended", {"text": "d1 = e1 * df1(z1)"}), *(("key", {"n": each}) for each in ("+", "-", "lit", "two", "one")), ("table", {"number": 17}),
], "yours": [
    *((key, {}) for key in ("title", "question", "elsewhere", "none")), ("shape", {"yours": "(2,)", "asked": "(2, 1)"}),
    *varied("same", {"rows": 1}, rows=(4,)),
    *varied("other", THEIRS, rows=(4,), follows=(False,), relation=RELATIONS), ("other", {**THEIRS, "rows": 4, "follows": False}),
]}
