#!/usr/bin/env python3
"""Measures report.html of a run of 100,000 operations in headless Chromium: size, time to open, time between frames.

report_bench.py SQUALL [REPORT.html | FLAG...]: simulates a run with 5 nodes, 25 clients and all faults (and flags such as
--bug stale-read, for a page with a story), opens its report (or the one that is named), then zooms, pans and points in
the timeline and scrolls the page as a reader would. Chromium draws in software. Prints a table; judges nothing, since
other programs may be using the processors.
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
const { loadEventEnd: loaded } = performance.getEntriesByType("navigation")[0];
const { startTime: painted } = performance.getEntriesByName("first-contentful-paint")[0];
const frame = () => new Promise((done) => requestAnimationFrame(done));
const canvas = document.querySelector(".timeline canvas");
canvas.setPointerCapture = () => {};
const at = (type, x, y, more) => {
  const box = canvas.getBoundingClientRect();
  canvas.dispatchEvent(new (type === "wheel" ? WheelEvent : PointerEvent)(
    type, { clientX: box.left + x, clientY: box.top + y, bubbles: true, cancelable: true, pointerId: 1, ...more }));
};
const measure = async (name, steps, step) => {
  const times = [];
  let before = await frame();
  for (let i = 0; i < steps; ++i) {
    step(i);
    const now = await frame();
    times.push(now - before);
    before = now;
  }
  times.sort((a, b) => a - b);
  const share = (part) => times[Math.min(Math.floor(times.length * part), times.length - 1)];
  return { name, frames: steps, p50: share(0.5), p95: share(0.95), worst: share(1) };
};
canvas.scrollIntoView({ block: "center" });
await new Promise((done) => setTimeout(done, 600));
const middle = canvas.clientWidth / 2;
const rows = [];
rows.push(await measure("zoom in and out, from the whole run", 120, (i) =>
  at("wheel", middle, 200, { deltaY: (i % 60 < 30 ? -60 : 60) })));
at("wheel", middle, 200, { deltaY: -200 });
at("pointerdown", middle, 200);
rows.push(await measure("pan, two thirds of the run in view", 120, (i) =>
  at("pointermove", middle + 150 * Math.sin(i / 9), 200)));
at("pointerup", middle, 200);
for (let i = 0; i < 10; ++i) at("wheel", middle, 200, { deltaY: -200 });
at("pointerdown", middle, 200);
rows.push(await measure("pan, a second in view", 120, (i) =>
  at("pointermove", middle + 150 * Math.sin(i / 9), 200)));
at("pointerup", middle, 200);
rows.push(await measure("point at operations, faults, nodes", 120, (i) =>
  at("pointermove", 100 + i * 8, (i * 13) % canvas.clientHeight)));
document.querySelector(".controls button:last-child").click();
const height = document.documentElement.scrollHeight - innerHeight;
rows.push(await measure("scroll the page", 180, (i) => scrollTo(0, height * (0.5 - 0.5 * Math.cos(i / 28)))));
const diagram = document.querySelector(".sequence-scroll");
if (diagram) {
  diagram.scrollIntoView({ block: "center" });
  await frame();
  rows.push(await measure("scroll the diagram", 120, (i) =>
    diagram.scrollTo(0, (diagram.scrollHeight - diagram.clientHeight) * (0.5 - 0.5 * Math.cos(i / 19)))));
}
const search = document.querySelector("input[type=search]");
const searched = performance.now();
search.value = "k3 write";
search.dispatchEvent(new Event("input"));
return { loaded, painted, search: performance.now() - searched, rows };
"""


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
            browser.open(page)
            result = browser.wait_for(READER)
        print(f"page made in {result['loaded']:.0f} ms, painted in {result['painted']:.0f} ms; "
              f"a search takes {result['search']:.0f} ms")
        print(f"{'ms between frames':40}{'p50':>8}{'p95':>8}{'worst':>8}{'frames/s':>10}")
        for row in result["rows"]:
            print(f"{row['name']:40}{row['p50']:8.1f}{row['p95']:8.1f}{row['worst']:8.1f}{1000 / row['p50']:10.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
