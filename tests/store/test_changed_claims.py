"""Accepted claims whose facts change: nothing is paid and nothing taken back for them until they are decided again."""

from pathlib import Path

import pytest

from sib_engine.core.errors import FindingsError, RefusedError
from sib_engine.outcomes.claims import FACTS_CHANGED, FACTS_WITHDRAWN, Move
from sib_engine.services.access.actors import actor_named
from sib_engine.services.audit.replay import replay
from sib_engine.services.claims.listing import ListedClaim, list_claims
from sib_engine.services.claims.show_claim import ShownClaim, show_claim
from sib_engine.services.claims.withdraw_facts import withdraw_facts
from sib_engine.services.contracts.close_out import close_out
from sib_engine.storage.chain import head
from sib_engine.storage.store import Store
from sib_engine.storage.verify import verify
from tests.store.office import CONTRACT, Office, at

FACTS = (
    "H-1,referral,2021-01-11",
    "H-1,vocational profile,2021-01-20",
    "H-1,employment,2021-02-01,,cafe,20,yes,no",
    "H-1,evidence,2021-02-05,,cafe,,,,employer letter,job_start,held",
)
ENDED = "H-1,employment,2021-02-01,2021-02-20,cafe,20,yes,no"
"""On its 20th day, within the 28 of the claw-back of half the price."""

CAFE = "P1/job_start/cafe"


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    """An office with £400 and £1,000 accepted, and not stated yet."""
    found = Office.opened(store, tmp_path)
    found.upload(*FACTS, on="2021-03-01")
    found.accept_passed(on="2021-03-02")
    return found


def listed(office: Office, *, by: str = "vera", seq: int | None = None) -> tuple[ListedClaim, ...]:
    with office.store.read() as session:
        return list_claims(session, CONTRACT, state=None, changed_only=True, by=actor_named(session, by), seq=seq)


def shown(office: Office, claim: str = CAFE) -> ShownClaim:
    with office.store.read() as session:
        return show_claim(session, CONTRACT, claim, by=actor_named(session, "vera"), at=at("2021-08-01"))


def withdraw(office: Office, *, upload: int, on: str) -> None:
    with office.store.begin() as session:
        ada = actor_named(session, "ada")
        withdraw_facts(session, CONTRACT, upload=upload, reason="the wrong person", by=ada, at=at(on))


def moved_a_week(office: Office, on: str) -> None:
    """Say that the job began a week later: the fact before is withdrawn with its upload's, the new one reported."""
    with office.store.begin() as session:
        ada = actor_named(session, "ada")
        withdraw_facts(session, CONTRACT, facts=(3,), reason="the wrong day", by=ada, at=at(on))
    office.upload("H-1,employment,2021-02-08,,cafe,20,yes,no", on=on)


def holds_together(office: Office, n_statements: int) -> None:
    with office.store.read() as session:
        assert verify(session).breaks == ()
        again = replay(session, CONTRACT, seq=head(session)[0])
    assert [each.is_same for each in again] == [True] * n_statements


def test_a_claim_whose_amount_moves_goes_back_with_what_changed(office: Office) -> None:
    done = office.upload(ENDED, on="2021-03-08")

    assert (done.n_returned, office.states()[CAFE], office.states()["P1/engagement"]) == (1, "submitted", "accepted")
    (claim,) = listed(office)
    assert (claim.row, claim.failed, claim.changed) == (
        CAFE,
        (),
        ("achieved on 2021-02-01", "achieved on 2021-02-01, work ended on 2021-02-20"),
    )
    last = shown(office).steps[-1]
    assert (last.state, last.login, last.code) == ("submitted", "ada", FACTS_CHANGED)
    assert last.note == (
        "it rested on: achieved on 2021-02-01; it rests on: achieved on 2021-02-01, work ended on 2021-02-20"
    )
    assert shown(office).as_dict()["changed"] == {
        "before": "achieved on 2021-02-01",
        "now": "achieved on 2021-02-01, work ended on 2021-02-20",
    }


def test_what_moves_no_amount_leaves_the_claim_accepted(office: Office) -> None:
    done = office.upload("H-1,employment,2021-02-01,2021-09-30,cafe,35,yes,no,,,,2021-10-01", on="2021-10-01")

    assert (done.n_returned, office.states()[CAFE], listed(office)) == (0, "accepted", ())


def test_nothing_is_paid_on_facts_that_nobody_verified(office: Office) -> None:
    office.upload(ENDED, on="2021-03-08")

    draft = office.draft("2021-Q1", on="2021-04-08")

    assert draft.statement.total == 400_00
    assert [each.what for each in draft.findings] == [
        "1 claim waits to be decided again, and is not stated: P1/job_start/cafe"
    ]
    assert draft.as_dict()["findings"][0]["rule"] == "facts-changed"
    assert office.accept_passed(on="2021-04-08") == 1
    assert office.draft("2021-Q1", on="2021-04-08").statement.total == 900_00


def test_what_is_stated_stays_stated_until_it_is_decided_again(office: Office) -> None:
    office.approve("2021-Q1", on="2021-04-08")
    office.upload(ENDED, on="2021-05-03")

    waiting = office.draft("2021-Q2", on="2021-07-05")
    assert (waiting.statement.total, waiting.statement.lines) == (0, ())
    assert [each.what for each in waiting.findings] == [
        "1 claim waits to be decided again, and stays stated as it was: P1/job_start/cafe"
    ]
    office.approve("2021-Q2", on="2021-07-05")
    office.move(Move.QUERY, CAFE, on="2021-07-06", note="did it end?")
    assert office.draft("2021-Q2", on="2021-07-06").statement.total == 0
    office.move(Move.ANSWER, CAFE, on="2021-07-07", by="ada", note="it did")
    office.move(Move.ACCEPT, CAFE, on="2021-07-08")

    assert listed(office) == ()
    third = office.approve("2021-Q3", on="2021-10-04").statement
    assert [(line.kind.value, line.row, line.payable) for line in third.lines] == [("claw-back", CAFE, -500_00)]
    holds_together(office, 3)


@pytest.mark.parametrize(("move", "code"), [(Move.REJECT, "V06"), (Move.WITHDRAW, "")])
def test_a_claim_that_is_not_accepted_again_is_taken_back_whole(office: Office, move: Move, code: str) -> None:
    office.approve("2021-Q1", on="2021-04-08")
    office.upload(ENDED, on="2021-05-03")
    by = "ada" if move is Move.WITHDRAW else "vera"

    office.move(move, CAFE, on="2021-05-04", by=by, reason=code, note="it did not happen")

    second = office.approve("2021-Q2", on="2021-07-05").statement
    assert [(line.row, line.payable) for line in second.lines] == [(CAFE, -1_000_00)]
    holds_together(office, 2)


def test_a_day_that_moves_is_paid_once_and_in_its_own_way(office: Office) -> None:
    office.approve("2021-Q1", on="2021-04-08")
    moved_a_week(office, "2021-05-03")
    (claim,) = listed(office)
    assert claim.changed == ("achieved on 2021-02-01", "achieved on 2021-02-08")
    # Its letter is of the 5th now, before the job began.
    assert claim.failed == ("evidence-date",)
    with pytest.raises(RefusedError, match="these checks failed: evidence-date"):
        office.move(Move.ACCEPT, CAFE, on="2021-05-04")

    office.upload("H-1,evidence,2021-02-10,,cafe,,,,employer letter,job_start,held,2021-05-05", on="2021-05-05")
    office.move(Move.ACCEPT, CAFE, on="2021-05-06")

    assert office.draft("2021-Q2", on="2021-07-05").statement.total == 0
    holds_together(office, 1)


def test_facts_that_their_provider_takes_back_are_not_waited_for(office: Office) -> None:
    office.approve("2021-Q1", on="2021-04-08")
    office.upload(ENDED, on="2021-05-03")
    withdraw(office, upload=2, on="2021-05-04")

    assert [(each.row, each.changed) for each in listed(office)] == [
        (CAFE, ("achieved on 2021-02-01", "the facts do not show it"))
    ]
    assert [step.code for step in shown(office).steps] == ["", "", FACTS_CHANGED, FACTS_WITHDRAWN]
    second = office.approve("2021-Q2", on="2021-07-05").statement
    assert [(line.row, line.payable) for line in second.lines] == [(CAFE, -1_000_00)]
    # Said again, it is paid when somebody has decided it, and not before.
    office.upload(FACTS[2], on="2021-08-02")
    assert office.draft("2021-Q3", on="2021-10-04").statement.total == 0
    office.move(Move.ACCEPT, CAFE, on="2021-10-04")
    assert office.draft("2021-Q3", on="2021-10-04").statement.total == 1_000_00
    holds_together(office, 2)


def test_what_changes_twice_is_shown_against_what_was_decided(office: Office) -> None:
    office.upload(ENDED, on="2021-03-08")
    office.upload(ENDED.replace("02-20", "02-25"), on="2021-03-09")

    assert [each.changed for each in listed(office)] == [
        ("achieved on 2021-02-01", "achieved on 2021-02-01, work ended on 2021-02-25")
    ]


def test_what_changes_back_still_waits_for_a_decision(office: Office) -> None:
    office.upload(ENDED, on="2021-03-08")
    office.upload(FACTS[2].replace(",,cafe", ",2021-06-30,cafe") + ",,,,2021-07-01", on="2021-07-01")

    assert office.states()[CAFE] == "submitted"
    assert [each.changed for each in listed(office)] == [("achieved on 2021-02-01", "achieved on 2021-02-01")]


def test_a_contract_with_a_claim_that_waits_is_not_closed_out(office: Office) -> None:
    office.approve("2021-Q1", on="2021-04-08")
    office.upload(ENDED, on="2021-05-03")

    with pytest.raises(FindingsError) as refused, office.store.begin() as session:
        close_out(session, CONTRACT, note="agreed", by=actor_named(session, "abe"), at=at("2022-06-30"))

    assert "claim P1/job_start/cafe is submitted" in [each.what for each in refused.value.findings]


def test_what_was_accepted_then_is_listed_as_it_was_known_then(office: Office) -> None:
    with office.store.read() as session:
        before, _ = head(session)
    office.upload(ENDED, on="2021-03-08")
    office.move(Move.ACCEPT, CAFE, on="2021-03-09")

    assert listed(office, seq=before) == ()
    assert [each.row for each in listed(office, seq=before + 1)] == [CAFE]
    assert listed(office, seq=before + 2) == ()
