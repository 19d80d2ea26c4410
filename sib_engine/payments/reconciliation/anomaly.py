"""An anomaly: figures that were published and cannot all be right, or that changed between publications."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sib_engine.core.money import Currency, plain


class Kind(StrEnum):
    """Whether published figures disagree, or something about them is only worth knowing."""

    ANOMALY = "anomaly"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One disagreement between published figures.

    ``code`` is a stable kebab-case name of the rule; ``subject`` names the entry of the record
    (``payer lbth``, ``payment 2021-01..2021-06``); ``what`` is a sentence with the figures.
    ``amount`` is the difference in minor units, its sign as the rule says, ``None`` where the
    anomaly is not one of money. ``figures`` holds every figure compared: amounts as plain decimal
    strings with all decimals of the currency, counts as whole numbers.
    """

    code: str
    kind: Kind
    subject: str
    what: str
    amount: int | None
    figures: Mapping[str, str | int]

    def as_dict(self, currency: Currency) -> dict[str, object]:
        """Return the anomaly as plain values, for ``--json``."""
        return {
            "code": self.code,
            "kind": self.kind.value,
            "subject": self.subject,
            "what": self.what,
            "amount": None if self.amount is None else plain(self.amount, currency),
            "currency": currency.code,
            "figures": dict(self.figures),
        }
