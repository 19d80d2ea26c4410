"""Which keys go together: the JSON Schema, the loader and the declared rules say the same of every choice of keys."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from marshmallow import ValidationError

from sib_engine.core.money import currency_of
from sib_engine.services.contract_schema import contract_schema
from sib_engine.terms.format.base import Table
from sib_engine.terms.format.earnings import EarningsTable
from sib_engine.terms.format.indexes import QuickTable
from sib_engine.terms.format.metric_terms import EmploymentTermsTable
from sib_engine.terms.format.metrics import EmploymentTable, MetricTable
from sib_engine.terms.format.money import CapTable, MinimumTable, TariffTable
from sib_engine.terms.format.scales import PointTable, ScaleTable
from sib_engine.terms.format.schedule import NewDatesTable
from sib_engine.terms.format.scheduled import FeeTable, TerminationTable
from sib_engine.terms.load import read_document
from tests.terms.test_format_page import TABLES

SCHEMA = contract_schema()
CLAUSE = {"status": "agreed", "source": "made up"}
DAY = date(2024, 4, 1)
FACTS = [{"fact": "visit"}]
TIERS = [{"up_to": 10, "price": 5}, {"price": 6}]
YEAR = {"from": DAY, "to": date(2025, 3, 31)}
POINTS = [{"at": 1, "pays": 5}, {"at": 2, "pays": 6}]

CASES: dict[type[Table], tuple[str, dict[str, Any], dict[str, Any]]] = {
    MetricTable: (
        "metric",
        {**CLAUSE, "name": "a", "definition": "a"},
        {
            "all_of": FACTS,
            "any_of": FACTS,
            "employment": {},
            "earnings": {"at_least": 5},
            "recorded": "visit",
            "measured": "rate",
            "claw_back": {"days": 5, "from": "outcome", "share": "50%"},
        },
    ),
    EmploymentTable: ("metric.employment", {}, {"weeks": 4, "days": 28, "months": 1}),
    EmploymentTermsTable: ("metric_terms.employment", {}, {"weeks": 4, "days": 28, "months": 1}),
    EarningsTable: (
        "metric.earnings",
        {},
        {"at_least": 5, "hours": 16, "weeks": 26, "wage": "living", "wage_on": "start of work"},
    ),
    TariffTable: (
        "tariff",
        {**CLAUSE, "id": "t", "metric": "a", "from": DAY},
        {"price": 5, "tiers": TIERS, "volume": "marginal", "count_over": "metric"},
    ),
    QuickTable: ("tariff.quick", {"after": "referral"}, {"months": 3, "days": 90}),
    CapTable: (
        "cap",
        {**CLAUSE, "id": "c", "on": ["contract"]},
        {"limit": 5, "share": "40%", "payer": "council"},
    ),
    MinimumTable: (
        "minimum",
        {**CLAUSE, "id": "m", "on": ["contract"]},
        {"at_least": 5, "at_least_share": "40%", "of": ["a"]},
    ),
    PointTable: ("scale.points", {"pays": 5}, {"at": 1, "above": 1}),
    ScaleTable: (
        "scale",
        {**CLAUSE, "id": "s", "metric": "a", "from": DAY},
        {"points": POINTS, "price": 5, "between": "steps", "per": "result"},
    ),
    FeeTable: (
        "fee",
        {**CLAUSE, "id": "f", "months": YEAR},
        {"monthly": 5, "amount": 60, "share": "30%", "of": 200, "profile": ["50%", "50%"]},
    ),
    TerminationTable: ("termination", {**CLAUSE, "id": "e", "from": DAY}, {"amount": 5, "share": "30%", "of": 200}),
    NewDatesTable: ("amendment.contract", {}, {"end": DAY, "claims_close": DAY}),
}
"""Of each table with rules: its path, the keys that it needs anyway, and a value for each key of its rules."""


def choices(table: type[Table]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield what is always there and each choice of the keys that the rules are about."""
    _, always, optional = CASES[table]
    names = list(optional)
    for chosen in chain.from_iterable(combinations(names, n) for n in range(len(names) + 1)):
        yield always, {name: optional[name] for name in chosen}


def as_json(value: Any) -> Any:  # noqa: ANN401 - TOML values, as JSON has them
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def is_loaded(table: type[Table], values: dict[str, Any]) -> bool:
    try:
        table(currency=currency_of("GBP")).load(values)
    except ValidationError:
        return False
    return True


def keeps_the_rules(table: type[Table], values: dict[str, Any]) -> bool:
    return all(rule.holds(values) for rule in table.TOGETHER)


@pytest.mark.parametrize("table", CASES, ids=lambda table: table.__name__)
def test_the_schema_says_what_the_rules_say(table: type[Table]) -> None:
    shape = {"$ref": f"#/$defs/{CASES[table][0]}", "$defs": SCHEMA["$defs"]}
    validator = Draft202012Validator(shape)

    for always, chosen in choices(table):
        assert validator.is_valid(as_json(always | chosen)) == keeps_the_rules(table, always | chosen), chosen


@pytest.mark.parametrize("table", CASES, ids=lambda table: table.__name__)
def test_the_loader_refuses_what_breaks_a_rule(table: type[Table]) -> None:
    for always, chosen in choices(table):
        if not keeps_the_rules(table, always | chosen):
            assert not is_loaded(table, always | chosen), chosen


@pytest.mark.parametrize("table", CASES, ids=lambda table: table.__name__)
def test_the_loader_takes_something_that_keeps_the_rules(table: type[Table]) -> None:
    assert any(is_loaded(table, always | chosen) for always, chosen in choices(table))


@pytest.mark.parametrize("key", ["price", "tiers"])
def test_an_unpriced_tariff_has_neither_a_price_nor_tiers(key: str) -> None:
    _, always, optional = CASES[TariffTable]
    unpriced = always | {"status": "unpriced"}
    validator = Draft202012Validator({"$ref": "#/$defs/tariff", "$defs": SCHEMA["$defs"]})

    assert validator.is_valid(as_json(unpriced))
    assert not validator.is_valid(as_json(unpriced | {key: optional[key]}))


def test_every_table_with_rules_is_tried() -> None:
    assert {type(schema) for _, schema in TABLES if isinstance(schema, Table) and schema.TOGETHER} == set(CASES)


def test_each_clause_lists_only_what_it_is_counted_over() -> None:
    over = {name: SCHEMA["$defs"][name]["properties"]["on"]["items"]["enum"] for name in ("bonus", "minimum", "volume")}

    assert over == {
        "bonus": ["contract", "metric", "site", "person", "period", "year"],
        "minimum": ["contract", "metric", "site", "period", "year"],
        "volume": ["contract", "site", "period"],
    }


@pytest.mark.parametrize(
    "name", ["of-beside-limit", "minimum-number-of-others", "index-terms-without-index", "at-most-one"]
)
def test_a_contract_that_the_loader_refuses_for_its_keys_is_refused_by_the_schema(name: str) -> None:
    folder = Path(__file__).parents[1] / "bad" / "contracts"
    document, _ = read_document(folder / f"{name}.toml")

    assert not Draft202012Validator(SCHEMA).is_valid(json.loads(json.dumps(document, default=in_json)))


def in_json(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else float(str(value))
