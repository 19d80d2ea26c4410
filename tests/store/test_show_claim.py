"""One claim with everything behind it."""

import json
from pathlib import Path

import pytest

from sib_engine.core.errors import NotFoundError, SegregationError
from sib_engine.outcomes.claim_checks import Answer
from sib_engine.outcomes.claims import Move
from sib_engine.services.access.actors import actor_named
from sib_engine.services.claims.evidence import Document, Seen, attach_evidence, inspect_evidence
from sib_engine.services.claims.show_claim import ShownClaim, show_claim
from sib_engine.services.claims.withdraw_facts import withdraw_facts
from sib_engine.storage.evidence_store import EvidenceFolder
from sib_engine.storage.store import Store
from tests.store.files import PDF
from tests.store.office import CONTRACT, Office, at, day

CLAIM = "P1/job_start/cafe"
FACTS = (
    "H-1,referral,2021-01-11",
    "H-1,vocational profile,2021-01-20",
    "H-1,employment,2021-02-01,,cafe,20,yes,no",
    "H-1,employment,2021-02-15,,shop,20,yes,no",
)


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    found = Office.opened(store, tmp_path)
    found.upload(*FACTS, on="2021-03-01")
    return found


def shown(office: Office, *, by: str = "ada", on: str = "2021-03-05", claim: str = CLAIM) -> ShownClaim:
    with office.store.read() as session:
        return show_claim(session, CONTRACT, claim, by=actor_named(session, by), at=at(on))


def test_the_checks_stand_with_what_was_found_and_what_would_mend_it(office: Office) -> None:
    found = shown(office)

    (evidence,) = [each for each in found.checks if each.name == "evidence"]
    assert evidence.answer is Answer.FAILED
    (why,) = evidence.whys
    assert why.found == "no employer letter is recorded for it"
    assert why.mend == "a document (employer letter) dated on or after 2021-02-01"
    assert [each.name for each in found.checks if each.answer is Answer.CANNOT_TELL] == ["other-providers"]


def test_the_facts_are_those_of_its_own_job(office: Office) -> None:
    found = shown(office)

    assert [(fact.name, fact.job, fact.upload, fact.sheet_row) for fact in found.facts] == [
        ("referral", None, 1, 2),
        ("vocational profile", None, 1, 3),
        ("employment", "cafe", 1, 4),
    ]


def test_its_history_is_whole_from_submission_to_statement(office: Office, tmp_path: Path) -> None:
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(PDF)
    document = Document("employer letter", day("2021-02-05"))
    with office.store.begin() as session:
        ada, vera = actor_named(session, "ada"), actor_named(session, "vera")
        attach_evidence(
            session,
            EvidenceFolder(tmp_path / "evidence"),
            CONTRACT,
            CLAIM,
            letter,
            document=document,
            by=ada,
            at=at("2021-03-02"),
        )
    with office.store.begin() as session:
        seen = Seen(day("2021-03-03"), "their office", "the original")
        inspect_evidence(session, CONTRACT, CLAIM, document, seen=seen, by=vera, at=at("2021-03-03"))
    office.move(Move.QUERY, CLAIM, on="2021-03-04", note="is it the same cafe?")
    office.move(Move.ANSWER, CLAIM, on="2021-03-05", by="ada", note="it is")
    office.move(Move.ACCEPT, "P1/engagement", CLAIM, on="2021-03-06")
    office.approve("2021-Q1", on="2021-04-07")

    found = shown(office, on="2021-04-08")

    assert [(step.state, step.login, step.note) for step in found.steps] == [
        ("submitted", "ada", ""),
        ("queried", "vera", "is it the same cafe?"),
        ("submitted", "ada", "it is"),
        ("accepted", "vera", ""),
    ]
    assert [(each.kind, each.login, bool(each.digest), each.place) for each in found.documents] == [
        ("employer letter", "ada", True, ""),
        ("employer letter", "vera", False, "their office"),
    ]
    assert [(line.statement, line.payable) for line in found.lines] == [(1, 1_000_00)]
    assert found.explanation is not None
    assert found.explanation.outcome is not None
    assert found.explanation.outcome.step is not None
    assert found.explanation.outcome.reasons == ()
    assert json.dumps(found.as_dict())


def test_a_claim_that_is_not_decided_is_explained_as_if_all_that_stand_were_accepted(office: Office) -> None:
    found = shown(office, claim="P1/job_start/cafe")

    assert found.basis == "as if it, and every claim that was not rejected or withdrawn, were accepted"
    assert found.explanation is not None
    assert found.explanation.outcome is not None
    assert [reason.code for reason in found.explanation.outcome.reasons] == ["R08 evidence-missing"]


def test_a_claim_that_the_facts_no_longer_show_says_so(office: Office) -> None:
    with office.store.begin() as session:
        ada = actor_named(session, "ada")
        withdraw_facts(session, CONTRACT, facts=[3], reason="never started", by=ada, at=at("2021-03-02"))

    found = shown(office)

    assert (found.explanation, found.unexplained) == (None, "the facts do not show it any more")
    assert [(each.name, each.answer) for each in found.checks] == [("facts", Answer.FAILED)]
    assert [fact.withdrawn for fact in found.facts if fact.number == 3] == ["never started"]


def test_only_the_providers_own_people_read_the_reference(office: Office) -> None:
    assert shown(office).person == "H-1"
    assert shown(office, by="vera").person == "P1"
    assert "H-1" not in json.dumps(shown(office, by="vera").as_dict())
    with pytest.raises(SegregationError):
        shown(office, by="root")
    with pytest.raises(NotFoundError, match="no claim is called 'P9/x'"):
        shown(office, claim="P9/x")
