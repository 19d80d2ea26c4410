"""An approved statement as it was known when it was approved, with what it was drawn up from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from sib_engine.core.dates import Period
from sib_engine.core.errors import SibError
from sib_engine.payments.statement.headroom import Headroom, headroom_of
from sib_engine.payments.statement.lines import KERNEL_VERSION, StatedLine
from sib_engine.services.statements.draw import Draft, draw_as_known
from sib_engine.storage.records.contracts import Registered, contract_as_known
from sib_engine.storage.records.statements import lines_as_known
from sib_engine.storage.tables import Statement
from sib_engine.terms.amend import in_force


@dataclass(frozen=True, slots=True, eq=False)
class KnownStatement:
    """A statement with its lines, those stated before, and the contract with the terms in force for it.

    ``draft`` is the statement drawn up again from what was known; None where it does not come out as it was
    stated, and ``why_not`` says why: then caps and claims behind it are not known any more.
    """

    record: Statement
    contract: Registered
    period: Period
    lines: tuple[StatedLine, ...]
    before: tuple[StatedLine, ...]
    draft: Draft | None
    why_not: str

    @property
    def headroom(self) -> tuple[Headroom, ...]:
        """What was used of each cap; nothing where it is not known any more."""
        return () if self.draft is None else headroom_of(self.draft.contract.terms, self.draft.statement)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know about it."""
        if self.draft is not None:
            return ()
        return (f"caps, headroom and claims are left out, as they are not known any more: {self.why_not}.",)


def statement_as_known(session: Session, code: str, record: Statement) -> KnownStatement:
    """Return an approved statement of a contract as it was known when it was approved."""
    then = contract_as_known(session, code, record.known_seq)
    period = then.terms.periods.find(record.period)
    lines = lines_as_known(session, then.id, record.seq)
    own = tuple(line for line in lines if line.statement == record.number)
    before = tuple(line for line in lines if line.statement < record.number)
    draft, why_not = _again(session, then, record, before)
    terms = in_force(then.terms, period.end, signed_by=record.known_on) if draft is None else draft.contract.terms
    return KnownStatement(record, replace(then, terms=terms), period, own, before, draft, why_not)


def _again(
    session: Session, contract: Registered, record: Statement, before: Sequence[StatedLine]
) -> tuple[Draft | None, str]:
    if record.kernel != KERNEL_VERSION:
        return None, f"it was stated by kernel {record.kernel}, and this is {KERNEL_VERSION}"
    try:
        draft = draw_as_known(
            session,
            contract,
            record.period,
            seq=record.known_seq,
            known_on=record.known_on,
            before=tuple(before),
        )
    except SibError as refused:
        return None, str(refused)
    if draft.digest != record.digest:
        return None, "it does not come out again as it was stated; sib replay names the lines"
    return draft, ""
