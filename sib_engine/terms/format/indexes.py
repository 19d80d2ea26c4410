"""Tables for dated series, for how a tariff follows one, and for prices that hold for quick outcomes."""

from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final

from marshmallow import ValidationError, post_load, validates_schema

from sib_engine.terms.format.base import Clause, Table, provenance_from
from sib_engine.terms.format.fields import MAX_DAYS, MAX_MONTHS, Choice, Count, Day, ListOf, Number, TableOf
from sib_engine.terms.format.problems import Problem
from sib_engine.terms.format.together import OneOf
from sib_engine.terms.indexes import Index, Indexation, IndexValue
from sib_engine.terms.metric import Length

MAX_VALUES: Final = 600
"""Fifty years of months."""

_TERMS: Final = ("index_base", "index_every", "index_places")


class IndexValueTable(Table):
    """``{ from, value }``."""

    starts_on = Day(required=True, data_key="from")
    value = Number(required=True)

    @validates_schema
    def _above_zero(self, data: Mapping[str, Any], **_: object) -> None:
        if not data["value"]:
            raise ValidationError([Problem("index-value-zero", "{key} is 0", "a value above 0")], "value")

    @post_load
    def _value(self, data: dict[str, Any], **_: object) -> IndexValue:
        return IndexValue(**data)


class IndexTable(Clause):
    """``[[index]]``."""

    values = ListOf(TableOf(IndexValueTable), least=1, most=MAX_VALUES, required=True)

    @validates_schema
    def _in_order(self, data: Mapping[str, Any], **_: object) -> None:
        days = [each.starts_on for each in data["values"]]
        for before, day in pairwise(days):
            if day <= before:
                problem = Problem("index-out-of-order", f"{{key}} hold {day} after {before}", "each day after the last")
                raise ValidationError([problem], "values")

    @post_load
    def _index(self, data: dict[str, Any], **_: object) -> Index:
        return Index(provenance=provenance_from(data), **data)


class QuickAfter(StrEnum):
    """The day from which quick outcomes are counted."""

    REFERRAL = "referral"


class QuickTable(Table):
    """``quick = { after = "referral", months }``, or ``days``."""

    TOGETHER = (OneOf((("months",), ("days",))),)

    after = Choice(QuickAfter, required=True)
    months = Count(least=1, most=MAX_MONTHS, load_default=0)
    days = Count(least=1, most=MAX_DAYS, load_default=0)

    @validates_schema
    def _one_length(self, data: Mapping[str, Any], **_: object) -> None:
        if bool(data.get("months")) == bool(data.get("days")):
            has = "both months and days" if data.get("months") else "no length"
            raise ValidationError([Problem("quick-unclear", f"{{key}} has {has}", "one of: months, days")])

    @post_load
    def _quick(self, data: dict[str, Any], **_: object) -> Length:
        return Length(months=data["months"], days=data["days"])


def check_index_terms(data: Mapping[str, Any], *, unpriced: bool) -> None:
    """Refuse a tariff that says how it follows an index and names none, or follows one without a price.

    Raises:
        ValidationError: If it does.
    """
    index = data.get("index")
    stray = next((key for key in _TERMS if data.get(key) is not None), None)
    if index is None and stray is not None:
        problem = Problem("index-unclear", "{key} stands without index", 'index = "ID" beside it, or neither')
        raise ValidationError([problem], stray)
    if index is not None and unpriced:
        accepted = "no index where status is unpriced"
        raise ValidationError([Problem("index-unclear", "{key} has no price to move", accepted)], "index")
    starts_on, base_on = data.get("starts_on"), data.get("index_base")
    if index is not None and base_on is not None and starts_on is not None and base_on > starts_on:
        what = f"{{key}} is {base_on}, after the tariff starts on {starts_on}"
        accepted = "the day on which the tariff starts, or an earlier one; another tariff for the time before the base"
        raise ValidationError([Problem("index-base-after-start", what, accepted)], "index_base")


def indexation_from(data: dict[str, Any]) -> Indexation | None:
    """Take the terms of an index out of a tariff's values and return them as one value."""
    index, base_on, every, places = (data.pop(key) for key in ("index", *_TERMS))
    return None if index is None else Indexation(index, base_on or data["starts_on"], every, places)
