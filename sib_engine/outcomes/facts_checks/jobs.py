"""Employment, pay periods and documents that must agree about a job."""

import numpy as np

from sib_engine.core.dates import DayArray
from sib_engine.core.finding_log import FindingLog, Said
from sib_engine.core.findings import Severity
from sib_engine.core.personal import shown
from sib_engine.outcomes.derive.spells import FAR, as_days, packed
from sib_engine.outcomes.facts import FactName, Facts, Flags, Positions
from sib_engine.outcomes.rows import NONE


def check_jobs(facts: Facts, log: FindingLog) -> None:
    """Note spans of one job that overlap or have a break between them, and documents of a job that nobody has."""
    employed = facts.named(FactName.EMPLOYMENT)
    rows, others = _overlaps(facts, employed)

    def overlap(place: int) -> Said:
        other = log.row_shown(facts.line[others[place]])
        what = f"the days of job {_job(facts, rows[place])} overlap with those in row {other}"
        return Said("job-overlaps", what, "one row for each span of a job, and a reference for each job")

    log.add_rows(Severity.ERROR, "job-overlaps", facts.line[rows], overlap, column="on")
    _note_returns(facts, employed, log)
    named = facts.named(FactName.EVIDENCE)
    named = named[facts.job.codes[named] != NONE]
    unknown = named[~np.isin(facts.job.codes[named], facts.job.codes[employed])]

    def unheld(place: int) -> Said:
        what = f"the person has no employment in job {_job(facts, unknown[place])}"
        return Said("job-unknown", what, "a job of the person, or blank")

    log.add_rows(Severity.WARNING, "job-unknown", facts.line[unknown], unheld, column="job")


def _note_returns(facts: Facts, employed: Positions, log: FindingLog) -> None:
    """Warn of jobs that go on after a break, which is no new start of a job (decision 31)."""
    at = employed[facts.job.codes[employed] != NONE]
    at = at[np.lexsort((facts.line[at], facts.starts_on[at], facts.job.codes[at]))]
    job, employer = facts.job.codes[at], facts.detail.codes[at]
    reached = np.maximum.accumulate(packed(job, as_days(_last_days(facts, at))))
    breaks = packed(job, as_days(facts.starts_on[at]))[1:] > reached[:-1] + 1
    for same in (job, facts.competitive[at], facts.self_employed[at]):
        breaks &= same[1:] == same[:-1]
    breaks &= (employer[1:] == employer[:-1]) | (employer[1:] == NONE) | (employer[:-1] == NONE)
    rows, before = at[1:][breaks], at[:-1][breaks]
    order = np.argsort(facts.line[rows], kind="stable")
    rows, before = rows[order], before[order]

    def say(place: int) -> Said:
        row, earlier = rows[place], before[place]
        what = (
            f"job {_job(facts, row)} goes on after a break from {facts.ends_on[earlier]} (row"
            f" {log.row_shown(facts.line[earlier])}): it is the same job, and does not start again"
        )
        return Said("job-goes-on", what, "another reference in the rows from here on, if it is another job")

    log.add_rows(Severity.WARNING, "job-goes-on", facts.line[rows], say, column="job")


def check_pay_periods(facts: Facts, log: FindingLog) -> None:
    """Note pay periods that overlap in one job, or lie outside every job of the person."""
    at = facts.named(FactName.HOURS)
    at = at[~np.isnat(facts.ends_on[at])]
    employed = facts.named(FactName.EMPLOYMENT)
    outside = at[~_meets(facts, at, employed)]
    has_work = np.isin(facts.person.codes, facts.person.codes[employed])

    def lost(place: int) -> Said:
        row = outside[place]
        rule = "hours-without-employment"
        if facts.job.codes[row] == NONE and has_work[row]:
            return Said(rule, "the person has several jobs, and none is named", "the reference of the job")
        of_job = "" if facts.job.codes[row] == NONE else f" in job {_job(facts, row)}"
        what = f"the person has no employment{of_job} from {facts.starts_on[row]} to {facts.ends_on[row]}"
        return Said(rule, what, "a row of employment for the job, with its days")

    log.add_rows(Severity.ERROR, "hours-without-employment", facts.line[outside], lost, column="job")
    rows, others = _overlaps(facts, at)

    def overlap(place: int) -> Said:
        what = f"the pay period overlaps with the one in row {log.row_shown(facts.line[others[place]])}"
        return Said("pay-periods-overlap", what, "each day of a job in one pay period")

    log.add_rows(Severity.ERROR, "pay-periods-overlap", facts.line[rows], overlap, column="on")


def _job(facts: Facts, row: int) -> str:
    return shown(facts.job.text(int(facts.job.codes[row])))


def _last_days(facts: Facts, at: Positions) -> DayArray:
    return np.where(np.isnat(facts.ends_on[at]), np.datetime64(FAR - 1, "D"), facts.ends_on[at])


def _meets(facts: Facts, at: Positions, employed: Positions) -> Flags:
    """Return which pay periods share a day with the time from the first to the last day of their job."""
    nothing = len(facts.job.labels)
    first = np.full(nothing + 1, np.datetime64(FAR, "D"))
    last = np.full(nothing + 1, np.datetime64(-FAR, "D"))
    np.minimum.at(first, facts.job.codes[employed], facts.starts_on[employed])
    np.maximum.at(last, facts.job.codes[employed], _last_days(facts, employed))
    job = np.where(facts.job.codes[at] == NONE, nothing, facts.job.codes[at])
    found: Flags = (facts.starts_on[at] <= last[job]) & (facts.ends_on[at] >= first[job])
    return found


def _overlaps(facts: Facts, at: Positions) -> tuple[Positions, Positions]:
    """Return the facts of one job that begin before one begun earlier has ended; and that earlier one."""
    at = at[facts.job.codes[at] != NONE]
    at = at[np.lexsort((facts.line[at], facts.starts_on[at], facts.job.codes[at]))]
    job = facts.job.codes[at]
    ends = packed(job, as_days(_last_days(facts, at)))
    reached = np.maximum.accumulate(ends)
    longest = np.maximum.accumulate(np.where(ends == reached, np.arange(len(at)), 0))
    overlapping = packed(job, as_days(facts.starts_on[at]))[1:] <= reached[:-1]
    overlapping &= job[1:] == job[longest[:-1]]
    rows, others = at[1:][overlapping], at[longest[:-1]][overlapping]
    order = np.argsort(facts.line[rows], kind="stable")
    return rows[order], others[order]
