"""Four eyes for organisations in every place of the chain: provider, intermediary, commissioner, top-up funder."""

from pathlib import Path

import pytest

from sib_engine.core.errors import RefusedError, SegregationError
from sib_engine.outcomes.claims import Move
from sib_engine.services.access.actors import actor_named, add_account, add_organisation, grant_role
from sib_engine.services.access.roles import Role
from sib_engine.services.claims.listing import list_claims
from sib_engine.services.contracts.register import register_contract
from sib_engine.storage.store import Store
from tests.store.office import CONTRACT, SOURCE, Office, at

PARTY = """
[[party]]
id = "manager"
role = "intermediary"
organisation = "Bridge Outcomes"
status = "agreed"
source = "made up"
"""
FACTS = ("H-1,referral,2021-01-11", "H-1,vocational profile,2021-01-20")
CLAIM = "P1/engagement"
PEOPLE = {
    "ina": ("Bridge Outcomes", (Role.INTERMEDIARY,)),
    "ines": ("Bridge Outcomes", (Role.VERIFIER, Role.APPROVER)),
    "paul": ("Harbour Works", (Role.VERIFIER, Role.APPROVER)),
    "tess": ("Riverside Outcomes Fund", (Role.VERIFIER, Role.TOP_UP_FUNDER)),
}
"""Beside the five: an intermediary that uploads; and people who verify and approve, each in another's pay."""


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    """An office with an intermediary among its parties."""
    found = Office.opened(store, tmp_path)
    with store.begin() as session:
        root = actor_named(session, "root")
        add_organisation(session, "Bridge Outcomes", by=root, at=at("2021-01-04"))
        for login, (organisation, roles) in PEOPLE.items():
            add_account(session, login, name=login, organisation=organisation, by=root, at=at("2021-01-04"))
            for role in roles:
                grant_role(session, login, role, contract=CONTRACT, by=root, at=at("2021-01-04"))
        source = SOURCE.read_text(encoding="utf-8") + PARTY
        register_contract(session, source, note="an intermediary joins", by=root, at=at("2021-01-05"))
    return found


def test_what_an_intermediary_uploads_for_a_provider_is_its_own_to_answer_for(office: Office) -> None:
    office.upload(*FACTS, on="2021-02-01", by="ina")

    # Nobody of the intermediary verifies or approves it, whatever their roles.
    with pytest.raises(SegregationError, match="nobody verifies what their own organisation submitted"):
        office.move(Move.ACCEPT, CLAIM, on="2021-02-02", by="ines")
    with pytest.raises(RefusedError, match="there is none to accept"):
        office.accept_passed(on="2021-02-02", by="ines")
    assert office.accept_passed(on="2021-02-02", by="vera") == 1
    with pytest.raises(SegregationError, match="nobody approves what their own organisation submitted"):
        office.approve("2021-Q1", on="2021-04-08", by="ines")

    # The claim is the intermediary's: the provider neither sees it nor withdraws it.
    with office.store.read() as session:
        assert list_claims(session, CONTRACT, state=None, by=actor_named(session, "ada")) == ()
        assert len(list_claims(session, CONTRACT, state=None, by=actor_named(session, "ina"))) == 1
    with pytest.raises(RefusedError, match="another organisation submitted it"):
        office.move(Move.WITHDRAW, CLAIM, on="2021-02-03", by="ada", note="not ours")
    assert office.approve("2021-Q1", on="2021-04-08", by="tom").statement.total == 400_00


def test_an_intermediary_sees_what_a_provider_submits_and_may_verify_it_where_it_is_a_verifier(office: Office) -> None:
    office.upload(*FACTS, on="2021-02-01", by="ada")

    with office.store.read() as session:
        assert len(list_claims(session, CONTRACT, state=None, by=actor_named(session, "ina"))) == 1
    with pytest.raises(SegregationError, match="'ina' may not verify claims"):
        office.move(Move.ACCEPT, CLAIM, on="2021-02-02", by="ina")
    office.move(Move.ACCEPT, CLAIM, on="2021-02-02", by="ines")

    # Who verified does not approve; a colleague may not either where the organisation submitted, and here it did not.
    with pytest.raises(SegregationError, match="ines verified P1/engagement: a second person has to approve"):
        office.approve("2021-Q1", on="2021-04-08", by="ines")
    assert office.approve("2021-Q1", on="2021-04-08", by="abe").statement.total == 400_00


def test_nobody_in_the_provider_pay_verifies_or_approves_its_claims(office: Office) -> None:
    office.upload(*FACTS, on="2021-02-01", by="ada")

    with pytest.raises(SegregationError, match="nobody verifies what their own organisation submitted"):
        office.move(Move.ACCEPT, CLAIM, on="2021-02-02", by="paul")
    office.move(Move.ACCEPT, CLAIM, on="2021-02-02", by="vera")
    with pytest.raises(SegregationError, match="nobody approves what their own organisation submitted"):
        office.approve("2021-Q1", on="2021-04-08", by="paul")


def test_a_top_up_funder_approves_what_others_verified_and_not_what_its_person_did(office: Office) -> None:
    office.upload(*FACTS, on="2021-02-01", by="ada")
    office.move(Move.ACCEPT, CLAIM, on="2021-02-02", by="tess")

    with pytest.raises(SegregationError, match="tess verified P1/engagement: a second person has to approve"):
        office.approve("2021-Q1", on="2021-04-08", by="tess")
    assert office.approve("2021-Q1", on="2021-04-08", by="tom").statement.total == 400_00


def test_a_commissioner_that_is_also_the_provider_of_its_own_service_needs_the_other_payer(office: Office) -> None:
    with office.store.begin() as session:
        root = actor_named(session, "root")
        add_account(session, "carl", name="Carl", organisation="Riverside Council", by=root, at=at("2021-01-06"))
        grant_role(session, "carl", Role.PROVIDER, contract=CONTRACT, by=root, at=at("2021-01-06"))
    office.upload(*FACTS, on="2021-02-01", by="carl")

    with pytest.raises(SegregationError, match="nobody verifies what their own organisation submitted"):
        office.move(Move.ACCEPT, CLAIM, on="2021-02-02", by="vera")
    office.move(Move.ACCEPT, CLAIM, on="2021-02-02", by="tess")
    with pytest.raises(SegregationError, match="nobody approves what their own organisation submitted"):
        office.approve("2021-Q1", on="2021-04-08", by="abe")
    assert office.approve("2021-Q1", on="2021-04-08", by="tom").statement.total == 400_00
