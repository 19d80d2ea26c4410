"""The page on accelerated prices, and what it says of quick outcomes."""

from decimal import Decimal
from pathlib import Path

import pytest

from sib_engine.core.errors import RefusedError
from sib_engine.outcomes.match import match
from sib_engine.outcomes.reasons import Reason, reasons_in
from sib_engine.payments.price.pricing import price
from sib_engine.services.explain_amounts import explain_amounts
from sib_engine.services.price_counts import price_counts
from sib_engine.terms.contract import Contract
from sib_engine.terms.load import load
from sib_engine.terms.metric import Length
from sib_engine.terms.money_clauses import Tariff
from tests.explain.recompute import recompute_payer
from tests.oracle import build
from tests.statement.engine import Engine, lines_of

FOLDER = Path(__file__).parents[2] / "docs" / "mechanisms"
EXAMPLE = FOLDER / "examples" / "accelerated-price.toml"
ROWS = EXAMPLE.with_suffix(".csv")


def terms(*tariffs: Tariff) -> Contract:
    return build.contract(metrics=(build.metric("m0"), build.metric("m1")), tariffs=tariffs, sites=("north", "south"))


USUAL = build.tariff("m0", "100.00")
IN_SIX = build.tariff("m0", "130.00", id="six", quick=Length(months=6))
IN_THREE = build.tariff("m0", "160.00", id="three", quick=Length(months=3))


def amounts(contract: Contract, started_on: str, *days: str, **columns: int | list[int]) -> list[int]:
    rows = build.rows(len(days), achieved_on=list(days), started_on=started_on, **columns)
    found: list[int] = price(contract, rows, groups=("young",)).amount.tolist()
    return found


def test_the_example_has_no_findings_and_earns_what_the_page_says() -> None:
    found = price_counts(str(EXAMPLE), ROWS)

    assert load(EXAMPLE).findings == ()
    assert found.as_dict()["payable"] == "5100.00"
    assert "**5,100.00**" in (FOLDER / "accelerated-price.md").read_text(encoding="utf-8")


def test_the_shortest_time_that_is_kept_decides_and_its_last_day_counts() -> None:
    contract = terms(USUAL, IN_THREE, IN_SIX)

    days = ("2021-02-28", "2021-03-01", "2021-05-30", "2021-05-31")
    assert amounts(contract, "2020-11-30", *days, site=0) == [16_000, 13_000, 13_000, 10_000]


def test_days_are_counted_from_the_day_after_the_referral() -> None:
    quick = build.tariff("m0", "130.00", id="quick", quick=Length(days=30))

    assert amounts(terms(USUAL, quick), "2021-01-01", "2021-01-31", "2021-02-01", site=0) == [13_000, 10_000]


def test_a_quick_price_comes_before_the_usual_price_of_a_site_and_a_group() -> None:
    of_a_site = build.tariff("m0", "90.00", id="site", sites=("north",), groups=("young",))
    contract = terms(USUAL, of_a_site, IN_SIX)

    days = ("2021-02-28", "2022-02-28")
    assert amounts(contract, "2020-11-30", *days, site=0, group=0) == [13_000, 9_000]


def test_among_quick_prices_of_one_length_the_one_of_the_site_is_used() -> None:
    of_a_site = build.tariff("m0", "140.00", id="site", sites=("north",), quick=Length(months=6))
    contract = terms(USUAL, of_a_site, IN_SIX)

    assert amounts(contract, "2020-11-30", "2021-02-28", "2021-02-28", site=[0, 1]) == [14_000, 13_000]


def test_a_count_without_a_referral_is_refused_only_where_quick_outcomes_have_another_price() -> None:
    contract = terms(USUAL, IN_SIX, build.tariff("m1", "50.00"))

    assert amounts(contract, "NaT", "2021-02-28", site=0, metric=1) == [5_000]
    with pytest.raises(RefusedError, match="has no day of referral on or before the outcome, and quick outcomes have"):
        amounts(contract, "NaT", "2021-02-28", site=0)


def test_an_outcome_before_its_referral_is_neither_quick_nor_slow() -> None:
    with pytest.raises(RefusedError, match="no day of referral on or before the outcome"):
        amounts(terms(USUAL, IN_SIX), "2021-03-01", "2021-02-28", site=0)


def test_a_person_without_a_referral_has_a_reason_against_outcomes_with_quick_prices() -> None:
    contract = terms(USUAL, IN_SIX, build.tariff("m1", "50.00"))
    rows = build.rows(3, person=[0, 0, -1], metric=[0, 1, 0], site=0)

    found = [reasons_in(mask) for mask in match(contract, rows).tolist()]

    assert found == [(Reason.NO_CLAIM_DATE,), (), ()]


def test_what_is_owed_can_be_worked_out_from_the_explanation_of_a_quick_price() -> None:
    (tree,) = explain_amounts(str(EXAMPLE), ROWS).as_dict()["amounts"]

    assert recompute_payer(tree) == Decimal("5100.00")
    (shared,) = tree["steps"]
    earned = shared["steps"][0]["steps"]
    assert [(step["clause"], step["detail"]) for step in earned] == [
        ("usual", "1 x 1000.00 (price from 2020-04-01)"),
        ("within-six", "2 x 1250.00 (price from 2020-04-01 within 6 months of the referral)"),
        ("within-three", "1 x 1600.00 (price from 2020-04-01 within 3 months of the referral)"),
    ]


def test_a_corrected_referral_that_changes_the_price_is_a_correction(tmp_path: Path) -> None:
    engine = Engine(tmp_path, EXAMPLE)
    engine.accept("A/job_start", "job_start", "2020-09-30", person="A", started_on="2020-07-01")
    engine.state("2020-Q3")
    engine.withdraw("A/job_start")
    engine.accept("A/job_start", "job_start", "2020-09-30", person="A", started_on="2020-05-01")

    corrected = engine.state("2020-Q4")

    assert [(line.tariff, line.payable) for line in corrected.statement.lines] == [
        ("within-three", -160_000),
        ("within-six", 125_000),
    ]
    assert lines_of(engine.state("2021-Q1")) == []
