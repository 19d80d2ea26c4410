from datetime import date
from pathlib import Path

import pytest

from sib_engine.core.errors import NotFoundError
from sib_engine.payments.statement.lines_file import write_lines
from sib_engine.services.draw_statement import draw_statement
from sib_engine.services.explain_amounts import explain_amounts
from sib_engine.terms import library
from tests.synthetic.sites import example

SITE = "mhep/enfield"


def rows() -> Path:
    return example(SITE).rows


def first(reason: str) -> str:
    """Return the id of the first row that has this reason and no other against it."""
    return next(line.row for line in example(SITE).derived.listed() if line.reasons == reason)


def test_an_outcome_that_did_not_pay_lists_its_reasons_what_would_mend_them_and_until_when() -> None:
    outcome = explain_amounts(SITE, rows(), row=first("R08 evidence-missing")).outcome

    assert outcome is not None
    assert outcome.step is None
    (reason,) = outcome.reasons
    assert reason.code == "R08 evidence-missing"
    assert reason.title == "the evidence the contract asks for is missing or incomplete"
    assert reason.found.startswith("no employer letter, first payslip or self-declaration is recorded")
    assert reason.mend.startswith(
        "a document (employer letter, first payslip or self-declaration) dated on or after 20"
    )
    assert reason.by == date(2024, 7, 31)
    assert outcome.record_by == date(2024, 7, 31)
    assert outcome.accepted_evidence


@pytest.mark.slow
def test_every_outcome_that_did_not_pay_has_a_reason_and_something_that_would_mend_it() -> None:
    contract_rows = [line for line in example(SITE).derived.listed() if not line.does_count]

    for line in contract_rows[::10]:
        outcome = explain_amounts(SITE, rows(), row=line.row).outcome
        assert outcome is not None
        assert [reason.code for reason in outcome.reasons] == line.reasons.split("; ")
        assert all(reason.title and reason.mend for reason in outcome.reasons)


def test_an_outcome_that_nothing_recorded_can_mend_names_no_day() -> None:
    outcome = explain_amounts(SITE, rows(), row=first("R26 grant-month")).outcome

    assert outcome is not None
    assert (outcome.record_by, outcome.due_on) == (None, None)


def test_an_outcome_that_paid_has_an_amount_and_no_reasons() -> None:
    line = next(line for line in example(SITE).derived.listed() if line.does_count and line.metric == "job_start")
    found = explain_amounts(SITE, rows(), row=line.row)

    assert found.outcome is not None
    assert found.outcome.reasons == ()
    assert found.outcome.step is not None
    assert found.outcome.step.amount == 85_220  # 852.20, an assumed price
    assert found.is_assumed


def test_an_outcome_says_in_which_statement_it_was_stated(tmp_path: Path) -> None:
    drawn = draw_statement(SITE, rows(), "2021-Q1")
    path = tmp_path / "lines-1.csv"
    write_lines(path, drawn.contract, drawn.statement.kept_lines)
    line = next(line for line in drawn.statement.lines if line.metric == "job_start")

    outcome = explain_amounts(SITE, rows(), row=line.row, stated=(path,)).outcome

    assert outcome is not None
    assert [(each.statement, each.period, each.total) for each in outcome.stated] == [(1, "2021-Q1", 85_220)]


def test_a_row_that_is_not_there_is_refused_with_the_rows_of_that_person() -> None:
    line = next(line for line in example(SITE).derived.listed() if line.does_count)

    with pytest.raises(NotFoundError) as refused:
        explain_amounts(SITE, rows(), row=f"{line.person}/nothing")

    assert f"no row is called '{line.person}/nothing'" in str(refused.value)
    assert line.row in str(refused.value)


def test_a_row_of_nobody_is_refused_with_a_few_examples() -> None:
    with pytest.raises(NotFoundError, match=r"no row is called 'nobody'; there is, for example: SYN-ENFIELD-00001/"):
        explain_amounts(SITE, rows(), row="nobody")


def test_a_payer_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(NotFoundError, match="no payer is called 'lbth'; accepted: enfield-council, dcms"):
        explain_amounts(SITE, rows(), payer="lbth")


def test_a_grant_is_explained_by_its_clause_and_shared_like_the_rest() -> None:
    # INDIGO-POJ-0188: a grant of 38,739 in April to June 2020; 58 % and 42 % of it.
    (step,) = explain_amounts(SITE, rows(), row="grant/covid-2020-q2").steps

    assert step.amount == 3_873_900
    assert [(each.subject, each.amount) for each in step.steps if each.kind.value == "pays"] == [
        ("enfield-council", 2_246_862),
        ("dcms", 1_627_038),
    ]


def test_a_grant_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(NotFoundError, match="accepted: grant/covid-2020-q2, grant/covid-2020-q3"):
        explain_amounts(SITE, rows(), row="grant/covid-2021")


def test_counts_without_prices_have_no_amount_to_explain() -> None:
    path = library.folder() / "mhep" / "published" / "west-london-2025-12.csv"

    found = explain_amounts("mhep/west-london", path)

    assert (found.steps, found.outcome) == ((), None)


def test_a_metric_without_a_price_hides_no_amount_of_the_others(tmp_path: Path) -> None:
    plain = (Path(__file__).parents[1] / "statement" / "two-payers.toml").read_text(encoding="utf-8")
    contract, counts = tmp_path / "two-payers.toml", tmp_path / "counts.csv"
    contract.write_text(
        plain.replace('price = 700.00\nstatus = "agreed"', 'status = "unpriced"'), encoding="utf-8"
    )  # fmt: skip
    counts.write_text("metric,count\nengagement,2\n", encoding="utf-8")

    found = explain_amounts(str(contract), counts)

    assert [step.amount for step in found.steps] == [34_801, 25_201]  # 58 % and 42 % of 600.02
