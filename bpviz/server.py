"""The lab's line between browser and kernel, without the wait for fuller packets.

Every answer of a kernel is a short "busy", then the answer. TCP holds a short packet back while
the one before it is unacknowledged, and a browser acknowledges up to 40 ms late; so a small frame
waits 40 ms for nothing. Switching that off (TCP_NODELAY) is one call. `run.py lab` and `bpviz lab` do
it; on another server:

    jupyter lab --ServerApp.kernel_websocket_connection_class=bpviz.server.PromptConnection

Source: Nagle 1984, RFC 896; Cheshire 2005, "TCP performance problems caused by interaction
between Nagle's algorithm and delayed ACK". Measured in benchmarks/README.md.
"""
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Jupyter's own connection, with packets sent as soon as they are written."""

    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()
