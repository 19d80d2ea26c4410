from pathlib import Path

import pytest

from sib_engine.core.errors import FindingsError, NotFoundError, RefusedError, SegregationError, StaleDigestError
from sib_engine.services.access.actors import actor_named
from sib_engine.services.claims.listing import list_claims
from sib_engine.services.claims.upload import commit_upload
from sib_engine.storage.base import Base
from sib_engine.storage.store import Store
from tests.store.office import CONTRACT, Office, at

FACTS = (
    "H-1,referral,2021-01-11",
    "H-1,vocational profile,2021-01-20",
    "H-1,employment,2021-02-01,,cafe,20,yes,no",
)


def test_a_preview_writes_nothing(store: Store, tmp_path: Path) -> None:
    office = Office.opened(store, tmp_path)

    found = office.preview(*FACTS, on="2021-03-01")

    assert (found.can_be_committed, len(found.found.new), found.new_people, len(found.claims)) == (True, 3, ("H-1",), 3)
    assert office.states() == {}


def test_the_same_file_is_taken_in_once(store: Store, tmp_path: Path) -> None:
    office = Office.opened(store, tmp_path)
    office.upload(*FACTS, on="2021-03-01")

    with pytest.raises(RefusedError, match="the same file was taken in on 2021-03-01 as upload 1"):
        office.upload(*FACTS, on="2021-03-02")


def test_a_tracker_sent_again_with_more_in_it_adds_only_what_is_new(store: Store, tmp_path: Path) -> None:
    office = Office.opened(store, tmp_path)
    office.upload(*FACTS, on="2021-03-01")

    found = office.upload(
        *FACTS[:2],
        "H-1,employment,2021-02-01,2021-02-20,cafe,20,yes,no",
        "H-1,evidence,2021-02-05,,cafe,,,,employer letter,job_start,held",
        on="2021-03-08",
    )

    assert (found.found.n_known, len(found.found.changed), len(found.found.new)) == (2, 1, 1)
    before, now = found.found.changed[0]
    assert (before["ends_on"], str(now["ends_on"])) == (None, "2021-02-20")
    assert found.claims == ()


def test_a_file_with_an_error_is_refused_whole_with_every_row(store: Store, tmp_path: Path) -> None:
    office = Office.opened(store, tmp_path)

    with pytest.raises(FindingsError) as refused:
        office.upload(*FACTS, "H-2,referral,2021-13-01", "H-3,employment,2021-02-01,,j,9", on="2021-03-01")

    rows = {(finding.at.row, finding.at.column) for finding in refused.value.findings if finding.severity == "error"}
    assert rows == {(5, "on"), (6, "competitive")}
    assert office.states() == {}


def test_what_is_recorded_in_the_future_is_refused(store: Store, tmp_path: Path) -> None:
    office = Office.opened(store, tmp_path)

    with pytest.raises(FindingsError) as refused:
        office.upload("H-1,referral,2021-01-11,,,,,,,,,2021-03-02", on="2021-03-01")

    assert [finding.rule for finding in refused.value.findings] == ["recorded-in-future"]


def test_another_file_than_the_one_previewed_is_refused(store: Store, tmp_path: Path) -> None:
    office = Office.opened(store, tmp_path)

    ada, file = office.who("ada"), office.file(*FACTS)

    with store.begin() as session, pytest.raises(StaleDigestError):
        commit_upload(session, CONTRACT, file, digest="sha256:other", by=ada, at=at("2021-03-01"))


@pytest.mark.parametrize("who", ["vera", "abe", "tom", "root"])
def test_only_a_provider_uploads(store: Store, tmp_path: Path, who: str) -> None:
    office = Office.opened(store, tmp_path)

    with pytest.raises(SegregationError, match=f"'{who}' may not upload facts"):
        office.upload(*FACTS, on="2021-03-01", by=who)


def test_references_of_people_stand_in_one_table_only(store: Store, tmp_path: Path) -> None:
    office = Office.opened(store, tmp_path)
    office.upload(*(line.replace("H-1", "SECRET-77") for line in FACTS), on="2021-03-01")

    holding = []
    with store.read() as session:
        for table in Base.metadata.sorted_tables:
            rows = session.execute(table.select()).all()
            if any("SECRET-77" in str(value) for row in rows for value in row):
                holding.append(table.name)

    assert holding == ["participant"]


def test_claims_are_listed_with_the_checks_that_failed(store: Store, tmp_path: Path) -> None:
    office = Office.opened(store, tmp_path)
    office.upload(*FACTS, on="2021-03-01")

    with store.read() as session:
        found = list_claims(session, CONTRACT, state="submitted", by=actor_named(session, "vera"))
        with pytest.raises(NotFoundError, match="no claim is 'lost'; accepted: submitted, queried"):
            list_claims(session, CONTRACT, state="lost", by=actor_named(session, "vera"))

    assert [(each.row, each.failed) for each in found] == [
        ("P1/engagement", ()),
        ("P1/job_start/cafe", ("evidence",)),
        ("P1/sustained/cafe", ("prerequisites",)),
    ]
