"""Metrics: the kinds of outcome, each with its rule, its documents and what it depends on."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final, TypeAlias

from sib_engine.terms.provenance import Provenance

ANY_GAP: Final = 2**18
"""``gap_days`` that no break is longer than: more days than there are in the years that dates may lie in."""


class Counts(StrEnum):
    """How often one person can achieve a metric."""

    ONCE_PER_PERSON = "once per person"
    ONCE_PER_JOB = "once per job"
    EVERY_TIME = "every time"


class Needed(StrEnum):
    """Whether one of the listed things is enough."""

    ANY = "any"
    ALL = "all"


class HoursRule(StrEnum):
    """How weekly hours are measured against a band."""

    AVERAGE = "average over the period"
    EVERY_PAY_PERIOD = "every pay period"
    CONTRACTED = "contracted"


class HoursOver(StrEnum):
    """Which days of lasting work must have hours inside a band."""

    FIRST = "the first period"
    ANY = "any period"


@dataclass(frozen=True, slots=True)
class Component:
    """One recorded fact that a metric needs, at least ``at_least`` times."""

    fact: str
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Activity:
    """Achieved on the day on which all, or any, of the components are complete."""

    components: tuple[Component, ...]
    needed: Needed


@dataclass(frozen=True, slots=True)
class Employment:
    """Achieved by being in work.

    Without ``days`` or ``months`` the first day counts (a job start). Days are counted from and
    including the first day, so 91 days that begin on 1 January end on the 91st day. ``hours_from``
    is inclusive, ``hours_below`` exclusive. A break of up to ``gap_days`` (``ANY_GAP``: any break) does
    not end the run and does not count towards it; with ``within_days`` any breaks are allowed so long as the days
    worked are reached inside that window. ``hours_over`` says whether only the first such days decide
    about the hours, or the first ones later in the same run of work that lie in the band.
    """

    competitive: bool = True
    self_employment: bool = True
    days: int | None = None
    months: int | None = None
    within_days: int | None = None
    hours_from: Decimal | None = None
    hours_below: Decimal | None = None
    hours: HoursRule = HoursRule.AVERAGE
    hours_over: HoursOver = HoursOver.FIRST
    gap_days: int = 0
    employer_change: bool = True


class Since(StrEnum):
    """From which day on earnings are added up."""

    REFERRAL = "referral"
    WORK = "start of work"


class WageOn(StrEnum):
    """The day whose wage a threshold is worked out with."""

    WORK = "start of work"
    REACHED = "day reached"


@dataclass(frozen=True, slots=True)
class Wage:
    """A threshold of so many hours a week over so many weeks at the wage of a day, from a dated table."""

    hours: Decimal
    weeks: int
    index: str
    on: WageOn


@dataclass(frozen=True, slots=True)
class Earnings:
    """Achieved on the first day on which what was earned in all has reached a threshold.

    The threshold is ``at_least``, or that of ``wage``; exactly one of them is given. Every day of a job
    earns a seventh of its weekly hours, or its part of the hours of a pay period, at its hourly pay.
    """

    at_least: Decimal | None = None
    wage: Wage | None = None
    since: Since = Since.REFERRAL
    competitive: bool = True
    self_employment: bool = True


@dataclass(frozen=True, slots=True)
class Recorded:
    """Achieved when a fact of this name is recorded; the contract defines no further test."""

    fact: str


class Measure(StrEnum):
    """What is measured of a cohort."""

    VALUE = "value"
    """A number, as reported."""
    RATE = "rate"
    """Cases out of a population."""
    REDUCTION = "reduction"
    """How far a rate lies below that of a baseline or a control group, as a part of the latter."""
    UNITS_AVOIDED = "units avoided"
    """How many fewer cases than the same population would have had at the rate of the comparison."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Not achieved by people one by one: a result of a whole cohort, priced by a scale."""

    what: Measure


Rule: TypeAlias = Activity | Employment | Earnings | Recorded | Measured


@dataclass(frozen=True, slots=True)
class Length:
    """So many calendar months and then so many days; where the later month is shorter, its last day is meant."""

    months: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """When an outcome may come, counted from another metric of the person or from the referral.

    No earlier than ``not_before`` and no later than ``months`` and ``days`` after that day, both days
    inside. Without ``not_before`` nothing is too early; with it, a window of no months and no days
    stays open.
    """

    after: str
    months: int = 0
    days: int = 0
    not_before: Length | None = None

    @property
    def no_later(self) -> Length | None:
        """How long after it the window closes; None where it stays open."""
        if self.not_before is not None and not self.months and not self.days:
            return None
        return Length(self.months, self.days)


Asked: TypeAlias = str | tuple[str, ...]
"""A kind of document, or several of which one is enough."""


class EvidenceFrom(StrEnum):
    """The day from which a document may be dated."""

    OUTCOME = "outcome"
    WORK = "start of work"
    ANY = "any day"


class EvidenceState(StrEnum):
    """What a document has to be, to show anything."""

    REPORTED = "reported"
    SEEN = "held or inspected"


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """Documents that show the outcome, by kind; empty where the contract names none.

    Where all are needed, an entry of ``asked`` may be several kinds of which one is enough. ``dated`` is the
    day from which a document shows the outcome. ``must_be`` says whether a provider's word for it is enough.
    """

    asked: tuple[Asked, ...] = ()
    needed: Needed = Needed.ANY
    dated: EvidenceFrom = EvidenceFrom.OUTCOME
    must_be: EvidenceState = EvidenceState.REPORTED

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind that is accepted."""
        return kinds_of(self.asked)

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Kinds of which a document each is needed, any kind of a group; none where none is asked for."""
        if self.needed is Needed.ANY:
            return (self.kinds,) if self.kinds else ()
        return tuple((each,) if isinstance(each, str) else each for each in self.asked)


def kinds_of(asked: tuple[Asked, ...]) -> tuple[str, ...]:
    """Return every kind of document in a list of kinds and alternatives."""
    return tuple(kind for each in asked for kind in ((each,) if isinstance(each, str) else each))


def asked_in_words(asked: tuple[Asked, ...]) -> tuple[str, ...]:
    """Return each entry of a list of kinds and alternatives in words: ``form``, ``one of letter, payslip or P45``."""
    return tuple(each if isinstance(each, str) else f"one of {either(each)}" for each in asked)


def either(kinds: tuple[str, ...]) -> str:
    """Return several kinds in words, any of which is meant: ``letter, payslip or P45``."""
    return " or ".join(filter(None, (", ".join(kinds[:-1]), kinds[-1])))


class ClawBackFrom(StrEnum):
    """The day from which a claw-back window runs."""

    OUTCOME = "outcome"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class ClawBack:
    """What is taken back of an outcome's amount where the job that it rests on ends within ``days`` of a day.

    The day is that of the outcome, or the last day whose records the statement used that first stated
    it. The job ends on its last day, which may be the last day of the window.
    """

    days: int
    runs_from: ClawBackFrom
    share: Fraction


@dataclass(frozen=True, slots=True)
class Metric:
    """One outcome that a contract names.

    ``requires`` names metrics of the same person (the same job, where the metric counts per job)
    that must count first and not later than this one. ``claim_within_days`` is how long after the
    outcome its evidence may still be recorded. Of a metric that counts every time, at most
    ``at_most`` outcomes of one person count, each ``days_apart`` or more days after the one before.
    """

    code: str
    name: str
    definition: str
    indigo: str | None
    counts: Counts
    rule: Rule
    requires: tuple[str, ...]
    within: Window | None
    evidence: EvidenceRule
    claim_within_days: int | None
    provenance: Provenance
    at_most: int | None = None
    days_apart: int | None = None
    claw_back: ClawBack | None = None

    @property
    def is_repeated_in_bounds(self) -> bool:
        """Whether a person's outcomes of it count every time, but not all of them."""
        return self.at_most is not None or self.days_apart is not None

    @property
    def counts_in_words(self) -> str:
        """How often one person can achieve it, as a reader would say it."""
        most = "" if self.at_most is None else f", at most {self.at_most} for a person"
        apart = "" if self.days_apart is None else f", at least {self.days_apart} days apart"
        return f"{self.counts}{most}{apart}"


class BandRule(StrEnum):
    """What happens when a person reaches a second metric of one band."""

    EXCLUSIVE = "exclusive"
    UPGRADE = "upgrade pays the difference"


@dataclass(frozen=True, slots=True)
class Band:
    """Metrics of which a person (a job, where they count per job) is paid for one; lowest first."""

    id: str
    metrics: tuple[str, ...]
    rule: BandRule
    provenance: Provenance
