"""A client of the interface with somebody's token, for tests that tell a story."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from flask import Flask
from werkzeug.test import TestResponse

from sib_engine.services.access.actors import actor_named
from sib_engine.services.accounts.tokens import Scope, make_token
from sib_engine.storage.store import Store

PREFIX = "/api/v1"


@dataclass(slots=True)
class Clock:
    """A clock that stands until it is set."""

    now: datetime = field(default_factory=lambda: datetime(2021, 4, 6, 12, tzinfo=UTC))

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.now

    def set(self, day: str) -> None:
        """Set it to noon of a day."""
        self.now = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)


@dataclass(slots=True)
class Client:
    """Somebody who calls with a token of their own; each call that writes has a key of its own by default."""

    app: Flask
    token: str

    def get(self, path: str, **query: object) -> TestResponse:
        """Read."""
        return self.app.test_client().get(PREFIX + path, query_string=query, headers=self._headers())

    def post(
        self,
        path: str,
        body: object = None,
        *,
        key: str | None = None,
        if_match: str | None = None,
        form: Mapping[str, Any] | None = None,
    ) -> TestResponse:
        """Write."""
        headers = self._headers() | {"Idempotency-Key": key or str(uuid4())}
        if if_match is not None:
            headers["If-Match"] = f'"{if_match}"'
        client = self.app.test_client()
        if form is not None:
            return client.post(PREFIX + path, data=dict(form), headers=headers)
        if body is None:
            return client.post(PREFIX + path, headers=headers)
        return client.post(PREFIX + path, json=body, headers=headers)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def token_for(
    store: Store, login: str, *scopes: Scope, at: datetime, contract: str | None = None, days: int = 90
) -> str:
    """Return a token of somebody; for everything by default."""
    with store.begin() as session:
        by = actor_named(session, login)
        return make_token(session, "test", scopes=scopes or tuple(Scope), contract=contract, days=days, by=by, at=at)[0]
