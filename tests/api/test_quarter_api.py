"""A whole quarter through the interface: from the file of facts to the payment, and the trail of it."""

from collections.abc import Callable
from io import BytesIO

from flask import Flask

from sib_engine.services.access.actors import actor_named, grant_role
from sib_engine.services.access.roles import Role
from tests.api.client import Client, Clock
from tests.store.office import Office, at
from tests.store.test_two_quarters import FIRST_QUARTER

CONTRACT = "/contracts/two-quarters"


def test_a_quarter_is_claimed_decided_stated_invoiced_and_paid(
    office: Office, client: Callable[..., Client], clock: Clock
) -> None:
    ada, vera, abe, tom = (client(login) for login in ("ada", "vera", "abe", "tom"))
    facts = office.file(*FIRST_QUARTER).read_bytes()

    assert ada.post(f"{CONTRACT}/uploads", form={"facts": (BytesIO(facts), "facts.csv")}).status_code == 201
    clock.set("2021-04-07")
    accepted = vera.post(f"{CONTRACT}/acceptances").get_json()
    assert accepted == {"claims": ["P1/engagement", "P1/job_start/cafe", "P2/engagement"]}

    clock.set("2021-04-08")
    draft = abe.get(f"{CONTRACT}/drafts/2021-Q1").get_json()
    assert (draft["total"], draft["pays"]) == ("1800.00", {"council": "1200.00", "fund": "600.00"})
    refused = vera.post(f"{CONTRACT}/statements", {"period": "2021-Q1", "digest": draft["digest"]})
    assert (refused.status_code, refused.get_json()["code"]) == (403, "not-allowed")
    stale = abe.post(f"{CONTRACT}/statements", {"period": "2021-Q1", "digest": "sib1:another"})
    assert (stale.status_code, stale.get_json()["code"]) == (412, "stale")
    approved = abe.post(f"{CONTRACT}/statements", {"period": "2021-Q1", "digest": draft["digest"]})
    assert (approved.status_code, approved.get_json()["statement"]) == (201, 1)
    assert abe.post(f"{CONTRACT}/statements/1/sendings", {"note": "by e-mail"}).status_code == 201

    issued = ada.post(
        f"{CONTRACT}/statements/1/invoices",
        {
            "bill_to": [
                {"payer": "council", "purchase_order": "PO-17", "vat_treatment": "exempt"},
                {"payer": "fund", "purchase_order": "none", "vat_treatment": "outside_scope"},
            ],
            "scheme": "HW-{serial:03}",
        },
    ).get_json()
    assert [(bill["number"], bill["payer"], bill["gross"], bill["due_on"]) for bill in issued["items"]] == [
        ("HW-001", "council", "1200.00", "2021-05-08"),
        ("HW-002", "fund", "600.00", "2021-05-08"),
    ]

    disputed = tom.post(f"{CONTRACT}/statements/1/lines/2/disputes", {"note": "the employer denies it"})
    assert disputed.status_code == 201
    assert tom.post(f"{CONTRACT}/statements/1/lines/2/settlements", {"note": "payslip seen"}).status_code == 201

    clock.set("2021-05-06")
    paid = b"payer,invoice,reference,paid_on,amount\ncouncil,HW-001,BACS 1,2021-05-05,1200.00\n"
    form = {"payments": (BytesIO(paid), "paid.csv")}
    assert abe.post(f"{CONTRACT}/payments", form=form).status_code == 201
    position = abe.get(f"{CONTRACT}/position").get_json()
    assert [(each["payer"], each["paid"], each["owed"], each["agrees"]) for each in position["payers"]] == [
        ("council", "1200.00", "0.00", True),
        ("fund", "0.00", "600.00", True),
    ]
    # What the invoices were before it was paid is still what was known then.
    before = abe.get(f"{CONTRACT}/invoices", as_known_on="2021-05-05").get_json()["items"]
    assert [(bill["number"], bill["outstanding"]) for bill in before] == [("HW-001", "1200.00"), ("HW-002", "600.00")]

    with office.store.begin() as session:
        root = actor_named(session, "root")
        grant_role(session, "root", Role.AUDITOR, contract=None, by=root, at=at("2021-05-07"))
    clock.set("2021-05-07")
    auditor = client("root")
    assert auditor.get("/audit/verification").get_json()["whole"] is True
    assert [each["same"] for each in auditor.get(f"{CONTRACT}/replay").get_json()["items"]] == [True]


def test_the_trail_names_each_command_and_nobody_it_is_about(
    app: Flask, office: Office, client: Callable[..., Client]
) -> None:
    office.upload(*FIRST_QUARTER, on="2021-04-06")

    trail = client("root").get("/audit/entries", limit=200).get_json()["items"]
    assert [each["command"] for each in trail][-2:] == ["claims.upload", "token.make"]
    assert "H-1" not in str(trail)
    assert app.test_client().get("/api/v1/audit/entries").status_code == 401
