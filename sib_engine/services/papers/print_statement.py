"""Use case: an approved statement of the store as documents, as it was known when it was approved."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from sib_engine.documents.statement_figures import MinimumPosition, StatementFigures
from sib_engine.payments.statement.guards import Restatement
from sib_engine.payments.statement.lines import StatedLine
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.papers.known_statement import KnownStatement, statement_as_known
from sib_engine.services.papers.printing import Printed, Printing
from sib_engine.services.papers.sign_offs import sign_offs_of
from sib_engine.services.price_counts import minimum_lines
from sib_engine.services.print_statement import minimum_positions, print_figures
from sib_engine.services.statements.parties import statement_numbered
from sib_engine.services.statements.seen_lines import Hidden, added_up, hidden_from
from sib_engine.storage import chain
from sib_engine.storage.records.contracts import contract_as_known

APPROVED = "approved"


def print_approved(session: Session, code: str, number: int, kinds: Iterable[Printing], *, by: Actor) -> Printed:
    """Return a statement as documents that bear the day of its approval: the same statement gives the same bytes.

    Nothing that became known later is on it. People go by their numbers; whoever may see no row about a person
    gets those lines added up.

    Raises:
        NotFoundError: If there is no such contract or statement.
        SegregationError: If ``by`` may not see amounts.
        RefusedError: If a spreadsheet cannot hold it.
    """
    figures = figures_of_approved(session, code, number, by=by)
    return print_figures(figures, kinds, drawn_up_on=figures.known_on)


def figures_of_approved(session: Session, code: str, number: int, *, by: Actor) -> StatementFigures:
    """Return the figures of :func:`print_approved`."""
    seq, _ = chain.head(session)
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.SEE_AMOUNTS, contract.id)
    found = statement_as_known(session, code, statement_numbered(session, contract, number))
    hidden = hidden_from(session, contract, by)
    stated_before = sum(line.payable for line in found.before)
    return StatementFigures(
        contract=found.contract.terms,
        number=number,
        period=found.period,
        known_on=found.record.known_on,
        lines=found.lines,
        due=stated_before + sum(line.payable for line in found.lines),
        stated_before=stated_before,
        headroom=found.headroom,
        minimums=_minimums(found),
        restatements=_restatements(found, hidden),
        notes=found.notes,
        sign_offs=sign_offs_of(session, found.record, contract.terms.timezone),
        standing=APPROVED,
        seen=_seen(found, hidden),
    )


def _minimums(found: KnownStatement) -> tuple[MinimumPosition, ...]:
    if found.draft is None:
        return ()
    return minimum_positions(minimum_lines(found.draft.contract.terms, found.draft.statement.capped))


def _seen(found: KnownStatement, hidden: Hidden) -> tuple[StatedLine, ...] | None:
    """Return the lines as a reader may see them; None where that is every one."""
    away = [line for line in found.lines if hidden(line.row, line.metric)]
    if not away:
        return None
    return (*(line for line in found.lines if not hidden(line.row, line.metric)), *added_up(away))


def _restatements(found: KnownStatement, hidden: Hidden) -> tuple[Restatement, ...]:
    """Return what new terms changed of earlier statements, the rows about people added up for who may not see them."""
    if found.draft is None:
        return ()
    metrics = {line.row: line.metric for line in found.lines}
    moved = found.draft.statement.restatements
    away = [each for each in moved if hidden(each.subject, metrics.get(each.subject, ""))]
    if not away:
        return moved
    before, after = (sum(getattr(each, name) for each in away) for name in ("before", "after"))
    return (*(each for each in moved if each not in away), Restatement("several outcomes", before, after))
