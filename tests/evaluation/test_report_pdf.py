import re
import zlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from evaluation.report.content import content_of
from evaluation.report.pdf import pdf_of
from tests.evaluation.reports import report

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
CODE = '#panic("x") *bold* $x$ [#read("/etc/passwd")] \\ " = heading // comment @label <label>'


def n_pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def unpacked(pdf: bytes) -> bytes:
    """Return everything in a PDF, compressed streams unpacked."""
    found = [pdf]
    for stream in STREAM.findall(pdf):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(found)


def test_a_pdf_says_that_it_is_tagged_and_which_standards_it_keeps() -> None:
    pdf = pdf_of(report()).content

    assert pdf.startswith(b"%PDF-1.7")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"/Marked true" in pdf
    assert b"/Lang(en-GB)" in pdf


def test_its_fonts_are_inside_it() -> None:
    pdf = unpacked(pdf_of(report()).content)

    assert len(re.findall(rb"/Type\s*/FontDescriptor", pdf)) == len(re.findall(rb"/FontFile[23]\b", pdf)) > 0


def test_the_same_report_gives_the_same_bytes_and_another_day_gives_others() -> None:
    later = replace(report().meta, drawn_up_on=date(2021, 4, 15))

    assert pdf_of(report()).content == pdf_of(report()).content
    assert pdf_of(replace(report(), meta=later)).content != pdf_of(report()).content


def test_no_text_is_read_as_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    printed = pdf_of(report(text=CODE, title=CODE))

    assert printed.flaws == ()
    assert list(tmp_path.iterdir()) == []


def test_no_place_on_the_machine_stands_in_it() -> None:
    pdf = unpacked(pdf_of(report()).content)

    assert str(Path(__file__).parents[2]).encode() not in pdf
    assert str(Path.home()).encode() + b"/" not in pdf
    assert b".typ" not in pdf


def test_a_long_table_goes_on_over_pages() -> None:
    short, long = pdf_of(report()).content, pdf_of(report(n_rows=120)).content

    assert n_pages(long) > n_pages(short) >= 3


def test_a_character_that_no_font_has_is_named_and_marked() -> None:
    printed = pdf_of(report(text="paid \u6f22 and \U0001f600"))

    assert [flaw.rule for flaw in printed.flaws] == ["glyph-missing"]
    assert "U+6F22, U+1F600" in printed.flaws[0].what


def test_names_from_many_languages_are_printed_as_they_are() -> None:
    assert pdf_of(report(text="Łukasz Ñandú Øster Žižek Ελένη Дмитрий £ € ≥ 16 hours")).flaws == ()


def test_what_the_template_is_handed_is_text_with_every_value_written_out() -> None:
    (section,) = content_of(report())["blocks"]
    (table,) = (block for block in section["blocks"] if block["kind"] == "table")

    assert table["headings"] == ["Row", "On", "Payable (£)"]
    assert (table["rows"][1][0]["text"], table["rows"][1][0]["mark"]) == ("P00001", "*")
    assert (table["rows"][2][2]["text"], table["rows"][2][2]["sources"]) == ("\u22122.00", [1])
    assert table["total"] == ["Total", "", "\u22123.00"]
