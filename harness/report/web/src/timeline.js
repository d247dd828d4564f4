// Operations per client, faults and nodes on one axis of time. Zoom with the wheel, pan by
// dragging, zoom into a stretch with shift and drag, everything with a double click.
import { colours, h } from "./dom.js";
import { describeFault, seconds } from "./model.js";
import { drawNodes, nodeHeight, describeNode } from "./nodes.js";
import { ticks } from "./view.js";

export const LEFT = 76;
export const RIGHT = 12;
const AXIS = 22;
const FAULT = 15;
const LANE = 13;
const GAP = 10;

/** Faults that overlap in time go into different rows. */
function faultRows(faults) {
  const rows = [];
  for (const fault of faults) {
    let row = rows.findIndex((last) => last <= fault.begin);
    if (row < 0) row = rows.push(0) - 1;
    rows[row] = fault.end;
    fault.row = row;
  }
  return rows.length;
}

export class Timeline {
  constructor(run, view) {
    this.run = run;
    this.view = view;
    this.operations = run.operations;
    this.evidence = new Set();
    this.found = null;
    this.faultRows = faultRows(run.faults);
    this.lanesTop = AXIS + this.faultRows * FAULT + GAP;
    this.nodesTop = this.lanesTop + this.operations.lanes.length * LANE + GAP;
    this.height = this.nodesTop + run.nodes.length * nodeHeight + 6;
    this.canvas = h("canvas", {
      tabindex: 0, role: "application",
      "aria-label": "Timeline of operations, faults and nodes; arrow keys pan, plus and minus zoom",
    });
    this.tip = h("div", { class: "tip", hidden: true });
    this.element = h("div", { class: "timeline" }, this.canvas, this.tip);
    this.colour = colours();
    this.listen();
    view.onChange(() => this.redraw());
    new ResizeObserver(() => requestAnimationFrame(() => this.resize())).observe(this.element);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.colour = colours();
      this.redraw();
    });
  }

  resize() {
    if (this.width === this.element.clientWidth) return;
    const ratio = devicePixelRatio || 1;
    this.width = this.element.clientWidth;
    this.canvas.width = this.width * ratio;
    this.canvas.height = this.height * ratio;
    this.canvas.style.width = this.width + "px";
    this.canvas.style.height = this.height + "px";
    this.draw();
  }

  redraw() {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      this.draw();
    });
  }

  x(time) {
    const { from, to } = this.view;
    return LEFT + ((time - from) / (to - from)) * (this.width - LEFT - RIGHT);
  }

  time(x) {
    const { from, to } = this.view;
    return from + ((x - LEFT) / (this.width - LEFT - RIGHT)) * (to - from);
  }

  draw() {
    if (!this.width) return;
    const g = this.canvas.getContext("2d");
    const ratio = devicePixelRatio || 1;
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.clearRect(0, 0, this.width, this.height);
    g.font = "11px system-ui, sans-serif";
    g.textBaseline = "middle";
    this.drawLabels(g);
    g.save();
    g.beginPath();
    g.rect(LEFT, 0, this.width - LEFT - RIGHT, this.height);
    g.clip();
    this.drawAxis(g);
    this.drawFaults(g);
    for (let lane = 0; lane < this.operations.lanes.length; ++lane) this.drawLane(g, lane);
    this.drawEvidence(g);
    drawNodes(g, this, this.nodesTop);
    g.restore();
  }

  drawLabels(g) {
    g.fillStyle = this.colour("dim");
    if (this.faultRows) g.fillText("faults", 4, AXIS + FAULT / 2);
    g.fillText("clients", 4, this.lanesTop + LANE / 2);
    for (const [i, node] of this.run.nodes.entries()) {
      const y = this.nodesTop + i * nodeHeight;
      g.fillStyle = this.colour("text");
      g.fillText(`n${node.node}`, 4, y + 8);
      g.fillStyle = this.colour("dim");
      g.fillText("commit", 24, y + 8);
      g.fillText("applied", 24, y + 22);
    }
  }

  drawAxis(g) {
    const { step, values } = ticks(this.view.from, this.view.to, Math.max(this.width / 110, 2));
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    for (const value of values) {
      const x = Math.round(this.x(value)) + 0.5;
      g.fillStyle = this.colour("grid");
      g.fillRect(x, AXIS - 4, 1, this.height);
      g.fillStyle = this.colour("dim");
      g.fillText(value.toFixed(digits) + " s", x + 3, 9);
      g.fillRect(x, 3, 1, 12);
    }
    for (const [at, text] of this.run.notes) {
      if (!text.startsWith("phase: ")) continue;
      const x = this.x(at / 1e6);
      g.fillStyle = this.colour("dim");
      g.fillRect(x, AXIS - 6, 1, this.height);
    }
  }

  drawFaults(g) {
    for (const fault of this.run.faults) {
      if (fault.end < this.view.from || fault.begin > this.view.to) continue;
      const x0 = this.x(fault.begin);
      const width = Math.max(this.x(fault.end) - x0, 1.5);
      g.fillStyle = this.colour("shade");
      g.fillRect(x0, AXIS, width, this.height);
      const y = AXIS + fault.row * FAULT;
      g.fillStyle = this.colour("fault");
      g.fillRect(x0, y, Math.max(width - 1, 1), FAULT - 2);
      const inside = Math.max(x0, LEFT) + 4;
      const room = Math.min(x0 + width, this.width - RIGHT) - inside;
      if (room < 24) continue;
      g.fillStyle = this.colour("fault-text");
      g.save();
      g.beginPath();
      g.rect(inside, y, room, FAULT);
      g.clip();
      g.fillText(room > 160 ? `${fault.name}: ${fault.detail}` : fault.name, inside, y + FAULT / 2 - 0.5);
      g.restore();
    }
  }

  /** The first place in a lane whose operation begins after `time`. */
  after(lane, time) {
    const list = this.operations.lanes[lane];
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.operations.start[list[middle]] > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  drawLane(g, lane) {
    const { operations, found } = this;
    const list = operations.lanes[lane];
    const y = this.lanesTop + lane * LANE;
    const palette = ["read", "ok", "fail", "info"].map((name) => this.colour(name));
    // Several operations in one pixel: the worst outcome shows, and it is drawn once.
    let drawnTo = -1;
    let drawnRank = -1;
    const last = this.after(lane, this.view.to);
    for (let at = Math.max(this.after(lane, this.view.from) - 1, 0); at < last; ++at) {
      const i = list[at];
      const rank = operations.rank[i];
      const hidden = found && !found[i] && !this.evidence.has(i);
      const x0 = this.x(operations.start[i]);
      const x1 = Math.max(this.x(operations.end[i]), x0 + 1);
      if (x1 <= drawnTo && rank + (hidden ? 0 : 10) <= drawnRank) continue;
      g.globalAlpha = hidden ? 0.12 : 1;
      g.fillStyle = palette[rank];
      g.fillRect(x0, y + 1, x1 - x0, LANE - 3);
      if (x1 - x0 > 46 && !hidden) this.drawWords(g, i, x0, x1, y);
      drawnTo = Math.ceil(x1);
      drawnRank = rank + (hidden ? 0 : 10);
    }
    g.globalAlpha = 1;
  }

  drawWords(g, i, x0, x1, y) {
    const inside = Math.max(x0, LEFT) + 3;
    const room = Math.min(x1, this.width - RIGHT) - inside - 2;
    const text = `${this.operations.key(i)} ${this.operations.call(i)} ${this.operations.answer(i)}`;
    if (room < 30) return;
    g.fillStyle = this.colour(this.operations.rank[i] % 2 ? "bar-text" : "text");
    const fits = Math.floor(room / 5.6);
    g.fillText(text.length > fits ? text.slice(0, fits - 1) + "…" : text, inside, y + LANE / 2);
  }

  drawEvidence(g) {
    const { operations } = this;
    if (this.evidence.size === 0) return;
    g.strokeStyle = this.colour("bad");
    g.lineWidth = 2;
    operations.lanes.forEach((list, lane) => {
      for (const i of list) {
        if (!this.evidence.has(i)) continue;
        const x0 = this.x(operations.start[i]);
        const width = Math.max(this.x(operations.end[i]) - x0, 3);
        g.strokeRect(x0 - 1, this.lanesTop + lane * LANE, width + 2, LANE - 1);
      }
    });
  }

  /** What is under the pointer, in lines; null: nothing. */
  at(x, y) {
    if (x < LEFT || x > this.width - RIGHT) return null;
    const time = this.time(x);
    if (y >= this.nodesTop) {
      const node = this.run.nodes[Math.floor((y - this.nodesTop) / nodeHeight)];
      return node ? describeNode(node, time, this.run) : null;
    }
    if (y < this.lanesTop - GAP / 2) {
      const row = Math.floor((y - AXIS) / FAULT);
      const slack = this.time(x + 3) - time;
      const fault = this.run.faults.find(
        (f) => f.row === row && f.begin - slack <= time && time <= f.end + slack);
      return fault ? describeFault(fault) : null;
    }
    const i = this.operationAt(x, y);
    return i < 0 ? null : this.operations.describe(i);
  }

  operationAt(x, y) {
    const lane = Math.floor((y - this.lanesTop) / LANE);
    const list = this.operations.lanes[lane];
    if (!list) return -1;
    const next = this.after(lane, this.time(x));
    let best = -1;
    let nearest = 4;
    for (const at of [next - 1, next]) {
      const i = list[at];
      if (i === undefined) continue;
      const distance = Math.max(this.x(this.operations.start[i]) - x, x - this.x(this.operations.end[i]), 0);
      if (distance < nearest) {
        nearest = distance;
        best = i;
      }
    }
    return best;
  }

  showTip(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    const lines = this.at(x, y);
    this.tip.hidden = !lines;
    if (!lines) return;
    this.tip.replaceChildren(...lines.map((line, i) => h(i ? "div" : "strong", {}, line)));
    const onLeft = x > this.width / 2;
    this.tip.style.left = onLeft ? "auto" : x + 14 + "px";
    this.tip.style.right = onLeft ? this.width - x + 14 + "px" : "auto";
    this.tip.style.top = y + 14 + "px";
  }

  listen() {
    const { canvas, view } = this;
    let drag = null;
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      const x = event.offsetX;
      const perPixel = (view.to - view.from) / (this.width - LEFT - RIGHT);
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        view.pan((event.deltaX || event.deltaY) * perPixel);
      } else {
        view.zoom(Math.exp(Math.max(-200, Math.min(200, event.deltaY)) * 0.002), this.time(x));
      }
    }, { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      drag = { x: event.offsetX, from: view.from, to: view.to, select: event.shiftKey };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!drag || drag.select) return this.showTip(event);
      this.tip.hidden = true;
      const by = ((drag.x - event.offsetX) / (this.width - LEFT - RIGHT)) * (drag.to - drag.from);
      view.set(drag.from + by, drag.to + by);
    });
    canvas.addEventListener("pointerup", (event) => {
      if (drag?.select && Math.abs(event.offsetX - drag.x) > 3) {
        const times = [this.time(drag.x), this.time(event.offsetX)].sort((a, b) => a - b);
        view.set(times[0], times[1]);
      }
      drag = null;
    });
    canvas.addEventListener("pointerleave", () => (this.tip.hidden = true));
    canvas.addEventListener("dblclick", () => view.all());
    canvas.addEventListener("keydown", (event) => {
      const step = (view.to - view.from) / 10;
      const moves = {
        ArrowLeft: () => view.pan(-step), ArrowRight: () => view.pan(step),
        "+": () => view.zoom(0.7), "=": () => view.zoom(0.7), "-": () => view.zoom(1.4),
        0: () => view.all(),
      };
      if (!moves[event.key]) return;
      event.preventDefault();
      moves[event.key]();
    });
  }

  search(text) {
    this.found = this.operations.search(text);
    this.redraw();
    return this.found ? this.found.reduce((sum, hit) => sum + hit, 0) : 0;
  }

  /** Moves to the next operation found after the middle of the view, or to the first one. */
  nextFound() {
    if (!this.found) return;
    const middle = (this.view.from + this.view.to) / 2;
    let first = -1;
    for (let i = 0; i < this.operations.count; ++i) {
      if (!this.found[i]) continue;
      if (first < 0) first = i;
      if (this.operations.start[i] > middle + 1e-6) return this.centre(i);
    }
    if (first >= 0) this.centre(first);
  }

  centre(i) {
    const width = Math.min(this.view.to - this.view.from, 2);
    this.view.set(this.operations.start[i] - width / 2, this.operations.start[i] + width / 2);
  }

  /** Shows the operations that a finding stands on, outlined. */
  show(indices) {
    this.evidence = new Set(indices);
    const from = Math.min(...indices.map((i) => this.operations.start[i]));
    const to = Math.max(...indices.map((i) => Math.min(this.operations.end[i], this.operations.start[i] + 2)));
    const margin = Math.max((to - from) * 0.3, 0.02);
    this.view.set(from - margin, to + margin);
    this.redraw();
    this.element.scrollIntoView({ behavior: "smooth", block: "center" });
    return `${seconds(from)} to ${seconds(to)}`;
  }
}
