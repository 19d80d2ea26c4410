"""What each counting row earns, in exact fractions of a minor unit until it is rounded."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import floor

from sib_engine.terms.contract import Contract, PriceDate, RoundingMode, RoundingPlace
from sib_engine.terms.metric import BandRule, Counts
from sib_engine.terms.money_clauses import Tariff
from tests.oracle.rows import Row


def rounded(exact: Fraction, mode: RoundingMode) -> int:
    """Return an amount that is not negative in whole minor units."""
    below = floor(exact)
    over = exact - below
    if mode is RoundingMode.DOWN or over == 0:
        return below
    if mode is RoundingMode.UP:
        return below + 1
    if over == Fraction(1, 2):
        return below + 1 if mode is RoundingMode.HALF_UP else below + below % 2
    return below + 1 if over > Fraction(1, 2) else below


def tariff_of(contract: Contract, row: Row) -> Tariff | None:
    """Return the price row that applies: the most specific one, and of these the latest begun."""
    day = {
        PriceDate.OUTCOME: row.achieved_on,
        PriceDate.START: row.started_on,
        PriceDate.CLAIM: row.recorded_on,
    }[contract.price_date]
    fitting = [
        tariff
        for tariff in contract.tariffs
        if tariff.metric == row.metric
        and (not tariff.sites or row.site in tariff.sites)
        and (not tariff.groups or row.group in tariff.groups)
        and (day is None or tariff.starts_on <= day)
    ]
    if not fitting:
        return None
    return max(fitting, key=lambda tariff: (bool(tariff.sites), bool(tariff.groups), tariff.starts_on))


def earned(contract: Contract, rows: Sequence[Row]) -> list[int]:
    """Return minor units per counting row; who moves up a band earns the difference."""
    full = [_full_price(contract, row) for row in rows]
    return [full[position] - _earned_before(contract, position, rows, full) for position in range(len(rows))]


def _full_price(contract: Contract, row: Row) -> int:
    tariff = tariff_of(contract, row)
    assert tariff is not None
    assert tariff.price is not None
    unit = Fraction(tariff.price) * 10**contract.currency.places
    if contract.rounding.at is RoundingPlace.UNIT:
        return rounded(unit, contract.rounding.mode) * row.count
    return rounded(unit * row.count, contract.rounding.mode)


def _earned_before(contract: Contract, position: int, rows: Sequence[Row], full: Sequence[int]) -> int:
    """Return what lower bands of the same person (job) earned already, at most what this row would."""
    row = rows[position]
    band = next((one for one in contract.bands if one.rule is BandRule.UPGRADE and row.metric in one.metrics), None)
    if band is None or row.person is None or row.metric is None:
        return 0
    level = band.metrics.index(row.metric)
    per_job = all(metric.counts is Counts.ONCE_PER_JOB for metric in contract.metrics if metric.code in band.metrics)
    lower = [
        full[other]
        for other, candidate in enumerate(rows)
        if candidate.metric in band.metrics[:level]
        and candidate.person == row.person
        and (not per_job or candidate.job == row.job)
        and (candidate.achieved_on or date.min) <= (row.achieved_on or date.min)
    ]
    return min(max(lower, default=0), full[position])
