"""Several people give commands at the same moment: each is done as if one came after the other."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import func, select

from sib_engine.core.errors import RefusedError, SibError, StaleDigestError
from sib_engine.outcomes.claims import Move
from sib_engine.services.access.actors import actor_named, add_organisation, grant_role
from sib_engine.services.access.roles import Role
from sib_engine.services.claims.upload import commit_upload
from sib_engine.services.statements.postings import EARNED
from sib_engine.storage.store import Store
from sib_engine.storage.tables import LedgerEntry, LinePart, Membership, Statement, Upload
from sib_engine.storage.verify import verify
from tests.store.office import CONTRACT, SOURCE, Office, at

N = 8


def person(number: int) -> tuple[str, ...]:
    who = f"H-{number}"
    return (
        f"{who},referral,2021-01-11",
        f"{who},vocational profile,2021-01-20",
        f"{who},employment,2021-02-01,,cafe,20,yes,no",
        f"{who},evidence,2021-02-05,,cafe,,,,employer letter,job_start,held",
    )


def at_once(commands: Sequence[Callable[[], object]]) -> list[SibError | None]:
    """Give commands at the same moment and return what each was told; an error that is no sentence fails the test."""
    barrier = Barrier(len(commands))

    def give(command: Callable[[], object]) -> SibError | None:
        barrier.wait(60)
        try:
            command()
        except SibError as told:
            return told
        return None

    with ThreadPoolExecutor(len(commands)) as pool:
        return list(pool.map(give, commands))


def sib(store: Store, arguments: Sequence[Sequence[str]]) -> list[tuple[int, str]]:
    """Run the command line, each time as a process, all at once; return exit codes and what each said of errors."""
    environment = {**os.environ, "SIB_DATABASE_URL": store.url.render_as_string(hide_password=False)}
    running = [
        subprocess.Popen(  # noqa: S603 - our own command
            [Path(sys.executable).with_name("sib"), *each],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for each in arguments
    ]
    said = [process.communicate(timeout=300)[1] for process in running]
    return [(process.returncode, " ".join(words.split())) for process, words in zip(running, said, strict=True)]


def agrees(store: Store, *, n_statements: int, total: int) -> None:
    with store.read() as session:
        assert verify(session).breaks == ()
        assert session.execute(select(func.count(Statement.id))).scalar_one() == n_statements
        assert session.execute(select(func.sum(LinePart.pays))).scalar_one() == total
        owed = select(func.sum(LedgerEntry.amount)).where(LedgerEntry.credit == EARNED)
        assert session.execute(owed).scalar_one() == total


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    found = Office.opened(store, tmp_path)
    found.upload(*person(1), *person(2), on="2021-04-06")
    return found


def test_of_eight_approvals_at_once_one_is_taken_and_the_others_are_told(office: Office) -> None:
    office.accept_passed(on="2021-04-07")
    digest = office.draft("2021-Q1", on="2021-04-08").digest

    told = at_once([lambda: office.approve("2021-Q1", on="2021-04-08", digest=digest)] * N)

    assert [type(each) for each in told].count(StaleDigestError) == N - 1
    assert told.count(None) == 1
    agrees(office.store, n_statements=1, total=2_800_00)


@pytest.mark.slow
def test_of_eight_processes_that_approve_at_once_one_succeeds_and_seven_say_why_not(office: Office) -> None:
    office.accept_passed(on="2021-04-07")
    # The command line reads the clock, and what is due depends on the day.
    digest = office.draft("2021-Q1", on=datetime.now(UTC).date().isoformat()).digest

    told = sib(office.store, [("statements", "approve", CONTRACT, "2021-Q1", digest, "--as", "abe")] * N)

    assert sorted(code for code, _ in told) == [0, *[1] * (N - 1)]
    assert all("what was shown for 2021-Q1 is no longer what is due" in words for code, words in told if code)
    agrees(office.store, n_statements=1, total=2_800_00)


def test_of_eight_uploads_of_one_file_at_once_one_is_taken(office: Office) -> None:
    file, ada = office.file(*person(3)), office.who("ada")

    def upload() -> None:
        with office.store.begin() as session:
            commit_upload(session, CONTRACT, file, by=ada, at=at("2021-04-07"))

    told = at_once([upload] * N)

    assert told.count(None) == 1
    assert all("the same file was taken in on 2021-04-07 as upload 2" in str(each) for each in told if each)
    assert len([row for row in office.states() if row.startswith("P3/")]) == 3


@pytest.mark.slow
def test_of_eight_processes_that_upload_one_file_at_once_one_succeeds(office: Office) -> None:
    file = office.file(*person(3))

    told = sib(office.store, [("claims", "import", CONTRACT, str(file), "--as", "ada")] * N)

    assert sorted(code for code, _ in told) == [0, *[1] * (N - 1)]
    assert all("the same file was taken in" in words for code, words in told if code)
    with office.store.read() as session:
        assert session.execute(select(func.count(Upload.id))).scalar_one() == 2


def test_uploads_and_decisions_at_once_lose_nothing_and_decide_nothing_twice(office: Office) -> None:
    files = [office.file(*person(3 + place)) for place in range(4)]

    def upload(file: Path) -> None:
        with office.store.begin() as session:
            commit_upload(session, CONTRACT, file, by=actor_named(session, "ada"), at=at("2021-04-07"))

    told = at_once(
        [
            *[lambda file=file: upload(file) for file in files],
            *[lambda: office.move(Move.ACCEPT, "P1/engagement", on="2021-04-07")] * 3,
            lambda: office.move(Move.QUERY, "P2/engagement", on="2021-04-07", note="which day?"),
        ]
    )

    assert told[:4] == [None] * 4
    assert sorted(str(each) for each in told[4:7]) == [
        "None",
        *["nothing was moved: P1/engagement: it is accepted, and only queried or submitted can be accepted"] * 2,
    ]
    assert told[7] is None
    states = office.states()
    assert len(states) == 18
    assert (states["P1/engagement"], states["P2/engagement"]) == ("accepted", "queried")
    with office.store.read() as session:
        assert verify(session).breaks == ()


def test_a_statement_that_is_drawn_up_while_others_decide_is_told_that_it_is_stale_or_holds(office: Office) -> None:
    office.move(Move.ACCEPT, "P1/engagement", on="2021-04-07")
    digest = office.draft("2021-Q1", on="2021-04-08").digest

    approval, decision = at_once(
        [
            lambda: office.approve("2021-Q1", on="2021-04-08", digest=digest),
            lambda: office.move(Move.ACCEPT, "P2/engagement", on="2021-04-08"),
        ]
    )

    assert decision is None
    assert approval is None or isinstance(approval, StaleDigestError)
    assert office.draft("2021-Q1", on="2021-04-09").statement.total == (400_00 if approval is None else 800_00)


def test_of_eight_who_enter_the_same_organisation_role_or_version_at_once_one_is_taken(office: Office) -> None:
    source = SOURCE.read_text(encoding="utf-8").replace("limit = 50000", "limit = 60000")

    def enter() -> None:
        with office.store.begin() as session:
            add_organisation(session, "Quayside", by=actor_named(session, "root"), at=at("2021-04-07"))

    def grant() -> None:
        with office.store.begin() as session:
            root = actor_named(session, "root")
            grant_role(session, "abe", Role.AUDITOR, contract=None, by=root, at=at("2021-04-07"))

    def register() -> None:
        office.register(source, on="2021-04-07", note="more room")

    for command, words in (
        (enter, "there is an organisation 'Quayside' already"),
        (grant, "'abe' is auditor there already"),
        (register, "two-quarters is registered with these terms already, as version 2"),
    ):
        told = at_once([command] * N)
        assert told.count(None) == 1
        assert [str(each) for each in told if each] == [words] * (N - 1)
        assert all(isinstance(each, RefusedError) for each in told if each)
    with office.store.read() as session:
        granted = select(func.count(Membership.id)).where(Membership.role == Role.AUDITOR.value)
        assert session.execute(granted).scalar_one() == 1
        assert verify(session).breaks == ()
