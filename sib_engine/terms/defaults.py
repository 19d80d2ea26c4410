"""Terms that decide whether an outcome counts, or what it earns, and that a contract file leaves to their defaults."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Earnings, Employment, Measured, Metric

_ELIGIBILITY: Final = ("referral", "consent", "work_status", "days_after_discharge")
_EVIDENCE: Final = ("evidence_needed", "evidence_from", "evidence_must_be")


def unwritten_defaults(contract: Contract, document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield clause and key of each term that decides outcomes and is neither written in the file nor marked as assumed.

    Such a term has its default, and nothing says whether the source gives it or nobody knows.

    Args:
        contract: The contract.
        document: The tables of its file, as they were read.
    """
    asked: list[tuple[str, Mapping[str, str], Mapping[str, Any], tuple[str, ...]]] = [
        ("contract", contract.provenance.assumed, document["contract"], ("price_date", "terms_date"))
    ]
    if not all(isinstance(metric.rule, Measured) for metric in contract.metrics):
        table = document.get("eligibility", {})
        marked = contract.eligibility.provenance.assumed if table else {}
        asked.append(("eligibility", marked, table, _ELIGIBILITY))
    for metric in contract.metrics:
        table = document["metric"][metric.code]
        asked.append((f"metric.{metric.code}", metric.provenance.assumed, table, tuple(_deciding(metric))))
    for path, marked, table, keys in asked:
        yield from ((path, key) for key in keys if not _is_written(table, key) and not _is_marked(marked, key))


def _deciding(metric: Metric) -> Iterator[str]:
    """Yield the terms that can decide about an outcome of a metric, none where it is measured."""
    rule = metric.rule
    if isinstance(rule, Measured):
        return
    yield "counts"
    yield "evidence"
    if metric.evidence.asked:
        yield from (key for key in _EVIDENCE if key != "evidence_needed" or len(metric.evidence.asked) > 1)
    if isinstance(rule, Earnings):
        yield from ("earnings.since", "earnings.competitive", "earnings.self_employment")
    if isinstance(rule, Employment):
        yield from ("employment.competitive", "employment.self_employment")
        lasts = rule.days is not None or rule.months is not None
        is_limited = rule.hours_from is not None or rule.hours_below is not None
        if is_limited:
            yield "employment.hours"
        if lasts and rule.within_days is None:
            yield "employment.gap_days"
        if lasts:
            yield "employment.employer_change"
        if lasts and is_limited and rule.within_days is None:
            yield "employment.hours_over"


def _is_written(table: Mapping[str, Any], key: str) -> bool:
    first, _, rest = key.partition(".")
    return first in table and (not rest or _is_written(table[first], rest))


def _is_marked(marked: Mapping[str, str], key: str) -> bool:
    """Return whether a term, or the table that it is in, stands under ``assumed``."""
    return any(key == name or key.startswith(f"{name}.") for name in marked)
