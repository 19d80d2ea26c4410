"""What each counting row earns, in exact fractions of a minor unit until it is rounded."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from sib_engine.core.dates import add_months
from sib_engine.terms.contract import Contract, PriceDate, RoundingMode, RoundingPlace
from sib_engine.terms.metric import Band, BandRule, ClawBack, ClawBackFrom, Counts
from sib_engine.terms.money_clauses import Bonus, Tariff
from tests.oracle.days import dated
from tests.oracle.measured import payments, scale_of
from tests.oracle.rows import Row
from tests.oracle.volume import bonus_counts, tier_prices

NEVER = -(10**9)
"""Less than the number of any tariff for quick outcomes."""


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
    day = _priced_on(contract, row)
    fitting = [
        tariff
        for tariff in contract.tariffs
        if tariff.metric == row.metric
        and (not tariff.sites or row.site in tariff.sites)
        and (not tariff.groups or row.group in tariff.groups)
        and (day is None or tariff.starts_on <= day)
        and _is_in_time(tariff, row)
    ]
    if not fitting:
        return None
    return max(
        fitting, key=lambda tariff: (_quickness(tariff), bool(tariff.sites), bool(tariff.groups), tariff.starts_on)
    )


def _quickness(tariff: Tariff) -> int:
    """Return a number that is the larger the shorter a tariff's time for quick outcomes is; the least without one."""
    return NEVER if tariff.quick is None else -(tariff.quick.months or tariff.quick.days)


def _is_in_time(tariff: Tariff, row: Row) -> bool:
    if tariff.quick is None:
        return True
    assert row.started_on is not None
    assert row.achieved_on is not None
    last = add_months(row.started_on, tariff.quick.months) + timedelta(days=tariff.quick.days)
    return row.achieved_on <= last


def _moved(contract: Contract, tariff: Tariff, row: Row, price: Fraction) -> Fraction:
    """Return a price of a tariff on the day that decides a row's price, rounded if an index moves it."""
    terms, day = tariff.indexation, _priced_on(contract, row)
    if terms is None or day is None:
        return price
    values = next(index.values for index in contract.indexes if index.id == terms.index)
    if terms.every is not None:
        reviews = [add_months(terms.base_on, number * terms.every) for number in range(100)]
        day = max(review for review in reviews if review <= day)
    now, then = ([each.value for each in values if each.starts_on <= on][-1] for on in (day, terms.base_on))
    places = contract.currency.places if terms.places is None else terms.places
    exact = price * Fraction(now) / Fraction(then) * 10**places
    return Fraction(rounded(exact, contract.rounding.mode), 10**places)


def _priced_on(contract: Contract, row: Row) -> date | None:
    return {
        PriceDate.OUTCOME: row.achieved_on,
        PriceDate.START: row.started_on,
        PriceDate.CLAIM: row.claimed_on,
    }[contract.price_date]


def earned(contract: Contract, rows: Sequence[Row]) -> list[int]:
    """Return minor units per counting row; who moves up a band earns what the higher price adds."""
    amounts = [
        0 if _is_paid_instead(contract, rows, row) else _full_price(contract, rows, position)
        for position, row in enumerate(rows)
    ]
    for band in contract.bands:
        if band.rule is BandRule.UPGRADE:
            _pay_the_difference(contract, band, rows, amounts)
    for bonus in dated(contract, contract.bonuses, Bonus):
        for position, count in enumerate(bonus_counts(contract, rows, bonus)):
            amounts[position] += _sum(contract, [Fraction(bonus.clause.price)] * count)
    for position, row in enumerate(rows):
        terms = next(metric for metric in contract.metrics if metric.code == row.metric).claw_back
        if terms is not None and _has_ended_soon(contract, terms, row):
            amounts[position] -= rounded(amounts[position] * terms.share, contract.rounding.mode)
    return amounts


def _has_ended_soon(contract: Contract, terms: ClawBack, row: Row) -> bool:
    """Return whether a job's last day lies no more than so many days after the outcome, or after its statement."""
    since = row.achieved_on
    if terms.runs_from is ClawBackFrom.STATEMENT and row.stated_on is not None:
        since = row.stated_on
    elif terms.runs_from is ClawBackFrom.STATEMENT and row.achieved_on is not None:
        known_on = max(row.achieved_on, row.recorded_on or row.achieved_on)
        since = contract.periods.period(contract.periods.index_of(known_on)).end
    return since is not None and row.ended_on is not None and row.ended_on <= since + timedelta(days=terms.days)


def _full_price(contract: Contract, rows: Sequence[Row], position: int) -> int:
    row = rows[position]
    if row.measure is not None:
        return _sum(contract, payments(contract, row, scale_of(contract, row, _priced_on(contract, row))))
    tariff = tariff_of(contract, row)
    assert tariff is not None
    assert tariff.price is not None
    if tariff.tiers is not None:
        prices = tier_prices(contract, rows, tariff, position)
    else:
        prices = [Fraction(tariff.price)] * rows[position].count
    return _sum(contract, [_moved(contract, tariff, rows[position], price) for price in prices])


def _is_paid_instead(contract: Contract, rows: Sequence[Row], row: Row) -> bool:
    """Return whether a measured result is paid nothing because a result that its scale gives way to is paid."""
    if row.measure is None:
        return False
    unless = scale_of(contract, row, _priced_on(contract, row)).unless
    return any(
        _full_price(contract, rows, position) > 0 and not _is_paid_instead(contract, rows, other)
        for position, other in enumerate(rows)
        if other.metric in unless
    )


def _sum(contract: Contract, prices: Sequence[Fraction]) -> int:
    """Return what outcomes of these prices earn together, in minor units, rounded once or each."""
    minor, mode = 10**contract.currency.places, contract.rounding.mode
    if contract.rounding.at is RoundingPlace.UNIT:
        return sum(rounded(price * minor, mode) for price in prices)
    return rounded(sum(prices, Fraction(0)) * minor, mode)


def _pay_the_difference(contract: Contract, band: Band, rows: Sequence[Row], amounts: list[int]) -> None:
    """Lower the amounts of a band's rows to what each adds to the highest price of the person (job) before it.

    Stated rows first, by statement; then by day, undated first; the lower band first; then by row id.
    """
    per_job = all(metric.counts is Counts.ONCE_PER_JOB for metric in contract.metrics if metric.code in band.metrics)
    highest: dict[object, int] = {}

    def place(position: int) -> tuple[float, date, int, int]:
        row = rows[position]
        stated = float("inf") if row.stated is None else row.stated
        return (stated, row.achieved_on or date.min, band.metrics.index(row.metric or ""), row.id)

    members = [at for at, row in enumerate(rows) if row.metric in band.metrics and row.person is not None]
    for at in sorted(members, key=place):
        whose = (rows[at].person, rows[at].job if per_job else None)
        before = highest.get(whose, 0)
        highest[whose] = max(before, amounts[at])
        amounts[at] = highest[whose] - before
