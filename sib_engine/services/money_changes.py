"""What figures are under one version of the terms and under another, for use cases that compare them."""

from dataclasses import dataclass

from sib_engine.services.price_counts import PricedCounts


@dataclass(frozen=True, slots=True)
class MoneyChange:
    """What one figure is under the old and under the new version, minor units; None where unpriced."""

    name: str
    before: int | None
    after: int | None

    @property
    def change(self) -> int | None:
        """How much more it is now."""
        return None if self.before is None or self.after is None else self.after - self.before


def money_changes(before: PricedCounts, after: PricedCounts) -> tuple[MoneyChange, ...]:
    """Return what is earned and payable, and each payer's part, under two versions of the terms."""
    payers_before = {each.payer: each.amount for each in before.payers}
    payers_after = {each.payer: each.amount for each in after.payers}
    has_amounts = before.earned is not None and after.earned is not None
    payers = dict.fromkeys((*payers_before, *payers_after)) if has_amounts else ()
    return (
        MoneyChange("earned", before.earned, after.earned),
        MoneyChange("payable", before.payable, after.payable),
        *(MoneyChange(payer, payers_before.get(payer, 0), payers_after.get(payer, 0)) for payer in payers),
    )
