#!/usr/bin/env python3
"""Opens every kind of page in headless Chromium and clicks through it: not a word on the console, light and dark, wide
and narrow, nothing cut at the side, every link leads somewhere from disk, text stands out, a keyboard reaches what there is.

web_test.py SQUALL PICTURES: simulates runs with and without a bug, one with hostile values, judges a history alone, and
runs a suite twice, whose folder is then copied elsewhere. It first checks itself: a page with a broken script must be
found. Screenshots are left in PICTURES. Exits with 77 (skipped) when there is no Chromium or no ChromeDriver.
"""
import shutil
import sys
import tempfile
import xml.etree.ElementTree
from pathlib import Path
from urllib.parse import unquote, urlparse

import pages
import webdriver
from accessible import lacking, pale
from readers import cut_at_the_side, links_of, read_story, read_timeline

SKIPPED = 77
SHRUNK_BYTES_MAX = 1_000_000
WIDE, NARROW = 1400, 420


class Test:
    def __init__(self, browser: webdriver.Browser, pictures: Path) -> None:
        self.browser = browser
        self.pictures = pictures

    def looks(self, name: str, page: Path, ready: str) -> None:
        """Light and dark, wide and narrow."""
        for width, dark in ((WIDE, False), (WIDE, True), (NARROW, False)):
            self.browser.window(width, 1000, dark)
            self.browser.open(page)
            self.browser.frame()
            assert self.browser.all(ready), f"{name}: the page did not come up"
            assert not self.browser.all("#owned") and self.browser.run("return document.title;") != "owned", \
                f"{name}: a value became markup"
            cut = cut_at_the_side(self.browser)
            assert not cut, f"{name}: wider than {width} pixels: {cut}"
            weak = pale(self.browser) if dark else lacking(self.browser) if width == WIDE else []
            assert not weak, f"{name}, {'dark' if dark else 'light'}: {weak}"
            self.picture(f"{name}-{'narrow' if width == NARROW else 'dark' if dark else 'light'}")
        self.browser.window(WIDE, 1000)
        self.browser.open(page)
        self.quiet(name)

    def picture(self, name: str) -> None:
        self.browser.screenshot(self.pictures / f"{name}.png")

    def quiet(self, name: str) -> None:
        said = self.browser.console()
        assert not said, f"{name}: on the console: {said}"

    def holds(self, name: str, **what: int) -> None:
        """How many there are of each class; a negative number: at least so many."""
        for selector, count in what.items():
            found = len(self.browser.all("." + selector))
            assert found == count or (count < 0 and found >= -count), f"{name}: {found} of .{selector}"

    def serves(self, name: str, lost: list[str]) -> None:
        self.picture(name)
        assert not lost, f"{name}: {lost}"
        self.quiet(name)


def check_the_checker(browser: webdriver.Browser, page: Path, scratch: Path) -> None:
    broken = scratch / "broken.html"
    broken.write_text(page.read_text().replace("</body>", "<script>nowhere.to.be.found();</script></body>"))
    browser.open(broken)
    assert any("nowhere" in line for line in browser.console()), "a script error goes unnoticed"
    browser.open(page)
    browser.run("""
        document.querySelector("h1").style.color = "#999";
        const button = document.createElement("button");
        button.style.outline = "none";
        document.body.prepend(button);""")
    lost = " ".join(lacking(browser, tabs=2))
    for what in ("too pale: H1", "without a name: <button", "focus is not seen"):
        assert what in lost, f"{what} goes unnoticed: {lost}"


def check_reports(test: Test, squall: str, scratch: Path) -> None:
    valid = pages.simulate(squall, scratch / "valid", "--seed", "1", "--time-limit", "12")
    failing = pages.simulate(squall, scratch / "failing", "--seed", "1", "--bug", "stale-read")
    shrunk = failing.parent / "shrunk" / "report.html"
    traced = pages.simulate(squall, scratch / "traced", "--seed", "1", "--bug", "no-uptodate")
    hostile = pages.hostile(squall, failing.parent, scratch / "hostile")
    check_the_checker(test.browser, failing, scratch)
    for page in (valid, failing, shrunk, traced, hostile):
        name = page.parent.name
        bad = page != valid
        test.looks(name, page, "[data-ready=true]")
        test.holds(name, chart=0 if page == shrunk else 3, counterexample=-1 if bad else 0, sequence=1 if bad else 0, story=1 if bad else 0,
                   coverage=0 if page == shrunk else 1)
        picture = page.parent / "report.svg"
        assert picture.exists() == bad, name
        if bad:
            xml.etree.ElementTree.parse(picture)
            assert "(report.svg)" in (page.parent / "report.md").read_text(), name
    assert shrunk.stat().st_size < SHRUNK_BYTES_MAX, "the page of a shrunk run is large"
    for name, page, read in (("failing-read", failing, read_timeline), ("shrunk-read", shrunk, read_story)):
        test.browser.open(page)
        test.serves(name, read(test.browser))
    test.browser.window(1200, 700)
    test.browser.open(shrunk.parent / "report.svg")
    test.picture("report-svg")

    alone = pages.checked_history(squall, failing.parent / "history.jsonl", scratch / "alone.html")
    test.looks("check-html", alone, "[data-ready=true]")
    test.holds("check-html", chart=0, counterexample=-1, timeline=1)


def check_suite(test: Test, squall: str, scratch: Path) -> None:
    index = pages.suite_of_two_nights(squall, scratch)
    test.looks("suite", index, ".matrix")
    test.holds("suite", finding=1, matrix=1, bar=2)
    headings = test.browser.run("return [...document.querySelectorAll('h2')].map((h2) => h2.textContent);")
    assert headings[:3] == ["Failures", "Cells", "Nights"], headings
    links = links_of(test.browser)
    reports = [link for link in links if link.endswith(".html")]
    assert any("/shrunk/report.html" in link for link in reports) and len(reports) >= 3, links
    for link in links:
        file = Path(unquote(urlparse(link).path))
        assert file.is_relative_to(index.parent), f"{link} leads out of the folder"
        assert file.is_file(), f"{link} leads nowhere"
    for report in test.browser.all("a[href$='.html']"):
        test.browser.click(report)
        assert test.browser.all("[data-ready=true]"), f"{test.browser.address()} did not come up"
        test.browser.back()
        break
    for link in reports:
        test.browser.do("url", {"url": link})
        assert test.browser.all("[data-ready=true]"), f"{link} did not come up"
    test.quiet("suite")


def main() -> int:
    missing = webdriver.missing()
    if missing:
        print(f"skipped: {missing}")
        return SKIPPED
    squall, pictures = sys.argv[1], Path(sys.argv[2])
    shutil.rmtree(pictures, ignore_errors=True)
    pictures.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="squall-web-", ignore_cleanup_errors=True) as directory:
        with webdriver.Browser() as browser:
            test = Test(browser, pictures)
            check_reports(test, squall, Path(directory))
            check_suite(test, squall, Path(directory))
    print(f"all pages came up; look at them in {pictures}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
