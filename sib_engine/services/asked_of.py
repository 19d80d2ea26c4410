"""What one statement asks of each payer: due to date, less what earlier statements asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sib_engine.core.dates import Period
from sib_engine.core.errors import RefusedError
from sib_engine.core.findings import Finding, note
from sib_engine.core.money import Currency, plain
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.payments.due import Due
from sib_engine.payments.statement.draw_up import draw_up
from sib_engine.payments.statement.lines import LineKind, StatedLine
from sib_engine.services.draw_statement import known_outcomes
from sib_engine.services.named_rows import rows_named
from sib_engine.terms.contract import Contract


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """What one earlier statement asked of a payer, in minor units."""

    statement: int
    period: str
    amount: int


@dataclass(frozen=True, slots=True)
class AskedOf:
    """What a statement asks of a payer, in minor units: ``due`` less what was asked before, and ``differs``.

    ``due`` is what the payer pays of all that is due to date, after its own caps; ``lines`` adds up the
    statement's own lines of each kind. ``is_drawn_up`` says that the statement is among those given. Then
    ``differs`` is what has changed since, as yet unstated; else it is nothing, but where a payer's cap counts
    in periods what statements state in steps.
    """

    payer: str
    statement: int
    period: str
    is_drawn_up: bool
    due: int
    before: tuple[AskedBefore, ...]
    lines: tuple[tuple[LineKind, int], ...]

    @property
    def asked(self) -> int:
        """What the statement asks: the payer's column of ``sib statement``."""
        return sum(amount for _, amount in self.lines)

    @property
    def differs(self) -> int:
        """What is asked beyond what is due to date less what was asked before."""
        return self.asked - self.due + sum(each.amount for each in self.before)

    def as_dict(self, currency: Currency) -> dict[str, Any]:
        """Return it as ``sib explain --json`` prints it."""
        return {
            "payer": self.payer,
            "statement": self.statement,
            "period": self.period,
            "drawn_up": self.is_drawn_up,
            "due_to_date": plain(self.due, currency),
            "asked_before": [
                {"statement": each.statement, "period": each.period, "amount": plain(each.amount, currency)}
                for each in self.before
            ],
            "differs": plain(self.differs, currency),
            "asked": plain(self.asked, currency),
            "lines": [{"kind": kind.value, "amount": plain(amount, currency)} for kind, amount in self.lines],
        }


def asked_of(
    contract: Contract,
    table: OutcomeTable,
    due: Due,
    *,
    stated: Sequence[StatedLine],
    period: Period,
    known_on: date,
) -> tuple[tuple[AskedOf, ...], tuple[Finding, ...]]:
    """Return what the statement for a period asks of each payer; nothing, and why, where there can be none.

    It is the last one for that period among those given, if that used records to ``known_on`` or later;
    else the one that would be drawn up after them.

    Args:
        contract: Terms in force at the end of the period.
        table: The outcomes.
        due: What is due to date.
        stated: Lines of statements for this period and earlier ones, oldest first.
        period: The period.
        known_on: Last day whose records the statement uses.
    """
    last = max(
        (line.statement for line in stated if line.period == period.label and line.known_on >= known_on), default=0
    )
    notes: list[Finding] = []
    if last:
        before = [line for line in stated if line.statement < last]
        own = [line for line in stated if line.statement == last]
        number = last
    else:
        try:
            with rows_named(table):
                made = draw_up(contract, known_outcomes(contract, table), period, stated=stated, known_on=known_on)
        except RefusedError as refused:
            return (), (note("no-statement", f"no statement for {period.label} can follow those given: {refused}"),)
        if made.restatements:
            what = f"the terms have changed: statement {made.number} is drawn up only once the restatement is accepted"
            notes.append(note("restatement", what))
        before, own, number = list(stated), list(made.kept_lines), made.number
    amounts = due.paid.parts.sum(axis=0).tolist()
    recovered = [line for line in (*before, *own) if line.kind is LineKind.RECOVERY]
    found = tuple(
        AskedOf(
            payer=payer,
            statement=number,
            period=period.label,
            is_drawn_up=bool(last),
            due=amount + sum(_pays(line, payer) for line in recovered),
            before=_before(before, payer),
            lines=_by_kind(own, payer),
        )
        for payer, amount in zip(due.paid.payers, amounts, strict=True)
    )
    return found, tuple(notes)


def _before(lines: Sequence[StatedLine], payer: str) -> tuple[AskedBefore, ...]:
    sums: dict[tuple[int, str], int] = {}
    for line in lines:
        key = (line.statement, line.period)
        sums[key] = sums.get(key, 0) + _pays(line, payer)
    return tuple(AskedBefore(*key, amount) for key, amount in sums.items())


def _by_kind(lines: Sequence[StatedLine], payer: str) -> tuple[tuple[LineKind, int], ...]:
    """Return what the lines of each kind ask of a payer, kinds in the order of a statement."""
    sums: dict[LineKind, int] = {}
    for line in lines:
        sums[line.kind] = sums.get(line.kind, 0) + _pays(line, payer)
    return tuple((kind, sums[kind]) for kind in LineKind if sums.get(kind))


def _pays(line: StatedLine, payer: str) -> int:
    return dict(zip(line.payers, line.pays, strict=True)).get(payer, 0)
