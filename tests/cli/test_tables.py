import re
from collections.abc import Sequence

import pytest
from rich.console import Console

from sib_engine.cli.tables import BREAK, print_table

HEADINGS = ("payer", "organisation", ">amount", ">headroom")
ROWS = (
    ("dcms", "Department for Culture, Media and Sport", "£596,918.00", "£1,234,567,890.00"),
    ("local", "A borough", "£842,230.00", "no price"),
)


def printed(
    width: int,
    title: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    total: Sequence[str] = (),
    n_keys: int = 1,
    drop_blank: bool = False,
) -> str:
    """Return what a table looks like in a terminal of a width."""
    to = Console(width=width, markup=False, highlight=False, color_system=None, force_terminal=False)
    with to.capture() as captured:
        print_table(to, title, headings, rows, total=total, n_keys=n_keys, drop_blank=drop_blank)
    return captured.get()


@pytest.mark.parametrize("width", [10, 20, 30, 40, 60, 80, 100, 120, 300])
def test_no_number_and_no_word_is_ever_broken_or_cut_off(width: int) -> None:
    out = printed(width, "", HEADINGS, ROWS, total=("total", "", "£1,439,148.00", ""))

    for text in (*HEADINGS, "£596,918.00", "£1,234,567,890.00", "no price", "£1,439,148.00", "Department", "Culture,"):
        assert text.removeprefix(">") in out


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    out = printed(width, "Who pays", HEADINGS, ROWS)

    assert max(map(len, out.splitlines())) <= width


def test_a_table_too_wide_is_printed_in_parts_each_with_what_a_row_is_about() -> None:
    out = printed(40, "", HEADINGS, ROWS)

    parts = [part for part in re.split(r"\n\s*\n", out.strip()) if part]
    assert len(parts) == 2
    assert all(part.lstrip().startswith("payer") for part in parts)
    assert all("dcms" in part and "local" in part for part in parts)


def test_several_leading_columns_can_say_what_a_row_is_about() -> None:
    rows = [("2020-Q2", "engagement", "1,000.00", "2,000.00", "3,000.00")]
    out = printed(34, "", ("period", "metric", ">a", ">b", ">c"), rows, n_keys=2)

    assert out.count("2020-Q2  engagement") == 3


def test_a_heading_may_take_two_lines_where_its_numbers_are_short() -> None:
    out = printed(30, "", ("metric", ">of these, lack only evidence"), [("Job start", "3")])

    assert len(out.strip().splitlines()) >= 4
    assert max(map(len, out.splitlines())) <= 30


def test_blank_columns_can_be_left_out_and_are_kept_otherwise() -> None:
    rows = [("a", "", "1"), ("b", "", "2")]

    assert "blank" not in printed(80, "", ("name", "blank", ">n"), rows, drop_blank=True)
    assert "blank" in printed(80, "", ("name", "blank", ">n"), rows)


def test_a_row_id_stays_whole_where_there_is_room_and_breaks_after_the_person_where_not() -> None:
    rows = [(f"SYN-ENFIELD-00001/{BREAK}sustained_16_plus/J1", "2021-05-02")]

    assert "SYN-ENFIELD-00001/sustained_16_plus/J1" in printed(80, "", ("row", "due on"), rows)
    narrow = printed(32, "", ("row", "due on"), rows)
    assert [line.split()[0] for line in narrow.splitlines() if "J1" in line or "SYN" in line] == [
        "SYN-ENFIELD-00001/",
        "sustained_16_plus/J1",
    ]
    assert BREAK not in narrow


def test_text_in_square_brackets_is_text() -> None:
    assert "[bold]cap[contract-cap]" in printed(80, "", ("clause",), [("[bold]cap[contract-cap]",)])


def test_a_table_without_rows_has_its_headings() -> None:
    assert "payer" in printed(80, "", ("payer", ">amount"), [])
