"""A statement as known on a day is made of what was known on that day, and of nothing that came later."""

from datetime import date
from pathlib import Path

import pytest

from sib_engine.services.derive_outcomes import derive_outcomes
from sib_engine.services.draw_statement import DrawnStatement, draw_statement
from sib_engine.services.explain_amounts import explain_amounts
from sib_engine.services.papers.printing import Printing
from sib_engine.services.print_statement import print_statement
from tests.statement.conftest import EngineWith

CONTRACT = Path(__file__).parent / "job-starts.toml"
FACTS = """person,fact,on,until,job,hours,competitive,recorded_on
P1,referral,2024-01-02,,,,,
P1,eng,2024-01-03,,,,,
P1,employment,2024-02-01,2024-02-20,x,20,yes,2024-05-10
P1,employment,2024-03-01,,y,20,yes,2024-03-05
"""


def derived(folder: Path, *, known_on: date | None, contract: Path = CONTRACT) -> Path:
    """Return the rows of the facts above as known on a day, or with everything in them."""
    facts, rows = folder / "facts.csv", folder / "rows.csv"
    facts.write_text(FACTS, encoding="utf-8")
    derive_outcomes(str(contract), facts, known_on=known_on, out=rows)
    return rows


def drawn(rows: Path, period: str, *, known_on: date | None = None, contract: Path = CONTRACT) -> DrawnStatement:
    return draw_statement(str(contract), rows, period, known_on=known_on)


def test_rows_say_as_known_on_which_day_they_are_and_on_how_late_a_record_they_rest(tmp_path: Path) -> None:
    everything = derived(tmp_path, known_on=None).read_text(encoding="utf-8").splitlines()
    at_the_time = derived(tmp_path, known_on=date(2024, 3, 31)).read_text(encoding="utf-8").splitlines()

    assert everything[0].endswith(",known_on,rests_on")
    assert {line.rpartition(",")[2] for line in everything[1:]} == {"2024-05-10"}
    assert {tuple(line.split(",")[-2:]) for line in at_the_time[1:]} == {("2024-03-31", "2024-03-05")}


def test_a_statement_from_rows_that_rest_on_a_later_record_is_marked_and_warned_of(tmp_path: Path) -> None:
    statement = drawn(derived(tmp_path, known_on=None), "2024-Q1")

    assert statement.rests_on == date(2024, 5, 10)
    assert [(finding.rule, finding.accepted) for finding in statement.findings] == [
        ("rows-know-later", "rows derived with `sib outcomes --known-on 2024-03-31`")
    ]
    assert statement.findings[0].what == (
        "the rows rest on what was known by 2024-05-10, so this is not as known on 2024-03-31: a later record may have"
        " added or taken away outcomes in it, and changed why others do not count"
    )


def test_the_documents_of_a_statement_say_that_its_rows_know_later(tmp_path: Path) -> None:
    statement = drawn(derived(tmp_path, known_on=None), "2024-Q1")

    page = print_statement(statement, [Printing.HTML], drawn_up_on=date(2024, 6, 1)).files[Printing.HTML].decode()

    assert "so this is not as known on 2024-03-31" in page


def test_a_job_start_that_a_later_record_makes_a_duplicate_is_stated_as_it_was_known(tmp_path: Path) -> None:
    rows = derived(tmp_path, known_on=date(2024, 3, 31))

    statement = drawn(rows, "2024-Q1")

    assert [(line.row, line.payable) for line in statement.statement.lines] == [("P1/eng", 100_00), ("P1/js/y", 500_00)]
    assert (statement.rests_on, statement.findings) == (None, ())


def test_an_amendment_signed_later_is_a_later_record_where_it_decides_what_counts(tmp_path: Path) -> None:
    contract = tmp_path / "amended.toml"
    amended = """
[[amendment]]
id = "letter"
signed_on = 2024-06-20
effective_from = 2024-02-01
replaces = []
text = "A job start needs a letter."
status = "agreed"
source = "made up"

[[metric_terms]]
id = "js-letter"
metric = "js"
from = 2024-02-01
amendment = "letter"
evidence = ["letter"]
status = "agreed"
source = "made up"
"""
    contract.write_text(CONTRACT.read_text(encoding="utf-8") + amended, encoding="utf-8")
    later = derived(tmp_path, known_on=None, contract=contract)

    assert drawn(later, "2024-Q1", known_on=date(2024, 5, 31), contract=contract).rests_on == date(2024, 6, 20)
    known = derived(tmp_path, known_on=date(2024, 3, 31), contract=contract)
    assert drawn(known, "2024-Q1", contract=contract).statement.total == 600_00


def test_rows_known_on_an_earlier_day_than_the_statement_are_warned_of(tmp_path: Path) -> None:
    rows = derived(tmp_path, known_on=date(2024, 3, 31))

    findings = drawn(rows, "2024-Q2").findings

    assert [(finding.rule, finding.accepted) for finding in findings] == [
        ("rows-know-less", "rows derived with `sib outcomes --known-on 2024-06-30`")
    ]


def test_an_explanation_of_a_statement_warns_of_rows_that_know_later(tmp_path: Path) -> None:
    rows = derived(tmp_path, known_on=None)

    findings = explain_amounts(str(CONTRACT), rows, period="2024-Q1").findings

    assert [finding.rule for finding in findings] == ["rows-know-later"]


def test_rows_that_say_nothing_of_their_derivation_are_taken_as_before(tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("person,metric,achieved_on,recorded_on\nP1,eng,2024-01-03,2024-05-10\n", encoding="utf-8")

    statement = drawn(rows, "2024-Q1")

    assert (statement.statement.total, statement.findings) == (0, ())


@pytest.mark.parametrize("recorded_on", ["", "2020-05-01"])
def test_nobody_knows_an_outcome_before_its_own_day(engine_with: EngineWith, recorded_on: str) -> None:
    engine = engine_with()
    engine.accept("P1/engagement", "engagement", "2020-06-30", recorded_on=recorded_on)
    engine.preview("2020-Q2")
    rows = engine.folder / "rows.csv"

    early = draw_statement(str(engine.contract), rows, "2020-Q2", known_on=date(2020, 6, 29))
    on_the_day = draw_statement(str(engine.contract), rows, "2020-Q2", known_on=date(2020, 6, 30))

    assert (early.statement.due, on_the_day.statement.due) == (0, 300_01)
