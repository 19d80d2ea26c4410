"""Use case: take the next piece of work, hold it for a while, and tell how far it is."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session

from sib_engine.core.errors import RefusedError
from sib_engine.services.jobs.states import LEASE, MOST_ATTEMPTS, JobState
from sib_engine.storage.tables import Job

GIVEN_UP: Final = f"begun {MOST_ATTEMPTS} times and not ended: its worker was lost each time"


@dataclass(frozen=True, slots=True)
class Lease:
    """A piece of work in the hands of one worker: ``attempt`` tells this lease from an earlier one of the same job."""

    job: int
    kind: str
    payload: dict[str, Any]
    worker: str
    attempt: int


def lease(
    session: Session, *, worker: str, kinds: Sequence[str], at: datetime, lasts: timedelta = LEASE
) -> Lease | None:
    """Take the oldest piece of work that nobody holds, and return it; None where there is none.

    Work whose lease has run out is taken again, :data:`MOST_ATTEMPTS` times at most. Two workers never take the
    same: PostgreSQL passes over the row that another is taking, and SQLite has one writer.

    Args:
        session: The store, open to write; the caller commits at once and works outside the transaction.
        worker: A name that no other worker has.
        kinds: What the worker can do.
        at: Now.
        lasts: For how long the worker has it.
    """
    ran_out = and_(Job.state == JobState.HELD.value, Job.leased_until < at)
    while True:
        job = session.execute(
            select(Job)
            .where(or_(Job.state == JobState.WAITING.value, ran_out), Job.kind.in_(kinds))
            .order_by(Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).scalar_one_or_none()
        if job is None:
            return None
        if job.stops or job.attempts >= MOST_ATTEMPTS:
            job.state = (JobState.CANCELLED if job.stops else JobState.FAILED).value
            job.result = None if job.stops else GIVEN_UP
            job.worker, job.leased_until = None, None
            session.flush()
            continue
        job.state, job.worker, job.leased_until = JobState.HELD.value, worker, at + lasts
        job.attempts += 1
        session.flush()
        return Lease(job.id, job.kind, json.loads(job.payload), worker, job.attempts)


def progress(session: Session, held: Lease, *, done: int, of: int, at: datetime, lasts: timedelta = LEASE) -> bool:
    """Tell how far a piece of work is, and hold it on; return whether it shall go on.

    Raises:
        RefusedError: If the lease ran out and another worker has it.
    """
    write_held(session, held, done=done, of=of, leased_until=at + lasts)
    return not session.execute(select(Job.stops).where(Job.id == held.job)).scalar_one()


def write_held(session: Session, held: Lease, **values: Any) -> None:  # noqa: ANN401 - the columns of a job
    """Change the row of a piece of work that is still held.

    Raises:
        RefusedError: If it is not.
    """
    change = (
        update(Job)
        .where(
            Job.id == held.job,
            Job.state == JobState.HELD.value,
            Job.worker == held.worker,
            Job.attempts == held.attempt,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    changed = session.execute(change)
    if not isinstance(changed, CursorResult) or changed.rowcount != 1:
        message = f"{held.worker} no longer holds job {held.job}: its lease ran out; what it did since is not kept"
        raise RefusedError(message)
