"""The table for what a measured result pays: points with steps or lines between them, or a price for each unit."""

import re
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from marshmallow import post_load

from sib_engine.terms.format.base import AmendableClause, Table, between_keys, provenance_from
from sib_engine.terms.format.fields import (
    MAX_NUMBER,
    Choice,
    Code,
    Day,
    ListOf,
    Number,
    StrictField,
    TableOf,
    as_decimal,
    refusal,
)
from sib_engine.terms.format.problems import Problem
from sib_engine.terms.format.together import ITSELF, AllOrNone, OneOf, Refusals, Values, is_given
from sib_engine.terms.scale import Between, PaidPer, Point, Scale

MAX_POINTS: Final = 100

PERCENT: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?%", re.ASCII)


class PercentOrNumber(StrictField):
    """A percentage in quotes, ``"8.5%"``, or a plain number of 0 or more; read as ``(fraction, is_percent)``."""

    def read(self, value: object) -> tuple[Fraction, bool]:
        """Return the number exactly, and whether it was written in percent."""
        if isinstance(value, str) and PERCENT.fullmatch(value):
            return Fraction(value[:-1]) / 100, True
        number = as_decimal(value)
        if number is None or not 0 <= number <= MAX_NUMBER:
            raise refusal(value, "not-a-number", f'a percentage such as "8.5%", or a number from 0 to {MAX_NUMBER}')
        return Fraction(number), False


_ONE_PLACE: Final = OneOf((("at",), ("above",)))
_POINTS_OR_PRICE: Final = OneOf((("points",), ("price",)))
_WITH_POINTS: Final = AllOrNone(("points", "between", "per"))


class PointTable(Table):
    """``{ at, pays }``, or ``{ above, pays }`` where the number itself is not enough."""

    TOGETHER = (_ONE_PLACE,)

    at = PercentOrNumber(load_default=None)
    above = PercentOrNumber(load_default=None)
    pays = PercentOrNumber(required=True)

    @between_keys
    def _one_place(self, data: Values) -> Refusals:
        if not _ONE_PLACE.holds(data):
            has = "at and above" if is_given(data, "at") else "neither at nor above"
            yield ITSELF, Problem("point-unclear", f"{{key}} has {has}", "one of: at, above")

    @post_load
    def _point(self, data: dict[str, Any], **_: object) -> Point:
        is_above = data["at"] is None
        at, in_percent = data["above"] if is_above else data["at"]
        pays, is_part = data["pays"]
        return Point(at, is_above, in_percent, pays, is_part)


class ScaleTable(AmendableClause):
    """``[[scale]]``; ``points`` with ``between`` and ``per``, or ``price``."""

    TOGETHER = (_POINTS_OR_PRICE, _WITH_POINTS)

    metric = Code(required=True)
    starts_on = Day(required=True, data_key="from")
    between = Choice(Between, load_default=None)
    points = ListOf(TableOf(PointTable), least=1, most=MAX_POINTS, load_default=None)
    amount = Number(load_default=None)
    per = Choice(PaidPer, load_default=None)
    price = Number(load_default=None)
    sites = ListOf(Code(), single=True, load_default=())
    unless = ListOf(Code(), single=True, load_default=())

    @between_keys
    def _points_or_price(self, data: Values) -> Refusals:
        has_points = is_given(data, "points")
        if not _POINTS_OR_PRICE.holds(data):
            has = "points and a price" if has_points else "neither points nor a price"
            problem = Problem("scale-unclear", f"{{key}} stand together: the scale has {has}", "points, or price")
            yield "points", problem
        for key in () if _WITH_POINTS.holds(data) else ("between", "per"):
            if is_given(data, key) != has_points:
                choices = ", ".join(Between if key == "between" else PaidPer)
                accepted = f"with points, one of: {choices}; with a price, none"
                yield key, Problem("scale-unclear", "{key} and points do not go together", accepted)

    @between_keys
    def _amount_of_parts(self, data: Values) -> Refusals:
        points = data["points"] or ()
        kinds = {point.is_part for point in points}
        if len(kinds) > 1:
            problem = Problem("points-mixed", "{key} pay parts and amounts", "all percentages, or all amounts")
            yield "points", problem
        elif is_given(data, "amount") != (kinds == {True}):
            what = "{key} and what the points pay do not go together"
            accepted = "amount where points pay percentages of it, and nowhere else"
            yield "amount", Problem("scale-unclear", what, accepted)

    @between_keys
    def _points_in_order(self, data: Values) -> Refusals:
        points = data["points"] or ()
        if any(before.place >= after.place for before, after in pairwise(points)):
            shown = ", ".join(_shown(point) for point in points)
            accepted = "points from the lowest to the highest, each beyond the one before"
            yield "points", Problem("points-out-of-order", f"{{key}} are {shown}", accepted)
        if data["between"] is Between.LINEAR and (len(points) == 1 or any(point.is_above for point in points)):
            accepted = 'two or more points, all with at; between = "steps" for a single threshold or for above'
            yield "points", Problem("line-without-ends", "{key} draw no line", accepted)

    @post_load
    def _scale(self, data: dict[str, Any], **_: object) -> Scale:
        data["points"] = data["points"] or ()
        return Scale(provenance=provenance_from(data), **data)


def _shown(point: Point) -> str:
    number = point.at * 100 if point.in_percent else point.at
    text = f"{Decimal(number.numerator) / Decimal(number.denominator):f}{'%' if point.in_percent else ''}"
    return f"above {text}" if point.is_above else text
