// report.html: reads the run from the page and builds everything below the verdict.
import "./report.css";
import { drawCharts } from "./charts.js";
import { drawCounterexample } from "./counterexample.js";
import { coverageTable } from "./coverage.js";
import { folded, h, table } from "./dom.js";
import { faultTitle, measured } from "./faults.js";
import { readRun } from "./model.js";
import { around } from "./moment.js";
import { reproduceSection, whatNext } from "./reproduce.js";
import { storySection } from "./story.js";
import { Timeline } from "./timeline.js";
import { View } from "./view.js";
import { counted, seconds, span } from "./words.js";

/** @typedef {import("./model.js").Run} Run */
/** @typedef {import("./model.js").Check} Check */

/** The operations that a check stands on. @param {Run} run @param {Check} check */
function evidenceOf(run, check) {
  return [...new Set(check.evidence.map((event) => run.operations.ofEvent(event)))].filter((i) => i >= 0);
}

/** @param {Check} check @returns {[number, number] | null} */
function momentOf(check) {
  return check.at && [check.at[0] / 1e6, check.at[1] / 1e6];
}

/** @param {Run} run @param {Check} check @param {Timeline} timeline */
function finding(run, check, timeline) {
  const operations = evidenceOf(run, check);
  const moment = momentOf(check);
  return h(
    "article", { class: "finding " + check.verdict },
    h("h3", {}, h("span", { class: "tag " + check.verdict }, check.verdict),
      ` ${check.name} `, h("small", {}, `found by ${check.detector}`)),
    run.reasons[0] === `${check.name}: ${check.reason}` ? null : h("p", {}, check.reason),
    check.meaning ? h("p", { class: "dim" }, "What it asks: ", check.meaning) : null,
    drawCounterexample(run.operations, check),
    check.details.length ? h("pre", { tabindex: 0 }, check.details.join("\n")) : null,
    check.details_left_out ? h("p", { class: "dim" }, `${check.details_left_out} more lines are in results.json`) : null,
    around(run, operations, moment),
    operations.length || moment
      ? h("button", { type: "button", onclick: () => timeline.show(operations, moment) }, "Show in the timeline")
      : null,
  );
}

/** @param {Run} run @param {Timeline} timeline */
function findings(run, timeline) {
  const bad = run.checks.filter((check) => check.verdict !== "valid");
  const more = run.reasons.slice(1).filter((reason) => !bad.some((c) => reason === `${c.name}: ${c.reason}`));
  // Where something is violated, or the harness failed, what could not be judged is no news of its own.
  const shown = bad.filter((check) => check.verdict === "invalid" || run.verdict === "unknown");
  if (shown.length === 0 && more.length === 0) return null;
  return h("section", {}, h("h2", {}, "Findings"),
    more.length ? h("ul", {}, more.map((reason) => h("li", {}, reason))) : null,
    shown.map((check) => finding(run, check, timeline)),
    run.undecided ? h("p", { class: "dim" }, run.undecided) : null);
}

/** The invalid check whose evidence came first. @param {Run} run */
function firstViolation(run) {
  const at = (/** @type {Check} */ check) => check.at?.[0] ?? Infinity;
  return run.checks
    .filter((check) => check.verdict === "invalid" && check.at)
    .sort((a, b) => at(a) - at(b))[0];
}

/** @param {Run} run @param {Timeline} timeline @param {View} view */
function controls(run, timeline, view) {
  const count = h("span", { class: "dim", role: "status" });
  const next = h("button", { type: "button", disabled: true, onclick: () => timeline.nextFound() }, "Next");
  const search = h("input", {
    type: "search", placeholder: "k3 write info, c4, n2, 158, #355", "aria-label": "Find operations",
    oninput: () => {
      const found = timeline.search(search.value);
      next.disabled = found === 0;
      count.textContent = search.value.trim() ? `${found} found` : "";
    },
    onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === "Enter") timeline.nextFound(); },
  });
  const first = firstViolation(run);
  if (first) timeline.onViolation = () => timeline.show(evidenceOf(run, first), momentOf(first));
  return h("div", { class: "controls" },
    search, next, count,
    h("span", { class: "spring" }),
    first
      ? h("button", { type: "button", class: "bad", onclick: () => timeline.onViolation() }, "Jump to the first violation")
      : null,
    h("button", { type: "button", "aria-label": "Zoom in", onclick: () => view.zoom(0.5) }, "+"),
    h("button", { type: "button", "aria-label": "Zoom out", onclick: () => view.zoom(2) }, "−"),
    h("button", { type: "button", onclick: () => view.all() }, "Whole run"));
}

/** @param {Run} run */
function legend(run) {
  /** @param {string} name @param {string} words */
  const entry = (name, words) => h("span", {}, h("i", { class: "swatch " + name }), words);
  const classes = [...new Set(run.faults.map((fault) => fault.name))].sort();
  return h("div", { class: "legend" },
    h("p", {}, h("b", {}, "Operations"), entry("read", "read ok"), entry("ok", "mutation ok"),
      entry("fail", "fail: certainly not done"), entry("info", "info: nobody knows")),
    classes.length
      ? h("p", {}, h("b", {}, "Faults"), classes.map((name) => entry("fault fault-" + name, name)),
          h("span", { class: "dim" }, "pale: nothing measured; grey lines: healing, settling, final reads"))
      : null,
    run.nodes.length
      ? h("p", {}, h("b", {}, "Nodes"), entry("role-leader", "leader"), entry("role-candidate", "candidate"),
          entry("role-pre_candidate", "pre-candidate"), entry("role-follower", "follower"),
          entry("restart", "restart"), entry("exit", "it ended by itself"), entry("snapshot", "snapshot taken"), entry("snapshot installed", "snapshot installed"),
          h("span", { class: "dim" }, "thin strip: a fault on this node; blue line: commit index, dotted: durable index, amber area: applied index"))
      : null);
}

/** A run that ended before it began. @param {Run} run */
function isEmpty(run) {
  return run.operations.count + run.faults.length + run.nodes.length === 0;
}

/** Whether there is enough for lines over time: a history alone knows no time, a shrunk run hardly any.
 *  @param {Run} run */
function hasCharts(run) {
  return run.command !== "check" && run.series.p50.filter((latency) => latency !== null).length > 2;
}

/** What is not shown, in sentences. @param {Run} run */
function leftOut(run) {
  const { operations } = run;
  const said = [];
  if (operations.count < operations.total) {
    const { every, window } = operations.sample;
    said.push(
      `${operations.count.toLocaleString("en")} of ${operations.total.toLocaleString("en")} operations are drawn: ` +
      (window ? `all from ${seconds(window[0] / 1e6)} to ${seconds(window[1] / 1e6)}, around the first finding, and ` : "") +
      `one in ${every} of the ${window ? "others" : "run"}. history.jsonl has them all; the charts below count them all.`);
  }
  if (run.faults_total > run.faults_shown) {
    said.push(`The first ${run.faults_shown} of ${run.faults_total} faults are drawn.`);
  }
  if (run.logs_total > run.logs.length) {
    said.push(`${run.logs.length} of ${run.logs_total} log lines are in this page, those next to the first finding.`);
  }
  if (run.no_nodes) said.push(`No lanes of nodes, or not all: ${run.no_nodes}.`);
  return said;
}

/** @param {Run} run @param {Timeline} timeline @param {View} view */
function timelineSection(run, timeline, view) {
  if (isEmpty(run)) return h("section", {}, h("h2", {}, "Timeline"), h("p", {}, "Nothing happened that could be drawn."));
  return h("section", {}, h("h2", {}, "Timeline"), controls(run, timeline, view), timeline.element, legend(run),
    leftOut(run).map((sentence) => h("p", { class: "left-out" }, sentence)),
    h("p", { class: "dim" },
      "Wheel zooms, dragging pans, shift and drag zooms into a stretch, double click shows the whole run. " +
      "Keys: arrows, +, −, 0; n next found" + (firstViolation(run) ? ", v first violation" : "") + "."));
}

/** @param {Run} run */
function faultSection(run) {
  if (run.fault_summary.length === 0) return null;
  const rows = () => run.faults.map((fault) => [
    seconds(fault.begin), fault.open ? "to the end" : span(fault.end - fault.begin), fault.name, faultTitle(fault),
    fault.targets.map(([node, role]) => `n${node} ${role}`).join(", "), measured(fault),
  ]);
  return h("section", {}, h("h2", {}, "Faults"),
    table(["class", "what it did"], run.fault_summary),
    coverageTable(run.coverage),
    run.faults.length
      ? folded(run.faults.length === 1 ? "The fault" : `Each of the ${run.faults.length} faults`,
          () => [table(["begin", "length", "class", "what", "hit", "measured"], rows())])
      : null);
}

/** @param {Run} run */
function whenAndWhere(run) {
  const first = firstViolation(run);
  const moment = first && momentOf(first);
  return moment
    ? h("p", {}, h("b", {}, `First violated at ${seconds(moment[1])} of ${seconds(run.end)}: ${first.name}. `),
        run.story.lines.length ? h("a", { href: "#story" }, "How it happened") : null)
    : null;
}

/** @param {Run} run */
function facts(run) {
  return h("div", { class: "facts" },
    run.verdict_meaning ? h("p", {}, h("b", {}, run.verdict_meaning)) : null,
    run.after_headline ? h("pre", { tabindex: 0 }, run.after_headline) : null,
    whenAndWhere(run),
    whatNext(run),
    run.command === "check"
      ? h("p", {}, `${run.counts}. Model ${run.configuration.workload}. squall ${run.version}.`)
      : h("p", {},
      `${run.counts} (${run.ok_per_second.toFixed(0)} ok/s); final reads ${run.final_counts}. ` +
        `${counted(run.configuration.nodes, "node")}, workload ${run.configuration.workload}, seed ${run.seed}` +
        (run.bug ? `, bug ${run.bug} switched on` : "") + `. squall ${run.version}.`));
}

/** @param {Run} run */
function checkSection(run) {
  return h("section", {}, h("h2", {}, "Checks"),
    table(["check", "detector", "verdict", ""], run.checks.map((check) => [
      check.name, check.detector, h("span", { class: "tag " + check.verdict }, check.verdict),
      check.verdict === "valid" ? check.details.map((line) => h("div", {}, line)) : check.reason,
    ])));
}

const run = readRun(JSON.parse(/** @type {HTMLElement} */ (document.getElementById("run")).textContent ?? ""));
const view = new View(run.end);
const timeline = new Timeline(run, view);
const charts = h("div", { class: "charts" });
const sections = [
  facts(run),
  findings(run, timeline),
  storySection(run.story),
  timelineSection(run, timeline, view),
  hasCharts(run) ? h("section", {}, h("h2", {}, "Over time"), charts) : null,
  faultSection(run),
  checkSection(run),
  run.command === "check" ? null : reproduceSection(run),
].filter((section) => section !== null);
/** @type {HTMLElement} */ (document.getElementById("report")).append(...sections);
if (!isEmpty(run)) {
  timeline.resize();
  if (hasCharts(run)) drawCharts(run, view, charts);
}
document.documentElement.dataset.ready = "true";
