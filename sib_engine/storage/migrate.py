"""Bring a database to the tables of this version: numbered migrations, run through Alembic."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from sib_engine.core.errors import RefusedError
from sib_engine.storage.store import Store

FOLDER: Final = Path(__file__).parent / "migrations"
HEAD_FILE: Final = FOLDER / "HEAD"


def upgrade(store: Store) -> tuple[str | None, str]:
    """Run what is missing, all of it or none, and return the revision before and after."""
    before = revision(store)
    after = head()
    if before is not None and before not in _known():
        message = f"the database is at {before}, which this version does not know: it was made by a newer one"
        raise RefusedError(message)
    with store.engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return before, after


def revision(store: Store) -> str | None:
    """Return the revision that a database is at; None where it is empty."""
    with store.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """Return the revision that this version needs."""
    return HEAD_FILE.read_text(encoding="utf-8").strip()


def refuse_old(store: Store) -> None:
    """Refuse to work on a database that is not at the revision of this version.

    Raises:
        RefusedError: If it is empty, older or newer.
    """
    found = revision(store)
    if found is None:
        message = "the database is empty; run `sib db upgrade` first"
        raise RefusedError(message)
    if found != head():
        message = f"the database is at {found} and this version needs {head()}; run `sib db upgrade`"
        raise RefusedError(message)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
