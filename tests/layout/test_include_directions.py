#!/usr/bin/env python3
"""Enforces which folder may know which, on #include lines, since link rules do not.

The table is that of docs/architecture.md. It first checks itself: a forbidden include in a made-up file must be found,
an allowed one must not.
"""
import re
import sys
from pathlib import Path

# folder -> folders that it may include (besides itself). The longest matching folder counts.
MAY_INCLUDE = {
    "history": set(),
    "history/formats": {"history"},
    "raft": {"raft/zoo"},
    "raft/zoo": set(),
    "raft/storage": {"raft", "raft/zoo"},
    "raft/server": {"raft", "raft/storage", "raft/zoo"},
    "raft/node": {"raft", "raft/storage", "raft/server", "raft/zoo"},
    "checker": {"history"},
    "workloads": {"checker", "history"},
    "nemesis": {"history"},
    "harness": {"history", "checker", "workloads", "nemesis"},
    # Of the Raft only the names of its switchable bugs.
    "harness/systems": {"history", "checker", "workloads", "nemesis", "harness", "raft/zoo"},
    "harness/process": {"history", "checker", "workloads", "nemesis", "harness", "harness/systems"},
    "harness/sim": {
        "history", "checker", "workloads", "nemesis", "harness",
        "raft", "raft/storage", "raft/server", "raft/zoo",
    },
    "harness/explore": {"history", "harness", "harness/sim", "raft", "raft/zoo"},
    "harness/report": {"history", "checker", "workloads", "nemesis", "harness"},
    "harness/shrink": {"history", "checker", "workloads", "nemesis", "harness"},
    "harness/store": {"harness"},
    "harness/triage": {"history", "checker", "workloads", "nemesis", "harness", "harness/store"},
    "harness/suite": {
        "history", "checker", "workloads", "nemesis", "harness", "harness/report", "harness/store", "harness/triage",
    },
    "harness/compare": {"history", "checker", "workloads", "nemesis", "harness", "harness/report"},
    "harness/compare/runner": {
        "history", "checker", "workloads", "nemesis", "harness", "harness/compare", "harness/sim",
    },
    "harness/cli": {
        "history", "history/formats", "checker", "workloads", "nemesis", "harness",
        "harness/systems", "harness/process", "harness/sim", "harness/explore", "harness/report", "harness/shrink",
        "harness/store", "harness/suite", "harness/triage", "harness/compare",
    },
}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')
# Deciders: no clock, thread, socket or randomness may be named in them.
PURE = {"history", "raft", "raft/server", "checker", "workloads", "nemesis", "harness", "harness/sim", "harness/explore",
        "harness/report", "harness/shrink", "harness/suite", "harness/triage", "harness/compare"}
IMPURE = re.compile(
    r"#\s*include\s+<(thread|mutex|condition_variable|random|future|sys/socket\.h|boost/(asio|process)[^>]*)>"
    r"|(steady|system|high_resolution)_clock::now|random_device|clock_gettime|gettimeofday|\bstd::time\(|\brand\("
)
# Doers that live in a pure folder because they are its edge; and where keys are judged side by side, whose verdicts do
# not depend on it.
IMPURE_ALLOWED = {"history/recorder.cpp", "checker/dispatch.cpp"}
HEAVY = re.compile(r"#\s*include\s+<(boost/(asio|beast|process)[^>]*|nlohmann/json\.hpp|CLI/[^>]*)>")


def folder_of(path: str) -> str:
    parents = path.split("/")[:-1]
    while parents:
        candidate = "/".join(parents)
        if candidate in MAY_INCLUDE:
            return candidate
        parents.pop()
    return ""


def problems_in(path: str, text: str) -> list[str]:
    found = []
    folder = folder_of(path)
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            target = folder_of(match.group(1))
            if not target:
                found.append(f"{path}:{number}: \"{match.group(1)}\" is not named from the root")
            elif target != folder and target not in MAY_INCLUDE[folder]:
                found.append(f"{path}:{number}: {folder} may not know {target}")
        if folder in PURE and path not in IMPURE_ALLOWED and IMPURE.search(line):
            found.append(f"{path}:{number}: {folder} decides, so it may not touch: {line.strip()}")
        if path.endswith(".hpp") and HEAVY.search(line) and not path.startswith(("harness/process/", "raft/node/")):
            found.append(f"{path}:{number}: heavy headers stay in .cpp files: {line.strip()}")
    return found


def check_the_checker() -> None:
    assert problems_in("raft/core.cpp", '#include "raft/server/server.hpp"\n')
    assert problems_in("harness/process/a.cpp", '#include "raft/core.hpp"\n')
    assert problems_in("nemesis/a.cpp", "#include <random>\n")
    assert problems_in("checker/a.hpp", "#include <nlohmann/json.hpp>\n")
    assert not problems_in("harness/sim/a.cpp", '#include "raft/core.hpp"\n#include <vector>\n')


def main() -> int:
    check_the_checker()
    root = Path(sys.argv[1])
    found, files = [], 0
    for top in ("history", "raft", "checker", "workloads", "nemesis", "harness"):
        for file in sorted((root / top).rglob("*")):
            if file.suffix in {".cpp", ".hpp"}:
                files += 1
                found += problems_in(file.relative_to(root).as_posix(), file.read_text())
    print("\n".join(found))
    if files == 0:
        print("no source file found")
        return 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
