"""What a simulation returns, as values and as JSON: a position, and what one more outcome of each metric adds to it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sib_engine.core.findings import Finding
from sib_engine.core.money import plain
from sib_engine.payments.worth import Cause, Totals
from sib_engine.terms.contract import Contract

MOST_SEARCHED: Final = 20_000
"""So many more outcomes of a metric are tried to find where their worth changes."""


@dataclass(frozen=True, slots=True)
class Next:
    """The first outcome that is worth something else: the ``number``-th more, what it is worth, and why."""

    number: int
    worth: Totals
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class OneMore:
    """What one more outcome of a metric, at a site where there are any, is worth; of a measured metric, one case more.

    ``worth`` is None where it cannot be said: ``refused`` says why. ``later`` is None where nothing changes
    within ``searched`` more. ``curve`` holds the contract's totals by number of outcomes more. Of a measured
    metric ``change`` says what is changed of the result ``row``: ``one case fewer``; it is blank elsewhere.
    """

    metric: str
    name: str
    site: str | None
    count: int
    worth: Totals | None
    causes: tuple[Cause, ...] = ()
    later: Next | None = None
    curve: tuple[tuple[int, Totals], ...] = ()
    refused: str = ""
    row: str = ""
    change: str = ""
    searched: int = MOST_SEARCHED

    @property
    def other_causes(self) -> tuple[Cause, ...]:
        """Why the later outcome is worth something else: what adds or takes another amount than before."""
        before = {(cause.kind, cause.clause): cause.amount for cause in self.causes}
        later = () if self.later is None else self.later.causes
        other = tuple(cause for cause in later if before.get((cause.kind, cause.clause)) != cause.amount)
        return other or later


@dataclass(frozen=True, slots=True)
class SimulatedContract:
    """A position and what one more outcome of each metric adds to it; amounts in minor units.

    The outcomes more are ``on`` a day; what is scheduled is taken up to ``scheduled_to``.
    """

    contract: Contract
    on: date | None
    scheduled_to: date
    payers: tuple[str, ...]
    position: Totals
    lines: tuple[OneMore, ...]
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the result as ``sib contract simulate --json`` prints it: amounts as decimal strings."""
        return {
            "contract": self.contract.code,
            "currency": self.contract.currency.code,
            "on": None if self.on is None else self.on.isoformat(),
            "scheduled_to": self.scheduled_to.isoformat(),
            "position": self._amounts(self.position),
            "lines": [self._line(line) for line in self.lines],
            "terms": self.contract.digest,
            "findings": [finding.as_dict() for finding in self.findings],
        }

    def _line(self, line: OneMore) -> dict[str, Any]:
        later = line.later
        return {
            "metric": line.metric,
            "site": line.site,
            "row": line.row or None,
            "change": line.change or None,
            "count": line.count,
            "worth": None if line.worth is None else self._amounts(line.worth),
            "why": [self._cause(cause) for cause in line.causes],
            "next": None
            if later is None
            else {
                "number": later.number,
                "worth": self._amounts(later.worth),
                "why": [self._cause(cause) for cause in later.causes],
            },
            "curve": [{"more": more, **self._amounts(found)} for more, found in line.curve],
            "refused": line.refused or None,
        }

    def _amounts(self, found: Totals) -> dict[str, Any]:
        currency = self.contract.currency
        return {
            "earned": plain(found.earned, currency),
            "scheduled": plain(found.scheduled, currency),
            "payable": plain(found.payable, currency),
            "payers": [
                {"payer": payer, "amount": plain(amount, currency)}
                for payer, amount in zip(self.payers, found.payers, strict=True)
            ],
        }

    def _cause(self, cause: Cause) -> dict[str, Any]:
        return {
            "kind": cause.kind,
            "clause": cause.clause,
            "amount": plain(cause.amount, self.contract.currency),
            "earlier": cause.is_earlier,
            "words": cause.words,
        }
