"""Tables for targets, plans, commitments and amendments."""

from typing import Any, Final

from marshmallow import post_load

from sib_engine.terms.format.base import AmendableClause, Clause, Table, between_keys, provenance_from
from sib_engine.terms.format.fields import MAX_MONTHS, Amount, Choice, Code, Count, Day, ListOf, Month, TableOf, Text
from sib_engine.terms.format.problems import Problem
from sib_engine.terms.format.together import ITSELF, Refusals, Some, Values
from sib_engine.terms.schedule import Amendment, Case, Commitment, NewDates, Plan, Target


class TargetTable(AmendableClause):
    """``[[target]]``."""

    case = Choice(Case, required=True)
    metric = Code(required=True)
    count = Count(required=True)
    site = Code(load_default=None)
    period = Text(load_default=None)

    @post_load
    def _target(self, data: dict[str, Any], **_: object) -> Target:
        return Target(provenance=provenance_from(data), **data)


class InForceTable(Table):
    """``in_force = { from, to }``, months as text."""

    starts = Month(required=True, data_key="from")
    ends = Month(load_default=None, data_key="to")

    @between_keys
    def _in_order(self, data: Values) -> Refusals:
        if data["ends"] is not None and data["ends"] < data["starts"]:
            yield ITSELF, Problem("ends-before-start", "{key} ends before it starts", "from before to")


class PlanTable(Clause):
    """``[[plan]]``."""

    in_force = TableOf(InForceTable, required=True)
    starts_on = Day(required=True, data_key="starts")
    months = Count(least=1, most=MAX_MONTHS, load_default=3)
    amounts = ListOf(Amount(), least=1, required=True)

    @post_load
    def _plan(self, data: dict[str, Any], **_: object) -> Plan:
        in_force = data.pop("in_force")
        return Plan(
            in_force_from=in_force["starts"],
            in_force_to=in_force["ends"],
            provenance=provenance_from(data),
            **data,
        )


class CommitmentTable(Clause):
    """``[[commitment]]``."""

    party = Code(required=True)
    amount = Amount(required=True)

    @post_load
    def _commitment(self, data: dict[str, Any], **_: object) -> Commitment:
        return Commitment(provenance=provenance_from(data), **data)


_A_DAY: Final = Some(("end", "claims_close"))


class NewDatesTable(Table):
    """``contract = { end, claims_close }`` of an amendment: one of them or both."""

    TOGETHER = (_A_DAY,)

    end = Day(load_default=None)
    claims_close = Day(load_default=None)

    @between_keys
    def _not_empty(self, data: Values) -> Refusals:
        if not _A_DAY.holds(data):
            yield ITSELF, Problem("changes-nothing", "{key} changes no day", "end, claims_close or both")

    @post_load
    def _dates(self, data: dict[str, Any], **_: object) -> NewDates:
        return NewDates(**data)


class AmendmentTable(Clause):
    """``[[amendment]]``."""

    signed_on = Day(required=True)
    effective_from = Day(required=True)
    replaces = ListOf(Code(), single=True, load_default=())
    contract = TableOf(NewDatesTable, load_default=None)
    terminated_on = Day(load_default=None)
    text = Text(required=True)

    @post_load
    def _amendment(self, data: dict[str, Any], **_: object) -> Amendment:
        return Amendment(provenance=provenance_from(data), **data)
