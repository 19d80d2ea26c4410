from hypothesis import given
from hypothesis import strategies as st

from sib_engine.payments.reconciliation.anomaly import Kind
from tests.published_cases import found_in, made_up_case, one_of

PAYERS = """payer = [
    { party = "council", as_published = "2025-12", maximum = 6000, paid = 5400 },
    { party = "fund", as_published = "2025-12", maximum = 4000, paid = 3600 },
]"""


def test_payers_paid_less_than_the_payments_has_a_positive_amount() -> None:
    case = made_up_case(("paid = 5400", "paid = 5300"))

    assert found_in(case) == [("payments-differ-from-payers-paid", "payments", 100_00)]


def test_payers_paid_more_than_the_payments_has_a_negative_amount() -> None:
    case = made_up_case(("paid = 5400", "paid = 5500"))

    assert found_in(case) == [("payments-differ-from-payers-paid", "payments", -100_00)]


def test_without_every_payers_figure_the_payments_are_not_compared_which_is_a_note() -> None:
    found = one_of(made_up_case((", paid = 5400", "")))

    assert (found.code, found.kind, found.amount) == ("payers-paid-not-comparable", Kind.NOTE, None)
    assert found.what == (
        "What The Council paid is not published, so the recorded payments of £9,000 cannot be compared with what the "
        "payers paid."
    )


def test_without_any_payers_figure_there_is_nothing_to_say() -> None:
    assert found_in(made_up_case((PAYERS, "payer = []"))) == []


def test_a_total_over_many_months_is_compared_like_payments() -> None:
    case = made_up_case(("line = []", 'total = [{ from = "2020-04", to = "2021-03", amount = 500 }]'))

    assert found_in(case) == [("payments-differ-from-payers-paid", "payments", 500_00)]


def test_a_payer_at_its_maximum_is_named_where_the_payers_paid_more_than_the_payments() -> None:
    case = made_up_case(("paid = 5400", "paid = 6000"))

    assert found_in(case) == [
        ("payments-differ-from-payers-paid", "payments", -600_00),
        ("payer-paid-is-its-maximum", "payer council", None),
    ]


def test_a_payer_at_its_maximum_is_a_cap_at_work_where_all_figures_agree() -> None:
    case = made_up_case(("paid = 5400", "paid = 5000"), ("paid = 3600", "paid = 4000"))

    assert found_in(case) == []


def test_a_payer_at_its_maximum_is_no_anomaly_where_the_contract_is_fully_paid() -> None:
    case = made_up_case(
        ("paid = 5400", "paid = 6000"),
        ("paid = 3600", "paid = 4000"),
        ('to = "2021-03", amount = 2000', 'to = "2021-03", amount = 3000'),
    )

    assert found_in(case) == []


def test_a_payers_restated_figures_are_named_with_the_change() -> None:
    case = made_up_case(
        (
            "payer = [\n",
            'payer = [\n    { party = "fund", as_published = "2025-05", maximum = 3000, paid = 3700 },\n',
        )
    )

    assert found_in(case) == [
        ("payer-maximum-restated", "payer fund", 1000_00),
        ("payer-paid-restated", "payer fund", -100_00),
    ]


def test_a_figure_without_a_month_of_publication_is_older_than_any_with_one() -> None:
    case = made_up_case(
        ("maximum = 4000, paid = 3600 },", 'maximum = 4000, paid = 3600 },\n{ party = "fund", maximum = 1 },')
    )

    found = one_of(case)

    assert (found.code, found.amount) == ("payer-maximum-restated", 3999_00)
    assert found.what == ("The maximum of The Fund was £1 in an earlier publication and is £4,000 in December 2025.")


def test_a_restatement_of_one_figure_leaves_the_other_as_it_was() -> None:
    case = made_up_case(
        ("payer = [\n", 'payer = [\n    { party = "fund", as_published = "2026-05", maximum = 4100 },\n'),
    )

    assert found_in(case) == [
        ("payer-maxima-do-not-add-up", "maximum 2025-05, 2025-12", 100_00),
        ("payer-maximum-restated", "payer fund", 100_00),
    ]


PAYMENTS = """payment = [
    { from = "2020-04", to = "2020-06", amount = 0 },
    { from = "2020-04", to = "2020-06", amount = 2000, kind = "grant" },
    { from = "2020-07", to = "2020-09", amount = 2500 },
    { from = "2020-10", to = "2020-12", amount = 2500 },
    { from = "2021-01", to = "2021-03", amount = 2000 },
]"""
QUARTERS = (("2020-04", "2020-06"), ("2020-07", "2020-09"), ("2020-10", "2020-12"), ("2021-01", "2021-03"))


def pounds(pence: int) -> str:
    """Return an amount as a record writes it."""
    return f"{pence // 100}.{pence % 100:02d}"


@given(st.lists(st.integers(0, 2500_00), min_size=4, max_size=4), st.integers(-99, 99), st.integers(0, 40))
def test_any_record_whose_figures_agree_within_a_pound_is_silent(amounts: list[int], pence: int, part: int) -> None:
    fund = sum(amounts) * part // 100
    council = max(sum(amounts) - fund + pence, 0)
    payments = ",\n".join(
        f'{{ from = "{first}", to = "{last}", amount = {pounds(amount)} }}'
        for (first, last), amount in zip(QUARTERS, amounts, strict=True)
    )
    payers = f'{{ party = "council", paid = {pounds(council)} }}, {{ party = "fund", paid = {pounds(fund)} }}'

    case = made_up_case((PAYMENTS, f"payment = [{payments}]"), (PAYERS, f"payer = [{payers}]"))

    assert found_in(case) == []
