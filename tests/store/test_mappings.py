"""Trackers taken in through mappings that the store keeps."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from sib_engine.core.errors import FindingsError, NotFoundError, RefusedError, SegregationError, StaleDigestError
from sib_engine.services.access.actors import actor_named
from sib_engine.services.claims.mappings import Saved, list_mappings, save_mapping, show_mapping
from sib_engine.services.claims.upload import Preview, commit_upload, preview_upload
from sib_engine.services.claims.uploads import list_uploads
from sib_engine.storage.chain import head
from sib_engine.storage.store import Store
from sib_engine.storage.verify import verify
from tests.store.billing import Billing
from tests.store.office import CONTRACT, Office, at

HEADINGS = ("Client", "Referred", "Profile done", "Job start", "Hours", "Letter seen")
ROW = ("H-1", "11/01/2021", date(2021, 1, 20), "01/02/2021", "FT", "05/02/2021")
RULES: dict[str, Any] = {
    "mapping": 1,
    "name": "caseload",
    "contract": CONTRACT,
    "sheet": "Caseload",
    "heading_row": 2,
    "dates": ["dd/mm/yyyy"],
    "every": {"person": {"column": "Client"}},
    "facts": [
        {"fact": {"constant": "referral"}, "on": {"column": "Referred"}},
        {"fact": {"constant": "vocational profile"}, "on": {"column": "Profile done"}},
        {
            "fact": {"constant": "employment"},
            "on": {"column": "Job start"},
            "job": {"constant": "cafe"},
            "hours": {"column": "Hours", "codes": "hours"},
            "competitive": {"constant": "yes"},
            "self_employed": {"constant": "no"},
        },
        {
            "fact": {"constant": "evidence"},
            "on": {"column": "Letter seen"},
            "job": {"constant": "cafe"},
            "detail": {"constant": "employer letter"},
            "metric": {"constant": "job_start"},
        },
    ],
    "codes": {"hours": {"means": {"FT": "20"}}},
}


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    return Office.opened(store, tmp_path)


def rules_file(office: Office, changes: Mapping[str, object] | None = None) -> Path:
    path = office.folder / "mapping.json"
    path.write_text(json.dumps(RULES | dict(changes or {})), encoding="utf-8")
    return path


def save(
    office: Office, changes: Mapping[str, object] | None = None, *, on: str = "2021-03-01", by: str = "ada"
) -> Saved:
    with office.store.begin() as session:
        who = actor_named(session, by)
        return save_mapping(session, CONTRACT, rules_file(office, changes), by=who, at=at(on))


def tracker(office: Office, *rows: Sequence[object], headings: Sequence[str] = HEADINGS) -> Path:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Caseload"
    for row in (["Harbour Works"], headings, *rows):
        sheet.append(list(row))
    path = office.folder / "tracker.xlsx"
    book.save(path)
    return path


def text_tracker(office: Office, *rows: str) -> Path:
    path = office.folder / "tracker.csv"
    path.write_text("\n".join(("Harbour Works", ",".join(HEADINGS), *rows)) + "\n", encoding="utf-8")
    return path


def preview(
    office: Office, path: Path, *, on: str = "2021-03-02", mapping: str = "caseload", by: str = "ada"
) -> Preview:
    with office.store.read() as session:
        return preview_upload(session, CONTRACT, path, mapping=mapping, by=actor_named(session, by), at=at(on))


def take_in(office: Office, path: Path, *, on: str = "2021-03-02", digest: str | None = None) -> Preview:
    with office.store.begin() as session:
        ada = actor_named(session, "ada")
        return commit_upload(session, CONTRACT, path, mapping="caseload", digest=digest, by=ada, at=at(on))


def errors_of(found: Preview) -> list[tuple[str, int | None, str]]:
    return [(each.rule, each.at.row, each.at.column) for each in found.findings if each.severity == "error"]


@pytest.mark.parametrize("as_text", [False, True])
def test_a_tracker_comes_in_through_a_mapping_and_the_upload_says_which(office: Office, *, as_text: bool) -> None:
    save(office)
    path = (
        text_tracker(office, "H-1,11/01/2021,20/01/2021,01/02/2021,FT,05/02/2021") if as_text else tracker(office, ROW)
    )

    shown = preview(office, path)
    done = take_in(office, path, digest=shown.digest)

    assert shown.understood is not None
    assert [each.fact for each in shown.understood.kinds] == [
        "referral",
        "vocational profile",
        "employment",
        "evidence: employer letter",
    ]
    assert shown.would_pay is not None
    assert shown.would_pay.amount == 1_400_00
    assert (done.n_rows, len(done.found.new), len(done.claims)) == (4, 4, 3)
    assert list(office.states()) == ["P1/engagement", "P1/job_start/cafe", "P1/sustained/cafe"]
    with office.store.read() as session:
        (upload,) = list_uploads(session, CONTRACT, by=actor_named(session, "ada"))
        assert verify(session).breaks == ()
    assert (upload.mapping, upload.version, upload.n_facts) == ("caseload", 1, 4)


def test_a_mapping_gets_a_version_each_time_it_says_something_else(office: Office) -> None:
    first = save(office)
    with pytest.raises(RefusedError, match="the mapping 'caseload' says the same as version 1, which is saved already"):
        save(office)
    second = save(office, {"codes": {"hours": {"means": {"FT": "35"}}}}, on="2021-03-02")
    back = save(office, on="2021-03-03")

    assert [each.version for each in (first, second, back)] == [1, 2, 3]
    with office.store.read() as session:
        ada = actor_named(session, "ada")
        versions = [(each.name, each.version, each.digest) for each in list_mappings(session, CONTRACT, by=ada)]
        last = show_mapping(session, CONTRACT, "Caseload", by=ada)
        second_again = show_mapping(session, CONTRACT, "caseload", version=2, by=ada)
        then = list_mappings(session, CONTRACT, by=ada, seq=head(session)[0] - 2)
        with pytest.raises(NotFoundError, match="the mapping 'caseload' has no version 4; accepted: 1 to 3"):
            show_mapping(session, CONTRACT, "caseload", version=4, by=ada)
    assert versions == [("caseload", 1, first.digest), ("caseload", 2, second.digest), ("caseload", 3, first.digest)]
    assert last.version == 3
    assert json.loads(second_again.rules)["codes"] == {"hours": {"means": {"FT": "35"}, "others": "refused"}}
    assert [each.version for each in then] == [1]


def test_a_saved_mapping_cannot_be_changed(office: Office) -> None:
    save(office)

    for change in ("UPDATE mapping SET rules = ''", "DELETE FROM mapping"):
        with pytest.raises(DBAPIError, match="mapping is append-only"), office.store.begin() as session:
            session.execute(text(change))


@pytest.mark.parametrize(
    ("changes", "rule", "key"),
    [
        ({"contract": "another"}, "contract-other", "contract"),
        ({"contract": "mhep/enfield"}, "contract-other", "contract"),
        ({"contract": "../two-quarters.toml"}, "contract-other", "contract"),
        ({"facts": [{**RULES["facts"][3], "metric": {"constant": "jobs"}}]}, "metric-unknown", "facts[0].metric"),
        ({"dates": []}, "dates-undeclared", "dates"),
        ({"proposed": True}, "mapping-proposed", "proposed"),
        ({"facts": []}, "wrong-type", "facts"),
    ],
)
def test_a_mapping_is_checked_when_it_is_saved(office: Office, changes: dict[str, object], rule: str, key: str) -> None:
    with pytest.raises(FindingsError) as refused:
        save(office, changes)

    found = [(each.rule, each.at.key) for each in refused.value.findings if each.severity == "error"]
    assert (rule, key) in found
    with office.store.read() as session:
        assert list_mappings(session, CONTRACT, by=actor_named(session, "ada")) == ()


def test_what_is_wrong_stands_at_the_row_and_column_of_the_tracker(office: Office) -> None:
    save(office)
    path = tracker(
        office,
        ROW,
        ("H-2", "2021-13-45", date(2021, 1, 20), "01/02/2021", "lots", None),
        ("H-3", "11/01/2021", date(2030, 1, 20), None, None, None),
    )

    found = preview(office, path)

    assert errors_of(found) == [("not-a-date", 4, "Referred"), ("code-unknown", 4, "Hours")]
    assert [(each.at.sheet, each.at.letter) for each in found.findings if each.at.row] == [
        ("Caseload", "B"),
        ("Caseload", "E"),
    ]
    with pytest.raises(FindingsError):
        take_in(office, path)
    assert office.states() == {}


def test_what_is_recorded_in_the_future_stands_at_the_column_that_says_so(office: Office) -> None:
    save(office)
    path = tracker(office, ROW, ("H-3", "11/01/2021", date(2030, 1, 20), None, None, None))

    found = preview(office, path)

    assert errors_of(found) == [("recorded-in-future", 4, "Profile done")]
    assert found.findings[-1].at.sheet == "Caseload"


def test_a_changed_heading_is_named_with_what_the_mapping_wants(office: Office) -> None:
    save(office)
    path = tracker(office, ROW, headings=("Client", "Referred", "Profile done", "Start of job", "Hours", "Letter seen"))

    found = preview(office, path)

    (missing,) = [each for each in found.findings if each.rule == "heading-missing"]
    assert missing.what.startswith("there is no column 'Job start'")
    assert missing.at.row == 2


def test_the_same_tracker_is_taken_in_once(office: Office) -> None:
    save(office)
    path = tracker(office, ROW)
    take_in(office, path)

    with pytest.raises(RefusedError, match=r"the same file was taken in on 2021-03-02 as upload 1 \(tracker\.xlsx\)"):
        take_in(office, path, on="2021-03-03")

    # Saved again it has other bytes, and adds nothing.
    again = preview(office, tracker(office, ROW, ("", "", "", "", "", "")), on="2021-03-03")
    assert (len(again.found.added), again.found.n_known) == (0, 4)
    assert "nothing-new" in {each.rule for each in again.findings}


def test_the_same_tracker_through_a_new_version_is_read_anew_and_says_what_stands(office: Office) -> None:
    save(office)
    path = tracker(office, ROW)
    take_in(office, path)
    save(office, {"codes": {"hours": {"means": {"FT": "35"}}}}, on="2021-03-03")

    shown = preview(office, path, on="2021-03-04")
    done = take_in(office, path, on="2021-03-04", digest=shown.digest)

    (told,) = [each for each in shown.findings if each.rule == "same-file-read-anew"]
    assert "read through caseload, version 1" in told.what
    assert (done.upload, len(done.found.changed), done.found.n_known) == (2, 1, 3)
    with office.store.read() as session:
        uploads = list_uploads(session, CONTRACT, by=actor_named(session, "vera"))
    assert [(each.number, each.version) for each in uploads] == [(1, 1), (2, 2)]


def test_what_was_previewed_through_another_version_is_stale(office: Office) -> None:
    save(office)
    path = tracker(office, ROW)
    shown = preview(office, path)
    save(office, {"codes": {"hours": {"means": {"FT": "35"}}}}, on="2021-03-03")

    with pytest.raises(StaleDigestError, match=r"tracker\.xlsx is not the file and mapping that was previewed"):
        take_in(office, path, on="2021-03-04", digest=shown.digest)


def test_a_mapping_that_is_not_there_is_named_with_those_that_are(office: Office) -> None:
    with pytest.raises(NotFoundError, match="two-quarters has no mapping 'caseload'; accepted: none is saved yet"):
        preview(office, tracker(office, ROW))
    save(office)
    with pytest.raises(NotFoundError, match="two-quarters has no mapping 'other'; accepted: caseload"):
        preview(office, tracker(office, ROW), mapping="other")


@pytest.mark.parametrize("who", ["vera", "abe", "tom", "root"])
def test_only_who_uploads_saves_a_mapping(office: Office, who: str) -> None:
    with pytest.raises(SegregationError, match=f"'{who}' may not upload facts"):
        save(office, by=who)


def test_an_investor_sees_no_mapping(store: Store, tmp_path: Path) -> None:
    billing = Billing.opened(store, tmp_path)
    save(billing.office)

    with store.read() as session:
        assert len(list_mappings(session, CONTRACT, by=actor_named(session, "otto"))) == 1
        with pytest.raises(SegregationError):
            list_mappings(session, CONTRACT, by=actor_named(session, "ivy"))
