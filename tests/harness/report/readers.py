"""What readers do with a page, with a mouse and a keyboard; each names what did not do its work."""
import re

from webdriver import Browser

KEYS = {"ArrowDown": "\ue015", "ArrowRight": "\ue014", "Home": "\ue011", "End": "\ue010", "Enter": "\ue007"}

PICTURE = "return document.querySelector('.timeline canvas').toDataURL().length + document.querySelector('.timeline canvas').toDataURL().slice(-4000);"

# Every place of the timeline, pointed at; real pointers would take minutes.
SAID_BY_TIMELINE = """
const canvas = document.querySelector(".timeline canvas");
const tip = document.querySelector(".timeline .tip");
const box = canvas.getBoundingClientRect();
const said = new Set();
for (let x = 100; x < canvas.clientWidth; x += 40) {
  for (let y = 0; y < canvas.clientHeight; y += 4) {
    canvas.dispatchEvent(new PointerEvent("pointermove", { clientX: box.left + x, clientY: box.top + y, bubbles: true }));
    if (!tip.hidden) said.add(tip.textContent);
  }
}
canvas.dispatchEvent(new PointerEvent("pointerleave"));
return [...said].join("|");
"""

SAID_BY_DIAGRAM = """
const diagram = document.querySelector("svg.sequence");
const tip = document.querySelector(".sequence-figure .tip");
const said = [];
for (const element of diagram.querySelectorAll("[data-text] path, [data-text] circle, rect[data-text]")) {
  element.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: 300, clientY: 300 }));
  if (!tip.hidden) said.push(tip.textContent);
}
diagram.dispatchEvent(new PointerEvent("pointerleave"));
return said.join("|") + (tip.hidden ? "" : "|the tip stays");
"""


class Reader:
    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.lost: list[str] = []

    def expect(self, what: str, holds) -> None:
        if not holds:
            self.lost.append(what)

    def changes(self, what: str, act) -> None:
        before = self.browser.run(PICTURE)
        act()
        self.browser.frame()
        self.expect(what, self.browser.run(PICTURE) != before)

    def text(self, selector: str) -> str:
        return self.browser.run("return document.querySelector(arguments[0])?.textContent ?? '';", selector)


def read_timeline(browser: Browser) -> list[str]:
    """Jumps to the violation, zooms with the wheel, drags, uses keys, searches, points, unfolds what happened."""
    reader = Reader(browser)
    canvas = browser.one(".timeline canvas")
    browser.click("button.bad")
    browser.frame()
    reader.expect("jump moves the focus to the timeline",
                  browser.run("return document.activeElement === arguments[0];", canvas))
    # A wheel that has just scrolled the page does not zoom.
    browser.wait_for("await new Promise((done) => setTimeout(done, 400));")
    reader.changes("wheel", lambda: browser.wheel(canvas, -100))
    reader.changes("drag", lambda: browser.mouse(canvas, (0, 0), "down", (-60, 0), "up"))
    reader.changes("shift and drag", lambda: browser.mouse(canvas, (-200, 0), "down", (0, 0), "up", shift=True))
    for name, key in (("arrow key", KEYS["ArrowRight"]), ("minus key", "-"), ("0 key", "0"), ("v key", "v")):
        reader.changes(name, lambda key=key: browser.type(canvas, key))
    reader.changes("double click", lambda: browser.mouse(canvas, (0, 0), "down", "up", "down", "up"))
    browser.type("input[type=search]", "k0")
    reader.expect("search", re.match("[1-9]", reader.text(".controls [role=status]")))
    reader.changes("Enter in the search", lambda: browser.type("input[type=search]", KEYS["Enter"]))
    for button in browser.all(".controls button"):
        browser.click(button)
    browser.frame()
    said = browser.run(SAID_BY_TIMELINE)
    for what in (r"events #", r"measured: ", r"commit [1-9]", r"restarts so far", r"clock: n\d.*measured: .*clock offset",
                 r"snapshot up to \d+ (taken|installed)", r"exited: its disk failed",
                 r"disk: n\d", r"down or not heard of"):
        reader.expect("pointing at the timeline: " + what, re.search(what, said))
    for details in browser.all("summary"):
        browser.click(details)
    browser.frame()
    moment = reader.text(".moment")
    reader.expect("the moment tells of operations", " begins, event #" in moment)
    reader.expect("the moment tells of faults", re.search("fault (begins|ends)", moment))
    reader.expect("the moment tells of nodes", "term=" in moment)
    reader.expect("the matrix has counts", browser.all(".coverage .hit"))
    for copy in browser.all(".command button"):
        browser.click(copy)
    reader.expect("the command is copied", reader.text(".command [role=status]"))
    return reader.lost


def read_story(browser: Browser) -> list[str]:
    """Goes through the sentences, points at the diagram."""
    reader = Reader(browser)
    sentences = browser.all("ol.story li")
    story = browser.one("ol.story")
    current = "return [...document.querySelectorAll('ol.story li')].findIndex((li) => li.matches('.current'));"
    reader.expect("the diagram has arrows", len(browser.all("svg.sequence .arrow")) > 5)
    reader.expect("the story tells of an election", "wins term" in reader.text("ol.story"))
    reader.expect("the story ends with the violation", browser.all("ol.story li:last-child.violation.decisive"))
    browser.type(story, KEYS["End"])
    reader.expect("End goes to the last sentence", browser.run(current) == len(sentences) - 1)
    reader.expect("a sentence shows in the diagram", browser.all(".sequence .rule.violation.current"))
    browser.type(story, KEYS["Home"])
    browser.type(story, KEYS["ArrowDown"])
    reader.expect("arrow keys go on", browser.run(current) == 1)
    browser.click(sentences[2])
    reader.expect("a click shows it", browser.run(current) == 2 and browser.all(".sequence .current"))
    said = browser.run(SAID_BY_DIAGRAM)
    for what in (r"sent at .* arrived after", r"leader in term", r"asks: "):
        reader.expect("pointing at the diagram: " + what, re.search(what, said))
    reader.expect("leaving hides the tip", "the tip stays" not in said)
    browser.mouse(browser.one(".sequence .mark circle"), (0, 0))
    reader.expect("pointing at a mark shows its sentence", browser.run(current) >= 0)
    for button in browser.all(".finding button"):
        browser.click(button)
    return reader.lost


def links_of(browser: Browser) -> list[str]:
    return sorted(set(browser.run("return [...document.links].map((link) => link.href);")))


def cut_at_the_side(browser: Browser) -> list[str]:
    """What sticks out of the window, and out of nothing that can be scrolled."""
    return browser.run("""
        return [...document.querySelectorAll("h1, h2, p, section, article, table, pre, ul, .timeline, .controls, .chart, .story, .scroll")]
          .filter((element) => !element.parentElement.closest(".scroll"))
          .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
          .map((element) => element.tagName + "." + element.className);""")
