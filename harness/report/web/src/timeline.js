// Operations per client, faults and nodes on one axis of time.
import { colours, h } from "./dom.js";
import { describeFault, faultColour, faultTitle, measured, shade } from "./faults.js";
import { Lanes } from "./lanes.js";
import { describeNode, drawNodes, nodeHeight, nodeLanes } from "./nodes.js";
import { listen } from "./pointer.js";
import { ticks } from "./view.js";

export const LEFT = 84;
export const RIGHT = 12;
const AXIS = 24;
const FAULT = 18;
const GAP = 10;
const LANES_HEIGHT = 640; // Many clients get thinner lanes.
const FONT = "12px system-ui, sans-serif";
const LETTER = 6.1; // Its letters on average; measuring each text would cost more than drawing it.

export class Timeline {
  /** @param {import("./model.js").Run} run @param {import("./view.js").View} view */
  constructor(run, view) {
    this.run = run;
    this.view = view;
    this.operations = run.operations;
    this.nodes = nodeLanes(run);
    this.lanes = new Lanes(run.operations);
    /** @type {Set<number>} */
    this.evidence = new Set();
    /** @type {[number, number] | null} */
    this.marked = null;
    /** @type {Uint8Array | null} */
    this.found = null;
    const lanes = this.operations.lanes.length;
    this.lane = Math.max(Math.min(Math.floor(LANES_HEIGHT / Math.max(lanes, 1)), 16), 2);
    this.lanesTop = AXIS + run.faultRows * FAULT + GAP;
    this.nodesTop = this.lanesTop + lanes * this.lane + GAP;
    this.height = this.nodesTop + this.nodes.length * nodeHeight + 6;
    this.width = 0;
    this.ratio = 0;
    this.canvas = h("canvas", {
      tabindex: 0, role: "application",
      "aria-label": "Timeline of operations, faults and nodes. Arrow keys pan, plus and minus zoom, 0 shows the " +
        "whole run, n goes to the next operation found, v to the first violation.",
    });
    // Opaque: cheaper to put on the page.
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d", { alpha: false }));
    this.tip = h("div", { class: "tip", hidden: true });
    this.cursor = h("div", { class: "cursor", hidden: true });
    this.selection = h("div", { class: "selection", hidden: true });
    this.element = h("div", { class: "timeline" }, this.canvas, this.selection, this.cursor, this.tip);
    this.colour = colours();
    this.lanes.recolour(this.colour);
    this.pending = false;
    this.visible = true;
    this.stale = false;
    /** What the key v does. @type {() => void} */
    this.onViolation = () => {};
    listen(this);
    view.onChange(() => this.redraw());
    view.onPoint((time) => this.pointAt(time));
    new ResizeObserver(() => requestAnimationFrame(() => this.resize())).observe(this.element);
    new IntersectionObserver(([entry]) => {
      this.visible = entry.isIntersecting;
      if (this.visible && this.stale) this.redraw();
    }).observe(this.element);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.colour = colours();
      this.lanes.recolour(this.colour);
      this.redraw();
    });
  }

  resize() {
    const ratio = devicePixelRatio || 1;
    if (this.width === this.element.clientWidth && this.ratio === ratio) return;
    this.ratio = ratio;
    this.width = this.element.clientWidth;
    this.canvas.width = this.width * ratio;
    this.canvas.height = this.height * ratio;
    this.canvas.style.width = this.width + "px";
    this.canvas.style.height = this.height + "px";
    this.lanes.resize(Math.round(this.inner * ratio));
    this.draw();
  }

  /** Once for each picture that the screen shows, and not while nobody sees it. */
  redraw() {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      this.stale = !this.visible;
      if (this.visible) this.draw();
    });
  }

  /** The width of the part that has an axis. */
  get inner() { return Math.max(this.width - LEFT - RIGHT, 1); }

  /** @param {number} time */
  x(time) {
    const { from, to } = this.view;
    return LEFT + ((time - from) / (to - from)) * this.inner;
  }

  /** @param {number} x */
  time(x) {
    const { from, to } = this.view;
    return from + ((x - LEFT) / this.inner) * (to - from);
  }

  draw() {
    if (!this.width) return;
    const g = this.context;
    const ratio = devicePixelRatio || 1;
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.fillStyle = this.colour("page");
    g.fillRect(0, 0, this.width, this.height);
    g.font = FONT;
    g.textBaseline = "middle";
    this.drawLabels(g);
    g.save();
    g.beginPath();
    g.rect(LEFT, 0, this.inner, this.height);
    g.clip();
    this.drawShades(g);
    this.drawAxis(g);
    this.drawFaults(g);
    this.drawOperations(g);
    this.drawEvidence(g);
    drawNodes(g, this, this.nodesTop);
    g.restore();
  }

  /** @param {CanvasRenderingContext2D} g */
  drawLabels(g) {
    const { colour } = this;
    g.fillStyle = colour("dim");
    if (this.run.faultRows) g.fillText("faults", 6, AXIS + FAULT / 2);
    if (this.operations.lanes.length) g.fillText("clients", 6, this.lanesTop + 7);
    this.nodes.forEach((node, i) => {
      const y = this.nodesTop + i * nodeHeight;
      g.fillStyle = colour("text");
      g.fillText(`n${node.node}`, 6, y + 12);
      g.fillStyle = colour("ok");
      g.fillText("commit", 30, y + 29);
      g.fillStyle = colour("info-text");
      g.fillText("applied", 30, y + 43);
    });
  }

  /** @param {CanvasRenderingContext2D} g */
  drawAxis(g) {
    const { step, values } = ticks(this.view.from, this.view.to, Math.max(this.width / 110, 2));
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    for (const value of values) {
      const x = Math.round(this.x(value));
      g.fillStyle = this.colour("grid");
      g.fillRect(x, AXIS - 4, 1, this.height);
      g.fillStyle = this.colour("dim");
      g.fillRect(x, 4, 1, 12);
      const words = value.toFixed(digits) + " s";
      if (x + 4 + words.length * LETTER < this.width - RIGHT) g.fillText(words, x + 4, 10);
    }
    g.fillStyle = this.colour("dim");
    for (const [at, text] of this.run.notes) {
      if (text.startsWith("phase: ")) g.fillRect(Math.round(this.x(at / 1e6)), AXIS - 6, 1, this.height);
    }
  }

  /** @param {CanvasRenderingContext2D} g */
  drawShades(g) {
    shade(this.run.faults, this.view.from, this.view.to, this.inner, (x, width, depth) => {
      g.fillStyle = this.colour("shade-" + depth);
      g.fillRect(LEFT + x, AXIS, width, this.height);
    });
  }

  /** @param {CanvasRenderingContext2D} g */
  drawFaults(g) {
    const { from, to } = this.view;
    for (const fault of this.run.faults) {
      if (fault.end < from || fault.begin > to) continue;
      const x0 = this.x(fault.begin);
      const width = Math.max(this.x(fault.end) - x0 - 1, 1.5);
      const y = AXIS + fault.row * FAULT;
      g.fillStyle = this.colour(faultColour(fault.name));
      g.globalAlpha = fault.effect.length ? 1 : 0.45; // Nothing was measured of it.
      g.fillRect(x0, y, width, FAULT - 2);
      g.globalAlpha = 1;
      const inside = Math.max(x0, LEFT) + 4;
      const fits = Math.floor((Math.min(x0 + width, this.width - RIGHT) - inside - 2) / LETTER);
      if (fits < fault.name.length) continue;
      const whole = `${faultTitle(fault)} – ${measured(fault)}`;
      g.fillStyle = this.colour("fault-text");
      g.fillText(fits < fault.name.length + 6 ? fault.name : cut(whole, fits), inside, y + FAULT / 2 - 0.5);
    }
  }

  /** @param {CanvasRenderingContext2D} g */
  drawOperations(g) {
    const { operations, lane } = this;
    if (!this.lanes.image) return;
    const ratio = devicePixelRatio || 1;
    const wordsFrom = lane < 13 ? Infinity : 46 * ratio;
    const words = this.lanes.paint(this.view.from, this.view.to, wordsFrom, this.found, this.evidence);
    const strip = this.lanes.canvas;
    g.imageSmoothingEnabled = false;
    const gap = lane > 5 ? 3 : lane > 3 ? 1 : 0;
    for (let i = 0; i < operations.lanes.length; ++i) {
      g.drawImage(strip, 0, i, strip.width, 1, LEFT, this.lanesTop + i * lane + gap / 2, this.inner, lane - gap);
    }
    for (const i of words) {
      const inside = Math.max(this.x(operations.start[i]), LEFT) + 3;
      const room = Math.min(this.x(operations.end[i]), this.width - RIGHT) - inside - 3;
      if (room < 30) continue;
      g.fillStyle = this.colour(operations.rank[i] % 2 ? "bar-text" : "text");
      g.fillText(
        cut(`${operations.key(i)} ${operations.call(i)} ${operations.answer(i)}`, Math.floor(room / LETTER)),
        inside, this.lanesTop + operations.laneOf[i] * lane + lane / 2);
    }
  }

  /** @param {CanvasRenderingContext2D} g */
  drawEvidence(g) {
    const { operations, lane } = this;
    g.strokeStyle = this.colour("bad");
    g.lineWidth = 2;
    for (const i of this.evidence) {
      const x0 = this.x(operations.start[i]);
      const width = Math.max(this.x(operations.end[i]) - x0, 3);
      g.strokeRect(x0 - 1, this.lanesTop + operations.laneOf[i] * lane, width + 2, lane - 1);
    }
    if (this.marked) {
      g.fillStyle = this.colour("bad");
      for (const at of this.marked) g.fillRect(this.x(at) - 1, 0, 2, this.height);
    }
  }

  /** What is under the pointer, in lines; null: nothing. @param {number} x @param {number} y */
  at(x, y) {
    if (x < LEFT || x > this.width - RIGHT) return null;
    const time = this.time(x);
    if (y >= this.nodesTop) {
      const node = this.nodes[Math.floor((y - this.nodesTop) / nodeHeight)];
      return node ? describeNode(node, time, (5 * (this.view.to - this.view.from)) / this.inner) : null;
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

  /** @param {number} x @param {number} y */
  operationAt(x, y) {
    const lane = Math.floor((y - this.lanesTop) / this.lane);
    const list = this.operations.lanes[lane];
    if (!list) return -1;
    const next = this.operations.begun(lane, this.time(x));
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

  /** @param {number | null} time */
  pointAt(time) {
    this.cursor.hidden = time === null || time < this.view.from || time > this.view.to;
    if (time !== null && !this.cursor.hidden) this.cursor.style.transform = `translateX(${this.x(time)}px)`;
  }

  /** @param {string} text @returns {number} how many were found */
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

  /** @param {number} i */
  centre(i) {
    const width = Math.min(this.view.to - this.view.from, 2);
    this.view.set(this.operations.start[i] - width / 2, this.operations.start[i] + width / 2);
  }

  /** Shows what a finding stands on: its operations outlined, or else its moment marked.
   *  @param {number[]} indices @param {[number, number] | null} moment */
  show(indices, moment) {
    this.evidence = new Set(indices);
    this.marked = indices.length ? null : moment;
    const starts = indices.map((i) => this.operations.start[i]);
    const ends = indices.map((i) => Math.min(this.operations.end[i], this.operations.start[i] + 2));
    const from = Math.min(...(indices.length ? starts : moment ?? [0]));
    const to = Math.max(...(indices.length ? ends : moment ?? [this.view.end]));
    const margin = Math.max((to - from) * 0.3, indices.length ? 0.02 : 0.5);
    this.view.set(from - margin, to + margin);
    this.redraw();
    this.element.scrollIntoView({ block: "center" });
    this.canvas.focus({ preventScroll: true });
  }
}

/** @param {string} text @param {number} letters */
function cut(text, letters) {
  return text.length > letters ? text.slice(0, Math.max(letters - 1, 0)) + "…" : text;
}
