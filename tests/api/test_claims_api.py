"""Claims over HTTP: listed in pages, read with an ETag, and decided by what was read."""

from collections.abc import Callable

from tests.api.client import Client
from tests.store.office import Office
from tests.store.test_two_quarters import FIRST_QUARTER

PATH = "/contracts/two-quarters/claims"


def test_claims_come_in_pages_and_each_is_there_once(office: Office, client: Callable[..., Client]) -> None:
    office.upload(*FIRST_QUARTER, on="2021-04-06")
    vera = client("vera")

    seen, cursor = [], None
    for _ in range(3):
        page = vera.get(PATH, limit=2, **({} if cursor is None else {"cursor": cursor})).get_json()
        seen += [each["claim"] for each in page["items"]]
        cursor = page["next"]
    assert cursor is None
    assert seen == [
        "P1/engagement",
        "P1/job_start/cafe",
        "P1/sustained/cafe",
        "P2/engagement",
        "P2/job_start/shop",
        "P2/sustained/shop",
    ]


def test_a_decision_is_made_about_what_was_read(office: Office, client: Callable[..., Client]) -> None:
    office.upload(*FIRST_QUARTER, on="2021-04-06")
    vera = client("vera")
    claim = vera.get(PATH, claim="P1/engagement").get_json()["items"][0]
    read = vera.get(f"{PATH}/{claim['number']}")
    assert read.headers["ETag"] == f'"{claim["etag"]}"'
    decisions = f"{PATH}/{claim['number']}/decisions"

    missing = vera.post(decisions, {"move": "accept"})
    assert (missing.status_code, missing.get_json()["code"]) == (428, "if-match-missing")
    done = vera.post(decisions, {"move": "accept"}, if_match=claim["etag"])
    assert (done.status_code, done.get_json()["state"]) == (200, "accepted")
    stale = vera.post(decisions, {"move": "reopen", "note": "again"}, if_match=claim["etag"])
    assert (stale.status_code, stale.get_json()["code"], stale.mimetype) == (412, "stale", "application/problem+json")
    assert office.states()["P1/engagement"] == "accepted"


def test_the_same_request_sent_again_does_nothing_twice(office: Office, client: Callable[..., Client]) -> None:
    office.upload(*FIRST_QUARTER, on="2021-04-06")
    vera = client("vera")
    claim = vera.get(PATH, claim="P1/engagement").get_json()["items"][0]
    decisions = f"{PATH}/{claim['number']}/decisions"

    first = vera.post(decisions, {"move": "accept"}, key="a", if_match=claim["etag"])
    again = vera.post(decisions, {"move": "accept"}, key="a", if_match=claim["etag"])
    assert (again.status_code, again.data, again.headers["ETag"]) == (200, first.data, first.headers["ETag"])
    assert again.headers["Idempotency-Replayed"] == "true"
    other = vera.post(decisions, {"move": "query", "note": "which?"}, key="a", if_match=claim["etag"])
    assert (other.status_code, other.get_json()["code"]) == (422, "key-reused")


def test_who_has_no_role_on_a_contract_does_not_learn_that_it_is_there(client: Callable[..., Client]) -> None:
    found = client("vera").get("/contracts/another/claims")
    assert (found.status_code, found.get_json()["detail"]) == (404, "no contract 'another' on which you have a role")
