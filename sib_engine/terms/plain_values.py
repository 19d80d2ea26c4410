"""The terms of each kind of clause: their keys in the file, with values that :func:`words` can write."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from sib_engine.core.money import Currency, shown
from sib_engine.terms.clauses import Listed
from sib_engine.terms.contract import Contract, Eligibility, EligibilityTerms
from sib_engine.terms.metric import (
    Activity,
    Band,
    ClawBack,
    Employment,
    Length,
    Measured,
    Metric,
    Needed,
    Recorded,
    Window,
)
from sib_engine.terms.metric_terms import EmploymentTerms, MetricTerms
from sib_engine.terms.money_clauses import Bonus, Cap, Dimension, Grant, Minimum, OutcomeCap, Share, Tariff
from sib_engine.terms.party import Party
from sib_engine.terms.scale import Point, Scale
from sib_engine.terms.schedule import Amendment, Commitment, Plan, Target
from sib_engine.terms.scheduled import Fee, Guarantee, Sum, Termination
from sib_engine.terms.tiers import Tiers
from sib_engine.terms.volume import VolumeMaximum

DAYS_A_WEEK: Final = 7

Values: TypeAlias = Iterator[tuple[str, object]]


def words(value: object) -> str:
    """Return a value in plain words: dates as a person writes them, lists with commas, yes and no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Fraction):
        return percentage(value)
    if isinstance(value, tuple):
        return _joined([words(inner) for inner in value])
    return str(value)


def _joined(listed: list[str]) -> str:
    """Return a list in one text from which it can be told apart: ``a, b``, or ``a, b; c`` where commas stand inside."""
    if any(mark in text for text in listed for mark in ";'\""):
        return ", ".join(map(repr, listed))
    return ("; " if any("," in text for text in listed) else ", ").join(listed)


def percentage(part: Fraction) -> str:
    """Return a part of the whole as a percentage where that is exact, else as a fraction."""
    percent = part * 100
    places = next((places for places in range(7) if (percent * 10**places).denominator == 1), None)
    return str(part) if places is None else f"{Decimal(percent.numerator) / Decimal(percent.denominator):.{places}f}%"


def price(value: Decimal, currency: Currency) -> str:
    """Return a price as a person reads it, with more places than the currency's where it has them."""
    exponent = value.normalize().as_tuple().exponent
    places = max(currency.places, -exponent if isinstance(exponent, int) else 0)
    return f"{currency.symbol or currency.code + ' '}{value:,.{places}f}"


def contract_values(contract: Contract) -> Values:
    """Yield the terms of ``[contract]``."""
    yield "code", contract.code
    yield "name", contract.name
    yield "programme", contract.programme
    yield "currency", contract.currency.code
    yield "start", contract.start
    yield "end", contract.end
    yield "claims_close", contract.claims_close
    yield "timezone", contract.timezone
    yield "period.months", contract.periods.months
    yield "period.anchor", contract.periods.anchor
    yield "rounding.mode", contract.rounding.mode
    yield "rounding.at", contract.rounding.at
    yield "price_date", contract.price_date
    yield "terms_date", contract.terms_date
    yield "indigo", contract.indigo
    yield "terminated_on", contract.terminated_on


def eligibility_values(eligibility: Eligibility) -> Values:
    """Yield the terms of ``[eligibility]``."""
    yield "referral", eligibility.referral
    yield "consent", eligibility.consent
    yield "work_status", eligibility.work_status or "any"
    days = eligibility.days_after_discharge
    yield "days_after_discharge", "no limit" if days is None else days


def metric_values(metric: Metric) -> Values:
    """Yield the terms of ``[metric.CODE]``."""
    yield "name", metric.name
    yield "definition", metric.definition
    yield "indigo", metric.indigo
    yield "counts", metric.counts
    yield "at_most", metric.at_most
    yield "days_apart", metric.days_apart
    if isinstance(metric.rule, Activity):
        key = "all_of" if metric.rule.needed is Needed.ALL else "any_of"
        yield (
            key,
            tuple(f"{one.fact} x {one.at_least}" if one.at_least > 1 else one.fact for one in metric.rule.components),
        )
    elif isinstance(metric.rule, Recorded):
        yield "recorded", metric.rule.fact
    elif isinstance(metric.rule, Measured):
        yield "measured", metric.rule.what
    else:
        yield from _employment(metric.rule)
    yield "requires", metric.requires
    yield "within", None if metric.within is None else _window(metric.within)
    yield "evidence", metric.evidence.kinds
    yield "evidence_needed", metric.evidence.needed if metric.evidence.kinds else None
    yield "claim_within_days", metric.claim_within_days
    yield "claw_back", None if metric.claw_back is None else _claw_back(metric.claw_back)


def _claw_back(terms: ClawBack) -> str:
    return f"{percentage(terms.share)} where the job ends within {terms.days} days from the {terms.runs_from}"


def _employment(rule: Employment | EmploymentTerms) -> Values:
    yield "employment.competitive", rule.competitive
    yield "employment.self_employment", rule.self_employment
    if rule.days is not None and rule.days % DAYS_A_WEEK == 0:
        yield "employment.weeks", f"{rule.days // DAYS_A_WEEK} ({rule.days} days)"
    else:
        yield "employment.days", rule.days
    yield "employment.months", rule.months
    yield "employment.within_weeks", None if rule.within_days is None else rule.within_days // DAYS_A_WEEK
    yield "employment.hours_from", rule.hours_from
    yield "employment.hours_below", rule.hours_below
    yield "employment.hours", rule.hours
    yield "employment.hours_over", rule.hours_over
    yield "employment.gap_days", rule.gap_days
    yield "employment.employer_change", rule.employer_change


def _window(window: Window) -> str:
    closes = "" if window.no_later is None else _length(window.no_later)
    if window.not_before is None:
        return f"{closes} after {window.after}"
    opens = f"from {_length(window.not_before)}"
    return f"{opens} to {closes} after {window.after}" if closes else f"{opens} after {window.after}"


def _length(length: Length) -> str:
    parts = ((length.months, "month"), (length.days, "day"))
    return " and ".join(f"{count} {name}{'' if count == 1 else 's'}" for count, name in parts if count)


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
    yield from _employment(terms.employment or EmploymentTerms())
    yield "requires", _listed(terms.requires)
    yield "within", None if terms.within is None else _window(terms.within)
    yield "evidence", _listed(terms.evidence)
    yield "evidence_needed", terms.evidence_needed
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
    yield "amendment", scale.amendment


def point_words(point: Point, currency: Currency) -> str:
    """Return a point of a scale as a person reads it: ``at least 8.5%: 50%``."""
    reach = "above" if point.is_above else "at least"
    at = percentage(point.at) if point.in_percent else exact_number(point.at)
    pays = percentage(point.pays) if point.is_part else price(decimal_of(point.pays), currency)
    return f"{reach} {at}: {pays}"


def decimal_of(number: Fraction) -> Decimal:
    """Return a number that a contract file wrote as a decimal."""
    return Decimal(number.numerator) / Decimal(number.denominator)


def exact_number(number: Fraction) -> str:
    """Return a number that a contract file wrote, in plain digits where they end, else as a fraction."""
    rest = number.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    return f"{decimal_of(number).normalize():f}" if rest == 1 else str(number)


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
    Plan: _plan,
    Commitment: _commitment,
    Amendment: _amendment,
}
