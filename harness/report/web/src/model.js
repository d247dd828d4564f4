// The run as the page reads it: columns unpacked, clients laid out in lanes. Times in seconds.

export const OUTCOMES = ["ok", "fail", "info"];

export function seconds(time) {
  return time.toFixed(3) + " s";
}

export function span(time) {
  return time < 1 ? (time * 1000).toFixed(time < 0.01 ? 2 : 0) + " ms" : time.toFixed(2) + " s";
}

/** Running sums: the columns hold differences. */
function summed(differences) {
  const out = new Float64Array(differences.length);
  let sum = 0;
  for (let i = 0; i < differences.length; ++i) {
    sum += differences[i];
    out[i] = sum;
  }
  return out;
}

export class Operations {
  constructor(raw, end) {
    this.total = raw.total;
    this.count = raw.invoked.length;
    this.texts = raw.texts;
    this.raw = raw;
    this.invoked = summed(raw.invoked);
    this.start = summed(raw.start).map((at) => at / 1e6);
    this.end = new Float64Array(this.count);
    for (let i = 0; i < this.count; ++i) {
      this.end[i] = raw.length[i] < 0 ? end : this.start[i] + raw.length[i] / 1e6;
    }
    /** How an operation is coloured, and which one wins a pixel: 0 read, 1 mutation, 2 fail, 3 info. */
    this.rank = new Uint8Array(this.count);
    for (let i = 0; i < this.count; ++i) {
      const outcome = this.outcome(i);
      this.rank[i] = outcome === 0 ? (this.isRead(i) ? 0 : 1) : outcome + 1;
    }
    this.layOut();
  }

  /** A client keeps one lane; a lane whose client never acts again is given to a later one. */
  layOut() {
    const last = new Map();
    for (let i = 0; i < this.count; ++i) last.set(this.raw.client[i], i);
    this.lanes = [];
    const laneOf = new Map();
    for (let i = 0; i < this.count; ++i) {
      const client = this.raw.client[i];
      let lane = laneOf.get(client);
      if (lane === undefined) {
        lane = this.lanes.findIndex((l) => {
          const before = l[l.length - 1];
          return last.get(this.raw.client[before]) === before && this.end[before] <= this.start[i];
        });
        if (lane < 0) lane = this.lanes.push([]) - 1;
        laneOf.set(client, lane);
      }
      this.lanes[lane].push(i);
    }
  }

  key(i) { return this.texts[this.raw.key[i]]; }
  outcome(i) { return this.raw.outcome[i] & 3; }
  isFinal(i) { return (this.raw.outcome[i] & 4) !== 0; }
  isRead(i) { return this.texts[this.raw.function[i]] === "read"; }

  call(i) {
    const argument = this.texts[this.raw.argument[i]];
    return this.texts[this.raw.function[i]] + (argument ? " " + argument : "");
  }

  answer(i) {
    const answer = this.texts[this.raw.answer[i]];
    if (this.outcome(i) === 0) return answer ? "→ " + answer : "ok";
    return OUTCOMES[this.outcome(i)] + (answer ? ": " + answer : "");
  }

  /** The operation that an event of the history began or ended; -1: none that is shown. */
  ofEvent(event) {
    if (!this.byEvent) {
      this.byEvent = new Map();
      for (let i = 0; i < this.count; ++i) {
        this.byEvent.set(this.invoked[i], i);
        if (this.raw.span[i] >= 0) this.byEvent.set(this.invoked[i] + this.raw.span[i], i);
      }
    }
    return this.byEvent.get(event) ?? -1;
  }

  events(i) {
    const end = this.raw.span[i];
    return `#${this.invoked[i]}` + (end < 0 ? " (open)" : `..#${this.invoked[i] + end}`);
  }

  describe(i) {
    const open = this.raw.length[i] < 0;
    return [
      `${this.call(i)} ${this.answer(i)}`,
      `key ${this.key(i)} · c${this.raw.client[i]} · ` +
        (this.raw.node[i] ? `n${this.raw.node[i]}` : "no node") +
        (this.isFinal(i) ? " · final read" : ""),
      `${seconds(this.start[i])} to ` + (open ? "the end" : seconds(this.end[i])) +
        (open ? "" : ` (${span(this.end[i] - this.start[i])})`),
      `events ${this.events(i)}`,
      ...(this.outcome(i) === 2 ? ["nobody knows: it may take effect at any later time"] : []),
    ];
  }

  /** 1 for every operation that a search finds; null when nothing is searched for. */
  search(text) {
    const words = text.trim().split(/\s+/).filter(Boolean);
    if (words.length === 0) return null;
    const found = new Uint8Array(this.count);
    for (let i = 0; i < this.count; ++i) {
      const has = [
        this.key(i), `c${this.raw.client[i]}`, `n${this.raw.node[i]}`, OUTCOMES[this.outcome(i)],
        this.texts[this.raw.function[i]], this.texts[this.raw.argument[i]],
        this.texts[this.raw.answer[i]], `#${this.invoked[i]}`,
      ];
      found[i] = words.every((word) => has.includes(word)) ? 1 : 0;
    }
    return found;
  }
}

export function readRun(raw) {
  const end = Math.max(raw.end / 1e6, 0.001);
  const faults = raw.faults
    .filter((fault) => !fault.skipped)
    .map((fault) => ({
      ...fault,
      begin: fault.begin / 1e6,
      end: fault.end === null ? end : fault.end / 1e6,
      open: fault.end === null,
    }));
  return { ...raw, end, faults, operations: new Operations(raw.operations, end) };
}

export function describeFault(fault) {
  const effect = Object.entries(fault.effect).map(([name, amount]) => `${name} ${amount}`);
  const targets = fault.targets.map(([node, role]) => `n${node} (${role})`);
  return [
    `${fault.name}: ${fault.detail}`,
    `${seconds(fault.begin)} to ` + (fault.open ? "the end" : seconds(fault.end)) +
      ` (${span(fault.end - fault.begin)})`,
    ...(targets.length ? [`hit ${targets.join(", ")}`] : []),
    effect.length ? `measured: ${effect.join(", ")}` : "measured: nothing",
  ];
}
