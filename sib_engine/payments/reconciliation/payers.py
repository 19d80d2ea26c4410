"""Rules about the payers: what is recorded as paid by each, against its own maximum and the payments."""

from collections.abc import Iterator
from itertools import pairwise

from sib_engine.payments.reconciliation.anomaly import Anomaly, Kind
from sib_engine.payments.reconciliation.case import Case, listed, month
from sib_engine.terms.published import Publication


def payments_differ_from_payers_paid(case: Case) -> Iterator[Anomaly]:
    """Compare the recorded payments with what is recorded as paid by the payers.

    ``amount`` is payments minus payers' payments: above zero, more was recorded as paid out than
    as paid in. Where only some payers' figures are published the two are not comparable, which is a note.
    """
    total = case.payments_total()
    known = case.payer_payments()
    if total is None or not known:
        return
    paid = case.payers_paid()
    if paid is None:
        missing = [party for party in case.contract.payers if party not in known]
        yield Anomaly(
            "payers-paid-not-comparable",
            Kind.NOTE,
            "payments",
            f"What {listed([case.payer_name(party) for party in missing])} paid is not published, so the recorded "
            f"payments of {case.said(total)} cannot be compared with what the payers paid.",
            None,
            {"payments": case.plain(total), **{party: case.plain(amount) for party, amount in known.items()}},
        )
    elif case.differ(total, paid):
        side = "above" if total > paid else "below"
        yield Anomaly(
            "payments-differ-from-payers-paid",
            Kind.ANOMALY,
            "payments",
            f"The recorded payments add up to {case.said(total)}, {case.said(abs(total - paid))} {side} the "
            f"{case.said(paid)} recorded as paid by the payers.",
            total - paid,
            {
                "payments": case.plain(total),
                "payers_paid": case.plain(paid),
                **{party: case.plain(amount) for party, amount in known.items()},
            },
        )


def payer_paid_above_its_maximum(case: Case) -> Iterator[Anomaly]:
    """Compare what each payer paid with its own maximum. ``amount`` is what it paid above it."""
    paid = case.payer_payments()
    for party, maximum in case.payer_maxima().items():
        if party not in paid or not case.exceeds(paid[party], maximum):
            continue
        yield Anomaly(
            "payer-paid-above-its-maximum",
            Kind.ANOMALY,
            f"payer {party}",
            f"{case.said(paid[party])} is recorded as paid by {case.payer_name(party)}, "
            f"{case.said(paid[party] - maximum)} above its own maximum of {case.said(maximum)}.",
            paid[party] - maximum,
            {"paid": case.plain(paid[party]), "payer_maximum": case.plain(maximum)},
        )


def payer_paid_is_its_maximum(case: Case) -> Iterator[Anomaly]:
    """Look for a payer recorded to have paid its whole maximum although the payments fall short of the contract's.

    That alone may be a payer's cap at work. It is an anomaly where the payers are also recorded to
    have paid more than the payments come to: then the maximum may stand in place of the amount paid.
    No ``amount``: the difference is that of :func:`payments_differ_from_payers_paid`.
    """
    total, paid, stated = case.payments_total(), case.payers_paid(), case.latest_maximum()
    if total is None or paid is None or stated is None:
        return
    if not case.exceeds(stated.amount, total) or not case.exceeds(paid, total):
        return
    payments = case.payer_payments()
    for party, maximum in case.payer_maxima().items():
        if not case.exceeds(maximum, 0) or case.differ(payments[party], maximum):
            continue
        yield Anomaly(
            "payer-paid-is-its-maximum",
            Kind.ANOMALY,
            f"payer {party}",
            f"What is recorded as paid by {case.payer_name(party)} is its maximum, {case.said(maximum)}, although the "
            f"recorded payments of {case.said(total)} are below the contract's maximum of {case.said(stated.amount)} "
            f"and below the {case.said(paid)} recorded as paid by all payers.",
            None,
            {
                "paid": case.plain(payments[party]),
                "payer_maximum": case.plain(maximum),
                "payments": case.plain(total),
                "payers_paid": case.plain(paid),
                "maximum": case.plain(stated.amount),
            },
        )


def payer_figures_restated(case: Case) -> Iterator[Anomaly]:
    """Compare each payer's maximum and payments with the publication before. ``amount`` is later minus earlier."""
    for party in case.contract.payers:
        history = case.history(party)
        maxima = [(entry.as_published, entry.maximum) for entry in history if entry.maximum is not None]
        paid = [(entry.as_published, entry.paid) for entry in history if entry.paid is not None]
        yield from _restated(case, party, maxima, "maximum")
        yield from _restated(case, party, paid, "paid")


def _restated(case: Case, party: str, stated: list[tuple[Publication, int]], figure: str) -> Iterator[Anomaly]:
    for (before, earlier), (after, later) in pairwise(stated):
        if not case.differ(earlier, later):
            continue
        named = "The maximum" if figure == "maximum" else "The amount paid"
        yield Anomaly(
            f"payer-{figure}-restated",
            Kind.ANOMALY,
            f"payer {party}",
            f"{named} of {case.payer_name(party)} was {case.said(earlier)} in {month(before)} and is "
            f"{case.said(later)} in {month(after)}.",
            later - earlier,
            {"earlier": case.plain(earlier), "later": case.plain(later)},
        )
