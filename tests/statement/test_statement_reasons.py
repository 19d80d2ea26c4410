"""A statement says which outcomes it leaves out, and of each correction what was found."""

from pathlib import Path

import pytest

from sib_engine.core.findings import Severity
from sib_engine.payments.statement.lines_file import read_lines
from sib_engine.services.draw_statement import DrawnStatement, draw_statement
from tests.statement.conftest import EngineWith

CLAIMS = {'definition = "Started a job."': 'definition = "Started a job."\nclaim_within_days = 60'}


def corrections(drawn: DrawnStatement) -> list[tuple[str, int, str]]:
    return [(line.row, line.payable, line.why) for line in drawn.corrections]


def test_outcomes_that_do_not_count_are_counted_by_reason(engine_with: EngineWith) -> None:
    engine = engine_with(replace=CLAIMS)
    engine.accept("P1/engagement", "engagement", "2020-05-04")
    engine.accept("P1/job_start", "job_start", "2020-05-04", recorded_on="2020-07-06")
    engine.accept("P2/job_start", "job_start", "2020-08-04", recorded_on="2021-01-06")

    third = engine.preview("2020-Q3")
    later = engine.preview("2021-Q1")

    assert third.not_counted == (("R10 recorded-late", 1),)
    assert later.not_counted == (("R10 recorded-late", 2),)
    assert later.as_dict()["not_counted"] == [{"reason": "R10 recorded-late", "count": 2}]


def test_a_stated_outcome_that_counts_no_more_is_taken_back_with_its_reason(engine_with: EngineWith) -> None:
    engine = engine_with(replace=CLAIMS)
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.state("2020-Q2")
    engine.accept("P1/job_start", "job_start", "2020-05-04", recorded_on="2020-07-06")

    drawn = engine.state("2020-Q3")

    why = "R10: recorded on 2020-07-06, 3 days after the deadline of 2020-07-03 (60 days after the outcome)"
    assert corrections(drawn) == [("P1/job_start", -70000, why)]
    assert drawn.as_dict()["corrections"] == [
        {
            "row": "P1/job_start",
            "own_period": "2020-Q2",
            "metric": "job_start",
            "count": -1,
            "payable": "-700.00",
            "why": why,
        }
    ]
    kept, findings = read_lines(engine.stated[-1], drawn.contract)
    assert findings == ()
    assert kept == drawn.statement.lines


def test_a_stated_outcome_that_is_now_known_only_later_is_warned_of(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.state("2020-Q2")
    engine.accept("P1/job_start", "job_start", "2020-05-04", recorded_on="2020-11-02")

    drawn = engine.preview("2020-Q3")

    (finding,) = drawn.findings
    assert (finding.severity, finding.rule) == (Severity.WARNING, "stated-known-later")
    assert finding.what == (
        "of the outcomes stated before, 1 (P1/job_start) is now recorded after 2020-09-30, so that what was stated "
        "of it is taken back until then"
    )
    assert corrections(drawn) == [
        (
            "P1/job_start",
            -70000,
            "recorded on 2020-11-02, after 2020-09-30, the last day whose records this statement uses",
        )
    ]


def test_a_withdrawn_outcome_and_a_corrected_day_say_so(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.accept("P2/job_start", "job_start", "2020-05-05")
    engine.state("2020-Q2")
    engine.withdraw("P1/job_start")
    engine.accept("P2/job_start", "job_start", "2020-05-06")

    assert corrections(engine.preview("2020-Q3")) == [
        ("P1/job_start", -70000, "no longer among the rows"),
        ("P2/job_start", 0, "day was 2020-05-05, is 2020-05-06"),
    ]


@pytest.mark.parametrize("count", ["2", "4"])
def test_another_count_says_both(engine_with: EngineWith, count: str) -> None:
    engine = engine_with()
    engine.accept("jobs", "job_start", "2020-05-04", person="", count="3")
    engine.state("2020-Q2")
    engine.accept("jobs", "job_start", "2020-05-04", person="", count=count)

    assert [why for _, _, why in corrections(engine.preview("2020-Q3"))] == [f"count was 3, is {count}"]


def test_a_first_statement_has_neither_of_the_later_columns(engine_with: EngineWith, tmp_path: Path) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.state("2020-Q2")

    heading = (tmp_path / "lines-1.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert heading[-5:] == ["digest", "shared council", "shared fund", "pays council", "pays fund"]


def test_what_a_file_says_of_a_reason_is_kept_so_that_the_lines_are_read_again(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.state("2020-Q2")
    rows = engine.folder / "rows.csv"
    rows.write_text(
        "row,person,metric,achieved_on,counts,reasons,why,would_count_with\n"
        'P1/job_start,P1,job_start,2020-05-04,no,R08 evidence-missing,"R08: Cafe\u0301  \nlost","R08: a letter"\n',
        encoding="utf-8",
    )

    drawn = draw_statement(str(engine.contract), rows, "2020-Q3", stated=engine.stated)
    engine.keep(drawn)

    assert [line.why for line in drawn.corrections] == ["R08: Caf\u00e9 lost"]
    assert read_lines(engine.stated[-1], drawn.contract) == (drawn.statement.lines, ())
