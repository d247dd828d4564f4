// Elements without markup: text is only ever set as text, so nothing in a run can act as HTML.

const SVG = "http://www.w3.org/2000/svg";

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

export const h = (tag, attributes = {}, ...children) =>
  fill(document.createElement(tag), attributes, children);

export const s = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

export function table(head, rows) {
  return h(
    "div",
    { class: "scroll" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, head.map((cell) => h("th", {}, cell)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, [cell].flat()))))),
    ),
  );
}

/** The colours of the style sheet, for canvases. */
export function colours() {
  const style = getComputedStyle(document.documentElement);
  const known = new Map(); // Asking the style for every bar would cost more than drawing it.
  return (name) => {
    if (!known.has(name)) known.set(name, style.getPropertyValue("--" + name).trim());
    return known.get(name);
  };
}
