// What to do next: the report of what is left of this run, and the commands that ask for the failure again, with how
// often it came when that was tried.
import { folded, h, table } from "./dom.js";

/** What, command, how often, page. @typedef {[string, string, string, string]} WayAgain */
/** @typedef {import("./model.js").Run} Run */

/** @param {string} text @param {string} what it is, for those who do not see it */
function copyable(text, what) {
  const copied = h("span", { class: "dim", role: "status" });
  const command = h("code", {}, text);
  const copy = () => {
    getSelection()?.selectAllChildren(command);
    copied.textContent = document.execCommand("copy") ? "copied" : "selected";
  };
  return [command, " ", h("button", { type: "button", onclick: copy, "aria-label": `Copy the command: ${what}` }, "Copy"), " ", copied];
}

/** The first thing below the verdict. @param {Run} run */
export function whatNext(run) {
  const page = run.again.find(([, , , link]) => link)?.[3] ?? run.whole_run;
  return [
    run.cut_down
      ? h("p", { class: "cut-down" }, run.cut_down + " ",
          h("a", { href: page }, run.whole_run ? "Report of the whole run" : "Read its report: it is short"))
      : null,
    ...run.again.map(([what, command, often]) => h("p", { class: "command" },
      run.again.length > 1 ? `Reproduce, ${what}: ` : "Reproduce: ", ...copyable(command, what),
      run.command === "check" ? null : h("span", { class: "often" }, often))),
    run.shrink_command
      ? h("p", { class: "command" }, "Cut it down: ", ...copyable(run.shrink_command, "cut it down"))
      : null,
  ];
}

/** @param {Run} run */
export function reproduceSection(run) {
  const lag = run.lag_ms > 0
    ? `The controller's timers were late by ${run.lag_ms.toFixed(1)} ms at most (${run.lag_recovery_ms.toFixed(1)} ms ` +
      `after healing); CPU steal ${(run.cpu_steal * 100).toFixed(1)} %.`
    : "";
  return h("section", {}, h("h2", {}, "Reproduce and configuration"),
    table(["what", "command", "how often", "report"], run.again.map(([what, command, often, page]) => [
      what, h("code", {}, command), often, page ? h("a", { href: page }, page) : "this page"])),
    h("p", {}, run.reproduction),
    lag ? h("p", { class: "dim" }, lag) : null,
    folded(`Configuration, squall ${run.version}`, () => [table(["what", "value"], flat(run.configuration))]));
}

/** @param {any} value @param {string} [path] @returns {[string, string][]} */
function flat(value, path = "") {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) => flat(inner, path ? `${path}.${key}` : key));
  }
  return [[path, Array.isArray(value) ? value.join(", ") : String(value)]];
}
