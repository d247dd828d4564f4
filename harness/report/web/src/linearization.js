// The order that explains most of a counterexample, over its bars: a numbered point on each operation where it takes
// effect, joined by a line, and a cross on those of which none can come next.
import { h, s } from "./dom.js";

const STEP = 20;
const MARGIN = 10;

/** @typedef {(operation: number) => { left: number, right: number, y: number } | null} Place */

/** @param {import("./model.js").Operations} operations
 *  @param {NonNullable<import("./model.js").Check["linearization"]>} linearization @param {Place} place */
export function drawLinearization(operations, linearization, place) {
  const [initial, steps, blocked] = linearization;
  /** @type {{ x: number, y: number, number: number, state: string }[]} */
  const points = [];
  let x = 0;
  steps.forEach(([event, state], k) => {
    const bar = place(operations.ofEvent(event));
    if (!bar) return;
    x = Math.max(x + 1, Math.min(Math.max(x + STEP, bar.left + MARGIN), bar.right - MARGIN));
    points.push({ x, y: bar.y, number: k + 1, state });
  });
  const marks = s("g", { class: "linearization" });
  marks.append(s("polyline", { points: points.map((point) => `${point.x},${point.y}`).join(" ") }));
  for (const point of points) {
    marks.append(s("g", { class: "point" },
      s("title", {}, `step ${point.number}: the state becomes ${point.state}` +
        (point.number === 1 ? ` (it was ${initial})` : "")),
      s("circle", { cx: point.x, cy: point.y, r: 8 }),
      s("text", { x: point.x, y: point.y + 4 }, String(point.number))));
  }
  for (const [event, why] of blocked) {
    const bar = place(operations.ofEvent(event));
    if (!bar) continue;
    const at = Math.max(bar.left + MARGIN, Math.min(bar.right - MARGIN, x + STEP));
    marks.append(s("g", { class: "blocked" },
      s("title", {}, why),
      s("circle", { cx: at, cy: bar.y, r: 8 }),
      s("path", { d: `M${at - 4},${bar.y - 4} l8,8 m0,-8 l-8,8` })));
  }
  return marks;
}

/** The same in words. @param {import("./model.js").Operations} operations
 *  @param {NonNullable<import("./model.js").Check["linearization"]>} linearization */
export function describeLinearization(operations, linearization) {
  const [initial, steps, blocked] = linearization;
  const name = (/** @type {number} */ event) => {
    const i = operations.ofEvent(event);
    return i < 0 ? `op #${event}` : `op #${event} c${operations.raw.client[i]} ${operations.call(i)} ${operations.answer(i)}`;
  };
  return h("div", { class: "explained" },
    h("p", {}, `The longest order that explains some of them begins with ${initial}:`),
    h("ol", {}, steps.map(([event, state]) => h("li", {}, name(event), h("b", {}, ` ⇒ ${state}`)))),
    blocked.length ? h("p", {}, "Then nothing fits that could come next:") : null,
    blocked.length ? h("ul", {}, blocked.map(([event, why]) => h("li", {}, name(event), h("b", {}, ` ✗ ${why}`)))) : null);
}
