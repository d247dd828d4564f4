// Faults: which row of the timeline, how they are shaded, and in words.
import { seconds, span } from "./words.js";

/** @typedef {{ id: number, name: string, detail: string, skipped: boolean, targets: [number, string][],
 *   begin: number, end: number, open: boolean, effect: string[], row: number }} Fault */

const ROWS_MAX = 10;
const CLASSES = ["partition", "packet", "ramp", "kill", "pause", "clock", "disk"];

/** Faults that overlap in time go into different rows. @param {Fault[]} faults @returns {number} */
export function assignRows(faults) {
  /** @type {number[]} */
  const rows = [];
  for (const fault of faults) {
    let row = rows.findIndex((last) => last <= fault.begin);
    if (row < 0) row = rows.length < ROWS_MAX ? rows.push(0) - 1 : rows.indexOf(Math.min(...rows));
    rows[row] = fault.end;
    fault.row = row;
  }
  return rows.length;
}

/** The colour of a class of faults. @param {string} name */
export function faultColour(name) {
  return CLASSES.includes(name) ? "fault-" + name : "fault";
}

/** Where faults are in force, as stretches of pixels and how many overlap there, three at most: shading them one by
 *  one would paint the same pixels again and again. The shades are opaque, which costs a third of mixing them.
 *  @param {Fault[]} faults @param {number} from @param {number} to @param {number} width
 *  @param {(x: number, width: number, depth: number) => void} paint */
export function shade(faults, from, to, width, paint) {
  const scale = width / (to - from);
  const change = new Int16Array(Math.max(Math.ceil(width), 1) + 2);
  for (const { begin, end } of faults) {
    if (end < from || begin > to) continue;
    const x0 = Math.max(Math.floor((begin - from) * scale), 0);
    const x1 = Math.min(Math.max(Math.ceil((end - from) * scale), x0 + 1), Math.ceil(width));
    ++change[x0];
    --change[x1];
  }
  let depth = 0;
  let start = 0;
  for (let x = 0; x < change.length; ++x) {
    if (change[x] === 0) continue;
    if (depth > 0) paint(start, x - start, Math.min(depth, 3));
    depth += change[x];
    start = x;
  }
}

/** @param {Fault} fault */
export function faultTitle(fault) {
  return fault.detail.startsWith(fault.name) ? fault.detail : `${fault.name}: ${fault.detail}`;
}

/** @param {Fault} fault */
export function measured(fault) {
  return fault.effect.length ? fault.effect.join(", ") : "nothing";
}

/** @param {Fault} fault @returns {string[]} */
export function describeFault(fault) {
  const targets = fault.targets.map(([node, role]) => `n${node} (${role})`);
  return [
    faultTitle(fault),
    `${seconds(fault.begin)} to ` + (fault.open ? "the end" : seconds(fault.end)) +
      ` (${span(fault.end - fault.begin)})`,
    ...(targets.length ? [`hit ${targets.join(", ")}`] : []),
    `measured: ${fault.open && !fault.effect.length ? "not yet, the run ended before" : measured(fault)}`,
  ];
}
