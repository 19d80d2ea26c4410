# Every figure below was read in the GO Lab INDIGO Impact Bond Dataset (pulls of May 2025 and December 2025), under
# the project id of the contract, unless a comment names another source.

from decimal import Decimal
from fractions import Fraction

import pytest

from sib_engine.terms import library
from sib_engine.terms.metric import Employment
from sib_engine.terms.money_clauses import Dimension
from sib_engine.terms.party import UNFUNDED
from sib_engine.terms.provenance import Status
from tests.contracts.library_files import DECEMBER, MAY, caps, contract, counts, prices, record


def test_west_london_is_unpriced_and_divides_by_the_published_maxima() -> None:
    terms = contract("mhep/west-london")

    assert terms.metric_codes == (
        "engagement",
        "job_start",
        "sustained_13_weeks",
        "health_improvement",
        "healthcare_usage",
    )
    assert prices(terms) == [None] * 5
    assert {tariff.provenance.status for tariff in terms.tariffs} == {Status.UNPRICED}
    assert terms.targets == ()
    assert caps(terms) == {"contract-maximum": 237_515_000}
    assert terms.shares[0].payers["dcms"] == Fraction(1_075_000, 2_375_150)  # 45.3 %
    assert [grant.amount for grant in terms.grants] == [10_455_700, 10_447_400]
    assert [sum(plan.amounts) for plan in terms.plans] == [237_515_100, 224_306_300, 186_757_600]
    job_start = terms.metrics[1]
    assert job_start.evidence.kinds == ("employer letter", "first payslip", "self-declaration")
    assert job_start.within is not None
    assert (job_start.within.after, job_start.within.months) == ("engagement", 9)
    assert terms.metrics[2].evidence.kinds == ("payslip", "time slip", "self-declaration")


def test_west_london_record_keeps_the_overlapping_and_the_nine_month_payment() -> None:
    published = record("mhep/west-london")

    assert sum(payment.amount for payment in published.payments) == 207_229_600
    assert [(str(entry.months), entry.amount) for entry in published.payments if entry.months.length != 3] == [
        ("2019-01..2019-09", 14_725_700),
        ("2021-01..2021-06", 4_920_000),
    ]
    assert [(payer.party, payer.maximum, payer.paid) for payer in published.payers] == [
        ("dcms", 107_500_000, 99_146_400)
    ]
    assert list(counts("mhep/west-london", MAY).values()) == [1009, 276, 130, 536, 4]
    assert list(counts("mhep/west-london", DECEMBER).values()) == [1054, 276, 130, 536, 4]


@pytest.mark.parametrize("name", ["mhep/staffordshire", "mhep/tower-hamlets-2016", "mhep/haringey-2015"])
def test_phase_1_is_unpriced_and_divided_as_recorded(name: str) -> None:
    terms = contract(name)
    local, central = terms.payers
    engagement, work = terms.shares

    assert terms.metric_codes == ("engagement", "job_start", "sustained_6_weeks", "sustained_6_months")
    assert prices(terms) == [None] * 4
    assert engagement.metrics == ("engagement",)
    assert engagement.payers == {local: Fraction(7, 10), central: Fraction(1, 10), UNFUNDED: Fraction(2, 10)}
    assert "payers.unfunded" in engagement.provenance.assumed
    assert work.metrics == ("job_start", "sustained_6_weeks", "sustained_6_months")
    assert work.payers == {central: 1}
    assert library.published_record(library.find(name)) is None


REBOOT_WEST = (  # price in pounds, people achieving, paid in pounds
    (220, 231, 115_940),
    (220, 225, 99_660),
    (220, 230, 106_040),
    (220, 227, 102_520),
    (220, 136, 44_440),
    (220, 132, 31_900),
    (220, 109, 26_620),
    (220, 94, 23_320),
    (1760, 41, 75_680),
    (4730, 33, 156_090),
    (4730, 10, 52_030),
    (660, 10, 6_600),
    (2750, 4, 11_000),
    (2750, 2, 5_500),
    (4730, 3, 14_190),
    (110, 29, 3_190),
    (220, 19, 4_180),
    (330, 6, 1_980),
    (660, 126, 83_160),
    (2750, 114, 313_500),
    (2750, 102, 280_500),
    (2750, 73, 200_750),
    (2750, 41, 112_750),
)


def test_reboot_west_carries_the_published_card_counts_and_payments() -> None:
    terms = contract("care-leavers/reboot-west")  # INDIGO-POJ-0121
    published = record("care-leavers/reboot-west")

    assert prices(terms) == [price for price, _, _ in REBOOT_WEST]
    assert {tariff.provenance.status for tariff in terms.tariffs} == {Status.PUBLISHED}
    assert counts("care-leavers/reboot-west", DECEMBER) == {
        code: people for code, (_, people, _) in zip(terms.metric_codes, REBOOT_WEST, strict=True)
    }
    assert [(line.metric, line.paid) for line in published.lines] == [
        (code, paid * 100) for code, (_, _, paid) in zip(terms.metric_codes, REBOOT_WEST, strict=True)
    ]
    assert sum(price * people for price, people, _ in REBOOT_WEST) == 1_617_330
    assert sum(line.paid for line in published.lines) == 187_154_000
    assert caps(terms) == {"contract-maximum": 225_000_000}
    assert terms.payers == ("dfe",)


def test_reboot_west_marks_the_ten_lines_that_were_paid_more_than_once_per_person() -> None:
    terms = contract("care-leavers/reboot-west")

    assert [number for number, metric in enumerate(terms.metrics, 1) if "counts" in metric.provenance.assumed] == [
        *range(1, 10),
        11,
    ]


def test_ambition_carries_the_published_card_and_its_total() -> None:
    terms = contract("fair-chance-fund/ambition")  # INDIGO-POJ-0131
    published = record("fair-chance-fund/ambition")
    card = (
        *((500, 406), (500, 351), (200, 302)),  # assessments
        *((500, 370), (1500, 328), (1500, 288), (1500, 235), (1500, 201)),  # accommodation
        *((500, 152), (1500, 46), (2500, 35), (3500, 5)),  # education
        *((500, 141), (3000, 21), (2000, 6), (4500, 68), (3500, 46)),  # work
        *((500, 92), (500, 59), (250, 38), (250, 23)),  # volunteering
    )

    assert prices(terms) == [price for price, _ in card]
    assert list(counts("fair-chance-fund/ambition", DECEMBER).values()) == [count for _, count in card]
    assert sum(price * count for price, count in card) == 3_155_150
    assert caps(terms) == {"contract-total": 294_452_500}
    assert [(str(total.months), total.amount) for total in published.totals] == [("2015-01..2017-12", 274_294_300)]
    assert [(maximum.as_published, maximum.amount) for maximum in published.maxima] == [(DECEMBER, 294_452_500)]
    assert [entry.amount for entry in terms.commitments] == [60_000_000]


@pytest.mark.parametrize(
    ("name", "card", "per_person", "maximum"),
    [
        (  # INDIGO-POJ-0138, round 1
            "dwp-innovation-fund/advance",
            [1300, 800, 700, 2200, 3300, 2000, 1200, 2600, 1000],
            820_000,
            340_000_000,
        ),
        (  # INDIGO-POJ-0139, round 2
            "dwp-innovation-fund/3sc-capitalise",
            [1300, 1400, 700, 1100, 3300, 5100, 3500, 2000, 900, 900],
            1_170_000,
            190_000_000,
        ),
    ],
)
def test_an_innovation_fund_card_is_cut_per_person(name: str, card: list[int], per_person: int, maximum: int) -> None:
    terms = contract(name)

    assert prices(terms) == card
    assert sum(card) * 100 > per_person
    assert [(cap.on, cap.limit) for cap in terms.caps] == [
        (frozenset({Dimension.PERSON}), per_person),
        (frozenset({Dimension.CONTRACT}), maximum),
    ]
    employment = next(metric for metric in terms.metrics if metric.code == "employment_13_weeks")
    assert isinstance(employment.rule, Employment)
    assert (employment.rule.days, employment.rule.hours_from) == (91, Decimal(16))
