"""The terms of each kind of clause with an id: their keys in the file, with values that ``words`` can write."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from sib_engine.core.money import Currency, shown
from sib_engine.terms.clauses import Listed
from sib_engine.terms.contract import EligibilityTerms
from sib_engine.terms.indexes import Index
from sib_engine.terms.metric import (
    Band,
    asked_in_words,
)
from sib_engine.terms.metric_terms import EmploymentTerms, MetricTerms
from sib_engine.terms.money_clauses import Bonus, Cap, Dimension, Grant, Minimum, OutcomeCap, Share, Tariff
from sib_engine.terms.party import Party
from sib_engine.terms.plain_values import employment_values, window_words
from sib_engine.terms.plain_words import (
    Values,
    percentage,
    point_words,
    price,
    quick,
    words,
)
from sib_engine.terms.scale import Scale
from sib_engine.terms.schedule import Amendment, Commitment, Plan, Target
from sib_engine.terms.scheduled import Fee, Guarantee, Sum, Termination
from sib_engine.terms.tiers import Tiers
from sib_engine.terms.verification import RiskClass, Verification
from sib_engine.terms.volume import VolumeMaximum


def clause_values(clause: Listed, currency: Currency) -> Values:
    """Yield the terms of a clause with an id; each kind has its own function."""
    write: Callable[..., Values] = _WRITERS[type(clause)]
    return write(clause, currency)


def _party(party: Party, _: Currency) -> Values:
    yield "role", party.role
    yield "organisation", party.organisation
    yield "org_id", party.org_id


def _band(band: Band, _: Currency) -> Values:
    yield "metrics", band.metrics
    yield "rule", band.rule


def _metric_terms(terms: MetricTerms, _: Currency) -> Values:
    yield "metric", terms.metric
    yield "from", terms.starts_on
    yield from employment_values(terms.employment or EmploymentTerms())
    yield "requires", _listed(terms.requires)
    yield "within", None if terms.within is None else window_words(terms.within)
    yield "evidence", None if terms.evidence is None else _listed(asked_in_words(terms.evidence))
    yield "evidence_needed", terms.evidence_needed
    yield "evidence_from", terms.evidence_from
    yield "evidence_must_be", terms.evidence_must_be
    yield "claim_within_days", terms.claim_within_days
    yield "drops", terms.drops
    yield "amendment", terms.amendment


def _eligibility_terms(terms: EligibilityTerms, _: Currency) -> Values:
    yield "from", terms.starts_on
    yield "consent", terms.consent
    yield "work_status", None if terms.work_status is None else terms.work_status or "any"
    yield "days_after_discharge", terms.days_after_discharge
    yield "drops", terms.drops
    yield "amendment", terms.amendment


def _listed(names: tuple[str, ...] | None) -> tuple[str, ...] | str | None:
    """Return a changed list; one that is empty now is said to be so."""
    return "none" if names == () else names


def _volume(volume: VolumeMaximum, _: Currency) -> Values:
    yield "metric", volume.metric
    yield "on", _on(volume.on)
    yield "maximum", volume.maximum
    yield "amendment", volume.amendment


def _tariff(tariff: Tariff, currency: Currency) -> Values:
    yield "metric", tariff.metric
    yield "from", tariff.starts_on
    if tariff.tiers is None:
        yield "price", None if tariff.price is None else price(tariff.price, currency)
    else:
        yield "tiers", tuple(_tiers(tariff.tiers, currency))
        yield "volume", tariff.tiers.volume
        yield "count_over", tariff.tiers.over
    yield "sites", tariff.sites
    yield "groups", tariff.groups
    yield "quick", None if tariff.quick is None else quick(tariff.quick)
    if tariff.indexation is not None:
        yield "index", tariff.indexation.index
        yield "index_base", tariff.indexation.base_on
        every = tariff.indexation.every
        yield "index_every", None if every is None else f"{every} months"
        yield "index_places", tariff.indexation.places
    yield "amendment", tariff.amendment


def _tiers(tiers: Tiers, currency: Currency) -> Iterator[str]:
    for step in tiers.steps:
        reach = "beyond" if step.up_to is None else f"up to {step.up_to:,}"
        yield f"{reach}: {price(step.price, currency)}"


def _scale(scale: Scale, currency: Currency) -> Values:
    yield "metric", scale.metric
    yield "from", scale.starts_on
    yield "between", scale.between
    yield "points", tuple(point_words(point, currency) for point in scale.points)
    yield "amount", None if scale.amount is None else price(scale.amount, currency)
    yield "per", scale.per
    yield "price", None if scale.price is None else price(scale.price, currency)
    yield "sites", scale.sites
    yield "unless", scale.unless
    yield "amendment", scale.amendment


def _bonus(bonus: Bonus, currency: Currency) -> Values:
    yield "on", _on(bonus.on)
    yield "above", bonus.above
    yield "up_to", bonus.up_to
    yield "price", price(bonus.price, currency)
    yield "metrics", bonus.metrics
    yield "sites", bonus.sites
    yield "groups", bonus.groups
    yield "amendment", bonus.amendment


def _on(on: frozenset[Dimension]) -> tuple[str, ...]:
    return tuple(dimension.value for dimension in Dimension if dimension in on)


def _cap(cap: Cap, currency: Currency) -> Values:
    yield "on", _on(cap.on)
    yield "limit", shown(cap.limit, currency)
    yield "metrics", cap.metrics
    yield "sites", cap.sites
    yield "payer", cap.payer
    yield "overflow", cap.overflow
    yield "amendment", cap.amendment


def _outcome_cap(cap: OutcomeCap, _: Currency) -> Values:
    yield "on", _on(cap.on)
    yield "share", cap.share
    yield "of", cap.of
    yield "metrics", cap.metrics
    yield "sites", cap.sites
    yield "amendment", cap.amendment


def _minimum(minimum: Minimum, _: Currency) -> Values:
    yield "on", _on(minimum.on)
    yield "at_least", minimum.at_least
    yield "at_least_share", minimum.at_least_share
    yield "of", minimum.of
    yield "pays_below", minimum.pays_below
    yield "metrics", minimum.metrics
    yield "sites", minimum.sites
    yield "amendment", minimum.amendment


def _share(share: Share, _: Currency) -> Values:
    yield "metric", share.metrics or "*"
    yield "from", share.starts_on
    yield "payers", tuple(f"{payer} {percentage(part)}" for payer, part in share.payers.items())
    yield "amendment", share.amendment


def _grant(grant: Grant, currency: Currency) -> Values:
    yield "months", f"{words(grant.starts_on)} to {words(grant.ends_on)}"
    yield "amount", shown(grant.amount, currency)
    yield "replaces", grant.replaces
    yield "uses_caps", grant.uses_caps
    yield "amendment", grant.amendment


def _fee(fee: Fee, currency: Currency) -> Values:
    yield "months", f"{words(fee.starts_on)} to {words(fee.ends_on)}"
    yield "every_months", fee.every_months
    yield "monthly", None if fee.monthly is None else shown(fee.monthly, currency)
    if fee.total is not None:
        yield from _sum(fee.total, currency)
    yield "profile", fee.profile
    yield "uses_caps", fee.uses_caps
    yield "last_instalment", fee.last_instalment
    yield "amendment", fee.amendment


def _sum(total: Sum, currency: Currency) -> Values:
    yield ("amount" if total.share is None else "of"), shown(total.amount, currency)
    yield "share", total.share


def _guarantee(guarantee: Guarantee, currency: Currency) -> Values:
    yield "metric", guarantee.metric
    yield "on", guarantee.on
    yield "minimum", guarantee.minimum
    yield "price", shown(guarantee.price, currency)
    if guarantee.starts_on is not None and guarantee.ends_on is not None:
        yield "months", f"{words(guarantee.starts_on)} to {words(guarantee.ends_on)}"
    yield "uses_caps", guarantee.uses_caps
    yield "if_cut_short", guarantee.if_cut_short
    yield "amendment", guarantee.amendment


def _termination(termination: Termination, currency: Currency) -> Values:
    yield "from", termination.starts_on
    yield from _sum(termination.sum, currency)
    yield "tail_days", termination.tail_days
    yield "uses_caps", termination.uses_caps
    yield "amendment", termination.amendment


def _target(target: Target, _: Currency) -> Values:
    yield "case", target.case
    yield "metric", target.metric
    yield "count", target.count
    yield "site", target.site
    yield "period", target.period
    yield "amendment", target.amendment


def _verification(clause: Verification, currency: Currency) -> Values:
    yield "from", clause.starts_on
    yield "confidence", clause.confidence
    yield "recover", clause.recover
    yield "method", clause.method
    yield "strata", tuple(each.value for each in clause.strata)
    yield "share", clause.share
    yield "at_least", clause.at_least
    yield "risk", tuple(_risk_words(each, currency) for each in clause.risk)
    yield "amendment", clause.amendment


def _risk_words(risk: RiskClass, currency: Currency) -> str:
    """Return a risk class as one sentence: ``dear: from £1,000.00; at least 50% checked``."""
    said = [f"{name} {words(listed)}" for name, listed in (("metrics", risk.metrics), ("sites", risk.sites)) if listed]
    if risk.evidence:
        said.append(f"on no evidence but {words(risk.evidence)}")
    if risk.value_from is not None:
        said.append(f"from {shown(risk.value_from, currency)}")
    if risk.recorded_after_days is not None:
        said.append(f"recorded more than {risk.recorded_after_days} days after")
    if risk.share is not None:
        said.append(f"at least {percentage(risk.share)} checked")
    return f"{risk.name}: {', '.join(said)}"


def _plan(plan: Plan, currency: Currency) -> Values:
    ends = "" if plan.in_force_to is None else f" to {plan.in_force_to:%B %Y}"
    yield "in_force", f"from {plan.in_force_from:%B %Y}{ends}"
    yield "starts", plan.starts_on
    yield "months", plan.months
    yield "amounts", tuple(shown(amount, currency) for amount in plan.amounts)


def _commitment(commitment: Commitment, currency: Currency) -> Values:
    yield "party", commitment.party
    yield "amount", shown(commitment.amount, currency)


def _amendment(amendment: Amendment, _: Currency) -> Values:
    yield "signed_on", amendment.signed_on
    yield "effective_from", amendment.effective_from
    yield "replaces", amendment.replaces
    yield "contract.end", None if amendment.contract is None else amendment.contract.end
    yield "contract.claims_close", None if amendment.contract is None else amendment.contract.claims_close
    yield "terminated_on", amendment.terminated_on
    yield "text", amendment.text


def _index(index: Index, _: Currency) -> Values:
    yield "values", tuple(f"{words(each.starts_on)}: {each.value:f}" for each in index.values)


_WRITERS: Final[Mapping[type, Callable[..., Values]]] = {
    Party: _party,
    Band: _band,
    MetricTerms: _metric_terms,
    EligibilityTerms: _eligibility_terms,
    VolumeMaximum: _volume,
    Tariff: _tariff,
    Scale: _scale,
    Bonus: _bonus,
    Cap: _cap,
    OutcomeCap: _outcome_cap,
    Minimum: _minimum,
    Share: _share,
    Grant: _grant,
    Fee: _fee,
    Guarantee: _guarantee,
    Termination: _termination,
    Target: _target,
    Verification: _verification,
    Plan: _plan,
    Commitment: _commitment,
    Amendment: _amendment,
    Index: _index,
}
