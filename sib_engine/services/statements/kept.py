"""Claims that wait to be decided again are stated as they were: on the facts on which they were accepted."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from sqlalchemy.orm import Session

from sib_engine.core.findings import Finding, note
from sib_engine.outcomes.claims import FACTS_CHANGED, ClaimState
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.outcomes.spliced import spliced
from sib_engine.storage.records.claims import ClaimRecord, moves_of
from sib_engine.storage.records.facts import facts_as_known
from sib_engine.storage.records.statements import lines_as_known, statements_as_known
from sib_engine.storage.tables import Statement
from sib_engine.terms.contract import Contract

_SHOWN = 5


def kept_as_stated(
    session: Session,
    contract_id: int,
    terms: Contract,
    table: OutcomeTable,
    claims: Mapping[str, ClaimRecord],
    *,
    seq: int,
) -> tuple[OutcomeTable, frozenset[str]]:
    """Return the outcomes with those that wait to be decided again as they were last stated, and the ids of these.

    They are those that a statement holds. Each is derived from the facts as they were known for the last
    statement at which it was accepted, so that nothing is paid and nothing taken back for it meanwhile.

    Args:
        session: The store.
        contract_id: The contract.
        terms: Its terms in force.
        table: The outcomes as the facts now show them.
        claims: The claims as known at ``seq``, by the id of the outcome.
        seq: The place in the chain.
    """
    waiting = {row: claim for row, claim in claims.items() if waits(claim)}
    if not waiting:
        return table, frozenset()
    count: dict[str, int] = defaultdict(int)
    for line in lines_as_known(session, contract_id, seq):
        count[line.row] += line.count
    held = {row: claim for row, claim in waiting.items() if count[row] > 0}
    by_statement: dict[int, set[str]] = defaultdict(set)
    statements = statements_as_known(session, contract_id, seq)
    moves = moves_of(session, [claim.id for claim in held.values()], seq)
    for row, claim in held.items():
        last = next((each for each in reversed(statements) if _accepted_at(moves[claim.id], each)), None)
        if last is not None:
            by_statement[last.number].add(row)
    parts = []
    for statement in statements:
        wanted = by_statement.get(statement.number)
        if wanted:
            facts = facts_as_known(session, contract_id, statement.known_seq).facts
            then = find_outcomes(terms, facts, known_on=statement.known_on)
            parts.append(then.take(_among(then, wanted)))
    kept = frozenset(name for part in parts for name in part.row_ids())
    return spliced(table.take(~_among(table, kept)), parts), kept


def waits(claim: ClaimRecord) -> bool:
    """Return whether a claim waits to be decided again because its facts changed after it was accepted."""
    return claim.returned is not None and claim.returned.code == FACTS_CHANGED


def notes_on(claims: Iterable[ClaimRecord], kept: frozenset[str]) -> tuple[Finding, ...]:
    """Return what a draft says of claims that wait to be decided again: those stated as they were, and the others."""
    rows = [claim.row for claim in claims if waits(claim)]
    found = []
    for wanted, what in (
        ([row for row in rows if row in kept], ("and stays stated as it was", "and stay stated as they were")),
        ([row for row in rows if row not in kept], ("and is not stated", "and are not stated")),
    ):
        if wanted:
            listed = ", ".join(wanted[:_SHOWN]) + (
                f" and {len(wanted) - _SHOWN:,} more" if len(wanted) > _SHOWN else ""
            )
            one, several = what
            subject = f"1 claim waits to be decided again, {one}"
            if len(wanted) > 1:
                subject = f"{len(wanted):,} claims wait to be decided again, {several}"
            said = f"{subject}: {listed}"
            found.append(note("facts-changed", said, "each decided again; `sib claims list --changed` lists them"))
    return tuple(found)


def _accepted_at(moves: Sequence[tuple[int, str]], statement: Statement) -> bool:
    states = [state for seq, state in moves if seq <= statement.known_seq]
    return bool(states) and states[-1] == ClaimState.ACCEPTED.value


def _among(table: OutcomeTable, wanted: Iterable[str]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    names = frozenset(wanted)
    return np.array([name in names for name in table.row_ids()], dtype=np.bool_)
