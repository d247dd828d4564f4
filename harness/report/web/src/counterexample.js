// A finding's operations as bars on the lanes of their clients. The order of the ends is that of
// the history; distances mean nothing, so that every value can be read.
import { h, s } from "./dom.js";
import { describeLinearization, drawLinearization } from "./linearization.js";

const LANE = 64;
const BAR = 52;
const LEFT = 56;
const SHOWN_MAX = 40;

/** @param {import("./model.js").Operations} operations @param {import("./model.js").Check} check */
export function drawCounterexample(operations, check) {
  const found = [...new Set(check.evidence.map((event) => operations.ofEvent(event)))]
    .filter((i) => i >= 0)
    .sort((a, b) => a - b);
  if (found.length === 0) return null;
  const shown = found.slice(-SHOWN_MAX);
  const accused = /op #(\d+)/.exec(check.reason);
  const culprit = accused ? operations.ofEvent(Number(accused[1])) : -1;

  const marks = [];
  for (const i of shown) {
    marks.push({ at: operations.invoked[i], i, isEnd: false });
    const closed = operations.raw.span[i] >= 0;
    marks.push({ at: closed ? operations.invoked[i] + operations.raw.span[i] : Infinity, i, isEnd: true });
  }
  marks.sort((a, b) => (a.at === b.at ? a.i - b.i : a.at - b.at));
  const left = new Map();
  const right = new Map();
  let x = LEFT;
  for (const mark of marks) {
    x += 26;
    if (mark.isEnd) {
      const words = label(operations, mark.i);
      x = Math.max(x, left.get(mark.i) + words.length * 7.9 + 16);
      right.set(mark.i, x);
    } else {
      left.set(mark.i, x);
    }
  }
  const width = x + 30;
  const clients = [...new Set(shown.map((i) => operations.raw.client[i]))];
  const height = clients.length * LANE + 12;
  const drawing = s("svg", {
    width, height, viewBox: `0 0 ${width} ${height}`, role: "img", class: "counterexample",
    "aria-label": check.reason,
  });
  clients.forEach((client, lane) => {
    const y = lane * LANE + LANE / 2 + 6;
    drawing.append(
      s("line", { x1: LEFT, x2: width, y1: y, y2: y, class: "lane" }),
      s("text", { x: 4, y: y + 4, class: "client" }, `c${client}`),
    );
  });
  for (const i of shown) {
    const lane = clients.indexOf(operations.raw.client[i]);
    const y = lane * LANE + 8;
    const open = operations.raw.span[i] < 0;
    const kind = i === culprit ? "culprit" : ["ok", "fail", "info"][operations.outcome(i)];
    drawing.append(
      s("g", { class: `bar ${kind}` },
        s("title", {}, operations.describe(i).join("\n")),
        s("rect", {
          x: left.get(i), y: y + 2, rx: 5, height: BAR,
          width: (open ? width - 6 : right.get(i)) - left.get(i),
          "stroke-dasharray": open ? "5 4" : null,
        }),
        s("text", { x: left.get(i) + 8, y: y + 18 }, label(operations, i)),
        s("text", { x: left.get(i) + 8, y: y + 32, class: "small" },
          `${operations.key(i)} ${operations.events(i)}`),
      ),
    );
  }
  const place = (/** @type {number} */ i) => left.has(i)
    ? { left: left.get(i), right: right.get(i), y: clients.indexOf(operations.raw.client[i]) * LANE + 8 + BAR - 8 }
    : null;
  const linearization = check.linearization;
  if (linearization) drawing.append(drawLinearization(operations, linearization, place));
  return h(
    "figure", {},
    h("div", { class: "scroll" }, drawing),
    h("figcaption", {},
      "Left to right in the order of the history; distances are not to scale. " +
        (culprit >= 0 ? "Red: the operation that cannot be explained. " : "") +
        (linearization ? "Numbers: an order in which they took effect, as far as there is one. " : "") +
        (found.length > shown.length ? `The last ${SHOWN_MAX} of ${found.length} operations. ` : "")),
    linearization ? describeLinearization(operations, linearization) : null,
  );
}

/** @param {import("./model.js").Operations} operations @param {number} i */
function label(operations, i) {
  const text = `${operations.call(i)} ${operations.answer(i)}`;
  const least = `${operations.key(i)} ${operations.events(i)}`.length - 1;
  return (text.length > 48 ? text.slice(0, 47) + "…" : text).padEnd(least, "\u00a0");
}
