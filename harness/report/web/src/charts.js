// Throughput, latency and availability over time, drawn by uPlot on the axis of the timeline.
import uPlot from "uplot";
import { colours, h } from "./dom.js";
import { LEFT, RIGHT } from "./timeline.js";

const HEIGHT = 150;

function plot(run, view, title, series, values, yFormat, range) {
  const c = colours();
  const host = h("div", { class: "chart" }, h("h3", {}, title));
  const width = run.series.width / 1e6;
  const times = run.series.ok.map((_, i) => (i + 0.5) * width);
  const axis = { stroke: c("dim"), grid: { stroke: c("grid"), width: 1 }, ticks: { show: false } };
  const shade = (u) => {
    for (const fault of run.faults) {
      const x0 = Math.max(u.valToPos(fault.begin, "x", true), u.bbox.left);
      const x1 = Math.min(u.valToPos(fault.end, "x", true), u.bbox.left + u.bbox.width);
      if (x1 <= x0) continue;
      u.ctx.fillStyle = c("shade");
      u.ctx.fillRect(x0, u.bbox.top, x1 - x0, u.bbox.height);
    }
  };
  const chart = new uPlot(
    {
      width: 600,
      height: HEIGHT,
      padding: [8, RIGHT, 0, 0],
      cursor: { sync: { key: "squall" }, drag: { x: true, y: false, setScale: false } },
      legend: { live: true },
      scales: { x: { time: false, min: view.from, max: view.to, range: () => [view.from, view.to] }, y: { range } },
      axes: [
        { ...axis, size: 26, values: (_, splits) => splits.map((v) => v + " s") },
        { ...axis, size: LEFT, values: (_, splits) => splits.map(yFormat) },
      ],
      series: [
        { label: "time", value: (_, v) => (v == null ? "" : v.toFixed(2) + " s") },
        ...series.map(([label, colour, fill]) => ({
          label,
          stroke: c(colour),
          width: 1.5,
          fill: fill ? c(fill) : undefined,
          points: { show: false },
          spanGaps: false,
          value: (_, v) => (v == null ? "–" : yFormat(v)),
        })),
      ],
      hooks: {
        drawClear: [shade],
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
    [times, ...values],
    host,
  );
  return { host, chart };
}

const milliseconds = (values) => values.map((v) => (v == null ? null : v / 1000));
const number = (v) => (v >= 100 || Number.isInteger(v) ? v.toFixed(0) : v.toFixed(v < 1 ? 2 : 1));
const fromZero = (_, __, max) => [0, (max > 0 ? max : 1) * 1.1];

export function drawCharts(run, view, place) {
  const { ok, fail, info, p50, p99, max } = run.series;
  const perSecond = (counts) => counts.map((n) => n / (run.series.width / 1e6));
  const available = ok.map((n, i) => {
    const all = n + fail[i] + info[i];
    return all ? (100 * n) / all : null;
  });
  let charts = [];
  let width = 0;
  const resize = () => {
    if (place.clientWidth === width) return;
    width = place.clientWidth;
    for (const { chart } of charts) chart.setSize({ width, height: HEIGHT });
  };
  const build = () => {
    for (const { chart } of charts) chart.destroy();
    charts = [
      plot(run, view, "Throughput, operations a second",
        [["ok", "ok", "ok-fill"], ["fail", "fail"], ["info", "info"]],
        [perSecond(ok), perSecond(fail), perSecond(info)], number, fromZero),
      plot(run, view, "Latency of what succeeded",
        [["median", "ok"], ["99 %", "info"], ["worst", "bad"]],
        [milliseconds(p50), milliseconds(p99), milliseconds(max)], (v) => number(v) + " ms", fromZero),
      plot(run, view, "Availability, share of operations that succeeded",
        [["available", "ok", "ok-fill"]], [available], (v) => number(v) + " %", () => [0, 105]),
    ];
    place.replaceChildren(...charts.map(({ host }) => host));
    width = 0;
    resize();
  };
  build();
  new ResizeObserver(() => requestAnimationFrame(resize)).observe(place);
  view.onChange(() => {
    for (const { chart } of charts) chart.setScale("x", { min: view.from, max: view.to });
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", build);
}
