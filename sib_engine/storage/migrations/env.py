"""How Alembic runs the migrations: on the connection that it is given, in one transaction."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from sib_engine.storage.base import Base, Instant


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:  # noqa: ANN401 - Alembic's own signature
    """Write our own type with the import that it needs."""
    if kind == "type" and isinstance(item, Instant):
        autogen.imports.add("from sib_engine.storage.base import Instant")
        return "Instant()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=render_item,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
