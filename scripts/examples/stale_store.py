#!/usr/bin/env python3
"""A replicated store that is wrong: the first node takes the writes and sends them to the others a
little later, but every node answers reads from its own copy. So a read may miss a write that had
completed before. Memory only.
Speaks Maelstrom's lin-kv and echo on stdin and stdout.
    scripts/squall run --system maelstrom --bin scripts/examples/stale_store.py
"""
import time

from maelstrom import error, execute, operation, reply, serve

INTERVAL = 0.25  # Seconds between two batches to the replicas: "saves messages".


class StaleStore:
    def __init__(self, me, nodes):
        self.me, self.primary, self.nodes = me, nodes[0], nodes
        self.values, self.version, self.changes, self.out = {}, 0, [], []
        self.forwarded, self.forwards, self.due = {}, 0, time.monotonic()

    def send(self, dest, **body):
        self.out.append({"src": self.me, "dest": dest, "body": body})

    def mutate(self, op):  # At the primary only.
        result = execute(self.values, op)
        if result["type"] != "error":
            self.changes.append(["write", op[1], op[-2], False])
        return result

    def receive(self, message):
        src, body = message["src"], message["body"]
        if src not in self.nodes:
            self.on_client(message, body)
        elif body["type"] == "forward":
            self.send(src, type="forward_ok", id=body["id"], result=self.mutate(body["op"]))
        elif body["type"] == "forward_ok" and body["id"] in self.forwarded:
            self.out.append(reply(self.forwarded.pop(body["id"]), body["result"]))
        elif body["type"] == "replicate" and body["version"] > self.version:
            self.version = body["version"]
            for op in body["changes"]:
                execute(self.values, op)

    def on_client(self, request, body):
        op = operation(body) if body["type"] in ("read", "write", "cas") else None
        if body["type"] not in ("read", "write", "cas"):
            self.out.append(reply(request, error(10, "not supported")))
        elif op is None:
            self.out.append(reply(request, error(12, "a field is missing")))
        elif op[0] == "read":
            self.out.append(reply(request, execute(self.values, op)))  # The bug: its own copy.
        elif self.me == self.primary:
            self.out.append(reply(request, self.mutate(op)))
        else:
            self.forwards += 1
            self.forwarded[self.forwards] = request
            self.send(self.primary, type="forward", id=self.forwards, op=op)

    def turn(self):
        now = time.monotonic()
        if now >= self.due:
            self.due = now + INTERVAL
            if self.changes:
                self.version += 1
                for node in self.nodes[1:]:
                    self.send(node, type="replicate", version=self.version, changes=self.changes)
                self.changes = []
        sent, self.out = self.out, []
        return sent, self.due - now if self.me == self.primary else None


serve(StaleStore)
