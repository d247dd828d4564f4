"""Headless Chromium for tests and benchmarks of report.html: no display, no network, drawn in software."""
import os
import shutil
import signal
import subprocess
import threading
from pathlib import Path

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars",
             "--enable-logging=stderr", "--v=0"]


def find() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def with_script(page: Path, scratch: Path, script: str) -> Path:
    """A copy of a page with one more script at its end."""
    copy = scratch / f"with-script-{page.parent.name}" / "report.html"
    copy.parent.mkdir(exist_ok=True)
    copy.write_text(page.read_text().replace("</body>", f"<script>{script}</script></body>"))
    return copy


def console_until(browser: str, page: Path, scratch: Path, word: str, limit_s: float, size: str = "1400,1000") -> list[str]:
    """Opens a page in real time; what it says on the console, up to the line that contains `word`."""
    process = subprocess.Popen(
        [browser, *ARGUMENTS, f"--user-data-dir={scratch / 'profile'}", f"--window-size={size}",
         "--remote-debugging-port=0", page.as_uri()],
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, errors="replace", start_new_session=True)
    # The browser is a family of processes; all of them are ours, and in a group of their own.
    end = threading.Timer(limit_s, lambda: os.killpg(process.pid, signal.SIGKILL))
    end.start()
    said = []
    try:
        for line in process.stderr:
            if "CONSOLE" in line:
                said.append(line.rstrip())
                if word in line:
                    break
    finally:
        end.cancel()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stderr.close()
    return said
