"""One JupyterLab and one Chromium for many notebooks: the page of one that is put away serves the next.

A page is four seconds of work for JupyterLab and Chromium, a tab in it a few tenths.
"""
import contextlib
import dataclasses
from pathlib import Path

from lab import LAB, Notebook, browser, jupyterlab, wait

FLAGS = [*LAB, "--LabApp.expose_app_in_browser=True"]           # JupyterLab as window.jupyterapp


@dataclasses.dataclass
class Lab:
    """A folder of notebooks in a JupyterLab that was started with FLAGS on `root`; free: the pages that wait."""

    chrome: object
    address: str
    token: str
    root: Path
    folder: Path
    free: list = dataclasses.field(default_factory=list)

    def room(self, name):
        """The same JupyterLab, in a new folder of its own."""
        (self.folder / name).mkdir()
        return dataclasses.replace(self, folder=self.folder / name)

    @contextlib.contextmanager
    def open(self, name, fresh=False, **more):
        """A notebook of the folder, put away at the end: no script may have failed by then.

        fresh: in a page of its own, which has loaded nothing before.  more: as Notebook takes it.
        """
        path = (self.folder / name).relative_to(self.root).as_posix()
        if fresh or not self.free:
            notebook = Notebook(self.chrome, self.address, self.token, path, **more)
        else:
            notebook = self.free.pop()
            turn_to(notebook, path, **more)
        try:
            yield notebook
            assert notebook.errors == [], notebook.errors
            put_away(notebook)
        except BaseException:
            notebook.close()
            raise
        self.free.append(notebook)


def turn_to(notebook, path, width=1400, height=1000):
    """Open another notebook in the page of one that was put away."""
    page = notebook.page
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("""async (path) => { const it = await jupyterapp.commands.execute('docmanager:open', {path});
        await it.context.ready; await it.sessionContext.ready; await it.sessionContext.session.kernel.info; }""", path)
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    notebook.idle()


def put_away(notebook):
    """End the kernel and close the tab; the page stays."""
    notebook.page.evaluate("""async () => { for (const one of [...jupyterapp.shell.widgets('main')]) {
        if (one.context) { await one.context.sessionContext.shutdown(); one.context.model.dirty = false; }
        one.close(); } }""")
    notebook.page.wait_for_selector(".jp-Notebook", state="detached")


@contextlib.contextmanager
def far_away(notebook, seconds):
    """What the kernel of the open notebook sends comes so much later."""
    change = """(ms) => { const wire = jupyterapp.shell.currentWidget.sessionContext.session.kernel._ws;
        const hear = window.near = window.near || wire.onmessage;
        wire.onmessage = ms ? (message) => setTimeout(() => hear.call(wire, message), ms) : hear;
        if (!ms) delete window.near; }"""
    notebook.page.evaluate(change, 1000 * seconds)
    try:
        yield
    finally:
        notebook.page.wait_for_timeout(1000 * seconds + 100)
        notebook.page.evaluate(change, 0)


def framed(output, what):
    """The panel in the output of a cell, once it is on the screen and has a frame and a verdict of its own."""
    live = output.locator(".bpviz-picture")

    def there():                        # JupyterLab moves its cells while the notebook fills
        live.locator("canvas").scroll_into_view_if_needed()
        return live.get_attribute("data-frame") and live.locator(".bpviz-words strong").count()
    wait(there, 60, f"a frame of {what}", step=0.2)
    return output.locator(".bpviz-panel")


@contextlib.contextmanager
def shared_lab(home):
    """The Lab of all browser tests of a worker, under a folder `home`."""
    root = home / "root"
    root.mkdir()
    with jupyterlab(root, home / "home", FLAGS) as (address, token), browser() as chrome:
        yield Lab(chrome, address, token, root, root)
