"""The made-up facts of each MHEP phase 2 site and the outcomes in them, made once for all tests of a process."""

import atexit
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sib_engine.services.derive_outcomes import DerivedOutcomes, derive_outcomes
from sib_engine.services.make_example import make_example

FINAL_COUNTS = {
    "mhep/haringey-barnet": {"engagement": 695, "job_start": 218, "sustained_under_16": 40, "sustained_16_plus": 63},
    "mhep/enfield": {"engagement": 254, "job_start": 88, "sustained_under_16": 14, "sustained_16_plus": 44},
    "mhep/shropshire": {"engagement": 496, "job_start": 170, "sustained_under_16": 18, "sustained_16_plus": 60},
    "mhep/tower-hamlets-mh": {
        "engagement": 1171,
        "job_start": 359,
        "sustained_under_16": 60,
        "sustained_16_plus": 136,
    },
    "mhep/tower-hamlets-ld": {"engagement": 75, "job_start": 119, "sustained_under_16": 96, "sustained_16_plus": 9},
}
"""Final results as published: GO Lab INDIGO, December 2025."""

_FOLDER = TemporaryDirectory(prefix="sib-sites-")
atexit.register(_FOLDER.cleanup)


def folder(name: str) -> Path:
    """Return a folder of this name that lasts as long as the tests of this process."""
    path = Path(_FOLDER.name) / name
    path.mkdir(exist_ok=True)
    return path


@dataclass(frozen=True, slots=True)
class Example:
    """Made-up facts of one site, and what is derived from them."""

    facts: Path
    rows: Path
    derived: DerivedOutcomes
    n_lines: int

    @property
    def counted(self) -> dict[str, int]:
        """How many outcomes of each metric count."""
        return {each.metric: each.n_counting for each in self.derived.by_metric()}


@cache
def example(site: str, seed: int = 1) -> Example:
    """Return the example of a site."""
    stem = f"{site.partition('/')[2]}-{seed}"
    facts, rows = folder("examples") / f"{stem}.facts.csv", folder("examples") / f"{stem}.rows.csv"
    n_lines, _published = make_example(site, facts, seed=seed)
    return Example(facts, rows, derive_outcomes(site, facts, out=rows), n_lines)
