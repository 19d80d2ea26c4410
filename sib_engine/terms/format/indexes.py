"""Tables for dated series, for how a tariff follows one, and for prices that hold for quick outcomes."""

from enum import StrEnum
from itertools import pairwise
from typing import Any, Final

from marshmallow import post_load

from sib_engine.terms.format.base import Clause, Table, between_keys, provenance_from
from sib_engine.terms.format.fields import MAX_DAYS, MAX_MONTHS, Choice, Count, Day, ListOf, Number, TableOf
from sib_engine.terms.format.problems import Problem
from sib_engine.terms.format.together import ITSELF, OneOf, Refusals, Values, is_given
from sib_engine.terms.indexes import Index, Indexation, IndexValue
from sib_engine.terms.metric import Length
from sib_engine.terms.provenance import Status

MAX_VALUES: Final = 600
"""Fifty years of months."""

INDEX_TERMS: Final = ("index_base", "index_every", "index_places")


class IndexValueTable(Table):
    """``{ from, value }``."""

    starts_on = Day(required=True, data_key="from")
    value = Number(required=True)

    @between_keys
    def _above_zero(self, data: Values) -> Refusals:
        if not data["value"]:
            yield "value", Problem("index-value-zero", "{key} is 0", "a value above 0")

    @post_load
    def _value(self, data: dict[str, Any], **_: object) -> IndexValue:
        return IndexValue(**data)


class IndexTable(Clause):
    """``[[index]]``."""

    values = ListOf(TableOf(IndexValueTable), least=1, most=MAX_VALUES, required=True)

    @between_keys
    def _in_order(self, data: Values) -> Refusals:
        days = [each.starts_on for each in data["values"]]
        for before, day in pairwise(days):
            if day <= before:
                problem = Problem("index-out-of-order", f"{{key}} hold {day} after {before}", "each day after the last")
                yield "values", problem
                break

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

    @between_keys
    def _one_length(self, data: Values) -> Refusals:
        if bool(data.get("months")) == bool(data.get("days")):
            has = "both months and days" if data.get("months") else "no length"
            yield ITSELF, Problem("quick-unclear", f"{{key}} has {has}", "one of: months, days")

    @post_load
    def _quick(self, data: dict[str, Any], **_: object) -> Length:
        return Length(months=data["months"], days=data["days"])


def index_problems(data: Values) -> Refusals:
    """Yield where a tariff says how it follows an index and names none, or follows one without a price."""
    has_index = is_given(data, "index")
    for stray in () if has_index else [key for key in INDEX_TERMS if is_given(data, key)]:
        yield stray, Problem("index-unclear", "{key} stands without index", 'index = "ID" beside it, or neither')
    if not has_index:
        return
    if data.get("status") is Status.UNPRICED:
        yield "index", Problem("index-unclear", "{key} has no price to move", "no index where status is unpriced")
    starts_on, base_on = data["starts_on"], data["index_base"]
    if base_on is not None and base_on > starts_on:
        what = f"{{key}} is {base_on}, after the tariff starts on {starts_on}"
        accepted = "the day on which the tariff starts, or an earlier one; another tariff for the time before the base"
        yield "index_base", Problem("index-base-after-start", what, accepted)


def indexation_from(data: dict[str, Any]) -> Indexation | None:
    """Take the terms of an index out of a tariff's values and return them as one value."""
    index, base_on, every, places = (data.pop(key) for key in ("index", *INDEX_TERMS))
    return None if index is None else Indexation(index, base_on or data["starts_on"], every, places)
