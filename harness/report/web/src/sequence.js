// The message-sequence diagram: lanes of clients and nodes, time downwards. Where everything stands is decided in
// message_sequence.cpp; here it is drawn, and explains itself when it is pointed at.
import { h, s } from "./dom.js";
import { seconds } from "./words.js";

/** @typedef {[number, number, number, number, string, string, string, string, boolean]} Arrow */
/** @typedef {[number, number, number, number, string, string, string, number]} Mark */
/** @typedef {{ left: number, lane: number, top: number, width: number, height: number, routine: number, left_out: number,
 *   derived: boolean, lanes: [string, number][], bands: [number, number, number, string, number][],
 *   arrows: Arrow[], marks: Mark[], rules: [number, number, string, string, number][] }} Sequence */

const DECISIVE = 3;
const TELLING = 2;
const WHOLE_MAX = 1500; // Higher ones scroll by themselves.

/** @param {Arrow} arrow @param {(lane: number) => number} x @param {boolean} derived */
function drawArrow([from, to, sent, received, name, label, text, fate, decisive], x, derived) {
  const lost = fate !== "arrived";
  const whole = x(to) - x(from);
  const end = x(from) + (lost && fate !== "nobody" ? whole / 2 : whole);
  const angle = (Math.atan2(received - sent, end - x(from)) * 180) / Math.PI;
  const kind = name.startsWith("vote") ? "vote" : name === "request" || name === "reply" ? "client" : "";
  const right = whole > 0;
  return s("g", { class: ["arrow", kind, lost ? "lost" : "", derived ? "derived" : "", decisive ? "decisive" : ""].join(" "), "data-text": text },
    s("path", { class: "touch", d: `M${x(from)},${sent}L${end},${received}` }),
    s("path", { class: "line", d: `M${x(from)},${sent}L${end},${received}` }),
    s("path", { class: "head", transform: `translate(${end},${received}) rotate(${angle})`,
      d: lost ? "M-5,-5L5,5M-5,5L5,-5" : "M-8,-4L-1,0L-8,4" }),
    label ? s("text", { x: x(from) + (right ? 12 : -12), y: sent - 3, "text-anchor": right ? "start" : "end" }, label) : null);
}

/** @param {Sequence} sequence @param {string} title @param {(line: number | null) => void} pointed at a line of the story */
export function drawSequence(sequence, title, pointed) {
  const x = (/** @type {number} */ lane) => sequence.left + lane * sequence.lane;
  const { width } = sequence;
  const drawing = s("svg", {
    width, height: sequence.height + 6, viewBox: `0 0 ${width} ${sequence.height + 6}`, role: "img", class: "sequence",
    "aria-label": title,
  });
  sequence.lanes.forEach(([name], lane) => drawing.append(
    s("text", { x: x(lane), y: 16, class: "name" }, name),
    s("path", { class: "lane", d: `M${x(lane)},${sequence.top - 8}V${sequence.height}` })));
  for (const [lane, from, to, role, term] of sequence.bands) {
    const text = `${sequence.lanes[lane][0]}: ${role.replace("_", "-")}` + (role === "down" ? "" : ` in term ${term}`);
    drawing.append(s("rect", { class: "band role-" + role, x: x(lane) - 5, y: from, width: 10, height: to - from, rx: 2, "data-text": text }));
  }
  drawing.append(...sequence.arrows.map((arrow) => drawArrow(arrow, x, sequence.derived)));
  /** Elements of each line of the story. @type {Map<number, Element>} */
  const ofLine = new Map();
  for (const [lane, y, at, weight, kind, label, text, line] of sequence.marks) {
    const mark = s("g", { class: `mark ${kind}${weight === DECISIVE ? " decisive" : ""}`, "data-text": `${seconds(at / 1e6)}: ${text}`, "data-line": line },
      weight >= TELLING ? s("text", { x: 4, y: y + 4, class: "time" }, seconds(at / 1e6)) : null,
      s("circle", { cx: x(lane), cy: y, r: weight === DECISIVE ? 4.5 : 3 }),
      s("text", { x: x(lane) + 9, y: y + 4 }, label));
    ofLine.set(line, mark);
    drawing.append(mark);
  }
  for (const [y, at, kind, text, line] of sequence.rules) {
    const fits = Math.floor((width - 90) / 7);
    const rule = kind === "gap"
      ? s("text", { x: 4, y, class: "time" }, "… " + text)
      : s("g", { class: "rule " + kind, "data-text": `${seconds(at / 1e6)}: ${text}`, "data-line": line },
          s("path", { d: `M4,${y + 3}H${width - 4}` }),
          s("text", { x: 4, y, class: "time" }, seconds(at / 1e6)),
          s("text", { x: 74, y }, text.length > fits ? text.slice(0, fits - 1) + "…" : text));
    if (kind !== "gap") ofLine.set(line, rule);
    drawing.append(rule);
  }

  const tip = h("div", { class: "tip", hidden: true });
  const scroll = h("div", { class: "scroll sequence-scroll" + (sequence.height > WHOLE_MAX ? " long" : ""), tabindex: 0, role: "group", "aria-label": "Message-sequence diagram" }, drawing);
  const figure = h("figure", { class: "sequence-figure" }, scroll, tip,
    h("figcaption", {}, caption(sequence)));
  drawing.addEventListener("pointermove", (event) => {
    const found = /** @type {Element} */ (event.target).closest("[data-text]");
    tip.hidden = !found;
    pointed(found?.hasAttribute("data-line") ? Number(found.getAttribute("data-line")) : null);
    if (!found) return;
    tip.replaceChildren(/** @type {string} */ (found.getAttribute("data-text")));
    const box = figure.getBoundingClientRect();
    const left = event.clientX - box.left;
    tip.style.left = left > box.width / 2 ? "auto" : left + 14 + "px";
    tip.style.right = left > box.width / 2 ? box.width - left + 14 + "px" : "auto";
    tip.style.top = event.clientY - box.top + 16 + "px";
  });
  drawing.addEventListener("pointerleave", () => {
    tip.hidden = true;
    pointed(null);
  });
  /** @param {number | null} line @param {boolean} move into view */
  const show = (line, move) => {
    for (const [number, element] of ofLine) element.classList.toggle("current", number === line);
    const element = line === null ? undefined : ofLine.get(line);
    if (!element || !move) return;
    const at = element.getBoundingClientRect();
    const box = scroll.getBoundingClientRect();
    if (at.top < box.top || at.bottom > box.bottom) scroll.scrollTop += at.top - box.top - box.height / 2;
  };
  // What is long is read from its end, where it goes wrong.
  const atItsEnd = () => { scroll.scrollTop = scroll.scrollHeight; };
  return { element: figure, show, atItsEnd };
}

/** @param {Sequence} sequence */
function caption(sequence) {
  const said = ["Time runs downwards, distances are not to scale. Band: green leader, violet candidate, dashed red down."];
  said.push(sequence.derived
    ? "Nobody saw the messages of real processes: dashed arrows are those that the nodes' traces and the history imply, " +
      "with the times of what they led to; lost ones are not among them."
    : "A cross: the message was lost, or came to a node that was down.");
  if (sequence.routine) said.push(`${sequence.routine} heartbeats, probes and pre-votes are left out.`);
  if (sequence.left_out) said.push(`${sequence.left_out} other messages, further away, are left out.`);
  return said.join(" ");
}
