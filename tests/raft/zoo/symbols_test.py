"""A build without SQUALL_ZOO has no bug in it: what looks up a bug is a symbol of every object file
that could have one. Usage: symbols_test.py WITH WITHOUT ZOO, two archives, and whether the first one
has the zoo."""
import subprocess
import sys

LOOK_UP = "zoo::Bugs::switched_on"


def symbols(archive):
    done = subprocess.run(["nm", "-C", archive], capture_output=True, text=True, check=True)
    return done.stdout


def main():
    with_zoo, without_zoo, zoo = sys.argv[1:]
    if zoo == "1" and LOOK_UP not in symbols(with_zoo):
        sys.exit(f"{with_zoo} should have {LOOK_UP}: this test would not notice it elsewhere")
    left = [line for line in symbols(without_zoo).splitlines() if LOOK_UP in line]
    if left:
        sys.exit(f"{without_zoo} was built without the zoo but has\n" + "\n".join(left))
    with open(without_zoo, "rb") as archive:
        if b"stale-leader-ae-accepted" in archive.read():
            sys.exit(f"{without_zoo} names bugs")


main()
