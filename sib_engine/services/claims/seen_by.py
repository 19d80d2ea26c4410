"""Whose claims somebody sees."""

from sqlalchemy.orm import Session

from sib_engine.services.access.actors import Actor, roles_of
from sib_engine.services.access.roles import PERMISSIONS, Action, Role

_OWN_ONLY = frozenset({Role.PROVIDER})
"""Roles that see the claims of their own organisation and no others."""


def sees_only_own(session: Session, by: Actor, contract_id: int) -> bool:
    """Return whether somebody sees the claims of their own organisation and no others."""
    return roles_of(session, by, contract_id) <= _OWN_ONLY


def may_know_people(session: Session, by: Actor, contract_id: int) -> bool:
    """Return whether somebody works with their own organisation's people, so that they may read their references."""
    return any(Action.UPLOAD in PERMISSIONS[role] for role in roles_of(session, by, contract_id))
