"""Shares and payers' caps once more, slowly: a penny at a time, in exact fractions, without numpy.

Written from the design, not from ``sib_engine.payments``: nothing is imported from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


def penny_by_penny(total: int, parts: Sequence[Fraction]) -> list[int]:
    """Return what each payer has when ``total`` pennies have been given out one after the other.

    A payer may take a penny while it holds less than its exact share of all pennies given out, this
    one included. Of those that may, the smallest (has + 1) / part takes it; the earlier of equals.
    """
    has = [0] * len(parts)
    for penny in range(1, total + 1):
        open_to = [payer for payer, part in enumerate(parts) if part * penny > has[payer]]
        due = [(has[payer] + 1) / parts[payer] for payer in open_to]
        has[open_to[due.index(min(due))]] += 1
    return has


def divided(total: int, parts: Sequence[Fraction]) -> list[int]:
    """Return :func:`penny_by_penny` for a large total: whole cycles first, then the rest.

    The exact parts of ``cycle`` pennies are whole numbers, so after a cycle everybody stands where
    they began.
    """
    cycle = 1
    while any((part * cycle).denominator != 1 for part in parts):
        cycle += 1
    whole, rest = divmod(total, cycle)
    return [
        int(part * cycle) * whole + part_of_rest
        for part, part_of_rest in zip(parts, penny_by_penny(rest, parts), strict=True)
    ]


def largest_remainder(total: int, parts: Sequence[Fraction]) -> list[int]:
    """Return the usual rounding of a total to whole pennies; kept to show what is wrong with it."""
    exact = [part * total for part in parts]
    rounded = [int(quota) for quota in exact]
    by_remainder = sorted(range(len(parts)), key=lambda payer: rounded[payer] - exact[payer])
    for payer in by_remainder[: total - sum(rounded)]:
        rounded[payer] += 1
    return rounded


class PayerCapState:
    """What has arrived at one payer's cap so far, period by period, and so what it has cut in all.

    ``to`` is a payer, ``"lost"`` or ``"next period"``.
    """

    def __init__(self, payer: str, limit: int, to: str, *, per_period: bool) -> None:
        """Begin with nothing."""
        self.payer, self.limit, self.to, self.per_period = payer, limit, to, per_period
        self.arrived: dict[int, int] = {}

    def cut(self, until: int) -> int:
        """Return all that has been cut so far, as it stands at the end of period ``until``."""
        if not self.per_period:
            return max(sum(self.arrived.values()) - self.limit, 0)
        if self.to != "next period":
            return sum(max(amount - self.limit, 0) for amount in self.arrived.values())
        waiting = 0
        for period in range(min(self.arrived, default=until), until + 1):
            waiting += self.arrived.get(period, 0)
            waiting -= min(waiting, self.limit)
        return waiting + sum(amount for period, amount in self.arrived.items() if period > until)

    def meet(self, period: int, amount: int, until: int) -> int:
        """Let one more row's amount arrive, and return what the cap cuts from it."""
        before = self.cut(until)
        self.arrived[period] = self.arrived.get(period, 0) + amount
        return self.cut(until) - before


@dataclass
class PaidRow:
    """What payers' caps leave of one row: per payer, lost, and waiting."""

    parts: dict[str, int]
    lost: int = 0
    waiting: int = 0


def after_payer_caps(
    owed: Sequence[tuple[int, dict[str, int]]], caps: Sequence[PayerCapState], until: int
) -> list[PaidRow]:
    """Return what is paid of each row, the rows given as (period, owed per payer) in the kernel's order.

    Payers are settled one after the other, a payer only when nobody still to be settled can pass
    money to it; of one payer's caps those for each period come first.
    """
    paid = []
    for period, by_payer in owed:
        row = PaidRow(dict(by_payer))
        left = list(by_payer)
        while left:
            payer = next(one for one in left if not any(cap.to == one and cap.payer in left for cap in caps))
            left.remove(payer)
            for cap in sorted((cap for cap in caps if cap.payer == payer), key=lambda cap: not cap.per_period):
                cut = cap.meet(period, row.parts[payer], until)
                row.parts[payer] -= cut
                if cap.to in row.parts:
                    row.parts[cap.to] += cut
                elif cap.to == "lost":
                    row.lost += cut
                else:
                    row.waiting += cut
        paid.append(row)
    return paid
