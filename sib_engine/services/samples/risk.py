"""Which class of risk each claim of a frame falls into, from the facts behind it."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from sib_engine.outcomes.facts import FactName, Facts
from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.outcomes.rows import NONE
from sib_engine.payments.sampling.risk import RiskFacts, risk_class_of
from sib_engine.payments.statement.lines import Standing
from sib_engine.storage.records.contracts import Registered
from sib_engine.storage.records.facts import facts_as_known
from sib_engine.terms.verification import STANDARD, Verification


def risk_classes(
    session: Session,
    contract: Registered,
    clause: Verification,
    claims: Mapping[str, Standing],
    *,
    seq: int,
    known_on: date,
) -> dict[str, str]:
    """Return the class of risk of each claim, by its row; ``standard`` where the contract declares none.

    Args:
        session: The store, open to read.
        contract: The contract, with the terms in force.
        clause: The terms of the sample.
        claims: What stands stated of each claim.
        seq: The place in the chain up to which facts are used.
        known_on: The day of that place.
    """
    if not clause.risk:
        return dict.fromkeys(claims, STANDARD)
    facts = facts_as_known(session, contract.id, seq).facts
    table = find_outcomes(contract.terms, facts, known_on=known_on)
    documents = _documents(contract, clause, facts)
    classes = {}
    for row, stands in claims.items():
        place = table.place_of(row)
        days, kinds = None, frozenset[str]()
        if place is not None:
            achieved, recorded = table.rows.achieved_on[place].item(), table.rows.claimed_on[place].item()
            if isinstance(achieved, date) and isinstance(recorded, date):
                days = (recorded - achieved).days
            person, job = table.labels.persons[int(table.rows.person[place])], int(table.rows.job[place])
            own = (*documents.get((person, stands.line.metric), ()), *documents.get((person, ""), ()))
            kinds = frozenset(kind for kind, of_job in own if NONE in {job, of_job} or job == of_job)
        about = RiskFacts(stands.line.metric, stands.line.site, stands.payable, kinds, days)
        classes[row] = risk_class_of(about, clause.risk)
    return classes


def _documents(
    contract: Registered, clause: Verification, facts: Facts
) -> Mapping[tuple[str, str], set[tuple[str, int]]]:
    """Return the kinds of document behind each person's metric (blank where they name none), with the job's code.

    Metrics and kinds are spelled as the contract does.
    """
    spelled = {kind.casefold(): kind for risk in clause.risk for kind in risk.evidence}
    found: dict[tuple[str, str], set[tuple[str, int]]] = defaultdict(set)
    for place in facts.named(FactName.EVIDENCE).tolist():
        person = facts.person.text(int(facts.person.codes[place]))
        named = contract.terms.metric_named(facts.metric.text(int(facts.metric.codes[place])))
        kind = facts.detail.text(int(facts.detail.codes[place]))
        metric = "" if named is None else contract.terms.metric_codes[named]
        found[person, metric].add((spelled.get(kind.casefold(), kind), int(facts.job.codes[place])))
    return found
