"""A process that does one command after the other and says so only when each is kept."""

from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from time import sleep
from typing import Any

from sib_engine.storage.chain import head
from sib_engine.storage.store import Store
from tests.store.faults.steps import do
from tests.store.office import Office


def work(url: str, folder: Path, first: int, talk: "Connection[Any, Any]", silence: float) -> None:
    """Do the steps from ``first`` on, until killed; tell of each before it begins and after it is kept.

    ``silence`` are the seconds between the two, in which a command is kept and nobody knows.
    """
    store = Store(url)
    office = Office(store, folder)
    for step in count(first):
        talk.send((step, 0, ""))
        do(office, step)
        with store.read() as session:
            seq, kept = head(session)
        sleep(silence)
        talk.send((step, seq, kept))
