"""Tables for the clauses that move money: tariffs, bonuses, caps, minimums, shares and grants."""

from calendar import monthrange
from fractions import Fraction
from typing import Any, Final

from marshmallow import fields, post_load

from sib_engine.terms.format.base import AmendableClause, Table, between_keys, provenance_from
from sib_engine.terms.format.fields import (
    MAX_MONTHS,
    MAX_PLACES,
    REQUIRED,
    Amount,
    Choice,
    Code,
    Count,
    Day,
    Flag,
    ListOf,
    Number,
    Part,
    TableOf,
    Text,
)
from sib_engine.terms.format.indexes import INDEX_TERMS, QuickTable, index_problems, indexation_from
from sib_engine.terms.format.problems import Problem
from sib_engine.terms.format.together import (
    ITSELF,
    AllOrNone,
    AtMostOne,
    Needs,
    OneOf,
    Refusals,
    Unless,
    Values,
    is_given,
)
from sib_engine.terms.money_clauses import (
    Bonus,
    Cap,
    Dimension,
    Grant,
    Minimum,
    OutcomeCap,
    Overflow,
    Replaces,
    Share,
    Tariff,
)
from sib_engine.terms.provenance import Status
from sib_engine.terms.tiers import CountOver, Tier, Tiers, Volume

EVERY_METRIC = "*"

MAX_TIERS: Final = 50

NOT_COUNTED_OVER: Final = (Dimension.PERSON, Dimension.PAYER)
"""What a clause that counts outcomes against others, such as a share of them, is never counted over."""


class TierTable(Table):
    """``{ up_to, price }``."""

    up_to = Count(least=1, load_default=None)
    price = Number(required=True)

    @post_load
    def _tier(self, data: dict[str, Any], **_: object) -> Tier:
        return Tier(**data)


_PRICED_OR_NOT: Final = Unless("status", Status.UNPRICED, OneOf((("price",), ("tiers",))))
_WITH_TIERS: Final = AllOrNone(("tiers", "volume", "count_over"))


class TariffTable(AmendableClause):
    """``[[tariff]]``; ``price``, or ``tiers`` with how they are counted."""

    TOGETHER = (_PRICED_OR_NOT, _WITH_TIERS, *(Needs(key, "index") for key in INDEX_TERMS))

    metric = Code(required=True)
    starts_on = Day(required=True, data_key="from")
    price = Number(load_default=None)
    tiers = ListOf(TableOf(TierTable), least=2, most=MAX_TIERS, load_default=None)
    volume = Choice(Volume, load_default=None)
    count_over = Choice(CountOver, load_default=None)
    sites = ListOf(Code(), single=True, load_default=())
    groups = ListOf(Text(), single=True, load_default=())
    quick = TableOf(QuickTable, load_default=None)
    index = Code(load_default=None)
    index_base = Day(load_default=None)
    index_every = Count(least=1, most=MAX_MONTHS, load_default=None)
    index_places = Count(most=MAX_PLACES, load_default=None)

    @between_keys
    def _index_is_clear(self, data: Values) -> Refusals:
        return index_problems(data)

    @between_keys
    def _priced_or_not(self, data: Values) -> Refusals:
        if _PRICED_OR_NOT.holds(data):
            return
        unpriced = data.get("status") is Status.UNPRICED
        key = "tiers" if is_given(data, "tiers") else "price"
        has_price = is_given(data, key)
        if unpriced and has_price:
            yield key, Problem("price-on-unpriced", "{key} has a value", "no price where status is unpriced")
        elif not unpriced and not has_price:
            accepted = 'a price or tiers, or status = "unpriced" where none is known'
            yield "price", Problem("missing-price", "{key} is missing", accepted)
        else:
            yield "price", Problem("price-beside-tiers", "{key} stands beside tiers", "a price or tiers, not both")

    @between_keys
    def _tiers_are_counted(self, data: Values) -> Refusals:
        for key in () if _WITH_TIERS.holds(data) else ("volume", "count_over"):
            if is_given(data, key) != is_given(data, "tiers"):
                choices = ", ".join(Volume if key == "volume" else CountOver)
                accepted = f"with tiers, one of: {choices}; without tiers, none"
                yield key, Problem("tiers-unclear", "{key} and tiers do not go together", accepted)

    @between_keys
    def _tiers_are_in_order(self, data: Values) -> Refusals:
        tiers = data.get("tiers")
        ends = [tier.up_to for tier in tiers or ()]
        numbers = [end for end in ends[:-1] if end is not None]
        if tiers is None or (ends[-1] is None and len(numbers) == len(ends) - 1 and numbers == sorted(set(numbers))):
            return
        shown = ", ".join("no end" if end is None else str(end) for end in ends)
        accepted = "tiers in order, each but the last with a larger up_to than the one before, the last without"
        yield "tiers", Problem("tiers-out-of-order", f"{{key}} end at {shown}", accepted)

    @post_load
    def _tariff(self, data: dict[str, Any], **_: object) -> Tariff:
        steps, volume, over = data.pop("tiers"), data.pop("volume"), data.pop("count_over")
        if steps is not None:
            data |= {"price": steps[0].price, "tiers": Tiers(steps, volume, over)}
        return Tariff(indexation=indexation_from(data), provenance=provenance_from(data), **data)


class BonusTable(AmendableClause):
    """``[[bonus]]``."""

    on = ListOf(Choice(Dimension, refused=(Dimension.PAYER,)), least=1, required=True)
    above = Count(required=True)
    up_to = Count(least=1, load_default=None)
    price = Number(required=True)
    metrics = ListOf(Code(), single=True, load_default=())
    sites = ListOf(Code(), single=True, load_default=())
    groups = ListOf(Text(), single=True, load_default=())

    @between_keys
    def _reachable(self, data: Values) -> Refusals:
        up_to = data.get("up_to")
        if up_to is not None and up_to <= data["above"]:
            what = f"{{key}} is {up_to}, not above {data['above']}"
            yield "up_to", Problem("bonus-never-paid", what, "a number larger than above")

    @between_keys
    def _of_no_payer(self, data: Values) -> Refusals:
        if Dimension.PAYER in data["on"]:
            accepted = "any of: " + ", ".join(one for one in Dimension if one is not Dimension.PAYER)
            yield "on", Problem("bonus-on-payer", "{key} names payer", accepted)

    @post_load
    def _bonus(self, data: dict[str, Any], **_: object) -> Bonus:
        data["on"] = frozenset(data["on"])
        return Bonus(provenance=provenance_from(data), **data)


_MONEY_OR_OUTCOMES: Final = OneOf((("limit",), ("share",)))


class CapTable(AmendableClause):
    """``[[cap]]``; ``limit``, or ``share`` of the outcomes ``of`` some metrics."""

    TOGETHER = (_MONEY_OR_OUTCOMES, AtMostOne(("share", "payer")), Needs("of", "share"))

    on = ListOf(Choice(Dimension), least=1, required=True)
    limit = Amount(load_default=None)
    share = Part(load_default=None)
    of = ListOf(Code(), single=True, load_default=())
    metrics = ListOf(Code(), single=True, load_default=())
    sites = ListOf(Code(), single=True, load_default=())
    payer = Code(load_default=None)
    overflow = Text(load_default=Overflow.LOST.value)

    @between_keys
    def _payer_and_dimension_agree(self, data: Values) -> Refusals:
        if not is_given(data, "share") and (Dimension.PAYER in data["on"]) != is_given(data, "payer"):
            accepted = 'payer = "ID" together with on = ["payer"], or neither'
            yield "payer", Problem("payer-cap-unclear", "{key} and on do not agree", accepted)

    @between_keys
    def _overflow_of_a_payer(self, data: Values) -> Refusals:
        if is_given(data, "share"):
            return
        on = frozenset(data["on"])
        if Dimension.PAYER not in on and not is_given(data, "payer") and data["overflow"] != Overflow.LOST.value:
            yield "overflow", Problem("overflow-without-payer", "{key} is set", "overflow only on a payer's cap")
        if Dimension.PAYER in on and data["overflow"] == Overflow.NEXT_PERIOD.value and Dimension.PERIOD not in on:
            accepted = 'on = ["payer", "period"] with overflow = "next period"'
            yield "overflow", Problem("overflow-without-period", "{key} needs a period", accepted)

    @between_keys
    def _payer_cap_is_wide(self, data: Values) -> Refusals:
        on = frozenset(() if is_given(data, "share") else data["on"])
        if Dimension.PAYER in on and (on - {Dimension.PAYER, Dimension.PERIOD} or data["metrics"] or data["sites"]):
            accepted = 'on = ["payer"] or ["payer", "period"], for all metrics and sites'
            yield "on", Problem("payer-cap-narrowed", "{key} narrows a payer's cap", accepted)

    @between_keys
    def _limits_money_or_outcomes(self, data: Values) -> Refusals:
        has_share = is_given(data, "share")
        if not _MONEY_OR_OUTCOMES.holds(data) and not has_share:
            accepted = "an amount, or a share of outcomes instead"
            yield "limit", Problem("cap-unclear", "{key} is missing", accepted)
        elif not _MONEY_OR_OUTCOMES.holds(data):
            accepted = "a limit or a share of outcomes: two caps where both are agreed"
            yield "share", Problem("cap-unclear", "{key} stands beside limit", accepted)

    @between_keys
    def _of_a_share(self, data: Values) -> Refusals:
        if is_given(data, "of") and not is_given(data, "share"):
            yield "of", _OF_WITHOUT_SHARE

    @between_keys
    def _share_is_of_no_payer(self, data: Values) -> Refusals:
        has_overflow = not is_given(data, "payer") and data["overflow"] != Overflow.LOST.value
        if is_given(data, "share") and (is_given(data, "payer") or has_overflow):
            key = "overflow" if has_overflow else "payer"
            accepted = "payer and overflow only with a limit: a share of outcomes is of no payer"
            yield key, Problem("cap-unclear", "{key} stands beside share", accepted)

    @between_keys
    def _share_is_counted(self, data: Values) -> Refusals:
        return _counted_over_others(data) if is_given(data, "share") else iter(())

    @post_load
    def _cap(self, data: dict[str, Any], **_: object) -> Cap | OutcomeCap:
        data["on"] = frozenset(data["on"])
        share, of = data.pop("share"), data.pop("of")
        if share is None:
            return Cap(provenance=provenance_from(data), **data)
        of_money = ("limit", "payer", "overflow")
        others = {key: value for key, value in data.items() if key not in of_money}
        return OutcomeCap(share=share, of=of, provenance=provenance_from(others), **others)


_ONE_MEASURE: Final = OneOf((("at_least",), ("at_least_share",)))


class MinimumTable(AmendableClause):
    """``[[minimum]]``; ``at_least``, or ``at_least_share`` of the outcomes ``of`` some metrics."""

    TOGETHER = (_ONE_MEASURE, Needs("at_least_share", "of"), Needs("of", "at_least_share"))

    on = ListOf(Choice(Dimension, refused=NOT_COUNTED_OVER), least=1, required=True)
    at_least = Count(least=1, load_default=None)
    at_least_share = Part(load_default=None)
    of = ListOf(Code(), single=True, load_default=())
    pays_below = Part(load_default=Fraction(0))
    metrics = ListOf(Code(), single=True, load_default=())
    sites = ListOf(Code(), single=True, load_default=())

    @between_keys
    def _one_measure(self, data: Values) -> Refusals:
        has_share = is_given(data, "at_least_share")
        if not _ONE_MEASURE.holds(data):
            what = "{key} stands beside at_least" if has_share else "{key} is missing"
            accepted = "at_least = a number, or at_least_share with of: one of the two"
            key = "at_least_share" if has_share else "at_least"
            yield key, Problem("minimum-unclear", what, accepted)

    @between_keys
    def _of_a_share(self, data: Values) -> Refusals:
        has_share, has_of = is_given(data, "at_least_share"), is_given(data, "of")
        if has_share and not has_of:
            accepted = "the metrics that at_least_share is a share of"
            yield "of", Problem("minimum-unclear", "{key} is missing", accepted)
        if has_of and not has_share:
            yield "of", _OF_WITHOUT_SHARE

    @between_keys
    def _is_counted(self, data: Values) -> Refusals:
        return _counted_over_others(data)

    @post_load
    def _minimum(self, data: dict[str, Any], **_: object) -> Minimum:
        data["on"] = frozenset(data["on"])
        return Minimum(provenance=provenance_from(data), **data)


_OF_WITHOUT_SHARE: Final = Problem("of-without-share", "{key} is set", "of only beside a share of outcomes")


def _counted_over_others(data: Values) -> Refusals:
    """Yield the dimension that a clause which counts outcomes against others is not counted over."""
    named = [one.value for one in NOT_COUNTED_OVER if one in data["on"]]
    if named:
        accepted = "any of: " + ", ".join(one for one in Dimension if one not in NOT_COUNTED_OVER)
        yield "on", Problem("not-counted-over", f"{{key}} names {named[0]}", accepted)


class ShareTable(AmendableClause):
    """``[[share]]``; ``metric`` is ``"*"``, a code or a list of codes."""

    metric = ListOf(Text(), single=True, least=1, required=True)
    starts_on = Day(required=True, data_key="from")
    payers = fields.Dict(
        keys=Code(),
        values=Part(),
        required=True,
        error_messages={
            "required": REQUIRED,
            "invalid": [Problem("not-a-table", "{key} is not a table", '{ payer = "58%", other = "42%" }')],
        },
    )

    @between_keys
    def _whole(self, data: Values) -> Refusals:
        total = sum(data["payers"].values())
        if total != 1:
            shown = f"{{key}} add up to {float(total):.6%}".replace(".000000%", "%")
            yield "payers", Problem("shares-not-whole", shown, "shares that add up to exactly 100%")

    @post_load
    def _share(self, data: dict[str, Any], **_: object) -> Share:
        metrics = data.pop("metric")
        return Share(metrics=() if EVERY_METRIC in metrics else metrics, provenance=provenance_from(data), **data)


class MonthsTable(Table):
    """``months = { from, to }``: first and last day, each at the edge of a month."""

    starts_on = Day(required=True, data_key="from")
    ends_on = Day(required=True, data_key="to")

    @between_keys
    def _whole_months(self, data: Values) -> Refusals:
        start, end = data["starts_on"], data["ends_on"]
        if start > end or start.day != 1 or end.day != monthrange(end.year, end.month)[1]:
            accepted = "whole months: from a first day to a later last day, such as 2020-04-01 to 2020-06-30"
            yield ITSELF, Problem("not-whole-months", f"{{key}} are {start} to {end}", accepted)


class GrantTable(AmendableClause):
    """``[[grant]]``."""

    months = TableOf(MonthsTable, required=True)
    amount = Amount(required=True)
    replaces = Choice(Replaces, required=True)
    uses_caps = Flag(load_default=True)

    @post_load
    def _grant(self, data: dict[str, Any], **_: object) -> Grant:
        return Grant(**data.pop("months"), provenance=provenance_from(data), **data)
