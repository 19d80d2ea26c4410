from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from sib_engine.core.errors import RefusedError
from sib_engine.storage.append_only import guard, unguard, unguarded
from sib_engine.storage.base import Base
from sib_engine.storage.migrate import HEAD_FILE, head, refuse_old, revision, upgrade
from sib_engine.storage.store import Store
from sib_engine.storage.tables import APPEND_ONLY
from tests.store.office import Office

NAMES = [table.__tablename__ for table in APPEND_ONLY]


def test_the_migrations_make_the_tables_that_the_code_knows(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, Base.metadata) == []


def test_the_head_file_names_the_revision_of_a_new_database(store: Store) -> None:
    assert revision(store) == head() == HEAD_FILE.read_text(encoding="utf-8").strip()


def test_upgrading_again_changes_nothing(store: Store) -> None:
    assert upgrade(store) == (head(), head())


def test_a_database_of_a_newer_version_is_refused(store: Store) -> None:
    with store.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(RefusedError, match="made by a newer one"):
        upgrade(store)
    with pytest.raises(RefusedError, match="the database is at 9999 and this version needs"):
        refuse_old(store)


def test_every_record_is_guarded_after_the_migrations(store: Store) -> None:
    with store.engine.connect() as connection:
        assert unguarded(connection, *NAMES) == ()


def test_a_guard_that_is_missing_is_named(store: Store) -> None:
    with store.engine.begin() as connection:
        unguard(connection, "fact", "audit_entry")
        assert unguarded(connection, *NAMES) == ("audit_entry", "fact")
        guard(connection, "fact", "audit_entry")
        assert unguarded(connection, *NAMES) == ()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE contract_version SET note = 'x'",
        "DELETE FROM contract_version",
        "UPDATE audit_entry SET payload = '{}'",
        "DELETE FROM audit_entry",
    ],
)
def test_a_written_record_cannot_be_changed_or_taken_away(store: Store, tmp_path: Path, change: str) -> None:
    Office.opened(store, tmp_path)

    with pytest.raises(DBAPIError, match="is append-only"), store.begin() as session:
        session.execute(text(change))


def test_no_record_can_be_replaced_or_emptied(store: Store, tmp_path: Path) -> None:
    Office.opened(store, tmp_path)
    change = (
        "INSERT OR REPLACE INTO contract_version SELECT id, contract_id, number, digest, 'x', note, seq"
        " FROM contract_version"
        if store.is_sqlite
        else "TRUNCATE contract_version CASCADE"
    )

    with pytest.raises(DBAPIError, match="is append-only"), store.begin() as session:
        session.execute(text(change))
