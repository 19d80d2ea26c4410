"""What every table of a contract file shares: unknown keys refused, status, source and assumed terms."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, cast

from marshmallow import RAISE, Schema, ValidationError, fields, validates_schema

from sib_engine.core.money import Currency
from sib_engine.terms.format.fields import Choice, Code, Text
from sib_engine.terms.format.problems import Problem
from sib_engine.terms.format.together import Rule
from sib_engine.terms.provenance import NOTHING_ASSUMED, Provenance, Status


class Table(Schema):
    """A table that refuses keys it does not know and lists the ones it does."""

    TOGETHER: ClassVar[tuple[Rule, ...]] = ()
    """Which keys go together."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE

    def __init__(self, *, currency: Currency | None = None, **kwargs: Any) -> None:  # noqa: ANN401 - marshmallow's
        """Remember the file's currency, for the amounts in this table and below."""
        super().__init__(**kwargs)
        self.file_currency = currency
        known = tuple(field.data_key or name for name, field in self.load_fields.items())
        messages: dict[str, object] = {
            "unknown": Problem("unknown-key", "{key} is not a key of this table", "one of: " + ", ".join(known), known),
            "type": Problem("not-a-table", "{key} is not a table", "a table with: " + ", ".join(known)),
        }
        self.error_messages = cast("dict[str, str]", messages)  # marshmallow passes any message through as it is


class Sourced(Table):
    """A clause: where it comes from, and which of its terms are only assumed."""

    status = Choice(Status, required=True)
    source = Text(required=True)
    assumed = fields.Dict(
        keys=Text(),
        values=Text(),
        load_default=None,
        error_messages={"invalid": [Problem("not-a-table", "{key} is not a table", '{ "key" = "why" }')]},
    )

    @validates_schema
    def _assumed_terms_exist(self, data: Mapping[str, Any], **_: object) -> None:
        known = {field.data_key or name: field for name, field in self.load_fields.items()}
        for key in data.get("assumed") or ():
            first, _dot, rest = key.partition(".")
            inner = known.get(first)
            nested = inner.schema.load_fields if isinstance(inner, fields.Nested) else {}
            if inner is None or (rest and nested and rest not in nested):
                choices = tuple(nested if inner is not None else known)
                problem = Problem(
                    "unknown-assumed-term", f"assumed names {key!r}, which is no term of this table",
                    "one of: " + ", ".join(choices), choices, rest or first,
                )  # fmt: skip
                raise ValidationError([problem], "assumed")


class Clause(Sourced):
    """A clause with an id."""

    id = Code(required=True)


class AmendableClause(Clause):
    """A clause that an amendment may have brought, and then names it."""

    amendment = Code(load_default=None)


def provenance_from(data: dict[str, Any]) -> Provenance:
    """Take status, source and assumed out of a table's values and return them as one value."""
    assumed = data.pop("assumed")
    return Provenance(
        status=data.pop("status"),
        source=data.pop("source"),
        assumed=MappingProxyType(assumed) if assumed else NOTHING_ASSUMED,
    )
