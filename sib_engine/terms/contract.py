"""The contract: every clause that was agreed, as immutable values."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from sib_engine.core.dates import MONTHS_A_YEAR, PeriodRule
from sib_engine.core.money import Currency
from sib_engine.terms.ended import Ended
from sib_engine.terms.indexes import Index
from sib_engine.terms.metric import Band, Counts, Measured, Metric
from sib_engine.terms.metric_terms import MetricTerms
from sib_engine.terms.money_clauses import Bonus, Cap, Grant, Minimum, OutcomeCap, Share, Tariff
from sib_engine.terms.party import PAYING_ROLES, Party, Site
from sib_engine.terms.provenance import Provenance
from sib_engine.terms.scale import Scale
from sib_engine.terms.schedule import Amendment, Commitment, Plan, Target
from sib_engine.terms.scheduled import Fee, Guarantee, Termination
from sib_engine.terms.verification import Verification
from sib_engine.terms.volume import VolumeMaximum


class RoundingMode(StrEnum):
    """How an amount between two minor units is rounded."""

    HALF_EVEN = "half-even"
    HALF_UP = "half-up"
    DOWN = "down"
    UP = "up"


class RoundingPlace(StrEnum):
    """What is rounded: each unit price, or each row's amount (price times count)."""

    UNIT = "unit"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Rounding:
    """The contract's rounding rule."""

    mode: RoundingMode
    at: RoundingPlace


class PriceDate(StrEnum):
    """The date whose clause decides what an outcome earns."""

    OUTCOME = "outcome"
    START = "start"
    CLAIM = "claim"


class TermsDate(StrEnum):
    """The date that decides which version of a metric's terms, and of eligibility, an outcome is judged by."""

    OUTCOME = "outcome"
    START = "start"


class Consent(StrEnum):
    """Whether a person's recorded consent is a condition of payment."""

    REQUIRED = "required"
    NOT_REQUIRED = "not required"


class Referral(StrEnum):
    """Whether a person's recorded referral, on or before the outcome, is a condition of payment."""

    REQUIRED = "required"
    NOT_REQUIRED = "not required"


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Who may be claimed for; ``work_status`` at referral is open where empty.

    A referral is required unless the contract says otherwise: it is what ties a person to the
    contract, and every contract of the library starts with one.
    """

    consent: Consent
    work_status: tuple[str, ...]
    days_after_discharge: int | None
    provenance: Provenance
    referral: Referral = Referral.REQUIRED


@dataclass(frozen=True, slots=True)
class EligibilityTerms:
    """Who may be claimed for from a day on; None for a term that stays, ``drops`` for one that no longer applies."""

    id: str
    starts_on: date
    consent: Consent | None
    work_status: tuple[str, ...] | None
    days_after_discharge: int | None
    drops: tuple[str, ...]
    amendment: str | None
    provenance: Provenance


def changed_eligibility(eligibility: Eligibility, terms: EligibilityTerms) -> Eligibility:
    """Return who may be claimed for under changed terms."""
    days = eligibility.days_after_discharge if terms.days_after_discharge is None else terms.days_after_discharge
    return replace(
        eligibility,
        consent=terms.consent or eligibility.consent,
        work_status=eligibility.work_status if terms.work_status is None else terms.work_status,
        days_after_discharge=None if "days_after_discharge" in terms.drops else days,
    )


@dataclass(frozen=True)
class Contract:
    """One outcomes contract. Metrics, tariffs, caps and shares keep the order of the file.

    ``start``, ``end`` and ``claims_close`` are those first agreed; what amendments make of the last two is
    in :func:`sib_engine.terms.amend.in_force`. ``ended`` is filled by it too: clauses that an amendment has replaced
    and that hold for what came before (:mod:`sib_engine.terms.held`). ``year_from`` is the month and day on which the
    years of its limits begin, None where they begin with the contract.
    """

    code: str
    name: str
    programme: str
    currency: Currency
    start: date
    end: date
    claims_close: date
    timezone: str
    periods: PeriodRule
    rounding: Rounding
    price_date: PriceDate
    indigo: str | None
    provenance: Provenance
    eligibility: Eligibility
    parties: tuple[Party, ...]
    sites: tuple[Site, ...]
    metrics: tuple[Metric, ...]
    bands: tuple[Band, ...]
    tariffs: tuple[Tariff, ...]
    scales: tuple[Scale, ...]
    bonuses: tuple[Bonus, ...]
    caps: tuple[Cap, ...]
    shares: tuple[Share, ...]
    grants: tuple[Grant, ...]
    targets: tuple[Target, ...]
    plans: tuple[Plan, ...]
    commitments: tuple[Commitment, ...]
    amendments: tuple[Amendment, ...]
    digest: str
    terms_date: TermsDate = TermsDate.OUTCOME
    metric_terms: tuple[MetricTerms, ...] = ()
    eligibility_terms: tuple[EligibilityTerms, ...] = ()
    outcome_caps: tuple[OutcomeCap, ...] = ()
    minimums: tuple[Minimum, ...] = ()
    fees: tuple[Fee, ...] = ()
    guarantees: tuple[Guarantee, ...] = ()
    terminations: tuple[Termination, ...] = ()
    terminated_on: date | None = None
    volumes: tuple[VolumeMaximum, ...] = ()
    indexes: tuple[Index, ...] = ()
    verifications: tuple[Verification, ...] = ()
    ended: tuple[Ended, ...] = ()
    year_from: tuple[int, int] | None = None

    @cached_property
    def years(self) -> PeriodRule:
        """The years of limits by year: from the contract's first day, or from the declared day of a calendar year."""
        if self.year_from is None:
            return PeriodRule(MONTHS_A_YEAR, self.start)
        first = date(self.start.year, *self.year_from)
        return PeriodRule(MONTHS_A_YEAR, first if first <= self.start else first.replace(year=first.year - 1))

    @cached_property
    def payers(self) -> tuple[str, ...]:
        """Ids of the parties that pay, in file order."""
        return tuple(party.id for party in self.parties if party.role in PAYING_ROLES)

    @cached_property
    def metric_codes(self) -> tuple[str, ...]:
        """Codes of the metrics, in file order: a metric's index everywhere in the kernel."""
        return tuple(metric.code for metric in self.metrics)

    @cached_property
    def site_codes(self) -> tuple[str, ...]:
        """Codes of the sites, in file order: a site's index everywhere in the kernel."""
        return tuple(site.code for site in self.sites)

    @cached_property
    def is_one_a_row(self) -> tuple[bool, ...]:
        """For each metric, whether a row about a person has to be one outcome, since not all of them may count."""
        bounded = {volume.metric for volume in self.volumes}
        bounded |= {each.clause.metric for each in self.ended if isinstance(each.clause, VolumeMaximum)}
        return tuple(
            metric.counts is not Counts.EVERY_TIME or metric.is_repeated_in_bounds or metric.code in bounded
            for metric in self.metrics
        )

    @cached_property
    def termination(self) -> Termination | None:
        """The clause on early termination in force on the day of termination; None where there is neither."""
        if self.terminated_on is None:
            return None
        begun = [clause for clause in self.terminations if clause.starts_on <= self.terminated_on]
        return max(begun, key=lambda clause: clause.starts_on, default=None)

    @cached_property
    def last_outcome_on(self) -> date:
        """The last day on which an outcome can be achieved: the end, or that of the tail of an early termination."""
        if self.terminated_on is None:
            return self.end
        tail = 0 if self.termination is None else self.termination.tail_days
        return min(self.end, self.terminated_on + timedelta(days=tail))

    @cached_property
    def measured(self) -> tuple[Measured | None, ...]:
        """The rule of each metric that is a measured result of a cohort, None for the others; by metric index."""
        return tuple(metric.rule if isinstance(metric.rule, Measured) else None for metric in self.metrics)

    def metric_named(self, name: str) -> int | None:
        """Return the index of the metric with this code or INDIGO id, or None."""
        for index, metric in enumerate(self.metrics):
            if name in {metric.code, metric.indigo}:
                return index
        return None
