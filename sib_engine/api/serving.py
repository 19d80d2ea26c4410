"""What requests are answered with, and what a request that was let in brings along."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import current_app
from sqlalchemy.orm import Session

from sib_engine.services.access.actors import Actor
from sib_engine.storage.evidence_store import EvidenceFolder
from sib_engine.storage.store import Store

EXTENSION: Final = "sib-engine"


@dataclass(frozen=True, slots=True)
class Serving:
    """The store, the clock and the evidence folder of one process; ``evidence`` is None where none is set up."""

    store: Store
    clock: Callable[[], datetime]
    evidence: EvidenceFolder | None


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that was let in: the session it is answered in, who asks, and when."""

    session: Session
    by: Actor
    at: datetime


def serving() -> Serving:
    """Return what the application at hand serves with."""
    found: Serving = current_app.extensions[EXTENSION]
    return found
