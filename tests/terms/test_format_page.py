"""contracts/README.md describes the format that the loader reads: each key, its type, its need; and no other."""

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from marshmallow import Schema, fields

from sib_engine.terms.format import fields as ours
from sib_engine.terms.format.base import Sourced
from sib_engine.terms.format.contract import ContractFile
from sib_engine.terms.format.reference import EVERY_CLAUSE, Described, read_reference, section_of
from sib_engine.terms.format.scales import PercentOrNumber
from sib_engine.terms.load import load

PAGE = (Path(__file__).parents[2] / "contracts" / "README.md").read_text(encoding="utf-8")
SECTIONS = read_reference(PAGE)
OF_EVERY_CLAUSE = ("status", "source", "assumed")

WORDS: dict[type[fields.Field[Any]], str] = {
    ours.Code: "code",
    ours.Text: "text",
    ours.Day: "date",
    ours.Month: "month",
    ours.DayOfYear: "text",
    ours.Flag: "true or false",
    ours.Count: "whole number",
    ours.CountOrAny: "whole number or `any`",
    ours.Number: "number",
    ours.Amount: "amount",
    ours.Part: "share",
    PercentOrNumber: "percentage or number",
    ours.TableOf: "table",
}


def type_of(field: fields.Field[Any]) -> str:
    if isinstance(field, ours.Choice):
        return ", ".join(f"`{each.value}`" for each in field.kind if each not in field.refused)
    if isinstance(field, ours.ListOf):
        if isinstance(field.inner, ours.Alternatives):
            return "list of texts or lists"
        one = type_of(field.inner)
        many = one if one.startswith("`") else f"{one}s"
        return f"{one} or list of {many}" if field.single else f"list of {many}"
    if isinstance(field, fields.Dict):
        assert field.key_field is not None
        assert field.value_field is not None
        return f"{type_of(field.value_field)}s by {type_of(field.key_field)}"
    return WORDS[type(field)]


def need_of(field: fields.Field[Any]) -> str:
    if field.required:
        return "yes"
    value = field.load_default
    if isinstance(value, Fraction):
        return f"default `{float(value):.0%}`"
    if isinstance(value, bool):
        return f"default `{str(value).lower()}`"
    return f"default `{value}`" if isinstance(value, str | int) else "no"


def inner_schema(field: fields.Field[Any]) -> Schema | None:
    if isinstance(field, ours.ListOf):
        return inner_schema(field.inner)
    if isinstance(field, fields.Dict) and field.value_field is not None:
        return inner_schema(field.value_field)
    return field.schema if isinstance(field, fields.Nested) else None


def tables(schema: Schema, path: str) -> Iterator[tuple[str, Schema]]:
    yield path, schema
    for name, field in schema.load_fields.items():
        inner = inner_schema(field)
        if inner is not None:
            yield from tables(inner, ".".join(filter(None, (path, field.data_key or name))))


TABLES = list(tables(ContractFile(), ""))


def keys(schema: Schema) -> dict[str, fields.Field[Any]]:
    found = {field.data_key or name: field for name, field in schema.load_fields.items()}
    shared = OF_EVERY_CLAUSE if isinstance(schema, Sourced) else ()
    return {key: field for key, field in found.items() if key not in shared}


@pytest.mark.parametrize(("path", "schema"), TABLES, ids=[path or "the file" for path, _ in TABLES])
def test_the_page_describes_the_keys_of_each_table(path: str, schema: Schema) -> None:
    described = {key: (each.type, each.need) for key, each in section_of(SECTIONS, path).items()}
    read = {key: (type_of(field), need_of(field)) for key, field in keys(schema).items()}
    if path not in SECTIONS:
        # A table with no section of its own, such as changed terms: the keys of its namesake, without the needs.
        described = {key: (kind, "") for key, (kind, _) in described.items()}
        read = {key: (kind, "") for key, (kind, _) in read.items()}

    assert described == read


def test_the_page_describes_no_table_that_is_not_there() -> None:
    assert sorted(set(SECTIONS) - {path for path, _ in TABLES}) == [EVERY_CLAUSE]


def test_the_keys_of_every_clause_are_those_of_all_tables_but_sites() -> None:
    sourced = {path for path, schema in TABLES if isinstance(schema, Sourced)}

    assert tuple(SECTIONS[EVERY_CLAUSE]) == OF_EVERY_CLAUSE
    assert SECTIONS[EVERY_CLAUSE]["source"] == Described("text", "yes", "where the figures were read")
    assert set(SECTIONS[""]) - sourced == {"site"}


def test_a_table_without_a_section_is_described_elsewhere_or_only_changes_such_a_table() -> None:
    own = {type(schema) for path, schema in TABLES if path in SECTIONS}
    others = {path: schema for path, schema in TABLES if path not in SECTIONS and type(schema) not in own}

    assert list(others) == ["metric_terms.employment"]
    assert {need_of(field) for field in keys(others["metric_terms.employment"]).values()} == {"no"}


def test_every_key_has_a_meaning() -> None:
    assert [
        (path, key) for path, section in SECTIONS.items() for key, each in section.items() if not each.meaning
    ] == []


def test_the_whole_contract_on_the_page_can_be_used_as_it_stands(tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml\n(\[contract\].*?)```", PAGE, re.DOTALL)
    path = tmp_path / "riverside-mini.toml"
    path.write_text(text, encoding="utf-8")

    loaded = load(path)

    assert [finding.rule for finding in loaded.findings] == ["assumed-terms"]
    assert loaded.contract is not None
    assert loaded.contract.metric_codes == ("job_start", "sustained")
