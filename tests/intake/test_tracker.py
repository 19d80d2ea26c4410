from datetime import date, datetime
from pathlib import Path

import pytest

from sib_engine.core.findings import Severity
from sib_engine.outcomes.intake.preview import FactCount, Preview, understood
from sib_engine.outcomes.outcomes import find_outcomes
from tests.intake.trackers import GOOD, HEADINGS, MAPPING, mapping, terms, tracker


def seen(preview: Preview) -> list[tuple[str, int | None, str, str]]:
    return [(each.rule, each.at.row, each.at.letter, each.at.column) for each in preview.findings]


def changed(**cells: object) -> list[object]:
    """Return the good row with some cells replaced, named by heading without spaces."""
    names = ["".join(heading.split()) for heading in HEADINGS]
    return [cells.get(name, cell) for name, cell in zip(names, GOOD, strict=True)]


def facts_of(preview: Preview) -> list[tuple[str, str, str, int]]:
    assert preview.facts is not None, preview.findings
    facts = preview.facts
    return [
        (facts.name.text(int(name)), str(on), facts.person.text(int(person)), int(line))
        for name, on, person, line in zip(
            facts.name.codes, facts.starts_on, facts.person.codes, facts.line, strict=True
        )
    ]


def test_one_row_of_a_tracker_becomes_the_facts_that_its_columns_hold(tmp_path: Path) -> None:
    preview = understood(mapping(), tracker(tmp_path, GOOD), terms())

    assert preview.findings == ()
    assert facts_of(preview) == [
        ("referral", "2020-11-02", "C1", 4),
        ("appointment", "2020-11-16", "C1", 4),
        ("employment", "2021-01-04", "C1", 4),
        ("evidence", "2021-04-30", "C1", 4),
    ]
    assert preview.facts is not None
    assert preview.facts.hours.tolist() == [-1, -1, 1600, -1]
    assert preview.origins is not None
    assert preview.origins.row.tolist() == [4, 4, 4, 4]
    assert preview.origins.rule.tolist() == [0, 1, 2, 3]


def test_outcomes_follow_from_an_unfolded_tracker_as_from_a_file_of_facts(tmp_path: Path) -> None:
    preview = understood(mapping(), tracker(tmp_path, GOOD, changed(ClientID="C2", Jobstart=None, Hours=None)), terms())

    assert preview.facts is not None
    table = find_outcomes(terms(), preview.facts)
    counting = [row for row, counts in zip(table.row_ids(), table.counts.tolist(), strict=True) if counts]
    assert "C1/engagement/2020-11-16" in counting
    assert any(row.startswith("C1/sustained") for row in counting)


def test_the_preview_counts_facts_and_names_what_was_passed_over_without_its_content(tmp_path: Path) -> None:
    preview = understood(mapping(), tracker(tmp_path, GOOD, changed(ClientID="C2", Name="Joe")), terms())

    assert preview.kinds == (
        FactCount("referral", 2, 2, "2020-11-02", "2020-11-02"),
        FactCount("appointment", 2, 2, "2020-11-16", "2020-11-16"),
        FactCount("employment", 2, 2, "2021-01-04", "2021-01-04"),
        FactCount("evidence: payslip", 2, 2, "2021-04-30", "2021-04-30"),
    )
    assert [(each.heading, each.letter, each.n_filled) for each in preview.passed_over] == [("Name", "B", 2)]
    assert "Jane" not in str(preview.as_dict())


def test_the_first_rows_stand_beside_the_facts_made_of_them(tmp_path: Path) -> None:
    (row,) = understood(mapping(), tracker(tmp_path, GOOD), terms()).first_rows

    assert row.row == 4
    assert dict(row.cells)["Hours"] == "FT"
    assert dict(row.facts[2]) == {
        "person": "C1",
        "site": "north",
        "fact": "employment",
        "on": "2021-01-04",
        "hours": "16",
        "detail": "Cafe",
        "competitive": "yes",
    }


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"Referraldate": "31/02/2021"}, ("not-a-date", 4, "C", "Referral date")),
        ({"Referraldate": "2/11/20"}, ("date-not-as-declared", 4, "C", "Referral date")),
        ({"Referraldate": datetime(2020, 11, 2, 9, 30)}, ("date-not-as-declared", 4, "C", "Referral date")),  # noqa: DTZ001 - cells have no zone
        ({"Hours": "zero"}, ("code-unknown", 4, "G", "Hours")),
        ({"Jobend": date(2020, 1, 1)}, ("ends-before-it-begins", 4, "F", "Job end")),
        ({"ClientID": None}, ("cell-blank", 4, "A", "Client ID")),
        ({"ClientID": "jane@example.org"}, ("personal-data", 4, "A", "Client ID")),
        ({"Employer": "jane@example.org"}, ("personal-data", 4, "H", "Employer")),
    ],
)  # fmt: skip
def test_each_mistake_is_told_once_at_the_trackers_own_row_and_column(
    tmp_path: Path, cells: dict[str, object], found: tuple[str, int, str, str]
) -> None:
    assert seen(understood(mapping(), tracker(tmp_path, changed(**cells)), terms())) == [found]


def test_a_mistake_between_two_facts_names_the_trackers_rows(tmp_path: Path) -> None:
    preview = understood(mapping(), tracker(tmp_path, GOOD, [], changed(Employer="Shop")), terms())

    overlaps = [each for each in preview.findings if each.rule == "job-overlaps"]
    assert [(each.at.row, each.at.letter, each.what) for each in overlaps] == [
        (6, "E", "the days of job '2021-01-04' overlap with those in row 4")
    ]


def test_a_value_whose_fact_has_no_date_is_warned_of_and_not_lost_in_silence(tmp_path: Path) -> None:
    preview = understood(mapping(), tracker(tmp_path, changed(Jobstart=None)), terms())

    assert seen(preview) == [("value-without-date", 4, "G", "Hours"), ("value-without-date", 4, "H", "Employer")]
    assert all(each.severity is Severity.WARNING for each in preview.findings)


def test_what_is_not_understood_is_counted_with_an_example(tmp_path: Path) -> None:
    rows = [changed(ClientID=f"C{number}", Hours="16-20" if number % 2 else "ft") for number in range(6)]

    (found,) = understood(mapping(), tracker(tmp_path, *rows), terms()).not_understood

    assert (found.column, found.letter, found.text, found.n_rows, found.first_row) == ("Hours", "G", "'16-20'", 3, 5)
    assert found.accepted == "FT, PT"


def test_codes_may_keep_others_or_leave_them_blank_and_say_what_an_empty_cell_means(tmp_path: Path) -> None:
    rows = [changed(ClientID=f"C{number}", Hours=hours) for number, hours in enumerate(("ft", "12.5", None))]
    path = tracker(tmp_path, *rows)
    kept = {"hours": {"means": {"FT": "16", "": "4"}, "others": "kept"}}
    blank = {"hours": {"means": {"FT": "16"}, "others": "blank"}}

    hours = [understood(mapping({"codes": codes}), path, terms()).facts for codes in (kept, blank)]

    assert hours[0] is not None
    assert hours[1] is not None
    assert hours[0].hours[hours[0].named("employment")].tolist() == [1600, 1250, 400]
    assert hours[1].hours[hours[1].named("employment")].tolist() == [1600, -1, -1]


@pytest.mark.parametrize(
    ("declared", "cell", "day"),
    [
        ("dd/mm/yyyy", "04/05/2020", "2020-05-04"),
        ("mm/dd/yyyy", "04/05/2020", "2020-04-05"),
        ("dd/mm/yy", "4/5/20", "2020-05-04"),
        ("dd mmm yyyy", "4th May 2020", "2020-05-04"),
        ("dd.mm.yyyy", "04.05.2020", "2020-05-04"),
        ("dd/mm/yyyy hh:mm", "04/05/2020 13:30", "2020-05-04"),
        ("mm/dd/yyyy", date(2020, 5, 4), "2020-05-04"),
        ("mm/dd/yyyy", "2020-05-04", "2020-05-04"),
    ],
)
def test_dates_are_read_as_declared_and_real_date_cells_as_they_are(
    tmp_path: Path, declared: str, cell: object, day: str
) -> None:
    preview = understood(mapping({"dates": [declared]}), tracker(tmp_path, changed(Referraldate=cell)), terms())

    assert facts_of(preview)[0] == ("referral", day, "C1", 4)


def test_dates_that_a_spreadsheet_seems_to_have_turned_round_are_warned_of(tmp_path: Path) -> None:
    turned = [date(2020, 4, 5), date(2020, 6, 7), date(2020, 8, 9), "13/05/2020", "25/06/2020", "30/07/2020"]
    rows = [changed(ClientID=f"C{number}", Referraldate=day) for number, day in enumerate(turned)]

    preview = understood(mapping(), tracker(tmp_path, *rows), terms())

    assert seen(preview) == [("dates-exchanged", 3, "C", "Referral date")]


def test_a_fact_may_be_made_where_another_column_says_so(tmp_path: Path) -> None:
    rules = [MAPPING["facts"][0] | {"when": {"column": "Hours", "is": ["ft", "PT"]}}]
    rows = (GOOD, changed(ClientID="C2", Hours="none"), changed(ClientID="C3", Referraldate=None))

    preview = understood(mapping({"facts": rules}), tracker(tmp_path, *rows), terms())

    assert seen(preview) == [("cell-blank", 6, "C", "Referral date")]
    assert [each.n_facts for each in preview.kinds] == [1]


def test_a_tracker_as_text_is_read_by_the_same_mapping(tmp_path: Path) -> None:
    path = tmp_path / "tracker.csv"
    path.write_text(
        "IPS caseload\n\nClient ID;Referral date;First appt;Job start;Job end;Hours;Employer;13 wk evidence\n"
        "C1;02/11/2020;;;;;;\nC2;soon;;;;;;\n",
        encoding="utf-8",
    )

    preview = understood(mapping(), path, terms())

    assert [(each.rule, each.at.row, each.at.column) for each in preview.findings] == [
        ("date-not-as-declared", 5, "Referral date")
    ]
    assert [(each.fact, each.n_facts) for each in preview.kinds] == [("referral", 1)]


def test_a_column_of_the_mapping_that_the_tracker_lacks_is_an_error(tmp_path: Path) -> None:
    path = tracker(tmp_path, GOOD[:-1], headings=HEADINGS[:-1])

    preview = understood(mapping(), path, terms())

    assert seen(preview) == [("heading-missing", 3, "", "13 wk evidence")]
    assert preview.facts is None


def test_a_heading_that_stands_twice_is_told_apart_by_its_number(tmp_path: Path) -> None:
    rules = [{"fact": {"constant": "appointment"}, "on": {"column": "Date (2)"}}]
    path = tracker(tmp_path, ["C1", date(2020, 5, 1), date(2020, 6, 1)], headings=["Client ID", "Date", "Date"])

    preview = understood(mapping({"facts": rules, "codes": {}}), path, terms())

    assert facts_of(preview) == [("appointment", "2020-06-01", "C1", 4)]
    assert [each.heading for each in preview.passed_over] == ["Date"]


def test_what_the_contract_does_not_know_is_said_of_the_mapping(tmp_path: Path) -> None:
    every = {"person": {"column": "Client ID"}, "site": {"constant": "nroth"}}

    preview = understood(mapping({"every": every}), tracker(tmp_path, GOOD), terms())

    first = preview.findings[0]
    assert (first.severity, first.rule, first.at.key) == (Severity.ERROR, "site-unknown", "every.site")
    assert "did you mean 'north'?" in first.what
    assert preview.facts is None


def test_a_file_that_is_no_tracker_gives_a_preview_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"PK\x03\x04")

    preview = understood(mapping(), path, terms(), name="../../etc/pass\nwd.xlsx")

    assert preview.facts is None
    assert [each.rule for each in preview.findings] == ["workbook-damaged"]
    assert preview.file == "pass?wd.xlsx"
    assert (preview.n_rows, preview.content_digest) == (0, "")
