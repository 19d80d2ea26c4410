"""Rules about what was paid for each metric, against the published price and count."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from sib_engine.payments.reconciliation.anomaly import Anomaly, Kind
from sib_engine.payments.reconciliation.case import Case
from sib_engine.terms.contract import Contract
from sib_engine.terms.dated_prices import with_dated_prices
from sib_engine.terms.money_clauses import Tariff
from sib_engine.terms.provenance import Status


class LineState(StrEnum):
    """How an amount paid for a metric stands to price times count."""

    EQUAL = "equal"
    WHOLE_MULTIPLE = "whole multiple of the price"
    NOT_A_MULTIPLE = "not a multiple of the price"


@dataclass(frozen=True, slots=True)
class LineComparison:
    """One metric: what its published count earns when each outcome is paid once, and what was paid.

    ``priced`` and ``paid`` are minor units. ``times`` is how often the price was paid, ``None`` where
    that is not a whole number.
    """

    metric: str
    price: Decimal
    achieved: int
    priced: int
    paid: int
    times: int | None
    state: LineState


@dataclass(frozen=True, slots=True)
class NotComparable:
    """A metric for which a payment is published, and why price times count is not known."""

    metric: str
    paid: int
    why: str


@dataclass(frozen=True, slots=True)
class LineTotals:
    """How many lines stand in each state, and the sums of the comparable lines in minor units."""

    n_equal: int
    n_whole_multiples: int
    n_others: int
    priced: int
    paid: int


def compare_lines(case: Case) -> tuple[LineComparison | NotComparable, ...]:
    """Return every published line beside price times count, in the order of the record."""
    latest = case.results()
    counts = latest[1] if latest is not None else {}
    return tuple(_compared(case, line.metric, line.paid, counts.get(line.metric)) for line in case.record.lines)


def totals_of(lines: Iterable[LineComparison | NotComparable]) -> LineTotals:
    """Return the sums over the lines that are comparable."""
    comparable = [line for line in lines if isinstance(line, LineComparison)]
    states = [line.state for line in comparable]
    return LineTotals(
        n_equal=states.count(LineState.EQUAL),
        n_whole_multiples=states.count(LineState.WHOLE_MULTIPLE),
        n_others=states.count(LineState.NOT_A_MULTIPLE),
        priced=sum(line.priced for line in comparable),
        paid=sum(line.paid for line in comparable),
    )


def lines_against_prices(case: Case) -> Iterator[Anomaly]:
    """Compare the amount paid for each metric with published price times published count.

    A whole multiple of the price (an outcome claimed more than once, or not each time) is told apart
    from an amount that no number of outcomes explains. ``amount`` is paid minus price times count. A
    line without a single published price, or without a count, is a note.
    """
    for line in compare_lines(case):
        if isinstance(line, NotComparable):
            yield Anomaly(
                "line-not-comparable",
                Kind.NOTE,
                f"line {line.metric}",
                f"{case.metric_name(line.metric)}: {case.said(line.paid)} was paid, and {line.why}, so it cannot be "
                "compared with price times count.",
                None,
                {"paid": case.plain(line.paid)},
            )
        elif line.state is not LineState.EQUAL:
            yield _unequal(case, line)


def _unequal(case: Case, line: LineComparison) -> Anomaly:
    figures: dict[str, str | int] = {
        "price": f"{line.price:f}",
        "achieved": line.achieved,
        "priced": case.plain(line.priced),
        "paid": case.plain(line.paid),
    }
    if line.times is None:
        code, how = "line-not-a-multiple", "no whole multiple of the price"
    else:
        code, how = "line-paid-a-whole-multiple", f"exactly {line.times:,} times the price"
        how += ": outcomes were claimed more than once" if line.times > line.achieved else ""
        figures["times"] = line.times
    minor = line.price.scaleb(case.contract.currency.places)
    price = case.said(int(minor)) if minor == int(minor) else f"{line.price:f}"
    what = (
        f"{case.metric_name(line.metric)}: {line.achieved:,} achieved at {price} is "
        f"{case.said(line.priced)}; {case.said(line.paid)} was paid, {how}."
    )
    return Anomaly(code, Kind.ANOMALY, f"line {line.metric}", what, line.paid - line.priced, figures)


def _compared(case: Case, metric: str, paid: int, achieved: int | None) -> LineComparison | NotComparable:
    price = _single_price(case.contract, metric)
    if price is None:
        return NotComparable(metric, paid, "no single price is published for it")
    if achieved is None:
        return NotComparable(metric, paid, "its count is not published")
    unit = Fraction(price) * 10**case.contract.currency.places
    priced = round(unit * achieved)
    times = Fraction(paid) / unit if unit else None
    whole = times.numerator if times is not None and times.denominator == 1 else None
    if not case.differ(paid, priced):
        state = LineState.EQUAL
    else:
        state = LineState.NOT_A_MULTIPLE if whole is None else LineState.WHOLE_MULTIPLE
    return LineComparison(metric, price, achieved, priced, paid, whole, state)


def _single_price(contract: Contract, metric: str) -> Decimal | None:
    """Return the one published or agreed price of a metric; ``None`` where there is none, or more than one."""
    tariffs = [tariff for tariff in with_dated_prices(contract).tariffs if tariff.metric == metric]
    prices = {tariff.price for tariff in tariffs}
    return prices.pop() if len(prices) == 1 and all(map(_is_known, tariffs)) else None


def _is_known(tariff: Tariff) -> bool:
    return tariff.provenance.status in {Status.PUBLISHED, Status.AGREED} and "price" not in tariff.provenance.assumed
