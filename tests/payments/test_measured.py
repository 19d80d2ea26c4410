"""Which scale prices a result, what is refused, and where amounts are rounded; amounts in pence."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from sib_engine.core.errors import OverflowRefusedError, RefusedError, RowRefusedError
from sib_engine.outcomes.match import match
from sib_engine.outcomes.measurement import Measurement, result_of
from sib_engine.outcomes.reasons import Reason, reasons_in
from sib_engine.outcomes.rows import NONE
from sib_engine.payments.due import due
from sib_engine.payments.price.pricing import is_priced, price
from sib_engine.terms.amend import in_force
from sib_engine.terms.contract import Contract, PriceDate, Rounding, RoundingMode, RoundingPlace
from sib_engine.terms.metric import Measure, Measured
from sib_engine.terms.scale import Between, PaidPer, Point, Scale
from sib_engine.terms.schedule import Amendment
from tests.oracle import build

FALL = Measurement(cases=142, population=100, comparison_cases=155, comparison_population=100)
HALF = Measurement(value=Decimal("0.5"))


def point(at: str, pays: str, *, is_part: bool = True) -> Point:
    return Point(Fraction(at), is_above=False, in_percent=False, pays=Fraction(pays), is_part=is_part)


def scale(**terms: Any) -> Scale:  # noqa: ANN401 - any field of a scale
    """Return a scale that pays 100.00 once for a value from 0.5 on."""
    plain = Scale(
        id="s1",
        metric="score",
        starts_on=build.START,
        sites=(),
        between=Between.STEPS,
        points=(point("0.5", "1"),),
        amount=Decimal(100),
        per=PaidPer.RESULT,
        price=None,
        amendment=None,
        provenance=build.AGREED,
    )
    return replace(plain, **terms)


def terms(*scales: Scale, measure: Measure = Measure.VALUE, **changes: Any) -> Contract:  # noqa: ANN401 - any clause
    metrics = (build.metric("score", rule=Measured(measure)), build.metric("job"))
    shares = (build.share("s", {"lcf": "1/4", "local": "3/4"}),)
    plain = build.contract(metrics=metrics, tariffs=(build.tariff("job", "70"),), scales=scales, shares=shares)
    return replace(plain, **changes)


def test_results_and_outcomes_of_people_are_priced_side_by_side() -> None:
    contract = terms(scale())
    rows = build.rows(3, metric=[1, 0, 1], measure=[NONE, 0, NONE], count=[1, 1, 3])

    found = due(contract, rows, measures=(HALF,))

    assert found.payable.earned.tolist() == [70_00, 100_00, 210_00]
    assert found.payable.base.tolist() == [70_00, 0, 210_00]
    assert found.payable.tariff.tolist() == [0, NONE, 0]
    assert found.payable.scale.tolist() == [NONE, 0, NONE]
    assert found.paid.parts.sum(axis=0).tolist() == [95_00, 285_00]


def test_a_contract_may_pay_for_nothing_but_results() -> None:
    contract = replace(terms(scale()), tariffs=(), metrics=(build.metric("score", rule=Measured(Measure.VALUE)),))

    assert is_priced(contract)
    assert price(contract, build.rows(1, measure=[0]), measures=(HALF,)).amount.tolist() == [100_00]
    assert price(contract, build.rows(0)).amount.tolist() == []


def test_the_scale_of_the_site_and_of_the_day_applies() -> None:
    contract = terms(
        scale(),
        scale(id="s2", starts_on=date(2021, 4, 1), amount=Decimal(200)),
        scale(id="s3", sites=("north",), amount=Decimal(300)),
        sites=build.contract(sites=("north", "south")).sites,
    )
    days = ["2020-04-01", "2021-04-01", "2021-04-01", "2021-03-31"]
    rows = build.rows(4, site=[1, 1, 0, 1], achieved_on=days, measure=[0] * 4)

    assert price(contract, rows, measures=(HALF,)).amount.tolist() == [100_00, 200_00, 300_00, 100_00]


def test_the_date_of_the_claim_decides_where_the_contract_says_so() -> None:
    later = scale(id="s2", starts_on=date(2021, 4, 1), amount=Decimal(200))
    contract = terms(scale(), later, price_date=PriceDate.CLAIM)
    rows = build.rows(1, achieved_on=["2020-04-01"], recorded_on=["2021-04-01"], measure=[0])

    assert price(contract, rows, measures=(HALF,)).amount.tolist() == [200_00]


def test_a_result_that_more_than_one_scale_could_price_is_refused() -> None:
    later = scale(id="s2", starts_on=date(2021, 4, 1))
    undated = build.rows(1, achieved_on=["NaT"], measure=[0])

    assert price(terms(scale()), undated, measures=(HALF,)).amount.tolist() == [100_00]
    with pytest.raises(RefusedError, match="could be priced by more than one scale"):
        price(terms(scale(), later), undated, measures=(HALF,))
    at_a_site = terms(scale(), scale(id="s2", sites=("north",)), sites=build.contract(sites=("north", "south")).sites)
    with pytest.raises(RefusedError, match=r"could be priced by more than one scale: it needs a site"):
        price(at_a_site, build.rows(1, measure=[0]), measures=(HALF,))


def test_a_result_without_the_day_by_which_prices_go_is_refused_by_its_row_and_column() -> None:
    by_start = replace(terms(scale(), scale(id="s2", starts_on=date(2021, 4, 1))), price_date=PriceDate.START)
    rows = build.rows(2, row=[7, 9], started_on=["2020-04-01", "NaT"], measure=[0, 0])

    with pytest.raises(
        RowRefusedError, match=r"without a day of referral \(started_on\), by which prices go"
    ) as refused:
        price(by_start, rows, measures=(HALF,))
    assert refused.value.row == 9


def test_a_result_without_the_day_by_which_prices_go_does_not_count() -> None:
    by_start = replace(terms(scale()), price_date=PriceDate.START)
    rows = build.rows(2, started_on=["2020-04-01", "NaT"], measure=[0, 0])

    assert [reasons_in(mask) for mask in match(by_start, rows).tolist()] == [(), (Reason.NO_CLAIM_DATE,)]
    assert [reasons_in(mask) for mask in match(terms(scale()), rows).tolist()] == [(), ()]


def test_a_result_without_a_scale_or_without_figures_is_refused() -> None:
    with pytest.raises(RefusedError, match="measured metric 'score' has no scale on 2020-04-01"):
        price(terms(scale(starts_on=date(2021, 1, 1))), build.rows(1, measure=[0]), measures=(HALF,))
    with pytest.raises(RefusedError, match="score is a measured result, and a row of it says nothing"):
        price(terms(scale()), build.rows(1), measures=(HALF,))


def test_an_amount_beyond_what_adds_up_exactly_is_refused() -> None:
    huge = scale(amount=Decimal(10) ** 12, per=PaidPer.OUTCOME)

    with pytest.raises(OverflowRefusedError, match="too large to be added up exactly"):
        price(terms(huge), build.rows(1, measure=[0], count=[1000]), measures=(HALF,))


def test_the_payment_for_one_outcome_is_rounded_where_the_contract_rounds_unit_prices() -> None:
    # Half of 0.333 is 16.65 pence: 17 for each of three outcomes, or 49.95 and so 50 for the row.
    each = scale(
        points=(point("0", "0"), point("1", "1")), between=Between.LINEAR, amount=Decimal("0.333"), per=PaidPer.OUTCOME
    )
    rows = build.rows(1, measure=[0], count=[3])
    by_unit = terms(each, rounding=Rounding(RoundingMode.HALF_EVEN, RoundingPlace.UNIT))

    assert price(by_unit, rows, measures=(HALF,)).amount.tolist() == [51]
    assert price(terms(each), rows, measures=(HALF,)).amount.tolist() == [50]


def test_a_cap_cuts_results_in_order_of_their_days_as_it_does_outcomes() -> None:
    contract = terms(scale(), caps=(build.cap("all", "contract", 150_00),))
    rows = build.rows(3, metric=[0, 1, 0], achieved_on=["2020-07-01", "2020-06-01", "2020-05-01"], measure=[0, NONE, 0])

    found = due(contract, rows, measures=(HALF,))

    # 100.00 in May, 50.00 of 70.00 in June, nothing of 100.00 in July.
    assert found.payable.capped.payable.tolist() == [0, 50_00, 100_00]


def test_a_scale_that_an_amendment_brings_begins_with_it() -> None:
    later = scale(id="s2", starts_on=date(2021, 4, 1), amendment="a1")
    amendment = Amendment("a1", date(2021, 3, 1), date(2021, 4, 1), ("s1",), "", build.AGREED)
    contract = terms(scale(), later, amendments=(amendment,))

    assert [each.id for each in in_force(contract, date(2021, 3, 31)).scales] == ["s1"]
    # The one that was replaced still prices what was measured before.
    assert [each.id for each in in_force(contract, date(2021, 4, 1)).scales] == ["s1", "s2"]


def test_results_are_exact_fractions_of_their_counts() -> None:
    assert result_of(Measure.REDUCTION, FALL) == Fraction(13, 155)
    assert result_of(Measure.RATE, replace(FALL, cases=42)) == Fraction(21, 50)
    assert result_of(Measure.UNITS_AVOIDED, FALL) == 13
    assert result_of(Measure.VALUE, HALF) == Fraction(1, 2)


@pytest.mark.parametrize(
    ("measure", "found"),
    [
        (Measure.VALUE, FALL),
        (Measure.RATE, HALF),
        (Measure.RATE, replace(FALL, population=0)),
        (Measure.REDUCTION, replace(FALL, comparison_cases=0)),
        (Measure.UNITS_AVOIDED, replace(FALL, comparison_population=0)),
    ],
)
def test_a_result_that_cannot_be_worked_out_is_no_result(measure: Measure, found: Measurement) -> None:
    with pytest.raises(ValueError, match=r"needs|population|cases"):
        result_of(measure, found)
