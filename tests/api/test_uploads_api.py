"""Files of facts over HTTP."""

from collections.abc import Callable
from io import BytesIO

from tests.api.client import Client
from tests.store.office import Office
from tests.store.test_two_quarters import FIRST_QUARTER


def form(office: Office, *lines: str, name: str = "facts.csv") -> dict[str, object]:
    return {"facts": (BytesIO(office.file(*lines).read_bytes()), name)}


def test_a_file_is_previewed_and_then_taken_in_as_it_was_shown(office: Office, client: Callable[..., Client]) -> None:
    ada = client("ada")

    shown = ada.post("/contracts/two-quarters/upload-previews", form=form(office, *FIRST_QUARTER)).get_json()
    assert (shown["would_pay"], shown["at_stake"], shown["claims"]) == ("1800.00", "1000.00", 6)
    assert office.states() == {}
    path = f"/contracts/two-quarters/uploads?digest={shown['digest']}"
    other = ada.post(path, form=form(office, *FIRST_QUARTER[:2]))
    assert (other.status_code, other.get_json()["code"]) == (412, "stale")
    done = ada.post(path, form=form(office, *FIRST_QUARTER))
    assert (done.status_code, done.get_json()["upload"]) == (201, 1)
    assert len(office.states()) == 6


def test_a_form_sent_again_is_recognised_though_its_boundary_is_another(
    office: Office, client: Callable[..., Client]
) -> None:
    ada = client("ada")

    first = ada.post("/contracts/two-quarters/uploads", form=form(office, *FIRST_QUARTER), key="once")
    again = ada.post("/contracts/two-quarters/uploads", form=form(office, *FIRST_QUARTER), key="once")
    assert (first.status_code, again.status_code, again.data) == (201, 201, first.data)


def test_every_error_of_a_file_is_listed_with_its_row(office: Office, client: Callable[..., Client]) -> None:
    wrong = ("H-1,referral,2021-13-11", "H-1,nothing,2021-01-20")

    found = client("ada").post("/contracts/two-quarters/uploads", form=form(office, *wrong, name="../../etc/passwd"))
    problem = found.get_json()
    assert (found.status_code, problem["code"], problem["n_findings"]) == (422, "findings", 2)
    assert [(each["row"], each["column"]) for each in problem["findings"]] == [(2, "on"), (3, "fact")]
    assert problem["findings"][0]["file"] == "passwd"


def test_a_verifier_uploads_nothing(office: Office, client: Callable[..., Client]) -> None:
    found = client("vera").post("/contracts/two-quarters/uploads", form=form(office, *FIRST_QUARTER))

    assert (found.status_code, found.get_json()["code"]) == (403, "not-allowed")


def test_what_is_missing_and_what_falls_due_is_listed(office: Office, client: Callable[..., Client]) -> None:
    office.upload(*FIRST_QUARTER, on="2021-04-06")
    ada = client("ada")

    assert ada.get("/contracts/two-quarters/chase").get_json()["at_stake"] == "1000.00"
    assert ada.get("/contracts/two-quarters/due").get_json()["falls_due"] == "2000.00"
