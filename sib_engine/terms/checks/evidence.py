"""Evidence: what is asked for can be told apart, and the day that it may be dated from is there."""

from collections.abc import Iterator

from sib_engine.core.findings import Finding, Location, error
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Employment, EvidenceFrom, Needed


def check_evidence(contract: Contract) -> Iterator[Finding]:
    """Yield evidence that contradicts itself."""
    for metric in contract.metrics:
        rule = metric.evidence
        at = Location(key=f"metric.{metric.code}.evidence")
        if rule.needed is Needed.ANY and any(not isinstance(each, str) for each in rule.asked):
            what = f"one document is enough for {metric.code!r}, so that alternatives inside its list say nothing"
            accepted = f'evidence_needed = "{Needed.ALL}", or one list without lists inside it'
            yield error("evidence-unclear", what, accepted, at)
        kinds = [kind.casefold() for kind in rule.kinds]
        twice = next((kind for kind in rule.kinds if kinds.count(kind.casefold()) > 1), None)
        if twice is not None and rule.needed is Needed.ALL:
            what = f"{twice!r} stands twice among what {metric.code!r} needs, so that one document might do for both"
            yield error("evidence-unclear", what, "each kind of document in one place", at)
        if rule.dated is EvidenceFrom.WORK and not isinstance(metric.rule, Employment):
            what = f"documents of {metric.code!r} are dated from the start of work, and it is not about work"
            accepted = f'"{EvidenceFrom.OUTCOME}", "{EvidenceFrom.ANY}", or a metric with employment'
            yield error("evidence-unclear", what, accepted, Location(key=f"metric.{metric.code}.evidence_from"))
