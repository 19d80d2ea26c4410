"""Contracts and rows put together by hand for the oracle's tests, each part with the plainest default."""

# ruff: noqa: ANN401 - any field of a clause may be given by name, and dataclasses.replace checks the names

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import PeriodRule
from sib_engine.core.money import currency_of
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.terms.contract import Consent, Contract, Eligibility, PriceDate, Rounding, RoundingMode, RoundingPlace
from sib_engine.terms.metric import Counts, EvidenceRule, Metric, Recorded
from sib_engine.terms.metric_terms import MetricTerms
from sib_engine.terms.money_clauses import Cap, Dimension, Minimum, OutcomeCap, Overflow, Share, Tariff
from sib_engine.terms.party import Party, Role, Site
from sib_engine.terms.provenance import Provenance, Status

AGREED = Provenance(Status.AGREED, "made up for a test")
START = date(2020, 4, 1)
END = date(2024, 3, 31)


def metric(code: str, **terms: Any) -> Metric:
    """Return a metric that counts whenever it is recorded, every time."""
    plain = Metric(
        code=code,
        name=code,
        definition="",
        indigo=None,
        counts=Counts.EVERY_TIME,
        rule=Recorded(code),
        requires=(),
        within=None,
        evidence=EvidenceRule(),
        claim_within_days=None,
        provenance=AGREED,
    )
    return replace(plain, **terms)


def terms(metric_code: str, starts_on: str, **changes: Any) -> MetricTerms:
    """Return changed terms of a metric from a day on, the id being both."""
    plain = MetricTerms(
        id=f"{metric_code}-{starts_on}",
        metric=metric_code,
        starts_on=date.fromisoformat(starts_on),
        requires=None,
        within=None,
        evidence=None,
        evidence_needed=None,
        claim_within_days=None,
        employment=None,
        drops=(),
        amendment=None,
        provenance=AGREED,
    )
    return replace(plain, **changes)


def tariff(metric_code: str, price: str, **terms: Any) -> Tariff:
    """Return a price from the first day of the contract for all sites and groups."""
    starts_on = terms.get("starts_on", START)
    plain = Tariff(f"t-{metric_code}-{starts_on}-{price}", metric_code, START, Decimal(price), (), (), None, AGREED)
    return replace(plain, **terms)


def cap(id_: str, on: str, limit: int, **terms: Any) -> Cap:
    """Return a cap, ``on`` naming its dimensions with spaces between, whose overflow is lost."""
    dimensions = frozenset(Dimension(name) for name in on.split())
    return replace(Cap(id_, dimensions, limit, (), (), None, Overflow.LOST, None, AGREED), **terms)


def outcome_cap(id_: str, on: str, part: str | Fraction, **terms: Any) -> OutcomeCap:
    """Return a cap at a share of all outcomes, ``on`` naming its dimensions with spaces between."""
    dimensions = frozenset(Dimension(name) for name in on.split())
    return replace(OutcomeCap(id_, dimensions, Fraction(part), (), (), (), None, AGREED), **terms)


def minimum(id_: str, on: str, at_least: int | None, **terms: Any) -> Minimum:
    """Return a minimum of outcomes below which nothing is payable."""
    dimensions = frozenset(Dimension(name) for name in on.split())
    return replace(Minimum(id_, dimensions, at_least, None, (), Fraction(0), (), (), None, AGREED), **terms)


def share(id_: str, parts: Mapping[str, str | Fraction], **terms: Any) -> Share:
    """Return a share clause for all metrics from the first day of the contract."""
    payers = {payer: Fraction(part) for payer, part in parts.items()}
    return replace(Share(id_, (), START, payers, None, AGREED), **terms)


def contract(payers: Iterable[str] = ("lcf", "local"), sites: Iterable[str] = (), **terms: Any) -> Contract:
    """Return a contract of four years from April 2020, in quarters, with no clauses but those given."""
    plain = Contract(
        code="test",
        name="Test",
        programme="test",
        currency=currency_of("GBP"),
        start=START,
        end=END,
        claims_close=date(2024, 7, 31),
        timezone="Europe/London",
        periods=PeriodRule(3, START),
        rounding=Rounding(RoundingMode.HALF_EVEN, RoundingPlace.ROW),
        price_date=PriceDate.OUTCOME,
        indigo=None,
        provenance=AGREED,
        eligibility=Eligibility(Consent.NOT_REQUIRED, (), None, AGREED),
        parties=tuple(Party(payer, Role.OUTCOMES_PAYER, payer, None, AGREED) for payer in payers),
        sites=tuple(Site(site, site) for site in sites),
        metrics=(metric("m0"), metric("m1")),
        bands=(),
        tariffs=(),
        scales=(),
        bonuses=(),
        caps=(),
        shares=(),
        grants=(),
        targets=(),
        plans=(),
        commitments=(),
        amendments=(),
        digest="",
    )
    return replace(plain, **terms)


def rows(n: int, **columns: Any) -> OutcomeRows:
    """Return ``n`` rows of metric 0 on the first day of the contract, one outcome each, with the columns given.

    Without ``claimed_on`` each was claimed on the day on which it was recorded.
    """

    def column(name: str, plain: object, kind: str) -> npt.NDArray[Any]:
        return np.array(np.broadcast_to(np.asarray(columns.get(name, plain), dtype=kind), (n,)))

    return OutcomeRows(
        row=np.asarray(columns.get("row", np.arange(n)), dtype=np.int64),
        person=column("person", NONE, "int32"),
        metric=column("metric", 0, "int16"),
        site=column("site", NONE, "int16"),
        group=column("group", NONE, "int16"),
        job=column("job", NONE, "int32"),
        achieved_on=column("achieved_on", "2020-04-01", "datetime64[D]"),
        started_on=column("started_on", "NaT", "datetime64[D]"),
        claimed_on=column("claimed_on", columns.get("recorded_on", "NaT"), "datetime64[D]"),
        recorded_on=column("recorded_on", "NaT", "datetime64[D]"),
        count=column("count", 1, "int64"),
        stated=column("stated", NONE, "int32"),
        measure=column("measure", NONE, "int32"),
        ended_on=column("ended_on", "NaT", "datetime64[D]"),
        stated_on=column("stated_on", "NaT", "datetime64[D]"),
    )


def positions(places: Iterable[int]) -> npt.NDArray[np.intp]:
    """Return positions as ``OutcomeRows.take`` wants them."""
    return np.array(list(places), dtype=np.intp)
