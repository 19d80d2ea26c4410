"""Why facts show no outcome at all, of a person or of anybody: what is recorded, and what the first metric asks for."""

from datetime import date

import numpy as np

from sib_engine.outcomes.facts import Facts
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Activity, Measured, Metric, Needed, Recorded


def nothing_found(
    contract: Contract, table: OutcomeTable, facts: Facts, *, known_on: date | None, person: str | None
) -> str:
    """Return in words why there is no row; blank where there is one.

    Args:
        contract: Terms in force.
        table: The outcomes.
        facts: Everything that is recorded, also what was not known on ``known_on``.
        known_on: Last day whose records were used; None for all.
        person: Somebody of the facts, about whom alone was asked.
    """
    code = None if person is None else facts.person.labels.index(person)
    of_person = np.arange(len(facts)) if code is None else np.flatnonzero(facts.person.codes == code)
    if len(table) and (code is None or bool((table.rows.person == code).any())):
        return ""
    own = facts.take(of_person)
    kept = own if known_on is None else own.known_on(known_on)
    who = "" if person is None else f" of {person}"
    if not len(kept):
        first = np.maximum(own.recorded_on, own.starts_on).min()
        return f"nothing is recorded{who} by {known_on}; the first record is of {first}"
    names = [kept.name.text(each) for each in kept.name.codes.tolist()]
    recorded = ", ".join(f"{name} ({names.count(name)})" for name in sorted(set(names), key=names.index))
    return f"what is recorded{who} begins no outcome: {recorded}. {_asked(contract)}"


def _asked(contract: Contract) -> str:
    """Return what the first metric that requires no other asks for."""
    first = next((each for each in contract.metrics if not each.requires and not isinstance(each.rule, Measured)), None)
    if first is None:
        return "No metric of the contract is achieved by single people."
    return f"{first.code!r}, which requires no other, asks for {_facts_of(first)}."


def _facts_of(metric: Metric) -> str:
    rule = metric.rule
    if isinstance(rule, Activity):
        parts = [f"{part.at_least} {part.fact!r}" for part in rule.components]
        return (" and " if rule.needed is Needed.ALL else " or ").join(parts)
    return repr(rule.fact) if isinstance(rule, Recorded) else "'employment'"
