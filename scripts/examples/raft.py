#!/usr/bin/env python3
"""A small correct Raft: elections with pre-vote, a durable log, a store with reads through the log.

Speaks Maelstrom's lin-kv and echo on stdin and stdout; the leader serves. No snapshots.
    scripts/squall run --system maelstrom --bin scripts/examples/raft.py
and with --leader-pattern 'became leader.*term (\\d+)' Squall knows its leaders; without it, it
traces itself for Squall's invariants.
With --forget after -- it persists nothing, which is correct until a node is killed.
"""
import argparse
import os
import random
import sys
import time

from maelstrom import Journal, data_dir, error, execute, operation, reply, serve
from tracing import NOTHING, Trace, chain

BATCH = 200  # Entries in one append_entries at most.
WINDOW = 2000  # Entries at most that are sent and not acknowledged, or not committed.
now = time.monotonic


def number(node):
    return int(node[1:]) if node else 0  # In traces nodes are numbers, and 0 is nobody.


class Raft:
    def __init__(self, me, nodes, path, election):
        self.me, self.peers, self.majority = me, [n for n in nodes if n != me], len(nodes) // 2 + 1
        self.term, self.vote, self.log = 0, None, [[0, None]]  # log[0] is a sentinel.
        self.trace, self.told, self.hash = None, None, NOTHING
        self.journal, self.store, self.commit = Journal(path, self.replay), {}, 0
        self.role, self.leader, self.votes, self.seq, self.out = "follower", None, set(), 0, []
        self.waiting = {}  # Index -> [(term, request)]: answered when something is committed there.
        self.next, self.match, self.heard, self.valid_from = {}, {}, {}, {}
        self.election, self.heard_leader, self.beat_at = election, 0, 0
        self.elect_at = now() + random.uniform(election, 2 * election)
        self.trace = Trace(number(me))
        self.trace.event("init", term=self.term, vote=number(self.vote), snapshot_term=0,
                         snapshot_index=0, last_term=self.log[-1][0], last_index=self.last,
                         hash=NOTHING)

    @property
    def last(self):
        return len(self.log) - 1

    def replay(self, record):  # [term, vote], or [index, term, operation].
        if len(record) == 2:
            self.term, self.vote = record
        else:
            del self.log[record[0]:]  # What an older leader put there and after it.
            self.log.append(record[1:])
        if self.trace and len(record) == 2:
            self.trace.event("hard_state", term=self.term, vote=number(self.vote))
        elif self.trace:
            self.trace.event("append", first=record[0], terms=[record[1]])

    def receive(self, message):
        if message["src"] in self.peers:
            self.on_peer(message["src"], message["body"])
        elif message["src"] != self.me:
            body = self.on_client(message)
            self.out += [reply(message, body)] if body else []

    def send(self, dest, kind, **body):
        body = {"type": kind, "term": self.term, **body}
        self.out.append({"src": self.me, "dest": dest, "body": body})

    # Elections.

    def become(self, role, leader=None):
        if role != self.role:
            print(f"{self.me} became {role} of term {self.term}", file=sys.stderr, flush=True)
        self.role, self.leader = role, leader
        if self.told != (role, self.term, leader):
            self.told = (role, self.term, leader)
            kind = "pre_candidate" if role == "precandidate" else role
            self.trace.event("role", role=kind, term=self.term, leader=number(leader))
        self.elect_at = now() + random.uniform(self.election, 2 * self.election)

    def canvass(self, role):  # First as precandidate: changes no term, so disturbs nobody.
        if role == "candidate":
            self.journal.write([self.term + 1, self.me])
        self.become(role)
        self.votes = set()
        for peer in self.peers:
            self.send(peer, role, last=[self.log[-1][0], self.last])
        self.count_vote(self.me)

    def count_vote(self, voter):
        self.votes.add(voter)
        if len(self.votes) >= self.majority and self.role == "precandidate":
            self.canvass("candidate")
        elif len(self.votes) >= self.majority and self.role == "candidate":
            self.become("leader", self.me)
            self.beat_at = now()
            for peer in self.peers:
                self.next[peer], self.match[peer], self.heard[peer] = self.last + 1, 0, now()
                self.valid_from[peer] = self.seq + 1
            self.journal.write([self.last + 1, self.term, None])  # With it commit older terms'.

    def on_peer(self, src, body):
        if body["term"] > self.term:
            self.journal.write([body["term"], None])
            self.become("follower")
        same_term, kind = body["term"] == self.term, body["type"]
        if kind in ("precandidate", "candidate"):
            granted = same_term and body["last"] >= [self.log[-1][0], self.last]
            if kind == "precandidate":
                granted &= self.role != "leader" and now() - self.heard_leader > self.election
            else:
                granted &= self.vote in (None, src)
            if granted and kind == "candidate":
                self.journal.write([self.term, src])
                self.become("follower")
            self.send(src, "vote", role=kind, granted=granted)
        elif kind == "vote" and same_term and body["granted"] and body["role"] == self.role:
            self.count_vote(src)
        elif kind == "append_entries":
            self.on_append_entries(src, body, same_term)
        elif kind == "append_entries_ok" and same_term and self.role == "leader":
            self.heard[src] = now()
            if body["success"]:
                self.match[src] = max(self.match[src], body["match"])
                self.next[src] = max(self.next[src], self.match[src] + 1)
            elif body["seq"] >= self.valid_from[src]:  # Each gap once.
                self.next[src], self.valid_from[src] = body["match"] + 1, self.seq + 1

    # Replication.

    def on_append_entries(self, src, body, same_term):
        success, match, prev = False, 0, body["prev"]
        if same_term:
            self.become("follower", src)
            self.heard_leader = now()
            success = prev <= self.last and self.log[prev][0] == body["prev_term"]
            match = prev + len(body["entries"]) if success else min(prev - 1, self.last)
        if success:
            for index, entry in enumerate(body["entries"], prev + 1):
                if index > self.last or self.log[index][0] != entry[0]:
                    self.journal.write([index, *entry])  # Drops what stood from here.
            self.commit_to(min(body["commit"], match))
        elif same_term and prev <= self.last:  # Skip the whole conflicting term.
            while match > self.commit and self.log[match][0] == self.log[prev][0]:
                match -= 1
        self.send(src, "append_entries_ok", success=success, match=match, seq=body["seq"])

    def commit_to(self, index):
        if self.commit < index:
            match = {self.me: self.last, **self.match} if self.role == "leader" else {}
            self.trace.event("commit", index=index, term=self.term,
                             match={number(node): match[node] for node in match})
        while self.commit < index:
            self.commit += 1
            term, op = self.log[self.commit]
            result = execute(self.store, op) if op else None
            self.hash = chain(self.hash, [term, op])
            self.trace.event("apply", first=self.commit, terms=[term], hashes=[self.hash])
            for asked_in, request in self.waiting.pop(self.commit, ()):
                # With another entry committed here, the one that was asked for never will be.
                answer = result if asked_in == term else error(11, "lost to another leader")
                self.out.append(reply(request, answer))

    def replicate(self):
        for peer in self.peers:
            start = self.next[peer]
            entries = self.log[start:start + BATCH] if start - self.match[peer] <= WINDOW else []
            if entries or now() >= self.beat_at:
                self.seq += 1
                self.send(peer, "append_entries", prev=start - 1, seq=self.seq, entries=entries,
                          prev_term=self.log[start - 1][0], commit=self.commit)
                self.next[peer] += len(entries)
        if now() >= self.beat_at:
            self.beat_at = now() + self.election / 6

    def on_client(self, request):
        """The body of the reply, or None: the operation is in the log, to be answered later."""
        kind = request["body"]["type"]
        if kind == "leader" and self.leader:
            return {"type": "leader_ok", "leader": self.leader, "term": self.term}
        if kind not in ("leader", "read", "write", "cas"):
            return error(10, "not supported")
        if self.role != "leader" or self.last - self.commit > WINDOW:
            return error(11, f"the leader is {self.leader or 'unknown'}")
        op = operation(request["body"])
        if op is None:
            return error(12, "a field is missing")
        self.journal.write([self.last + 1, self.term, op])
        self.waiting.setdefault(self.last, []).append((self.term, request))
        return None

    def turn(self):
        """What follows from the input, then from the time; then the disk; only then the network."""
        if self.role == "leader":
            reached = sorted([self.last, *self.match.values()])[-self.majority]
            if self.log[reached][0] == self.term:  # Older terms only along with it.
                self.commit_to(reached)
            near = [p for p in self.peers if now() - self.heard[p] < 2 * self.election]
            if len(near) + 1 < self.majority:
                self.become("follower")  # Lets the others elect; open requests stay open.
        elif now() >= self.elect_at:
            self.canvass("precandidate")
        if self.role == "leader":
            self.replicate()
        if self.journal.unsynced:
            self.trace.event("durable", term=self.log[-1][0], index=self.last)
        self.journal.sync()
        self.trace.flush()
        sent, self.out = self.out, []
        due = self.beat_at if self.role == "leader" else self.elect_at
        return sent, max(0, due - now())


parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
parser.add_argument("--election-ms", type=int, default=int(os.environ.get("RAFT_ELECTION_MS", 300)),
                    help="followers wait for 1 to 2 times this; default RAFT_ELECTION_MS or 300")
parser.add_argument("--forget", action="store_true", help="persist nothing: the bug")
args = parser.parse_args()
folder = None if args.forget else data_dir()
serve(lambda me, nodes: Raft(
    me, nodes, folder and os.path.join(folder, f"{me}.jsonl"), args.election_ms / 1000))
