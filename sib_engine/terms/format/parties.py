"""Tables for parties, sites and eligibility."""

from typing import Any

from marshmallow import post_load

from sib_engine.terms.contract import Consent, Eligibility, Referral
from sib_engine.terms.format.base import Clause, Sourced, Table, provenance_from
from sib_engine.terms.format.fields import MAX_DAYS, Choice, Count, ListOf, Text
from sib_engine.terms.party import Party, Role


class PartyTable(Clause):
    """``[[party]]``."""

    role = Choice(Role, required=True)
    organisation = Text(required=True)
    org_id = Text(load_default=None)

    @post_load
    def _party(self, data: dict[str, Any], **_: object) -> Party:
        return Party(provenance=provenance_from(data), **data)


class SiteTable(Table):
    """``[site.CODE]``."""

    name = Text(required=True)


class EligibilityTable(Sourced):
    """``[eligibility]``."""

    referral = Choice(Referral, load_default=Referral.REQUIRED)
    consent = Choice(Consent, load_default=Consent.NOT_REQUIRED)
    work_status = ListOf(Text(), load_default=())
    days_after_discharge = Count(most=MAX_DAYS, load_default=None)

    @post_load
    def _eligibility(self, data: dict[str, Any], **_: object) -> Eligibility:
        return Eligibility(provenance=provenance_from(data), **data)
