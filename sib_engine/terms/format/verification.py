"""Table for the verification sample."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from marshmallow import ValidationError, post_load, validates_schema

from sib_engine.terms.format.base import AmendableClause, Table, provenance_from
from sib_engine.terms.format.fields import MAX_DAYS, Amount, Choice, Code, Count, Day, ListOf, Part, TableOf, Text
from sib_engine.terms.format.problems import Problem
from sib_engine.terms.verification import (
    STANDARD,
    Recover,
    RiskClass,
    SampleMethod,
    StratifiedBy,
    Verification,
)

MAX_CLASSES: Final = 20
_CONDITIONS: Final = "metrics, sites, evidence, value_from, recorded_after_days"


class RiskTable(Table):
    """``risk = [{ name, metrics, sites, evidence, value_from, recorded_after_days, share }]``."""

    name = Code(required=True)
    metrics = ListOf(Code(), single=True, load_default=())
    sites = ListOf(Code(), single=True, load_default=())
    evidence = ListOf(Text(), load_default=())
    value_from = Amount(load_default=None)
    recorded_after_days = Count(least=1, most=MAX_DAYS, load_default=None)
    share = Part(load_default=None)

    @post_load
    def _class(self, data: dict[str, Any], **_: object) -> RiskClass:
        made = RiskClass(**data)
        if made.name == STANDARD:
            what = f"{{key}} is {STANDARD!r}, which means the claims of no class"
            raise ValidationError([Problem("risk-unclear", what, "another name")], "name")
        if not made.has_condition:
            what = f"class {made.name!r} has no condition, so it would hold every claim"
            raise ValidationError([Problem("risk-unclear", what, f"one or more of: {_CONDITIONS}")])
        _refuse_nothing(made.share)
        return made


class VerificationTable(AmendableClause):
    """``[[verification]]``."""

    starts_on = Day(required=True, data_key="from")
    confidence = Part(required=True)
    recover = Choice(Recover, required=True)
    method = Choice(SampleMethod, load_default=SampleMethod.SIMPLE)
    strata = ListOf(Choice(StratifiedBy), most=len(StratifiedBy), load_default=())
    share = Part(load_default=None)
    at_least = Count(least=1, load_default=None)
    risk = ListOf(TableOf(RiskTable), most=MAX_CLASSES, load_default=())

    @validates_schema
    def _some_confidence(self, data: Mapping[str, Any], **_: object) -> None:
        if not Fraction(1, 2) < data["confidence"] < 1:
            what = "{key} is no level of confidence: half is a coin toss, and only checking everything gives all"
            raise ValidationError([Problem("confidence-unclear", what, 'above "50%" and below "100%"')], "confidence")
        _refuse_nothing(data["share"])

    @validates_schema
    def _strata_are_plain(self, data: Mapping[str, Any], **_: object) -> None:
        if len(set(data["strata"])) < len(data["strata"]):
            raise ValidationError([Problem("listed-twice", "{key} names one thing twice", "each once")], "strata")
        if data["risk"] and StratifiedBy.RISK not in data["strata"]:
            problem = Problem("risk-unclear", "{key} is given, and strata do not name it", 'strata with "risk" in it')
            raise ValidationError([problem], "risk")
        if StratifiedBy.RISK in data["strata"] and not data["risk"]:
            problem = Problem(
                "risk-unclear", "{key} names risk, and no class is given", "risk = [...], or strata without"
            )
            raise ValidationError([problem], "strata")
        names = [each.name for each in data["risk"]]
        if len(set(names)) < len(names):
            raise ValidationError([Problem("risk-unclear", "{key} has two classes of one name", "one of each")], "risk")

    @post_load
    def _verification(self, data: dict[str, Any], **_: object) -> Verification:
        return Verification(provenance=provenance_from(data), **data)


def _refuse_nothing(share: Fraction | None) -> None:
    if share == 0:
        accepted = "a share above 0%, or no share at all"
        raise ValidationError([Problem("sample-of-nothing", "{key} is nothing", accepted)], "share")
