#!/usr/bin/env python3
"""Opens reports in headless Chromium: the page must come up without a word on the console, light and dark.

web_test.py SQUALL: simulates runs with and without a bug, and one with hostile values. It first checks itself: a page
with a broken script must be found. Exits with 77 (skipped) when there is no Chromium. Screenshots are kept in the
directory that $SQUALL_SCREENSHOTS names, if any. junit.xml must be well-formed.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
from pathlib import Path

SKIPPED = 77
LIGHT, DARK = "1", "0"


def open_page(browser: str, page: Path, scratch: Path, scheme: str = LIGHT, size: str = "1400,2400") -> tuple[str, str]:
    """What the page became, and what was said on the console."""
    common = [
        browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={scratch / 'profile'}",
        "--virtual-time-budget=3000", f"--blink-settings=preferredColorScheme={scheme}", f"--window-size={size}",
        "--hide-scrollbars", "--enable-logging=stderr", "--v=0",
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


# What a reader does: jumps to the violation, zooms with the wheel, drags, searches, points at an operation.
READER = """
setTimeout(() => {
  const canvas = document.querySelector(".timeline canvas");
  const tip = document.querySelector(".tip");
  document.querySelector("button.bad").click();
  const box = canvas.getBoundingClientRect();
  const at = (type, x, y, more) => canvas.dispatchEvent(new (type === "wheel" ? WheelEvent : PointerEvent)(
    type, { clientX: box.left + x, clientY: box.top + y, bubbles: true, cancelable: true, pointerId: 1, ...more }));
  canvas.setPointerCapture = () => {};
  at("wheel", 700, 150, { deltaY: -100 });
  at("pointerdown", 700, 150);
  at("pointermove", 640, 150);
  at("pointerup", 640, 150);
  const search = document.querySelector("input[type=search]");
  search.value = "read info";
  search.dispatchEvent(new Event("input"));
  search.value = "k0";
  search.dispatchEvent(new Event("input"));
  let tips = 0;
  for (let y = 0; y < canvas.clientHeight; y += 4) {
    at("pointermove", 700, y);
    if (!tip.hidden && tip.textContent) ++tips;
  }
  document.documentElement.dataset.reader = (tips > 5 && /^[1-9]/.test(
    document.querySelector("[role=status]").textContent)) ? "served" : "lost";
}, 500);
"""


def with_script(page: Path, scratch: Path, script: str) -> Path:
    copy = scratch / f"with-script-{page.parent.name}" / "report.html"
    copy.parent.mkdir(exist_ok=True)
    copy.write_text(page.read_text().replace("</body>", f"<script>{script}</script></body>"))
    return copy


def simulate(squall: str, out: Path, *arguments: str) -> Path:
    done = subprocess.run([squall, "sim", "--seed", "1", "--out", str(out), *arguments], capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    xml.etree.ElementTree.parse(out / "junit.xml")
    return out / "report.html"


def hostile(squall: str, scratch: Path) -> Path:
    """A kept run whose keys and error texts try to become markup, reported again."""
    out = scratch / "hostile"
    simulate(squall, out, "--bug", "stale-read")
    bad = "</script><script>document.title='owned'</script><b id=owned>"
    for name in ("history.jsonl", "results.json"):
        text = (out / name).read_text()
        text = re.sub(r'"key":"k\d+"', f'"key":"{bad}"', text)
        text = text.replace("key k", f"key {bad}").replace("read began", f"read began {bad}")
        (out / name).write_text(text)
    done = subprocess.run([squall, "report", str(out)], capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    xml.etree.ElementTree.parse(out / "junit.xml")
    return out / "report.html"


def main() -> int:
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        print("skipped: Chromium is not installed (apt-get install chromium)")
        return SKIPPED
    squall = sys.argv[1]
    with tempfile.TemporaryDirectory(prefix="squall-web-", ignore_cleanup_errors=True) as directory:
        scratch = Path(directory)
        bad = simulate(squall, scratch / "invalid", "--bug", "stale-read")
        valid = simulate(squall, scratch / "valid", "--time-limit", "12")
        check_the_checker(browser, scratch, bad)
        for page in (bad, valid, hostile(squall, scratch)):
            for scheme in (LIGHT, DARK):
                dom, console = open_page(browser, page, scratch, scheme)
                assert not console, f"{page.parent.name}: {console}"
                assert 'data-ready="true"' in dom, f"{page.parent.name}: the page did not come up"
                assert dom.count('class="chart"') == 3, f"{page.parent.name}: charts are missing"
                assert 'id="owned"' not in dom and "<title>owned" not in dom, "a value became markup"
                assert ('class="counterexample"' in dom) == (page != valid), page.parent.name
        dom, console = open_page(browser, with_script(bad, scratch, READER), scratch)
        assert not console, console
        assert 'data-reader="served"' in dom, "hovering or searching shows nothing"
    print("all pages came up")
    return 0


if __name__ == "__main__":
    sys.exit(main())
