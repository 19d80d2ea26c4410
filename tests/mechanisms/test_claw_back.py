"""Claw-back, as docs/mechanisms/claw-back.md has it."""

from pathlib import Path

import pytest

from sib_engine.payments.statement.lines import LineKind
from sib_engine.services.derive_outcomes import derive_outcomes
from sib_engine.services.explain_amounts import explain_amounts
from sib_engine.services.explained import Explanation
from tests.explain.recompute import recompute_row
from tests.mechanisms import pages
from tests.statement.engine import Engine

NAME = "claw-back"
HALF = "50% is taken back, rounded half-even"
BY_STATEMENT = ('from = "outcome", share = "100%"', 'from = "statement", share = "100%"')


def engine_of_one(folder: Path, *changes: pages.Change) -> Engine:
    """Return an engine that knows one job start of 20 March 2024."""
    engine = pages.engine(NAME, folder, *changes)
    engine.rows.clear()
    engine.accept("P/job", "job", "2024-03-20")
    return engine


def ends(engine: Engine, day: str) -> None:
    engine.rows["P/job"]["ended_on"] = day


def payable_of(engine: Engine, period: str) -> int:
    return sum(line.payable for line in engine.state(period).statement.lines)


def test_what_is_left_of_each_job() -> None:
    found = pages.priced(NAME)

    assert pages.payable(found) == {"job": "2000.00", "weeks_13": "1000.00"}
    assert pages.detail(NAME, "J1/job", "claw-back") == [
        ("-1000.00", "the job ended on 2024-02-07, within 28 days of the outcome of 2024-01-10: 100% is taken back")
    ]
    assert pages.detail(NAME, "J2/job", "claw-back") == []
    assert pages.detail(NAME, "J3/weeks_13", "claw-back") == [
        ("-1000.00", f"the job ended on 2024-05-20, within 28 days of the outcome of 2024-05-01: {HALF}")
    ]


@pytest.mark.parametrize("row", ["J1/job", "J2/job", "J3/job", "J3/weeks_13", "J4/job"])
def test_the_amount_can_be_worked_out_from_its_explanation(row: str) -> None:
    assert (
        sum(recompute_row(pages.tree(NAME, row)).values())
        == {
            "J1/job": 0,
            "J2/job": 1000,
            "J3/job": 1000,
            "J3/weeks_13": 1000,
            "J4/job": 0,
        }[row]
    )


def test_a_job_that_ends_after_its_statement_is_taken_back_in_the_next_in_the_mix_in_which_it_was_paid(
    tmp_path: Path,
) -> None:
    engine = pages.engine(NAME, tmp_path)

    first, second = engine.state("2024-Q1").statement, engine.state("2024-Q2").statement

    assert [(line.row, line.pays) for line in first.lines] == [
        ("J1/job", (0, 0)),
        ("J2/job", (600_00, 400_00)),
        ("J3/job", (600_00, 400_00)),
        ("J4/job", (600_00, 400_00)),
    ]
    assert [(line.kind, line.row, line.count, line.pays) for line in second.lines] == [
        (LineKind.CLAW_BACK, "J4/job", 0, (-600_00, -400_00)),
        (LineKind.OUTCOME, "J3/weeks_13", 1, (600_00, 400_00)),
    ]
    assert second.restatements == ()
    assert second.due == 3_000_00
    assert engine.state("2024-Q3").statement.lines == ()


@pytest.mark.parametrize(
    ("ended_on", "second"),
    [("2024-04-17", -1_000_00), ("2024-04-18", 0), ("2024-04-28", 0)],
)
def test_from_the_outcome_the_window_closes_28_days_after_it(ended_on: str, second: int, tmp_path: Path) -> None:
    engine = engine_of_one(tmp_path)
    assert payable_of(engine, "2024-Q1") == 1_000_00
    ends(engine, ended_on)

    assert payable_of(engine, "2024-Q2") == second


@pytest.mark.parametrize(
    ("ended_on", "second"),
    [("2024-04-17", -1_000_00), ("2024-04-28", -1_000_00), ("2024-04-29", 0)],
)
def test_from_the_statement_the_window_closes_28_days_after_the_last_day_of_its_records(
    ended_on: str, second: int, tmp_path: Path
) -> None:
    engine = engine_of_one(tmp_path, BY_STATEMENT)
    assert payable_of(engine, "2024-Q1") == 1_000_00
    ends(engine, ended_on)

    assert payable_of(engine, "2024-Q2") == second


def test_from_the_statement_a_job_that_ended_before_it_was_stated_is_not_paid(tmp_path: Path) -> None:
    engine = engine_of_one(tmp_path, BY_STATEMENT)
    engine.rows["P/job"]["recorded_on"] = "2024-12-10"
    ends(engine, "2024-12-01")

    assert [payable_of(engine, period) for period in ("2024-Q1", "2024-Q4")] == [0, 0]


def test_the_total_depends_on_when_an_outcome_was_stated_where_the_window_runs_from_the_statement(
    tmp_path: Path,
) -> None:
    # The same job, recorded in time: it lasted eight months beyond its statement.
    engine = engine_of_one(tmp_path, BY_STATEMENT)
    assert payable_of(engine, "2024-Q1") == 1_000_00
    ends(engine, "2024-12-01")

    assert payable_of(engine, "2024-Q4") == 0


@pytest.mark.parametrize("changes", [(), (BY_STATEMENT,)], ids=["from the outcome", "from the statement"])
@pytest.mark.parametrize(("ended_on", "total"), [("2024-04-10", 0), ("2024-06-10", 1_000_00), ("", 1_000_00)])
def test_taken_out_and_put_back_comes_to_the_same(
    changes: tuple[pages.Change, ...], ended_on: str, total: int, tmp_path: Path
) -> None:
    engine = engine_of_one(tmp_path, *changes)
    due = payable_of(engine, "2024-Q1")
    ends(engine, ended_on)
    due += payable_of(engine, "2024-Q2")
    kept = engine.rows["P/job"]
    engine.withdraw("P/job")
    due += payable_of(engine, "2024-Q3")
    assert due == 0
    engine.rows["P/job"] = kept

    assert payable_of(engine, "2024-Q4") == total
    assert payable_of(engine, "2025-Q1") == 0


def test_an_end_that_was_wrong_is_paid_again(tmp_path: Path) -> None:
    engine = engine_of_one(tmp_path)
    engine.state("2024-Q1")
    ends(engine, "2024-04-10")
    engine.state("2024-Q2")
    ends(engine, "")

    (line,) = engine.state("2024-Q3").statement.lines

    assert (line.kind, line.pays) == (LineKind.CORRECTION, (600_00, 400_00))


CAP = """
[[cap]]
id = "limit"
on = ["contract"]
limit = 1500.00
status = "agreed"
source = "made up"
"""


def test_no_more_is_taken_back_than_was_paid_and_the_headroom_goes_to_others(tmp_path: Path) -> None:
    engine = engine_of_one(tmp_path)
    engine.contract.write_text(engine.contract.read_text(encoding="utf-8") + CAP, encoding="utf-8")
    engine.accept("Q/job", "job", "2024-03-21", ended_on="2024-04-10")
    engine.accept("R/job", "job", "2024-03-22")

    first, second = engine.state("2024-Q1").statement, engine.state("2024-Q2").statement

    assert [(line.row, line.payable) for line in first.lines] == [("P/job", 1000_00), ("Q/job", 500_00), ("R/job", 0)]
    assert [(line.kind, line.row, line.earned, line.payable) for line in second.lines] == [
        (LineKind.CLAW_BACK, "Q/job", -1000_00, -500_00),
        (LineKind.HEADROOM, "R/job", 0, 500_00),
    ]
    assert second.restatements == ()


def test_a_statement_explains_what_it_takes_back_by_what_it_knew(tmp_path: Path) -> None:
    engine = engine_of_one(tmp_path, BY_STATEMENT)
    engine.state("2024-Q1")
    ends(engine, "2024-04-20")
    engine.state("2024-Q2")

    def explained(period: str) -> Explanation:
        rows = engine.folder / "rows.csv"
        stated = tuple(engine.stated)
        return explain_amounts(str(engine.contract), rows, row="P/job", stated=stated, period=period)

    then, now = explained("2024-Q1").outcome, explained("2024-Q2").outcome
    assert then is not None
    assert now is not None
    assert then.step is not None
    assert now.step is not None
    assert (then.step.amount, now.step.amount) == (1_000_00, 0)
    assert [step.detail for step in now.step.steps if step.kind == "claw-back"] == [
        "the job ended on 2024-04-20, within 28 days of the statement of 2024-03-31: 100% is taken back"
    ]


def test_published_counts_are_an_upper_bound_and_say_so(tmp_path: Path) -> None:
    rows = pages.rows_file(tmp_path, "metric,count,achieved_on", "job,3,2024-03-01")

    found = pages.priced(NAME, rows=rows)

    assert found.payable == 3_000_00
    assert [finding.rule for finding in found.findings] == ["upper-bound"]


FACTS = """person,fact,on,until,job,competitive,detail
P,referral,2024-01-02,,,,out of work
P,employment,2024-01-08,2024-02-29,shop,yes,
P,employment,2024-03-01,2024-06-30,cafe,yes,
Q,referral,2024-01-02,,,,out of work
Q,employment,2024-01-08,,farm,yes,
Q,appointment,2024-08-01,,,,
"""


def test_the_last_day_of_a_job_comes_from_the_facts(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text(FACTS, encoding="utf-8")
    table = derive_outcomes(str(pages.FOLDER / f"{NAME}.toml"), path).table

    found = dict(zip(table.row_ids(), table.rows.ended_on.tolist(), strict=True))

    # The job start rests on its own job, the 13 weeks on work that goes on with another employer the next day.
    assert {row: None if day is None else str(day) for row, day in found.items()} == {
        "P/job/shop": "2024-02-29",
        "P/job/cafe": "2024-06-30",
        "P/weeks_13/shop": "2024-06-30",
        "Q/job/farm": None,
        "Q/weeks_13/farm": None,
    }
