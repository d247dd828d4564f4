// What each node was: the faults that hit it, its role and term as a band, its commit and applied
// index as lines, its restarts as marks. From the nodes' traces.
import { faultColour, faultTitle } from "./faults.js";
import { countUpTo } from "./view.js";
import { seconds } from "./words.js";

export const nodeHeight = 58;
const STRIP = 4;
const BAND = 16;
const PLOT = 30;
const STEP_MIN = 4; // Pixels, for a step to be seen as one.
const DOTS = [2, 3];

/** A line that changes in steps. @typedef {{ at: Float64Array, value: Float64Array }} Steps */
/** @typedef {{ from: number, to: number, role: string, term: number, leader: number, restarted: boolean }} Band */
/** @typedef {{ at: number, installed: boolean, index: number }} Snapshot */
/** @typedef {{ node: number, restarts: number[], snapshots: Snapshot[], exits: { at: number, text: string }[], lives: { from: number, to: number }[], bands: Band[],
 *   faults: import("./faults.js").Fault[], commit: Steps, applied: Steps, durable: Steps }} NodeLane */

/** Where a life ended: at the fault that killed it, or where it ended by itself, or, not knowing that, when it was
 *  last heard. The last one goes on to the end of the run when nothing ended it.
 *  @param {import("./model.js").RawNode} node @param {number} life @param {import("./model.js").Run} run
 *  @param {{ at: number }[]} exits */
function lifeEnd(node, life, run, exits) {
  const next = node.starts[life + 1];
  const heard = node.last_heard[life] / 1e6;
  const within = (/** @type {number} */ at) => at >= heard && (next === undefined || at <= next / 1e6);
  const kills = run.faults.filter(
    (f) => f.name === "kill" && within(f.begin) && f.targets.some(([n]) => n === node.node));
  const ends = [...kills.map((f) => f.begin), ...exits.map((exit) => exit.at).filter(within)];
  return ends.length ? Math.min(...ends) : next === undefined ? run.end : heard;
}

/** @param {[number, number][]} points @returns {Steps} */
function steps(points) {
  return { at: Float64Array.from(points, ([at]) => at / 1e6), value: Float64Array.from(points, ([, v]) => v) };
}

/** @param {import("./model.js").Run} run @returns {NodeLane[]} */
export function nodeLanes(run) {
  return run.nodes.map((node) => {
    const exits = run.notes.filter(([, text]) => text.startsWith(`node n${node.node} exited`))
      .map(([at, text]) => ({ at: at / 1e6, text }));
    const lives = node.starts.map((at, life) => ({ from: at / 1e6, to: lifeEnd(node, life, run, exits) }));
    const lifeStarts = lives.map((life) => life.from);
    /** @type {Band[]} */
    const bands = [];
    node.roles.forEach(([at, role, term, leader], i) => {
      const from = at / 1e6;
      const next = i + 1 < node.roles.length ? node.roles[i + 1][0] / 1e6 : run.end;
      const life = countUpTo(lifeStarts, from) - 1;
      const to = Math.min(next, life >= 0 ? lives[life].to : run.end);
      if (to > from) bands.push({ from, to, role, term, leader, restarted: life > 0 && lives[life].from === from });
    });
    return {
      node: node.node, lives, bands, restarts: node.starts.slice(1).map((at) => at / 1e6),
      faults: run.faults.filter((f) => f.targets.some(([n]) => n === node.node)),
      commit: steps(node.commit), applied: steps(node.applied), durable: steps(node.durable),
      snapshots: node.snapshots.map(([at, installed, index]) => ({ at: at / 1e6, installed, index })),
      exits,
    };
  });
}

/** @param {Steps} line @param {number} time */
function valueAt(line, time) {
  const place = countUpTo(line.at, time) - 1;
  return place < 0 ? 0 : line.value[place];
}

/** The least and the greatest index in view, so that what moves there is seen to move.
 *  @param {Steps[]} lines @param {import("./view.js").View} view */
function range(lines, view) {
  let least = Infinity;
  let most = 0;
  for (const line of lines) {
    const first = Math.max(countUpTo(line.at, view.from) - 1, 0);
    const last = countUpTo(line.at, view.to);
    for (let i = first; i < last; ++i) {
      least = Math.min(least, line.value[i]);
      most = Math.max(most, line.value[i]);
    }
  }
  return least > most ? [0, 1] : [least, most];
}

/** @param {CanvasRenderingContext2D} g @param {import("./timeline.js").Timeline} timeline @param {Steps} line
 *  @param {number[]} indices @param {number} y @param {string} colour @param {"filled" | "dotted" | "line"} kind */
function drawLine(g, timeline, line, [least, most], y, colour, kind) {
  const filled = kind === "filled";
  const dotted = kind === "dotted";
  const { view } = timeline;
  const first = Math.max(countUpTo(line.at, view.from) - 1, 0);
  const last = countUpTo(line.at, view.to);
  if (first >= last) return;
  // Where steps stand close together nobody sees them: drawn as slopes, without dots, and as hairlines, which a
  // processor draws several times faster.
  const dense = last - first > timeline.inner / STEP_MIN;
  g.strokeStyle = colour;
  g.lineWidth = dense ? 1 : 1.5;
  g.setLineDash(dotted && !dense ? DOTS : []);
  g.beginPath();
  let before = 0;
  let drawnTo = -Infinity;
  for (let i = first; i < last; ++i) {
    const x = timeline.x(line.at[i]);
    if (x - drawnTo < 1 && i + 1 < last) continue; // Less than a pixel: the last one of it counts.
    const height = y + PLOT - ((line.value[i] - least) / Math.max(most - least, 1)) * (PLOT - 4) - 1;
    if (i === first) g.moveTo(x, height);
    else if (!dense || x - drawnTo > STEP_MIN) g.lineTo(x, before);
    g.lineTo(x, height);
    before = height;
    drawnTo = x;
  }
  g.lineTo(timeline.x(view.to), before);
  if (!filled) return g.stroke();
  g.lineTo(timeline.x(view.to), y + PLOT);
  g.lineTo(Math.max(timeline.x(line.at[first]), timeline.x(view.from)), y + PLOT);
  g.fillStyle = colour;
  g.globalAlpha = 0.4;
  g.fill();
  g.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} g @param {import("./timeline.js").Timeline} timeline @param {NodeLane} node
 *  @param {number} y */
function drawBands(g, timeline, node, y) {
  const { view, colour } = timeline;
  const left = timeline.x(view.from);
  const right = timeline.x(view.to);
  for (const band of node.bands) {
    if (band.to < view.from || band.from > view.to) continue;
    const x0 = timeline.x(band.from);
    const x1 = timeline.x(band.to);
    g.fillStyle = colour("role-" + band.role);
    g.fillRect(x0, y, Math.max(x1 - x0, 1), BAND);
    const inside = Math.max(x0 + (band.restarted ? 6 : 0), left) + 3;
    const room = Math.min(x1, right) - inside;
    const words = [`${band.role.replace("_", "-")} · term ${band.term}`, `t${band.term}`]
      .find((candidate) => candidate.length * 6.4 <= room);
    if (!words) continue;
    g.fillStyle = colour(band.role === "leader" ? "bar-text" : "text");
    g.fillText(words, inside, y + BAND / 2 + 0.5);
  }
  for (let life = 0; life < node.lives.length; ++life) {
    const x0 = Math.max(timeline.x(node.lives[life].to), left);
    const x1 = Math.min(timeline.x(node.lives[life + 1]?.from ?? view.end), right);
    if (x1 - x0 < 40) continue;
    g.fillStyle = colour("dim");
    g.fillText("down", (x0 + x1) / 2 - 15, y + BAND / 2 + 0.5);
  }
}

/** Snapshots, filled where a leader sent them, and crosses where the node ended by itself.
 *  @param {CanvasRenderingContext2D} g @param {import("./timeline.js").Timeline} timeline @param {NodeLane} node
 *  @param {number} y */
function drawMarks(g, timeline, node, y) {
  const { view, colour } = timeline;
  g.lineWidth = 1.5;
  for (const { at, installed } of node.snapshots) {
    if (at < view.from || at > view.to) continue;
    const x = timeline.x(at);
    g.beginPath();
    g.moveTo(x, y);
    g.lineTo(x + 4, y + 4);
    g.lineTo(x, y + 8);
    g.lineTo(x - 4, y + 4);
    g.closePath();
    g.fillStyle = colour(installed ? "info" : "page");
    g.strokeStyle = colour("text");
    g.fill();
    g.stroke();
  }
  g.strokeStyle = colour("bad");
  g.lineWidth = 2;
  for (const { at } of node.exits) {
    if (at < view.from || at > view.to) continue;
    const x = timeline.x(at);
    g.beginPath();
    g.moveTo(x - 5, y - BAND + 1);
    g.lineTo(x + 5, y - 5);
    g.moveTo(x + 5, y - BAND + 1);
    g.lineTo(x - 5, y - 5);
    g.stroke();
  }
}

/** @param {CanvasRenderingContext2D} g @param {import("./timeline.js").Timeline} timeline @param {number} top */
export function drawNodes(g, timeline, top) {
  const { view, colour } = timeline;
  timeline.nodes.forEach((node, i) => {
    const y = top + i * nodeHeight;
    for (const fault of node.faults) {
      if (fault.end < view.from || fault.begin > view.to) continue;
      const x0 = timeline.x(fault.begin);
      g.fillStyle = colour(faultColour(fault.name));
      g.fillRect(x0, y, Math.max(timeline.x(fault.end) - x0, 1.5), STRIP - 1);
    }
    drawBands(g, timeline, node, y + STRIP);
    const indices = range([node.commit, node.applied, node.durable], view);
    drawLine(g, timeline, node.applied, indices, y + STRIP + BAND + 2, colour("info"), "filled");
    drawLine(g, timeline, node.durable, indices, y + STRIP + BAND + 2, colour("good"), "dotted");
    drawLine(g, timeline, node.commit, indices, y + STRIP + BAND + 2, colour("ok"), "line");
    g.setLineDash([]);
    drawMarks(g, timeline, node, y + STRIP + BAND + 2);
    g.fillStyle = colour("bad");
    for (const restart of node.restarts) {
      const x = timeline.x(restart);
      g.beginPath();
      g.moveTo(x, y + STRIP);
      g.lineTo(x + 6, y + STRIP + BAND / 2);
      g.lineTo(x, y + STRIP + BAND);
      g.fill();
    }
  });
}

/** @param {NodeLane} node @param {number} time @param {number} [around] how far away a mark may be
 *  @returns {string[]} */
export function describeNode(node, time, around = 0) {
  const band = node.bands.find((b) => b.from <= time && time < b.to);
  const lines = [`n${node.node} at ${seconds(time)}: ` + (band ? band.role.replace("_", "-") : "down or not heard of")];
  if (band) lines.push(`term ${band.term}` + (band.leader ? `, leader n${band.leader}` : ", no leader known"));
  lines.push(`commit ${valueAt(node.commit, time)}, applied ${valueAt(node.applied, time)}, ` +
    `durable ${valueAt(node.durable, time)}`);
  for (const { at, installed, index } of node.snapshots) {
    if (Math.abs(at - time) <= around) lines.push(`snapshot up to ${index} ${installed ? "installed" : "taken"} at ${seconds(at)}`);
  }
  for (const { at, text } of node.exits) {
    if (Math.abs(at - time) <= around) lines.push(`${seconds(at)}: ${text}`);
  }
  lines.push(`${countUpTo(node.restarts, time)} of ${node.restarts.length} restarts so far`);
  for (const fault of node.faults) {
    if (fault.begin <= time && time <= fault.end) lines.push(faultTitle(fault));
  }
  return lines;
}
