import tracemalloc
import unicodedata
from io import RawIOBase
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sib_engine.core import delimited, tabular
from sib_engine.core.delimited import DelimitedFile, UnreadableError
from sib_engine.core.finding_log import FindingLog, Said
from sib_engine.core.findings import Finding
from sib_engine.core.table_writer import write_table
from sib_engine.core.tabular import Column, Table, read_table

COLUMNS = (Column("id", required=True), Column("note"))
NO_NUL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(path: Path, content: bytes | str) -> tuple[Table | None, tuple[Finding, ...]]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    table, log = read_table(path, COLUMNS)
    return table, log.findings()


def texts(table: Table | None) -> dict[str, list[str]]:
    assert table is not None
    return {name: column.texts() for name, column in table.columns.items()}


def rules(findings: tuple[Finding, ...]) -> list[tuple[str, int | None]]:
    return [(finding.rule, finding.at.row) for finding in findings]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_same_table_is_read_from_every_common_form(
    tmp_path: Path, mark: bytes, line_end: str, delimiter: str
) -> None:
    lines = ["id,note", "1,café", '2,"two', 'lines"', '3,"say ""no"""', "4,"]
    content = mark + line_end.join(lines).replace(",", delimiter).encode()

    table, findings = read(tmp_path / "t.csv", content)

    assert findings == ()
    assert texts(table) == {"id": ["1", "2", "3", "4"], "note": ["café", f"two{line_end}lines", 'say "no"', ""]}


def test_headings_may_stand_in_any_order_and_case(tmp_path: Path) -> None:
    table, findings = read(tmp_path / "t.csv", " Note ,ID\nfirst,1\n")

    assert findings == ()
    assert texts(table) == {"note": ["first"], "id": ["1"]}


def test_rows_count_as_in_a_spreadsheet(tmp_path: Path) -> None:
    table, findings = read(tmp_path / "t.csv", 'id,note\n1,"two\nlines"\n\n,\n2,late,extra\n3,last\n')

    assert table is not None
    assert table.numbers.tolist() == [2, 6]
    assert rules(findings) == [("cell-count", 5)]


def test_a_column_the_file_does_not_have_is_blank(tmp_path: Path) -> None:
    table, _ = read(tmp_path / "t.csv", "id\n1\n2\n")

    assert table is not None
    assert not table.has("note")
    assert table.column("note").texts() == ["", ""]
    assert table.column("note").blank().tolist() == [True, True]


def test_columns_without_heading_are_passed_over_where_they_are_empty(tmp_path: Path) -> None:
    table, findings = read(tmp_path / "t.csv", "id,note,,\n1,a,,\n2,b, ,\n")

    assert findings == ()
    assert texts(table) == {"id": ["1", "2"], "note": ["a", "b"]}


def test_two_spellings_of_one_accented_letter_are_one_text(tmp_path: Path) -> None:
    table, _ = read(tmp_path / "t.csv", "id\nZoe\u0308\nZo\u00eb\n")

    assert table is not None
    assert table.column("id").values == ("Zo\u00eb",)


def test_everything_wrong_is_found_at_once(tmp_path: Path) -> None:
    _, findings = read(tmp_path / "t.csv", 'id,nots,id\n1,2,3\n1\n1,2,3,4\n1,2,3\n1,"2,3\n')

    assert rules(findings) == [
        ("heading-unknown", 1),
        ("heading-repeated", 1),
        ("cell-count", 3),
        ("cell-count", 4),
        ("quote-not-closed", 6),
    ]


def test_the_nearest_heading_is_suggested(tmp_path: Path) -> None:
    _, findings = read(tmp_path / "t.csv", "id,notes\n1,2\n")

    assert findings[0].accepted == "'note', perhaps; known here: id, note"


def test_a_file_that_breaks_off_still_tells_what_is_wrong_before(tmp_path: Path) -> None:
    table, findings = read(tmp_path / "t.csv", b"id,note\n1\n2,b\n3,\xe9\n4,d\n")

    assert rules(findings) == [("cell-count", 2), ("not-utf-8", 4)]
    assert texts(table) == {"id": ["2"], "note": ["b"]}


def test_a_character_cut_off_at_the_end_is_named(tmp_path: Path) -> None:
    _, findings = read(tmp_path / "t.csv", "id,note\n1,caf\u00e9".encode()[:-1])

    assert rules(findings) == [("not-utf-8", 2)]
    assert "byte 0xC3 at byte offset 13" in findings[0].what


@pytest.mark.parametrize(
    ("content", "rule", "words"),
    [
        (b"", "file-empty", "the file is empty"),
        (b"\xef\xbb\xbf", "file-empty", "the file is empty"),
        (b"\r\n\r\n", "file-empty", "the file is empty"),
        ("id,note\n1,2\n".encode("utf-16-le"), "not-utf-8", "UTF-16"),
        ("id,note\n1,2\n".encode("utf-16-be"), "not-utf-8", "UTF-16"),
        (b"\xff\xfei\0d\0", "not-utf-8", "UTF-16"),
        (b"\xd0\xcf\x11\xe0rest", "not-a-text-table", "XLS workbook"),
        (b"%PDF-1.7", "not-a-text-table", "PDF"),
        (b"\0" * 100, "nul-byte", "byte offset 0"),
        (b"i\xe9d,note\n1,2\n", "not-utf-8", "byte 0xE9 at byte offset 1"),
        (b"<html><body>id</body></html>", "heading-missing", "no heading that is known"),
        (b"id,note\n", "no-rows", "no row below it"),
        (b"id,note\n,\n\n", "no-rows", "no row below it"),
    ],
)
def test_what_is_no_table_is_refused_clearly(tmp_path: Path, content: bytes, rule: str, words: str) -> None:
    _, findings = read(tmp_path / "t.csv", content)

    assert [finding.rule for finding in findings] == [rule]
    assert words in findings[0].what
    assert findings[0].at.file == str(tmp_path / "t.csv")


def test_a_table_may_be_allowed_to_have_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,note\n")

    table, log = read_table(path, COLUMNS, at_least=0)

    assert table is not None
    assert len(table) == 0
    assert log.findings() == ()


def test_what_cannot_be_opened_is_a_finding(tmp_path: Path) -> None:
    assert read_table(tmp_path / "none.csv", COLUMNS)[1].findings()[0].rule == "file-not-found"
    assert read_table(tmp_path, COLUMNS)[1].findings()[0].rule == "file-not-readable"
    assert read_table(Path("a\0b"), COLUMNS)[1].findings()[0].rule == "file-not-readable"


def test_one_heading_needs_no_delimiter(tmp_path: Path) -> None:
    table, findings = read(tmp_path / "t.csv", "id\n1\n")

    assert findings == ()
    assert texts(table) == {"id": ["1"]}


def test_a_file_over_the_size_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    with path.open("wb") as stream:
        stream.truncate(delimited.MAX_FILE_BYTES + 1)

    _, log = read_table(path, COLUMNS)

    assert [finding.rule for finding in log.findings()] == ["file-too-large"]


def test_more_rows_than_the_limit_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular, "MAX_ROWS", 10)

    table, findings = read(tmp_path / "t.csv", "id\n" + "1\n" * 11)

    assert table is None
    assert rules(findings) == [("too-many-rows", 12)]
    assert findings[0].accepted == "at most 10 rows; divide the file by site or by person"
    assert read(tmp_path / "t.csv", "id\n" + "1\n" * 10)[1] == ()


def test_more_text_than_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular, "MAX_TEXT_BYTES", 1 << 20)
    content = "id,note\n" + "".join(f"{number},same text in every row\n" for number in range(6_000))

    table, findings = read(tmp_path / "t.csv", content)

    assert table is None
    assert [finding.rule for finding in findings] == ["too-much-text"]


def test_too_many_headings_are_refused(tmp_path: Path) -> None:
    table, findings = read(tmp_path / "t.csv", "id" + ",x" * 300 + "\n1\n")

    assert table is None
    assert rules(findings) == [("too-many-columns", 1)]


class _Endless(RawIOBase):
    """A file without end that counts how much of it was read."""

    def __init__(self, start: bytes, more: bytes) -> None:
        self.n_read = 0
        self._next = start
        self._more = more

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        block = self._next + self._more * ((size - len(self._next)) // len(self._more))
        self._next = b""
        self.n_read += len(block)
        return block


@pytest.mark.parametrize(
    ("start", "more", "rule"),
    [
        (b"id,note\n1,", b"x", "line-too-long"),
        (b"", b"x", "line-too-long"),
        (b'id,note\n1,"', b"x,y\n", "quote-not-closed"),
        (b"id,note\n", b'"\n",', "quote-not-closed"),
        (b"id,note\n1,", b"\0", "nul-byte"),
    ],
)
def test_a_file_without_end_is_refused_after_a_few_blocks(start: bytes, more: bytes, rule: str) -> None:
    stream = _Endless(start, more)

    with pytest.raises(UnreadableError) as refused:
        for _ in DelimitedFile(stream).records(","):  # type: ignore[arg-type]  # only what it reads of a stream
            pass

    assert refused.value.said.rule == rule
    assert stream.n_read <= 6 * delimited.BLOCK_BYTES


@pytest.mark.slow
def test_memory_does_not_grow_with_rows_that_repeat(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,note\n" + "P0001,a payslip of the month\n" * 200_000)

    tracemalloc.start()
    table, _ = read_table(path, COLUMNS)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert table is not None
    assert len(table) == 200_000
    assert peak < 20 << 20  # as lists of texts the rows would take 42 MiB, and more with every row


@same_folder
@given(st.lists(NO_NUL, min_size=1, max_size=6))
def test_what_is_written_is_read_back_trimmed_and_composed(tmp_path: Path, notes: list[str]) -> None:
    path = tmp_path / "t.csv"
    write_table(path, ["id", "note"], [[str(number), note] for number, note in enumerate(notes)])

    table, log = read_table(path, COLUMNS)

    assert log.findings() == ()
    assert texts(table)["note"] == [unicodedata.normalize("NFC", note.strip()).strip() for note in notes]


@same_folder
@given(
    notes=st.lists(st.text('aé£\U0001f600" ,;\n\r', max_size=8), min_size=1, max_size=6),
    delimiter=st.sampled_from([",", ";", "\t"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    block=st.integers(16, 40),
)
def test_blocks_may_end_anywhere(
    tmp_path: Path, *, notes: list[str], delimiter: str, line_end: str, block: int
) -> None:
    rows = [f'{number}{delimiter}"{note.replace(chr(34), chr(34) * 2)}"' for number, note in enumerate(notes)]
    path = tmp_path / "t.csv"
    path.write_bytes(line_end.join([f"id{delimiter}note", *rows]).encode())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "BLOCK_BYTES", block)
        patch.setattr(delimited, "MAX_RECORD_BLOCKS", 100)
        patch.setattr(tabular, "CHUNK_ROWS", 2)
        table, log = read_table(path, COLUMNS)

    assert log.findings() == ()
    assert texts(table) == {
        "id": [str(number) for number in range(len(notes))],
        "note": [note.strip() for note in notes],
    }


def test_of_many_findings_a_readable_number_is_listed_and_the_rest_counted(tmp_path: Path) -> None:
    _, findings = read(tmp_path / "t.csv", "id,note\n" + "1\n" * 300)

    assert len(findings) == 51
    assert rules(findings[:50]) == [("cell-count", row) for row in range(2, 52)]
    assert str(findings[-1]).endswith("and 250 more errors like these [more-findings]")


def test_a_long_list_of_warnings_hides_no_error() -> None:
    log = FindingLog("t.csv")
    for rule in "abcde":
        for row in range(2, 102):
            log.warning(Said(rule, "doubtful"), row=row)
    log.error(Said("wrong", "wrong"), row=500)

    findings = log.findings()

    assert ("wrong", 500) in rules(findings)
    assert [finding.what for finding in findings if finding.rule == "more-findings"] == [
        "and 301 more warnings like these"
    ]
    assert log.has_errors
