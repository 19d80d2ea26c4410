"""When an outcome was fully known: the last of its own facts and of the outcomes that it rests on."""

import numpy as np

from sib_engine.core.dates import DayArray
from sib_engine.outcomes.matching.keys import CodeArray, Per, job_keys, person_keys
from sib_engine.outcomes.matching.links import per_of
from sib_engine.outcomes.matching.order import earlier_metrics, units_in_order
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.outcomes.rows import NO_DAY, OutcomeRows
from sib_engine.outcomes.versions import deciding_days, in_force
from sib_engine.terms.contract import Contract
from sib_engine.terms.versions import metric_versions


def known_with_prerequisites(contract: Contract, rows: OutcomeRows, mask: MaskArray, known_on: DayArray) -> DayArray:
    """Return the day on which the last thing that each row rests on was known, shape ``(n,)``.

    An outcome rests on the earliest outcome that stands of each metric which it requires, or from
    which its window runs: of the same job where both metrics count once per job, else of the same
    person; and on whatever that one rests on. One that a grant paid for stands.

    Args:
        contract: The terms.
        rows: Outcomes of people, shape ``(n,)``.
        mask: The reasons against each row, after matching.
        known_on: When each row's own facts were known; not changed.
    """
    known = known_on.copy()
    if not len(rows):
        return known
    keys = {Per.PERSON: person_keys(rows.person), Per.JOB: job_keys(rows.person, rows.job)}
    stands = (mask & ~np.uint64(bit(Reason.GRANT_MONTH))) == 0
    decides = deciding_days(contract, rows)
    for unit in units_in_order(contract):
        for index in unit.metrics:
            metric = contract.metrics[index]
            for version in metric_versions(contract, metric):
                at = np.flatnonzero((rows.metric == index) & in_force(version, decides))
                for code in earlier_metrics(version.terms):
                    earlier = contract.metric_codes.index(code)
                    key = keys[per_of(metric, contract.metrics[earlier])]
                    standing = np.flatnonzero(stands & (rows.metric == earlier))
                    rests_on = _of_first(key, rows, standing, known)[key[at]]
                    known[at] = np.where(np.isnat(rests_on), known[at], np.maximum(known[at], rests_on))
    return known


def _of_first(key: CodeArray, rows: OutcomeRows, at: Positions, known: DayArray) -> DayArray:
    """Return when the earliest of the rows ``at`` was known for each key; NaT where a key has none."""
    last_first = at[np.lexsort((rows.row[at], rows.achieved_on[at], key[at]))][::-1]
    found = np.full(int(key.max()) + 1, NO_DAY)
    found[key[last_first]] = known[last_first]  # the earliest is written last, so it stays
    return found
