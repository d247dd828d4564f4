// What happened, in sentences, and beside it as a message-sequence diagram. Pointing at one shows it in the other.
import { h } from "./dom.js";
import { drawSequence } from "./sequence.js";
import { seconds } from "./words.js";

/** @typedef {{ check: string, reason: string, lines: [number, number, string, string][], left_out: number,
 *   sequence: import("./sequence.js").Sequence }} Story */

const DECISIVE = 3;

/** @param {Story} story */
export function storySection(story) {
  if (story.lines.length === 0) return null;
  const items = story.lines.map(([at, weight, kind, text]) => h(
    "li", { class: `${kind}${weight === DECISIVE ? " decisive" : ""}` },
    h("time", {}, seconds(at / 1e6)), h("span", {}, text)));
  const diagram = story.sequence.lanes.length ? drawSequence(story.sequence, story.reason, mark) : null;
  let current = -1;

  /** @param {number | null} line */
  function mark(line) {
    items.forEach((item, i) => item.classList.toggle("current", i === line));
  }

  /** @param {number} line */
  function go(line) {
    current = Math.max(0, Math.min(items.length - 1, line));
    mark(current);
    items[current].scrollIntoView({ block: "nearest" });
    diagram?.show(current, true);
  }

  items.forEach((item, i) => {
    item.addEventListener("pointerenter", () => { mark(i); diagram?.show(i, false); });
    item.addEventListener("click", () => go(i));
  });
  const list = h("ol", {
    class: "story", tabindex: 0, "aria-label": "The story; arrow keys go through it",
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      const to = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: items.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      go(to);
    },
    onpointerleave: () => { mark(null); diagram?.show(null, false); },
  }, items);
  // Both have a height only when they are on the page.
  requestAnimationFrame(() => {
    list.scrollTop = list.scrollHeight;
    diagram?.atItsEnd();
  });
  return h("section", { class: "story-section", id: "story" },
    h("h2", {}, "How it happened"),
    h("p", { class: "dim" },
      `Told for ${story.check}. ` +
      (story.left_out
        ? `The ${items.length} sentences that say most, of ${items.length + story.left_out}; a shrunk run has fewer. `
        : "") +
      "Bold: what the violation is made of. A click, or the arrow keys, show a sentence in the diagram below."),
    list, diagram?.element);
}
