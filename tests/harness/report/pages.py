"""Makes the pages that web_test.py opens: reports of runs with and without a bug, a history's, a suite's."""
import re
import shutil
import subprocess
import xml.etree.ElementTree
from pathlib import Path

SUITE = """
[suite]
name = "two-nights"
budget = "5s"
jobs = 1
seed = 7
shrink = "2s"
failures_per_cell = 2

[[matrix]]
profiles = ["kill", "none"]
nodes = [3]
configurations = ["default", "broken"]
time_limit = "5s"
seeds = 2

[configuration.broken]
bug = "stale-read"
"""


def call(squall: str, *arguments: str) -> None:
    done = subprocess.run([squall, *arguments], capture_output=True, text=True)
    assert done.returncode in (0, 1), f"{arguments}: {done.stdout}{done.stderr}"


def simulate(squall: str, out: Path, *arguments: str) -> Path:
    call(squall, "sim", "--out", str(out), *arguments)
    xml.etree.ElementTree.parse(out / "junit.xml")
    return out / "report.html"


def hostile(squall: str, kept: Path, out: Path) -> Path:
    """A kept run whose keys, error texts and logs try to become markup, reported again."""
    shutil.copytree(kept, out, ignore=shutil.ignore_patterns("shrunk"))
    bad = "</script><script>document.title='owned'</script><b id=owned>\\u0000\\u001b\\u2028\\\"'&&lt;]]>"
    for name in ("history.jsonl", "results.json"):
        text = (out / name).read_text()
        text = re.sub(r'"key":"k\d+"', lambda _: f'"key":"{bad}"', text)
        text = re.sub(r'"detail":"', lambda found: found.group() + bad, text)
        text = text.replace("key k", f"key {bad}").replace("read began", f"read began {bad}")
        (out / name).write_text(text)
    log = b"t=0.5 n1 " + b"</script><b id=owned>\xff\xfe\x00\x1b[31m" + b"x" * 100_000 + b"\n"
    (out / "nodes" / "1" / "log").write_bytes(log + b"t=1.5 n1 leader <img id=owned src=x onerror=alert(1)>\n" * 1000)
    call(squall, "report", str(out))
    xml.etree.ElementTree.parse(out / "junit.xml")
    return out / "report.html"


def checked_history(squall: str, history: Path, out: Path) -> Path:
    call(squall, "check", str(history), "--model", "register", "--html", str(out))
    return out


def suite_of_two_nights(squall: str, scratch: Path) -> Path:
    """The folder of the second night, copied to a place that nothing in it knows of; the first is gone."""
    (scratch / "two-nights.toml").write_text(SUITE)
    for night in ("first", "second"):
        call(squall, "suite", str(scratch / "two-nights.toml"), "--fresh", "--store", str(scratch / "nights.db"),
             "--out", str(scratch / night))
    copy = scratch / "copied elsewhere" / "second night"
    shutil.copytree(scratch / "second", copy)
    shutil.rmtree(scratch / "first")
    shutil.rmtree(scratch / "second")
    return copy / "index.html"
