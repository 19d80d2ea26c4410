"""How a credit note settles open invoices: a rule says in which order."""

from collections.abc import Iterable
from enum import StrEnum

from sib_engine.core.errors import NotFoundError
from sib_engine.payments.billing.bills import Bill


class SetOffRule(StrEnum):
    """Which open invoice of the payer comes first."""

    OLDEST_DUE = "oldest-due"
    LATEST_DUE = "latest-due"


def rule_of(text: str) -> SetOffRule:
    """Return the rule of this name.

    Raises:
        NotFoundError: If there is none.
    """
    try:
        return SetOffRule(text)
    except ValueError:
        message = f"there is no rule {text!r} to set off by; accepted: {', '.join(SetOffRule)}"
        raise NotFoundError(message) from None


def set_off(credit: Bill, bills: Iterable[Bill], rule: SetOffRule) -> tuple[tuple[Bill, int], ...]:
    """Return which invoices a credit note settles and how much of each, minor units above 0.

    Only invoices of the same payer, and of those only what is not disputed. What is left of the credit
    stays with the credit note.
    """
    same = [bill for bill in bills if bill.payer == credit.payer and not bill.is_credit_note and bill.open_amount > 0]
    same.sort(key=lambda bill: (bill.due_on, bill.id), reverse=rule is SetOffRule.LATEST_DUE)
    left, found = credit.credit, []
    for bill in same:
        amount = min(left, bill.open_amount)
        if amount > 0:
            found.append((bill, amount))
            left -= amount
    return tuple(found)
