"""Terms that change on a day: each change fits what it changes, starts inside the contract and leaves sound terms."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Final

from sib_engine.core.findings import Finding, Location, error, warning
from sib_engine.terms.checks.bands import check_hours
from sib_engine.terms.checks.claimable import check_bands, check_windows_reachable
from sib_engine.terms.checks.dates import furthest_days
from sib_engine.terms.checks.evidence import check_evidence
from sib_engine.terms.checks.metrics import check_windows
from sib_engine.terms.contract import Contract, EligibilityTerms, TermsDate
from sib_engine.terms.format.metrics import contradictions
from sib_engine.terms.metric import Employment, Metric
from sib_engine.terms.metric_terms import EmploymentTerms, MetricTerms
from sib_engine.terms.versions import eligibility_versions, metric_versions, version_on

_WHOLE: Final[tuple[Callable[[Contract], Iterator[Finding]], ...]] = (
    check_windows,
    check_evidence,
    check_hours,
    check_bands,
    check_windows_reachable,
)
"""Checks of metrics that have to hold of every version of them."""


def check_two_versions(contract: Contract) -> Iterator[Finding]:
    """Yield each change of a metric, or of eligibility, that starts on the day of another."""
    first: dict[tuple[str, date], str] = {}
    for key, subject, terms in _changes(contract):
        other = first.setdefault((subject, terms.starts_on), terms.id)
        if other != terms.id:
            what = f"{other!r} changes {subject} from {terms.starts_on} too"
            yield error("two-versions", what, "one change of the same terms from any day", Location(key=key))


def check_reachable(contract: Contract) -> Iterator[Finding]:
    """Yield changes dated outside the contract."""
    end, _ = furthest_days(contract)
    for key, _, terms in _changes(contract):
        at = Location(key=f"{key}.from")
        if terms.starts_on > end:
            what = f"from {terms.starts_on} nothing can come under it: the last day is {end}"
            yield warning("never-in-force", what, f"a day from {contract.start} to {end}", at)
        elif terms.starts_on < contract.start and contract.terms_date is not TermsDate.START:
            what = f"from {terms.starts_on} is before the contract starts on {contract.start}"
            yield warning("dated-before-start", what, f"{contract.start} or a later day", at)


def check_fits_metric(contract: Contract) -> Iterator[Finding]:
    """Yield terms that their metric's kind of rule does not have, and terms dropped that were not set."""
    metrics = {metric.code: metric for metric in contract.metrics}
    for terms in contract.metric_terms:
        metric = metrics.get(terms.metric)
        if metric is None:
            continue
        key = f"metric_terms[{terms.id}]"
        before = _before(contract, metric, terms)
        if terms.employment is not None:
            yield from _other_kind(metric, before, terms.employment, f"{key}.employment")
        for dropped in terms.drops:
            if not _is_set(before, dropped):
                yield _nothing_to_drop(dropped, key)
    versions = eligibility_versions(contract)
    for version, later in pairwise(versions):
        drops = next(each.drops for each in contract.eligibility_terms if each.id == later.clause)
        if drops and version.terms.days_after_discharge is None:
            yield _nothing_to_drop("days_after_discharge", f"eligibility_terms[{later.clause}]")


def _other_kind(metric: Metric, before: Metric, given: EmploymentTerms, key: str) -> Iterator[Finding]:
    if not isinstance(before.rule, Employment):
        what = f"{metric.code!r} is not achieved by being in work, so it has no employment terms"
        accepted = (
            "requires, within, evidence, evidence_needed, evidence_from, evidence_must_be, claim_within_days or drops"
        )
        yield error("other-kind-of-rule", what, accepted, Location(key=key))
    elif not _has_length(before.rule) and (given.days is not None or given.months is not None):
        what = f"{metric.code!r} is achieved on the first day of a job and has no length to change"
        accepted = "a [metric] and a [[tariff]] of its own for work that lasts"
        yield error("other-kind-of-rule", what, accepted, Location(key=key))


def _nothing_to_drop(term: str, key: str) -> Finding:
    what = f"{term} is not set on the day before, so it cannot be dropped"
    return error("nothing-to-drop", what, "a term that is in force", Location(key=f"{key}.drops"))


def check_changes_something(contract: Contract) -> Iterator[Finding]:
    """Yield changes that leave everything as it was, unless it is said already why they change nothing."""
    given = {terms.id: terms for terms in contract.metric_terms}
    for metric in contract.metrics:
        for version, later in pairwise(metric_versions(contract, metric)):
            terms = given[later.clause]
            is_said = terms.drops or (terms.employment is not None and not isinstance(metric.rule, Employment))
            if later.terms == version.terms and not is_said:
                yield _no_change("metric_terms", later.clause)
    drops = {terms.id: terms.drops for terms in contract.eligibility_terms}
    for before, after in pairwise(eligibility_versions(contract)):
        if after.terms == before.terms and not drops[after.clause]:
            yield _no_change("eligibility_terms", after.clause)


def check_sound(contract: Contract) -> Iterator[Finding]:
    """Yield what a metric's own checks say of a later version of it and do not say of the metric as first agreed."""
    versions = {metric.code: metric_versions(contract, metric) for metric in contract.metrics}
    for listed in versions.values():
        for version in listed[1:]:
            if isinstance(version.terms.rule, Employment):
                for problem in contradictions(version.terms.rule):
                    what, accepted = (text.replace("{key}", "employment") for text in (problem.what, problem.accepted))
                    at = Location(key=f"metric_terms[{version.clause}].employment")
                    yield error(problem.rule, what, accepted, at)
    said = set(_whole(contract))
    for starts_on in sorted({terms.starts_on for terms in contract.metric_terms}):
        now = {code: version_on(listed, starts_on) for code, listed in versions.items()}
        view = replace(contract, metrics=tuple(version.terms for version in now.values()))
        keys = {f"metric.{code}": f"metric_terms[{version.clause}]" for code, version in now.items()}
        for finding in _whole(view):
            if finding not in said:
                said.add(finding)
                yield _at(finding, keys)


def _changes(contract: Contract) -> Iterator[tuple[str, str, MetricTerms | EligibilityTerms]]:
    """Yield each change with its key path and what it changes."""
    for terms in contract.metric_terms:
        yield f"metric_terms[{terms.id}]", f"metric {terms.metric!r}", terms
    for each in contract.eligibility_terms:
        yield f"eligibility_terms[{each.id}]", "eligibility", each


def _before(contract: Contract, metric: Metric, terms: MetricTerms) -> Metric:
    """Return the metric on the eve of a change."""
    others = tuple(each for each in contract.metric_terms if each.starts_on < terms.starts_on)
    return metric_versions(replace(contract, metric_terms=others), metric)[-1].terms


def _has_length(rule: Employment) -> bool:
    return rule.days is not None or rule.months is not None


def _is_set(metric: Metric, key: str) -> bool:
    if key in {"within", "claim_within_days"}:
        return getattr(metric, key) is not None
    rule = metric.rule
    name = key.removeprefix("employment.").replace("within_weeks", "within_days")
    return isinstance(rule, Employment) and getattr(rule, name) is not None


def _no_change(table: str, clause: str) -> Finding:
    at = Location(key=f"{table}[{clause}]")
    return warning("changes-nothing", "everything is as it was on the day before", "a term that changes", at)


def _whole(contract: Contract) -> Iterator[Finding]:
    for check in _WHOLE:
        yield from check(contract)


def _at(finding: Finding, keys: dict[str, str]) -> Finding:
    """Return a finding about a metric as one about the clause that made the metric what it is."""
    key = finding.at.key or ""
    metric = ".".join(key.split(".")[:2])
    return replace(finding, at=replace(finding.at, key=keys.get(metric, metric) + key[len(metric) :]))
