"""Rules about the months that payments are recorded for. Payments of nothing are left out of all of them."""

from collections.abc import Iterator

from sib_engine.payments.reconciliation.anomaly import Anomaly, Kind
from sib_engine.payments.reconciliation.case import Case, listed
from sib_engine.terms.amend import at_last
from sib_engine.terms.published import PublishedPayment


def payments_overlap(case: Case) -> Iterator[Anomaly]:
    """Look for payments of one kind whose months overlap without being the same months.

    The longer payment is named, with those it overlaps; of equal length, the one recorded later.
    ``amount`` is its amount.
    """
    for payment, others in _overlapping(case):
        parts = listed([f"{case.said(other.amount)} ({other.months})" for other in others])
        yield Anomaly(
            "payments-overlap",
            Kind.ANOMALY,
            _subject(payment),
            f"The payment of {case.said(payment.amount)} for {payment.months} overlaps {len(others)} other "
            f"payment{'s' if len(others) > 1 else ''}: {parts}.",
            payment.amount,
            {
                "payment": case.plain(payment.amount),
                **{f"overlaps {other.months}": case.plain(other.amount) for other in others},
            },
        )


def payment_spans_periods(case: Case) -> Iterator[Anomaly]:
    """Look for payments over more than one statement period of the contract.

    A payment that overlaps shorter ones is left to :func:`payments_overlap`. ``amount`` is its amount.
    """
    overlapping = [payment for payment, _others in _overlapping(case)]
    rule = case.contract.periods
    for payment in _paid(case):
        n_periods = rule.index_of(payment.months.ends_on) - rule.index_of(payment.months.first) + 1
        if n_periods == 1 or payment in overlapping:
            continue
        yield Anomaly(
            "payment-spans-periods",
            Kind.ANOMALY,
            _subject(payment),
            f"The payment of {case.said(payment.amount)} for {payment.months} spans {payment.months.length} months, "
            f"in {n_periods} statement periods.",
            payment.amount,
            {"payment": case.plain(payment.amount), "months": payment.months.length, "periods": n_periods},
        )


def payment_recorded_twice(case: Case) -> Iterator[Anomaly]:
    """Look for a payment with the months, kind and amount of an earlier one. ``amount`` is its amount."""
    seen: list[tuple[object, ...]] = []
    for payment in _paid(case):
        key = (payment.months, payment.kind, payment.amount)
        if key in seen:
            yield Anomaly(
                "payment-recorded-twice",
                Kind.ANOMALY,
                _subject(payment),
                f"A payment of {case.said(payment.amount)} for {payment.months} is recorded more than once.",
                payment.amount,
                {"payment": case.plain(payment.amount)},
            )
        seen.append(key)


def payment_outside_contract(case: Case) -> Iterator[Anomaly]:
    """Look for payments for months wholly before the contract's first day or after its last.

    A note, because claims may be recorded until the contract's own last day for them. ``amount`` is
    the payment's amount.
    """
    amended = at_last(case.contract)
    start, end, close = amended.start, amended.end, amended.claims_close
    for payment in _paid(case):
        if payment.months.ends_on >= start and payment.months.first <= end:
            continue
        if payment.months.ends_on < start:
            where = f"before the contract starts ({start.isoformat()})"
        else:
            claims = "before" if payment.months.first <= close else "after"
            where = f"after the contract ends ({end.isoformat()}), {claims} claims close ({close.isoformat()})"
        yield Anomaly(
            "payment-outside-contract",
            Kind.NOTE,
            _subject(payment),
            f"The payment of {case.said(payment.amount)} for {payment.months} is {where}.",
            payment.amount,
            {"payment": case.plain(payment.amount)},
        )


def _paid(case: Case) -> list[PublishedPayment]:
    return [payment for payment in case.record.payments if payment.amount]


def _overlapping(case: Case) -> Iterator[tuple[PublishedPayment, list[PublishedPayment]]]:
    """Yield each payment with the shorter ones (or those of its length recorded before) that it overlaps."""
    payments = _paid(case)
    for place, payment in enumerate(payments):
        others = [
            other
            for at, other in enumerate(payments)
            if other.kind is payment.kind
            and other.months != payment.months
            and other.months.shares_a_month_with(payment.months)
            and (other.months.length, at) < (payment.months.length, place)
        ]
        if others:
            yield payment, others


def _subject(payment: PublishedPayment) -> str:
    return f"payment {payment.months}"
