"""The lab's kernel connection sends short packets at once."""
from importlib import import_module

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.kernelmanager import ServerKernelManager
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

from bpviz.lab import FLAGS
from bpviz.server import PromptConnection


def test_the_lab_switches_packet_holding_off(monkeypatch):
    calls = []
    monkeypatch.setattr(ZMQChannelsWebsocketConnection, "connect", lambda self: calls.append("connected"))

    class Handler(KernelWebsocketHandler):
        __init__ = object.__init__

        def set_nodelay(self, on):
            calls.append(("nodelay", on))

    PromptConnection(parent=ServerKernelManager(), websocket_handler=Handler()).connect()
    assert calls == [("nodelay", True), "connected"]


def test_the_lab_names_it():
    module, _, name = FLAGS[1].partition("=")[2].rpartition(".")
    assert getattr(import_module(module), name) is PromptConnection
