"""The numbers on the diagram of a walk: how they are written, and where the quantities stand, for Light."""
from bpviz.plots.light import written
from bpviz.symbolic.speak import kind_name
from bpviz.words.numbers import close, plain1


def digits(value):
    """A number short enough for the diagram."""
    if value == 0 or 1e-3 <= abs(value) < 999.995:
        return f"{value:z.{3 if abs(value) < 99.9995 else 2}f}".replace("-", "−")
    return close(plain1(value))


LETTERS = {**{letter: f"{letter} " for letter in "zhmsbtL"}, "w": "", "a": "", "x": ""}
OF = {"h": "∂h ", "a": "∂a ", "z": "∂z ", "b": "∂b ", "w": "∂ "}


def letters(kind):
    """What stands before a number on the diagram."""
    return OF[kind[1][0]] if kind[0] == "d" else LETTERS[kind[0]]


def spots_of(diagram):
    """The spots of all quantities that a Diagram shows now."""
    high, by_unit = diagram.tag[1], ("z{}", "dL/da{}", "dL/dz{}", "b{}", "dL/db{}") if diagram.sparse else ()
    numbers = [written(kind_name(kind), text, high) for kind, text in diagram.texts.items()
               if text.get_visible() and text.get_text()]
    arrows = [("w{0}[{1},{2}] dL/dw{0}[{1},{2}]".format(*edge), "", *arrow.tail, *arrow.tip, 16)
              for edge, arrow in diagram.arrows.items()]
    units = [(" ".join(each.format(f"{k}[{j}]") for each in ("a{}", *by_unit)) if k else f"x[{j}]", "", *place,
              *place, 2 * diagram.radius + 4)
             for k, layer in enumerate(diagram.spots) for j, place in enumerate(layer, start=1)]
    return [*arrows, *units, *numbers]
