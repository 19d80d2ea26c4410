"""What outcomes earn: the tariff in force, and exact rounding."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from sib_engine.core.errors import OverflowRefusedError, RefusedError
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.payments.price.pricing import is_priced, price
from sib_engine.terms.contract import Contract, PriceDate, Rounding, RoundingMode, RoundingPlace
from sib_engine.terms.money_clauses import Tariff
from tests.oracle import build

LATER = date(2021, 4, 1)
UNPRICED = replace(build.tariff("m0", "1.00"), price=None)
TWO = (build.tariff("m0", "100.00"), build.tariff("m0", "120.50", starts_on=LATER))


def priced(*tariffs: Tariff, **terms: Any) -> Contract:  # noqa: ANN401 - any term of the contract
    return build.contract(sites=("north", "south"), tariffs=tariffs, **terms)


def amounts(contract: Contract, rows: OutcomeRows, *groups: str) -> list[int]:
    return [int(amount) for amount in price(contract, rows, groups=groups).amount]


def test_the_newest_of_two_tariffs_applies_from_its_first_day() -> None:
    rows = build.rows(3, achieved_on=["2021-03-31", "2021-04-01", "2030-01-01"])
    found = price(priced(*TWO), rows)

    assert found.amount.tolist() == [10000, 12050, 12050]
    assert found.tariff.tolist() == [0, 1, 1]


def test_the_order_of_tariffs_in_the_file_means_nothing() -> None:
    rows = build.rows(2, achieved_on=["2021-03-31", "2021-04-01"])

    assert price(priced(*reversed(TWO)), rows).tariff.tolist() == [1, 0]


def test_an_outcome_before_the_first_tariff_is_refused_by_metric_and_date() -> None:
    contract = priced(build.tariff("m0", "1.00", starts_on=LATER))

    with pytest.raises(RefusedError, match="metric 'm0' has no tariff on 2021-03-31; its first starts on 2021-04-01"):
        price(contract, build.rows(1, achieved_on="2021-03-31"))


def test_a_metric_without_any_tariff_is_refused() -> None:
    with pytest.raises(RefusedError, match="metric 'm1' has no tariff on 2020-04-01, nor on any other day"):
        price(priced(*TWO), build.rows(2, metric=[0, 1]))


def test_a_tariff_without_a_price_is_refused() -> None:
    contract = priced(UNPRICED)

    with pytest.raises(RefusedError, match="tariff of metric 'm0' on 2020-04-01 is unpriced"):
        price(contract, build.rows(1))


def test_a_contract_is_priced_when_every_metric_and_every_tariff_has_a_price() -> None:
    other = build.tariff("m1", "0.00")

    assert is_priced(priced(*TWO, other))
    assert not is_priced(priced(*TWO))
    assert not is_priced(priced(*TWO, replace(UNPRICED, metric="m1")))


def test_the_most_specific_tariff_applies_even_where_a_more_general_one_is_newer() -> None:
    contract = priced(
        build.tariff("m0", "1.00"),
        build.tariff("m0", "9.00", starts_on=LATER),
        build.tariff("m0", "2.00", groups=("young",)),
        build.tariff("m0", "3.00", sites=("north",)),
        build.tariff("m0", "4.00", sites=("north",), groups=("young",)),
    )
    rows = build.rows(5, site=[1, 1, 0, 0, 0], group=[1, 0, 1, 0, NONE], achieved_on="2022-01-01")

    assert amounts(contract, rows, "young", "older") == [900, 200, 300, 400, 300]


def test_a_specific_tariff_applies_only_once_it_has_started() -> None:
    contract = priced(build.tariff("m0", "1.00"), build.tariff("m0", "3.00", sites=("north",), starts_on=LATER))
    rows = build.rows(2, site=0, achieved_on=["2021-03-31", "2021-04-01"])

    assert amounts(contract, rows) == [100, 300]


@pytest.mark.parametrize(
    ("group", "whose"), [(NONE, "an outcome of no group"), (0, "group 'old'")], ids=["no group", "another group"]
)
def test_an_outcome_of_a_group_without_a_price_is_refused_by_group(group: int, whose: str) -> None:
    contract = priced(build.tariff("m0", "1.00", groups=("young",)), build.tariff("m0", "2.00", groups=("middle",)))

    with pytest.raises(RefusedError, match=f"'m0' has no tariff for {whose}; its tariffs are for: young, middle"):
        price(contract, build.rows(1, group=group), groups=["old", "young"])


def test_groups_without_labels_are_not_guessed() -> None:
    contract = priced(build.tariff("m0", "1.00"), build.tariff("m0", "2.00", groups=("young",)))

    assert amounts(contract, build.rows(1)) == [100]
    with pytest.raises(ValueError, match="groups have no labels"):
        price(contract, build.rows(1, group=0))


def test_site_0_price_0_and_count_0_are_values_like_any_other() -> None:
    contract = priced(build.tariff("m0", "5.00"), build.tariff("m0", "0.00", sites=("north",)))
    rows = build.rows(3, site=[0, 1, 1], count=[7, 0, 2])
    found = price(contract, rows)

    assert found.amount.tolist() == [0, 0, 1000]
    assert found.tariff.tolist() == [1, 0, 0]


def test_an_undated_count_is_priced_where_only_one_tariff_could_apply() -> None:
    assert amounts(priced(TWO[0]), build.rows(1, count=3, achieved_on="NaT")) == [30000]


def test_an_undated_count_under_two_tariffs_is_refused() -> None:
    with pytest.raises(RefusedError, match="3 of metric 'm0' have no date, and more than one tariff could apply"):
        price(priced(*TWO), build.rows(1, count=3, achieved_on="NaT"))


def test_a_tariff_that_starts_after_the_contract_ends_cannot_apply_to_an_undated_count() -> None:
    beyond = build.tariff("m0", "9.00", starts_on=date(2024, 4, 1))

    assert amounts(priced(TWO[0], beyond), build.rows(1, count=3, achieved_on="NaT")) == [30000]


def test_a_tariff_that_ended_before_the_contract_starts_cannot_apply_to_an_undated_count() -> None:
    old = build.tariff("m0", "9.00", starts_on=date(2015, 1, 1))

    assert amounts(priced(TWO[0], old), build.rows(1, count=3, achieved_on="NaT")) == [30000]


def test_a_count_without_a_site_is_refused_where_sites_have_different_tariffs() -> None:
    contract = priced(build.tariff("m0", "1.00"), build.tariff("m0", "3.00", sites=("north",)))
    both = priced(build.tariff("m0", "3.00", sites=("north", "south")))

    with pytest.raises(RefusedError, match="2 of metric 'm0' on 2020-04-01 have no site, and sites have different"):
        price(contract, build.rows(1, count=2, site=NONE))
    assert amounts(both, build.rows(1, count=2, site=NONE)) == [600]


@pytest.mark.parametrize(
    ("which", "amount"), [(PriceDate.OUTCOME, 10000), (PriceDate.START, 12050), (PriceDate.CLAIM, 15000)]
)
def test_the_contract_names_the_date_that_decides_the_price(which: PriceDate, amount: int) -> None:
    contract = priced(*TWO, build.tariff("m0", "150.00", starts_on=date(2022, 4, 1)), price_date=which)
    rows = build.rows(1, achieved_on="2020-05-01", started_on="2021-05-01", claimed_on="2022-05-01")

    assert amounts(contract, rows) == [amount]


def test_a_price_by_the_claim_does_not_wait_for_what_else_the_outcome_rests_on() -> None:
    contract = priced(*TWO, build.tariff("m0", "150.00", starts_on=date(2022, 4, 1)), price_date=PriceDate.CLAIM)
    # Claimed under the second price; the referral behind it was recorded after the third had begun.
    rows = build.rows(1, achieved_on="2021-04-20", claimed_on="2021-05-01", recorded_on="2022-05-01")

    assert amounts(contract, rows) == [12050]


@pytest.mark.parametrize(
    ("mode", "of_rows", "of_units"),
    [
        (RoundingMode.HALF_EVEN, [12, 25, 38, 38], [12, 24, 36, 38]),
        (RoundingMode.HALF_UP, [13, 25, 38, 38], [13, 26, 39, 38]),
        (RoundingMode.DOWN, [12, 25, 37, 37], [12, 24, 36, 37]),
        (RoundingMode.UP, [13, 25, 38, 38], [13, 26, 39, 38]),
    ],
)
def test_amounts_are_rounded_by_the_contracts_mode_and_place(
    mode: RoundingMode, of_rows: list[int], of_units: list[int]
) -> None:
    # One, two and three at 12.5 pence; one at 37.501.
    tariffs = (build.tariff("m0", "0.125"), build.tariff("m1", "0.37501"))
    rows = build.rows(4, metric=[0, 0, 0, 1], count=[1, 2, 3, 1])

    assert amounts(priced(*tariffs, rounding=Rounding(mode, RoundingPlace.ROW)), rows) == of_rows
    assert amounts(priced(*tariffs, rounding=Rounding(mode, RoundingPlace.UNIT)), rows) == of_units


def test_rows_that_do_not_count_earn_nothing_and_need_no_price() -> None:
    rows = build.rows(3, metric=[0, 1, 0])
    found = price(priced(*TWO), rows, where=np.array([True, False, True]))

    assert found.amount.tolist() == [10000, 0, 10000]
    assert found.tariff.tolist() == [0, NONE, 0]


def test_no_rows_earn_nothing() -> None:
    assert amounts(priced(*TWO), build.rows(0)) == []


def test_a_count_below_zero_is_refused() -> None:
    with pytest.raises(RefusedError, match="counts -1 outcomes"):
        price(priced(*TWO), build.rows(1, count=-1))


def test_a_price_below_zero_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"tariff 't-m0-2020-04-01--1\.00' has a price below zero"):
        price(priced(build.tariff("m0", "-1.00")), build.rows(1))


def test_a_grant_has_no_price() -> None:
    with pytest.raises(ValueError, match="a row of no metric"):
        price(priced(*TWO), build.rows(1, metric=NONE))


@pytest.mark.parametrize(
    ("unit", "count"),
    [("100.00", 2**62), ("90071992547409.92", 1), ("1000000000000000000.00", 1), ("30000000000.00", 3003)],
)
def test_amounts_that_cannot_be_added_up_exactly_are_refused(unit: str, count: int) -> None:
    with pytest.raises(OverflowRefusedError):
        price(priced(build.tariff("m0", unit)), build.rows(1, count=count))


def test_a_sum_that_cannot_be_exact_is_refused_though_each_amount_is() -> None:
    contract = priced(build.tariff("m0", "50000000000000.00"))

    assert amounts(contract, build.rows(1)) == [5_000_000_000_000_000]
    with pytest.raises(OverflowRefusedError):
        price(contract, build.rows(2))


def test_the_largest_exact_amount_is_priced() -> None:
    assert amounts(priced(build.tariff("m0", "90071992547409.91")), build.rows(1)) == [2**53 - 1]


def test_a_price_may_be_written_with_an_exponent() -> None:
    contract = priced(build.tariff("m0", "4.5E+2"))

    assert amounts(contract, build.rows(1)) == [45000]
