"""The terms of a contract, of eligibility and of metrics: their keys in the file, with values to write as words."""

from sib_engine.terms.contract import Contract, Eligibility
from sib_engine.terms.metric import (
    ANY_GAP,
    Activity,
    ClawBack,
    Earnings,
    Employment,
    HoursOver,
    HoursRule,
    Measured,
    Metric,
    Needed,
    Recorded,
    Window,
    asked_in_words,
)
from sib_engine.terms.metric_terms import EmploymentTerms
from sib_engine.terms.plain_words import DAYS_A_WEEK, Values, length_words, percentage


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
    if contract.year_from is not None:
        yield "year_from", "{:02d}-{:02d}".format(*contract.year_from)
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
    elif isinstance(metric.rule, Earnings):
        yield from _earnings(metric.rule)
    else:
        yield from employment_values(metric.rule)
    yield "requires", metric.requires
    yield "within", None if metric.within is None else window_words(metric.within)
    yield "evidence", asked_in_words(metric.evidence.asked)
    is_choice = len(metric.evidence.asked) > 1 or metric.evidence.needed is Needed.ALL
    yield "evidence_needed", metric.evidence.needed if metric.evidence.asked and is_choice else None
    yield "evidence_from", metric.evidence.dated if metric.evidence.asked else None
    yield "evidence_must_be", metric.evidence.must_be if metric.evidence.asked else None
    yield "claim_within_days", metric.claim_within_days
    yield "claw_back", None if metric.claw_back is None else _claw_back(metric.claw_back)


def _claw_back(terms: ClawBack) -> str:
    return f"{percentage(terms.share)} where the job ends within {terms.days} days from the {terms.runs_from}"


def employment_values(rule: Employment | EmploymentTerms) -> Values:
    """Yield the terms of ``employment``, of a metric or of a change to one.

    What holds unless something else is agreed is left out where nothing asks for it: how hours are measured where
    no hours are asked for, how long a gap may be where no length is.
    """
    has_hours = isinstance(rule, EmploymentTerms) or (rule.hours_from, rule.hours_below) != (None, None)
    has_length = isinstance(rule, EmploymentTerms) or (rule.days, rule.months) != (None, None)
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
    if has_hours or rule.hours is not HoursRule.AVERAGE:
        yield "employment.hours", rule.hours
    if has_hours or rule.hours_over is not HoursOver.FIRST:
        yield "employment.hours_over", rule.hours_over
    if has_length or rule.gap_days:
        yield "employment.gap_days", "any" if rule.gap_days == ANY_GAP else rule.gap_days
    yield "employment.employer_change", rule.employer_change


def _earnings(rule: Earnings) -> Values:
    yield "earnings.at_least", rule.at_least
    if rule.wage is not None:
        yield "earnings.hours", rule.wage.hours
        yield "earnings.weeks", rule.wage.weeks
        yield "earnings.wage", rule.wage.index
        yield "earnings.wage_on", rule.wage.on
    yield "earnings.since", rule.since
    yield "earnings.competitive", rule.competitive
    yield "earnings.self_employment", rule.self_employment


def window_words(window: Window) -> str:
    """Return when a window opens and closes, in words."""
    closes = "" if window.no_later is None else length_words(window.no_later)
    if window.not_before is None:
        return f"{closes} after {window.after}"
    opens = f"from {length_words(window.not_before)}"
    return f"{opens} to {closes} after {window.after}" if closes else f"{opens} after {window.after}"
