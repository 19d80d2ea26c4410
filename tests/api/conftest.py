"""Every test of the interface runs on both databases, in an office with a contract and its people."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from sib_engine.app.make import make_app
from sib_engine.config import Settings
from sib_engine.services.accounts.tokens import Scope
from sib_engine.storage.store import Store
from tests.api.client import Client, Clock, token_for
from tests.store.office import Office, at
from tests.store.stores import EACH_KIND, fresh_store


@pytest.fixture(params=EACH_KIND)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with fresh_store(request.param, tmp_path) as found:
        yield found


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    return Office.opened(store, tmp_path)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(office: Office, clock: Clock, tmp_path: Path) -> Iterator[Flask]:
    url = office.store.url.render_as_string(hide_password=False)
    settings = Settings(database_url=url, secret_key="k" * 32, evidence_folder=tmp_path / "evidence")
    app = make_app(settings, clock=clock)
    yield app
    app.extensions["sib-engine"].store.close()


@pytest.fixture
def client(app: Flask, office: Office) -> Callable[..., Client]:
    def of(login: str, *scopes: Scope, contract: str | None = None) -> Client:
        token = token_for(office.store, login, *scopes, at=at("2021-01-04"), contract=contract, days=360)
        return Client(app, token)

    return of
