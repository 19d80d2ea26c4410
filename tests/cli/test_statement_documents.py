from pathlib import Path

import openpyxl
import pytest

from tests.cli.command import TWO_PAYERS, Sib, counts_file

ROWS = ("metric,count,achieved_on", "engagement,2,2020-05-04")


@pytest.fixture
def ask(tmp_path: Path) -> tuple[str | Path, ...]:
    rows = counts_file(tmp_path, *ROWS, name="rows.csv")
    return ("statement", TWO_PAYERS, rows, "--period", "2020-Q2", "--drawn-up-on", "2020-07-09")


def test_a_statement_is_written_as_pdf_page_and_spreadsheet_beside_its_lines(
    sib: Sib, ask: tuple[str | Path, ...], tmp_path: Path
) -> None:
    lines, pdf, page, sheet = (tmp_path / name for name in ("one.csv", "one.pdf", "one.html", "one.xlsx"))

    ran = sib(*ask, "--out", lines, "--pdf", pdf, "--html", page, "--xlsx", sheet)

    assert ran.code == 0
    for path in (pdf, page, sheet):
        assert f"statement written to {path}" in ran.out
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert "Drawn up on 9 July 2020" in page.read_text(encoding="utf-8")
    assert openpyxl.load_workbook(sheet)["Lines"]["M2"].value == 600.02
    assert "1 line written to" in ran.out


def test_the_same_statement_and_day_give_the_same_documents(
    sib: Sib, ask: tuple[str | Path, ...], tmp_path: Path
) -> None:
    written = []
    for _ in range(2):
        sib(*ask, "--pdf", tmp_path / "one.pdf", "--html", tmp_path / "one.html", "--xlsx", tmp_path / "one.xlsx")
        written.append([(tmp_path / f"one.{kind}").read_bytes() for kind in ("pdf", "html", "xlsx")])

    assert written[0] == written[1]


def test_where_one_file_cannot_be_written_none_is(sib: Sib, ask: tuple[str | Path, ...], tmp_path: Path) -> None:
    ran = sib(*ask, "--out", tmp_path / "one.csv", "--pdf", tmp_path / "no" / "one.pdf")

    assert ran.code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]


def test_lines_that_are_there_already_stop_the_documents_too(
    sib: Sib, ask: tuple[str | Path, ...], tmp_path: Path
) -> None:
    (tmp_path / "one.csv").write_text("stated", encoding="utf-8")

    ran = sib(*ask, "--out", tmp_path / "one.csv", "--pdf", tmp_path / "one.pdf")

    assert ran.code == 1
    assert not (tmp_path / "one.pdf").exists()


def test_two_documents_in_one_file_and_a_document_over_an_input_are_refused(
    sib: Sib, ask: tuple[str | Path, ...], tmp_path: Path
) -> None:
    twice = sib(*ask, "--pdf", tmp_path / "one", "--html", tmp_path / "one")
    over = sib(*ask, "--pdf", tmp_path / "rows.csv")

    assert (twice.code, over.code) == (2, 2)
    assert "--pdf and --html both name" in " ".join(twice.err.split())
    assert "--pdf names" in over.err
