"""Time a contract of 10,000 people from facts to explanations, and the start of the command line.

Run with ``scripts/bench people``. Every row is explained: what counts down to clause, cap and share, what does not
with all its reasons. Medians of several runs on one machine; no test depends on them.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

import numpy as np

from sib_engine.core.collecting import collect_seldom
from sib_engine.core.table_writer import write_table
from sib_engine.outcomes.facts_file import read_facts
from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.outcomes.synthetic.example import synthetic_facts
from sib_engine.outcomes.synthetic.story import COLUMNS
from sib_engine.outcomes.why.words import complete
from sib_engine.payments.due import due
from sib_engine.payments.explanation import Explainer
from sib_engine.services.inputs import contract_at

CONTRACT = "mhep/tower-hamlets-mh"
N_RUNS = 5
COUNTS = {"engagement": 8621, "job_start": 2643, "sustained_under_16": 442, "sustained_16_plus": 1001}
"""Tower Hamlets scaled up: with the people who never count, 10,000 in all."""


def main() -> None:
    """Print what each step takes, in a process that is set up as `sib` is."""
    collect_seldom()
    contract = contract_at(CONTRACT).contract
    lines = synthetic_facts(contract, COUNTS, weights={}, rng=np.random.default_rng(1))
    n_people = len({line.person for line in lines})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "facts.csv"
        write_table(path, COLUMNS, (list(astuple(line)) for line in lines))
        reading = median(lambda: read_facts(path, contract=contract))
        facts, _findings = read_facts(path, contract=contract)
    if facts is None:
        message = "the made-up facts cannot be read"
        raise RuntimeError(message)

    def recompute() -> tuple[int, int]:
        table = find_outcomes(contract, facts)
        counts = table.counts
        ids = table.row_ids()
        rows = table.rows.take(counts)
        explainer = Explainer(contract, due(contract, rows))
        paid = [ids[place] for place in np.flatnonzero(counts).tolist()]
        trees = [explainer.row(place, name) for place, name in enumerate(paid)]
        reasons = [complete(mask, whys) for mask, whys in zip(table.mask.tolist(), table.whys, strict=True) if mask]
        return len(trees), len(reasons)

    n_paid, n_unpaid = recompute()
    print(f"{n_people:,} people, {len(lines):,} facts, {n_paid:,} outcomes that count, {n_unpaid:,} that do not")
    print(f"reading the facts file                     {reading:7.3f} s")
    print(f"facts to outcomes, amounts, explanations   {median(recompute):7.3f} s   goal: under 1")
    print(f"sib --help                                 {median(show_help):7.3f} s   goal: under 0.3")


def median(work: Callable[[], object]) -> float:
    """Return the median time of several runs, in seconds."""
    times = []
    for _ in range(N_RUNS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def show_help() -> None:
    """Run ``sib --help`` as a command."""
    subprocess.run([Path(sys.executable).with_name("sib"), "--help"], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command


if __name__ == "__main__":
    main()
