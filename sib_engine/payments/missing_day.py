"""What a row lacks that has no day by which its price and its share are decided, in words."""

from typing import Final

from sib_engine.terms.contract import Contract, PriceDate

_LACKS: Final = {
    PriceDate.OUTCOME: "date",
    PriceDate.START: "day of referral (started_on)",
    PriceDate.CLAIM: "day of the claim (claimed_on or recorded_on)",
}


def missing_day(contract: Contract) -> str:
    """Return the day that decides prices under a contract, as what a row has none of."""
    return _LACKS[contract.price_date]
