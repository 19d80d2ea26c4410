"""The published records of the library: every anomaly that the figures hold, and no other.

Figures: GO Lab INDIGO Impact Bond Dataset, pulls of May 2025 and December 2025.
"""

from datetime import date

import pytest

from sib_engine.payments.reconciliation.lines import LineComparison, LineState, LineTotals
from sib_engine.services.reconcile_published import PublishedReconciliation, reconcile_published
from sib_engine.terms import library
from sib_engine.terms.load import load_contract

ANOMALIES: dict[str, list[tuple[str, str, int | None]]] = {
    "mhep/haringey-barnet": [
        ("payments-above-maximum", "maximum 2025-05", 129_171_00),
        ("payments-above-maximum", "maximum 2025-12", 147_085_00),
        ("payments-differ-from-payers-paid", "payments", 129_171_00),
        ("payers-paid-above-maximum", "maximum 2025-12", 17_914_00),
        ("payer-paid-above-its-maximum", "payer local", 17_914_00),
        ("maximum-restated", "maximum 2025-12", -17_914_00),
        ("plan-follows-an-earlier-maximum", "plan plan2", 17_914_00),
    ],
    "mhep/enfield": [
        ("payments-differ-from-payers-paid", "payments", -6_596_00),
        ("payer-paid-is-its-maximum", "payer dcms", None),
    ],
    "mhep/shropshire": [
        ("payments-above-maximum", "maximum 2025-05, 2025-12", 3_00),
        ("payments-differ-from-payers-paid", "payments", 4_00),
    ],
    "mhep/tower-hamlets-mh": [
        ("payer-maxima-do-not-add-up", "maximum 2025-05, 2025-12", 869_662_00),
        ("payer-maximum-is-the-contracts", "payer lbth", 696_00),
        ("payer-maximum-restated", "payer lbth", 869_662_00),
        ("target-restated", "target engagement", None),
    ],
    "mhep/tower-hamlets-ld": [
        ("payments-differ-from-payers-paid", "payments", -36_928_00),
        ("payer-paid-is-its-maximum", "payer lbth", None),
        ("more-outcomes-than-required", "metric job_start", None),
    ],
    "mhep/west-london": [
        ("targets-not-published", "targets", None),
        ("payments-overlap", "payment 2021-01..2021-06", 49_200_00),
        ("payment-spans-periods", "payment 2019-01..2019-09", 147_257_00),
    ],
    "care-leavers/reboot-west": [
        ("line-paid-a-whole-multiple", "line agrees_course", 65_120_00),
        ("line-paid-a-whole-multiple", "line consistent_relationship", 50_160_00),
        ("line-paid-a-whole-multiple", "line feels_safe", 55_440_00),
        ("line-paid-a-whole-multiple", "line manages_accommodation", 52_580_00),
        ("line-paid-a-whole-multiple", "line self_determined", 14_520_00),
        ("line-paid-a-whole-multiple", "line course_begun", 2_860_00),
        ("line-paid-a-whole-multiple", "line course_quarter_done", 2_640_00),
        ("line-paid-a-whole-multiple", "line course_half_done", 2_640_00),
        ("line-paid-a-whole-multiple", "line qualification_level_1", 3_520_00),
        ("line-paid-a-whole-multiple", "line qualification_level_3", 4_730_00),
    ],
    "fair-chance-fund/ambition": [],
    "fair-chance-fund/aspire": [],
    "fair-chance-fund/depaul": [],
    "fair-chance-fund/st-basils": [],
    "dwp-innovation-fund/new-horizons": [],
    "skill-mill/skill-mill": [
        ("targets-not-published", "targets", None),
        ("payment-spans-periods", "payment 2020-08..2020-10", 42_950_00),
    ],
}

NOTES = {
    "mhep/haringey-barnet": [
        ("results-restated", "metric engagement"),
        ("results-restated", "metric job_start"),
        ("results-restated", "metric sustained_under_16"),
        ("results-restated", "metric sustained_16_plus"),
    ],
    "mhep/enfield": [
        ("results-restated", "metric engagement"),
        ("results-restated", "metric job_start"),
        ("results-restated", "metric sustained_under_16"),
        ("results-restated", "metric sustained_16_plus"),
    ],
    "mhep/shropshire": [],
    "mhep/tower-hamlets-mh": [
        ("results-restated", "metric job_start"),
        ("results-restated", "metric sustained_under_16"),
        ("results-restated", "metric sustained_16_plus"),
    ],
    "mhep/tower-hamlets-ld": [("results-restated", "metric job_start")],
    "mhep/west-london": [
        ("payers-paid-not-comparable", "payments"),
        ("results-restated", "metric engagement"),
        ("payment-outside-contract", "payment 2022-07..2022-09"),
    ],
    "care-leavers/reboot-west": [],
    "fair-chance-fund/ambition": [],
    "fair-chance-fund/aspire": [],
    "fair-chance-fund/depaul": [],
    "fair-chance-fund/st-basils": [],
    "dwp-innovation-fund/new-horizons": [],
    "skill-mill/skill-mill": [],
}


def reconciled(name: str) -> PublishedReconciliation:
    """Return the reconciliation of a contract of the library."""
    path = library.find(name)
    record = library.published_record(path)
    assert record is not None
    return reconcile_published(load_contract(path), record)


def test_every_published_record_of_the_library_is_listed_here() -> None:
    records = {f"{path.parent.name}/{path.stem}" for path in library.contract_files() if library.published_record(path)}

    assert records == set(ANOMALIES)
    assert records == set(NOTES)


@pytest.mark.parametrize("name", sorted(ANOMALIES))
def test_every_anomaly_of_the_record_is_found_and_no_other(name: str) -> None:
    found = reconciled(name).anomalies

    assert [(anomaly.code, anomaly.subject, anomaly.amount) for anomaly in found] == ANOMALIES[name]


@pytest.mark.parametrize("name", sorted(NOTES))
def test_every_note_on_the_record_is_found_and_no_other(name: str) -> None:
    result = reconciled(name)

    assert [(found.code, found.subject) for found in result.notes] == NOTES[name]
    assert result.findings == ()


def test_more_job_starts_than_engagements_are_named_with_both_counts() -> None:
    found = reconciled("mhep/tower-hamlets-ld").anomalies[2]

    assert found.figures == {"job_start": 119, "engagement": 75}
    assert "once per job" in found.what


def test_a_local_maximum_and_a_target_stand_beside_those_recorded_before() -> None:
    found = {anomaly.code: anomaly for anomaly in reconciled("mhep/tower-hamlets-mh").anomalies}

    assert found["payer-maximum-restated"].figures == {"earlier": "1199304.00", "later": "2068966.00"}
    assert found["target-restated"].figures == {"contract": 1950, "published": 1223}


def test_the_overlapping_payment_names_the_two_quarters_that_it_overlaps() -> None:
    found = reconciled("mhep/west-london").anomalies[1]

    assert found.figures == {
        "payment": "49200.00",
        "overlaps 2021-01..2021-03": "130187.00",
        "overlaps 2021-04..2021-06": "148105.00",
    }


def test_reboot_west_is_equal_on_13_lines_and_paid_ten_a_whole_number_of_times() -> None:
    result = reconciled("care-leavers/reboot-west")

    assert result.line_totals == LineTotals(
        n_equal=13, n_whole_multiples=10, n_others=0, priced=1_617_330_00, paid=1_871_540_00
    )
    multiples = {
        line.metric: (line.achieved, line.times)
        for line in result.lines
        if isinstance(line, LineComparison) and line.state is LineState.WHOLE_MULTIPLE
    }
    assert multiples == {
        "agrees_course": (231, 527),
        "consistent_relationship": (225, 453),
        "feels_safe": (230, 482),
        "manages_accommodation": (227, 466),
        "self_determined": (136, 202),
        "course_begun": (132, 145),
        "course_quarter_done": (109, 121),
        "course_half_done": (94, 106),
        "qualification_level_1": (41, 43),
        "qualification_level_3": (10, 11),
    }


@pytest.mark.parametrize(
    ("name", "paid", "maximum", "payers_paid"),
    [
        ("mhep/haringey-barnet", 1_568_319_00, 1_421_234_00, 1_439_148_00),
        ("mhep/enfield", 604_045_00, 620_689_00, 610_641_00),
        ("mhep/shropshire", 1_034_487_00, 1_034_484_00, 1_034_483_00),
        ("mhep/tower-hamlets-mh", 1_724_694_00, 2_068_270_00, 1_724_693_94),
        ("mhep/tower-hamlets-ld", 1_243_387_00, 1_307_059_00, 1_280_315_00),
        ("mhep/west-london", 2_072_296_00, 2_375_150_00, None),
    ],
)
def test_the_tables_of_each_site_add_up_to_the_published_totals(
    name: str, paid: int, maximum: int, payers_paid: int | None
) -> None:
    tables = reconciled(name).tables

    assert tables.paid == paid
    assert sum(row.paid or 0 for row in tables.spans) == paid
    assert tables.maxima[-1].amount == maximum
    assert tables.payers_paid == payers_paid


def test_every_plan_of_a_site_stands_in_its_own_column() -> None:
    tables = reconciled("mhep/enfield").tables

    assert [(plan.id, plan.total) for plan in tables.plans] == [
        ("plan1", 651_611_00),
        ("plan2", 620_696_00),
        ("plan3", 590_748_76),
        ("plan4", 521_045_00),
        ("plan5", 578_072_00),
    ]
    assert [sum(row.planned[column] or 0 for row in tables.spans) for column in range(5)] == [
        651_611_00,
        620_696_00,
        590_748_76,
        521_045_00,
        578_072_00,
    ]
    assert len(tables.spans) == 24


def test_payments_that_are_no_quarter_stand_in_rows_of_their_own() -> None:
    first = reconciled("mhep/west-london").tables.spans[0]
    early = reconciled("mhep/haringey-barnet").tables.spans[:2]

    assert (str(first.months), first.planned, first.paid) == ("2019-01..2019-09", (None, None, None), 147_257_00)
    assert [(str(row.months), row.planned, row.paid) for row in early] == [
        ("2019-04..2019-06", (34_911_00, 61_606_00), None),
        ("2019-05..2019-06", (None, None), 61_276_00),
    ]


def test_results_of_both_publications_stand_beside_the_target() -> None:
    tables = reconciled("mhep/haringey-barnet").tables

    assert tables.published == (date(2025, 5, 1), date(2025, 12, 1))
    assert [(row.metric, row.target, row.achieved) for row in tables.metrics] == [
        ("engagement", 799, (704, 695)),
        ("job_start", 379, (219, 218)),
        ("sustained_under_16", 113, (51, 40)),
        ("sustained_16_plus", 93, (53, 63)),
    ]
