"""A build without SQUALL_ZOO has no bug in it: what looks up a bug is a symbol of every object file
that could have one, and no slug is in it. Usage: symbols_test.py WITH WITHOUT ZOO CATALOGUE NODE: two
archives, whether the first one has the zoo, catalogue.hpp, and the program built like the first."""
import re
import subprocess
import sys

LOOK_UP = "zoo::Bugs::switched_on"


def symbols(archive):
    done = subprocess.run(["nm", "-C", archive], capture_output=True, text=True, check=True)
    return done.stdout


def slugs_in(path, slugs):
    """Those that stand in a file as strings of their own."""
    with open(path, "rb") as file:
        content = file.read()
    return [slug for slug in slugs if slug.encode() + b"\0" in content]


def main():
    with_zoo, without_zoo, zoo, catalogue, node = sys.argv[1:]
    if zoo == "1" and LOOK_UP not in symbols(with_zoo):
        sys.exit(f"{with_zoo} should have {LOOK_UP}: this test would not notice it elsewhere")
    left = [line for line in symbols(without_zoo).splitlines() if LOOK_UP in line]
    if left:
        sys.exit(f"{without_zoo} was built without the zoo but has\n" + "\n".join(left))
    with open(catalogue, encoding="utf-8") as text:
        slugs = re.findall(r'Description\{Bug::\w+,\s*"([a-z-]+)"', text.read())
    if len(slugs) < 32:
        sys.exit(f"{catalogue}: only {len(slugs)} slugs were recognised in it")
    # A slug of one word is also the enumerator's name, which debug information has.
    named = slugs_in(without_zoo, [slug for slug in slugs if "-" in slug])
    if named:
        sys.exit(f"{without_zoo} was built without the zoo but names {named}")
    # The program that goes with these libraries: all or nothing.
    named = slugs_in(node, slugs)
    if len(named) != (len(slugs) if zoo == "1" else 0):
        sys.exit(f"{node}: SQUALL_ZOO is {zoo}, but it names {len(named)} of {len(slugs)} bugs")


main()
