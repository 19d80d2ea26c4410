"""A process that takes work until there is none."""

from datetime import UTC, datetime
from pathlib import Path

from sib_engine.services.jobs.finish import finish
from sib_engine.services.jobs.lease import lease
from sib_engine.storage.store import Store


def take_all(url: str, name: str, log: Path) -> None:
    """Take and finish every piece of work that nobody else holds, and write the number of each to a file."""
    store = Store(url)
    with log.open("w", encoding="utf-8") as out:
        while True:
            with store.begin() as session:
                held = lease(session, worker=name, kinds=("report",), at=datetime.now(UTC))
            if held is None:
                break
            out.write(f"{held.job}\n")
            with store.begin() as session:
                finish(session, held)
    store.close()
