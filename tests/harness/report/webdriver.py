"""Headless Chromium under ChromeDriver, for tests and benchmarks of pages: no display, no network, drawn in software.

The protocol is W3C WebDriver over loopback (https://www.w3.org/TR/webdriver2/), so input is what a mouse and a keyboard
give: hit-tested, focused, scrolled. Only the standard library is needed.
"""
import base64
import http.client
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars",
             "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions"]
ANSWER_MAX_S = 120
# Chromium paints no picture that is higher.
PICTURE_HEIGHT_MAX = 16000


def missing() -> str | None:
    """What a reader would have to install; None when there is all that it takes."""
    if not find():
        return "Chromium is not installed (apt-get install chromium)"
    if not shutil.which("chromedriver"):
        return "ChromeDriver is not installed (apt-get install chromium-driver)"
    return None


def find() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Refused(Exception):
    """ChromeDriver could not do what it was asked to."""


class Browser:
    """One browser for all pages. What the console said since the last page was opened is in `console()`."""

    def __init__(self) -> None:
        self.scratch = tempfile.TemporaryDirectory(prefix="squall-browser-", ignore_cleanup_errors=True)
        self.driver = subprocess.Popen([shutil.which("chromedriver"), "--port=0"], stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True)
        self.session = ""
        try:
            port = next(found for line in self.driver.stdout
                        if (found := re.search(r"started successfully on port (\d+)", line))).group(1)
            self.connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=ANSWER_MAX_S)
            options = {"binary": find(), "args": [*ARGUMENTS, f"--user-data-dir={self.scratch.name}"]}
            self.session = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": {
                "browserName": "chrome", "goog:chromeOptions": options,
                "timeouts": {"script": ANSWER_MAX_S * 1000, "pageLoad": ANSWER_MAX_S * 1000},
                "goog:loggingPrefs": {"browser": "ALL"}}}})["sessionId"]
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        try:
            if self.session:
                self.ask("DELETE", f"/session/{self.session}")
        finally:
            self.driver.terminate()
            self.driver.wait()
            self.driver.stdout.close()
            self.scratch.cleanup()

    def ask(self, method: str, path: str, body: dict | None = None):
        self.connection.request(method, path, None if body is None else json.dumps(body))
        value = json.loads(self.connection.getresponse().read())["value"]
        if isinstance(value, dict) and "error" in value:
            raise Refused(f"{value['error']}: {value['message']}")
        return value

    def do(self, what: str, body: dict | None = None):
        return self.ask("POST", f"/session/{self.session}/{what}", body or {})

    def devtools(self, command: str, **parameters):
        return self.do("goog/cdp/execute", {"cmd": command, "params": parameters})

    def window(self, width: int, height: int, dark: bool = False) -> None:
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.devtools("Emulation.setEmulatedMedia",
                      features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def open(self, page: Path) -> None:
        self.console()
        self.do("url", {"url": page.as_uri()})

    def address(self) -> str:
        return self.ask("GET", f"/session/{self.session}/url")

    def back(self) -> None:
        self.do("back")

    def console(self) -> list[str]:
        """What was said since it was last asked."""
        return [f"{entry['level']} {entry['message']}" for entry in self.do("se/log", {"type": "browser"})]

    def run(self, script: str, *arguments):
        """The body of a function of the page; elements may go in and come out."""
        return self.do("execute/sync", {"script": script, "args": list(arguments)})

    def wait_for(self, script: str, *arguments):
        """The same, of an asynchronous function."""
        return self.do("execute/async", {
            "script": f"const done = arguments[arguments.length - 1]; (async () => {{ {script} }})().then(done, (e) => done('' + e));",
            "args": list(arguments)})

    def frame(self) -> None:
        self.wait_for("await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));")

    def all(self, selector: str) -> list[dict]:
        return self.do("elements", {"using": "css selector", "value": selector})

    def one(self, selector: str) -> dict:
        return self.do("element", {"using": "css selector", "value": selector})

    def click(self, element: dict | str) -> None:
        """Refused when something else lies over it."""
        element = self.one(element) if isinstance(element, str) else element
        self.do(f"element/{identity(element)}/click")

    def type(self, element: dict | str, text: str) -> None:
        element = self.one(element) if isinstance(element, str) else element
        self.do(f"element/{identity(element)}/value", {"text": text})

    def press(self, key: str) -> None:
        """Wherever the focus is."""
        self.do("actions", {"actions": [{"type": "key", "id": "keys", "actions": [
            {"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]}]})

    def mouse(self, element: dict, *moves: tuple, shift: bool = False) -> None:
        """moves: (x, y) from the middle of the element, "down", "up"."""
        actions = []
        for move in moves:
            if isinstance(move, str):
                actions.append({"type": "pointer" + move.capitalize(), "button": 0})
            else:
                actions.append({"type": "pointerMove", "duration": 0, "origin": element, "x": move[0], "y": move[1]})
        sources = [{"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions}]
        if shift:
            pauses = [{"type": "pause"}] * (len(actions) - 1)
            sources.insert(0, {"type": "key", "id": "keys", "actions": [
                {"type": "keyDown", "value": "\ue008"}, *pauses, {"type": "keyUp", "value": "\ue008"}]})
        self.do("actions", {"actions": sources})

    def wheel(self, element: dict, delta: int) -> None:
        self.do("actions", {"actions": [{"type": "wheel", "id": "wheel", "actions": [
            {"type": "scroll", "origin": element, "x": 0, "y": 0, "deltaX": 0, "deltaY": delta, "duration": 0}]}]})

    def screenshot(self, path: Path) -> None:
        """Of the whole page, also of what one would have to scroll to."""
        size = self.devtools("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], PICTURE_HEIGHT_MAX), "scale": 1}
        picture = self.devtools("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)["data"]
        path.write_bytes(base64.b64decode(picture))


def identity(element: dict) -> str:
    return next(iter(element.values()))
