"""Kill workers on each database, many times, and print what was seen. Run by ``scripts/campaign_faults``."""

import argparse
import time

from tests.store.faults.kills import run
from tests.store.stores import KINDS


def main() -> None:
    """Run the campaign; it ends with an error at the first command that was lost, halved or doubled."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--kills", type=int, default=200, help="kills on each database (200)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="seed of the moments (the clock)")
    parser.add_argument("--on", choices=KINDS, action="append", help="only on this database")
    given = parser.parse_args()
    for kind in given.on or KINDS:
        began = time.monotonic()
        tally = run(kind, given.kills, seed=given.seed)
        print(f"{kind}, seed {given.seed}, {time.monotonic() - began:,.0f} s", flush=True)  # noqa: T201 - its purpose
        for line in tally.lines():
            print(f"  {line}", flush=True)  # noqa: T201 - its purpose


if __name__ == "__main__":
    main()
