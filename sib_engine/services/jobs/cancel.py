"""Use case: stop a piece of work that was asked for."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.core.errors import NotFoundError, RefusedError
from sib_engine.services.jobs.states import ENDED, JobState
from sib_engine.storage.tables import Job


def cancel(session: Session, number: int) -> JobState:
    """Stop a piece of work, and return where it stands now.

    One that waits is cancelled at once. One that a worker holds is told so, and stops when the worker next tells
    how far it is; until then it is still held.

    Raises:
        NotFoundError: If there is no such job.
        RefusedError: If it has ended already.
    """
    job = session.execute(select(Job).where(Job.id == number).with_for_update()).scalar_one_or_none()
    if job is None:
        message = f"there is no job {number}"
        raise NotFoundError(message)
    state = JobState(job.state)
    if state in ENDED:
        message = f"job {number} is {state} already, so there is nothing to stop"
        raise RefusedError(message)
    job.stops = True
    if state is JobState.WAITING:
        state = JobState.CANCELLED
        job.state = state.value
    session.flush()
    return state
