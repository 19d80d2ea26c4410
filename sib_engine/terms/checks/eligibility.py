"""Eligibility: what is read from a referral needs one."""

from collections.abc import Iterator

from sib_engine.core.findings import Finding, Location, error, warning
from sib_engine.terms.checks.outline import REFERRAL
from sib_engine.terms.contract import Contract, PriceDate, Referral
from sib_engine.terms.metric import Earnings, Since


def check_referral(contract: Contract) -> Iterator[Finding]:
    """Yield terms that rest on a referral in a contract that does not require one."""
    if contract.eligibility.referral is Referral.REQUIRED:
        return
    if contract.eligibility.work_status:
        what = "work_status is read from the referral, and no referral is required: without one nobody can say it"
        yield error(
            "referral-not-required",
            what,
            'referral = "required", or no work_status',
            Location(key="eligibility.referral"),
        )
    if contract.price_date is PriceDate.START:
        what = "the price is that of the referral, and none is required: without one nothing is paid"
        accepted = 'referral = "required", or price_date = "outcome"'
        yield warning("referral-not-required", what, accepted, Location(key="contract.price_date"))
    for metric in contract.metrics:
        if metric.within is not None and metric.within.after == REFERRAL:
            what = (
                f"the window of {metric.code!r} begins with the referral, and none is required: without one it is open"
            )
            at = Location(key=f"metric.{metric.code}.within.after")
            yield warning("referral-not-required", what, 'referral = "required", or a window after a metric', at)
        if isinstance(metric.rule, Earnings) and metric.rule.since is Since.REFERRAL:
            what = "earnings are added up from the referral, and none is required: without one nobody can say them"
            accepted = 'referral = "required", or since = "start of work"'
            at = Location(key=f"metric.{metric.code}.earnings.since")
            yield error("referral-not-required", what, accepted, at)
    for tariff in contract.tariffs:
        if tariff.quick is not None:
            what = "quick outcomes are counted from the referral, and none is required: without one none is paid"
            at = Location(key=f"tariff[{tariff.id}].quick")
            yield warning("referral-not-required", what, 'referral = "required"', at)
