#!/usr/bin/env python3
"""Writes the traces of a cluster of three that never existed, by docs/trace-format.md alone.

    emit.py DIRECTORY [--wrong WHAT]

DIRECTORY/n1, n2 and n3 get a trace each: n1 is elected, replicates five entries with the requests of
a session among them, takes a snapshot, and n3, which was away, installs it and is restarted. With
--wrong one thing in it contradicts the paper; the names are those of the checks that must say so.
"""
import argparse
import hashlib
import json
import pathlib

WRONG = ["election-safety", "vote-once", "durable-hard-state", "log-matching", "commit-certificate",
         "applied-hash", "monotone-commit-and-applied", "leader-append-only",
         "leader-completeness", "exactly-once", "bounded-resources", "term-growth"]

parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
parser.add_argument("directory", type=pathlib.Path)
parser.add_argument("--wrong", choices=WRONG)
args = parser.parse_args()
wrong = args.wrong


class Node:
    def __init__(self, node):
        self.node, self.life, self.clock = node, 0, 1000 * node
        (args.directory / f"n{node}").mkdir(parents=True)

    def start(self, **found):
        self.life, self.seq = self.life + 1, 0
        self.file = open(args.directory / f"n{self.node}" / f"trace-{self.life}.jsonl", "x")
        print(json.dumps({"squall_trace": 1, "node": self.node, "inc": self.life}), file=self.file)
        state = dict(term=0, vote=0, snapshot_term=0, snapshot_index=0, last_term=0, last_index=0,
                     hash="0" * 16)
        self.tell("init", **{**state, **found})

    def tell(self, kind, **fields):
        self.clock += 10
        line = {"seq": self.seq, "t": self.clock, "node": self.node, "inc": self.life, "type": kind}
        print(json.dumps({**line, **fields}), file=self.file, flush=True)
        self.seq += 1


def hashes(count):
    return [hashlib.blake2b(str(i).encode(), digest_size=8).hexdigest() for i in range(count)]


one, two, three = nodes = [Node(i) for i in (1, 2, 3)]
for node in nodes:
    node.start()

# Term 1: n1 asks for votes and gets that of n2.
one.tell("role", role="pre_candidate", term=0, leader=0)
one.tell("role", role="candidate", term=1, leader=0)
one.tell("hard_state", term=1, vote=1)
two.tell("hard_state", term=1, vote=1)
if wrong == "vote-once":
    two.tell("hard_state", term=2, vote=2)
    two.tell("hard_state", term=1, vote=3)
one.tell("role", role="leader", term=1, leader=1)
two.tell("role", role="follower", term=1, leader=3 if wrong == "election-safety" else 1)

# Five entries; the third asks again for what the second has done.
chain = hashes(6)
effects = [None, [77, 1], [77, 1] if wrong == "exactly-once" else None, [77, 2], None]
for node in (one, two):
    node.tell("append", first=1, terms=[1] * 5)
    node.tell("durable", term=1, index=5)
if wrong == "leader-append-only":
    one.tell("append", first=4, terms=[1, 1])
held = 3 if wrong == "commit-certificate" else 5
one.tell("commit", index=5, term=1, match={"1": 5, "2": held, "3": 0})
two.tell("commit", index=5, term=1, match={})
for node in (one, two):
    told = list(chain[:5])
    if wrong == "applied-hash" and node is two:
        told[4] = chain[5]
    node.tell("apply", first=1, terms=[1] * 5, hashes=told, effects=effects)
if wrong == "monotone-commit-and-applied":
    two.tell("commit", index=4, term=1, match={})
one.tell("snapshot", installed=False, term=1, index=5, hash=chain[4])
one.tell("bound", what="log_entries", value=9 if wrong == "bounded-resources" else 2, limit=8)

# n3 was away; it gets the snapshot, is killed, and comes back with it.
three.tell("hard_state", term=1, vote=0)
three.tell("role", role="follower", term=1, leader=1)
three.tell("snapshot", installed=True, term=1, index=5, hash=chain[4])
three.start(term=0 if wrong == "durable-hard-state" else 1, snapshot_term=1, snapshot_index=5,
            last_term=1, last_index=5, hash=chain[4])

# Term 2: n2 is elected, and one more entry goes to all.
if wrong == "leader-completeness":
    two.start(term=1, vote=1, last_term=1, last_index=4)
two.tell("role", role="candidate", term=2, leader=0)
two.tell("hard_state", term=2, vote=2)
two.tell("role", role="leader", term=2, leader=2)
if wrong == "log-matching":
    one.tell("append", first=5, terms=[3, 2])
if wrong != "leader-completeness":
    two.tell("append", first=6, terms=[2])
    two.tell("durable", term=2, index=6)
    three.tell("append", first=6, terms=[2])
    three.tell("durable", term=2, index=6)
    two.tell("commit", index=6, term=2, match={"1": 5, "2": 6, "3": 6})
    two.tell("apply", first=6, terms=[2], hashes=[chain[5]], effects=[None])
if wrong == "term-growth":
    for term in range(3, 15):
        one.tell("role", role="candidate", term=term, leader=0)
        one.tell("hard_state", term=term, vote=1)
