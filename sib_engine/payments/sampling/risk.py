"""Which class of risk a claim belongs to, by the rules that the contract declares."""

from collections.abc import Collection
from dataclasses import dataclass

from sib_engine.terms.verification import STANDARD, RiskClass


@dataclass(frozen=True, slots=True)
class RiskFacts:
    """What the rules look at: value in minor units, kinds of document, days from the outcome to its record.

    ``days_to_record`` is None where no day is known; a rule about days then does not hold.
    """

    metric: str
    site: str
    value: int
    evidence: frozenset[str]
    days_to_record: int | None


def risk_class_of(facts: RiskFacts, classes: Collection[RiskClass]) -> str:
    """Return the name of the first class whose conditions all hold, ``standard`` where none does."""
    return next((each.name for each in classes if _holds(each, facts)), STANDARD)


def _holds(risk: RiskClass, facts: RiskFacts) -> bool:
    return (
        (not risk.metrics or facts.metric in risk.metrics)
        and (not risk.sites or facts.site in risk.sites)
        and (not risk.evidence or facts.evidence <= {*risk.evidence})
        and (risk.value_from is None or facts.value >= risk.value_from)
        and (
            risk.recorded_after_days is None
            or (facts.days_to_record is not None and facts.days_to_record > risk.recorded_after_days)
        )
    )
