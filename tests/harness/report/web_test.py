#!/usr/bin/env python3
"""Opens reports in headless Chromium: the page must come up without a word on the console, light and dark.

web_test.py SQUALL: simulates runs with and without a bug, and one with hostile values. It first checks itself: a page
with a broken script must be found. Exits with 77 (skipped) when there is no Chromium. Screenshots are kept in the
directory that $SQUALL_SCREENSHOTS names, if any. Pages must also come up narrow, without anything cut at the side, and
junit.xml and report.svg must be well-formed.
"""
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
from pathlib import Path

import browser as chromium
from browser import with_script

SKIPPED = 77
LIGHT, DARK = "1", "0"
READER_MAX_S = 60
SHRUNK_BYTES_MAX = 1_000_000


def open_page(browser: str, page: Path, scratch: Path, scheme: str = LIGHT, size: str = "1400,2400") -> tuple[str, str]:
    """What the page became, and what was said on the console."""
    common = [
        browser, *chromium.ARGUMENTS, f"--user-data-dir={scratch / 'profile'}", "--virtual-time-budget=3000",
        f"--blink-settings=preferredColorScheme={scheme}", f"--window-size={size}",
    ]
    done = subprocess.run([*common, "--dump-dom", page.as_uri()], capture_output=True, text=True, timeout=60)
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    shots = os.environ.get("SQUALL_SCREENSHOTS")
    if shots:
        name = f"{page.parent.name}-{'dark' if scheme == DARK else 'light'}.png"
        subprocess.run([*common, f"--screenshot={Path(shots) / name}", page.as_uri()], capture_output=True, timeout=60)
    return done.stdout, "\n".join(console)


def check_the_checker(browser: str, scratch: Path, good: Path) -> None:
    _, console = open_page(browser, with_script(good, scratch, "nowhere.to.be.found();"), scratch)
    assert "nowhere" in console, "a script error goes unnoticed"


# What a reader does: jumps to the violation, zooms with the wheel, drags, uses keys, searches, points at operations,
# faults and nodes, unfolds what happened around the finding. What does not do its work is named.
READER = """
setTimeout(() => {
  const lost = [];
  const expect = (what, holds) => { if (!holds) lost.push(what); };
  const canvas = document.querySelector(".timeline canvas");
  const tip = document.querySelector(".timeline .tip");
  document.querySelector("button.bad").click();
  const box = canvas.getBoundingClientRect();
  const at = (type, x, y, more) => canvas.dispatchEvent(new (type === "wheel" ? WheelEvent : PointerEvent)(
    type, { clientX: box.left + x, clientY: box.top + y, bubbles: true, cancelable: true, pointerId: 1, ...more }));
  canvas.setPointerCapture = () => {};
  const picture = () => canvas.toDataURL();
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const changes = async (what, act) => {
    const before = picture();
    act();
    await frame();
    expect(what, picture() !== before);
  };
  const key = (name) => canvas.dispatchEvent(new KeyboardEvent("keydown", { key: name, cancelable: true }));
  (async () => {
  await frame();
  expect("jump moves the focus to the timeline", document.activeElement === canvas);
  await new Promise((done) => setTimeout(done, 300));
  await changes("wheel", () => at("wheel", 700, 150, { deltaY: -100 }));
  await changes("drag", () => {
    at("pointerdown", 700, 150);
    at("pointermove", 640, 150);
    at("pointerup", 640, 150);
  });
  await changes("shift and drag", () => {
    at("pointerdown", 500, 150, { shiftKey: true });
    at("pointermove", 700, 150);
    at("pointerup", 700, 150);
  });
  await changes("arrow key", () => key("ArrowRight"));
  await changes("minus key", () => key("-"));
  await changes("0 key", () => key("0"));
  await changes("v key", () => key("v"));
  await changes("double click", () => canvas.dispatchEvent(new MouseEvent("dblclick")));
  const search = document.querySelector("input[type=search]");
  search.value = "read info";
  search.dispatchEvent(new Event("input"));
  search.value = "k0";
  search.dispatchEvent(new Event("input"));
  expect("search", /^[1-9]/.test(document.querySelector(".controls [role=status]").textContent));
  await changes("Enter in the search", () => search.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" })));
  key("0");
  await frame();
  let said = "";
  for (let x = 100; x < canvas.clientWidth; x += 40) {
    for (let y = 0; y < canvas.clientHeight; y += 4) {
      at("pointermove", x, y);
      if (!tip.hidden) said += tip.textContent + "|";
    }
  }
  for (const what of [/events #/, /measured: /, /commit [1-9]/, /restarts so far/, /clock: n\\d.*measured: .*clock offset/]) {
    expect("pointing: " + what, said.split("|").some((tip) => what.test(tip)));
  }
  const moment = [...document.querySelectorAll("summary")].find((s) => /What happened/.test(s.textContent));
  moment.parentElement.open = true;
  await new Promise((done) => setTimeout(done, 50));
  await frame();
  const lines = document.querySelector(".moment").textContent;
  expect("the moment tells of operations and faults", / begins, event #/.test(lines) && /fault (begins|ends)/.test(lines));
  expect("the moment tells of nodes", /term=/.test(lines));
  console.log("READER " + (lost.length ? "lost: " + lost.join("; ") : "served"));
  })();
}, 500);
"""


# What a reader of the story does: goes through its sentences, points at the diagram.
STORY = """
setTimeout(() => {
  const lost = [];
  const expect = (what, holds) => { if (!holds) lost.push(what); };
  const list = document.querySelector("ol.story");
  const diagram = document.querySelector("svg.sequence");
  const tip = document.querySelector(".sequence-figure .tip");
  const key = (name) => list.dispatchEvent(new KeyboardEvent("keydown", { key: name, cancelable: true }));
  expect("there is a diagram", diagram && diagram.querySelectorAll(".arrow").length > 5);
  expect("the story tells of an election", /wins term/.test(list.textContent));
  expect("the story ends with the violation", list.lastElementChild.matches(".violation.decisive"));
  key("End");
  expect("End goes to the last sentence", list.lastElementChild.matches(".current"));
  expect("a sentence shows in the diagram", diagram.querySelector(".rule.violation.current"));
  key("Home");
  key("ArrowDown");
  expect("arrow keys go on", list.children[1].matches(".current"));
  list.children[2].click();
  expect("a click shows it", list.children[2].matches(".current") && diagram.querySelector(".current"));
  let said = "";
  for (const element of diagram.querySelectorAll("[data-text] path, [data-text] circle, rect[data-text]")) {
    element.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: 300, clientY: 300 }));
    if (!tip.hidden) said += tip.textContent + "|";
  }
  for (const what of [/sent at .* arrived after/, /leader in term/, /asks: /]) {
    expect("pointing: " + what, said.split("|").some((tip) => what.test(tip)));
  }
  const mark = diagram.querySelector("[data-line] circle");
  mark.dispatchEvent(new PointerEvent("pointermove", { bubbles: true }));
  expect("pointing at a mark shows its sentence", list.querySelector(".current").textContent.includes(
    mark.parentElement.dataset.text.split(": ").slice(1).join(": ")));
  diagram.dispatchEvent(new PointerEvent("pointerleave"));
  expect("leaving hides the tip", tip.hidden);
  console.log("STORY " + (lost.length ? "lost: " + lost.join("; ") : "served"));
}, 500);
"""


# The page must not be wider than the window, or its right side is cut.
NARROW = """
document.documentElement.dataset.wide = [...document.querySelectorAll("h1, section, .timeline, .controls, .chart, .story, .sequence-scroll")]
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 1).map((element) => element.className).join();
"""


def simulate(squall: str, out: Path, *arguments: str) -> Path:
    done = subprocess.run([squall, "sim", "--seed", "1", "--out", str(out), *arguments], capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    xml.etree.ElementTree.parse(out / "junit.xml")
    return out / "report.html"


def hostile(squall: str, scratch: Path) -> Path:
    """A kept run whose keys and error texts try to become markup, reported again."""
    out = scratch / "hostile"
    simulate(squall, out, "--bug", "stale-read")
    bad = "</script><script>document.title='owned'</script><b id=owned>\\u0000\\u001b\\u2028\\\"'&&lt;]]>"
    for name in ("history.jsonl", "results.json"):
        text = (out / name).read_text()
        text = re.sub(r'"key":"k\d+"', lambda _: f'"key":"{bad}"', text)
        text = re.sub(r'"detail":"', lambda found: found.group() + bad, text)
        text = text.replace("key k", f"key {bad}").replace("read began", f"read began {bad}")
        (out / name).write_text(text)
    log = b"t=0.5 n1 " + b"</script><b id=owned>\xff\xfe\x00\x1b[31m" + b"x" * 100_000 + b"\n"
    (out / "nodes" / "1" / "log").write_bytes(log + b"t=1.5 n1 leader <img id=owned src=x onerror=alert(1)>\n" * 1000)
    done = subprocess.run([squall, "report", str(out)], capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    xml.etree.ElementTree.parse(out / "junit.xml")
    return out / "report.html"


def main() -> int:
    browser = chromium.find()
    if browser is None:
        print("skipped: Chromium is not installed (apt-get install chromium)")
        return SKIPPED
    squall = sys.argv[1]
    with tempfile.TemporaryDirectory(prefix="squall-web-", ignore_cleanup_errors=True) as directory:
        scratch = Path(directory)
        bad = simulate(squall, scratch / "invalid", "--bug", "stale-read")
        valid = simulate(squall, scratch / "valid", "--time-limit", "12")
        check_the_checker(browser, scratch, bad)
        shrunk = bad.parent / "shrunk" / "report.html"
        for page in (bad, valid, shrunk, hostile(squall, scratch)):
            for scheme in (LIGHT, DARK):
                dom, console = open_page(browser, page, scratch, scheme)
                assert not console, f"{page.parent.name}: {console}"
                assert 'data-ready="true"' in dom, f"{page.parent.name}: the page did not come up"
                assert dom.count('class="chart"') == 3, f"{page.parent.name}: charts are missing"
                assert 'id="owned"' not in dom and "<title>owned" not in dom, "a value became markup"
                assert ('class="counterexample"' in dom) == (page != valid), page.parent.name
                assert ('class="sequence"' in dom) == (page != valid), page.parent.name
                assert 'class="coverage"' in dom or page == shrunk, page.parent.name
            picture = page.parent / "report.svg"
            assert picture.exists() == (page != valid), page.parent.name
            if picture.exists():
                xml.etree.ElementTree.parse(picture)
                assert "(report.svg)" in (page.parent / "report.md").read_text(), page.parent.name
            dom, console = open_page(browser, with_script(page, scratch, NARROW), scratch, size="800,2400")
            assert 'data-wide=""' in dom and not console, f"{page.parent.name}: too wide for 800 pixels: " + console
        assert shrunk.stat().st_size < SHRUNK_BYTES_MAX, "the page of a shrunk run is large"
        said = chromium.console_until(browser, with_script(shrunk, scratch, STORY), scratch, "STORY", READER_MAX_S)
        assert len(said) == 1 and '"STORY served"' in said[0], said or "the story was not read"
        said = chromium.console_until(browser, with_script(bad, scratch, READER), scratch, "READER", READER_MAX_S)
        assert len(said) == 1 and '"READER served"' in said[0], said or "the reader did not finish"
    print("all pages came up")
    return 0


if __name__ == "__main__":
    sys.exit(main())
