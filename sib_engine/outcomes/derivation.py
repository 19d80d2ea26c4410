"""What a table of outcomes was derived from: as known on which day, and how late the knowledge is that it rests on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sib_engine.outcomes.facts import Facts
from sib_engine.terms.contract import Contract
from sib_engine.terms.schedule import Amendment


@dataclass(frozen=True, slots=True)
class Derivation:
    """On which knowledge outcomes rest.

    ``known_on`` is the day as known on which they were derived, None where everything in the facts was
    used. ``rests_on`` is the last day of which they know anything: on which a fact happened, work ended, something
    was recorded, or an amendment was signed that decides what counts. None where nothing was recorded. As known on
    any day from that one on to ``known_on``, the same outcomes are derived.
    """

    known_on: date | None
    rests_on: date | None


def derivation_of(contract: Contract, facts: Facts, *, known_on: date | None) -> Derivation:
    """Return the derivation of outcomes from facts.

    Args:
        contract: The contract with every amendment, as it was loaded.
        facts: Every fact that there is.
        known_on: Day as known on which they were derived, None for everything in the facts.
    """
    kept = facts if known_on is None else facts.known_on(known_on)
    days = [day for day in (kept.last_day(), *_signed(contract, known_on)) if day is not None]
    return Derivation(known_on, max(days, default=None))


def _signed(contract: Contract, known_on: date | None) -> Iterator[date]:
    """Yield the days on which amendments were signed that decide what counts, as known on a day."""
    for amendment in contract.amendments:
        is_known = known_on is None or max(amendment.signed_on, amendment.effective_from) <= known_on
        if is_known and _decides(contract, amendment):
            yield amendment.signed_on


def _decides(contract: Contract, amendment: Amendment) -> bool:
    """Return whether an amendment changes which outcomes count, and not only what they earn."""
    brought = [
        *((each.id, each.amendment) for each in contract.metric_terms),
        *((each.id, each.amendment) for each in contract.eligibility_terms),
        *((each.id, each.amendment) for each in contract.volumes),
    ]
    return (
        amendment.contract is not None
        or amendment.terminated_on is not None
        or any(by == amendment.id or clause in amendment.replaces for clause, by in brought)
    )
