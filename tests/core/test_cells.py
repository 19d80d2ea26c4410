from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.core import cells
from sib_engine.core.cell_values import CellError, amount_in, day_in, decimal_in, month_in, whole_in
from sib_engine.core.finding_log import FindingLog
from sib_engine.core.money import currency_of
from sib_engine.core.tabular import Column, Table, read_table

GBP = currency_of("GBP")


@pytest.fixture
def column(tmp_path: Path) -> Callable[..., tuple[Table, FindingLog]]:
    """Return a table whose one column holds the given texts, beside a column of numbers."""

    def make(*values: str) -> tuple[Table, FindingLog]:
        path = tmp_path / "t.csv"
        quoted = (value.replace('"', '""') for value in values)
        path.write_text("id,x\n" + "".join(f'{place},"{value}"\n' for place, value in enumerate(quoted)))
        table, log = read_table(path, [Column("id"), Column("x")])
        assert table is not None
        return table, log

    return make


def said(log: FindingLog) -> list[tuple[str, int | None, str]]:
    return [(finding.rule, finding.at.row, finding.at.column) for finding in log.findings()]


def test_dates_are_read_and_blanks_are_no_day(column: Callable[..., tuple[Table, FindingLog]]) -> None:
    table, log = column("2020-04-30", "", "2024-02-29")

    days = cells.days(table, "x", log)

    assert days.astype(str).tolist() == ["2020-04-30", "NaT", "2024-02-29"]
    assert log.findings() == ()


def test_a_wrong_cell_is_blank_and_named_in_every_row(column: Callable[..., tuple[Table, FindingLog]]) -> None:
    table, log = column("2020-04-30", "soon", "2021-02-29", "soon")

    days = cells.days(table, "x", log)

    assert np.isnat(days).tolist() == [False, True, True, True]
    assert said(log) == [("not-a-date", 3, "x"), ("not-a-date", 4, "x"), ("not-a-date", 5, "x")]


def test_a_required_cell_that_is_blank_is_named(column: Callable[..., tuple[Table, FindingLog]]) -> None:
    table, log = column("3", "", "4")

    assert cells.whole_numbers(table, "x", log, required=True).tolist() == [3, cells.BLANK, 4]
    assert said(log) == [("cell-blank", 3, "x")]


def test_a_column_that_is_not_there_is_blank_and_no_finding(column: Callable[..., tuple[Table, FindingLog]]) -> None:
    table, log = column("a", "b")

    assert np.isnat(cells.days(table, "y", log, required=True)).all()
    assert cells.answers(table, "y", log).tolist() == [cells.BLANK, cells.BLANK]
    assert log.findings() == ()


def test_months_numbers_answers_choices_and_amounts_are_read(column: Callable[..., tuple[Table, FindingLog]]) -> None:
    table, log = column("2020-04", "")
    assert cells.months(table, "x", log).astype(str).tolist() == ["2020-04-01", "NaT"]
    table, log = column("16", "16.25", "0.5", "15.990", "")
    assert cells.decimals(table, "x", log, places=2).tolist() == [1600, 1625, 50, 1599, cells.BLANK]
    table, log = column("yes", "NO", "True", "false", "y", "n", "1", "0", "")
    assert cells.answers(table, "x", log).tolist() == [1, 0, 1, 0, 1, 0, 1, 0, cells.BLANK]
    table, log = column("Job start", "engagement", "")
    names = {"engagement": 0, "job start": 1}
    assert cells.choices(table, "x", log, names, noun="metric of this contract").tolist() == [1, 0, cells.BLANK]
    table, log = column("1234.50", "-0.01", "")
    assert cells.amounts(table, "x", log, currency=GBP).tolist() == [123450, -1, 0]
    assert log.findings() == ()


def test_a_wrong_choice_names_the_nearest(column: Callable[..., tuple[Table, FindingLog]]) -> None:
    table, log = column("engagment")

    cells.choices(table, "x", log, {"engagement": 0, "job start": 1}, noun="fact known here")

    assert said(log) == [("fact-unknown", 2, "x")]
    assert log.findings()[0].accepted == "'engagement', perhaps; engagement, job start"


def test_personal_data_is_refused_as_a_reference_and_warned_of_as_text(
    column: Callable[..., tuple[Table, FindingLog]],
) -> None:
    table, log = column("P0001", "943 476 5919")
    cells.references(table, "x", log)
    assert [str(finding.severity) for finding in log.findings()] == ["error"]
    assert said(log) == [("personal-data", 3, "x")]

    table, log = column("payslip", "from jane@example.org", "from jane@example.org")
    assert cells.texts(table, "x", log).texts() == ["payslip", "from jane@example.org", "from jane@example.org"]
    assert [str(finding.severity) for finding in log.findings()] == ["warning", "warning"]
    assert not log.has_errors


def test_a_reference_that_cannot_be_seen_whole_is_refused(column: Callable[..., tuple[Table, FindingLog]]) -> None:
    table, log = column("P0001", "P00\u200b01", "P\t0001", "P" * 201)

    cells.references(table, "x", log)

    assert said(log) == [
        ("reference-unprintable", 3, "x"),
        ("reference-unprintable", 4, "x"),
        ("reference-too-long", 5, "x"),
    ]


@pytest.mark.parametrize(
    ("text", "rule", "accepted"),
    [
        ("03/04/2020", "date-ambiguous", "2020-04-03 or 2020-03-04, whichever it is"),
        ("3.4.2020", "date-ambiguous", "2020-04-03 or 2020-03-04, whichever it is"),
        ("25/12/2020", "not-a-date", "2020-12-25"),
        ("12-25-2020", "not-a-date", "2020-12-25"),
        ("04/04/2020", "not-a-date", "2020-04-04"),
        ("2020/4/3", "not-a-date", "2020-04-03"),
        ("2020-4-3", "not-a-date", "2020-04-03"),
        ("2020-04-03T09:30:00Z", "not-a-date", "2020-04-03"),
        ("03/04/20", "not-a-date", "a date written year-month-day, such as 2020-04-30"),
        ("43924", "not-a-date", "2020-04-03, if so"),
        ("2020-02-30", "not-a-date", "a date written year-month-day, such as 2020-04-30"),
        ("99/99/2020", "not-a-date", "a date written year-month-day, such as 2020-04-30"),
        ("20200403", "not-a-date", "a date written year-month-day, such as 2020-04-30"),
        ("\u0662\u0660\u0662\u0660-04-03", "not-a-date", "a date written year-month-day, such as 2020-04-30"),
        ("0020-04-03", "date-out-of-range", "the year as it was"),
        ("9999-12-31", "date-out-of-range", "the year as it was"),
    ],
)
def test_a_date_of_another_form_is_refused_with_what_it_may_mean(text: str, rule: str, accepted: str) -> None:
    with pytest.raises(CellError) as refused:
        day_in(text)

    assert (refused.value.said.rule, refused.value.said.accepted) == (rule, accepted)


@pytest.mark.parametrize(
    ("text", "rule", "accepted"),
    [
        ("-1", "not-a-whole-number", "a whole number of 0 or more, in plain digits, such as 1200"),
        ("+1", "not-a-whole-number", "a whole number of 0 or more, in plain digits, such as 1200"),
        ("1.5", "not-a-whole-number", "a whole number of 0 or more, in plain digits, such as 1200"),
        ("1e3", "not-a-whole-number", "a whole number of 0 or more, in plain digits, such as 1200"),
        ("1_000", "not-a-whole-number", "a whole number of 0 or more, in plain digits, such as 1200"),
        ("\u0661", "not-a-whole-number", "a whole number of 0 or more, in plain digits, such as 1200"),
        ("1,200", "not-a-whole-number", "1200"),
        ("2147483648", "number-too-large", "a whole number below 2,147,483,648"),
        ("9" * 400, "number-too-large", "a whole number below 2,147,483,648"),
    ],
)
def test_only_plain_whole_numbers_are_counts(text: str, rule: str, accepted: str) -> None:
    with pytest.raises(CellError) as refused:
        whole_in(text, below=2**31)

    assert (refused.value.said.rule, refused.value.said.accepted) == (rule, accepted)


@pytest.mark.parametrize(
    ("text", "rule", "accepted"),
    [
        ("16,5", "not-a-number", "16.5"),
        ("1,650", "not-a-number", "a number of 0 or more in plain digits with a decimal point, such as 16.5"),
        ("-1", "not-a-number", "a number of 0 or more in plain digits with a decimal point, such as 16.5"),
        (".5", "not-a-number", "a number of 0 or more in plain digits with a decimal point, such as 16.5"),
        ("16.125", "too-many-places", "at most 2 decimal places"),
        ("169", "number-too-large", "a number below 169"),
    ],
)
def test_only_plain_decimals_are_hours(text: str, rule: str, accepted: str) -> None:
    with pytest.raises(CellError) as refused:
        decimal_in(text, places=2, below=169)

    assert (refused.value.said.rule, refused.value.said.accepted) == (rule, accepted)


@pytest.mark.parametrize(
    ("text", "rule", "accepted"),
    [
        ("£1234.50", "not-an-amount", "the same without currency sign and thousands comma, such as 1234.50"),
        ("1,234.50", "not-an-amount", "the same without currency sign and thousands comma, such as 1234.50"),
        ("1.505", "not-an-amount", "digits and a decimal point, at most 2 decimal places, such as 1234.50"),
        ("1e400", "not-an-amount", "digits and a decimal point, at most 2 decimal places, such as 1234.50"),
        ("999999999999999", "number-too-large", "a smaller amount"),
    ],
)
def test_only_plain_amounts_are_money(text: str, rule: str, accepted: str) -> None:
    with pytest.raises(CellError) as refused:
        amount_in(text, currency=GBP)

    assert (refused.value.said.rule, refused.value.said.accepted) == (rule, accepted)


READERS: list[Callable[[str], object]] = [
    day_in,
    month_in,
    partial(whole_in, below=10),
    partial(decimal_in, places=2, below=10),
    partial(amount_in, currency=GBP),
]


@pytest.mark.parametrize("read", READERS)
@given(text=st.one_of(st.text(max_size=12), st.text("0123456789-/. ,£:", max_size=12)))
def test_no_text_breaks_a_reader(read: Callable[[str], object], text: str) -> None:
    said_of_it = ["read"]
    try:
        read(text)
    except CellError as refused:
        said_of_it = [refused.said.rule, refused.said.what, refused.said.accepted]

    assert all(said_of_it)


def test_of_many_wrong_cells_only_those_listed_are_put_into_words(
    column: Callable[..., tuple[Table, FindingLog]],
) -> None:
    table, log = column(*(f"metric {number}" for number in range(20_000)))

    cells.choices(table, "x", log, {f"m{number}": number for number in range(30)}, noun="metric of this contract")

    findings = log.findings()
    assert len(findings) == 51
    assert findings[-1].what == "and 19,950 more errors like these"
