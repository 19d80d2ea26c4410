"""Tokens: made once, kept as a digest, and of no use when they have ended."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from sib_engine.services.accounts.tokens import Scope
from tests.api.client import Client, Clock
from tests.store.office import Office

ACCEPTED = "accepted: Authorization: Bearer TOKEN"


def made(client: Client, *, key: str = "k", **more: object) -> dict[str, object]:
    body = {"name": "nightly", "scopes": ["read"], **more}
    found: dict[str, object] = client.post("/tokens", body, key=key).get_json()
    return found


def test_a_token_is_shown_once_and_kept_nowhere(office: Office, client: Callable[..., Client]) -> None:
    vera = client("vera")

    token = made(vera)
    assert str(token["secret"]).startswith("sib_")
    assert made(vera)["secret"] is None
    with office.store.read() as session:
        for table, column in (("api_token", "digest"), ("answered_request", "body"), ("audit_entry", "payload")):
            kept = session.execute(text(f"SELECT {column} FROM {table}")).scalars()  # noqa: S608 - names from this test
            assert not any(
                str(token["secret"]) in str(bytes(each) if isinstance(each, memoryview) else each) for each in kept
            )


@pytest.mark.parametrize("ends", ["revoked", "expired"])
def test_a_token_that_has_ended_lets_nobody_in(
    ends: str, app: Flask, client: Callable[..., Client], clock: Clock
) -> None:
    vera = client("vera")
    token = made(vera, days=30)
    other = Client(app, str(token["secret"]))
    assert other.get("/contracts").status_code == 200

    if ends == "revoked":
        assert vera.post(f"/tokens/{token['token']}/revocation").status_code == 200
    else:
        clock.set("2021-05-07")
    refused = other.get("/contracts")
    assert (refused.status_code, refused.get_json()["code"]) == (401, "not-signed-in")
    assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_does_only_what_it_is_for(client: Callable[..., Client]) -> None:
    reader = client("vera", Scope.READ)

    assert reader.get("/contracts").status_code == 200
    refused = reader.post("/contracts/two-quarters/acceptances")
    assert (refused.status_code, refused.get_json()["detail"]) == (
        403,
        "the token is for read; accepted: a token for decide",
    )


def test_nobody_ends_the_token_of_another(client: Callable[..., Client]) -> None:
    token = made(client("vera"))

    refused = client("ada").post(f"/tokens/{token['token']}/revocation")
    assert (refused.status_code, refused.get_json()["detail"]) == (404, f"you have no token {token['token']}")


@pytest.mark.parametrize(
    ("header", "detail"),
    [
        ({}, "no token came with the request; accepted: Authorization: Bearer TOKEN"),
        (
            {"Authorization": "Basic dmVyYTp2ZXJh"},
            "no token came with the request; accepted: Authorization: Bearer TOKEN",
        ),
        (
            {"Authorization": "Bearer sib_wrong"},
            f"the token is not known, has expired or was revoked; {ACCEPTED}",
        ),
    ],
)
def test_who_brings_no_token_is_not_let_in(app: Flask, header: dict[str, str], detail: str) -> None:
    found = app.test_client().get("/api/v1/contracts", headers=header)

    assert (found.status_code, found.get_json()["detail"]) == (401, detail)
