"""The verification sample: one set of terms from any day, and classes of risk that claims can fall into."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Final

from sib_engine.core.findings import Finding, Location, error, warning
from sib_engine.terms.checks.prices import dated_outside
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import kinds_of
from sib_engine.terms.plain_words import percentage
from sib_engine.terms.verification import Recover

LEAST_USUAL: Final = Fraction(4, 5)
"""The sampling tables of the AICPA guide are made for 95 % and 90 %."""


def check_two(contract: Contract) -> Iterator[Finding]:
    """Yield terms of verification that start on the day of others."""
    first: dict[date, str] = {}
    for clause in contract.verifications:
        other = first.setdefault(clause.starts_on, clause.id)
        if other != clause.id:
            what = f"verification {other!r} holds from {clause.starts_on} too"
            at = Location(key=f"verification[{clause.id}]")
            yield error("two-verifications", what, "one set of terms from any day", at)


def check_reachable(contract: Contract) -> Iterator[Finding]:
    """Yield terms of verification dated outside the contract."""
    for clause in contract.verifications:
        yield from dated_outside(contract, clause, f"verification[{clause.id}].from")


def check_confidence(contract: Contract) -> Iterator[Finding]:
    """Yield a confidence at which a bound says little, where money is taken back by it."""
    for clause in contract.verifications:
        if clause.confidence < LEAST_USUAL and clause.recover is Recover.LOWER:
            often = percentage(1 - clause.confidence)
            what = f"at confidence {percentage(clause.confidence)} too much is taken back in up to {often} of samples"
            at = Location(key=f"verification[{clause.id}].confidence")
            yield warning("weak-confidence", what, "80% or more; 95% is usual", at)


def check_evidence(contract: Contract) -> Iterator[Finding]:
    """Yield kinds of document in a class of risk that no metric accepts."""
    accepted = {kind for metric in contract.metrics for kind in metric.evidence.kinds}
    accepted |= {kind for terms in contract.metric_terms for kind in kinds_of(terms.evidence or ())}
    for clause in contract.verifications:
        for risk in clause.risk:
            unknown = [kind for kind in risk.evidence if kind not in accepted]
            if unknown:
                what = f"class {risk.name!r} looks for {', '.join(map(repr, unknown))}, which no metric accepts"
                at = Location(key=f"verification[{clause.id}].risk")
                yield warning("risk-never-met", what, ", ".join(sorted(accepted)) or "no evidence at all", at)
