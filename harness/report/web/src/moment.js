// What happened around a finding, in one list in the order of time: faults, what the nodes logged
// (or, where there are no logs, the roles that they traced), and the operations it stands on.
import { folded, h } from "./dom.js";
import { faultTitle, measured } from "./faults.js";
import { seconds } from "./words.js";

const LINES_MAX = 300;
const AROUND = 1; // Seconds.

/** @typedef {import("./model.js").Run} Run */
/** @typedef {{ at: number, kind: string, text: string }} Line */

/** @param {Run} run @returns {Line[]} */
function nodeLines(run) {
  if (run.logs.length) {
    return run.logs.map(([at, node, text]) => (
      { at: at / 1e6, kind: "log", text: new RegExp(`^n${node}\\b`).test(text) ? text : `n${node} ${text}` }));
  }
  return run.nodes.flatMap(({ node, roles }) => roles.map(([at, role, term, leader]) => (
    { at: at / 1e6, kind: "log", text: `n${node} ${role} term=${term} leader=${leader}` })));
}

/** @param {Run} run @returns {Line[]} */
function faultLines(run) {
  return run.faults.flatMap((fault) => [
    { at: fault.begin, kind: "fault", text: `fault begins: ${faultTitle(fault)}` },
    ...(fault.open ? [] : [{ at: fault.end, kind: "fault", text: `fault ends: ${faultTitle(fault)} – ${measured(fault)}` }]),
  ]);
}

/** @param {Run} run @param {number[]} operations @returns {Line[]} */
function operationLines(run, operations) {
  const all = run.operations;
  return operations.flatMap((i) => {
    const who = `c${all.raw.client[i]} on n${all.raw.node[i]}: ${all.key(i)} ${all.call(i)}`;
    return [
      { at: all.start[i], kind: "op", text: `${who} begins, event #${all.invoked[i]}` },
      ...(all.raw.length[i] < 0 ? [] : [{ at: all.end[i], kind: "op", text: `${who} ${all.answer(i)}` }]),
    ];
  });
}

/** @param {Run} run @param {number[]} operations that the finding stands on
 *  @param {[number, number] | null} moment in seconds */
export function around(run, operations, moment) {
  const times = operations.length
    ? operations.flatMap((i) => [run.operations.start[i], Math.min(run.operations.end[i], run.operations.start[i] + AROUND)])
    : moment;
  if (!times) return null;
  const from = Math.max(Math.min(...times) - AROUND, 0);
  const to = Math.min(Math.max(...times) + AROUND, run.end);
  return folded(`What happened from ${seconds(from)} to ${seconds(to)}: faults, nodes, these operations`, () => {
    const lines = [...faultLines(run), ...nodeLines(run), ...operationLines(run, operations)]
      .filter(({ at }) => at >= from && at <= to)
      .sort((a, b) => a.at - b.at);
    const open = run.faults.filter((f) => f.begin < from && f.end > from).map(faultTitle);
    return [
      open.length ? h("p", { class: "dim" }, `In force when it begins: ${open.join("; ")}.`) : null,
      h("pre", { class: "moment", tabindex: 0 },
        lines.slice(0, LINES_MAX).map(({ at, kind, text }) => h("div", { class: kind }, `${seconds(at).padStart(10)}  ${text}`))),
      lines.length > LINES_MAX
        ? h("p", { class: "dim" }, `${lines.length - LINES_MAX} more lines: history.jsonl and nodes/*/log have them`)
        : null,
    ];
  });
}
