"""Table for the verification sample."""

from fractions import Fraction
from typing import Any, Final

from marshmallow import post_load

from sib_engine.terms.format.base import AmendableClause, Table, between_keys, provenance_from
from sib_engine.terms.format.fields import MAX_DAYS, Amount, Choice, Code, Count, Day, ListOf, Part, TableOf, Text
from sib_engine.terms.format.problems import Problem
from sib_engine.terms.format.together import ITSELF, Refusals, Values, is_given
from sib_engine.terms.verification import (
    STANDARD,
    Recover,
    RiskClass,
    SampleMethod,
    StratifiedBy,
    Verification,
)

MAX_CLASSES: Final = 20
_CONDITIONS: Final = ("metrics", "sites", "evidence", "value_from", "recorded_after_days")


class RiskTable(Table):
    """``risk = [{ name, metrics, sites, evidence, value_from, recorded_after_days, share }]``."""

    name = Code(required=True)
    metrics = ListOf(Code(), single=True, load_default=())
    sites = ListOf(Code(), single=True, load_default=())
    evidence = ListOf(Text(), load_default=())
    value_from = Amount(load_default=None)
    recorded_after_days = Count(least=1, most=MAX_DAYS, load_default=None)
    share = Part(load_default=None)

    @between_keys
    def _named_apart(self, data: Values) -> Refusals:
        if data["name"] == STANDARD:
            what = f"{{key}} is {STANDARD!r}, which means the claims of no class"
            yield "name", Problem("risk-unclear", what, "another name")

    @between_keys
    def _holds_some(self, data: Values) -> Refusals:
        if not any(data.is_unread(key) or data[key] for key in _CONDITIONS):
            what = f"class {data['name']!r} has no condition, so it would hold every claim"
            yield ITSELF, Problem("risk-unclear", what, f"one or more of: {', '.join(_CONDITIONS)}")

    @between_keys
    def _some_share(self, data: Values) -> Refusals:
        return _nothing(data)

    @post_load
    def _class(self, data: dict[str, Any], **_: object) -> RiskClass:
        return RiskClass(**data)


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

    @between_keys
    def _some_confidence(self, data: Values) -> Refusals:
        if not Fraction(1, 2) < data["confidence"] < 1:
            what = "{key} is no level of confidence: half is a coin toss, and only checking everything gives all"
            yield "confidence", Problem("confidence-unclear", what, 'above "50%" and below "100%"')

    @between_keys
    def _some_share(self, data: Values) -> Refusals:
        return _nothing(data)

    @between_keys
    def _strata_are_plain(self, data: Values) -> Refusals:
        if len(set(data["strata"])) < len(data["strata"]):
            yield "strata", Problem("listed-twice", "{key} names one thing twice", "each once")

    @between_keys
    def _risk_and_strata_agree(self, data: Values) -> Refusals:
        if is_given(data, "risk") and StratifiedBy.RISK not in data["strata"]:
            problem = Problem("risk-unclear", "{key} is given, and strata do not name it", 'strata with "risk" in it')
            yield "risk", problem
        if StratifiedBy.RISK in data["strata"] and not is_given(data, "risk"):
            problem = Problem(
                "risk-unclear", "{key} names risk, and no class is given", "risk = [...], or strata without"
            )
            yield "strata", problem

    @between_keys
    def _one_class_of_a_name(self, data: Values) -> Refusals:
        names = [each.name for each in data["risk"]]
        if len(set(names)) < len(names):
            yield "risk", Problem("risk-unclear", "{key} has two classes of one name", "one of each")

    @post_load
    def _verification(self, data: dict[str, Any], **_: object) -> Verification:
        return Verification(provenance=provenance_from(data), **data)


def _nothing(data: Values) -> Refusals:
    if data["share"] == 0:
        accepted = "a share above 0%, or no share at all"
        yield "share", Problem("sample-of-nothing", "{key} is nothing", accepted)
