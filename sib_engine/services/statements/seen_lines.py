"""Which lines of a statement somebody may see one by one, and the others added up."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.payments.statement.lines import LineKind, StatedLine
from sib_engine.services.access.actors import Actor, roles_of
from sib_engine.services.access.roles import PERMISSIONS, Action, Role
from sib_engine.storage.records.contracts import Registered
from sib_engine.storage.tables import Claim

_OWN_ONLY: Final = frozenset({Role.PROVIDER})
"""Roles that see rows of their own organisation's claims and no others."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """Whether somebody may not see a row about a person: ``kept`` are those they may, None for all of them."""

    kept: frozenset[str] | None

    def __call__(self, row: str, metric: str) -> bool:
        """Return whether a row is hidden; scheduled money has no metric and is about nobody."""
        return bool(row and metric) and self.kept is not None and row not in self.kept


def hidden_from(session: Session, contract: Registered, by: Actor) -> Hidden:
    """Return which rows about people somebody may not see."""
    roles = roles_of(session, by, contract.id)
    if not any(Action.SEE_PEOPLE in PERMISSIONS[role] for role in roles):
        return Hidden(frozenset())
    if not roles <= _OWN_ONLY:
        return Hidden(None)
    own = select(Claim.row).where(Claim.contract_id == contract.id, Claim.organisation_id == by.organisation_id)
    others = select(Claim.row).where(Claim.contract_id == contract.id, Claim.organisation_id != by.organisation_id)
    if session.execute(others.limit(1)).first() is None:
        return Hidden(None)
    return Hidden(frozenset(session.execute(own).scalars()))


def added_up(lines: Iterable[StatedLine]) -> list[StatedLine]:
    """Return lines added up by own period, kind, metric and site, without rows and days."""
    summed: dict[tuple[object, ...], StatedLine] = {}
    for line in lines:
        key = (line.own_period, line.kind, line.metric, line.site)
        before = summed.get(key)
        why = line.why if line.kind is LineKind.RECOVERY else ""
        blank = replace(line, row="", group="", achieved_on=None, tariff="", price="", share="", measured="", why=why)
        summed[key] = (
            blank
            if before is None
            else replace(
                before,
                count=before.count + line.count,
                earned=before.earned + line.earned,
                payable=before.payable + line.payable,
                shared=tuple(map(sum, zip(before.shared, line.shared, strict=True))),
                pays=tuple(map(sum, zip(before.pays, line.pays, strict=True))),
                is_assumed=before.is_assumed or line.is_assumed,
                why=before.why if before.why == why else "",
            )
        )
    return list(summed.values())
