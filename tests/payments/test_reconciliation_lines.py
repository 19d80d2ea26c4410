from decimal import Decimal

import pytest

from sib_engine.payments.reconciliation.anomaly import Kind
from sib_engine.payments.reconciliation.case import Case
from sib_engine.payments.reconciliation.lines import (
    LineComparison,
    LineState,
    LineTotals,
    NotComparable,
    compare_lines,
    totals_of,
)
from tests.published_cases import found_in, made_up_case, made_up_contract, one_of


def lines(*paid: tuple[str, str]) -> Case:
    """Return a case with these amounts paid for metrics; 40 engagements at 50, 30 job starts at 100 are achieved."""
    stated = "\n".join(f'[[line]]\nmetric = "{metric}"\npaid = {amount}' for metric, amount in paid)
    return made_up_case(("line = []", stated))


def test_a_line_that_is_price_times_count_is_silent() -> None:
    case = lines(("engagement", "2000"), ("job_start", "3000.99"))

    assert found_in(case) == []


def test_a_whole_multiple_of_the_price_is_named_with_the_multiple() -> None:
    found = one_of(lines(("engagement", "4350")))

    assert (found.code, found.subject, found.amount) == ("line-paid-a-whole-multiple", "line engagement", 2350_00)
    assert found.figures == {"price": "50", "achieved": 40, "priced": "2000.00", "paid": "4350.00", "times": 87}
    assert found.what == (
        "Engagement: 40 achieved at £50 is £2,000; £4,350 was paid, exactly 87 times the price: outcomes were claimed "
        "more than once."
    )


def test_fewer_whole_prices_than_outcomes_are_a_multiple_without_the_claim_of_a_repeat() -> None:
    found = one_of(lines(("outcomemetric1", "1950")))

    assert (found.code, found.amount) == ("line-paid-a-whole-multiple", -50_00)
    assert found.what == "Engagement: 40 achieved at £50 is £2,000; £1,950 was paid, exactly 39 times the price."


def test_an_amount_that_no_number_of_outcomes_explains_is_told_apart() -> None:
    found = one_of(lines(("engagement", "2020")))

    assert (found.code, found.amount) == ("line-not-a-multiple", 20_00)
    assert "times" not in found.figures


SECOND_PRICE = """[[tariff]]
id = "t9"
metric = "engagement"
from = 2020-10-01
price = 60
status = "agreed"
source = "made up"

[[share]]"""


@pytest.mark.parametrize(
    "change",
    [
        ('price = 50\nstatus = "agreed"', 'price = 50\nstatus = "assumed"'),
        ('price = 50\nstatus = "agreed"', 'status = "unpriced"'),
        ("price = 50\n", 'price = 50\nassumed = { "price" = "not published" }\n'),
        ("[[share]]", SECOND_PRICE),
    ],
    ids=["assumed", "unpriced", "assumed term", "two prices"],
)
def test_a_line_without_a_single_known_price_is_only_a_note(change: tuple[str, str]) -> None:
    contract = made_up_contract(change)

    found = one_of(made_up_case(("line = []", '[[line]]\nmetric = "engagement"\npaid = 4350'), contract=contract))

    assert (found.code, found.kind) == ("line-not-comparable", Kind.NOTE)


def test_a_line_whose_count_is_not_published_is_only_a_note() -> None:
    found = one_of(made_up_case(("line = []", '[[line]]\nmetric = "engagement"\npaid = 4350'), counts={}))

    assert found.what == (
        "Engagement: £4,350 was paid, and its count is not published, so it cannot be compared with price times count."
    )


def test_lines_are_compared_and_added_up() -> None:
    compared = compare_lines(lines(("engagement", "2000"), ("job_start", "3100"), ("short_hours", "1501.50")))

    assert compared == (
        LineComparison("engagement", Decimal(50), 40, 2000_00, 2000_00, 40, LineState.EQUAL),
        LineComparison("job_start", Decimal(100), 30, 3000_00, 3100_00, 31, LineState.WHOLE_MULTIPLE),
        LineComparison("short_hours", Decimal(150), 10, 1500_00, 1501_50, None, LineState.NOT_A_MULTIPLE),
    )
    assert totals_of((*compared, NotComparable("long_hours", 5, "why"))) == LineTotals(1, 1, 1, 6500_00, 6601_50)
