#!/usr/bin/env python3
"""Measures report.html of a run of 100,000 operations in headless Chromium: size, time to open, time between frames.

report_bench.py SQUALL [REPORT.html | FLAG...]: simulates a run with 5 nodes, 25 clients and all faults (and flags such as
--bug stale-read, for a page with a story), opens its report (or the one that is named), then zooms, pans and points in
the timeline and scrolls the page as a reader would. Chromium draws in software. Prints a table; judges nothing, since
other programs may be using the processors: the last column, the time of a processor that the page's main thread takes
for a frame, does not depend on them. Above 16.7 frames are lost, above 33 there are fewer than 30 a second.
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "harness" / "report"))
import webdriver  # noqa: E402

# Runs in the page. Every step waits for a frame, so the distances between frames include drawing and compositing.
READER = """
const frame = () => new Promise((done) => requestAnimationFrame(done));
const canvas = document.querySelector(".timeline canvas");
canvas.setPointerCapture = () => {};
const middle = canvas.clientWidth / 2;
const at = (type, x, y, more) => {
  const box = canvas.getBoundingClientRect();
  canvas.dispatchEvent(new (type === "wheel" ? WheelEvent : PointerEvent)(
    type, { clientX: box.left + x, clientY: box.top + y, bubbles: true, cancelable: true, pointerId: 1, ...more }));
};
const swing = (i, slow) => 0.5 - 0.5 * Math.cos(i / slow);
const height = document.documentElement.scrollHeight - innerHeight;
const diagram = document.querySelector(".sequence-scroll");
const pan = (i) => at("pointermove", middle + 150 * Math.sin(i / 9), 200);
// Name, frames, what is done before, what is done for each frame.
const motions = [
  ["zoom in and out, from the whole run", 120, () => canvas.scrollIntoView({ block: "center" }),
    (i) => at("wheel", middle, 200, { deltaY: (i % 60 < 30 ? -60 : 60) })],
  ["pan, two thirds of the run in view", 120,
    () => { at("wheel", middle, 200, { deltaY: -200 }); at("pointerdown", middle, 200); }, pan],
  ["pan, a second in view", 120, () => {
    at("pointerup", middle, 200);
    for (let i = 0; i < 10; ++i) at("wheel", middle, 200, { deltaY: -200 });
    at("pointerdown", middle, 200);
  }, pan],
  ["point at operations, faults, nodes", 120, () => at("pointerup", middle, 200),
    (i) => at("pointermove", 100 + i * 8, (i * 13) % canvas.clientHeight)],
  ["scroll the page", 180, () => document.querySelector(".controls button:last-child").click(),
    (i) => scrollTo(0, height * swing(i, 28))],
];
if (diagram) motions.push(["scroll the diagram", 120, () => diagram.scrollIntoView({ block: "center" }),
  (i) => diagram.scrollTo(0, (diagram.scrollHeight - diagram.clientHeight) * swing(i, 19))]);
window.bench = {
  motions: motions.map(([name, steps]) => [name, steps]),
  async prepare(motion) {
    motions[motion][2]();
    await new Promise((done) => setTimeout(done, 600));
  },
  async measure(motion) {
    const [, steps, , step] = motions[motion];
    const times = [];
    let before = await frame();
    for (let i = 0; i < steps; ++i) {
      step(i);
      const now = await frame();
      times.push(now - before);
      before = now;
    }
    times.sort((a, b) => a - b);
    return [0.5, 0.95, 1].map((part) => times[Math.min(Math.floor(steps * part), steps - 1)]);
  },
};
return bench.motions;
"""

OPENED = """
const { loadEventEnd: loaded } = performance.getEntriesByType("navigation")[0];
const { startTime: painted } = performance.getEntriesByName("first-contentful-paint")[0];
const search = document.querySelector("input[type=search]");
const searched = performance.now();
search.value = "k3 write";
search.dispatchEvent(new Event("input"));
const took = performance.now() - searched;
search.value = "";
search.dispatchEvent(new Event("input"));
return [loaded, painted, took];
"""


def processor_ms(browser: webdriver.Browser) -> float:
    """Of the page's main thread, which other programs do not lengthen."""
    metrics = browser.devtools("Performance.getMetrics")["metrics"]
    return 1000 * next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")


def main() -> int:
    if webdriver.missing():
        raise SystemExit(webdriver.missing())
    with tempfile.TemporaryDirectory(prefix="squall-bench-", ignore_cleanup_errors=True) as directory:
        scratch = Path(directory)
        if sys.argv[2:] and sys.argv[2].endswith(".html"):
            page = Path(sys.argv[2]).resolve()
        else:
            page = scratch / "run" / "report.html"
            subprocess.run([sys.argv[1], "sim", "--seed", "1", "--rate", "2000", "--concurrency", "25", "--keys", "50",
                            "--time-limit", "100", "--no-shrink", "--out", str(scratch / "run"), *sys.argv[2:]])
        print(f"size {page.stat().st_size / 1e6:.2f} MB, processors {os.cpu_count()}, load {os.getloadavg()[0]:.1f}")
        with webdriver.Browser() as browser:
            browser.window(1400, 1000)
            browser.devtools("Performance.enable", timeDomain="threadTicks")
            browser.open(page)
            loaded, painted, search = browser.run(OPENED)
            print(f"page made in {loaded:.0f} ms, painted in {painted:.0f} ms; a search takes {search:.0f} ms")
            print(f"{'ms between frames':40}{'p50':>8}{'p95':>8}{'worst':>8}{'frames/s':>10}{'processor ms a frame':>22}")
            for motion, (name, frames) in enumerate(browser.run(READER)):
                browser.wait_for("await bench.prepare(arguments[0]);", motion)
                before = processor_ms(browser)
                p50, p95, worst = browser.wait_for("return bench.measure(arguments[0]);", motion)
                spent = (processor_ms(browser) - before) / frames
                print(f"{name:40}{p50:8.1f}{p95:8.1f}{worst:8.1f}{1000 / p50:10.1f}{spent:22.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
