// Elements without markup: text is only ever set as text, so nothing in a run can act as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | null | undefined} Child */

/** @template {Element} T @param {T} node @param {Record<string, any>} attributes
 *  @param {(Child | Child[])[]} children @returns {T} */
function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  for (const child of children.flat()) {
    if (child != null) node.append(child);
  }
  return node;
}

/** @template {keyof HTMLElementTagNameMap} K @param {K} tag @param {Record<string, any>} [attributes]
 *  @param {(Child | Child[])[]} children @returns {HTMLElementTagNameMap[K]} */
export const h = (tag, attributes = {}, ...children) =>
  fill(document.createElement(tag), attributes, children);

/** @param {string} tag @param {Record<string, any>} attributes @param {(Child | Child[])[]} children */
export const s = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

/** @param {string[]} head @param {(Child | Child[])[][]} rows */
export function table(head, rows) {
  return h(
    "div",
    { class: "scroll" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, head.map((cell) => h("th", { scope: "col" }, cell)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, [cell].flat()))))),
    ),
  );
}

/** Something long that is made when it is opened. @param {string} summary @param {() => Child[]} make */
export function folded(summary, make) {
  const details = h("details", {}, h("summary", {}, summary));
  details.addEventListener("toggle", () => details.append(...make().filter((c) => c != null)), { once: true });
  return details;
}

/** The colours of the style sheet, for canvases. @returns {(name: string) => string} */
export function colours() {
  const style = getComputedStyle(document.documentElement);
  /** @type {Map<string, string>} Asking the style for every bar would cost more than drawing it. */
  const known = new Map();
  return (name) => {
    let value = known.get(name);
    if (value === undefined) known.set(name, value = style.getPropertyValue("--" + name).trim());
    return value;
  };
}
