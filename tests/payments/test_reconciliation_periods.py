from sib_engine.payments.reconciliation.anomaly import Kind
from tests.published_cases import found_in, made_up_case, one_of

FIRST_QUARTERS = 'to = "2020-09", amount = 2500 },\n    { from = "2020-10", to = "2020-12", amount = 2500 }'


def test_a_payment_that_overlaps_two_quarters_is_named_with_both() -> None:
    case = made_up_case(
        (
            FIRST_QUARTERS,
            FIRST_QUARTERS.replace("2500 }", "2000 }") + ',\n{ from = "2020-07", to = "2020-12", amount = 1000 }',
        )
    )

    found = one_of(case)

    assert (found.code, found.subject, found.amount) == ("payments-overlap", "payment 2020-07..2020-12", 1000_00)
    assert found.what == (
        "The payment of £1,000 for 2020-07..2020-12 overlaps 2 other payments: £2,000 (2020-07..2020-09) and £2,000 "
        "(2020-10..2020-12)."
    )


def test_of_two_overlapping_payments_of_one_length_the_later_recorded_is_named() -> None:
    case = made_up_case(('from = "2020-10", to = "2020-12"', 'from = "2020-09", to = "2020-11"'))

    assert found_in(case) == [
        ("payments-overlap", "payment 2020-09..2020-11", 2500_00),
    ]


def test_grants_and_outcome_payments_of_the_same_months_do_not_overlap() -> None:
    case = made_up_case(
        ('amount = 2000, kind = "grant"', 'amount = 1000, kind = "grant"'), ("amount = 0 }", "amount = 1000 }")
    )

    assert found_in(case) == []


def test_a_payment_over_several_statement_periods_is_named_once() -> None:
    case = made_up_case(
        ('    { from = "2020-07", to = "2020-09", amount = 2500 },\n', ""),
        ('from = "2020-10", to = "2020-12", amount = 2500', 'from = "2020-07", to = "2020-12", amount = 5000'),
    )

    found = one_of(case)

    assert (found.code, found.amount) == ("payment-spans-periods", 5000_00)
    assert found.figures == {"payment": "5000.00", "months": 6, "periods": 2}


def test_three_months_across_two_statement_periods_are_no_quarter() -> None:
    case = made_up_case(
        ('    { from = "2020-07", to = "2020-09", amount = 2500 },\n', ""),
        ('from = "2020-10", to = "2020-12", amount = 2500', 'from = "2020-08", to = "2020-10", amount = 5000'),
    )

    assert found_in(case) == [("payment-spans-periods", "payment 2020-08..2020-10", 5000_00)]


def test_two_months_inside_one_statement_period_are_silent() -> None:
    assert found_in(made_up_case(('from = "2020-07", to', 'from = "2020-08", to'))) == []


def test_a_payment_of_nothing_neither_overlaps_nor_spans() -> None:
    nothing = 'amount = 2500 },\n    { from = "2020-07", to = "2020-12", amount = 0 },\n    { from = "2020-10"'

    assert found_in(made_up_case(('amount = 2500 },\n    { from = "2020-10"', nothing))) == []


def test_the_same_payment_recorded_twice_is_named() -> None:
    twice = 'from = "2020-07", to = "2020-09", amount = 1250 },\n{ from = "2020-07", to = "2020-09", amount = 1250 }'

    case = made_up_case(('from = "2020-07", to = "2020-09", amount = 2500 }', twice))

    assert found_in(case) == [("payment-recorded-twice", "payment 2020-07..2020-09", 1250_00)]


def test_two_instalments_of_different_amounts_are_silent() -> None:
    instalments = (
        'from = "2020-07", to = "2020-09", amount = 1200 },\n{ from = "2020-07", to = "2020-09", amount = 1300 }'
    )

    assert found_in(made_up_case(('from = "2020-07", to = "2020-09", amount = 2500 }', instalments))) == []


def test_a_payment_for_months_after_the_contract_is_a_note() -> None:
    found = one_of(made_up_case(('from = "2021-01", to = "2021-03"', 'from = "2021-04", to = "2021-06"')))

    assert (found.code, found.kind, found.amount) == ("payment-outside-contract", Kind.NOTE, 2000_00)
    assert found.what == (
        "The payment of £2,000 for 2021-04..2021-06 is after the contract ends (2021-03-31), before claims close "
        "(2021-06-30)."
    )


def test_a_payment_for_months_before_the_contract_is_a_note() -> None:
    found = one_of(made_up_case(('from = "2021-01", to = "2021-03"', 'from = "2020-01", to = "2020-03"')))

    assert found.what == "The payment of £2,000 for 2020-01..2020-03 is before the contract starts (2020-04-01)."
