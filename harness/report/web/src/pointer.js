// What mouse, touch and keys do to the timeline.
import { h } from "./dom.js";
import { LEFT } from "./timeline.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */

const SCROLL_REST_MS = 250;

/** @param {Timeline} timeline @param {PointerEvent} event */
function showTip(timeline, event) {
  const { canvas, tip } = timeline;
  const box = canvas.getBoundingClientRect();
  const x = event.clientX - box.left;
  const y = event.clientY - box.top;
  const lines = timeline.at(x, y);
  tip.hidden = !lines;
  timeline.view.point(x >= LEFT ? timeline.time(x) : null, timeline);
  if (!lines) return;
  tip.replaceChildren(...lines.map((line, i) => h(i ? "div" : "strong", {}, line)));
  const onLeft = x > timeline.width / 2;
  const above = event.clientY > innerHeight * 0.7;
  tip.style.left = onLeft ? "auto" : x + 14 + "px";
  tip.style.right = onLeft ? timeline.width - x + 14 + "px" : "auto";
  tip.style.top = above ? "auto" : y + 14 + "px";
  tip.style.bottom = above ? timeline.height - y + 14 + "px" : "auto";
}

/** @param {Timeline} timeline */
function hide(timeline) {
  timeline.tip.hidden = true;
  timeline.view.point(null, timeline);
}

/** The wheel zooms, unless the page was just being scrolled past the timeline.
 *  @param {Timeline} timeline */
function listenToWheel(timeline) {
  const { canvas, view } = timeline;
  let scrolledAt = -Infinity;
  addEventListener("scroll", () => (scrolledAt = performance.now()), { passive: true });
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && performance.now() - scrolledAt < SCROLL_REST_MS) return;
    event.preventDefault();
    const perPixel = (view.to - view.from) / timeline.inner;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      view.pan((event.deltaX || event.deltaY) * perPixel);
    } else {
      view.zoom(Math.exp(Math.max(-200, Math.min(200, event.deltaY)) * 0.002), timeline.time(event.offsetX));
    }
  }, { passive: false });
}

/** @param {Timeline} timeline */
function listenToDragging(timeline) {
  const { canvas, selection, view } = timeline;
  /** @type {{ x: number, from: number, to: number, select: boolean } | null} */
  let drag = null;
  canvas.addEventListener("pointerdown", (event) => {
    drag = { x: event.offsetX, from: view.from, to: view.to, select: event.shiftKey };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drag) return showTip(timeline, event);
    timeline.tip.hidden = true;
    if (drag.select) {
      selection.hidden = false;
      selection.style.left = Math.min(drag.x, event.offsetX) + "px";
      selection.style.width = Math.abs(event.offsetX - drag.x) + "px";
      return;
    }
    const by = ((drag.x - event.offsetX) / timeline.inner) * (drag.to - drag.from);
    view.set(drag.from + by, drag.to + by);
  });
  canvas.addEventListener("pointerup", (event) => {
    if (drag?.select && Math.abs(event.offsetX - drag.x) > 3) {
      const times = [timeline.time(drag.x), timeline.time(event.offsetX)].sort((a, b) => a - b);
      view.set(times[0], times[1]);
    }
    drag = null;
    selection.hidden = true;
  });
  canvas.addEventListener("pointercancel", () => {
    drag = null;
    selection.hidden = true;
  });
  canvas.addEventListener("pointerleave", () => hide(timeline));
}

/** @param {Timeline} timeline */
function listenToKeys(timeline) {
  const { canvas, view } = timeline;
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = (view.to - view.from) / 10;
    /** @type {Record<string, () => void>} */
    const moves = {
      ArrowLeft: () => view.pan(-step), ArrowRight: () => view.pan(step),
      Home: () => view.pan(-view.end), End: () => view.pan(view.end),
      "+": () => view.zoom(0.7), "=": () => view.zoom(0.7), "-": () => view.zoom(1.4),
      0: () => view.all(), n: () => timeline.nextFound(), v: () => timeline.onViolation(),
      Escape: () => hide(timeline),
    };
    if (!Object.hasOwn(moves, event.key)) return;
    event.preventDefault();
    moves[event.key]();
  });
}

/** @param {Timeline} timeline */
export function listen(timeline) {
  listenToWheel(timeline);
  listenToDragging(timeline);
  listenToKeys(timeline);
  timeline.canvas.addEventListener("dblclick", () => timeline.view.all());
}
