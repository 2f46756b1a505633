"""What a learner brings of their own: a fit, data, a network. It stands in the place of what menus offer.

An explorer says in `takes` what it can be given, and in `with_own` how it becomes the explorer of that. The menus that
are replaced show one choice, the own thing's name; so state, Reset and still are as ever, and a state string alone does
not bring it back: it is given again beside it. What an explorer cannot show is refused by the one that can.
"""
import re
from dataclasses import replace
from functools import partial

from bpviz.explorers.explorer import OWN
from bpviz.words.catalogue import say

TWO_WEIGHTS = {"fit": "own_fit_of_two"}
LONGEST = 24                    # letters of a name in a menu


def choice_named(name):
    """The line of a menu for a thing of this name, as a state string can hold it."""
    clean = re.sub(r"[;=\s]+", " ", name).strip()[:LONGEST].strip()
    return f"{clean or 'data'}{OWN}"


def standing_in(explorer, choices, highest, data=None, **changes):
    """The explorer with one choice in some of its menus, and other ends of some of its sliders.

    choices: {menu: (the choice, {knob: value} that it sets)}.  highest: {slider: its highest value}.
    data: the learner's own rows; where their inputs were standardised, the question says so.
    """
    if data is not None and data.scaling:
        asked = changes.get("question", explorer.question)
        changes["question"] = say("page", "shown_standardised", asked=asked, why=data.why).strip()
    def only(knob):
        if knob.name not in choices:
            high = highest.get(knob.name)
            return knob if high is None else replace(knob, high=high, value=min(knob.value, high))
        name, sets = choices[knob.name]
        return replace(knob, options=lambda: (name,), value=name, sets={name: sets} if sets else {}, formula="")
    return replace(explorer, knobs=tuple(map(only, explorer.knobs)), takes={}, **changes)


def within(explorer, **values):
    """Those of the values for which the explorer has a slider, drawn to its ends."""
    sliders = {slider.name: slider for slider in explorer.sliders}
    return {name: min(max(value, sliders[name].low), sliders[name].high) for name, value in values.items()
            if value is not None and name in sliders}


def asked_of(question, key, name, suits):
    """The question above a panel, then what it shows and why it begins with its learning rate."""
    return " ".join(filter(None, (question, say("page", key, name=name or "data"), getattr(suits, "said", ""))))


def of_a_fit(explorer, given):
    """An explorer of the landscape over w1 and w2, of this `fit`. Raises ValueError for one that it cannot show."""
    fit = given["fit"]
    network, any_fit = fit.network, "bp.explore.surface(fit=...) shows any"
    if fit.n_params != 2:
        raise ValueError(f"fit: got one of {fit.n_params:,} weights; {explorer.name} shows two, of a network of sizes "
                         f"(1, 1, 1) without bias. {any_fit}")
    if getattr(network, "sizes", None) != (1, 1, 1) or network.bias:
        raise ValueError(f"fit: got one of {network.called}; {explorer.name} shows a network of sizes (1, 1, 1) "
                         f"without bias. {any_fit}")
    if fit.frozen:
        raise ValueError(f"fit: got one in which {fit.frozen[0]} is frozen; {explorer.name} shows two weights that "
                         f"move. {any_fit}")
    activations = ", ".join(dict.fromkeys(network.activations))
    choices = {"data": (choice_named(fit.data.name), within(explorer, rate=fit.data.rate)),
               "activation": (activations, {}), "l2": (f"{fit.l2:g}", {})}
    joined = explorer.joined and (lambda optimizer: of_a_fit(explorer.joined(optimizer), given))
    suits = explorer.suits.of(fit) if hasattr(explorer.suits, "of") else explorer.suits
    return standing_in(explorer, choices, {"row": fit.data.rows}, fit.data, scene=partial(explorer.scene, fit=fit),
                       joined=joined, suits=suits,
                       question=asked_of(explorer.question, "shown_fit", fit.data.name, suits))

