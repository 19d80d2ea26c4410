"""What every table of a contract file shares: unknown keys refused, status, source and assumed terms."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Final, TypeAlias, TypeVar, cast

from marshmallow import RAISE, Schema, ValidationError, fields, validates_schema

from sib_engine.core.money import Currency
from sib_engine.terms.format.fields import Choice, Code, Text
from sib_engine.terms.format.problems import Problem
from sib_engine.terms.format.together import ITSELF, Refusals, Rule, UnreadError, Values
from sib_engine.terms.provenance import NOTHING_ASSUMED, Provenance, Status

_MARK: Final = "_is_between_keys"

_Check: TypeAlias = Callable[["Table", Values], Refusals]
_T = TypeVar("_T", bound="Table")


def between_keys(check: Callable[[_T, Values], Refusals]) -> Callable[[_T, Values], Refusals]:
    """Mark a method of a table as a check of its keys beside each other, all of which are asked."""
    setattr(check, _MARK, True)
    return check


class Table(Schema):
    """A table that refuses keys it does not know and lists the ones it does.

    Its checks between keys are asked whatever is wrong with single values, and each of them says all that it finds.
    """

    TOGETHER: ClassVar[tuple[Rule, ...]] = ()
    """Which keys go together."""

    BETWEEN: ClassVar[tuple[_Check, ...]] = ()
    """The checks marked as between keys, in the order in which they stand."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE

    def __init_subclass__(cls, **kwargs: object) -> None:
        """Gather the checks between keys of the table, and of those that it is made from."""
        super().__init_subclass__(**kwargs)
        cls.BETWEEN = tuple(
            cast("_Check", each)
            for kind in reversed(cls.__mro__)
            for each in vars(kind).values()
            if getattr(each, _MARK, False)
        )

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

    @validates_schema
    def _keys_go_together(self, data: Mapping[str, Any], **_: object) -> None:
        messages: dict[str, Any] = {}
        for key, problem in self._refusals(Values(data)):
            messages.setdefault(key, []).append(problem)
        if messages:
            raise ValidationError(messages)

    def handle_error(self, error: ValidationError, data: object, **_: object) -> None:
        """Add to what was refused of single values what can be said of the others beside each other."""
        messages, read = error.messages, error.valid_data
        if not isinstance(messages, dict) or not isinstance(data, Mapping) or not isinstance(read, Mapping):
            return
        keys = {name: field.data_key or name for name, field in self.load_fields.items()}
        sound = {name: value for name, value in read.items() if keys.get(name) not in messages}
        unread = [name for name, key in keys.items() if name not in sound and data.get(key) is not None]
        for key, problem in self._refusals(Values(sound, unread)):
            said = messages.get(key, [])
            if isinstance(said, dict):
                said[ITSELF] = _with(said.get(ITSELF, []), problem)
            else:
                messages[key] = _with(said, problem)

    def _refusals(self, values: Values) -> Iterator[tuple[str, Problem]]:
        for check in self.BETWEEN:
            try:
                yield from check(self, values)
            except UnreadError:
                continue


def _with(said: list[object], problem: Problem) -> list[object]:
    return said if problem in said else [*said, problem]


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

    @between_keys
    def _assumed_terms_exist(self, data: Values) -> Refusals:
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
                yield "assumed", problem


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
