"""The shape of a contract file as a JSON Schema, made of the schemas that read it.

It says what each table may hold and which of its keys go together, for editors. It says less than ``sib contract
check``: nothing of names that must exist, of order, or of one table and another. A TOML date is a string in JSON.
"""

from typing import Any, Final

from marshmallow import Schema, fields

from sib_engine.core.money import CURRENCY_CODES, Currency, currency_of
from sib_engine.terms.format import fields as ours
from sib_engine.terms.format.base import Table
from sib_engine.terms.format.contract import ContractFile
from sib_engine.terms.format.problems import CODE
from sib_engine.terms.format.reference import FILE, Sections, described
from sib_engine.terms.format.scales import PERCENT, PercentOrNumber

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_Shape = dict[str, Any]
_CENTURIES: Final = "|".join(str(century) for century in range(ours.FIRST_YEAR // 100, ours.LAST_YEAR // 100 + 1))
_MONTH: Final = f"({_CENTURIES})[0-9]{{2}}-(0[1-9]|1[0-2])"
_AT_MOST_ALL: Final = r"(100(\.0{1,6})?|0?[0-9]{1,2}(\.[0-9]{1,6})?)%"
_DAY: Final = f"{_MONTH}-(0[1-9]|[12][0-9]|3[01])"


def json_schema(sections: Sections, currency: Currency | None = None) -> dict[str, Any]:
    """Return the schema of a contract file.

    Args:
        sections: What the format's page says of each key; it becomes the descriptions.
        currency: Amounts may have its decimal places; those of any currency where none is given. Numbers are
            not held to them, because editors read numbers as binary fractions.
    """
    return _Maker(sections, currency).whole()


class _Maker:
    """Makes the shape of each table once."""

    def __init__(self, sections: Sections, currency: Currency | None) -> None:
        self._sections = sections
        known = (currency,) if currency is not None else tuple(map(currency_of, CURRENCY_CODES))
        self._places = max(each.places for each in known)
        self._codes = [each.code for each in known]
        self._tables: dict[type[Schema], str] = {}
        self._shapes: dict[str, _Shape] = {}

    def whole(self) -> _Shape:
        """Return the shape of the file, with those of its tables as definitions."""
        shape = self._table(ContractFile(), FILE)
        head = {"$schema": DIALECT, "title": "Outcomes contract", "description": "One outcomes contract of sib-engine."}
        return head | shape | {"$defs": self._shapes}

    def _table(self, schema: Schema, path: str) -> _Shape:
        properties: _Shape = {}
        required: list[str] = []
        for name, field in schema.load_fields.items():
            key = field.data_key or name
            inside = f"{path}.{key}" if path else key
            shape = self._field(field, inside)
            if inside == "contract.currency":
                shape = {"enum": self._codes}
            said = described(self._sections, path, key)
            properties[key] = ({} if said is None else {"description": said.meaning}) | shape
            if field.required:
                required.append(key)
            default = _default(field)
            if default is not None:
                properties[key]["default"] = default
        table: _Shape = {
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": False,
        }
        together = [rule.shape() for rule in schema.TOGETHER] if isinstance(schema, Table) else []
        return table | ({"allOf": together} if together else {})

    def _reference(self, nested: fields.Nested, path: str) -> _Shape:
        schema = nested.schema
        kind = type(schema)
        if kind not in self._tables:
            self._tables[kind] = path
            self._shapes[path] = self._table(schema, path)
        return {"$ref": f"#/$defs/{self._tables[kind]}"}

    def _field(self, field: fields.Field[Any], path: str) -> _Shape:
        if isinstance(field, ours.ListOf):
            return self._list(field, path)
        if isinstance(field, fields.Nested):
            return self._reference(field, path)
        if isinstance(field, fields.Dict):
            return self._named(field, path)
        return self._value(field)

    def _list(self, field: ours.ListOf, path: str) -> _Shape:
        inner = self._field(field.inner, path)
        shape: _Shape = {"type": "array", "items": inner, "minItems": field.least, "maxItems": field.most}
        if not field.single:
            return shape
        return {"anyOf": [inner, shape | {"uniqueItems": True}]}

    def _named(self, field: fields.Dict, path: str) -> _Shape:
        key, value = field.key_field, field.value_field
        shape: _Shape = {"type": "object"}
        if key is not None:
            shape["propertyNames"] = self._value(key)
        if value is not None:
            shape["additionalProperties"] = self._field(value, path)
        return shape | ({"maxProperties": ours.MAX_ENTRIES} if isinstance(field, ours.NamedTables) else {})

    def _value(self, field: fields.Field[Any]) -> _Shape:
        match field:
            case ours.Choice():
                return {"enum": [each.value for each in field.kind if each not in field.refused]}
            case ours.CountOrAny():
                number = {"type": "integer", "minimum": field.least, "maximum": field.most}
                return {"anyOf": [{"enum": [field.word]}, number]}
            case ours.Count():
                return {"type": "integer", "minimum": field.least, "maximum": field.most}
            case ours.Number():
                return _number(ours.MAX_PLACES, field.most)
            case ours.Amount():
                return _number(self._places, ours.MAX_NUMBER)
            case _ if type(field) in _SHAPES:
                return _SHAPES[type(field)]
        message = f"{type(field).__name__} has no shape in JSON"
        raise TypeError(message)


def _text(pattern: str) -> _Shape:
    return {"type": "string", "pattern": f"^({pattern})$"}


def _number(places: int, most: int) -> _Shape:
    decimals = rf"(\.[0-9]{{1,{places}}})?" if places else ""
    return {"anyOf": [{"type": "number", "minimum": 0, "maximum": most}, _text(rf"[0-9]{{1,15}}{decimals}")]}


_SHAPES: Final[dict[type[fields.Field[Any]], _Shape]] = {
    ours.Code: _text(CODE.pattern),
    ours.Day: _text(_DAY) | {"format": "date"},
    ours.Month: _text(_MONTH),
    ours.DayOfYear: _text(ours.DAY_OF_YEAR.pattern),
    ours.Flag: {"type": "boolean"},
    ours.Part: {"anyOf": [_text(_AT_MOST_ALL), _text(ours.FRACTION.pattern)]},
    ours.Text: {"type": "string", "pattern": r"\S", "maxLength": ours.MAX_TEXT},
    PercentOrNumber: {"anyOf": [_text(PERCENT.pattern), *_number(ours.MAX_PLACES, ours.MAX_NUMBER)["anyOf"]]},
}
"""The shapes of values that are the same wherever they stand."""


def _default(field: fields.Field[Any]) -> str | int | bool | None:
    """Return what holds where a key is left out, as JSON; None where nothing does, or nothing simple."""
    value = field.load_default
    return value if isinstance(value, str | int) else None
