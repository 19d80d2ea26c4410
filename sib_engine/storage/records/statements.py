"""Statements and their lines, to and from the values that the rules work on."""

from collections import defaultdict
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.payments.statement.draw_up import Statement as Drawn
from sib_engine.payments.statement.lines import LineKind, StatedLine
from sib_engine.storage.chain import Command
from sib_engine.storage.tables import LinePart, Statement, StatementLine


def statements_as_known(session: Session, contract_id: int, seq: int) -> list[Statement]:
    """Return the statements of a contract that had been approved by ``seq``, oldest first."""
    query = select(Statement).where(Statement.contract_id == contract_id, Statement.seq <= seq)
    return list(session.execute(query.order_by(Statement.number)).scalars())


def assumed_statements(session: Session, contract_id: int, seq: int) -> frozenset[int]:
    """Return the numbers of the statements of which a line rests on assumed terms, approved by ``seq``."""
    query = (
        select(Statement.number)
        .join(StatementLine, StatementLine.statement_id == Statement.id)
        .where(Statement.contract_id == contract_id, Statement.seq <= seq, StatementLine.is_assumed)
        .distinct()
    )
    return frozenset(session.execute(query).scalars())


def lines_as_known(session: Session, contract_id: int, seq: int) -> tuple[StatedLine, ...]:
    """Return every line of the statements that had been approved by ``seq``, in order."""
    parts: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
    found = (
        select(LinePart.line_id, LinePart.payer, LinePart.shared, LinePart.pays)
        .join(StatementLine, StatementLine.id == LinePart.line_id)
        .join(Statement, Statement.id == StatementLine.statement_id)
        .where(Statement.contract_id == contract_id, Statement.seq <= seq)
        .order_by(LinePart.id)
    )
    for line, payer, shared, pays in session.execute(found):
        parts[line].append((payer, shared, pays))
    lines = (
        select(StatementLine, Statement.number, Statement.period, Statement.known_on)
        .join(Statement, Statement.id == StatementLine.statement_id)
        .where(Statement.contract_id == contract_id, Statement.seq <= seq)
        .order_by(Statement.number, StatementLine.number)
    )
    return tuple(
        _stated(line, number, period, known_on, parts[line.id])
        for line, number, period, known_on in session.execute(lines)
    )


def add_statement(command: Command, drawn: Drawn, *, contract_id: int, known_seq: int, approved_by: int) -> int:
    """Write a statement with its lines and return its number in the table."""
    lines = drawn.kept_lines
    statement = command.add_one(
        Statement,
        contract_id=contract_id,
        number=drawn.number,
        period=drawn.period.label,
        known_on=drawn.known_on,
        known_seq=known_seq,
        terms=lines[0].terms,
        kernel=lines[0].kernel,
        digest=drawn.digest,
        total=drawn.total,
        approved_by_id=approved_by,
    )
    ids = command.add(
        StatementLine,
        [
            {
                "statement_id": statement,
                "number": place,
                "own_period": line.own_period,
                "kind": line.kind.value,
                "row": line.row,
                "metric": line.metric,
                "site": line.site,
                "subgroup": line.group,
                "achieved_on": line.achieved_on,
                "count": line.count,
                "tariff": line.tariff,
                "price": line.price,
                "share": line.share,
                "earned": line.earned,
                "payable": line.payable,
                "takes_back": line.count < 0 or line.payable < 0,
                "is_assumed": line.is_assumed,
                "terms": line.terms,
                "kernel": line.kernel,
                "measured": line.measured,
                "why": line.why,
                "follows": line.follows,
            }
            for place, line in enumerate(lines, start=1)
        ],
    )
    command.add(
        LinePart,
        [
            {"line_id": own, "payer": payer, "shared": shared, "pays": pays}
            for own, line in zip(ids, lines, strict=True)
            for payer, shared, pays in zip(line.payers, line.shared, line.pays, strict=True)
        ],
    )
    return statement


def _stated(
    line: StatementLine, number: int, period: str, known_on: date, parts: list[tuple[str, int, int]]
) -> StatedLine:
    return StatedLine(
        statement=number,
        period=period,
        known_on=known_on,
        own_period=line.own_period,
        kind=LineKind(line.kind),
        row=line.row,
        metric=line.metric,
        site=line.site,
        group=line.subgroup,
        achieved_on=line.achieved_on,
        count=line.count,
        tariff=line.tariff,
        price=line.price,
        share=line.share,
        earned=line.earned,
        payable=line.payable,
        payers=tuple(payer for payer, _, _ in parts),
        shared=tuple(shared for _, shared, _ in parts),
        pays=tuple(pays for _, _, pays in parts),
        is_assumed=line.is_assumed,
        terms=line.terms,
        kernel=line.kernel,
        measured=line.measured,
        why=line.why,
        follows=line.follows,
    )
