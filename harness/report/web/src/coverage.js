// Which faults met nodes in which role, while they did what. What is empty, the run says nothing about.
import { h } from "./dom.js";

/** @typedef {{ columns: [string, string][], rows: [string, number[]][] }} Coverage */

/** @param {Coverage} coverage */
export function coverageTable(coverage) {
  if (coverage.rows.length === 0) return null;
  /** @type {[string, number][]} */
  const roles = [];
  for (const [role] of coverage.columns) {
    if (roles.length && roles[roles.length - 1][0] === role) ++roles[roles.length - 1][1];
    else roles.push([role, 1]);
  }
  const most = Math.max(...coverage.rows.flatMap(([, counts]) => counts), 1);
  const cell = (/** @type {number} */ count, /** @type {string} */ what) => h(
    "td", { class: count ? "hit" : "never", title: `${what}: ${count || "never"}`,
      style: count ? `--depth: ${Math.round(15 + (55 * count) / most)}%` : null },
    count ? String(count) : "·");
  const covered = coverage.rows.reduce((sum, [, counts]) => sum + counts.filter((c) => c > 0).length, 0);
  return h("div", {},
    h("h3", {}, "What they hit: fault × role × phase"),
    h("div", { class: "scroll" }, h("table", { class: "coverage" },
      h("thead", {},
        h("tr", {}, h("th", {}), roles.map(([role, count]) => h("th", { colspan: count, scope: "colgroup" }, role))),
        h("tr", {}, h("th", { scope: "col" }, "fault"), coverage.columns.map(([, phase]) => h("th", { scope: "col" }, phase)))),
      h("tbody", {}, coverage.rows.map(([fault, counts]) => h("tr", {}, h("th", { scope: "row" }, fault),
        counts.map((count, i) => cell(count, `${fault} on a ${coverage.columns[i].join(", ")}`))))))),
    h("p", { class: "dim" },
      `Nodes hit, by their role when the fault took hold and by what their traces say they were doing: ` +
      `${covered} of ${coverage.rows.length * coverage.columns.length} cells. A dot: never in this run.`));
}
