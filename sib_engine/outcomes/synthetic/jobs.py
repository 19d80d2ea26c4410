"""The jobs of made-up people: some sustained, some not, with the trouble that real records have."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from sib_engine.outcomes.synthetic.roles import HIGHEST_WEEK, LOWEST_WEEK, Roles, Sustained
from sib_engine.outcomes.synthetic.story import Story
from sib_engine.terms.metric import ANY_GAP, Employment

SPLIT_SHARE: Final = 0.10
BY_PAY_PERIOD_SHARE: Final = 0.15
NEAR_LIMIT_SHARE: Final = 0.20
STILL_OPEN_SHARE: Final = 0.15
QUARTER_HOURS: Final = 4
LONGEST_BREAK: Final = 28
DAYS_A_WEEK: Final = 7
TROUBLES: Final = (*("ended early",) * 4, "long break", "no evidence", "early evidence")


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """A job to be: which metric its time in work reaches (None: none), in which way, and how long it lasts."""

    reaches: Sustained | None
    way: str
    length: int
    break_days: int

    @property
    def days(self) -> int:
        """Days from the first day to the last one."""
        return self.length + self.break_days


def plan_job(story: Story, roles: Roles, reaches: Sustained | None) -> PlannedJob:
    """Return a job that reaches a metric of days in work, or that starts and reaches none."""
    asked = roles.days_to_sustain
    if reaches is None:
        way = "ended early" if roles.is_per_job or _gap(roles) == ANY_GAP else story.pick(TROUBLES)
        if way == "ended early":
            return PlannedJob(None, way, story.days(10, asked - 10).days, 0)
        if way == "long break":
            return PlannedJob(None, way, asked + 10, _gap(roles) + story.days(14, 40).days)
        return PlannedJob(None, way, asked + story.days(5, 60).days, 0)
    rule = reaches.rule
    can_split = rule.employer_change and rule.gap_days > 0 and not roles.is_per_job
    if can_split and story.chance(SPLIT_SHARE):
        return PlannedJob(reaches, "two jobs", asked + story.days(5, 60).days, _break(story, rule).days)
    way = "by pay period" if story.chance(BY_PAY_PERIOD_SHARE) else "plain"
    return PlannedJob(reaches, way, asked + story.days(0, 150).days, 0)


def _break(story: Story, rule: Employment) -> timedelta:
    return story.days(1, min(rule.gap_days, LONGEST_BREAK))


def _gap(roles: Roles) -> int:
    return max(each.rule.gap_days for each in roles.sustained)


def sustained_on(start: date, job: PlannedJob, asked: int) -> date:
    """Return the day on which the last day asked for is worked, counting from and including the first."""
    return start + timedelta(days=asked - 1 + (job.break_days if job.way == "two jobs" else 0))


def tell_job(story: Story, roles: Roles, job: PlannedJob, name: str, start: date) -> None:
    """Add the facts of a job and of the evidence behind what it achieves."""
    last = start + timedelta(days=job.days - 1)
    hours = _hours(story, job)
    story.add("employer contact", start - story.days(5, 40))
    if job.way in {"two jobs", "long break"}:
        half = job.length // 2
        first_end = start + timedelta(days=half - 1)
        story.work(name, start, first_end, hours)
        again = first_end + timedelta(days=job.break_days + 1)
        story.work(f"{name}b", again, last, hours)
        story.evidence(roles.job_start, again, 20, job=f"{name}b")
    else:
        is_open = job.reaches is not None and job.way == "plain" and story.chance(STILL_OPEN_SHARE)
        story.work(name, start, None if is_open else last, hours)
    if job.way == "by pay period":
        _tell_weeks(story, name, start, Decimal(hours))
    per_job = name if roles.is_per_job else ""
    story.evidence(roles.job_start, start, 20, job=per_job)
    if job.reaches is not None:
        day = sustained_on(start, job, job.reaches.rule.days or 0)
        story.evidence(job.reaches.metric, day, 25, job=per_job)
    elif job.way == "early evidence":
        for each in roles.sustained:
            story.evidence(each.metric, start + timedelta(days=30), 10, job=per_job)


def _hours(story: Story, job: PlannedJob) -> str:
    """Return weekly hours, a multiple of a quarter; sometimes just beside a limit."""
    lowest = job.reaches.hours_from if job.reaches else LOWEST_WEEK
    below = job.reaches.hours_below if job.reaches else HIGHEST_WEEK
    if story.chance(NEAR_LIMIT_SHARE) and job.reaches is not None:
        return f"{lowest if job.reaches.rule.hours_from is not None else below - Decimal('0.25')}"
    n_steps = int((below - lowest) * QUARTER_HOURS) - 1
    return f"{lowest + Decimal(story.days(0, n_steps).days) / QUARTER_HOURS}"


def _tell_weeks(story: Story, name: str, start: date, hours: Decimal) -> None:
    """Add thirteen weeks of hours worked, up and down in pairs, so that their mean is the weekly figure."""
    n_weeks = 13
    for week in range(n_weeks):
        swing = Decimal(0) if week == n_weeks - 1 else Decimal(2 if week % 2 else -2)
        first = start + timedelta(days=DAYS_A_WEEK * week)
        last = first + timedelta(days=DAYS_A_WEEK - 1)
        known_on = story.recorded_after(last)
        story.add("hours", first, recorded_on=known_on, until=last.isoformat(), job=name, hours=f"{hours + swing}")
