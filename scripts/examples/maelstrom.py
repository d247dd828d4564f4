"""What the examples share: Maelstrom's protocol on stdin and stdout, lin-kv, and a journal.

A node is an object with two methods. receive(message) gets every message; turn() is called when no
more input is waiting, and returns the messages to send and the seconds after which it wants to be
called at the latest (or None).
"""
import json
import os
import select
import sys

CHUNK = 1 << 16
CHUNKS_A_TURN = 16  # Timers wait for the input that is there, but not for a flood.


def canon(value):
    return json.dumps(value, sort_keys=True)  # In Python 1 == True == 1.0; in JSON they differ.


def error(code, text):
    return {"type": "error", "code": code, "text": text}


def reply(request, body):
    body = {**body, "in_reply_to": request["body"].get("msg_id")}
    return {"src": request["dest"], "dest": request["src"], "body": body}


def operation(body):
    """The request as a list, or None when fields are missing."""
    fields = {"read": ["key"], "write": ["key", "value"], "cas": ["key", "from", "to"]}
    fields = fields[body["type"]]
    if all(field in body for field in fields):
        return [body["type"], *(body[f] for f in fields), bool(body.get("create_if_not_exists"))]
    return None


def execute(store, op):
    """Does the operation to the dictionary and returns the body of the reply."""
    kind, key = op[0], canon(op[1])
    if kind == "read":
        found = key in store
        return {"type": "read_ok", "value": store[key]} if found else error(20, "no such key")
    if kind == "cas" and key not in store and not op[-1]:
        return error(20, "no such key")
    if kind == "cas" and key in store and canon(store[key]) != canon(op[2]):
        return error(22, f"the value is {canon(store[key])}")
    store[key] = op[-2]
    return {"type": kind + "_ok"}


def data_dir():
    return os.environ.get("SQUALL_DATA_DIR") or os.environ.get("RAFT_DATA_DIR")


class Journal:
    """JSON lines, only ever appended. What write() took is durable after sync(), which must come
    before any message that depends on it. replay(record) gets the records of former lives first,
    then each new one."""

    def __init__(self, path, replay):
        self.replay, self.unsynced, self.file = replay, [], open(path, "a+b") if path else None
        if self.file:
            self.file.seek(0)
            whole = 0
            for line in self.file:
                if line.endswith(b"\n"):  # Else a kill tore a write that nobody knows of.
                    replay(json.loads(line))
                    whole += len(line)
            self.file.truncate(whole)

    def write(self, record):
        self.replay(record)
        self.unsynced.append(json.dumps(record).encode() + b"\n")

    def sync(self):
        if self.file and self.unsynced:
            self.file.write(b"".join(self.unsynced))
            self.file.flush()
            os.fsync(self.file.fileno())
        self.unsynced.clear()


def send(messages):
    if messages:
        sys.stdout.write("".join(json.dumps(m) + "\n" for m in messages))
        sys.stdout.flush()


def parse(line):
    try:
        message = json.loads(line)
        names = [message["src"], message["dest"], message["body"]["type"]]
        if all(isinstance(name, str) for name in names):
            return message
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    print(f"not a message: {line[:200]!r}", file=sys.stderr, flush=True)
    return None


def serve(make_node):
    """Runs until the input ends; init makes the node, and is answered again if it comes again."""
    node, partial, wait = None, b"", None
    while True:
        chunks = []
        while len(chunks) < CHUNKS_A_TURN and select.select([0], [], [], 0 if chunks else wait)[0]:
            chunks.append(os.read(0, CHUNK))
            if not chunks[-1]:
                return
        *lines, partial = b"".join([partial, *chunks]).split(b"\n")
        for message in filter(None, map(parse, lines)):
            body = message["body"]
            if body["type"] == "init":
                node = node or make_node(body["node_id"], body["node_ids"])
                send([reply(message, {"type": "init_ok"})])
            elif body["type"] == "echo":
                send([reply(message, {"type": "echo_ok", "echo": body.get("echo")})])
            elif node:
                node.receive(message)
            elif "msg_id" in body:
                send([reply(message, error(11, "not initialised"))])
        if node:
            messages, wait = node.turn()
            send(messages)
