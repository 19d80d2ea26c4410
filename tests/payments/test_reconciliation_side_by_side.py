from datetime import date

from sib_engine.payments.reconciliation.side_by_side import MetricRow, PayerRow, PlanColumn, side_by_side
from tests.published_cases import COUNTS, made_up_case, made_up_contract


def test_plan_payments_and_grants_of_one_quarter_stand_in_one_row() -> None:
    tables = side_by_side(made_up_case())

    assert tables.plans == (PlanColumn("plan1", date(2020, 4, 1), None, 10000_00),)
    assert [
        (str(row.months), row.planned, row.outcomes, row.grants, row.paid, row.is_one_period) for row in tables.spans
    ] == [
        ("2020-04..2020-06", (2000_00,), 0, 2000_00, 2000_00, True),
        ("2020-07..2020-09", (3000_00,), 2500_00, None, 2500_00, True),
        ("2020-10..2020-12", (3000_00,), 2500_00, None, 2500_00, True),
        ("2021-01..2021-03", (2000_00,), 2000_00, None, 2000_00, True),
    ]
    assert (tables.paid, tables.grants) == (9000_00, 2000_00)


def test_a_payment_stands_in_a_row_of_its_own_months_and_is_never_divided() -> None:
    case = made_up_case(
        ('from = "2020-07", to = "2020-09"', 'from = "2020-08", to = "2020-09"'),
        ('from = "2020-10", to = "2020-12", amount = 2500', 'from = "2020-10", to = "2021-03", amount = 4500'),
        (',\n    { from = "2021-01", to = "2021-03", amount = 2000 }', ""),
    )

    assert [(str(row.months), row.planned, row.paid, row.is_one_period) for row in side_by_side(case).spans] == [
        ("2020-04..2020-06", (2000_00,), 2000_00, True),
        ("2020-07..2020-09", (3000_00,), None, True),
        ("2020-08..2020-09", (None,), 2500_00, False),
        ("2020-10..2020-12", (3000_00,), None, True),
        ("2020-10..2021-03", (None,), 4500_00, False),
        ("2021-01..2021-03", (2000_00,), None, True),
    ]


def test_plans_of_other_lengths_leave_blanks() -> None:
    second = """[[plan]]
id = "plan2"
in_force = { from = "2020-10" }
starts = 2020-10-01
months = 6
amounts = [4000]
status = "agreed"
source = "made up"

[[plan]]
id = "plan1"
in_force = { from = "2020-04", to = "2020-10" }"""
    contract = made_up_contract(('[[plan]]\nid = "plan1"\nin_force = { from = "2020-04" }', second))

    tables = side_by_side(made_up_case(contract=contract))

    assert tables.plans == (
        PlanColumn("plan2", date(2020, 10, 1), None, 4000_00),
        PlanColumn("plan1", date(2020, 4, 1), date(2020, 10, 1), 10000_00),
    )
    assert [(str(row.months), row.planned) for row in tables.spans] == [
        ("2020-04..2020-06", (None, 2000_00)),
        ("2020-07..2020-09", (None, 3000_00)),
        ("2020-10..2020-12", (None, 3000_00)),
        ("2020-10..2021-03", (4000_00, None)),
        ("2021-01..2021-03", (None, 2000_00)),
    ]


def test_a_payment_published_only_as_a_total_stands_beside_its_months() -> None:
    case = made_up_case(("line = []", 'total = [{ from = "2020-04", to = "2021-03", amount = 500 }]'))

    tables = side_by_side(case)

    assert [(str(row.months), row.outcomes) for row in tables.spans][1] == ("2020-04..2021-03", 500_00)
    assert tables.paid == 9500_00


def test_payers_keep_the_maxima_that_were_stated_before() -> None:
    case = made_up_case(("maximum = 4000, paid = 3600 },", 'maximum = 4000 },\n{ party = "fund", maximum = 3000 },'))

    tables = side_by_side(case)

    assert tables.payers == (
        PayerRow("council", "The Council", 6000_00, 5400_00, ()),
        PayerRow("fund", "The Fund", 4000_00, None, ((None, 3000_00),)),
    )
    assert (tables.payers_maximum, tables.payers_paid) == (10000_00, None)


def test_metrics_stand_beside_their_target_and_each_publication() -> None:
    case = made_up_case(counts={date(2025, 12, 1): COUNTS, date(2025, 5, 1): {"engagement": 41}})

    tables = side_by_side(case)

    assert tables.published == (date(2025, 5, 1), date(2025, 12, 1))
    assert tables.metrics[:2] == (
        MetricRow("engagement", "Engagement", 100, (41, 40)),
        MetricRow("job_start", "Job start", None, (None, 30)),
    )
