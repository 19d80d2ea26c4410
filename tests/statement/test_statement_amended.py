"""Statements across an amendment that changes the contract's days, or the terms of a metric."""

import pytest

from sib_engine.core.errors import RefusedError
from sib_engine.services.draw_statement import DrawnStatement
from sib_engine.services.explain_amounts import explain_amounts
from tests.statement.conftest import EngineWith
from tests.statement.engine import Engine, lines_of

AGREED = 'status = "agreed"\nsource = "made up"\n'


def amendment(effective_from: str, days: str = "") -> str:
    changes = f"contract = {{ {days} }}\n" if days else ""
    dates = f"signed_on = 2022-01-10\neffective_from = {effective_from}\n"
    return f'\n[[amendment]]\nid = "a1"\n{dates}{changes}text = "new terms"\n{AGREED}'


EXTENSION = amendment("2022-02-01", "end = 2023-03-31, claims_close = 2023-07-31")
LIMIT = f'\n[[metric_terms]]\nid = "limit"\nmetric = "job_start"\nfrom = 2020-07-01\nclaim_within_days = 30\n{AGREED}'
NO_CAP = {"limit = 2000.00": "limit = 200000.00"}


def amend(engine: Engine, more: str) -> None:
    engine.contract.write_text(engine.contract.read_text(encoding="utf-8") + more, encoding="utf-8")


def stated(drawn: DrawnStatement) -> list[tuple[str, str, int]]:
    return [(line.kind.value, line.row, line.payable) for line in drawn.statement.lines]


def test_what_is_achieved_after_the_old_end_counts_under_the_extension(engine_with: EngineWith) -> None:
    engine = engine_with(more=EXTENSION, replace=NO_CAP)
    engine.accept("P1/job_start", "job_start", "2022-03-31")
    engine.accept("P2/job_start", "job_start", "2022-04-01", recorded_on="2022-08-15")

    assert lines_of(engine.state("2022-Q1")) == [("2022-Q1", "job_start", 1, 70000)]
    assert lines_of(engine.state("2022-Q3")) == [("2022-Q2", "job_start", 1, 70000)]
    assert engine.preview("2023-Q3").statement.lines == ()
    with pytest.raises(RefusedError, match="it states from 2020-Q2 to 2023-Q3, when claims close"):
        engine.preview("2023-Q4")


def test_before_the_extension_takes_effect_the_old_end_holds(engine_with: EngineWith) -> None:
    engine = engine_with(more=amendment("2022-04-01", "end = 2023-03-31, claims_close = 2023-07-31"), replace=NO_CAP)
    engine.accept("P1/job_start", "job_start", "2022-04-01")

    assert stated(engine.preview("2022-Q1")) == []
    assert stated(engine.preview("2022-Q2")) == [("outcome", "P1/job_start", 70000)]


def test_an_extension_changes_nothing_of_the_statements_before_it(engine_with: EngineWith) -> None:
    engine = engine_with(replace=NO_CAP)
    engine.accept("P1/job_start", "job_start", "2021-05-04")
    before = engine.state("2021-Q2")
    amend(engine, EXTENSION)

    again = engine.preview("2021-Q2")

    assert stated(before) == [("outcome", "P1/job_start", 70000)]
    assert again.statement.lines == ()
    assert again.statement.restatements == ()
    assert stated(engine.preview("2022-Q1")) == []


def test_terms_that_reach_back_and_reject_what_was_stated_are_refused_in_pounds_until_accepted(
    engine_with: EngineWith,
) -> None:
    engine = engine_with(replace=NO_CAP)
    engine.accept("P1/job_start", "job_start", "2020-06-30", recorded_on="2020-09-01")
    engine.accept("P2/job_start", "job_start", "2020-07-01", recorded_on="2020-09-01")
    engine.state("2020-Q3")
    amend(engine, LIMIT)

    with pytest.raises(RefusedError, match=r"1 of what was stated \(P2/job_start\) would change by -£700\.00"):
        engine.preview("2020-Q4")
    assert stated(engine.preview("2020-Q4", accepts_restatement=True)) == [("correction", "P2/job_start", -70000)]


def test_an_outcome_withdrawn_while_terms_change_elsewhere_is_a_correction_and_no_restatement(
    engine_with: EngineWith,
) -> None:
    engine = engine_with(replace=NO_CAP)
    engine.accept("P1/job_start", "job_start", "2020-07-01")
    engine.state("2020-Q3")
    amend(engine, LIMIT)
    engine.withdraw("P1/job_start")

    assert stated(engine.preview("2020-Q4")) == [("correction", "P1/job_start", -70000)]


def test_an_outcome_rejected_under_the_terms_it_was_stated_under_is_no_restatement(engine_with: EngineWith) -> None:
    engine = engine_with(replace=NO_CAP, more=LIMIT)
    engine.accept("P1/job_start", "job_start", "2020-07-01", recorded_on="2020-07-20")
    engine.state("2020-Q3")
    engine.accept("P1/job_start", "job_start", "2020-07-01", recorded_on="2020-09-20")

    assert stated(engine.preview("2020-Q4")) == [("correction", "P1/job_start", -70000)]


def test_an_explanation_names_the_clause_that_judged_and_the_amendment_that_extended(engine_with: EngineWith) -> None:
    engine = engine_with(replace=NO_CAP, more=EXTENSION + LIMIT)
    engine.accept("P1/job_start", "job_start", "2020-06-30")
    engine.accept("P2/job_start", "job_start", "2022-04-01", recorded_on="2022-04-20")
    engine.preview("2022-Q2")

    def terms(row: str) -> tuple[object, ...]:
        outcome = explain_amounts(str(engine.contract), engine.folder / "rows.csv", row=row).as_dict()["outcome"]
        return outcome["terms_clause"], outcome["terms_from"], outcome["extended_by"], outcome["counts"]

    assert terms("P1/job_start") == ("job_start", None, None, True)
    assert terms("P2/job_start") == ("limit", "2020-07-01", "a1", True)


DEARER = """
[[amendment]]
id = "a1"
signed_on = 2020-10-05
effective_from = 2020-05-01
text = "dearer"
status = "agreed"
source = "made up"

[[tariff]]
id = "price-engagement-2"
metric = "engagement"
from = 2020-05-01
price = 400.00
amendment = "a1"
status = "agreed"
source = "made up"
"""


def test_an_amendment_that_reaches_back_is_left_out_until_the_day_it_is_signed(engine_with: EngineWith) -> None:
    engine = engine_with(more=DEARER)
    engine.accept("P1/engagement", "engagement", "2020-05-04")

    assert stated(engine.state("2020-Q2")) == [("outcome", "P1/engagement", 30001)]
    assert stated(engine.state("2020-Q3")) == []
    rows = engine.folder / "rows.csv"
    asked = explain_amounts(str(engine.contract), rows, period="2020-Q3", row="P1/engagement")
    assert asked.outcome is not None
    assert asked.outcome.step is not None
    assert asked.outcome.step.amount == 30001
    with pytest.raises(RefusedError, match=r"1 of what was stated \(P1/engagement\) would change by £99\.99"):
        engine.preview("2020-Q4")
    assert stated(engine.state("2020-Q4", accepts_restatement=True)) == [
        ("correction", "P1/engagement", -30001),
        ("correction", "P1/engagement", 40000),
    ]
    assert stated(engine.state("2021-Q1")) == []


def test_terms_stated_before_an_amendment_was_written_stay_as_they_were_until_it_is_signed(
    engine_with: EngineWith,
) -> None:
    engine = engine_with()
    engine.accept("P1/engagement", "engagement", "2020-05-04")
    engine.state("2020-Q2")
    amend(engine, DEARER)

    assert stated(engine.state("2020-Q3")) == []


def test_an_amendment_signed_since_that_rejects_what_was_stated_is_asked_about(engine_with: EngineWith) -> None:
    late = amendment("2020-07-01").replace("2022-01-10", "2020-11-02") + LIMIT.replace(
        AGREED, 'amendment = "a1"\n' + AGREED
    )
    engine = engine_with(more=late)
    engine.accept("P2/job_start", "job_start", "2020-07-01", recorded_on="2020-09-01")
    assert stated(engine.state("2020-Q3")) == [("outcome", "P2/job_start", 70000)]

    with pytest.raises(RefusedError, match=r"1 of what was stated \(P2/job_start\) would change by -£700\.00"):
        engine.preview("2020-Q4")
