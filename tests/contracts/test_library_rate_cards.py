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


FAIR_CHANCE_FUND = (
    *(500, 500, 200),  # assessments
    *(500, 1500, 1500, 1500, 1500),  # accommodation
    *(500, 1500, 2500, 3500),  # education
    *(500, 3000, 2000, 4500, 3500),  # work
    *(500, 500, 250, 250),  # volunteering
)


@pytest.mark.parametrize(
    ("name", "indigo", "achieved", "cap", "paid", "investment"),
    [
        (
            "aspire",
            "INDIGO-POJ-0132",
            [162, 152, 140, 151, 143, 133, 106, 85, 63, 27, 36, 1, 73, 6, 4, 43, 29, 27, 21, 17, 15],
            1_451_250,
            1_313_690,
            310_000,
        ),
        (  # two counts are not published
            "depaul",
            "INDIGO-POJ-0133",
            [209, 182, 126, 192, 188, 179, 165, 142, 91, 23, 11, 1, 57, 2, 0, 30, 20, 16, 13],
            1_654_340,
            1_654_340,
            620_000,
        ),
        (
            "st-basils",
            "INDIGO-POJ-0137",
            [322, 253, 176, 290, 271, 251, 211, 181, 292, 31, 91, 3, 101, 6, 3, 63, 43, 31, 12, 8, 7],
            2_622_375,
            2_622_375,
            1_030_000,
        ),
    ],
)
def test_the_fair_chance_fund_shares_one_card_and_each_project_has_its_total(
    name: str, indigo: str, achieved: list[int], cap: int, paid: int, investment: int
) -> None:
    terms = contract(f"fair-chance-fund/{name}")
    published = record(f"fair-chance-fund/{name}")
    ambition = contract("fair-chance-fund/ambition")

    assert terms.indigo == indigo
    assert prices(terms) == list(FAIR_CHANCE_FUND)
    assert [(metric.code, metric.rule, metric.evidence) for metric in terms.metrics] == [
        (metric.code, metric.rule, metric.evidence) for metric in ambition.metrics
    ]
    found = counts(f"fair-chance-fund/{name}", DECEMBER)
    assert list(found) == list(terms.metric_codes[: len(achieved)])
    assert list(found.values()) == achieved
    assert caps(terms) == {"contract-total": cap * 100}
    assert [(str(total.months), total.amount) for total in published.totals] == [("2015-01..2017-12", paid * 100)]
    assert [entry.amount for entry in terms.commitments] == [investment * 100]


def test_the_skill_mill_carries_the_published_card_and_its_counts() -> None:
    terms = contract("skill-mill/skill-mill")  # INDIGO-POJ-0195

    assert prices(terms) == [4390, 1310, 8240, 9340, 430, 320]
    assert list(counts("skill-mill/skill-mill", DECEMBER).values()) == [243, 237, 179, 188, 86, 203]
    assert caps(terms) == {"contract-maximum": 324_177_600}
    assert [(entry.as_published, entry.amount) for entry in record("skill-mill/skill-mill").maxima] == [
        (MAY, 324_177_600),
        (DECEMBER, 324_177_600),
    ]
    assert [entry.amount for entry in terms.commitments] == [100_000_000]
    assert [metric.indigo for metric in terms.metrics] == [f"outcomemetric{number}" for number in range(1, 7)]


def test_pan_london_is_paid_two_thirds_from_the_departments_grant() -> None:
    terms = contract("rough-sleepers/pan-london")  # Mayor of London, MD2083: 2,000,000 and 1,000,000

    assert [share.payers for share in terms.shares] == [{"mhclg": Fraction(2, 3), "gla": Fraction(1, 3)}]
    assert "payers" in terms.shares[0].provenance.assumed
    assert [entry.amount for entry in terms.commitments] == [25_000_000]


ROUND_1 = [1300, 800, 700, 2200, 3300, 2000, 1200, 2600, 1000]
ROUND_2 = [1300, 1400, 700, 1100, 3300, 5100, 3500, 2000, 900, 900]


@pytest.mark.parametrize(
    ("name", "indigo", "card", "maximum", "investment"),
    [
        ("advance", "INDIGO-POJ-0138", ROUND_1, 3_400_000, []),
        ("links-for-life", "INDIGO-POJ-0141", ROUND_1, 1_300_000, [370_000]),
        ("living-balance", "INDIGO-POJ-0142", ROUND_1, 1_200_000, []),
        ("new-horizons", "INDIGO-POJ-0143", ROUND_1, None, [1_500_000]),  # no maximum is published
        ("think-forward", "INDIGO-POJ-0147", ROUND_1, 3_200_000, [450_000, 450_000]),  # ThinkForward: in equal parts
        ("3sc-capitalise", "INDIGO-POJ-0139", ROUND_2, 1_900_000, []),
        ("energise", "INDIGO-POJ-0140", ROUND_2, 3_700_000, [900_000]),
        ("prevista", "INDIGO-POJ-0145", ROUND_2, 3_000_000, []),
        ("teens-and-toddlers", "INDIGO-POJ-0146", ROUND_2, 3_300_000, [800_000]),
    ],
)
def test_an_innovation_fund_card_is_cut_per_person(
    name: str, indigo: str, card: list[int], maximum: int | None, investment: list[int]
) -> None:
    terms = contract(f"dwp-innovation-fund/{name}")
    per_person = 8_200 if card is ROUND_1 else 11_700

    assert terms.indigo == indigo
    assert prices(terms) == card
    assert sum(card) == (15_100 if card is ROUND_1 else 20_200) > per_person
    assert [(cap.on, cap.limit) for cap in terms.caps] == [
        (frozenset({Dimension.PERSON}), per_person * 100),
        *([] if maximum is None else [(frozenset({Dimension.CONTRACT}), maximum * 100)]),
    ]
    assert [entry.amount for entry in terms.commitments] == [amount * 100 for amount in investment]
    employment = next(metric for metric in terms.metrics if metric.code == "employment_13_weeks")
    assert isinstance(employment.rule, Employment)
    assert (employment.rule.days, employment.rule.hours_from) == (91, Decimal(16))


@pytest.mark.parametrize(
    ("first", "sisters"),
    [
        ("advance", ["links-for-life", "living-balance", "new-horizons", "think-forward"]),
        ("3sc-capitalise", ["energise", "prevista", "teens-and-toddlers"]),
    ],
)
def test_projects_of_one_round_share_every_rule_of_the_card(first: str, sisters: list[str]) -> None:
    def card(name: str) -> list[tuple[object, ...]]:
        metrics = contract(f"dwp-innovation-fund/{name}").metrics
        return [
            (metric.code, metric.indigo, metric.rule, metric.requires, metric.evidence, metric.counts)
            for metric in metrics
        ]

    assert all(card(name) == card(first) for name in sisters)
