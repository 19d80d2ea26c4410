"""Use case: end a piece of work: done, stopped as asked, or failed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.services.jobs.lease import Lease, write_held
from sib_engine.services.jobs.states import MOST_ATTEMPTS, JobState
from sib_engine.storage.tables import Job


def finish(session: Session, held: Lease, *, result: str = "") -> None:
    """Say that a piece of work is done, in the transaction of what it wrote, so that both are kept or neither.

    Raises:
        RefusedError: If the lease ran out; what was written with it is not kept.
    """
    write_held(session, held, state=JobState.DONE.value, result=result, worker=None, leased_until=None)


def stop(session: Session, held: Lease) -> None:
    """Say that a piece of work was stopped because somebody asked for it.

    Raises:
        RefusedError: If the lease ran out.
    """
    write_held(session, held, state=JobState.CANCELLED.value, worker=None, leased_until=None)


def fail(session: Session, held: Lease, why: str, *, is_final: bool = False) -> bool:
    """Say that a piece of work failed, and return whether it will be tried again.

    Args:
        session: The store, open to write.
        held: The work.
        why: What went wrong, in words.
        is_final: Whether trying again would end in the same way, as where a file has errors.

    Raises:
        RefusedError: If the lease ran out.
    """
    stops = session.execute(select(Job.stops).where(Job.id == held.job)).scalar_one()
    again = not is_final and not stops and held.attempt < MOST_ATTEMPTS
    state = JobState.WAITING if again else JobState.CANCELLED if stops else JobState.FAILED
    write_held(session, held, state=state.value, result=why, worker=None, leased_until=None)
    return again
