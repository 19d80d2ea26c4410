"""Files made to harm, or of the wrong kind: the store's preview and import refuse them, and write nothing."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sib_engine.core.delimited import MAX_FILE_BYTES
from sib_engine.core.errors import FindingsError
from sib_engine.core.workbook import limits
from sib_engine.services.access.actors import actor_named
from sib_engine.services.claims.upload import commit_upload, preview_upload
from sib_engine.storage.chain import head
from sib_engine.storage.store import Store
from tests.core.made_workbook import parts, sheet, texts, written
from tests.store.files import PDF, PNG
from tests.store.office import CONTRACT, Office, at
from tests.store.test_mappings import save

GOOD = {"Facts": sheet(texts(1, "person", "fact", "on"), texts(2, "H-1", "referral", "2021-01-11"))}
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    "<worksheet>&c;</worksheet>"
)


def zip_bomb(path: Path) -> None:
    written(path, parts({"Facts": "<worksheet>" + " " * (limits.RATIO_FROM_BYTES + 1)}))


def entities(path: Path) -> None:
    written(path, parts(GOOD, more={"xl/worksheets/sheet1.xml": LAUGHS}))


def leads_out(path: Path) -> None:
    written(path, parts(GOOD, more={"../../evil.xml": "x"}))


def oversize(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES + 1)


def old_workbook(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


def nothing(path: Path) -> None:
    path.write_bytes(b"")


def one_long_line(path: Path) -> None:
    path.write_bytes(b"x" * (4 << 20))


HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a zip bomb": (zip_bomb, "workbook-unsafe"),
    "entities that multiply": (entities, "workbook-unsafe"),
    "a part that leads out": (leads_out, "workbook-unsafe"),
    "more than a file may have": (oversize, "file-too-large"),
    "an old workbook": (old_workbook, "not-a-text-table"),
    "a PDF called a workbook": (lambda path: path.write_bytes(PDF), "not-a-text-table"),
    "a picture": (lambda path: path.write_bytes(PNG), "not-utf-8"),
    "an empty file": (nothing, "file-empty"),
    "a line without an end": (one_long_line, "line-too-long"),
    "a folder": (Path.mkdir, "file-not-readable"),
    "a pipe": (os.mkfifo, "file-not-readable"),
    "nothing at all": (lambda _: None, "file-not-found"),
}


def entries(store: Store) -> int:
    with store.read() as session:
        return head(session)[0]


@pytest.mark.parametrize("mapping", [None, "caseload"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_and_leaves_nothing(
    store: Store, tmp_path: Path, name: str, mapping: str | None
) -> None:
    office = Office.opened(store, tmp_path)
    save(office, {"sheet": "", "heading_row": 1})
    made, rule = HOSTILE[name]
    path = tmp_path / "sent.xlsx"
    made(path)
    before = entries(store)

    with store.read() as session:
        ada = actor_named(session, "ada")
        shown = preview_upload(session, CONTRACT, path, mapping=mapping, by=ada, at=at("2021-03-02"))
    with pytest.raises(FindingsError) as refused, store.begin() as session:
        commit_upload(session, CONTRACT, path, mapping=mapping, by=ada, at=at("2021-03-02"))

    assert (shown.can_be_committed, shown.table) == (False, None)
    assert [each.rule for each in shown.findings if each.severity == "error"] == [rule]
    assert refused.value.findings == shown.findings
    assert (entries(store), office.states()) == (before, {})


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("..\\..\\evil.csv", "evil.csv"),
        ("a\x1b[31mred\nline.csv", "a?[31mred?line.csv"),
        ("x" * 200 + ".csv", "x" * 112 + "...x.csv"),
        ("=HYPERLINK(1).csv", "=HYPERLINK(1).csv"),
    ],
)
def test_a_name_is_shown_and_kept_without_folders_and_nothing_unseen(
    store: Store, tmp_path: Path, name: str, called: str
) -> None:
    office = Office.opened(store, tmp_path)
    path = tmp_path / name
    path.write_text("person,fact,on\nH-1,referral,2021-01-11\n", encoding="utf-8")

    done = office.upload_file(path, on="2021-03-02")

    assert done.name == called
