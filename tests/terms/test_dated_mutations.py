"""Whatever stands in the tables of indexes, quick prices and earnings: findings, or a contract that can be priced."""

import tomllib
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.core.findings import has_errors
from sib_engine.payments.price.table import price_table
from sib_engine.payments.price.units import unit_prices
from sib_engine.terms.dated_prices import with_dated_prices
from sib_engine.terms.load import contract_from
from sib_engine.terms.plain import plain_clauses
from tests.terms.edited import clause, contract, named
from tests.terms.mutations import mutated

EXAMPLES = Path(__file__).parents[2] / "docs" / "mechanisms" / "examples"
DOCUMENTS: dict[str, dict[str, Any]] = {
    name: tomllib.loads((EXAMPLES / f"{name}.toml").read_text(encoding="utf-8"), parse_float=Decimal)
    for name in ("indexation", "accelerated-price", "earnings-threshold")
}


@pytest.mark.parametrize("name", DOCUMENTS)
@given(data=st.data())
def test_any_change_is_a_finding_or_a_contract_that_can_be_priced(name: str, data: st.DataObject) -> None:
    made, findings = contract_from(mutated(deepcopy(DOCUMENTS[name]), data))

    assert all(str(finding).isprintable() for finding in findings)
    assert made is not None or has_errors(findings)
    if made is not None and not has_errors(findings):
        assert plain_clauses(made)
        dated = with_dated_prices(made)
        assert unit_prices(dated).largest >= 0
        assert price_table(dated, ()).tariffs.size > 0


def test_indexes_that_make_too_many_prices_are_refused() -> None:
    # 600 values from 1990 on for each of 20 tariffs are 12,000 prices.
    days = [f"{1990 + place // 12}-{place % 12 + 1:02d}-01" for place in range(600)]
    values = ", ".join(f"{{ from = {day}, value = {place + 1} }}" for place, day in enumerate(days))
    tariffs = "".join(
        clause(
            "tariff",
            f'id = "n{number}"\nmetric = "health"\ngroups = ["g{number}"]\nfrom = 1990-01-01\nprice = 1\nindex = "cpi"',
        )
        for number in range(20)
    )

    found = named(add=clause("index", f'id = "cpi"\nvalues = [{values}]') + tariffs)

    assert [(key, rule) for key, rule in found if rule != "dated-before-start"] == [
        ("tariff[n16].index", "too-many-indexed-prices")
    ]


def test_a_highest_price_that_an_index_may_raise_makes_no_cap_unreachable() -> None:
    person_cap = clause("cap", 'id = "of-a-person"\non = ["person"]\nmetrics = ["engagement"]\nlimit = 9000.00')
    cpi = clause("index", 'id = "cpi"\nvalues = [{ from = 2020-04-01, value = 100 }]')
    moving = ("price = 400.00", 'price = 400.00\nindex = "cpi"')

    assert ("cap[of-a-person].limit", "unreachable-cap") in named(add=person_cap)
    assert ("cap[of-a-person].limit", "unreachable-cap") not in named(moving, add=person_cap + cpi)


def test_earnings_and_quick_prices_need_a_referral() -> None:
    no_referral = ('consent = "required"', 'referral = "not required"\nconsent = "required"')
    no_status = ('work_status = ["unemployed", "economically inactive"]\n', "")
    sums = clause(
        "tariff",
        'id = "q"\nmetric = "health"\nfrom = 2020-04-01\nprice = 1\n' + 'quick = { after = "referral", days = 9 }',
    )
    earns = ('counts = "every time"\n', "earnings = { at_least = 10 }\n")

    assert [pair for pair in named(no_referral, no_status, earns, add=sums) if pair[1] == "referral-not-required"] == [
        ("metric.health.earnings.since", "referral-not-required"),
        ("tariff[q].quick", "referral-not-required"),
    ]


def test_the_terms_of_a_dated_price_are_said_in_plain_words() -> None:
    cpi = clause(
        "index", 'id = "cpi"\nvalues = [{ from = 2020-04-01, value = 100 }, { from = 2021-04-01, value = 102.5 }]'
    )
    quick = clause(
        "tariff",
        'id = "q"\nmetric = "health"\nfrom = 2020-04-01\nprice = 1\n' + 'quick = { after = "referral", days = 9 }',
    )
    moving = ("price = 400.00", 'price = 400.00\nindex = "cpi"\nindex_every = 12')

    clauses = {each.name: each for each in plain_clauses(contract(moving, add=cpi + quick))}

    said = {term.key: term.text for term in clauses["tariff[engagement-1]"].terms}
    assert {key: text for key, text in said.items() if key.startswith("index")} == {
        "index": "cpi",
        "index_base": "1 April 2020",
        "index_every": "12 months",
    }
    assert clauses["index[cpi]"].text("values") == "1 April 2020: 100, 1 April 2021: 102.5"
    assert clauses["tariff[q]"].text("quick") == "within 9 days of the referral"
