"""One made-up person's facts, line by line, in the columns of a facts file."""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Final

import numpy as np

from sib_engine.terms.metric import Activity, Metric, Needed

USUAL_DELAY: Final = 30
LATE_FROM: Final = 90
LATE_TO: Final = 200
LATE_SHARE: Final = 0.06
AGE_BANDS: Final = ("18-24", "25-34", "35-44", "45-54", "55-64")
SEXES: Final = ("female", "male")
ETHNICITIES: Final = ("Asian", "Black", "mixed", "other", "white", "not stated")
DIAGNOSES: Final = ("psychosis", "bipolar", "depression", "anxiety", "other")
N_SPECIALISTS: Final = 12


@dataclass(frozen=True, slots=True)
class FactLine:
    """One line of a facts file, as text."""

    person: str
    site: str
    fact: str
    on: str
    until: str = ""
    job: str = ""
    hours: str = ""
    competitive: str = ""
    self_employed: str = ""
    hourly_pay: str = ""
    detail: str = ""
    metric: str = ""
    held: str = ""
    recorded_on: str = ""
    specialist: str = ""
    consent_on: str = ""
    age_band: str = ""
    sex: str = ""
    ethnicity: str = ""
    diagnosis_group: str = ""


COLUMNS: Final = tuple(field.name for field in fields(FactLine))


class Story:
    """Collects the lines of one person; whatever happens is recorded a little later, sometimes much later."""

    def __init__(self, person: str, site: str, close: date, rng: np.random.Generator) -> None:
        """Start an empty story; nothing is recorded after ``close`` unless asked for."""
        self.person = person
        self.site = site
        self.lines: list[FactLine] = []
        self._close = close
        self.rng = rng

    def days(self, least: int, most: int) -> timedelta:
        """Return a number of days, both ends possible."""
        return timedelta(days=int(self.rng.integers(least, most + 1)))

    def chance(self, part: float) -> bool:
        """Return whether something happens that happens to this part of people."""
        return bool(self.rng.random() < part)

    def pick(self, choices: tuple[str, ...]) -> str:
        """Return one of the choices, each as likely."""
        return choices[int(self.rng.integers(len(choices)))]

    def add(self, fact: str, on: date, *, recorded_on: date | None = None, **cells: str) -> None:
        """Record a fact."""
        recorded_on = recorded_on or self.recorded_after(on)
        line = FactLine(self.person, self.site, fact, on.isoformat(), recorded_on=recorded_on.isoformat(), **cells)
        self.lines.append(line)

    def recorded_after(self, day: date) -> date:
        """Return when something of a day is recorded: not before it, and by the last day for claims if possible."""
        delay = self.days(LATE_FROM, LATE_TO) if self.chance(LATE_SHARE) else self.days(0, USUAL_DELAY)
        return max(min(day + delay, self._close), day)

    def refer(self, before: date) -> None:
        """Refer the person some weeks before a day, out of work and with consent."""
        on = before - self.days(7, 42)
        self.add(
            "referral",
            on,
            recorded_on=on,
            detail="out of work",
            consent_on=on.isoformat(),
            specialist=f"ES-{int(self.rng.integers(1, N_SPECIALISTS + 1)):02d}",
            age_band=self.pick(AGE_BANDS),
            sex=self.pick(SEXES),
            ethnicity=self.pick(ETHNICITIES),
            diagnosis_group=self.pick(DIAGNOSES),
        )

    def engage(self, metric: Metric, activity: Activity, on: date, *, is_evidenced: bool = True) -> None:
        """Complete the activity on a day, the last of its parts on that very day; evidence unless told not."""
        parts = activity.components
        if activity.needed is Needed.ANY:
            parts = (parts[int(self.rng.integers(len(parts)))],)
        for part in parts[:-1]:
            self._attend(part.fact, part.at_least, on - self.days(1, 20))
        self._attend(parts[-1].fact, parts[-1].at_least, on)
        if is_evidenced:
            self.evidence(metric, on, 20)

    def _attend(self, fact: str, times: int, last: date) -> None:
        for place in range(times - 1, -1, -1):
            self.add(fact, last - timedelta(days=7 * place))

    def evidence(
        self, metric: Metric, on: date, within: int, *, job: str = "", recorded_on: date | None = None
    ) -> None:
        """Add an accepted document for an outcome of a day, dated at most ``within`` days later."""
        is_any = metric.evidence.needed is Needed.ANY
        kinds = [self.pick(group) if is_any or len(group) > 1 else group[0] for group in metric.evidence.groups]
        for kind in kinds:
            held = "inspected" if self.chance(0.3) else "held"
            dated = on + self.days(0, within)
            self.add(
                "evidence", dated, detail=kind, metric=metric.code, job=job, held=held, recorded_on=recorded_on
            )  # fmt: skip

    def work(self, job: str, start: date, end: date | None, hours: str, *, competitive: str = "yes") -> None:
        """Add a job from its first to its last day; no last day for one that goes on."""
        pay = f"{float(self.rng.uniform(9.5, 15)):.2f}" if competitive == "yes" else ""
        self.add(
            "employment",
            start,
            until=end.isoformat() if end else "",
            job=job,
            hours=hours,
            competitive=competitive,
            self_employed="no",
            hourly_pay=pay,
            detail=f"employer of {self.person} {job}",
        )
