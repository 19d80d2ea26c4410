"""The answers to requests that wrote something, by the key that the client gave each."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from sib_engine.core.errors import KeyReusedError
from sib_engine.services.access.actors import Actor
from sib_engine.storage.base import table_of
from sib_engine.storage.tables import AnsweredRequest


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered with: the status, the headers that matter, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def answered_before(session: Session, key: str, request: str, *, by: Actor, at: datetime) -> Answer | None:
    """Return how a request was answered before; None where it is new, and then nobody else answers it meanwhile.

    Of several at once with one key, the others wait here until the first has been answered, or has failed. A
    request that failed has left nothing behind, and may be sent again.

    Args:
        session: The store, open to write; what is done for the request is done in it.
        key: The key that the client gave.
        request: Digest of everything that was asked.
        by: Who asks; keys of others are others' own.
        at: When.

    Raises:
        KeyReusedError: If the key came with another request before.
    """
    table = table_of(AnsweredRequest)
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert(table)
    new = session.execute(
        insert.values(account_id=by.id, key=key, request=request, at=at)
        .on_conflict_do_nothing(index_elements=["account_id", "key"])
        .returning(table.c.id)
    ).first()
    if new is not None:
        return None
    same_key = (table.c.account_id == by.id, table.c.key == key)
    kept = session.execute(
        select(table.c.request, table.c.status, table.c.headers, table.c.body).where(*same_key)
    ).one()
    if kept.request != request:
        message = f"the key {key!r} came with another request before; accepted: a new key for each request"
        raise KeyReusedError(message)
    return Answer(kept.status, json.loads(kept.headers), kept.body)


def keep_answer(session: Session, key: str, answer: Answer, *, by: Actor) -> None:
    """Keep the answer to a request that :func:`answered_before` found new."""
    table = table_of(AnsweredRequest)
    session.execute(
        update(table)
        .where(table.c.account_id == by.id, table.c.key == key)
        .values(status=answer.status, headers=json.dumps(dict(answer.headers)), body=answer.body)
    )
