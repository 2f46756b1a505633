"""The explorers gather themselves: every file here with an EXPLORER is one."""
from importlib import import_module
from pkgutil import iter_modules

from bpviz.base.arguments import Table


def all_explorers():
    """{name: Explorer}, from the files of this folder."""
    found = [getattr(import_module(f"{__name__}.{module.name}"), "EXPLORER", None) for module in iter_modules(__path__)]
    return Table("explorer", {explorer.name: explorer for explorer in found if explorer})
