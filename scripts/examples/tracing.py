"""Squall's trace format, version 1 (docs/trace-format.md), for a node written in Python.

A node tells what happened to it with event(); flush() writes that in one go, after what it speaks of
is durable and before anything that others can see because of it. Without SQUALL_TRACE_DIR nothing is
written.
"""
import hashlib
import itertools
import json
import os
import time


class Trace:
    """One life of a node: a file of its own, in the directory that Squall gives to each node."""

    def __init__(self, node, folder=os.environ.get("SQUALL_TRACE_DIR")):
        self.node, self.lines, self.count, self.file, self.inc = node, [], 0, None, 0
        for life in itertools.count(1) if folder else ():
            try:
                flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND
                self.file = os.open(os.path.join(folder, f"trace-{life}.jsonl"), flags, 0o644)
            except FileExistsError:
                continue
            self.inc = life
            self.lines.append({"squall_trace": 1, "node": node, "inc": life})
            break

    def event(self, kind, **fields):
        if self.file is not None:
            self.lines.append({"seq": self.count, "t": time.monotonic_ns(), "node": self.node,
                               "inc": self.inc, "type": kind, **fields})
            self.count += 1

    def flush(self):
        if self.lines and self.file is not None:
            os.write(self.file, "".join(json.dumps(line) + "\n" for line in self.lines).encode())
        self.lines.clear()


NOTHING = "0" * 16  # The hash of nothing applied.


def chain(before, entry):
    """The running hash after one more entry: 16 hex digits, the same on all nodes."""
    return hashlib.blake2b((before + json.dumps(entry)).encode(), digest_size=8).hexdigest()
