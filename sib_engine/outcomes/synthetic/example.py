"""Make the facts of a whole contract: as many counted outcomes as told, and what does not count beside them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np

from sib_engine.core.errors import RefusedError
from sib_engine.outcomes.synthetic.calendar import PaidDays, paid_days
from sib_engine.outcomes.synthetic.jobs import PlannedJob, plan_job, sustained_on, tell_job
from sib_engine.outcomes.synthetic.roles import Roles, Sustained, roles_of
from sib_engine.outcomes.synthetic.story import FactLine, Story
from sib_engine.terms.contract import Contract

MARK: Final = "SYN"
"""Every made-up reference begins with this."""

MOST_JOBS: Final = 4
TRIES: Final = 2000
ELSEWHERE: Final = "elsewhere"
STRAYS: Final = {"no engagement evidence": 0.04, "incomplete": 0.05, "wrong site": 0.03, "grant month": 0.04}
"""People who never count, as parts of those engaged, and why."""

UNPAID_WORK: Final = (
    *("none",) * 12,
    *("volunteering",) * 3,
    *("no evidence",) * 2,
    "no hours",
    "recorded late",
    "left",
)
"""What those engaged without a counted job do, each as likely."""

REPEATED_SHARE: Final = 0.04
"""Part of them with a line that stands twice in the file."""


def synthetic_facts(
    contract: Contract, counts: Mapping[str, int], *, weights: Mapping[date, int], rng: np.random.Generator
) -> list[FactLine]:
    """Return facts from which exactly ``counts`` outcomes of each metric count, in order of person.

    Args:
        contract: Terms with one engagement, one job start and metrics for days in work.
        counts: Outcomes to be counted, by metric code.
        weights: Outcome payments by first day of the period, to spread engagements over time
            (see :mod:`sib_engine.outcomes.synthetic.calendar`).
        rng: Source of every draw: the same state gives the same facts.

    Raises:
        RefusedError: If the contract has other kinds of metric, or the counts cannot happen in it.
    """
    roles = roles_of(contract)
    calendar = paid_days(contract, weights)
    n_engaged = counts.get(roles.engagement.code, 0)
    n_starts = counts.get(roles.job_start.code, 0)
    jobs = _jobs_of_people(roles, counts, n_engaged, n_starts, rng)
    lines: list[FactLine] = []
    for person in range(n_engaged):
        story = _story(contract, person, rng)
        if jobs[person]:
            _tell_worker(story, roles, calendar, jobs[person])
        else:
            _tell_engaged(story, roles, calendar, contract.claims_close)
        lines += story.lines
    person = n_engaged
    for kind, part in STRAYS.items():
        for _ in range(round(part * n_engaged)):
            story = _story(contract, person, rng)
            _tell_stray(story, roles, calendar, kind)
            lines += story.lines
            person += 1
    return lines


def _story(contract: Contract, person: int, rng: np.random.Generator) -> Story:
    sites = contract.site_codes
    site = sites[int(rng.integers(len(sites)))] if sites else ""
    name = f"{MARK}-{contract.code.removeprefix('mhep-').upper()}-{person + 1:05d}"
    return Story(name, site, contract.claims_close, rng)


def _jobs_of_people(
    roles: Roles, counts: Mapping[str, int], n_engaged: int, n_starts: int, rng: np.random.Generator
) -> list[list[Sustained | None]]:
    """Return for each engaged person the jobs that they start, each with the metric that it reaches."""
    reaching: list[Sustained | None] = [
        each for each in roles.sustained for _ in range(counts.get(each.metric.code, 0))
    ]
    if len(reaching) > n_starts:
        message = f"{len(reaching)} outcomes of days in work need as many job starts, and there are {n_starts}"
        raise RefusedError(message)
    reaching += [None] * (n_starts - len(reaching))
    most = MOST_JOBS if roles.is_per_job else 1
    if n_starts > n_engaged * most:
        message = f"{n_starts} job starts need more people than the {n_engaged} engaged"
        raise RefusedError(message)
    people = rng.permutation(np.repeat(np.arange(n_engaged), most))
    if roles.is_per_job:
        first = rng.permutation(n_engaged)
        people = np.concatenate([first, rng.permutation(np.repeat(np.arange(n_engaged), most - 1))])
    jobs: list[list[Sustained | None]] = [[] for _ in range(n_engaged)]
    for place, person in zip(rng.permutation(n_starts).tolist(), people[:n_starts].tolist(), strict=True):
        jobs[person].append(reaching[place])
    return jobs


def _tell_worker(story: Story, roles: Roles, calendar: PaidDays, reaching: Sequence[Sustained | None]) -> None:
    planned = [plan_job(story, roles, each) for each in reaching]
    engaged_on, starts = _placed(story, roles, calendar, planned)
    story.refer(engaged_on)
    story.engage(roles.engagement, roles.activity, engaged_on)
    for number, (job, start) in enumerate(zip(planned, starts, strict=True), start=1):
        tell_job(story, roles, job, f"J{number}", start)


def _placed(story: Story, roles: Roles, calendar: PaidDays, planned: Sequence[PlannedJob]) -> tuple[date, list[date]]:
    """Return an engagement day and job starts such that everything that should count falls on a paid day."""
    asked = roles.days_to_sustain
    needed = sum(job.days for job in planned[:-1]) + asked + 30 * len(planned)
    latest = calendar.end - timedelta(days=needed)
    for _ in range(TRIES):
        engaged_on = calendar.draw(story.rng, before=latest)
        day = engaged_on
        starts = []
        for job in planned:
            start = day + story.days(7, 120)
            starts.append(start)
            day = start + timedelta(days=job.days - 1 + 21)
        counted = [sustained_on(start, job, asked) for start, job in zip(starts, planned, strict=True) if job.reaches]
        if all(calendar.is_paid(each) for each in (*starts, *counted)):
            return engaged_on, starts
    message = f"no days could be found for a person with {len(planned)} jobs"
    raise RefusedError(message)


def _tell_engaged(story: Story, roles: Roles, calendar: PaidDays, close: date) -> None:
    """Tell of a person who engages and has no counted job; some have work that does not count."""
    engaged_on = calendar.draw(story.rng, before=calendar.end)
    story.refer(engaged_on)
    story.engage(roles.engagement, roles.activity, engaged_on)
    if story.chance(REPEATED_SHARE):
        story.lines.append(story.lines[-1])
    start = engaged_on + story.days(20, 90)
    way = story.pick(UNPAID_WORK)
    if start >= calendar.end or way == "none":
        return
    if way == "left":
        story.add("discharge", start, detail=story.pick(("moved away", "unwell", "no longer wants work")))
    else:
        competitive = "no" if way == "volunteering" else "yes"
        story.work("J1", start, start + story.days(20, 150), "" if way == "no hours" else "12", competitive=competitive)
    if way == "no hours":
        story.evidence(roles.job_start, start, 10, job="J1")
    if way == "recorded late":
        story.evidence(roles.job_start, start, 10, job="J1", recorded_on=close + timedelta(days=20))


def _tell_stray(story: Story, roles: Roles, calendar: PaidDays, kind: str) -> None:
    on = calendar.draw(story.rng, before=calendar.end)
    if kind == "grant month" and calendar.covered:
        covered = sorted(calendar.covered)
        on = covered[story.days(0, len(covered) - 1).days]
    if kind == "wrong site" and story.site:
        story.site = ELSEWHERE
    story.refer(on)
    if kind == "incomplete" or (kind == "grant month" and not calendar.covered):
        story.add("appointment", on)
        return
    is_evidenced = kind != "no engagement evidence" and bool(story.site)
    story.engage(roles.engagement, roles.activity, on, is_evidenced=is_evidenced)
