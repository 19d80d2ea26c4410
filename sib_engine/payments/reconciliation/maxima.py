"""Rules about the contract's stated maximum: what was paid, planned and promised against it."""

from collections.abc import Iterator
from itertools import pairwise

from sib_engine.payments.reconciliation.anomaly import Anomaly, Kind
from sib_engine.payments.reconciliation.case import Case, StatedMaximum, listed, month, months


def payments_above_maximum(case: Case) -> Iterator[Anomaly]:
    """Compare the total of recorded payments, grants included, with every maximum ever stated.

    ``amount`` is what the payments are above that maximum.
    """
    total = case.payments_total()
    grants = case.grants_total()
    for stated in case.maxima():
        if total is None or not case.exceeds(total, stated.amount):
            continue
        within = f" ({case.said(grants)} of grants included)" if grants else ""
        yield Anomaly(
            "payments-above-maximum",
            Kind.ANOMALY,
            _subject(stated),
            f"The recorded payments add up to {case.said(total)}{within}, {case.said(total - stated.amount)} above the "
            f"maximum of {case.said(stated.amount)} stated in {months(stated.published)}.",
            total - stated.amount,
            {"payments": case.plain(total), "grants": case.plain(grants), "maximum": case.plain(stated.amount)},
        )


def payers_paid_above_maximum(case: Case) -> Iterator[Anomaly]:
    """Compare what is recorded as paid by all payers together with every maximum ever stated.

    ``amount`` is what they paid above that maximum. Silent unless every payer's figure is published.
    """
    paid = case.payers_paid()
    for stated in case.maxima():
        if paid is None or not case.exceeds(paid, stated.amount):
            continue
        yield Anomaly(
            "payers-paid-above-maximum",
            Kind.ANOMALY,
            _subject(stated),
            f"Recorded as paid by the payers is {case.said(paid)}, {case.said(paid - stated.amount)} above the "
            f"maximum of {case.said(stated.amount)} stated in {months(stated.published)}.",
            paid - stated.amount,
            {"payers_paid": case.plain(paid), "maximum": case.plain(stated.amount)},
        )


def maximum_restated(case: Case) -> Iterator[Anomaly]:
    """Compare each stated maximum with the one of the publication before.

    ``amount`` is later minus earlier.
    """
    entries = sorted(case.record.maxima, key=lambda entry: entry.as_published)
    for earlier, later in pairwise(entries):
        if not case.differ(earlier.amount, later.amount):
            continue
        yield Anomaly(
            "maximum-restated",
            Kind.ANOMALY,
            f"maximum {later.as_published:%Y-%m}",
            f"The maximum outcome payment was {case.said(earlier.amount)} in {month(earlier.as_published)} and is "
            f"{case.said(later.amount)} in {month(later.as_published)}.",
            later.amount - earlier.amount,
            {"earlier": case.plain(earlier.amount), "later": case.plain(later.amount)},
        )


def payer_maxima_do_not_add_up(case: Case) -> Iterator[Anomaly]:
    """Compare the sum of the payers' maxima with the contract's maximum, each as stated last.

    ``amount`` is the sum minus the contract's maximum. Silent unless every payer's maximum is published.
    """
    stated = case.latest_maximum()
    total = case.payers_maximum()
    if stated is None or total is None or not case.differ(total, stated.amount):
        return
    parts = {party: case.plain(amount) for party, amount in case.payer_maxima().items()}
    yield Anomaly(
        "payer-maxima-do-not-add-up",
        Kind.ANOMALY,
        _subject(stated),
        f"The payers' maxima, {listed([case.said(amount) for amount in case.payer_maxima().values()])}, add up to "
        f"{case.said(total)}; the contract's maximum is {case.said(stated.amount)}.",
        total - stated.amount,
        {**parts, "payers_maxima": case.plain(total), "maximum": case.plain(stated.amount)},
    )


def payer_maximum_is_the_contracts(case: Case) -> Iterator[Anomaly]:
    """Look for a payer whose own maximum is the whole contract's, or more, beside others that pay too.

    ``amount`` is the payer's maximum minus the contract's.
    """
    stated = case.latest_maximum()
    maxima = case.payer_maxima()
    for party, amount in maxima.items():
        others = sum(maxima.values()) - amount
        if stated is None or amount <= stated.amount - case.tolerance or not case.exceeds(others, 0):
            continue
        yield Anomaly(
            "payer-maximum-is-the-contracts",
            Kind.ANOMALY,
            f"payer {party}",
            f"The maximum of {case.payer_name(party)} is {case.said(amount)}, which alone is as much as the whole "
            f"contract's {case.said(stated.amount)} or more; the other payers' maxima are {case.said(others)}.",
            amount - stated.amount,
            {
                "payer_maximum": case.plain(amount),
                "other_maxima": case.plain(others),
                "maximum": case.plain(stated.amount),
            },
        )


def plan_follows_an_earlier_maximum(case: Case) -> Iterator[Anomaly]:
    """Look for a payment plan whose total is a maximum stated earlier and not the one stated last.

    Other differences between a plan and the maximum are no anomaly: a plan is a profile of what was
    expected. ``amount`` is the plan's total minus the maximum stated last.
    """
    latest = case.latest_maximum()
    for plan in case.contract.plans:
        total = sum(plan.amounts)
        if latest is None or not case.differ(total, latest.amount):
            continue
        for stated in case.maxima():
            if case.differ(total, stated.amount):
                continue
            yield Anomaly(
                "plan-follows-an-earlier-maximum",
                Kind.ANOMALY,
                f"plan {plan.id}",
                f"Payment plan {plan.id} adds up to {case.said(total)}, the maximum stated in "
                f"{months(stated.published)}, not to the {case.said(latest.amount)} stated in "
                f"{months(latest.published)}.",
                total - latest.amount,
                {
                    "plan": case.plain(total),
                    "earlier_maximum": case.plain(stated.amount),
                    "maximum": case.plain(latest.amount),
                },
            )


def _subject(stated: StatedMaximum) -> str:
    return "maximum " + ", ".join(f"{published:%Y-%m}" for published in stated.published)
