"""Use case: what amendments move of the past, for outcomes achieved before they were signed and took effect."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from sib_engine.core.findings import Finding, Location, note
from sib_engine.core.money import plain, shown
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.services.money_changes import MoneyChange, money_changes
from sib_engine.services.price_counts import price_table
from sib_engine.terms.contract import Contract
from sib_engine.terms.schedule import Amendment


@dataclass(frozen=True, slots=True)
class MovedByAmendment:
    """What one amendment makes of the outcomes achieved, and sums due, before it was signed, or took effect if later.

    ``n_outcomes`` count with it or without. ``undecided`` are the changed terms that it brings of metrics or of
    eligibility: who counts by them is decided from facts, and outcomes do not say it.
    """

    amendment: str
    signed_on: date
    effective_from: date
    n_outcomes: int
    money: tuple[MoneyChange, ...]
    undecided: tuple[str, ...] = ()

    def finding(self, contract: Contract) -> Finding:
        """Return it in words, for people."""

        def money(amount: int | None, *, signed: bool = False) -> str:
            if amount is None:
                return "no price"
            return ("+" if signed and amount > 0 else "") + shown(amount, contract.currency)

        payable, *payers = [each for each in self.money if each.name != "earned"]
        parts = [f"{each.name} {money(each.change, signed=True)}" for each in payers]
        what = (
            f"of the {self.n_outcomes:,} outcomes achieved before it {self._since}, it moves what is"
            f" payable from {money(payable.before)} to {money(payable.after)}: {money(payable.change, signed=True)}"
            + (f" ({', '.join(parts)})" if parts else "")
        )
        if self.undecided:
            terms = ", ".join(self.undecided)
            what += (
                f"; what {terms} lets count, or not, cannot be said from outcomes: `sib outcomes` decides it from facts"
            )
        return note("amendment-moves", what, at=Location(key=f"amendment[{self.amendment}]"))

    @property
    def reaches_back(self) -> bool:
        """Whether it was signed after it takes effect."""
        return self.signed_on > self.effective_from

    @property
    def is_moving(self) -> bool:
        """Whether it moves any of these amounts."""
        return any(each.change for each in self.money)

    @property
    def _since(self) -> str:
        if self.reaches_back:
            return f"was signed on {self.signed_on}"
        return f"takes effect on {self.effective_from}"

    def as_dict(self, contract: Contract) -> dict[str, Any]:
        """Return it as ``sib contract check --json`` prints it."""

        def text(amount: int | None) -> str | None:
            return None if amount is None else plain(amount, contract.currency)

        return {
            "amendment": self.amendment,
            "signed_on": self.signed_on.isoformat(),
            "effective_from": self.effective_from.isoformat(),
            "outcomes": self.n_outcomes,
            "undecided": list(self.undecided),
            "money": [
                {"name": each.name, "before": text(each.before), "after": text(each.after), "change": text(each.change)}
                for each in self.money
            ],
        }


def price_amendments(contract: Contract, table: OutcomeTable) -> tuple[MovedByAmendment, ...]:
    """Return what amendments move of the past: the same outcomes with each, and as if it had not been made.

    Those that reach back are always among them, others where they move anything: a lower cap on a payer is met by
    what was achieved before it too. What the contract schedules up to the day before the signature is in both:
    grants, fees, shortfalls of guaranteed volumes, payment on early termination.
    Later amendments are left out of both, so that each is measured against the terms it was added to.

    Raises:
        RefusedError: If an outcome cannot be priced under either without guessing.
    """
    moved = (_moved(contract, table, amendment) for amendment in contract.amendments)
    return tuple(each for each in moved if each.reaches_back or each.is_moving)


def _moved(contract: Contract, table: OutcomeTable, amendment: Amendment) -> MovedByAmendment:
    since = np.datetime64(max(amendment.signed_on, amendment.effective_from), "D")
    achieved = table.rows.achieved_on
    past = table.take(np.isnat(achieved) | (achieved < since))
    earlier = tuple(each for each in contract.amendments if each.signed_on <= amendment.signed_on)
    others = tuple(each for each in earlier if each.id != amendment.id)
    before, after = (
        price_table(
            replace(contract, amendments=amendments), past, scheduled_to=amendment.signed_on - timedelta(days=1)
        )
        for amendments in (others, earlier)
    )
    changed = [(terms.id, terms.amendment) for terms in contract.metric_terms]
    changed += [(terms.id, terms.amendment) for terms in contract.eligibility_terms]
    return MovedByAmendment(
        amendment=amendment.id,
        signed_on=amendment.signed_on,
        effective_from=amendment.effective_from,
        n_outcomes=max(sum(line.count for line in priced.lines) for priced in (before, after)),
        money=money_changes(before, after),
        undecided=tuple(id_ for id_, brought_by in changed if brought_by == amendment.id),
    )
