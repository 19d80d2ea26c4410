"""Where a piece of work stands, and how long and how often it is tried."""

from datetime import timedelta
from enum import StrEnum
from typing import Final


class JobState(StrEnum):
    """Where a piece of work stands."""

    WAITING = "waiting"
    HELD = "held"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED: Final = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)

LEASE: Final = timedelta(minutes=2)
"""How long a worker has a piece of work before it must tell how far it is."""

MOST_ATTEMPTS: Final = 3
"""How often a piece of work is begun: one that ends its workers would otherwise end all of them."""
