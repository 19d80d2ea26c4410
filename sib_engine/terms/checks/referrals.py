"""Prices by the day of referral: people may be referred before the contract starts."""

from collections.abc import Iterator

from sib_engine.core.findings import Finding, Location, warning
from sib_engine.terms.contract import Contract, PriceDate


def check_before_start(contract: Contract) -> Iterator[Finding]:
    """Yield once what has no price, or no division, for a referral before the contract starts, where that decides."""
    if contract.price_date is not PriceDate.START:
        return
    first = contract.start
    codes = [code for code in contract.metric_codes if any(tariff.metric == code for tariff in contract.tariffs)]
    priced = {tariff.metric for tariff in contract.tariffs if tariff.starts_on < first}
    early = [share for share in contract.shares if share.starts_on < first]
    divided = {code for share in early for code in share.metrics or codes}
    lacking = [
        f"no {what} of {', '.join(missing)}"
        for what, having in (("price", priced), ("share", divided))
        if (missing := [code for code in codes if code not in having])
    ]
    if lacking:
        what = (
            f"the day of referral decides, and before {first} there is {' and '.join(lacking)}: an outcome of somebody"
            " referred before then cannot be priced, and a file that holds one is refused"
        )
        accepted = "tariffs and shares from the earliest day of referral on"
        yield warning("price-gap", what, accepted, Location(key="contract.price_date"))
