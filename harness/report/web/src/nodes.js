// What each node was: its role and term as a band, its commit and applied index as lines, its
// restarts as marks. From the nodes' traces.
import { seconds } from "./model.js";

export const nodeHeight = 48;
const BAND = 14;
const PLOT = 28;

/** Where a life ended: at the fault that killed it, or, not knowing that, when it was last heard. */
function lifeEnd(node, life, run) {
  const next = node.starts[life + 1];
  if (next === undefined) return run.end;
  const heard = node.last_heard[life] / 1e6;
  const kill = run.faults.find(
    (f) => f.name === "kill" && f.begin >= heard && f.begin <= next / 1e6 &&
      f.targets.some(([n]) => n === node.node));
  return kill ? kill.begin : heard;
}

export function prepareNodes(run) {
  for (const node of run.nodes) {
    node.lives = node.starts.map((at, life) => ({ from: at / 1e6, to: lifeEnd(node, life, run) }));
    node.bands = [];
    for (const [i, [at, role, term, leader]] of node.roles.entries()) {
      const from = at / 1e6;
      const next = i + 1 < node.roles.length ? node.roles[i + 1][0] / 1e6 : run.end;
      const life = node.lives.findLast((l) => l.from <= from);
      const to = Math.min(next, life ? life.to : run.end);
      if (to > from) node.bands.push({ from, to, role, term, leader });
    }
  }
}

/** The least and the greatest index in view, so that what moves there is seen to move. */
function range(node, view) {
  const values = [node.commit, node.applied].flatMap((points) => [
    valueAt(points, view.from),
    valueAt(points, view.to),
    ...points.filter(([at]) => at >= view.from * 1e6 && at <= view.to * 1e6).map(([, value]) => value),
  ]);
  return [Math.min(...values), Math.max(...values)];
}

function drawLine(g, timeline, points, [least, most], y, colour, width) {
  g.strokeStyle = colour;
  g.lineWidth = width;
  g.beginPath();
  let before = y + PLOT;
  let began = false;
  for (const [at, value] of points) {
    const x = timeline.x(at / 1e6);
    const height = y + PLOT - ((value - least) / Math.max(most - least, 1)) * (PLOT - 4) - 1;
    if (!began) g.moveTo(x, height);
    else g.lineTo(x, before);
    g.lineTo(x, height);
    began = true;
    before = height;
  }
  g.lineTo(timeline.x(timeline.run.end), before);
  g.stroke();
}

export function drawNodes(g, timeline, top) {
  const { run, view, colour } = timeline;
  run.nodes.forEach((node, i) => {
    const y = top + i * nodeHeight;
    for (const band of node.bands) {
      if (band.to < view.from || band.from > view.to) continue;
      const x0 = timeline.x(band.from);
      const x1 = timeline.x(band.to);
      g.fillStyle = colour("role-" + band.role);
      g.fillRect(x0, y, Math.max(x1 - x0, 1), BAND);
      const restarted = node.lives.slice(1).some((life) => life.from === band.from);
      const inside = Math.max(x0 + (restarted ? 6 : 0), timeline.x(view.from)) + 3;
      const room = Math.min(x1, timeline.x(view.to)) - inside;
      const words = [`${band.role} · term ${band.term}`, `t${band.term}`]
        .find((candidate) => g.measureText(candidate).width <= room);
      if (words) {
        g.fillStyle = colour(band.role === "leader" ? "bar-text" : "text");
        g.fillText(words, inside, y + BAND / 2 + 0.5);
      }
    }
    const indices = range(node, view);
    drawLine(g, timeline, node.applied, indices, y + BAND + 2, colour("info"), 2.5);
    drawLine(g, timeline, node.commit, indices, y + BAND + 2, colour("ok"), 1.2);
    g.fillStyle = colour("bad");
    for (const start of node.starts.slice(1)) {
      const x = timeline.x(start / 1e6);
      g.beginPath();
      g.moveTo(x, y);
      g.lineTo(x + 6, y + BAND / 2);
      g.lineTo(x, y + BAND);
      g.fill();
    }
  });
}

function valueAt(points, time) {
  const point = points.findLast(([at]) => at / 1e6 <= time);
  return point ? point[1] : 0;
}

export function describeNode(node, time, run) {
  const band = node.bands.find((b) => b.from <= time && time < b.to);
  const restarts = node.starts.filter((at) => at / 1e6 <= time).length - 1;
  const lines = [`n${node.node} at ${seconds(time)}: ` + (band ? band.role : "down or not heard of")];
  if (band) lines.push(`term ${band.term}` + (band.leader ? `, leader n${band.leader}` : ", no leader known"));
  lines.push(`commit ${valueAt(node.commit, time)}, applied ${valueAt(node.applied, time)}`);
  lines.push(`${Math.max(restarts, 0)} of ${Math.max(node.starts.length - 1, 0)} restarts so far`);
  const faults = run.faults.filter(
    (f) => f.begin <= time && time <= f.end && f.targets.some(([n]) => n === node.node));
  for (const fault of faults) lines.push(`${fault.name}: ${fault.detail}`);
  return lines;
}
