from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from sib_engine.core.errors import RefusedError
from sib_engine.storage import chain
from sib_engine.storage.append_only import guard, unguard
from sib_engine.storage.store import Store
from sib_engine.storage.tables import Organisation
from sib_engine.storage.verify import Break, verify
from tests.store.office import SOURCE, Office, at


def broken(store: Store, *changes: str, table: str) -> tuple[Break, ...]:
    """Return what is found when somebody who owns the database takes the guard off, changes it and puts it back."""
    with store.engine.begin() as connection:
        unguard(connection, table)
        for change in changes:
            connection.execute(text(change))
        guard(connection, table)
    with store.read() as session:
        return verify(session).breaks


def stop_half_way(store: Store) -> None:
    with store.begin() as session:
        command = chain.begin(session, "organisation.add", by_id=None, at=at("2021-02-01"))
        command.add_one(Organisation, name="Half Done")
        raise ZeroDivisionError


def test_a_chain_that_nobody_touched_is_whole(store: Store, tmp_path: Path) -> None:
    Office.opened(store, tmp_path)

    with store.read() as session:
        found = verify(session)

    assert (found.breaks, found.n_entries) == ((), 14)


def test_a_row_that_was_changed_is_named_with_its_command(store: Store, tmp_path: Path) -> None:
    Office.opened(store, tmp_path)

    (first,) = broken(store, "UPDATE contract_version SET source = 'x'", table="contract_version")

    assert first.command == "contract.register"
    assert first.what == "a row that it wrote was changed"


def test_a_row_that_was_taken_away_is_named(store: Store, tmp_path: Path) -> None:
    Office.opened(store, tmp_path)

    (first,) = broken(store, "DELETE FROM contract_party WHERE party = 'fund'", table="contract_party")

    assert (first.command, first.what) == ("contract.register", "it wrote 4 rows, and there are 3")


def test_an_entry_that_was_changed_breaks_itself(store: Store, tmp_path: Path) -> None:
    Office.opened(store, tmp_path)

    found = broken(store, "UPDATE audit_entry SET by_id = NULL WHERE seq = 13", table="audit_entry")

    assert [(each.seq, each.what) for each in found] == [(13, "what it says was changed after it was written")]


def test_an_entry_that_was_taken_away_breaks_the_next(store: Store, tmp_path: Path) -> None:
    Office.opened(store, tmp_path)

    found = broken(store, "DELETE FROM audit_entry WHERE seq = 5", table="audit_entry")

    assert [(each.seq, each.what) for each in found] == [
        (6, "it follows number 4: entries between are missing"),
        (6, "it does not hold the hash of the entry before it"),
        (5, "rows name this entry, and there is no such entry"),
    ]


def test_a_chain_written_anew_differs_from_an_anchor(store: Store, tmp_path: Path) -> None:
    Office.opened(store, tmp_path)

    with store.read() as session:
        seq, _ = chain.head(session)
        found = verify(session, anchors={seq: "sha256:another", 99: "sha256:later"})

    assert [each.seq for each in found.breaks] == [seq, 99]
    assert "written anew" in found.breaks[0].what


def test_a_command_that_fails_leaves_no_row_and_no_entry(store: Store, tmp_path: Path) -> None:
    office = Office.opened(store, tmp_path)
    with store.read() as session:
        before = chain.head(session)

    with pytest.raises(ZeroDivisionError):
        stop_half_way(store)
    with pytest.raises(RefusedError, match="needs a note"):
        office.register(SOURCE.read_text(encoding="utf-8").replace("50000", "60000"), on="2021-02-01")

    with store.read() as session:
        assert chain.head(session) == before
        assert session.execute(select(Organisation.id).where(Organisation.name == "Half Done")).first() is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE account SET organisation_id = 2 WHERE login = 'ada'",
        "UPDATE account SET name = 'Somebody' WHERE login = 'abe'",
        "UPDATE organisation SET name = 'Another' WHERE name = 'Harbour Works'",
    ],
)
def test_who_somebody_works_for_is_a_record_that_nobody_changes(store: Store, tmp_path: Path, change: str) -> None:
    Office.opened(store, tmp_path)

    with pytest.raises(IntegrityError, match="append-only"), store.begin() as session:
        session.execute(text(change))
    assert broken(store, change, table=change.split()[1])[0].what == "a row that it wrote was changed"
