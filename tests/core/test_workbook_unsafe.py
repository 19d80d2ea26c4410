"""Workbooks that are damaged, or made to harm: refused with a clear finding, in little memory and time."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sib_engine.core.findings import Finding
from sib_engine.core.tabular import Column, read_table
from sib_engine.core.workbook import container, limits
from tests.core.made_workbook import content_types, parts, row, sheet, text_cell, texts, workbook, written

COLUMNS = (Column("id", required=True), Column("note"))
GOOD = {"S": sheet(texts(1, "id", "note"), texts(2, "a", "b"))}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
MIB = 1 << 20
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

BILLION_LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    "<worksheet>&c;</worksheet>"
)
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><worksheet>&a;</worksheet>'
PARAMETER = '<!DOCTYPE x SYSTEM "http://localhost/x.dtd"><worksheet/>'


def findings_of(path: Path) -> tuple[Finding, ...]:
    return read_table(path, COLUMNS)[1].findings()


def only_rule(path: Path) -> str:
    (finding,) = findings_of(path)
    return finding.rule


@pytest.mark.parametrize("content", [BILLION_LAUGHS, EXTERNAL, PARAMETER])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"])
def test_a_document_type_is_refused_wherever_it_stands(tmp_path: Path, content: str, part: str) -> None:
    path = written(tmp_path / "t.xlsx", parts(GOOD, more={part: content}))

    (finding,) = findings_of(path)

    assert finding.rule == "workbook-unsafe"
    assert "document type" in finding.what


@pytest.mark.parametrize(
    "name", ["../evil.xml", "/etc/passwd", "xl/../../evil.xml", "C:/evil.xml", "..\\evil.xml", "\\\\host\\evil.xml"]
)
def test_a_part_whose_name_leads_out_of_the_workbook_is_refused(tmp_path: Path, name: str) -> None:
    assert only_rule(written(tmp_path / "t.xlsx", parts(GOOD, more={name: "x"}))) == "workbook-unsafe"


@pytest.mark.parametrize("target", ["../../../etc/passwd", "..\\..\\x.xml", "file://host/x.xml"])
def test_a_sheet_that_lies_outside_the_workbook_is_refused(tmp_path: Path, target: str) -> None:
    made = parts(GOOD)
    made["xl/_rels/workbook.xml.rels"] = made["xl/_rels/workbook.xml.rels"].replace("worksheets/sheet1.xml", target)

    assert only_rule(written(tmp_path / "t.xlsx", made)) == "workbook-unsafe"


def test_a_sheet_of_another_workbook_is_refused(tmp_path: Path) -> None:
    made = parts(GOOD)
    made["xl/_rels/workbook.xml.rels"] = made["xl/_rels/workbook.xml.rels"].replace(
        'Target="worksheets', 'TargetMode="External" Target="worksheets'
    )

    assert only_rule(written(tmp_path / "t.xlsx", made)) == "workbook-unsafe"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "t.xlsx", parts(GOOD))
    with zipfile.ZipFile(path, "a") as book:
        book.writestr("XL/worksheets/sheet1.xml", sheet(texts(1, "id"), texts(2, "other")))

    assert only_rule(path) == "workbook-unsafe"


def test_a_part_that_grows_beyond_reason_is_refused_before_it_is_read(tmp_path: Path) -> None:
    bomb = "<worksheet>" + " " * (limits.RATIO_FROM_BYTES + 1)

    (finding,) = findings_of(written(tmp_path / "t.xlsx", parts({"S": bomb})))

    assert finding.rule == "workbook-unsafe"
    assert "made to fill the memory" in finding.what


def test_a_part_larger_than_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sib_engine.core.workbook.book.MAX_SHEET_BYTES", 100)

    assert only_rule(written(tmp_path / "t.xlsx", parts(GOOD))) == "file-too-large"


def test_a_workbook_larger_than_the_limit_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MAX_WORKBOOK_BYTES", 100)

    assert only_rule(written(tmp_path / "t.xlsx", parts(GOOD))) == "file-too-large"


def test_a_list_of_very_many_parts_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        for number in range(limits.MAX_PARTS + 1):
            book.writestr(f"{number}", "")

    assert only_rule(path) == "workbook-unsafe"


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ((texts(1, "id"), row(1_048_577, text_cell("A1048577", "x"))), "too-many-rows"),
        ((texts(1, "id"), row(2, '<c r="XFE2"><v>1</v></c>')), "workbook-damaged"),
        ((texts(1, "id"), row(2, '<c r="AAAAAAAAAAAA2"><v>1</v></c>')), "workbook-damaged"),
        ((texts(1, "id"), row(2, '<c r="2"><v>1</v></c>')), "workbook-damaged"),
        ((texts(1, "id"), '<row r="99999999999999999999"/>'), "workbook-damaged"),
        ((texts(1, "id"), texts(3, "a"), texts(2, "b")), "workbook-damaged"),
        ((texts(1, "id"), row(2, text_cell("A2", "a"), text_cell("A2", "b"))), "workbook-damaged"),
        ((texts(1, "id"), row(2, '<c r="A2" t="s"><v>7</v></c>')), "workbook-damaged"),
        ((texts(1, "id"), row(2, '<c r="A2" s="x"><v>7</v></c>')), "workbook-damaged"),
        ((texts(1, "id"), "<row"), "workbook-damaged"),
        ((texts(1, "id"), "<x>" * 100), "workbook-damaged"),
        ((), "heading-missing"),
        ((texts(2, "id"),), "heading-missing"),
        ((texts(1, "other"), texts(2, "a")), "heading-missing"),
        ((texts(1, "id"),), "no-rows"),
        ((row(1, *(text_cell(f"{a}{b}1", "id") for a in "ABCDEFGHI" for b in LETTERS)),), "too-many-columns"),
    ],
)  # fmt: skip
def test_a_sheet_that_no_spreadsheet_writes_is_refused(tmp_path: Path, rows: tuple[str, ...], rule: str) -> None:
    assert only_rule(workbook(tmp_path / "t.xlsx", *rows)) == rule


def test_more_cells_than_the_limit_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sib_engine.core.workbook.sheet.MAX_CELLS", 10)
    rows = [row(at, f'<c r="A{at}"/><c r="B{at}"/>') for at in range(2, 12)]

    assert only_rule(workbook(tmp_path / "t.xlsx", texts(1, "id"), texts(2, "a"), *rows[1:])) == "too-many-cells"


@pytest.mark.parametrize(
    ("content", "rule", "words"),
    [
        (OLE + "Workbook".encode("utf-16-le"), "not-a-text-table", "old XLS workbook"),
        (OLE + "WordDocument".encode("utf-16-le"), "not-a-text-table", "old Word document"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "file-encrypted", "protected by a password"),
        (b"PK\x03\x04 and then nothing", "workbook-damaged", "its end is missing"),
        (b"PK\x05\x06" + b"\0" * 18, "not-a-workbook", "a ZIP file"),
    ],
)
def test_other_files_are_named_for_what_they_are(tmp_path: Path, content: bytes, rule: str, words: str) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(content)

    (finding,) = findings_of(path)

    assert finding.rule == rule
    assert words in finding.what


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"[Content_Types].xml": content_types("application/vnd.ms-excel.sheet.binary.macroEnabled.main")}, ".xlsb"),
        ({"[Content_Types].xml": content_types("x.wordprocessingml.document.main+xml")}, "a Word document"),
        ({"[Content_Types].xml": content_types("text/plain")}, "no Excel workbook"),
    ],
)
def test_other_office_files_are_named(tmp_path: Path, more: dict[str, str], words: str) -> None:
    (finding,) = findings_of(written(tmp_path / "t.xlsx", parts(GOOD, more=more)))

    assert finding.rule == "not-a-workbook"
    assert words in finding.what


def test_an_opendocument_file_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "t.ods", {"mimetype": "application/vnd.oasis", "content.xml": "<x/>"})

    assert "OpenDocument" in findings_of(path)[0].what


def test_the_kind_is_told_by_the_content_and_another_name_is_only_a_warning(tmp_path: Path) -> None:
    text, book = tmp_path / "text.xlsx", tmp_path / "book.csv"
    text.write_text("id,note\n1,2\n", encoding="utf-8")
    written(book, parts(GOOD))

    for path in (text, book):
        table, log = read_table(path, COLUMNS)
        assert table is not None
        assert len(table) == 1
        assert [(each.severity, each.rule) for each in log.findings()] == [("warning", "name-of-other-kind")]


def test_a_workbook_with_macros_is_read_and_said_so(tmp_path: Path) -> None:
    kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"

    table, log = read_table(
        written(tmp_path / "t.xlsm", parts(GOOD, more={"[Content_Types].xml": content_types(kind)})), COLUMNS
    )

    assert table is not None
    assert [each.rule for each in log.findings()] == ["macros-not-run"]


def test_an_encrypted_part_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "t.xlsx", parts(GOOD))
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    path.write_bytes(bytes(content))

    assert only_rule(path) == "file-encrypted"


@pytest.mark.parametrize("place", range(20, 1_400, 60))
def test_a_byte_changed_anywhere_is_read_or_refused_and_never_a_failure(tmp_path: Path, place: int) -> None:
    path = written(tmp_path / "t.xlsx", parts(GOOD))
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= 0xFF
    path.write_bytes(bytes(content))

    table, log = read_table(path, COLUMNS)

    assert table is not None or log.has_errors


@pytest.mark.parametrize("cut", range(10, 1_100, 97))
def test_a_workbook_that_breaks_off_is_refused(tmp_path: Path, cut: int) -> None:
    path = written(tmp_path / "t.xlsx", parts(GOOD))
    path.write_bytes(path.read_bytes()[:cut])

    assert findings_of(path)


CHILD = """
import resource, sys
from pathlib import Path
from sib_engine.core.tabular import Column, read_table
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
table, log = read_table(Path(sys.argv[1]), [Column("id", required=True), Column("note")])
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak) // 1024, *(each.rule for each in log.findings()))
"""


def peak_mib(path: Path) -> tuple[int, list[str]]:
    """Return the memory that another process took to read the file, and what it said."""
    done = subprocess.run(  # noqa: S603 - this interpreter, with arguments written here
        [sys.executable, "-c", CHILD, str(path)], check=True, capture_output=True, text=True, timeout=120
    )
    memory, *rules = done.stdout.split()
    return int(memory), rules


measures_memory = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is measured on Linux only")


@pytest.mark.slow
@measures_memory
@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ('<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>' + "x" * (60 * MIB), "workbook-damaged"),
        ('<worksheet a="' + "x" * (60 * MIB), "workbook-damaged"),
        ("<worksheet>" + "<a>" * (20 * MIB), "workbook-damaged"),
        ("<worksheet><!--" + "x" * (60 * MIB), "workbook-damaged"),
    ],
)
def test_a_part_without_end_is_refused_in_little_memory(tmp_path: Path, content: str, rule: str) -> None:
    memory, rules = peak_mib(written(tmp_path / "t.xlsx", parts({"S": content})))

    assert rules == [rule]
    assert memory < 160


@pytest.mark.slow
@measures_memory
def test_a_sheet_whose_every_row_reaches_to_the_last_column_stays_small(tmp_path: Path) -> None:
    cells = "".join(f'<row><c r="XFD{at}"><v>1</v></c></row>' for at in range(3, 300_000))

    memory, rules = peak_mib(workbook(tmp_path / "t.xlsx", texts(1, "id"), texts(2, "a"), cells))

    assert rules == ["value-without-heading"]
    assert memory < 160


def test_limits_leave_room_for_what_excel_can_hold() -> None:
    assert limits.MAX_SHEET_ROWS == 1_048_576
    assert limits.MAX_SHEET_COLUMNS == 16_384
