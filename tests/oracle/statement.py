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
from tests.oracle.rows import Row, in_order
from tests.oracle.scheduled import scheduled
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
        day = row.claimed_on
    begun = [share for share in contract.shares if day is None or share.starts_on <= day]
    own = [share for share in begun if row.metric in share.metrics]
    return max(own or [share for share in begun if not share.metrics], key=lambda share: share.starts_on)


def parts_of(contract: Contract, share: Share, before: int, after: int) -> dict[str, int]:
    """Return what each payer's part gains while a clause's running total goes from one value to another."""
    result = dict.fromkeys(payers_of(contract), 0)
    parts = list(share.payers.values())
    for payer, then, now in zip(share.payers, divided(before, parts), divided(after, parts), strict=True):
        result[payer] += now - then
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
    """What the statements so far have left behind.

    ``layers`` holds for each row what stands stated of it, oldest first, each with its period;
    ``events`` everything that ever met the payers' caps, in order; ``outside`` what never did.
    """

    number: int = 0
    first_stated: dict[int, int] = field(default_factory=dict)
    stated_on: dict[int, date] = field(default_factory=dict)
    layers: dict[int, list[tuple[int, dict[str, int]]]] = field(default_factory=dict)
    clauses: dict[int, Share] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    events: list[tuple[int, dict[str, int]]] = field(default_factory=list)
    outside: list[dict[str, int]] = field(default_factory=list)
    paid: dict[str, int] = field(default_factory=dict)
    standing: set[int] = field(default_factory=set)
    exempt: set[int] = field(default_factory=set)

    def state(self, contract: Contract, known: Sequence[Row], period: Period) -> dict[str, int]:
        """Draw up one statement, keep it, and return what each payer owes by it.

        ``known`` holds every outcome recorded so far, whether it counts or not.
        """
        self.number += 1
        rows, due = self._due(contract, known, period)
        place = {row.id: where for where, row in enumerate(rows)}
        stands = {id_: sum(sum(parts.values()) for _, parts in layers) for id_, layers in self.layers.items()}
        gone = [(id_, -amount) for id_, amount in stands.items() if id_ not in place and amount]
        moved = [(rows[where].id, due[where] - stands.get(rows[where].id, 0)) for where in in_order(rows, contract)]
        # What is taken back meets the running totals first.
        for id_, change in [*gone, *(one for one in moved if one[1] < 0), *(one for one in moved if one[1] > 0)]:
            if id_ in place:
                self.clauses[id_] = clause_of(contract, rows[place[id_]])
            self._change(contract, id_, change, period.index)
        # A guaranteed volume that was reached leaves nothing that stands.
        self.standing = {row.id for row in rows if row.count or row.metric is not None}
        for row in rows:
            self.first_stated.setdefault(row.id, self.number)
        paid_rows = after_payer_caps(self.events, payer_cap_states(contract), period.index)
        capped = {payer: sum(row.parts[payer] for row in paid_rows) for payer in payers_of(contract)}
        paid = {payer: amount + sum(parts[payer] for parts in self.outside) for payer, amount in capped.items()}
        pays = {payer: amount - self.paid.get(payer, 0) for payer, amount in paid.items()}
        self.paid = paid
        return pays

    def _due(self, contract: Contract, known: Sequence[Row], period: Period) -> tuple[list[Row], list[int]]:
        reached = [row for row in known if row.achieved_on is None or row.achieved_on <= period.end]
        rows = [row for row, against in zip(reached, reasons_of(contract, reached), strict=True) if not against]
        for row in rows:
            self.stated_on.setdefault(row.id, period.end)
        rows = [_as_of(self._marked(row), period.end) for row in rows]
        amounts = earned(contract, rows)
        exempt = [False] * len(rows)
        for each in scheduled(contract, rows, period.end):
            if each.count or each.id in self.standing:
                rows.append(self._marked(each.row))
                amounts.append(each.amount)
                exempt.append(not each.uses_caps)
                self.exempt |= set() if each.uses_caps else {each.id}
        return rows, payable(contract, rows, amounts, exempt=exempt)

    def _change(self, contract: Contract, id_: int, change: int, period: int) -> None:
        """Let one row's amount rise or fall, and let that meet the payers' caps.

        What falls counts in the period in which it was stated, the latest first.
        """
        share = self.clauses[id_]
        before = self.totals.get(share.id, 0)
        self.totals[share.id] = before + change
        parts = parts_of(contract, share, before, before + change)
        layers = self.layers.setdefault(id_, [])
        if id_ in self.exempt:
            layers.append((period, parts))
            self.outside.append(parts)
            return
        while change < 0 and len(layers) > 1 and sum(layers[-1][1].values()) < -sum(parts.values()):
            stated_in, stated = layers.pop()
            self.events.append((stated_in, {payer: -amount for payer, amount in stated.items()}))
            parts = {payer: amount + stated[payer] for payer, amount in parts.items()}
        if change < 0:
            stated_in, stated = layers.pop()
            left = {payer: amount + parts[payer] for payer, amount in stated.items()}
            self.events.append((stated_in, parts))
            if sum(left.values()):
                layers.append((stated_in, left))
        else:
            self.events.append((period, parts))
            layers.append((period, parts))

    def _marked(self, row: Row) -> Row:
        stated = self.first_stated[row.id] if row.id in self.standing else None
        return Row(**{**vars(row), "stated": stated, "stated_on": self.stated_on.get(row.id)})


def _as_of(row: Row, day: date) -> Row:
    """Return a row as it is known on a day: a job that ends later is still held."""
    is_held = row.ended_on is not None and row.ended_on > day
    return Row(**{**vars(row), "ended_on": None}) if is_held else row
