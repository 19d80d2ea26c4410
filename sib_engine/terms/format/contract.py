"""The contract file as a whole: ``[contract]`` and every table beside it."""

from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from marshmallow import ValidationError, post_load, validates

from sib_engine.core.dates import PeriodRule
from sib_engine.core.errors import NotFoundError
from sib_engine.core.money import currency_of
from sib_engine.terms.contract import (
    Consent,
    Contract,
    Eligibility,
    PriceDate,
    Rounding,
    RoundingMode,
    RoundingPlace,
    TermsDate,
)
from sib_engine.terms.digest import digest_of
from sib_engine.terms.format.base import Sourced, Table, between_keys, provenance_from
from sib_engine.terms.format.fields import (
    MAX_MONTHS,
    MAX_TARIFFS,
    REQUIRED,
    Choice,
    Code,
    Count,
    Day,
    DayOfYear,
    ListOf,
    NamedTables,
    TableOf,
    Text,
)
from sib_engine.terms.format.indexes import IndexTable
from sib_engine.terms.format.metric_terms import EligibilityTermsTable, MetricTermsTable
from sib_engine.terms.format.metrics import BandTable, MetricTable
from sib_engine.terms.format.money import BonusTable, CapTable, GrantTable, MinimumTable, ShareTable, TariffTable
from sib_engine.terms.format.parties import EligibilityTable, PartyTable, SiteTable
from sib_engine.terms.format.problems import Problem, shown_value
from sib_engine.terms.format.scales import ScaleTable
from sib_engine.terms.format.schedule import AmendmentTable, CommitmentTable, PlanTable, TargetTable
from sib_engine.terms.format.scheduled import FeeTable, GuaranteeTable, TerminationTable
from sib_engine.terms.format.together import Refusals, Values, is_given
from sib_engine.terms.format.verification import VerificationTable
from sib_engine.terms.format.volume import VolumeTable
from sib_engine.terms.metric import Metric, Recorded
from sib_engine.terms.money_clauses import Cap, OutcomeCap
from sib_engine.terms.party import Site

MAX_CAPS: Final = 200
MAX_SCHEDULED: Final = 100
MAX_AMENDMENTS: Final = 50
"""Caps are compared in pairs, for each state that amendments bring about."""

MAX_CHANGES: Final = 200
"""Every metric is checked anew on each day on which terms change."""


class PeriodTable(Table):
    """``period = { months, anchor }``."""

    months = Count(least=1, most=MAX_MONTHS, required=True)
    anchor = Day(required=True)

    @post_load
    def _rule(self, data: dict[str, Any], **_: object) -> PeriodRule:
        return PeriodRule(**data)


class RoundingTable(Table):
    """``rounding = { mode, at }``."""

    mode = Choice(RoundingMode, required=True)
    at = Choice(RoundingPlace, required=True)

    @post_load
    def _rounding(self, data: dict[str, Any], **_: object) -> Rounding:
        return Rounding(**data)


class ContractTable(Sourced):
    """``[contract]``."""

    code = Code(required=True)
    name = Text(required=True)
    programme = Text(required=True)
    currency = Text(required=True)
    start = Day(required=True)
    end = Day(required=True)
    claims_close = Day(required=True)
    timezone = Text(required=True)
    periods = TableOf(PeriodTable, required=True, data_key="period")
    year_from = DayOfYear(load_default=None)
    rounding = TableOf(RoundingTable, required=True)
    price_date = Choice(PriceDate, load_default=PriceDate.OUTCOME)
    terms_date = Choice(TermsDate, load_default=TermsDate.OUTCOME)
    indigo = Text(load_default=None)
    terminated_on = Day(load_default=None)

    @validates("currency")
    def _known_currency(self, value: str, **_: object) -> None:
        try:
            currency_of(value)
        except NotFoundError as unknown:
            what, _sep, accepted = str(unknown).partition("; accepted: ")
            raise ValidationError([Problem("unknown-currency", what, accepted)]) from None

    @validates("timezone")
    def _known_timezone(self, value: str, **_: object) -> None:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            what = f"timezone is {shown_value(value)}"
            problem = Problem("unknown-timezone", what, "an IANA time zone such as Europe/London")
            raise ValidationError([problem]) from None

    @between_keys
    def _days_in_order(self, data: Values) -> Refusals:
        if data["end"] < data["start"]:
            problem = Problem(
                "ends-before-start", f"end {data['end']} is before start {data['start']}", "start before end"
            )
            yield "end", problem

    @between_keys
    def _claims_close_after_the_end(self, data: Values) -> Refusals:
        if data["claims_close"] < data["end"]:
            what = f"claims_close {data['claims_close']} is before end {data['end']}"
            problem = Problem("claims-close-too-early", what, "the contract's last day or a later one")
            yield "claims_close", problem


class ContractFile(Table):
    """Every table of the file; read into a contract."""

    contract = TableOf(ContractTable, required=True)
    eligibility = TableOf(EligibilityTable, load_default=None)
    party = ListOf(TableOf(PartyTable), least=1, required=True)
    site = NamedTables(keys=Code(), values=TableOf(SiteTable), load_default=dict)
    metric = NamedTables(keys=Code(), values=TableOf(MetricTable), required=True)
    band = ListOf(TableOf(BandTable), load_default=())
    metric_terms = ListOf(TableOf(MetricTermsTable), most=MAX_CHANGES, load_default=())
    eligibility_terms = ListOf(TableOf(EligibilityTermsTable), most=MAX_CHANGES, load_default=())
    volume = ListOf(TableOf(VolumeTable), load_default=())
    tariff = ListOf(TableOf(TariffTable), least=1, most=MAX_TARIFFS, load_default=())
    scale = ListOf(TableOf(ScaleTable), load_default=())
    bonus = ListOf(TableOf(BonusTable), load_default=())
    cap = ListOf(TableOf(CapTable), most=MAX_CAPS, load_default=())
    minimum = ListOf(TableOf(MinimumTable), most=MAX_CAPS, load_default=())
    share = ListOf(TableOf(ShareTable), least=1, required=True)
    grant = ListOf(TableOf(GrantTable), load_default=())
    fee = ListOf(TableOf(FeeTable), most=MAX_SCHEDULED, load_default=())
    guarantee = ListOf(TableOf(GuaranteeTable), most=MAX_SCHEDULED, load_default=())
    termination = ListOf(TableOf(TerminationTable), most=MAX_SCHEDULED, load_default=())
    target = ListOf(TableOf(TargetTable), load_default=())
    verification = ListOf(TableOf(VerificationTable), load_default=())
    plan = ListOf(TableOf(PlanTable), load_default=())
    commitment = ListOf(TableOf(CommitmentTable), load_default=())
    amendment = ListOf(TableOf(AmendmentTable), most=MAX_AMENDMENTS, load_default=())
    index = ListOf(TableOf(IndexTable), load_default=())

    @between_keys
    def _prices_something(self, data: Values) -> Refusals:
        if not is_given(data, "tariff") and not is_given(data, "scale"):
            yield "tariff", REQUIRED[0]

    @post_load(pass_original=True)
    def _contract(self, data: dict[str, Any], document: Mapping[str, Any], **_: object) -> Contract:
        head = data["contract"]
        provenance = provenance_from(head)
        head["currency"] = self.file_currency
        return Contract(
            provenance=provenance,
            eligibility=data["eligibility"] or Eligibility(Consent.NOT_REQUIRED, (), None, provenance),
            parties=data["party"],
            sites=tuple(Site(code, **site) for code, site in data["site"].items()),
            metrics=tuple(_metric(code, arguments) for code, arguments in data["metric"].items()),
            bands=data["band"],
            metric_terms=data["metric_terms"],
            eligibility_terms=data["eligibility_terms"],
            volumes=data["volume"],
            tariffs=data["tariff"],
            scales=data["scale"],
            bonuses=data["bonus"],
            caps=tuple(each for each in data["cap"] if isinstance(each, Cap)),
            outcome_caps=tuple(each for each in data["cap"] if isinstance(each, OutcomeCap)),
            minimums=data["minimum"],
            shares=data["share"],
            grants=data["grant"],
            fees=data["fee"],
            guarantees=data["guarantee"],
            terminations=data["termination"],
            targets=data["target"],
            verifications=data["verification"],
            plans=data["plan"],
            commitments=data["commitment"],
            amendments=data["amendment"],
            indexes=data["index"],
            digest=digest_of(document),
            **head,
        )


def _metric(code: str, arguments: dict[str, Any]) -> Metric:
    arguments["rule"] = arguments["rule"] or Recorded(code)
    return Metric(code=code, **arguments)
