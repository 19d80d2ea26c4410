"""From each amount down to clause and price, and back up again from the explanation alone.

Other engines explain part of an amount and leave the rest to trust (policyengine-core #541).
"""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from sib_engine.payments.due import due
from sib_engine.payments.explanation import Explainer
from sib_engine.services.explain_amounts import explain_amounts
from sib_engine.services.explained import Explanation
from sib_engine.services.inputs import contract_at, rows_at
from sib_engine.services.price_counts import price_counts
from sib_engine.terms import library
from tests.explain.recompute import Tree, recompute_payer, recompute_row, steps
from tests.synthetic.sites import example

SITES = ("mhep/enfield", "mhep/tower-hamlets-ld", "mhep/haringey-barnet")
PRICES = {
    "mhep/enfield": ("568.14", "852.20", "1136.27", "1704.41"),
    "mhep/tower-hamlets-ld": ("1688.71", "2533.06", "3377.41", "5066.12"),
    "mhep/haringey-barnet": ("759.00", "1138.51", "1518.01", "2277.01"),
}
"""Prices of engagement, job start and the two bands: assumed terms of the contract files."""


def tight(folder: Path) -> str:
    """Return Haringey & Barnet with limits that the made-up outcomes reach, and a cap on each person."""
    text = (library.folder() / "mhep" / "haringey-barnet.toml").read_text(encoding="utf-8")
    for old, new in (("limit = 1439148.00", "limit = 600000.00"), ("limit = 596918.00", "limit = 200000.00")):
        assert text.count(old) == 1
        text = text.replace(old, new)
    person = '\n[[cap]]\nid = "per-person"\non = ["person"]\nlimit = 3000.00\noverflow = "lost"\nstatus = "agreed"\n'
    path = folder / "haringey-barnet.toml"
    path.write_text(text + person + 'source = "made up"\n', encoding="utf-8")
    return str(path)


def row_trees(contract_name: str, rows: Path) -> tuple[list[str], list[Tree]]:
    """Return the metric and the explanation of every row that counts, as JSON gives it."""
    contract = contract_at(contract_name).contract
    table, _ = rows_at(rows, contract)
    counted = table.take(np.flatnonzero(table.counts))
    explainer = Explainer(contract, due(contract, counted.rows))
    trees = [explainer.row(place, name) for place, name in enumerate(counted.row_ids())]
    metrics = [contract.metric_codes[metric] for metric in counted.rows.metric.tolist()]
    return metrics, Explanation(contract, None, tuple(trees), ()).as_dict()["amounts"]


def pounds(minor: int | None) -> Decimal:
    return Decimal(minor or 0).scaleb(-2)


@pytest.mark.parametrize("site", SITES)
def test_every_row_comes_to_its_price_from_its_explanation_alone(site: str) -> None:
    metrics, trees = row_trees(site, example(site).rows)

    codes = ("engagement", "job_start", "sustained_under_16", "sustained_16_plus")
    prices = dict(zip(codes, map(Decimal, PRICES[site]), strict=True))
    assert len(trees) == sum(example(site).counted.values())
    for metric, tree in zip(metrics, trees, strict=True):
        assert sum(recompute_row(tree).values()) == prices[metric]


@pytest.mark.parametrize("site", SITES)
def test_the_rows_of_a_payer_add_up_to_what_it_owes(site: str) -> None:
    priced = price_counts(site, example(site).rows)
    _metrics, trees = row_trees(site, example(site).rows)

    totals: dict[str, Decimal] = {}
    for tree in trees:
        for payer, amount in recompute_row(tree).items():
            totals[payer] = totals.get(payer, Decimal(0)) + amount
    assert totals == {each.payer: pounds(each.amount) for each in priced.payers}


def test_rows_explain_every_cut_and_every_move_between_payers(tmp_path: Path) -> None:
    contract = tight(tmp_path)
    priced = price_counts(contract, example("mhep/haringey-barnet").rows)
    _metrics, trees = row_trees(contract, example("mhep/haringey-barnet").rows)

    paid = sum((sum(recompute_row(tree).values()) for tree in trees), Decimal(0))
    cut: dict[str, Decimal] = {}
    for tree in trees:
        for step in steps(tree, "cut", "moved"):
            cut[step["clause"]] = cut.get(step["clause"], Decimal(0)) - Decimal(step["amount"])
    assert paid == pounds(priced.payable) == Decimal("600000.00")
    assert cut == {each.cap: pounds(each.taken) for each in priced.caps}
    # 42 % of 600,000 is 252,000, of which the fund pays 200,000.
    assert cut["lcf-maximum"] == Decimal("52000.00")
    assert cut["per-person"] > 0
    assert cut["contract-maximum"] > 0


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("with_grants", [False, True])
def test_what_a_payer_owes_comes_out_of_its_explanation_alone(site: str, *, with_grants: bool) -> None:
    found = explain_amounts(site, example(site).rows, with_scheduled=with_grants)
    priced = price_counts(site, example(site).rows)
    grants = sum((pounds(grant.amount) for grant in found.contract.grants), Decimal(0)) if with_grants else Decimal(0)

    owed = [recompute_payer(tree) for tree in found.as_dict()["amounts"]]

    assert sum(owed) == pounds(priced.payable) + grants


def test_what_payers_owe_beyond_their_caps_comes_out_of_the_explanation_alone(tmp_path: Path) -> None:
    contract = tight(tmp_path)

    found = explain_amounts(contract, example("mhep/haringey-barnet").rows).as_dict()["amounts"]

    assert [(tree["subject"], recompute_payer(tree)) for tree in found] == [
        ("local", Decimal("400000.00")),
        ("dcms", Decimal("200000.00")),
    ]


@pytest.mark.parametrize(
    ("contract", "counts"),
    [
        ("care-leavers/reboot-west", "care-leavers/published/reboot-west-2025-12.csv"),
        ("fair-chance-fund/ambition", "fair-chance-fund/published/ambition-2025-12.csv"),
    ],
)
def test_published_counts_come_out_of_their_explanations_too(contract: str, counts: str) -> None:
    path = library.folder() / counts
    priced = price_counts(contract, path)

    _metrics, trees = row_trees(contract, path)

    assert sum((sum(recompute_row(tree).values()) for tree in trees), Decimal(0)) == pounds(priced.payable)
    (owed,) = explain_amounts(contract, path).as_dict()["amounts"]
    assert recompute_payer(owed) == pounds(priced.payable)


def test_the_cap_per_person_stands_in_the_explanation_of_each_row_that_it_cuts(tmp_path: Path) -> None:
    # 3,300 + 2,200 + 2,600 + 1,000 = 9,100 for one person; the cap of round 1 is 8,200.
    rows = tmp_path / "rows.csv"
    metrics = ("qualification_level_3", "qualification_level_2", "employment_13_weeks", "employment_26_weeks")
    rows.write_text("metric,person\n" + "".join(f"{metric},P1\n" for metric in metrics), encoding="utf-8")

    _metrics, trees = row_trees("dwp-innovation-fund/advance", rows)

    assert sum((sum(recompute_row(tree).values()) for tree in trees), Decimal(0)) == Decimal("8200.00")
    cuts = [step for tree in trees for step in steps(tree, "cut")]
    assert {step["clause"] for step in cuts} == {"per-person"}
    assert sum(Decimal(step["amount"]) for step in cuts) == Decimal("-900.00")
    assert all("limit £8,200.00 per person" in step["detail"] for step in cuts)


@pytest.mark.parametrize("name", ["service-fee", "guaranteed-volume", "early-termination"])
def test_scheduled_amounts_come_out_of_their_explanations_alone(name: str) -> None:
    folder = Path(__file__).parents[2] / "docs" / "mechanisms" / "examples"

    found = explain_amounts(str(folder / f"{name}.toml"), folder / f"{name}-rows.csv", with_scheduled=True)

    # All outcomes and all that is scheduled in the year: the totals of the pages.
    total = {
        "service-fee": "44000.00",
        "guaranteed-volume": "20500.00",
        "early-termination": "40400.00",
    }
    owed = [recompute_payer(tree) for tree in found.as_dict()["amounts"]]
    assert sum(owed) == Decimal(total[name])


UPGRADE = """
[[band]]
id = "steps"
metrics = ["engagement", "job_start"]
rule = "upgrade pays the difference"
status = "agreed"
source = "made up"
"""


def two_payers(folder: Path, *changes: tuple[str, str], more: str = "") -> str:
    text = (Path(__file__).parents[1] / "statement" / "two-payers.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    path = folder / "two-payers.toml"
    path.write_text(text + more, encoding="utf-8")
    return str(path)


def test_an_upgrade_that_pays_the_difference_says_what_the_lower_band_had_earned(tmp_path: Path) -> None:
    contract = two_payers(tmp_path, more=UPGRADE)
    rows = tmp_path / "rows.csv"
    rows.write_text(
        "metric,person,achieved_on\nengagement,P1,2020-05-04\njob_start,P1,2020-06-04\njob_start,P2,2020-06-04\n",
        encoding="utf-8",
    )

    _metrics, trees = row_trees(contract, rows)

    # 700.00 after 300.01 for the same person is 399.99 more.
    assert [sum(recompute_row(tree).values()) for tree in trees] == [
        Decimal("300.01"),
        Decimal("399.99"),
        Decimal("700.00"),
    ]
    (upgrade,) = [step for tree in trees for step in steps(tree, "upgrade")]
    assert (upgrade["amount"], upgrade["clause"]) == ("-300.01", "steps")
    owed = [recompute_payer(tree) for tree in explain_amounts(contract, rows).as_dict()["amounts"]]
    assert owed == [Decimal("812.00"), Decimal("588.00")]


@pytest.mark.parametrize(
    ("rounding", "amount", "detail"),
    [
        ('mode = "half-even", at = "row"', "2100.02", "3 x 700.005 (price from 2020-04-01; rounded half-even)"),
        ('mode = "down", at = "row"', "2100.01", "3 x 700.005 (price from 2020-04-01; rounded down)"),
        ('mode = "half-up", at = "unit"', "2100.03", "3 x 700.01 (price from 2020-04-01: 700.005, rounded half-up)"),
        (
            'mode = "half-even", at = "unit"',
            "2100.00",
            "3 x 700.00 (price from 2020-04-01: 700.005, rounded half-even)",
        ),
    ],
)
def test_a_price_of_part_pennies_says_where_and_how_it_was_rounded(
    rounding: str, amount: str, detail: str, tmp_path: Path
) -> None:
    changes = (('mode = "half-even", at = "row"', rounding), ("price = 700.00", "price = 700.005"))
    contract = two_payers(tmp_path, *changes, ("limit = 2000.00", "limit = 9000.00"))
    counts = tmp_path / "counts.csv"
    counts.write_text("metric,count\njob_start,3\n", encoding="utf-8")

    _metrics, (tree,) = row_trees(contract, counts)

    assert sum(recompute_row(tree).values()) == Decimal(amount)
    assert steps(tree, "earned")[0]["detail"] == detail


VOLUME = """
[[bonus]]
id = "beyond-three"
on = ["metric"]
metrics = ["job_start"]
above = 3
price = 50.00
status = "agreed"
source = "made up"

[[minimum]]
id = "twelve-engaged"
on = ["period"]
metrics = ["engagement"]
at_least = 12
pays_below = "25%"
status = "agreed"
source = "made up"

[[cap]]
id = "forty-percent"
on = ["metric"]
metrics = ["job_start"]
share = "40%"
of = ["engagement"]
status = "agreed"
source = "made up"
"""
TIERS = (
    "price = 700.00",
    'tiers = [{ up_to = 2, price = 700 }, { price = 650 }]\nvolume = "marginal"\ncount_over = "metric"',
)


def test_tiers_bonuses_minimums_and_shares_of_outcomes_come_out_of_the_explanation_alone(tmp_path: Path) -> None:
    contract = two_payers(tmp_path, TIERS, ("limit = 2000.00", "limit = 9000.00"), more=VOLUME)
    rows = tmp_path / "rows.csv"
    rows.write_text(
        "metric,count,achieved_on\nengagement,11,2020-05-04\njob_start,1,2020-05-05\njob_start,4,2020-05-06\n"
        "job_start,1,2020-05-07\n",
        encoding="utf-8",
    )
    priced = price_counts(contract, rows)

    _metrics, trees = row_trees(contract, rows)

    # 11 x 300.01 is 3,300.11, of which a quarter is 825.03. 40 % of 11 is 4 job starts: the first at 700.00; the
    # next four earn 700 + 3 x 650 + 2 x 50 = 2,750.00, of which three quarters are 2,062.50; the sixth is not paid.
    assert [sum(recompute_row(tree).values()) for tree in trees] == [
        Decimal("825.03"),
        Decimal("700.00"),
        Decimal("2062.50"),
        Decimal("0.00"),
    ]
    assert pounds(priced.payable) == Decimal("3587.53")
    owed = [recompute_payer(tree) for tree in explain_amounts(contract, rows).as_dict()["amounts"]]
    assert sum(owed) == Decimal("3587.53")


def test_an_amount_that_the_explanation_does_not_carry_is_noticed() -> None:
    # The checker itself: an explanation in which one figure was changed does not add up.
    _metrics, trees = row_trees("mhep/enfield", example("mhep/enfield").rows)
    tree = dict(trees[0])
    tree["amount"] = "1.00"

    with pytest.raises(AssertionError):
        recompute_row(tree)


def test_the_table_of_rows_is_not_changed_by_explaining_it() -> None:
    contract = contract_at("mhep/enfield").contract
    table, _ = rows_at(example("mhep/enfield").rows, contract)
    before = replace(table, mask=table.mask.copy())

    Explainer(contract, due(contract, table.rows.take(table.counts)))

    assert (table.mask == before.mask).all()
