"""Who may upload for a contract: somebody in a role that does, of an organisation that is one of its parties."""

from sqlalchemy.orm import Session

from sib_engine.core.errors import SegregationError
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.storage.records.contracts import Registered


def require_uploader(session: Session, contract: Registered, by: Actor) -> None:
    """Refuse who may not upload for a contract.

    Raises:
        SegregationError: If no role of ``by`` allows it, or their organisation is no party of the contract.
    """
    require(session, by, Action.UPLOAD, contract.id)
    if by.organisation_id not in contract.organisations.values():
        message = (
            f"{by.organisation!r} is no party of {contract.terms.code}; accepted: somebody of an organisation that"
            " is registered as one of its parties"
        )
        raise SegregationError(message)
