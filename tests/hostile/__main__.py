"""``python -m tests.hostile [NAME…]``: runs against hostile servers, all of them if none is named."""

import argparse
import sys

from .behaviours import ALL
from .page import PAGE, page
from .trial import LIMITS, Seen, attempt


def main() -> int:
    """Print a line a run; 1 if one of them was not handled well."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="a behaviour, or a part of its name")
    parser.add_argument("--profile", default=LIMITS.profile, choices=["quick", "core", "full"])
    parser.add_argument("--write", action="store_true", help="write docs/reliability.md")
    options = parser.parse_args()
    if options.write and options.names:
        parser.error("a page has all behaviours")
    seen: dict[str, Seen] = {}
    for name, behaviour in ALL.items():
        if options.names and not any(part in name for part in options.names):
            continue
        one = seen[name] = attempt(behaviour, LIMITS._replace(profile=options.profile))
        print(
            f"{name}: exit {one.code}, {one.seconds:.1f} s, {one.megabytes} MB, {one.requests} requests, "
            f"{'; '.join(one.wrong) or 'well'} | {one.described} {one.failures}",
            flush=True,
        )
    failed = sum(bool(one.wrong) for one in seen.values())
    print(f"{len(seen)} behaviours, {failed} of them not handled well")
    if options.write:
        PAGE.write_text(page(seen))
    return int(failed > 0)


sys.exit(main())
