#!/usr/bin/env python3
"""A store of one node: each node keeps its own data, so it is correct only when it is alone.

Speaks Maelstrom's lin-kv and echo on stdin and stdout. Durable if SQUALL_DATA_DIR is set.
    scripts/squall run --system maelstrom --bin scripts/examples/store.py --node-count 1
"""
import os

from maelstrom import Journal, data_dir, error, execute, operation, reply, serve


class Store:
    def __init__(self, me, _nodes):
        self.values, self.replies = {}, []
        path = data_dir() and os.path.join(data_dir(), f"{me}.jsonl")
        self.journal = Journal(path, self.apply)

    def apply(self, op):
        self.result = execute(self.values, op)

    def receive(self, request):
        if request["body"]["type"] not in ("read", "write", "cas"):
            self.replies.append(reply(request, error(10, "not supported")))
            return
        op = operation(request["body"])
        if op is None:
            self.result = error(12, "a field is missing")
        elif op[0] == "read":
            self.apply(op)
        else:
            self.journal.write(op)
        self.replies.append(reply(request, self.result))

    def turn(self):
        self.journal.sync()  # Once for all requests that were waiting, before any reply.
        replies, self.replies = self.replies, []
        return replies, None


serve(Store)
