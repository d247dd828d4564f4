#!/usr/bin/env python3
"""A node for tests, correct or odd: odd_node.py HOW. All operations of a key go to one node, n1, so
that the answers are linearizable whatever the number of nodes. HOW is one of the functions below."""
import json
import os
import signal
import sys
import time

out = sys.stdout.buffer


def send(src, dest, body):
    out.write(json.dumps({"src": src, "dest": dest, "body": body}).encode() + b"\n")
    out.flush()


def lines():
    for line in sys.stdin:
        message = json.loads(line)
        yield message, message["body"]


class Store:
    """Answers init, echo and, on n1, lin-kv; the others say that they are not available."""

    def __init__(self):
        self.name = None
        self.data = {}

    def answer(self, body):
        kind = body["type"]
        if kind == "init":
            self.name = body["node_id"]
            return {"type": "init_ok"}
        if kind == "echo":
            return {"type": "echo_ok", "echo": body["echo"]}
        if self.name != "n1":
            return {"type": "error", "code": 11, "text": "ask n1"}
        key = json.dumps(body["key"])
        if kind == "read":
            return {"type": "read_ok", "value": self.data[key]} if key in self.data else {"type": "error", "code": 20}
        if kind == "cas":
            if key not in self.data:
                return {"type": "error", "code": 20}
            if self.data[key] != body["from"]:
                return {"type": "error", "code": 22}
        self.data[key] = body["value"] if kind == "write" else body["to"]
        return {"type": kind + "_ok"}


def serve(extra=lambda store, message, reply: None):
    store = Store()
    for message, body in lines():
        if message["src"].startswith("n"):
            continue
        reply = store.answer(body)
        reply["in_reply_to"] = body["msg_id"]
        send(message["dest"], message["src"], reply)
        extra(store, message, reply)


def correct():
    serve()


def garbage():
    def extra(store, message, reply):
        if store.name == "n2":
            out.write(b"Traceback (most recent call last):\n\xff\xfe\x00 binary\n")
            out.flush()

    serve(extra)


def long_line():
    def extra(store, message, reply):
        if store.name == "n2" and reply["type"] == "init_ok":
            out.write(b"x" * 10_000_000 + b"\n")
            out.flush()

    serve(extra)


def flood():
    def extra(store, message, reply):
        if store.name == "n3" and reply["type"] == "init_ok":
            while True:
                out.write(b"garbage\n" * 100_000)

    serve(extra)


def twice():
    serve(lambda store, message, reply: send(message["dest"], message["src"], reply))


def nobody():
    def extra(store, message, reply):
        send(store.name, "c99", {"type": "read_ok", "value": 1, "in_reply_to": 5})
        send(store.name, "lin-kv", {"type": "read", "key": 1, "msg_id": 5})
        send("n9", "n1", {"type": "forged"})

    serve(extra)


def silent():
    store = Store()
    for message, body in lines():
        if body["type"] == "init":
            send(message["dest"], message["src"], {"in_reply_to": body["msg_id"], **store.answer(body)})


def no_init():
    for _ in lines():
        pass


def closes_stdout():
    def extra(store, message, reply):
        if store.name == "n2" and reply["type"] == "init_ok":
            os.close(1)
            while True:
                time.sleep(60)

    serve(extra)


def ignores_sigterm():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    serve()


def panics_when_late():
    """n1 sends time stamps to n2, which panics over an old one."""
    store = Store()
    for message, body in lines():
        if message["src"].startswith("n"):
            if time.monotonic() - body["sent"] > 0.3:
                print("panic: message from the past", file=sys.stderr, flush=True)
                os.abort()
            continue
        reply = store.answer(body)
        reply["in_reply_to"] = body["msg_id"]
        send(message["dest"], message["src"], reply)
        if store.name == "n1":
            send("n1", "n2", {"type": "now", "sent": time.monotonic()})


def restarts_once():
    """Cannot start a second time on the same directory."""
    marker = os.path.join(os.environ["SQUALL_DATA_DIR"], "started")
    if os.path.exists(marker):
        print("the directory is in use", file=sys.stderr, flush=True)
        sys.exit(3)
    open(marker, "w").close()
    serve()


def leads_twice():
    """Every node says that it leads term 7."""
    def extra(store, message, reply):
        if reply["type"] == "init_ok":
            print(f"{store.name} became leader of term 7", file=sys.stderr, flush=True)

    serve(extra)


def elects():
    """Only elects: n1 leads term 1."""
    elect("n1")


def elects_two():
    elect(None)


def elect(leader):
    for message, body in lines():
        me = message["dest"]
        reply = {"type": "init_ok"} if body["type"] == "init" else \
            {"type": "leader_ok", "leader": leader or me, "term": 1}
        send(me, message["src"], {"in_reply_to": body["msg_id"], **reply})


globals()[sys.argv[1]]()
