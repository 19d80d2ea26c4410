"""Tables for money that no single outcome earns: fees, guaranteed volumes, early termination."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import post_load

from sib_engine.terms.format.base import AmendableClause, between_keys, provenance_from
from sib_engine.terms.format.fields import (
    MAX_DAYS,
    MAX_ENTRIES,
    MAX_MONTHS,
    Amount,
    Choice,
    Code,
    Count,
    Day,
    Flag,
    ListOf,
    Part,
    TableOf,
)
from sib_engine.terms.format.money import MonthsTable
from sib_engine.terms.format.problems import Problem
from sib_engine.terms.format.together import AtMostOne, OneOf, Refusals, Values, is_given
from sib_engine.terms.scheduled import CutShort, Fee, Guarantee, GuaranteeOver, Sum, Termination

_SUMS: Final = "amount, or share together with of"
_ONE_SUM: Final = OneOf((("amount",), ("share", "of")))
_ONE_FEE: Final = OneOf((("monthly",), *_ONE_SUM.groups))


class FeeTable(AmendableClause):
    """``[[fee]]``: ``monthly``, or a sum to be divided."""

    TOGETHER = (_ONE_FEE, AtMostOne(("monthly", "profile")))

    months = TableOf(MonthsTable, required=True)
    every_months = Count(least=1, most=MAX_MONTHS, load_default=1)
    monthly = Amount(load_default=None)
    amount = Amount(load_default=None)
    share = Part(load_default=None)
    of = Amount(load_default=None)
    profile = ListOf(Part(), least=1, most=MAX_ENTRIES, load_default=())
    uses_caps = Flag(load_default=True)
    last_instalment = Choice(CutShort, load_default=None)

    @between_keys
    def _one_sum(self, data: Values) -> Refusals:
        key = None if _ONE_FEE.holds(data) else _wrong_sum(data)
        if key is not None:
            accepted = f"one of: monthly; {_SUMS}"
            yield key, Problem("fee-unclear", "{key} and the others do not say one fee", accepted)

    @between_keys
    def _profile_of_a_sum(self, data: Values) -> Refusals:
        if is_given(data, "monthly") and is_given(data, "profile"):
            what, accepted = "{key} stands beside monthly", f"profile with {_SUMS}; monthly without"
            yield "profile", Problem("fee-unclear", what, accepted)

    @between_keys
    def _spans_are_equal(self, data: Values) -> Refusals:
        months, every = data["months"], data["every_months"]
        first, last = months["starts_on"], months["ends_on"]
        n_months = (last.year - first.year) * 12 + last.month - first.month + 1
        if n_months % every:
            what = f"{{key}} is {every}, and the fee covers {n_months} months"
            accepted = "a number of months that divides them evenly"
            yield "every_months", Problem("fee-spans-unequal", what, accepted)
        profile = data["profile"]
        if profile and n_months % every == 0 and len(profile) != n_months // every:
            what = f"{{key}} has {len(profile)} parts for {n_months // every} instalments"
            yield "profile", Problem("fee-spans-unequal", what, "one part for each instalment")

    @between_keys
    def _profile_is_whole(self, data: Values) -> Refusals:
        profile = data["profile"]
        if profile and sum(profile) != 1:
            what = f"{{key}} adds up to {float(sum(profile)):.6%}".replace(".000000%", "%")
            yield "profile", Problem("profile-not-whole", what, "parts that add up to exactly 100%")

    @post_load
    def _fee(self, data: dict[str, Any], **_: object) -> Fee:
        total = None if data["monthly"] is not None else _sum_from(data)
        for key in ("amount", "share", "of"):
            data.pop(key, None)
        return Fee(**data.pop("months"), total=total, provenance=provenance_from(data), **data)


class GuaranteeTable(AmendableClause):
    """``[[guarantee]]``."""

    metric = Code(required=True)
    on = Choice(GuaranteeOver, required=True)
    minimum = Count(least=1, required=True)
    price = Amount(required=True)
    months = TableOf(MonthsTable, load_default=None)
    uses_caps = Flag(load_default=True)
    if_cut_short = Choice(CutShort, load_default=None)

    @between_keys
    def _months_of_periods(self, data: Values) -> Refusals:
        if is_given(data, "months") and data["on"] is GuaranteeOver.CONTRACT:
            problem = Problem("guarantee-unclear", "{key} stands beside on = 'contract'", 'months with on = "period"')
            yield "months", problem

    @post_load
    def _guarantee(self, data: dict[str, Any], **_: object) -> Guarantee:
        months = data.pop("months") or {"starts_on": None, "ends_on": None}
        return Guarantee(**months, provenance=provenance_from(data), **data)


class TerminationTable(AmendableClause):
    """``[[termination]]``."""

    TOGETHER = (_ONE_SUM,)

    starts_on = Day(required=True, data_key="from")
    amount = Amount(load_default=None)
    share = Part(load_default=None)
    of = Amount(load_default=None)
    tail_days = Count(most=MAX_DAYS, load_default=0)
    uses_caps = Flag(load_default=True)

    @between_keys
    def _one_sum(self, data: Values) -> Refusals:
        if not _ONE_SUM.holds(data):
            key = _wrong_sum(data)
            problem = Problem("termination-unclear", "{key} and the others do not say one sum", f"one of: {_SUMS}")
            yield key, problem

    @post_load
    def _termination(self, data: dict[str, Any], **_: object) -> Termination:
        total = _sum_from(data)
        for key in ("amount", "share", "of"):
            data.pop(key, None)
        return Termination(sum=total, provenance=provenance_from(data), **data)


def _wrong_sum(data: Values) -> str:
    """Return the key at which a table that does not state one sum states none, more than one or half of one."""
    share, of = is_given(data, "share"), is_given(data, "of")
    if share != of:
        return "of" if share else "share"
    return "share" if share else "amount"


def _sum_from(data: Mapping[str, Any]) -> Sum:
    return Sum(data["amount"]) if data["share"] is None else Sum(data["of"], data["share"])
