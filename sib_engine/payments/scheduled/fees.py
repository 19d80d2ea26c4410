"""Service fees: instalments on the last day of each span of months, to the penny on the running total."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from sib_engine.core.dates import add_months
from sib_engine.core.money import Currency, shown
from sib_engine.payments.price.rounding import rounded
from sib_engine.payments.scheduled.entry import Entry, ScheduledKind, earliest
from sib_engine.payments.scheduled.sums import part_text, sum_text
from sib_engine.terms.contract import Contract, RoundingMode
from sib_engine.terms.scheduled import CutShort, Fee


def fee_entries(contract: Contract) -> Iterator[Entry]:
    """Yield every instalment of every fee, up to the day on which the fee or the contract ended early.

    Instalment n of a sum is what is due in all after it, rounded by the contract's mode, less what was due in
    all before, so that the instalments add up to the sum. One whose span is cut short falls due on the last
    day that is left, and ``last_instalment`` says how much of it (the whole where nothing is agreed:
    the check of a contract refuses that).
    """
    for fee in contract.fees:
        stop = earliest(fee.last_on, contract.terminated_on)
        for number in range(1, fee.n_instalments + 1):
            first = add_months(fee.starts_on, (number - 1) * fee.every_months)
            last = add_months(fee.starts_on, number * fee.every_months) - timedelta(days=1)
            if stop is not None and stop < first:
                break
            if stop is not None and stop < last and fee.last_instalment is CutShort.NOTHING:
                break
            yield _entry(contract, fee, number, first, last, stop)


def _entry(contract: Contract, fee: Fee, number: int, first: date, last: date, stop: date | None) -> Entry:
    mode = contract.rounding.mode
    amount, words = _instalment(fee, number, mode, contract.currency)
    day = last if stop is None else min(last, stop)
    if day < last and fee.last_instalment is CutShort.PRO_RATA:
        n_ran, n_days = (day - first).days + 1, (last - first).days + 1
        amount = rounded(Fraction(amount * n_ran, n_days), mode)
        words += f"; {n_ran} of {n_days} days, rounded {mode}"
    elif day < last:
        words += f"; whole, though it ended on {day}"
    terms = ("monthly", "amount", "share", "of", "profile")
    return Entry(
        kind=ScheduledKind.FEE,
        row=f"{ScheduledKind.FEE}/{fee.id}/{number}",
        clause=fee.id,
        provenance=fee.provenance,
        day=day,
        amount=amount,
        uses_caps=fee.uses_caps,
        is_assumed=any(map(fee.provenance.assumes, terms)),
        words=words,
    )


def _instalment(fee: Fee, number: int, mode: RoundingMode, currency: Currency) -> tuple[int, str]:
    """Return one whole instalment in minor units, and in words."""
    if fee.total is None:
        monthly = fee.monthly or 0
        first, last = (number - 1) * fee.every_months + 1, number * fee.every_months
        months = f"month {last}" if first == last else f"months {first} to {last}"
        return monthly * fee.every_months, f"{months} of {fee.n_months}, {shown(monthly, currency)} a month"
    before, after = _part(fee, number - 1), _part(fee, number)
    amount = rounded(fee.total.exact * after, mode) - rounded(fee.total.exact * before, mode)
    words = f"instalment {number} of {fee.n_instalments}: {part_text(after)} of {sum_text(fee.total, currency)} to date"
    if before:
        words += f", less {part_text(before)} before"
    return amount, f"{words}, rounded {mode}"


def _part(fee: Fee, n_instalments: int) -> Fraction:
    """Return the part of the sum that is due after a number of instalments."""
    if fee.profile:
        return sum(fee.profile[:n_instalments], Fraction(0))
    return Fraction(n_instalments, fee.n_instalments)
