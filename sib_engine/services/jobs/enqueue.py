"""Use case: ask for a piece of work, in the transaction of what it belongs to."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from sib_engine.services.access.actors import Actor
from sib_engine.services.jobs.states import JobState
from sib_engine.storage.tables import Job


def enqueue(session: Session, kind: str, payload: Mapping[str, Any], *, by: Actor | None, of: int = 0) -> int:
    """Put a piece of work in line and return its number; no worker sees it before the caller commits.

    Args:
        session: The store, open to write.
        kind: What is to be done, as workers know it.
        payload: What they need for it, in JSON; nothing personal, since a job is no record of anything.
        by: Who asks for it; None where the engine itself does.
        of: Steps that it will take, where that is known.
    """
    job = Job(
        kind=kind,
        payload=json.dumps(payload, sort_keys=True),
        by_id=None if by is None else by.id,
        state=JobState.WAITING.value,
        worker=None,
        leased_until=None,
        done=0,
        of=of,
        stops=False,
        result=None,
        attempts=0,
    )
    session.add(job)
    session.flush()
    return job.id
