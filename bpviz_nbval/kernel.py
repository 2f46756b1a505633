"""What a notebook does with the messages of its kernel, between the kernel and nbval.

item      nbval's test of one code cell; item.test_outputs is the very list that nbval fills and compares afterwards
result    {"id": "L03-q2", "status": one of STATUSES, "key": ..., "said": ...}: what bp.check said of an exercise; all
          but `said` come as metadata of the shown line, {"bpviz": {...}}, which nbval never compares
"""
import re
import time
from queue import Empty

STATUSES = {"right": "passed", "not attempted": "not attempted", "wrong": "wrong"}      # and how they are counted
SHOWN = ("stream", "display_data", "execute_result", "update_display_data", "clear_output")
POLL_S = 0.3
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class Died(Exception):
    """The kernel is gone, and with it the answer that nbval waits for."""


class NotebookKernel:
    """nbval's RunningKernel, with the messages on their way to nbval handled as a notebook handles them.

    item, results: the cell that runs, and what its checks said.  died: the cell in which the kernel died, or "".
    """

    def __init__(self, inner):
        self.inner = inner
        self.item, self.results, self.reply, self.died = None, [], {}, ""
        self.widgets = {}                   # Output widgets that take output: {id of the widget: id of the request}

    def __getattr__(self, name):            # whatever is not handled here: stop, interrupt, is_alive, kc, ...
        return getattr(self.inner, name)

    def begin(self, item):
        self.item, self.results, self.reply = item, [], {}
        self.places, self.clear_next = {}, False            # {display id: its places among the cell's outputs}

    def bury(self, name):
        """Note where the kernel died; let go of its channels, which nbval leaves open, three seconds at the end."""
        self.died = name
        self.inner.stop()

    def unshown_error(self):
        """The error in which the cell ended, where nbval saw no `error` message of it; or ""."""
        if self.reply.get("status") != "error":
            return ""
        return f"the cell ended in an error that it did not show: {self.reply.get('ename')}: {self.reply.get('evalue')}"

    # ---- what nbval calls

    def execute_cell_input(self, cell_input, allow_stdin=None):
        """As nbval's own, but kept in the kernel's history: only then does IPython hear the ; in `x;`."""
        return self.inner.kc.execute(cell_input, store_history=True, allow_stdin=allow_stdin, stop_on_error=False)

    def await_reply(self, msg_id, timeout=None):
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            message = self._next("shell", None if end is None else max(0, end - time.monotonic()))
            if message["parent_header"].get("msg_id") == msg_id:
                self.reply = message["content"]
                if self.reply["status"] == "aborted":
                    raise RuntimeError("Kernel aborted execution request")
                return

    def await_idle(self, parent_id, timeout):
        return type(self.inner).await_idle(self, parent_id, timeout)        # with the get_message below

    def get_message(self, stream, timeout=None):
        while True:
            message = self._next(stream, timeout)
            if stream != "iopub" or self._passes(message):
                return message

    def _next(self, stream, timeout):
        """The next message; Empty after `timeout` seconds, Died as soon as there is nobody to send one."""
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            try:
                rest = POLL_S if end is None else min(POLL_S, max(0, end - time.monotonic()))
                return self.inner.get_message(stream, timeout=rest)
            except Empty:
                if not self.inner.is_alive():
                    raise Died from None
                if end is not None and time.monotonic() >= end:
                    raise

    # ---- what a notebook does with a message

    def _passes(self, message):
        """Whether nbval shall see it."""
        kind, content = message["msg_type"], message["content"]
        if kind in ("comm_open", "comm_msg", "comm_close"):
            self._widget(content)
            return True
        self._note(content)
        request = message["parent_header"].get("msg_id")
        if kind in SHOWN and request in self.widgets.values():              # an error is let through: nbval tells it
            return False
        outputs = self.item.test_outputs if self.item is not None else None
        if outputs is None:
            return True
        if kind == "clear_output":
            self.clear_next = content.get("wait", False)
            if not self.clear_next:
                self._clear(outputs)
            return False
        display_id = content.get("transient", {}).get("display_id")
        if kind == "update_display_data":
            for place in self.places.get(display_id, ()):
                outputs[place].update(data=content["data"], metadata=content["metadata"])
            return False
        if kind in (*SHOWN, "error"):
            if self.clear_next:
                self._clear(outputs)
            if display_id:
                self.places.setdefault(display_id, []).append(len(outputs))     # nbval appends it there
        return True

    def _clear(self, outputs):
        outputs.clear()
        self.places, self.clear_next = {}, False

    def _widget(self, content):
        """Follow which Output widgets take what is printed: their msg_id names the request, "" for none."""
        data = content.get("data", {})
        state = data.get("state", {}) if isinstance(data, dict) else {}
        if state.get("_model_name") == "OutputModel" or content["comm_id"] in self.widgets:
            self.widgets[content["comm_id"]] = state.get("msg_id", self.widgets.get(content["comm_id"]) or "")

    def _note(self, content):
        """Keep the result that comes with a shown line, if one does."""
        metadata = content.get("metadata")
        ours = metadata.get("bpviz") if isinstance(metadata, dict) else None
        if not isinstance(ours, dict) or not isinstance(ours.get("id"), str) or str(ours.get("status")) not in STATUSES:
            return
        said = COLOURS.sub("", str(content.get("data", {}).get("text/plain", ""))).strip()
        self.results.append({**{name: str(ours.get(name, "")) for name in ("id", "status", "key")}, "said": said})
