// The run as the page reads it: columns unpacked, clients laid out in lanes. Times in seconds.
import { assignRows } from "./faults.js";
import { countUpTo } from "./view.js";
import { seconds, span } from "./words.js";

export const OUTCOMES = ["ok", "fail", "info"];

/** Running sums: the columns hold differences. @param {number[]} differences */
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
  /** @param {any} raw @param {number} end */
  constructor(raw, end) {
    /** @type {number} */
    this.total = raw.total;
    /** @type {{ every: number, window: [number, number] | null }} */
    this.sample = raw.sample;
    /** @type {number} */
    this.count = raw.invoked.length;
    /** @type {string[]} */
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
    this.laneOf = new Uint32Array(this.count);
    /** Operations of each lane in the order of their time. */
    this.lanes = this.layOut().map((list) => Uint32Array.from(list));
    /** Their beginnings, for searching. */
    this.laneStarts = this.lanes.map((list) => Float64Array.from(list, (i) => this.start[i]));
    /** @type {Map<number, number> | undefined} */
    this.byEvent = undefined;
  }

  /** A client keeps one lane; a lane whose client never acts again is given to a later one. */
  layOut() {
    const client = this.raw.client;
    const last = new Map();
    for (let i = 0; i < this.count; ++i) last.set(client[i], i);
    /** @type {number[][]} */
    const lanes = [];
    const laneOf = new Map();
    for (let i = 0; i < this.count; ++i) {
      let lane = laneOf.get(client[i]);
      if (lane === undefined) {
        lane = lanes.findIndex((l) => {
          const before = l[l.length - 1];
          return last.get(client[before]) === before && this.end[before] <= this.start[i];
        });
        if (lane < 0) lane = lanes.push([]) - 1;
        laneOf.set(client[i], lane);
      }
      lanes[lane].push(i);
      this.laneOf[i] = lane;
    }
    return lanes;
  }

  /** How many operations of a lane begin up to `time`. @param {number} lane @param {number} time */
  begun(lane, time) { return countUpTo(this.laneStarts[lane], time); }

  /** @param {number} i */
  key(i) { return this.texts[this.raw.key[i]]; }
  /** @param {number} i */
  outcome(i) { return this.raw.outcome[i] & 3; }
  /** @param {number} i */
  isFinal(i) { return (this.raw.outcome[i] & 4) !== 0; }
  /** @param {number} i */
  isRead(i) { return this.texts[this.raw.function[i]] === "read"; }

  /** @param {number} i */
  call(i) {
    const argument = this.texts[this.raw.argument[i]];
    return this.texts[this.raw.function[i]] + (argument ? " " + argument : "");
  }

  /** @param {number} i */
  answer(i) {
    const answer = this.texts[this.raw.answer[i]];
    if (this.outcome(i) === 0) return answer ? "→ " + answer : "ok";
    return OUTCOMES[this.outcome(i)] + (answer ? ": " + answer : "");
  }

  /** The operation that an event of the history began or ended; -1: none that is shown.
   *  @param {number} event */
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

  /** @param {number} i */
  events(i) {
    const end = this.raw.span[i];
    return `#${this.invoked[i]}` + (end < 0 ? " (open)" : `..#${this.invoked[i] + end}`);
  }

  /** @param {number} i @returns {string[]} */
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

  /** 1 for every operation that has all the words; null when nothing is searched for.
   *  @param {string} text */
  search(text) {
    const words = text.trim().split(/\s+/).filter(Boolean);
    if (words.length === 0) return null;
    const found = new Uint8Array(this.count).fill(1);
    const { raw } = this;
    for (const word of words) {
      const isText = Uint8Array.from(this.texts, (entry) => (entry === word ? 1 : 0));
      const outcome = OUTCOMES.indexOf(word);
      const client = /^c\d+$/.test(word) ? Number(word.slice(1)) : -1;
      const node = /^n\d+$/.test(word) ? Number(word.slice(1)) : -1;
      const event = /^#\d+$/.test(word) ? Number(word.slice(1)) : -1;
      for (let i = 0; i < this.count; ++i) {
        const has = isText[raw.key[i]] || isText[raw.function[i]] || isText[raw.argument[i]] ||
          isText[raw.answer[i]] || this.outcome(i) === outcome || raw.client[i] === client ||
          raw.node[i] === node ||
          (event >= 0 && (this.invoked[i] === event ||
            (raw.span[i] >= 0 && this.invoked[i] + raw.span[i] === event)));
        if (!has) found[i] = 0;
      }
    }
    return found;
  }
}

/** @param {any} raw what page_data.cpp wrote */
export function readRun(raw) {
  const end = Math.max(raw.end / 1e6, 0.001);
  /** @type {import("./faults.js").Fault[]} */
  const faults = raw.faults.rows
    .filter((/** @type {any} */ fault) => !fault.skipped)
    .map((/** @type {any} */ fault) => ({
      ...fault,
      begin: fault.begin / 1e6,
      end: fault.end === null ? end : fault.end / 1e6,
      open: fault.end === null,
    }));
  const run = {
    ...raw, end, faults, faultRows: assignRows(faults), faults_total: raw.faults.total,
    faults_shown: raw.faults.rows.length,
    logs: raw.logs.lines, logs_total: raw.logs.total, operations: new Operations(raw.operations, end),
  };
  return /** @type {Run} */ (run);
}

/** @typedef {{ name: string, detector: string, verdict: string, reason: string, meaning: string, details: string[],
 *   details_left_out: number, evidence: number[], at: [number, number] | null,
 *   linearization: [string, [number, string][], [number, string][]] | null }} Check */

/** @typedef {{ node: number, starts: number[], last_heard: number[], roles: [number, string, number, number][],
 *   roles_dropped: number, snapshots: [number, boolean, number][], snapshots_total: number,
 *   commit: [number, number][], applied: [number, number][], durable: [number, number][] }} RawNode */

/** @typedef {{ verdict: string, after_headline: string, reasons: string[], undecided: string, verdict_meaning: string, command: string,
 *   again: import("./reproduce.js").WayAgain[], cut_down: string, whole_run: string, shrink_command: string,
 *   version: string, seed: number, bug: string, end: number, counts: string, final_counts: string,
 *   ok_per_second: number, lag_ms: number, lag_recovery_ms: number, cpu_steal: number, checks: Check[],
 *   fault_summary: [string, string][], configuration: Record<string, any>,
 *   faults: import("./faults.js").Fault[], faultRows: number, faults_total: number, faults_shown: number,
 *   story: import("./story.js").Story, coverage: import("./coverage.js").Coverage, reproduction: string,
 *   notes: [number, string][], series: Record<"ok" | "fail" | "info" | "p50" | "p99" | "max", any[]> & { width: number },
 *   nodes: RawNode[], logs: [number, number, string][], logs_total: number, no_nodes: string,
 *   operations: Operations }} Run */
