"""Use case: work out again every statement from the facts, terms and decisions as they were known then."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.core.errors import SibError
from sib_engine.payments.statement.lines import KERNEL_VERSION, StatedLine
from sib_engine.services.statements.draw import draw_as_known
from sib_engine.storage.records.contracts import contract_as_known
from sib_engine.storage.records.statements import lines_as_known, statements_as_known
from sib_engine.storage.tables import Contract


@dataclass(frozen=True, slots=True)
class Replayed:
    """One statement worked out again: ``missing`` lines were stated and do not come out, ``extra`` come out only now.

    ``why`` says why it could not be worked out at all; empty where it could.
    """

    contract: str
    number: int
    period: str
    total: int
    n_lines: int
    missing: tuple[StatedLine, ...] = ()
    extra: tuple[StatedLine, ...] = ()
    why: str = ""

    @property
    def is_same(self) -> bool:
        """Whether every line comes out as it was stated."""
        return not (self.missing or self.extra or self.why)


def replay(session: Session, code: str | None, *, seq: int) -> tuple[Replayed, ...]:
    """Return every statement that had been approved by ``seq``, each compared with what comes out now."""
    registered = select(Contract.code).where(Contract.seq <= seq).order_by(Contract.code)
    codes = [code] if code is not None else list(session.execute(registered).scalars())
    return tuple(each for one in codes for each in _of_contract(session, one, seq))


def _of_contract(session: Session, code: str, seq: int) -> list[Replayed]:
    contract = contract_as_known(session, code, seq)
    lines = lines_as_known(session, contract.id, seq)
    found = []
    for statement in statements_as_known(session, contract.id, seq):
        own = tuple(line for line in lines if line.statement == statement.number)
        before = tuple(line for line in lines if line.statement < statement.number)
        blank = Replayed(code, statement.number, statement.period, statement.total, len(own))
        if statement.kernel != KERNEL_VERSION:
            why = f"it was stated by kernel {statement.kernel}, and this is {KERNEL_VERSION}"
            found.append(_with(blank, why=why))
            continue
        try:
            then = contract_as_known(session, code, statement.known_seq)
            draft = draw_as_known(
                session, then, statement.period, seq=statement.known_seq, known_on=statement.known_on, before=before
            )
        except SibError as refused:
            found.append(_with(blank, why=str(refused)))
            continue
        again = draft.statement.kept_lines
        missing = tuple(line for line in own if line not in set(again))
        extra = tuple(line for line in again if line not in set(own))
        found.append(_with(blank, missing=missing, extra=extra))
    return found


def _with(
    blank: Replayed, *, missing: tuple[StatedLine, ...] = (), extra: tuple[StatedLine, ...] = (), why: str = ""
) -> Replayed:
    return Replayed(blank.contract, blank.number, blank.period, blank.total, blank.n_lines, missing, extra, why)
