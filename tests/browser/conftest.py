"""The JupyterLab and the Chromium that all browser tests of a worker share."""
import pytest
from lab import browser, jupyterlab
from shared import FLAGS, Lab


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory):
    home = tmp_path_factory.mktemp("jupyter")
    root = home / "root"
    root.mkdir()
    with jupyterlab(root, home / "home", FLAGS) as (address, token), browser() as chrome:
        yield Lab(chrome, address, token, root, root)
