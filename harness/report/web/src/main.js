// report.html: reads the run from the page and builds everything below the verdict.
import "./report.css";
import { drawCharts } from "./charts.js";
import { drawCounterexample } from "./counterexample.js";
import { h, table } from "./dom.js";
import { readRun, seconds, span } from "./model.js";
import { prepareNodes } from "./nodes.js";
import { Timeline } from "./timeline.js";
import { View } from "./view.js";

function evidenceOf(run, check) {
  return [...new Set(check.evidence.map((event) => run.operations.ofEvent(event)))].filter((i) => i >= 0);
}

/** What the nodes logged around the operations that a finding stands on. */
function logLines(run, operations) {
  if (operations.length === 0) return null;
  const from = Math.min(...operations.map((i) => run.operations.start[i])) - 1;
  const to = Math.max(...operations.map((i) => run.operations.start[i])) + 1;
  const lines = run.logs
    .filter(([at]) => at >= from * 1e6 && at <= to * 1e6)
    .sort((a, b) => a[0] - b[0])
    .map(([at, node, text]) => `${seconds(at / 1e6)}  ${text.startsWith("n") ? "" : `n${node} `}${text}`);
  if (lines.length === 0) return null;
  return h("details", {},
    h("summary", {}, `What the nodes logged from ${seconds(Math.max(from, 0))} to ${seconds(to)}`),
    h("pre", {}, lines.slice(0, 300).join("\n")),
    lines.length > 300 ? h("p", { class: "dim" }, `${lines.length - 300} more lines are in nodes/*/log`) : null);
}

function finding(run, check, timeline) {
  const operations = evidenceOf(run, check);
  return h(
    "article", { class: "finding " + check.verdict },
    h("h3", {}, h("span", { class: "tag " + check.verdict }, check.verdict),
      ` ${check.name} `, h("small", {}, check.detector)),
    h("p", {}, check.reason),
    drawCounterexample(run.operations, check),
    check.details.length ? h("pre", {}, check.details.join("\n")) : null,
    check.details_left_out ? h("p", { class: "dim" }, `${check.details_left_out} more lines are in results.json`) : null,
    logLines(run, operations),
    operations.length
      ? h("button", { type: "button", onclick: () => timeline.show(operations) }, "Show in the timeline")
      : null,
  );
}

function findings(run, timeline) {
  const bad = run.checks.filter((check) => check.verdict !== "valid");
  if (bad.length === 0 && run.reasons.length < 2) return null;
  const more = run.reasons.slice(1);
  return h("section", {}, h("h2", {}, "Findings"),
    more.length && bad.length === 0 ? h("ul", {}, more.map((reason) => h("li", {}, reason))) : null,
    bad.map((check) => finding(run, check, timeline)));
}

function controls(run, timeline, view) {
  const count = h("span", { class: "dim", role: "status" });
  const search = h("input", {
    type: "search", placeholder: "k3, c4, n2, write, info, 158 …", "aria-label": "Find operations",
    oninput: () => {
      const found = timeline.search(search.value);
      count.textContent = search.value.trim() ? `${found} found` : "";
    },
    onkeydown: (event) => { if (event.key === "Enter") timeline.nextFound(); },
  });
  const first = run.checks.find((c) => c.verdict === "invalid" && evidenceOf(run, c).length > 0);
  return h("div", { class: "controls" },
    search,
    h("button", { type: "button", onclick: () => timeline.nextFound() }, "Next"),
    count,
    h("span", { class: "spring" }),
    first
      ? h("button", { type: "button", class: "bad", onclick: () => timeline.show(evidenceOf(run, first)) },
          "Jump to the first violation")
      : null,
    h("button", { type: "button", "aria-label": "Zoom in", onclick: () => view.zoom(0.5) }, "+"),
    h("button", { type: "button", "aria-label": "Zoom out", onclick: () => view.zoom(2) }, "−"),
    h("button", { type: "button", onclick: () => view.all() }, "Whole run"));
}

function legend(run) {
  const entry = (name, words) => h("span", {}, h("i", { class: "swatch " + name }), words);
  return h("p", { class: "legend" },
    entry("read", "read ok"), entry("ok", "mutation ok"), entry("fail", "fail: certainly not done"),
    entry("info", "info: nobody knows"), entry("fault", "fault in force"),
    run.nodes.length
      ? [entry("role-leader", "leader"), entry("role-candidate", "candidate"),
         entry("role-pre_candidate", "pre-candidate"), entry("role-follower", "follower"),
         h("span", { class: "dim" }, "red mark: restart")]
      : null);
}

function timelineSection(run, timeline, view) {
  const { operations } = run;
  const hints = ["Wheel: zoom. Drag: pan. Shift and drag: zoom into a stretch. Double click: whole run."];
  if (operations.count < operations.total) {
    hints.push(`${operations.count} of ${operations.total} operations are shown, around the first finding; ` +
      "history.jsonl has them all, and the charts below count them all.");
  }
  if (run.no_nodes) hints.push(`No lanes of nodes, or not all: ${run.no_nodes}.`);
  return h("section", {}, h("h2", {}, "Timeline"), controls(run, timeline, view), timeline.element,
    legend(run), h("p", { class: "dim" }, hints.join(" ")));
}

function faultSection(run) {
  if (run.fault_summary.length === 0) return null;
  const rows = run.faults.map((fault) => [
    seconds(fault.begin), fault.open ? "to the end" : span(fault.end - fault.begin), fault.name, fault.detail,
    fault.targets.map(([node, role]) => `n${node} ${role}`).join(", "),
    Object.entries(fault.effect).map(([name, amount]) => `${name} ${amount}`).join(", ") || "nothing measured",
  ]);
  return h("section", {}, h("h2", {}, "Faults"),
    table(["class", "what it did"], run.fault_summary),
    rows.length
      ? h("details", {}, h("summary", {}, `Each of the ${rows.length} faults`),
          table(["begin", "length", "class", "what", "hit", "measured"], rows))
      : null);
}

function flat(value, path = "") {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) => flat(inner, path ? `${path}.${key}` : key));
  }
  return [[path, Array.isArray(value) ? value.join(", ") : String(value)]];
}

function facts(run) {
  return h("p", { class: "facts" },
    `${run.counts} (${run.ok_per_second.toFixed(0)} ok/s); final reads ${run.final_counts}. ` +
      `${run.configuration.nodes} nodes, workload ${run.configuration.workload}, seed ${run.seed}` +
      (run.bug ? `, bug ${run.bug} switched on` : "") + `. squall ${run.version}.`);
}

function reproduce(run) {
  const lag = run.lag_ms > 0
    ? `The controller's timers were late by ${run.lag_ms.toFixed(1)} ms at most (${run.lag_recovery_ms.toFixed(1)} ms ` +
      `after healing); CPU steal ${(run.cpu_steal * 100).toFixed(1)} %.`
    : "";
  return h("section", {}, h("h2", {}, "Reproduce"),
    h("pre", {}, run.reproduce),
    h("p", {}, run.command === "sim"
      ? "The simulation is exact: the same seed and build give the same history, byte for byte."
      : "Real processes are not deterministic: the seed gives the same operations and faults, not the same " +
        "interleaving. What was really injected, and when, is in realised.json."),
    lag ? h("p", { class: "dim" }, lag) : null,
    h("details", {}, h("summary", {}, `Configuration, squall ${run.version}`),
      table(["what", "value"], flat(run.configuration))));
}

function checkSection(run) {
  return h("section", {}, h("h2", {}, "Checks"),
    table(["check", "detector", "verdict", ""], run.checks.map((check) => [
      check.name, check.detector, h("span", { class: "tag " + check.verdict }, check.verdict),
      check.verdict === "valid" ? check.details.map((line) => h("div", {}, line)) : check.reason,
    ])));
}

const run = readRun(JSON.parse(document.getElementById("run").textContent));
prepareNodes(run);
const view = new View(run.end);
const timeline = new Timeline(run, view);
const charts = h("div", { class: "charts" });
document.getElementById("report").append(...[
  facts(run),
  findings(run, timeline),
  timelineSection(run, timeline, view),
  h("section", {}, h("h2", {}, "Over time"), charts),
  faultSection(run),
  checkSection(run),
  reproduce(run),
].filter(Boolean));
timeline.resize();
drawCharts(run, view, charts);
document.documentElement.dataset.ready = "true";
