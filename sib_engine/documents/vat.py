"""How VAT stands on the bill, in words."""

from enum import StrEnum
from typing import Final


class VatTreatment(StrEnum):
    """How the supply under a contract is treated for VAT."""

    EXEMPT = "exempt"
    STANDARD = "standard"
    OUTSIDE_SCOPE = "outside_scope"


_WORDS: Final = {
    VatTreatment.EXEMPT: "the supply is exempt, so none is charged",
    VatTreatment.STANDARD: "charged at the standard rate, on top of the net amount",
    VatTreatment.OUTSIDE_SCOPE: "the payment is outside the scope, so none is charged",
}


def vat_words(treatment: VatTreatment) -> str:
    """Return a treatment in words."""
    return _WORDS[treatment]
