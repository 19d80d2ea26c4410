import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sib_engine.core.errors import NotFoundError
from sib_engine.services.contract_schema import contract_schema
from sib_engine.terms import library
from tests.terms.test_bad_contracts import EXPECTED, FOLDER, Bad

SCHEMA = contract_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
DOCUMENTS = Path(__file__).parents[2] / "docs"
GOOD = [*library.contract_files(), *sorted(DOCUMENTS.glob("**/*.toml"))]

SHAPE = {
    "list-too-short",
    "missing-key",
    "not-a-choice",
    "not-a-code",
    "not-a-count",
    "not-a-list",
    "not-a-month",
    "not-a-number",
    "not-a-share",
    "not-text",
    "unknown-currency",
    "unknown-key",
}
"""Rules of the loader about one value, which a JSON Schema can state."""

TOGETHER = {
    "bonus-on-payer",
    "cap-unclear",
    "claw-back-without-job",
    "earnings-unclear",
    "fee-unclear",
    "minimum-unclear",
    "missing-price",
    "not-counted-over",
    "point-unclear",
    "price-beside-tiers",
    "price-on-unpriced",
    "quick-unclear",
    "scale-unclear",
    "termination-unclear",
    "tiers-unclear",
    "two-lengths",
    "two-tests",
    "volume-over",
}
"""Rules about keys that go together, or a word that one table does not take, which it can state too."""

PRECISER = {
    "price-exponent",
    "limit-in-fractions-of-a-penny",
    "price-nan",
    "control-characters",
    "earnings-of-nothing",
    "scale-without-amount",
    "share-cap-by-person",
}
"""Files that only the loader refuses: places of a number, characters, a sum of 0, what points pay, and words that one
kind of cap does not take are beyond the schema."""

OF_THE_SHAPE = [bad for bad in EXPECTED if bad.rule in SHAPE | TOGETHER and bad.name not in PRECISER]
USABLE = [bad for bad in EXPECTED if bad.severity.value != "error"]


def as_json(value: Any) -> Any:  # noqa: ANN401 - TOML values, as JSON has them
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def problems(path: Path) -> list[str]:
    document = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(as_json(document))]


def test_it_is_a_json_schema_of_the_2020_draft() -> None:
    Draft202012Validator.check_schema(SCHEMA)

    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["required"] == ["contract", "party", "metric", "share"]


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_every_contract_of_the_library_and_the_documentation_has_the_shape(path: Path) -> None:
    assert problems(path) == []


@pytest.mark.parametrize("bad", USABLE, ids=lambda bad: bad.name)
def test_a_contract_that_is_only_warned_of_has_the_shape(bad: Bad) -> None:
    assert problems(FOLDER / f"{bad.name}.toml") == []


@pytest.mark.parametrize("bad", OF_THE_SHAPE, ids=lambda bad: bad.name)
def test_an_unknown_key_or_a_wrong_value_has_not(bad: Bad) -> None:
    assert problems(FOLDER / f"{bad.name}.toml") != []


def test_no_table_accepts_keys_that_it_does_not_know() -> None:
    tables = [SCHEMA, *SCHEMA["$defs"].values()]

    assert {table["additionalProperties"] for table in tables} == {False}


def test_keys_carry_their_meaning_and_their_default() -> None:
    tariff, employment = SCHEMA["$defs"]["tariff"], SCHEMA["$defs"]["metric.employment"]

    assert tariff["properties"]["from"]["description"] == "first day of the price"
    assert tariff["required"] == ["status", "source", "id", "metric", "from"]
    assert employment["properties"]["hours"]["enum"] == [
        "average over the period",
        "every pay period",
        "contracted",
    ]
    assert employment["properties"]["gap_days"]["default"] == 0
    assert employment["properties"]["gap_days"]["anyOf"] == [
        {"enum": ["any"]},
        {"type": "integer", "minimum": 0, "maximum": 36_500},
    ]


def test_every_key_is_described() -> None:
    silent = [
        (name, key)
        for name, table in SCHEMA["$defs"].items()
        for key, shape in table["properties"].items()
        if "description" not in shape
    ]

    assert silent == []


def test_amounts_in_quotes_have_the_places_of_the_currency() -> None:
    def limit(currency: str | None) -> str:
        amount = contract_schema(currency)["$defs"]["cap"]["properties"]["limit"]["anyOf"][1]
        return str(amount["pattern"])

    assert limit("GBP") == r"^([0-9]{1,15}(\.[0-9]{1,2})?)$"
    assert limit("JPY") == r"^([0-9]{1,15})$"
    assert limit(None) == r"^([0-9]{1,15}(\.[0-9]{1,4})?)$"


def test_a_currency_that_the_engine_does_not_know_is_refused() -> None:
    with pytest.raises(NotFoundError, match="'XXX' has no minor unit"):
        contract_schema("XXX")
