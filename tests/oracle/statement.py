"""Statements once more: due to date, from the first outcome on, minus what the payers have been asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sib_engine.core.dates import Period
from sib_engine.terms.contract import Contract, PriceDate
from sib_engine.terms.money_clauses import Dimension, Share
from sib_engine.terms.party import UNFUNDED
from tests.oracle.caps import payable
from tests.oracle.matching import reasons_of
from tests.oracle.pricing import earned
from tests.oracle.rows import Row
from tests.oracle.shares import PayerCapState, after_payer_caps, divided


def payers_of(contract: Contract) -> list[str]:
    """Return the payers, "unfunded" last where a share names it."""
    unfunded = any(UNFUNDED in share.payers for share in contract.shares)
    return [*contract.payers, *([UNFUNDED] if unfunded else [])]


def clause_of(contract: Contract, row: Row) -> Share:
    """Return the share clause of a dated row: its metric's own before one for all, the latest begun."""
    day = row.achieved_on
    if row.metric is not None and contract.price_date is PriceDate.START:
        day = row.started_on
    if row.metric is not None and contract.price_date is PriceDate.CLAIM:
        day = row.recorded_on
    begun = [share for share in contract.shares if day is None or share.starts_on <= day]
    own = [share for share in begun if row.metric in share.metrics]
    return max(own or [share for share in begun if not share.metrics], key=lambda share: share.starts_on)


def shared_to_date(contract: Contract, rows: Sequence[Row], amounts: Sequence[int]) -> dict[str, int]:
    """Return each payer's part of what is payable to date, before payers' own caps."""
    totals = dict.fromkeys([share.id for share in contract.shares], 0)
    for row, amount in zip(rows, amounts, strict=True):
        totals[clause_of(contract, row).id] += amount
    result = dict.fromkeys(payers_of(contract), 0)
    for share in contract.shares:
        parts = divided(totals[share.id], list(share.payers.values()))
        for payer, part in zip(share.payers, parts, strict=True):
            result[payer] += part
    return result


def payer_cap_states(contract: Contract) -> list[PayerCapState]:
    """Return the contract's caps on payers, nothing arrived yet."""
    return [
        PayerCapState(cap.payer or "", cap.limit, str(cap.overflow), per_period=Dimension.PERIOD in cap.on)
        for cap in contract.caps
        if Dimension.PAYER in cap.on
    ]


@dataclass
class Ledger:
    """What the statements so far have left behind."""

    number: int = 0
    first_stated: dict[int, int] = field(default_factory=dict)
    standing: set[int] = field(default_factory=set)
    shared: list[tuple[int, dict[str, int]]] = field(default_factory=list)
    paid: dict[str, int] = field(default_factory=dict)

    def state(self, contract: Contract, known: Sequence[Row], period: Period) -> dict[str, int]:
        """Draw up one statement, keep it, and return what each payer owes by it.

        ``known`` holds every outcome recorded so far, whether it counts or not.
        """
        self.number += 1
        reached = [row for row in known if row.achieved_on is None or row.achieved_on <= period.end]
        rows = [row for row, against in zip(reached, reasons_of(contract, reached), strict=True) if not against]
        rows = [self._marked(row) for row in rows]
        amounts = earned(contract, rows)
        exempt = [False] * len(rows)
        for grant in contract.grants:
            if grant.ends_on <= period.end:
                rows.append(self._marked(grant_row(contract, grant.id, grant.ends_on)))
                amounts.append(grant.amount)
                exempt.append(not grant.uses_caps)
        due = shared_to_date(contract, rows, payable(contract, rows, amounts, exempt=exempt))
        before = {payer: sum(part[payer] for _, part in self.shared) for payer in due}
        self.shared.append((period.index, {payer: due[payer] - before[payer] for payer in due}))
        paid_rows = after_payer_caps(self.shared, payer_cap_states(contract), period.index)
        paid = {payer: sum(row.parts[payer] for row in paid_rows) for payer in due}
        pays = {payer: paid[payer] - self.paid.get(payer, 0) for payer in due}
        self.paid = paid
        self.standing = {row.id for row in rows}
        for row in rows:
            self.first_stated.setdefault(row.id, self.number)
        return pays

    def _marked(self, row: Row) -> Row:
        stated = self.first_stated[row.id] if row.id in self.standing else None
        return Row(**{**vars(row), "stated": stated})


def grant_row(contract: Contract, grant_id: str, ends_on: date) -> Row:
    """Return a grant as a row with an id after all others."""
    place = [grant.id for grant in contract.grants].index(grant_id)
    return Row(10**9 + place, None, None, None, None, None, ends_on, None, ends_on, 1, None)
