"""The page on indexation, and what it says of dated prices."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from sib_engine.core.errors import RefusedError
from sib_engine.payments.price.pricing import price
from sib_engine.services.explain_amounts import explain_amounts
from sib_engine.services.price_counts import price_counts
from sib_engine.terms.contract import Contract, PriceDate, Rounding, RoundingMode, RoundingPlace
from sib_engine.terms.dated_prices import with_dated_prices
from sib_engine.terms.indexes import Index, Indexation, IndexValue
from sib_engine.terms.load import load
from sib_engine.terms.money_clauses import Tariff
from sib_engine.terms.provenance import Provenance, Status
from tests.explain.recompute import recompute_payer
from tests.oracle import build
from tests.statement.engine import Engine

FOLDER = Path(__file__).parents[2] / "docs" / "mechanisms"
EXAMPLE = FOLDER / "examples" / "indexation.toml"
ROWS = EXAMPLE.with_suffix(".csv")
APRIL = date(2020, 4, 1)


def index(*values: tuple[str, str], provenance: Provenance = build.AGREED) -> Index:
    return Index("cpi", tuple(IndexValue(date.fromisoformat(day), Decimal(value)) for day, value in values), provenance)


CPI = index(("2020-04-01", "100.7"), ("2021-04-01", "108.3"), ("2022-04-01", "95"))


def indexed(amount: str, *, every: int | None = None, places: int | None = None, base_on: date = APRIL) -> Tariff:
    return build.tariff("m0", amount, indexation=Indexation("cpi", base_on, every, places))


def terms(
    *tariffs: Tariff, indexes: tuple[Index, ...] = (CPI,), mode: RoundingMode = RoundingMode.HALF_EVEN
) -> Contract:
    return build.contract(
        metrics=(build.metric("m0"),),
        tariffs=tariffs,
        indexes=indexes,
        rounding=Rounding(mode, RoundingPlace.ROW),
        sites=("north", "south"),
    )


def prices(contract: Contract) -> list[tuple[date, str]]:
    return [(each.starts_on, str(each.price)) for each in with_dated_prices(contract).tariffs]


def test_the_example_is_warned_of_its_tiers_alone_and_earns_what_the_page_says() -> None:
    found = price_counts(str(EXAMPLE), ROWS).as_dict()

    assert [finding.rule for finding in load(EXAMPLE).findings] == ["tiers-by-arrival"]
    assert [(line["metric"], line["payable"]) for line in found["lines"]] == [
        ("job_start", "2067.00"),
        ("sustained", "3896.00"),
        ("qualified", "906.10"),
    ]
    page = (FOLDER / "indexation.md").read_text(encoding="utf-8")
    assert all(f"**{amount}**" in page for amount in ("2,067.00", "3,896.00", "906.10", "6,869.10"))


@pytest.mark.parametrize(
    ("mode", "moved"),
    [
        (RoundingMode.HALF_EVEN, "537.74"),  # 500 x 108.3 / 100.7 = 537.7358...
        (RoundingMode.HALF_UP, "537.74"),
        (RoundingMode.UP, "537.74"),
        (RoundingMode.DOWN, "537.73"),
    ],
)
def test_a_price_is_rounded_by_the_mode_of_the_contract(mode: RoundingMode, moved: str) -> None:
    assert prices(terms(indexed("500.00"), mode=mode))[1] == (date(2021, 4, 1), moved)


def test_exactly_a_half_goes_to_the_even_penny_or_up() -> None:
    half = index(("2020-04-01", "200"), ("2021-04-01", "201"))  # 1.00 x 201 / 200 = 1.005

    assert prices(terms(indexed("1.00"), indexes=(half,)))[1][1] == "1.00"
    assert prices(terms(indexed("1.00"), indexes=(half,), mode=RoundingMode.HALF_UP))[1][1] == "1.01"


def test_each_price_is_worked_out_from_the_one_agreed_so_roundings_do_not_add_up() -> None:
    # 100 pence, up by a third twice and back again: 1.00, 1.33, 1.67, 1.00.
    steps = index(("2020-04-01", "3"), ("2021-04-01", "4"), ("2022-04-01", "5"), ("2023-04-01", "3"))

    assert [amount for _, amount in prices(terms(indexed("1.00"), indexes=(steps,)))] == [
        "1.00",
        "1.33",
        "1.67",
        "1.00",
    ]


def test_a_review_passes_over_what_the_index_did_in_between() -> None:
    monthly = index(("2020-01-01", "100"), ("2020-09-01", "130"), ("2021-03-31", "110"), ("2021-04-02", "150"))

    assert prices(terms(indexed("10.00", every=12), indexes=(monthly,))) == [
        (date(2020, 4, 1), "10.00"),
        (date(2021, 4, 1), "11.00"),
        (date(2022, 4, 1), "15.00"),
    ]


def test_a_tariff_that_starts_later_than_its_base_has_moved_already() -> None:
    later = replace(indexed("10.00"), starts_on=date(2021, 7, 1))

    assert prices(terms(later))[0] == (date(2021, 7, 1), "10.75")  # 10 x 108.3 / 100.7 = 10.7547...


def test_an_index_moves_no_price_that_has_been_replaced() -> None:
    plain = build.tariff("m0", "600.00", starts_on=date(2021, 1, 1))
    of_a_site = build.tariff("m0", "700.00", sites=("north",))
    contract = terms(indexed("500.00"), plain, of_a_site)

    days = ["2020-12-31", "2021-01-01", "2022-06-01", "2022-06-01"]
    found = price(contract, build.rows(4, achieved_on=days, site=[1, 1, 1, 0]))

    assert found.amount.tolist() == [50_000, 60_000, 60_000, 70_000]


def test_the_value_is_that_of_the_date_that_decides_the_price() -> None:
    contract = replace(terms(indexed("500.00")), price_date=PriceDate.START)

    found = price(contract, build.rows(1, achieved_on="2022-06-01", started_on="2021-04-01", site=0))

    assert found.amount.tolist() == [53_774]


def test_an_undated_count_is_refused_where_the_price_moves() -> None:
    with pytest.raises(RefusedError, match="3 of metric 'm0' at site 'north' have no date, and more than one tariff"):
        price(terms(indexed("500.00")), build.rows(1, achieved_on="NaT", count=3, site=0))


def test_a_price_whose_index_has_no_value_yet_is_refused() -> None:
    with pytest.raises(RefusedError, match="follows an index that has no value on the day"):
        with_dated_prices(terms(indexed("500.00", base_on=date(2020, 3, 31))))


def test_what_is_owed_can_be_worked_out_from_the_explanation_of_an_indexed_price(tmp_path: Path) -> None:
    # 500 x 103.3 / 101.7 = 507.866...: rounded, and said so.
    text = EXAMPLE.read_text(encoding="utf-8").replace("value = 100.0", "value = 101.7", 1)
    contract = tmp_path / "indexation.toml"
    contract.write_text(text.replace("{ from = 2020-10-01, value = 101.7 },\n", ""), encoding="utf-8")
    rows = tmp_path / "rows.csv"
    rows.write_text("person,metric,achieved_on\nA,job_start,2021-05-01\nA,sustained,2022-05-01\n", encoding="utf-8")

    (tree,) = explain_amounts(str(contract), rows).as_dict()["amounts"]

    # 1,250 x 108.4 / 101.7 = 1,332.35: whole pounds.
    assert recompute_payer(tree) == Decimal("1839.87")
    earned = [step for shared in tree["steps"] for payable in shared["steps"] for step in payable["steps"]]
    assert [step["detail"] for step in earned] == [
        "1 x 507.87 (price from 2021-04-01, 500.00 x 103.3 / 101.7 = 507.87 (index cpi, rounded half-even))",
        "1 x 1332 (price from 2022-04-01, 1250.00 x 108.4 / 101.7 = 1332 (index cpi, rounded half-even))",
    ]


def test_a_statement_line_carries_the_working_and_a_corrected_value_is_a_restatement(tmp_path: Path) -> None:
    contract = tmp_path / "indexation.toml"
    contract.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    engine = Engine(tmp_path, contract)
    engine.accept("A/job_start", "job_start", "2020-10-05", person="A")

    stated = engine.state("2020-Q4").statement.lines
    contract.write_text(EXAMPLE.read_text(encoding="utf-8").replace("101.7", "101.9"), encoding="utf-8")
    with pytest.raises(RefusedError, match="accept the restatement"):
        engine.preview("2021-Q1")
    restated = engine.state("2021-Q1", accepts_restatement=True).statement.lines

    assert [(line.payable, line.price) for line in (*stated, *restated)] == [
        (50_850, "500.00 x 101.7 / 100.0 = 508.50 (index cpi)"),
        (-50_850, "500.00 x 101.7 / 100.0 = 508.50 (index cpi)"),
        (50_950, "500.00 x 101.9 / 100.0 = 509.50 (index cpi)"),
    ]


def test_a_new_value_restates_nothing_that_was_stated_before(tmp_path: Path) -> None:
    contract = tmp_path / "indexation.toml"
    contract.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    engine = Engine(tmp_path, contract)
    engine.accept("A/job_start", "job_start", "2022-10-05", person="A")
    engine.state("2022-Q4")
    last = "{ from = 2022-04-01, value = 108.4 },"
    text = EXAMPLE.read_text(encoding="utf-8").replace(last, f"{last} {{ from = 2023-04-01, value = 119.0 }},")
    contract.write_text(text, encoding="utf-8")
    engine.accept("B/job_start", "job_start", "2023-04-03", person="B")

    lines = engine.state("2023-Q2").statement.lines

    assert [(line.row, line.payable) for line in lines] == [("B/job_start", 59_500)]


def test_a_price_that_follows_an_assumed_index_is_assumed() -> None:
    guess = index(("2020-04-01", "100"), provenance=Provenance(Status.ASSUMED, "a guess"))

    (tariff,) = with_dated_prices(terms(indexed("500.00"), indexes=(guess,))).tariffs

    assert tariff.provenance.assumes("price")
    assert tariff.provenance.assumed == {"price": "follows index 'cpi', which is assumed"}


def test_contracts_without_an_index_are_left_as_they_are() -> None:
    contract = terms(build.tariff("m0", "1.00"))

    assert with_dated_prices(contract) is contract
