"""An explanation says what the statements said: the same order under the caps, the same terms, the same day."""

from datetime import date
from pathlib import Path

import pytest

from sib_engine.core.errors import NotFoundError, RefusedError
from sib_engine.payments.statement.lines_file import write_lines
from sib_engine.services.draw_statement import draw_statement
from sib_engine.services.explain_amounts import explain_amounts
from sib_engine.services.explained import Explanation
from tests.services.stated import contract_of, file_of, stated_in

EARLY_AND_LATE = (
    "row,person,metric,achieved_on,recorded_on\n"
    "early,P1,engagement,2020-05-04,2020-08-10\n"  # achieved first, known only in the second quarter
    "late,P2,engagement,2020-06-10,2020-06-12\n"
)


def against(found: Explanation) -> tuple[int, int, int]:
    assert found.against is not None
    return found.against.due, found.against.stated, found.against.difference


HUNDRED = (("price = 300.01", "price = 100.00"), ("limit = 2000.00", "limit = 100.00"))


def test_a_cap_falls_where_it_was_stated_to_fall_and_not_on_what_was_achieved_last(tmp_path: Path) -> None:
    contract, rows = contract_of(tmp_path, *HUNDRED), file_of(tmp_path, EARLY_AND_LATE)
    stated = stated_in(contract, rows, "2020-Q2", "2020-Q3")

    late = explain_amounts(contract, rows, row="late", stated=stated)
    early = explain_amounts(contract, rows, row="early", stated=stated)

    assert late.outcome is not None
    assert late.outcome.step is not None
    assert late.outcome.step.amount == 10_000  # 100.00, as stated first
    assert against(late) == (10_000, 10_000, 0)
    assert early.outcome is not None
    assert early.outcome.step is not None
    assert early.outcome.step.amount == 0
    assert [(step.clause, step.amount) for step in early.outcome.step.steps if step.kind.value == "cut"] == [
        ("contract-cap", -10_000)
    ]
    assert against(early) == (0, 0, 0)
    assert early.against is not None
    assert [(line.statement, line.earned, line.payable) for line in early.against.lines] == [(2, 10_000, 0)]


def test_without_lines_the_first_achieved_comes_first_under_the_cap(tmp_path: Path) -> None:
    contract, rows = contract_of(tmp_path, *HUNDRED), file_of(tmp_path, EARLY_AND_LATE)

    amounts = []
    for row in ("early", "late"):
        outcome = explain_amounts(contract, rows, row=row).outcome
        assert outcome is not None
        assert outcome.step is not None
        amounts.append(outcome.step.amount)

    assert amounts == [10_000, 0]


def test_a_period_takes_in_only_what_was_known_by_then(tmp_path: Path) -> None:
    contract, rows = contract_of(tmp_path, *HUNDRED), file_of(tmp_path, EARLY_AND_LATE)

    late = explain_amounts(contract, rows, row="late", period="2020-Q2")
    early = explain_amounts(contract, rows, row="early", period="2020-Q2")

    assert late.outcome is not None
    assert late.outcome.step is not None
    assert late.outcome.step.amount == 10_000
    assert early.outcome is not None
    assert early.outcome.step is None
    assert early.outcome.left_out == ("recorded on 2020-08-10, after 2020-06-30, the last day whose records are used")


def test_lines_of_later_periods_are_left_aside_when_a_period_is_explained(tmp_path: Path) -> None:
    contract, rows = contract_of(tmp_path, *HUNDRED), file_of(tmp_path, EARLY_AND_LATE)
    stated = stated_in(contract, rows, "2020-Q2", "2020-Q3")

    found = explain_amounts(contract, rows, row="early", stated=stated, period="2020-Q2")

    assert against(found) == (0, 0, 0)
    assert found.against is not None
    assert found.against.lines == ()


def test_a_statement_that_used_later_records_is_explained_with_them(tmp_path: Path) -> None:
    contract, rows = contract_of(tmp_path, ("limit = 2000.00", "limit = 500.00")), file_of(tmp_path, EARLY_AND_LATE)
    drawn = draw_statement(contract, rows, "2020-Q2", known_on=date(2020, 8, 31))
    lines = tmp_path / "lines-1.csv"
    write_lines(lines, drawn.contract, drawn.statement.kept_lines)

    found = explain_amounts(contract, rows, row="late", stated=(lines,), period="2020-Q2")

    assert found.known_on == date(2020, 8, 31)
    assert against(found) == (19_999, 19_999, 0)  # 500.00 less 300.01


AMENDED = """
[[cap]]
id = "larger-cap"
on = ["contract"]
limit = 500.00
amendment = "more"
status = "agreed"
source = "made up"

[[amendment]]
id = "more"
signed_on = 2020-06-20
effective_from = 2020-07-01
text = "a larger cap"
replaces = ["contract-cap"]
status = "agreed"
source = "made up"
"""


def test_an_outcome_before_an_amendment_is_explained_by_the_old_cap_in_every_period(tmp_path: Path) -> None:
    contract = contract_of(tmp_path, ("limit = 2000.00", "limit = 200.00"), more=AMENDED)
    rows = file_of(tmp_path, "row,person,metric,achieved_on\none,P1,engagement,2020-05-04\n")
    stated = stated_in(contract, rows, "2020-Q2")

    then = explain_amounts(contract, rows, row="one", stated=stated, period="2020-Q2")
    today = explain_amounts(contract, rows, row="one", stated=stated, period="2020-Q3")

    assert against(then) == (20_000, 20_000, 0)
    assert against(today) == (20_000, 20_000, 0)
    for found in (then, today):
        assert found.outcome is not None
        assert found.outcome.step is not None
        assert [step.clause for step in found.outcome.step.steps if step.kind.value == "cut"] == ["contract-cap"]


def test_a_row_that_no_longer_counts_stands_against_what_was_stated_for_it(tmp_path: Path) -> None:
    contract = contract_of(tmp_path)
    head = "row,person,metric,achieved_on,counts,reasons\n"
    stated = stated_in(contract, file_of(tmp_path, head + "one,P1,engagement,2020-05-04,yes,\n"), "2020-Q2")
    rows = file_of(tmp_path, head + "one,P1,engagement,2020-05-04,no,R08 evidence-missing\n")

    assert against(explain_amounts(contract, rows, row="one", stated=stated)) == (0, 30_001, -30_001)


GRANT = """
[[grant]]
id = "spring"
months = { from = 2020-04-01, to = 2020-06-30 }
amount = 150.00
replaces = "nothing"
uses_caps = true
status = "agreed"
source = "made up"
"""


def test_a_grant_that_was_stated_keeps_its_place_under_the_cap(tmp_path: Path) -> None:
    contract = contract_of(tmp_path, ("limit = 2000.00", "limit = 200.00"), more=GRANT)
    rows = file_of(tmp_path, "row,person,metric,achieved_on,recorded_on\none,P1,engagement,2020-05-04,2020-07-10\n")
    stated = stated_in(contract, rows, "2020-Q2", "2020-Q3")

    grant = explain_amounts(contract, rows, row="grant/spring", stated=stated)
    one = explain_amounts(contract, rows, row="one", stated=stated)
    owed = explain_amounts(contract, rows, stated=stated).steps

    assert against(grant) == (15_000, 15_000, 0)
    assert against(one) == (5_000, 5_000, 0)  # what the grant left of 200.00
    assert [step.amount for step in owed] == [11_600, 8_400]  # 58 % and 42 % of 200.00


def test_a_grant_is_not_due_before_its_last_day(tmp_path: Path) -> None:
    contract = contract_of(tmp_path, more=GRANT.replace("to = 2020-06-30 }", "to = 2020-09-30 }"))
    rows = file_of(tmp_path, "row,person,metric,achieved_on\none,P1,engagement,2020-05-04\n")

    with pytest.raises(NotFoundError, match="no grant has fallen due by then"):
        explain_amounts(contract, rows, row="grant/spring", period="2020-Q2")


def test_a_period_that_the_contract_does_not_have_is_refused(tmp_path: Path) -> None:
    contract, rows = contract_of(tmp_path), file_of(tmp_path, EARLY_AND_LATE)

    with pytest.raises(RefusedError, match="names no period"):
        explain_amounts(contract, rows, period="spring")


def test_a_clause_assumed_in_part_says_so_in_text_and_json(tmp_path: Path) -> None:
    part = 'limit = 2000.00\nassumed = { overflow = "not published" }'
    contract = contract_of(tmp_path, ("limit = 2000.00", part.replace("2000.00", "100.00")))
    rows = file_of(tmp_path, "row,person,metric,achieved_on\none,P1,engagement,2020-05-04\n")

    found = explain_amounts(contract, rows, row="one")

    assert found.is_assumed
    assert found.outcome is not None
    assert found.outcome.step is not None
    (cut,) = [step for step in found.as_dict()["outcome"]["amount"]["steps"] if step["kind"] == "cut"]
    assert (cut["status"], cut["assumed"]) == ("agreed", ["overflow"])
    (step,) = [step for step in found.outcome.step.steps if step.kind.value == "cut"]
    assert step.provenance is not None
    assert step.provenance.text == "agreed: made up; assumed: overflow (not published)"


@pytest.mark.parametrize(
    ("old", "new", "is_assumed"),
    [
        ('fund = "42%" }', 'fund = "42%" }\nassumed = { payers = "not published" }', True),
        ("price = 300.01", 'price = 300.01\nassumed = { price = "not published" }', True),
        ("price = 300.01", 'price = 300.01\nassumed = { from = "not published" }', False),
        ("price = 700.00", 'price = 700.00\nassumed = { price = "not published" }', False),
    ],
)
def test_a_line_is_assumed_where_its_price_or_the_parts_of_its_share_are(
    old: str, new: str, *, is_assumed: bool, tmp_path: Path
) -> None:
    contract = contract_of(tmp_path, (old, new))
    rows = file_of(tmp_path, "row,person,metric,achieved_on\none,P1,engagement,2020-05-04\n")

    (line,) = draw_statement(contract, rows, "2020-Q2").statement.lines

    assert line.is_assumed is is_assumed
