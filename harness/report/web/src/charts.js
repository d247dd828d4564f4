// Throughput, latency and availability over time, drawn by uPlot on the axis of the timeline.
import uPlot from "uplot";
import { colours, h } from "./dom.js";
import { shade } from "./faults.js";
import { LEFT, RIGHT } from "./timeline.js";

/** @typedef {import("./model.js").Run} Run */
/** @typedef {import("./view.js").View} View */
/** @typedef {(number | null)[]} Values */
/** What one chart shows; a line is label, colour, colour below it.
 *  @typedef {{ title: string, lines: [string, string, string?][], values: Values[],
 *   format: (value: number) => string, range: (u: any, least: number, most: number) => [number, number] }} Chart */

const HEIGHT = 150;

/** @param {Run} run @param {View} view @param {Chart} what @param {object} group */
function plot(run, view, what, group) {
  const c = colours();
  const host = h("div", { class: "chart" }, h("h3", {}, what.title));
  const width = run.series.width / 1e6;
  const times = run.series.ok.map((_, i) => (i + 0.5) * width);
  const axis = { stroke: c("dim"), grid: { stroke: c("grid"), width: 1 }, ticks: { show: false } };
  /** @param {uPlot} u */
  const shadeFaults = (u) => {
    shade(run.faults, view.from, view.to, u.bbox.width, (x, wide, depth) => {
      u.ctx.fillStyle = c("shade-" + depth);
      u.ctx.fillRect(u.bbox.left + x, u.bbox.top, wide, u.bbox.height);
    });
  };
  const chart = new uPlot(
    {
      width: 600,
      height: HEIGHT,
      padding: [8, RIGHT, 0, 0],
      cursor: { drag: { x: true, y: false, setScale: false } },
      legend: { live: true },
      scales: {
        x: { time: false, min: view.from, max: view.to, range: () => [view.from, view.to] },
        y: { range: what.range },
      },
      axes: [
        { ...axis, size: 26, values: (_, splits) => splits.map((v) => v + " s") },
        { ...axis, size: LEFT, values: (_, splits) => splits.map(what.format) },
      ],
      series: [
        { label: "time", value: (_, v) => (v == null ? "–" : v.toFixed(2) + " s") },
        ...what.lines.map(([label, colour, below]) => ({
          label,
          stroke: c(colour),
          width: 1.5,
          fill: below ? c(below) : undefined,
          points: { show: false },
          spanGaps: false,
          value: (/** @type {uPlot} */ _, /** @type {number | null} */ v) => (v == null ? "–" : what.format(v)),
        })),
      ],
      hooks: {
        drawClear: [shadeFaults],
        setCursor: [
          (u) => {
            const left = u.cursor.left ?? -1;
            if (u.cursor.event) view.point(left < 0 ? null : u.posToVal(left, "x"), group);
          },
        ],
        setSelect: [
          (u) => {
            if (u.select.width < 3) return;
            const from = u.posToVal(u.select.left, "x");
            const to = u.posToVal(u.select.left + u.select.width, "x");
            u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
            view.set(from, to);
          },
        ],
      },
    },
    /** @type {any} */ ([times, ...what.values]),
    host,
  );
  return { host, chart, visible: true, stale: false };
}

/** @param {number} v */
const number = (v) => (v >= 100 || Number.isInteger(v) ? v.toFixed(0) : v.toFixed(v < 1 ? 2 : 1));
/** @param {any} _ @param {number} __ @param {number} most @returns {[number, number]} */
const fromZero = (_, __, most) => [0, (most > 0 ? most : 1) * 1.1];

/** @param {Run} run @returns {Chart[]} */
function whatIsShown(run) {
  const { ok, fail, info, p50, p99, max, width } = run.series;
  /** @param {Values} values */
  const milliseconds = (values) => values.map((v) => (v == null ? null : v / 1000));
  /** @param {number[]} counts */
  const perSecond = (counts) => counts.map((n) => n / (width / 1e6));
  const available = ok.map((n, i) => {
    const all = n + fail[i] + info[i];
    return all ? (100 * n) / all : null;
  });
  return [
    {
      title: "Throughput, operations a second", lines: [["ok", "ok", "ok-fill"], ["fail", "fail"], ["info", "info"]],
      values: [perSecond(ok), perSecond(fail), perSecond(info)], format: number, range: fromZero,
    },
    {
      title: "Latency of what succeeded", lines: [["median", "ok"], ["99 %", "info"], ["worst", "bad"]],
      values: [milliseconds(p50), milliseconds(p99), milliseconds(max)], format: (v) => number(v) + " ms",
      range: fromZero,
    },
    {
      title: "Availability, share of operations that succeeded", lines: [["available", "ok", "ok-fill"]],
      values: [available], format: (v) => number(v) + " %", range: () => [0, 105],
    },
  ];
}

/** @param {Run} run @param {View} view @param {HTMLElement} place */
export function drawCharts(run, view, place) {
  /** @type {ReturnType<typeof plot>[]} */
  let charts = [];
  let width = 0;
  const group = {};
  /** @param {ReturnType<typeof plot>} entry */
  const follow = (entry) => {
    entry.stale = !entry.visible;
    if (entry.visible) entry.chart.setScale("x", { min: view.from, max: view.to });
  };
  // A chart that nobody sees is drawn when it comes into sight.
  const watch = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      const entry = charts.find(({ host }) => host === target);
      if (!entry) continue;
      entry.visible = isIntersecting;
      if (entry.visible && entry.stale) follow(entry);
    }
  });
  const resize = () => {
    if (place.clientWidth === width) return;
    width = place.clientWidth;
    for (const { chart } of charts) chart.setSize({ width, height: HEIGHT });
  };
  const build = () => {
    watch.disconnect();
    for (const { chart } of charts) chart.destroy();
    charts = whatIsShown(run).map((what) => plot(run, view, what, group));
    place.replaceChildren(...charts.map(({ host }) => host));
    for (const { host } of charts) watch.observe(host);
    width = 0;
    resize();
  };
  build();
  new ResizeObserver(() => requestAnimationFrame(resize)).observe(place);
  let pending = false;
  view.onChange(() => {
    if (pending) return;
    pending = true;
    requestAnimationFrame(() => {
      pending = false;
      charts.forEach(follow);
    });
  });
  view.onPoint((time) => {
    for (const { chart, visible } of charts) {
      if (!visible || chart.cursor.event) continue; // The one that is pointed at moves its own.
      chart.setCursor({ left: time === null ? -10 : chart.valToPos(time, "x"), top: 10 }, false);
    }
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", build);
}
