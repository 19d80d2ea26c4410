"""Use case: what has been earned and lacks a record, until when, and what it is worth; and what falls due later."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from sib_engine.core.money import Currency, plain
from sib_engine.outcomes.due import due_places, lacking
from sib_engine.outcomes.reasons import LACKS_A_RECORD
from sib_engine.services.access.actors import Actor
from sib_engine.services.claims.open_lines import Group, OpenLine, groups_of, open_outcomes
from sib_engine.services.would_earn import Worth, worth_of
from sib_engine.terms.contract import Contract


@dataclass(frozen=True, slots=True)
class Chase:
    """Lines by closing date, the earliest first; ``too_late`` are those whose closing date has passed.

    ``worth`` and ``worth_too_late`` are what they come to together, before caps.
    """

    contract: Contract
    as_of: date
    lines: tuple[OpenLine, ...]
    too_late: tuple[OpenLine, ...]
    worth: Worth | None
    worth_too_late: Worth | None

    def by_specialist(self) -> tuple[Group, ...]:
        """Return what each employment specialist has to chase, in order of their first closing date."""
        groups = groups_of(self.lines, lambda line: line.specialist, lambda line: line.record_by)
        return tuple(sorted(groups, key=lambda group: (group.first_on or date.max, group.name)))

    def as_dict(self) -> dict[str, Any]:
        """Return the list as ``sib claims chase --json`` prints it."""
        currency = self.contract.currency
        return {
            "contract": self.contract.code,
            "as_of": self.as_of.isoformat(),
            "at_stake": _plain(self.worth, currency),
            "too_late": _plain(self.worth_too_late, currency),
            "assumed": any(each is not None and each.is_assumed for each in (self.worth, self.worth_too_late)),
            "specialists": [_group(each, "specialist", currency) for each in self.by_specialist()],
            "lines": [line.as_dict(currency) for line in self.lines],
            "lines_too_late": [line.as_dict(currency) for line in self.too_late],
        }


@dataclass(frozen=True, slots=True)
class FallsDue:
    """What falls due if the work lasts, the earliest first; ``worth`` is what it comes to, before caps."""

    contract: Contract
    as_of: date
    lines: tuple[OpenLine, ...]
    worth: Worth | None

    def by_month(self) -> tuple[Group, ...]:
        """Return what falls due in each month, in order of time."""
        groups = groups_of(self.lines, lambda line: f"{line.due_on:%Y-%m}", lambda line: line.due_on)
        return tuple(sorted(groups, key=lambda group: group.name))

    def as_dict(self) -> dict[str, Any]:
        """Return the list as ``sib claims due --json`` prints it."""
        currency = self.contract.currency
        return {
            "contract": self.contract.code,
            "as_of": self.as_of.isoformat(),
            "falls_due": _plain(self.worth, currency),
            "assumed": self.worth is not None and self.worth.is_assumed,
            "months": [_group(each, "month", currency) for each in self.by_month()],
            "lines": [line.as_dict(currency) for line in self.lines],
        }


def chase(
    session: Session, code: str, *, specialist: str | None = None, by: Actor, at: datetime, seq: int | None = None
) -> Chase:
    """Return what has been earned under a contract and lacks a record, as of today.

    What was rejected or withdrawn is not chased, nor what could only follow it.

    Args:
        session: The store, open to read.
        code: Code of a registered contract.
        specialist: The employment specialist whose people it is about; everybody's by default.
        by: Who asks; providers see their own organisation's people only.
        at: When, or as of when.
        seq: Place in the chain up to which records are read; all of it by default.

    Raises:
        NotFoundError: If the contract is not registered, or nobody's specialist is called so.
        SegregationError: If ``by`` may see no rows about people.
    """
    board = open_outcomes(session, code, by, at, seq)
    mine = board.seen(specialist)
    in_time, late = lacking(board.contract.terms, board.table, LACKS_A_RECORD, as_known_on=board.today)
    return Chase(
        contract=board.terms,
        as_of=board.today,
        lines=board.lines(in_time & mine, lambda line: line.record_by),
        too_late=board.lines(late & mine, lambda line: line.record_by),
        worth=worth_of(board.terms, board.table, in_time & mine),
        worth_too_late=worth_of(board.terms, board.table, late & mine),
    )


def falls_due(session: Session, code: str, *, by: Actor, at: datetime, seq: int | None = None) -> FallsDue:
    """Return what falls due under a contract if the work lasts, as of today; see :func:`chase`."""
    board = open_outcomes(session, code, by, at, seq)
    is_due = np.zeros(len(board.table), dtype=np.bool_)
    is_due[due_places(board.table)] = True
    is_due &= board.seen(None)
    return FallsDue(
        contract=board.terms,
        as_of=board.today,
        lines=board.lines(is_due, lambda line: line.due_on),
        worth=worth_of(board.terms, board.table, is_due),
    )


def _plain(worth: Worth | None, currency: Currency) -> str | None:
    return None if worth is None else plain(worth.amount, currency)


def _group(group: Group, kind: str, currency: Currency) -> dict[str, Any]:
    return {
        kind: group.name,
        "outcomes": group.n_lines,
        "amount": _plain(group.worth, currency),
        "first_on": None if group.first_on is None else group.first_on.isoformat(),
    }
