"""What waits for a next period and will be asked of nobody, because there is no period left."""

from collections.abc import Sequence

from sib_engine.core.dates import Period
from sib_engine.core.findings import Finding, warning
from sib_engine.core.money import shown
from sib_engine.payments.payers.caps import PayerCapUse
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Overflow


def never_asked(contract: Contract, uses: Sequence[PayerCapUse], period: Period | None) -> tuple[Finding, ...]:
    """Return warnings of money that payers' caps still hold back when the last period is over.

    Args:
        contract: Terms in force.
        uses: What the payers' caps did, to the end of ``period``.
        period: Period that is stated or explained, None for everything to the contract's last day.
    """
    last = contract.periods.period(contract.periods.index_of(contract.claims_close))
    if period is not None and period.index < last.index:
        return ()
    return tuple(
        warning(
            "waits-for-no-period",
            f"cap {use.cap} holds {shown(use.taken, contract.currency)} back for a next period, and {last.label} is the"
            f" last one in which the contract states: nobody will be asked for it",
            "a later claims_close, a higher limit, or an overflow that goes to another payer or is lost",
        )
        for use in uses
        if use.taken > 0 and use.went_to == Overflow.NEXT_PERIOD.value
    )
