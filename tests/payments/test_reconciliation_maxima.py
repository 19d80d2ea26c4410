"""Each test changes figures of a record in which everything agrees, and names all that must be found."""

from sib_engine.payments.reconciliation.anomaly import Anomaly, Kind
from sib_engine.payments.reconciliation.rules import reconcile
from tests.published_cases import found_in, made_up_case, made_up_contract

LAST_PAYMENT = 'to = "2021-03", amount = 2000'


def test_a_record_in_which_everything_agrees_is_silent() -> None:
    assert found_in(made_up_case()) == []


def test_payments_above_the_maximum_are_named_with_the_excess() -> None:
    case = made_up_case((LAST_PAYMENT, 'to = "2021-03", amount = 3203'))

    assert found_in(case) == [
        ("payments-above-maximum", "maximum 2025-05, 2025-12", 203_00),
        ("payments-differ-from-payers-paid", "payments", 1203_00),
    ]


def test_an_anomaly_is_a_sentence_with_its_figures() -> None:
    case = made_up_case((LAST_PAYMENT, 'to = "2021-03", amount = 3203.50'))

    assert reconcile(case)[0] == Anomaly(
        code="payments-above-maximum",
        kind=Kind.ANOMALY,
        subject="maximum 2025-05, 2025-12",
        what="The recorded payments add up to £10,203.50 (£2,000 of grants included), £203.50 above the maximum of "
        "£10,000 stated in May 2025 and December 2025.",
        amount=203_50,
        figures={"payments": "10203.50", "grants": "2000.00", "maximum": "10000.00"},
    )


def test_an_anomaly_as_plain_values_has_decimal_strings_and_a_currency() -> None:
    case = made_up_case((LAST_PAYMENT, 'to = "2021-03", amount = 3203'))

    assert reconcile(case)[1].as_dict(case.contract.currency) == {
        "code": "payments-differ-from-payers-paid",
        "kind": "anomaly",
        "subject": "payments",
        "what": "The recorded payments add up to £10,203, £1,203 above the £9,000 recorded as paid by the payers.",
        "amount": "1203.00",
        "currency": "GBP",
        "figures": {"payments": "10203.00", "payers_paid": "9000.00", "council": "5400.00", "fund": "3600.00"},
    }


def test_each_publication_with_a_maximum_of_its_own_is_compared() -> None:
    case = made_up_case(
        ('as_published = "2025-12", amount = 10000', 'as_published = "2025-12", amount = 8500'),
        ("maximum = 6000", "maximum = 5500"),
        ("maximum = 4000", "maximum = 3000"),
        ("paid = 5400", "paid = 5500"),
        ("paid = 3600", "paid = 3000"),
        (LAST_PAYMENT, 'to = "2021-03", amount = 1500'),
    )

    assert found_in(case) == [
        ("maximum-restated", "maximum 2025-12", -1500_00),
        ("plan-follows-an-earlier-maximum", "plan plan1", 1500_00),
    ]


def test_payers_paid_above_the_maximum_and_each_payer_above_its_own() -> None:
    case = made_up_case(("paid = 5400", "paid = 7000"))

    assert found_in(case) == [
        ("payments-differ-from-payers-paid", "payments", -1600_00),
        ("payers-paid-above-maximum", "maximum 2025-05, 2025-12", 600_00),
        ("payer-paid-above-its-maximum", "payer council", 1000_00),
    ]


def test_payers_maxima_that_do_not_add_up_are_named_in_either_direction() -> None:
    assert found_in(made_up_case(("maximum = 6000", "maximum = 6250"))) == [
        ("payer-maxima-do-not-add-up", "maximum 2025-05, 2025-12", 250_00)
    ]
    assert found_in(made_up_case(("maximum = 6000", "maximum = 5750"))) == [
        ("payer-maxima-do-not-add-up", "maximum 2025-05, 2025-12", -250_00)
    ]


def test_payers_maxima_are_not_added_up_where_one_is_not_published() -> None:
    assert found_in(made_up_case(("maximum = 6000, paid", "paid"))) == []


def test_one_payers_maximum_as_large_as_the_whole_contracts_beside_another_is_named() -> None:
    case = made_up_case(("maximum = 6000", "maximum = 10000"))

    assert found_in(case) == [
        ("payer-maxima-do-not-add-up", "maximum 2025-05, 2025-12", 4000_00),
        ("payer-maximum-is-the-contracts", "payer council", 0),
    ]


def test_the_only_payer_with_a_maximum_may_have_all_of_it() -> None:
    case = made_up_case(("maximum = 6000", "maximum = 10000"), ("maximum = 4000", "maximum = 0"))

    assert found_in(case) == [("payer-paid-above-its-maximum", "payer fund", 3600_00)]


def test_a_plan_below_or_above_the_maximum_is_only_a_profile() -> None:
    contract = made_up_contract(("amounts = [2000, 3000, 3000, 2000]", "amounts = [2000, 3000, 3000, 5000]"))

    assert found_in(made_up_case(contract=contract)) == []


def test_differences_below_one_pound_are_rounding_for_every_rule() -> None:
    case = made_up_case(
        ('as_published = "2025-05", amount = 10000', 'as_published = "2025-05", amount = 10000.99'),
        ("maximum = 6000, paid = 5400", "maximum = 6000.99, paid = 5400.99"),
        ("maximum = 4000, paid = 3600", "maximum = 3999.01, paid = 3599.01"),
        (LAST_PAYMENT, 'to = "2021-03", amount = 2000.99'),
    )

    assert found_in(case) == []


def test_a_difference_of_exactly_one_pound_is_no_rounding() -> None:
    case = made_up_case(("paid = 5400", "paid = 5401"))

    assert found_in(case) == [("payments-differ-from-payers-paid", "payments", -1_00)]
