"""The service around the interface: whether it lives, what it notes, and what it never says."""

import json
import logging
from collections.abc import Callable

import pytest
from flask import Flask

from sib_engine.app.observing import JsonLines
from tests.api.client import Client
from tests.store.office import Office
from tests.store.test_two_quarters import FIRST_QUARTER


def test_it_says_that_it_lives_and_that_it_can_answer(app: Flask) -> None:
    client = app.test_client()

    assert client.get("/health").get_json() == {"status": "alive"}
    ready = client.get("/ready")
    assert (ready.status_code, ready.get_json()) == (200, {"status": "ready"})


def test_the_figures_name_routes_and_no_addresses(office: Office, app: Flask, client: Callable[..., Client]) -> None:
    office.upload(*FIRST_QUARTER, on="2021-04-06")
    client("vera").get("/contracts/two-quarters/claims", claim="P1/engagement")

    told = app.test_client().get("/metrics").get_data(as_text=True)
    assert 'sib_requests_total{method="GET",route="/api/v1/contracts/<code>/claims",status="200"} 1.0' in told
    assert "P1/engagement" not in told
    assert "two-quarters" not in told


def test_a_line_of_the_log_says_which_route_and_not_what_about(
    office: Office, client: Callable[..., Client], caplog: pytest.LogCaptureFixture
) -> None:
    office.upload(*FIRST_QUARTER, on="2021-04-06")
    logging.getLogger("sib_engine").setLevel("INFO")
    caplog.set_level("INFO", logger="sib_engine")
    client("vera").get("/contracts/two-quarters/claims", claim="P1/engagement")

    line = json.loads(JsonLines().format(caplog.records[-1]))
    assert (line["method"], line["route"], line["status"]) == ("GET", "/api/v1/contracts/<code>/claims", 200)
    assert "P1" not in json.dumps(line)


def test_a_failure_is_told_by_place_and_without_its_values() -> None:
    try:
        int("H-1 of the ward")
    except ValueError as failed:
        what = (ValueError, failed, failed.__traceback__)
        record = logging.LogRecord("x", logging.ERROR, "", 0, "a request failed", (), what)
    line = json.loads(JsonLines().format(record))

    assert line["failure"] == "ValueError"
    assert "ward" not in json.dumps(line)
    assert line["where"][0].startswith("test_service.py:")


def test_what_failed_is_a_problem_that_says_nothing_of_it(
    client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sib_engine.api.resources.contracts.contracts_page", lambda *_, **__: 1 / 0)
    found = client("vera").get("/contracts")

    assert (found.status_code, found.get_json()["code"]) == (500, "error")
    assert "division" not in found.get_data(as_text=True)


def test_every_answer_tells_browsers_what_not_to_do(app: Flask) -> None:
    headers = app.test_client().get("/health").headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
