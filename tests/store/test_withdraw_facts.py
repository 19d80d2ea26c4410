"""Facts that are taken back, and reported again."""

from pathlib import Path

import pytest

from sib_engine.core.errors import NotFoundError, RefusedError, SegregationError
from sib_engine.outcomes.claims import Move
from sib_engine.services.access.actors import actor_named, add_account, grant_role
from sib_engine.services.access.roles import Role
from sib_engine.services.audit.replay import replay
from sib_engine.services.claims.evidence import Document, Seen, inspect_evidence
from sib_engine.services.claims.listing import list_claims
from sib_engine.services.claims.uploads import list_uploads
from sib_engine.services.claims.withdraw_facts import Withdrawn, withdraw_facts
from sib_engine.storage.chain import head
from sib_engine.storage.store import Store
from sib_engine.storage.verify import verify
from tests.store.office import CONTRACT, SOURCE, Office, at, day

FACTS = (
    "H-1,referral,2021-01-11",
    "H-1,vocational profile,2021-01-20",
    "H-1,employment,2021-02-01,,cafe,20,yes,no",
    "H-1,evidence,2021-02-05,,cafe,,,,employer letter,job_start,held",
)


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    found = Office.opened(store, tmp_path)
    found.upload(*FACTS, on="2021-03-01")
    return found


def withdraw(
    office: Office, *facts: int, on: str, upload: int | None = None, reason: str = "entered in error", by: str = "ada"
) -> Withdrawn:
    with office.store.begin() as session:
        who = actor_named(session, by)
        return withdraw_facts(session, CONTRACT, upload=upload, facts=facts, reason=reason, by=who, at=at(on))


def payable(office: Office, period: str, on: str) -> list[tuple[str, str, int]]:
    """Approve a statement and return what its lines pay."""
    found = office.approve(period, on=on)
    return [(line.row, line.own_period, line.payable) for line in found.statement.lines]


@pytest.mark.parametrize(("limit", "in_all"), [(50_000, 1_400_00), (900, 900_00)])
def test_facts_taken_back_and_reported_again_come_to_the_same(office: Office, limit: int, in_all: int) -> None:
    source = SOURCE.read_text(encoding="utf-8").replace("limit = 50000", f"limit = {limit}")
    if limit != 50_000:
        office.register(source, on="2021-03-02", note="a smaller cap")
    office.accept_passed(on="2021-04-06")
    first = payable(office, "2021-Q1", "2021-04-07")
    assert sum(amount for _, _, amount in first) == in_all

    # Taken back: the next statement takes back all of it, once; another run adds nothing.
    done = withdraw(office, upload=1, on="2021-05-03")
    assert (done.n_facts, done.followed.vanished) == (4, ("P1/engagement", "P1/job_start/cafe", "P1/sustained/cafe"))
    second = payable(office, "2021-Q2", "2021-07-05")
    assert second == [(row, own, -amount) for row, own, amount in first]
    assert office.draft("2021-Q2", on="2021-07-06").statement.total == 0

    # The very same file again: the same claims, once, in their own period, and never more than before.
    again = office.upload(*FACTS, on="2021-08-02")
    assert (again.upload, again.claims) == (2, ())
    assert office.draft("2021-Q3", on="2021-10-03").statement.total == 0
    assert office.accept_passed(on="2021-10-03") == 2
    third = payable(office, "2021-Q3", "2021-10-04")
    assert third == first
    assert office.draft("2021-Q3", on="2021-10-05").statement.total == 0
    with office.store.read() as session:
        seq, _ = head(session)
        assert verify(session).breaks == ()
        assert all(each.is_same for each in replay(session, None, seq=seq))


def test_a_claim_that_the_facts_no_longer_show_cannot_be_accepted(office: Office) -> None:
    withdraw(office, 3, on="2021-03-02")

    with pytest.raises(RefusedError, match="P1/job_start/cafe: these checks failed: facts"):
        office.move(Move.ACCEPT, "P1/job_start/cafe", on="2021-03-03")
    with office.store.read() as session:
        found = list_claims(session, CONTRACT, state=None, by=actor_named(session, "vera"))
    assert [(each.row, each.failed) for each in found] == [
        ("P1/engagement", ()),
        ("P1/job_start/cafe", ("facts",)),
        ("P1/sustained/cafe", ("facts",)),
    ]


def test_what_came_before_does_not_come_back(office: Office) -> None:
    office.upload("H-1,employment,2021-02-01,2021-02-20,cafe,20,yes,no", on="2021-03-08")

    done = withdraw(office, upload=2, on="2021-03-09")

    assert done.followed.vanished == ("P1/job_start/cafe", "P1/sustained/cafe")


def test_uploads_are_listed_with_how_many_of_their_facts_stand(office: Office) -> None:
    withdraw(office, 2, 3, on="2021-03-02")

    with office.store.read() as session:
        (found,) = list_uploads(session, CONTRACT, by=actor_named(session, "ada"))
    assert (found.number, found.login, found.n_facts, found.n_standing) == (1, "ada", 4, 2)


def test_a_file_of_which_nothing_was_withdrawn_is_taken_once(office: Office) -> None:
    office.upload("H-1,employment,2021-02-01,2021-02-20,cafe,20,yes,no", on="2021-03-08")

    with pytest.raises(RefusedError, match="the same file was taken in"):
        office.upload(*FACTS, on="2021-03-09")


def test_what_cannot_be_withdrawn_is_named_and_nothing_is(office: Office) -> None:
    with pytest.raises(RefusedError, match="a reason that says why"):
        withdraw(office, 1, on="2021-03-02", reason=" ")
    with pytest.raises(NotFoundError, match="two-quarters has no fact 99"):
        withdraw(office, 1, 99, on="2021-03-02")
    with pytest.raises(NotFoundError, match="two-quarters has no upload 9"):
        withdraw(office, upload=9, on="2021-03-02")
    withdraw(office, 1, on="2021-03-02")
    with pytest.raises(RefusedError, match="withdrawn already, or another took its place: 1"):
        withdraw(office, 1, 2, on="2021-03-02")
    with office.store.read() as session:
        assert list_uploads(session, CONTRACT, by=actor_named(session, "ada"))[0].n_standing == 3


def test_only_who_reported_a_fact_takes_it_back(office: Office) -> None:
    with office.store.begin() as session:
        root = actor_named(session, "root")
        add_account(session, "oda", name="Oda", organisation="Riverside Outcomes Fund", by=root, at=at("2021-03-01"))
        grant_role(session, "oda", Role.PROVIDER, contract=CONTRACT, by=root, at=at("2021-03-01"))
        vera = actor_named(session, "vera")
        inspect_evidence(
            session,
            CONTRACT,
            "P1/job_start/cafe",
            Document("employer letter", day("2021-02-05")),
            seen=Seen(day("2021-03-01"), "their office"),
            by=vera,
            at=at("2021-03-01"),
        )

    with pytest.raises(SegregationError, match="another organisation reported 1"):
        withdraw(office, 1, on="2021-03-02", by="oda")
    with pytest.raises(SegregationError, match="'ada' may not verify claims"):
        withdraw(office, 5, on="2021-03-02")
    with pytest.raises(SegregationError, match="'vera' may not upload facts"):
        withdraw(office, 1, on="2021-03-02", by="vera")
    assert withdraw(office, 5, on="2021-03-02", by="vera").n_facts == 1
