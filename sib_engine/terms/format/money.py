"""Tables for the clauses that move money: tariffs, bonuses, caps, minimums, shares and grants."""

from calendar import monthrange
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from marshmallow import ValidationError, fields, post_load, validates_schema

from sib_engine.terms.format.base import AmendableClause, Table, provenance_from
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
from sib_engine.terms.format.indexes import QuickTable, check_index_terms, indexation_from
from sib_engine.terms.format.problems import Problem
from sib_engine.terms.format.together import AllOrNone, AtMostOne, Needs, OneOf, Unless, is_given
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

    TOGETHER = (_PRICED_OR_NOT, _WITH_TIERS)

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

    @validates_schema
    def _index_is_clear(self, data: Mapping[str, Any], **_: object) -> None:
        check_index_terms(data, unpriced=data.get("status") is Status.UNPRICED)

    @validates_schema
    def _priced_or_not(self, data: Mapping[str, Any], **_: object) -> None:
        if _PRICED_OR_NOT.holds(data):
            return
        unpriced = data.get("status") is Status.UNPRICED
        key = "tiers" if data.get("tiers") is not None else "price"
        has_price = data.get(key) is not None
        if unpriced and has_price:
            problem = Problem("price-on-unpriced", "{key} has a value", "no price where status is unpriced")
            raise ValidationError([problem], key)
        if not unpriced and not has_price:
            accepted = 'a price or tiers, or status = "unpriced" where none is known'
            raise ValidationError([Problem("missing-price", "{key} is missing", accepted)], "price")
        problem = Problem("price-beside-tiers", "{key} stands beside tiers", "a price or tiers, not both")
        raise ValidationError([problem], "price")

    @validates_schema
    def _tiers_are_clear(self, data: Mapping[str, Any], **_: object) -> None:
        tiers = data.get("tiers")
        for key in () if _WITH_TIERS.holds(data) else ("volume", "count_over"):
            if is_given(data, key) != (tiers is not None):
                choices = ", ".join(Volume if key == "volume" else CountOver)
                accepted = f"with tiers, one of: {choices}; without tiers, none"
                raise ValidationError([Problem("tiers-unclear", "{key} and tiers do not go together", accepted)], key)
        ends = [tier.up_to for tier in tiers or ()]
        numbers = [end for end in ends[:-1] if end is not None]
        if tiers is None or (ends[-1] is None and len(numbers) == len(ends) - 1 and numbers == sorted(set(numbers))):
            return
        shown = ", ".join("no end" if end is None else str(end) for end in ends)
        accepted = "tiers in order, each but the last with a larger up_to than the one before, the last without"
        raise ValidationError([Problem("tiers-out-of-order", f"{{key}} end at {shown}", accepted)], "tiers")

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

    @validates_schema
    def _reachable(self, data: Mapping[str, Any], **_: object) -> None:
        up_to = data.get("up_to")
        if up_to is not None and up_to <= data["above"]:
            what = f"{{key}} is {up_to}, not above {data['above']}"
            raise ValidationError([Problem("bonus-never-paid", what, "a number larger than above")], "up_to")
        if Dimension.PAYER in data["on"]:
            accepted = "any of: " + ", ".join(one for one in Dimension if one is not Dimension.PAYER)
            raise ValidationError([Problem("bonus-on-payer", "{key} names payer", accepted)], "on")

    @post_load
    def _bonus(self, data: dict[str, Any], **_: object) -> Bonus:
        data["on"] = frozenset(data["on"])
        return Bonus(provenance=provenance_from(data), **data)


_MONEY_OR_OUTCOMES: Final = OneOf((("limit",), ("share",)))


class CapTable(AmendableClause):
    """``[[cap]]``; ``limit``, or ``share`` of the outcomes ``of`` some metrics."""

    TOGETHER = (_MONEY_OR_OUTCOMES, AtMostOne(("share", "payer")))

    on = ListOf(Choice(Dimension), least=1, required=True)
    limit = Amount(load_default=None)
    share = Part(load_default=None)
    of = ListOf(Code(), single=True, load_default=())
    metrics = ListOf(Code(), single=True, load_default=())
    sites = ListOf(Code(), single=True, load_default=())
    payer = Code(load_default=None)
    overflow = Text(load_default=Overflow.LOST.value)

    @validates_schema
    def _payer_and_dimension_agree(self, data: Mapping[str, Any], **_: object) -> None:
        if data.get("share") is not None:
            return
        on = frozenset(data.get("on", ()))
        if (Dimension.PAYER in on) != (data.get("payer") is not None):
            accepted = 'payer = "ID" together with on = ["payer"], or neither'
            raise ValidationError([Problem("payer-cap-unclear", "{key} and on do not agree", accepted)], "payer")
        if Dimension.PAYER not in on and data.get("overflow") != Overflow.LOST.value:
            problem = Problem("overflow-without-payer", "{key} is set", "overflow only on a payer's cap")
            raise ValidationError([problem], "overflow")
        if Dimension.PAYER in on and (on - {Dimension.PAYER, Dimension.PERIOD} or data["metrics"] or data["sites"]):
            accepted = 'on = ["payer"] or ["payer", "period"], for all metrics and sites'
            raise ValidationError([Problem("payer-cap-narrowed", "{key} narrows a payer's cap", accepted)], "on")
        if data.get("overflow") == Overflow.NEXT_PERIOD.value and Dimension.PERIOD not in on:
            accepted = 'on = ["payer", "period"] with overflow = "next period"'
            raise ValidationError([Problem("overflow-without-period", "{key} needs a period", accepted)], "overflow")

    @validates_schema
    def _limits_money_or_outcomes(self, data: Mapping[str, Any], **_: object) -> None:
        has_share = is_given(data, "share")
        if not _MONEY_OR_OUTCOMES.holds(data) and not has_share:
            accepted = "an amount, or a share of outcomes instead"
            raise ValidationError([Problem("cap-unclear", "{key} is missing", accepted)], "limit")
        if not _MONEY_OR_OUTCOMES.holds(data):
            accepted = "a limit or a share of outcomes: two caps where both are agreed"
            raise ValidationError([Problem("cap-unclear", "{key} stands beside limit", accepted)], "share")
        if data["of"] and not has_share:
            raise ValidationError([_OF_WITHOUT_SHARE], "of")
        if has_share and (data["payer"] is not None or data["overflow"] != Overflow.LOST.value):
            key = "overflow" if data["payer"] is None else "payer"
            accepted = "payer and overflow only with a limit: a share of outcomes is of no payer"
            raise ValidationError([Problem("cap-unclear", "{key} stands beside share", accepted)], key)
        if has_share:
            _refuse_what_outcomes_are_not_counted_over(data)

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

    TOGETHER = (_ONE_MEASURE, Needs("at_least_share", "of"))

    on = ListOf(Choice(Dimension, refused=NOT_COUNTED_OVER), least=1, required=True)
    at_least = Count(least=1, load_default=None)
    at_least_share = Part(load_default=None)
    of = ListOf(Code(), single=True, load_default=())
    pays_below = Part(load_default=Fraction(0))
    metrics = ListOf(Code(), single=True, load_default=())
    sites = ListOf(Code(), single=True, load_default=())

    @validates_schema
    def _one_measure(self, data: Mapping[str, Any], **_: object) -> None:
        has_share = is_given(data, "at_least_share")
        if not _ONE_MEASURE.holds(data):
            what = "{key} stands beside at_least" if has_share else "{key} is missing"
            accepted = "at_least = a number, or at_least_share with of: one of the two"
            key = "at_least_share" if has_share else "at_least"
            raise ValidationError([Problem("minimum-unclear", what, accepted)], key)
        if has_share and not data["of"]:
            accepted = "the metrics that at_least_share is a share of"
            raise ValidationError([Problem("minimum-unclear", "{key} is missing", accepted)], "of")
        if data["of"] and not has_share:
            raise ValidationError([_OF_WITHOUT_SHARE], "of")
        _refuse_what_outcomes_are_not_counted_over(data)

    @post_load
    def _minimum(self, data: dict[str, Any], **_: object) -> Minimum:
        data["on"] = frozenset(data["on"])
        return Minimum(provenance=provenance_from(data), **data)


_OF_WITHOUT_SHARE: Final = Problem("of-without-share", "{key} is set", "of only beside a share of outcomes")


def _refuse_what_outcomes_are_not_counted_over(data: Mapping[str, Any]) -> None:
    named = [one.value for one in NOT_COUNTED_OVER if one in data["on"]]
    if named:
        accepted = "any of: " + ", ".join(one for one in Dimension if one not in NOT_COUNTED_OVER)
        raise ValidationError([Problem("not-counted-over", f"{{key}} names {named[0]}", accepted)], "on")


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

    @validates_schema
    def _whole(self, data: Mapping[str, Any], **_: object) -> None:
        total = sum(data.get("payers", {}).values())
        if total != 1:
            shown = f"{{key}} add up to {float(total):.6%}".replace(".000000%", "%")
            raise ValidationError([Problem("shares-not-whole", shown, "shares that add up to exactly 100%")], "payers")

    @post_load
    def _share(self, data: dict[str, Any], **_: object) -> Share:
        metrics = data.pop("metric")
        return Share(metrics=() if EVERY_METRIC in metrics else metrics, provenance=provenance_from(data), **data)


class MonthsTable(Table):
    """``months = { from, to }``: first and last day, each at the edge of a month."""

    starts_on = Day(required=True, data_key="from")
    ends_on = Day(required=True, data_key="to")

    @validates_schema
    def _whole_months(self, data: Mapping[str, Any], **_: object) -> None:
        start, end = data["starts_on"], data["ends_on"]
        if start > end or start.day != 1 or end.day != monthrange(end.year, end.month)[1]:
            accepted = "whole months: from a first day to a later last day, such as 2020-04-01 to 2020-06-30"
            raise ValidationError([Problem("not-whole-months", f"{{key}} are {start} to {end}", accepted)])


class GrantTable(AmendableClause):
    """``[[grant]]``."""

    months = TableOf(MonthsTable, required=True)
    amount = Amount(required=True)
    replaces = Choice(Replaces, required=True)
    uses_caps = Flag(load_default=True)

    @post_load
    def _grant(self, data: dict[str, Any], **_: object) -> Grant:
        return Grant(**data.pop("months"), provenance=provenance_from(data), **data)
