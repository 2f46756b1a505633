"""A real kernel: what a program that runs notebooks leaves in them, and what a cell that is run again gives back."""
import re

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient
from nbconvert import HTMLExporter

FEWER = "from bpviz.explorers import basins, escape\nbasins.CELLS, escape.STARTS = 32, 12\nimport bpviz as bp"


def executed(*sources):
    """The notebook of these cells as nbclient leaves it, without widget state."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    NotebookClient(notebook, timeout=120, kernel_name="python3", store_widget_state=False).execute()
    return notebook


def test_without_a_front_end_the_work_is_finished_in_its_cell():
    """nbconvert --execute, Jupyter Book, Quarto: nobody comes back, and nobody can load a widget."""
    notebook = executed(FEWER + "\nfrom bpviz.widgets import worker\nworker.AT_ONCE_S = 0.0",
                        "b = bp.explore.basins(steps=2000)\nb", "e = bp.explore.escape()\ne",
                        "b.set(rate=5)\nprint(b.words)")
    texts = [out["data"] for cell in notebook.cells for out in cell.outputs if "text/plain" in out.get("data", {})]
    assert len(texts) == 2 and all("<img alt=" in data["text/html"] for data in texts)
    assert "The map is of gradient descent, rate 5, not of gradient flow." in texts[0]["text/plain"]     # brought up to date
    assert "of all starts end in A" in texts[0]["text/plain"] and "Over 12 random starts" in texts[1]["text/plain"]
    for said in [data["text/plain"] for data in texts] + [notebook.cells[-1].outputs[0]["text"]]:
        assert "On the way" not in said and "refined" not in said and "ready" not in said
    page, _ = HTMLExporter().from_notebook_node(notebook)
    page = re.sub(r"base64,[\w+/=]*", "", page)                           # pixels may spell anything
    assert "VBox" not in page and page.count("<figure") == 2 and page.count("Over 12 random starts") >= 1


class Cells:
    """A front end that names its cells, as JupyterLab does."""

    def __init__(self, client):
        self.client = client

    def run(self, code, cell, **metadata):
        """Run code as the cell of this name; what it printed."""
        session = self.client.session
        message = session.msg("execute_request", {"code": code, "silent": False, "store_history": True, "user_expressions": {},
                                                  "allow_stdin": False, "stop_on_error": True},
                              metadata={"cellId": cell, **metadata})
        self.client.shell_channel.send(message)
        printed = []
        while True:
            answer = self.client.get_iopub_msg(timeout=60)
            if answer["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                assert answer["msg_type"] != "error", answer["content"]["traceback"]
                if answer["msg_type"] == "stream":
                    printed.append(answer["content"]["text"])
                if answer["content"].get("execution_state") == "idle":
                    return "".join(printed).strip()

    def widgets(self):
        return int(self.run("import ipywidgets; print(len(ipywidgets.Widget.widgets))", "count"))


@pytest.fixture(scope="module")
def cells():
    manager, client = start_new_kernel()
    try:
        yield Cells(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_a_panel_that_is_run_again_gives_everything_back(cells):
    cells.run("import warnings; warnings.simplefilter('ignore')\nimport ipywidgets\n" + FEWER, "first")
    start = cells.widgets()
    cells.run("bp.explore.minima()", "a")
    one = cells.widgets()
    assert one > start + 40
    for _ in range(3):
        cells.run("bp.explore.minima()", "a")
        assert cells.widgets() == one
    cells.run("1", "a")                                                    # the cell shows something else now
    assert cells.widgets() == start


def test_a_panel_that_another_cell_shows_stays(cells):
    start = cells.widgets()
    cells.run("p = bp.explore.minima(w1=2)\np", "make")
    cells.run("p", "show")
    one = cells.widgets()
    cells.run("old = p\np = bp.explore.minima(w1=3)\np", "make")           # the first one is still to be seen
    assert cells.widgets() == 2 * one - start and cells.run("print(old.widget is not None)", "ask") == "True"
    cells.run("old", "show")                                               # shown again by the cell that showed it
    assert cells.run("print(old.widget is not None)", "ask") == "True"
    cells.run("0", "show")
    assert cells.run("print(old.widget, old.words[:7], old.values['w1'])", "ask") == "None Settled 2.0"
    cells.run("old.set(w1=-3)\nold", "elsewhere")                          # and made anew where it is wanted again
    assert cells.run("print(old.widget is not None, old.values['w1'])", "ask") == "True -3.0"
    cells.run("0", "other", deletedCells=["elsewhere", "make"])
    assert cells.widgets() == start


def test_close_gives_back_and_is_no_end(cells):
    start = cells.widgets()
    said = cells.run("k = bp.explore.chain_rule()\nw = k.words\nk.close(); k.close()\n"
                     "print(k.widget, k.words == w, k.still()[:6], k.finish().widget is not None)\nk.close()", "c")
    assert said == "None True <style True" and cells.widgets() == start
    cells.run("try:\n    bp.explore.backprop(step=60)\nexcept ValueError:\n    pass", "c")
    assert cells.widgets() == start
