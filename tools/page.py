"""The README as a package page shows it: such a page has no folders beside it, so links into them become plain words.

Hatchling calls this when it builds (pyproject.toml, `tool.hatch.metadata.hooks.custom`).
"""
import re
from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface


def page(text):
    """The text without pictures and with relative links as words; whole addresses and #anchors stay.

    A table whose links are all gone still says what it said.
    """
    text = re.sub(r"!\[[^\]]*\]\((?!\w+://)[^)]*\)\n*", "", text)
    return re.sub(r"(?<!!)\[([^\]]*)\]\((?!\w+://|#|mailto:)[^)]*\)", r"\1", text)


class Page(MetadataHookInterface):
    def update(self, metadata):
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": page(text)}
