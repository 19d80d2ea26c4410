"""The slow implementation against figures worked out by hand, so that it can be trusted to judge the fast one."""

from datetime import date
from fractions import Fraction

from sib_engine.core.dates import PeriodRule
from sib_engine.outcomes.reasons import Reason
from sib_engine.terms.contract import Contract, Rounding, RoundingMode, RoundingPlace
from sib_engine.terms.metric import Band, BandRule, Counts, Employment
from tests.oracle import build
from tests.oracle.caps import payable
from tests.oracle.matching import reasons_of
from tests.oracle.pricing import earned, rounded
from tests.oracle.rows import Row
from tests.oracle.shares import PayerCapState, after_payer_caps, divided, penny_by_penny
from tests.oracle.statement import Ledger

QUARTERS = PeriodRule(3, date(2020, 4, 1))


def row(id_: int, metric: str, day: date, person: int = 0, recorded_on: date | None = None) -> Row:
    return Row(id_, metric, person, None, None, None, day, None, recorded_on or day, recorded_on or day, 1, None)


def ladder(rule: BandRule = BandRule.EXCLUSIVE) -> Contract:
    once = Counts.ONCE_PER_PERSON
    return build.contract(
        metrics=(
            build.metric("job", counts=once, rule=Employment()),
            build.metric("low", counts=once, rule=Employment(days=91), requires=("job",)),
            build.metric("high", counts=once, rule=Employment(days=91), requires=("job",)),
        ),
        bands=(Band("hours", ("low", "high"), rule, build.AGREED),),
        tariffs=(build.tariff("job", "300"), build.tariff("low", "400.005"), build.tariff("high", "600")),
        shares=(build.share("s", {"lcf": "42/100", "local": "58/100"}),),
    )


def test_pennies_in_thirds_go_round() -> None:
    assert penny_by_penny(4, [Fraction(1, 3)] * 3) == [2, 1, 1]
    assert divided(1_000_000, [Fraction(1, 3)] * 3) == [333_334, 333_333, 333_333]


def test_the_91st_day_counts_the_first_day_of_work() -> None:
    rows = [row(0, "job", date(2021, 1, 1)), row(1, "low", date(2021, 4, 1)), row(2, "high", date(2021, 3, 31))]

    assert reasons_of(ladder(), rows) == [set(), set(), {Reason.TOO_SOON}]


def test_on_one_day_the_higher_band_wins() -> None:
    rows = [row(0, "job", date(2021, 1, 1)), row(1, "low", date(2021, 4, 1)), row(2, "high", date(2021, 4, 1))]

    assert reasons_of(ladder(), rows) == [set(), {Reason.OTHER_BAND}, set()]


def test_the_earlier_of_two_counts_and_the_rest_have_their_reasons() -> None:
    rows = [
        row(0, "job", date(2021, 1, 2)),
        row(1, "job", date(2021, 1, 1)),
        row(2, "low", date(2021, 5, 1), person=1),
        row(3, "job", date(2020, 3, 31), person=2),
        row(4, "job", date(2024, 3, 1), person=3, recorded_on=date(2024, 8, 1)),
    ]

    assert reasons_of(ladder(), rows) == [
        {Reason.DUPLICATE},
        set(),
        {Reason.PREREQUISITE_MISSING},
        {Reason.BEFORE_START},
        {Reason.RECORDED_LATE},
    ]


def test_halves_are_rounded_by_the_mode() -> None:
    half = Fraction(5, 2)

    assert [rounded(half, mode) for mode in RoundingMode] == [2, 3, 2, 3]
    assert list(RoundingMode) == ["half-even", "half-up", "down", "up"]


def test_the_unit_or_the_row_is_rounded() -> None:
    five = Row(0, "m0", None, None, None, None, date(2020, 4, 1), None, None, None, 5, None)
    terms = build.contract(tariffs=(build.tariff("m0", "0.005"),))
    by_unit = build.contract(
        tariffs=terms.tariffs, rounding=Rounding(RoundingMode.HALF_UP, RoundingPlace.UNIT), shares=terms.shares
    )

    # 5 x 0.5 pence is 2.5 pence, half-even 2; each 0.5 pence half-up is 1, five of them 5.
    assert earned(terms, [five]) == [2]
    assert earned(by_unit, [five]) == [5]


def test_who_moves_up_a_band_earns_the_difference_and_who_moves_down_nothing() -> None:
    up = [row(1, "low", date(2021, 4, 1)), row(2, "high", date(2021, 5, 1))]
    down = [row(1, "low", date(2021, 5, 1)), row(2, "high", date(2021, 4, 1))]

    # 400.005 half-even is 400.00.
    assert earned(ladder(BandRule.UPGRADE), up) == [400_00, 200_00]
    assert earned(ladder(BandRule.UPGRADE), down) == [0, 600_00]


def test_caps_are_met_in_order_of_days_the_finer_first() -> None:
    caps = (build.cap("all", "contract", 900_00), build.cap("each", "person", 500_00))
    terms = build.contract(caps=caps)
    rows = [row(0, "m0", date(2020, 6, 1)), row(1, "m0", date(2020, 5, 1)), row(2, "m0", date(2020, 7, 1), person=1)]

    assert payable(terms, rows, [300_00, 300_00, 700_00]) == [200_00, 300_00, 400_00]


def test_a_payers_cap_passes_on_and_waits() -> None:
    caps = [
        PayerCapState("a", 30, "b", per_period=False),
        PayerCapState("b", 40, "next period", per_period=True),
    ]

    paid = after_payer_caps([(0, {"a": 50, "b": 50}), (1, {"a": 10, "b": 0})], caps, until=1)

    # a keeps 30 and passes 20 on: b has 70 and pays 40 in each period; at the end of period 1 all 80 is paid.
    assert [(one.parts, one.waiting) for one in paid] == [({"a": 30, "b": 70}, 0), ({"a": 0, "b": 10}, 0)]


def test_a_late_outcome_is_paid_in_the_statement_in_which_it_became_known() -> None:
    ledger, terms = Ledger(), ladder()
    first = row(0, "job", date(2020, 5, 1))
    late = row(1, "job", date(2020, 6, 1), person=1, recorded_on=date(2020, 8, 1))

    assert ledger.state(terms, [first], QUARTERS.period(0)) == {"lcf": 126_00, "local": 174_00}
    assert ledger.state(terms, [first, late], QUARTERS.period(1)) == {"lcf": 126_00, "local": 174_00}
    assert ledger.state(terms, [late], QUARTERS.period(2)) == {"lcf": -126_00, "local": -174_00}
