"""Use case: the invoice schedule of a contract on a day."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from sib_engine.core.dates import local_day
from sib_engine.core.errors import RefusedError
from sib_engine.documents.invoice_csv import invoice_csv
from sib_engine.documents.invoice_schedule import invoice_schedule_document
from sib_engine.documents.invoice_workbook import invoice_workbook
from sib_engine.documents.invoices import DisputedPart, InvoiceSchedule
from sib_engine.payments.billing.accruals import last_year_end
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.audit.place import AsKnownOn, place_known_on
from sib_engine.services.papers.printing import Printed, Printing, printed
from sib_engine.services.statements.accrual import accruals_as_known
from sib_engine.services.statements.seen_lines import hidden_from
from sib_engine.storage import chain
from sib_engine.storage.records.billing import bills_as_known, disputes_as_known
from sib_engine.storage.records.contracts import contract_as_known
from sib_engine.storage.records.statements import assumed_statements


def print_schedule(
    session: Session,
    code: str,
    kinds: Iterable[Printing],
    *,
    on: date | None = None,
    as_known_on: AsKnownOn | None = None,
    by: Actor,
    at: datetime,
) -> Printed:
    """Return the invoice schedule as documents that bear the day ``on``: the same records give the same bytes.

    Raises:
        NotFoundError: If the contract is not registered.
        SegregationError: If ``by`` may not see amounts.
        RefusedError: If a day is yet to come, or a spreadsheet cannot hold it.
    """
    schedule = schedule_of(session, code, on=on, as_known_on=as_known_on, by=by, at=at)
    tables = {
        Printing.XLSX: lambda: invoice_workbook(schedule, drawn_up_on=schedule.as_at),
        Printing.CSV: lambda: invoice_csv(schedule),
    }
    return printed(invoice_schedule_document(schedule, drawn_up_on=schedule.as_at), kinds, tables)


def schedule_of(
    session: Session,
    code: str,
    *,
    on: date | None = None,
    as_known_on: AsKnownOn | None = None,
    by: Actor,
    at: datetime,
) -> InvoiceSchedule:
    """Return every invoice as it stood at the end of a day, and what was accrued at the last 31 March before it.

    Args:
        session: The store, open to read.
        code: Code of a registered contract.
        on: The day; that of ``as_known_on`` by default, or today.
        as_known_on: Leave out what became known after this day, or entry; nothing by default.
        by: Who asks; what a line is about, and why it is disputed, is for those who may see it.
        at: When.

    Raises:
        NotFoundError: If the contract is not registered.
        SegregationError: If ``by`` may not see amounts.
        RefusedError: If a day is yet to come.
    """
    now, _ = chain.head(session)
    contract = contract_as_known(session, code, now)
    require(session, by, Action.SEE_AMOUNTS, contract.id)
    today = local_day(at, contract.terms.timezone)
    place = place_known_on(session, code, as_known_on, at=at)
    seq, known = place.seq, local_day(place.at, contract.terms.timezone)
    as_at = on or known
    if as_at > today:
        message = f"{as_at} is yet to come: nobody knows how the invoices stand then; accepted: a day up to {today}"
        raise RefusedError(message)
    if as_at > known:
        message = f"how the invoices stood on {as_at} was not known on {known}; accepted: a day up to then"
        raise RefusedError(message)
    then = contract_as_known(session, code, seq)
    hidden = hidden_from(session, contract, by)
    disputes = [
        DisputedPart(each.statement, each.line, each.row, each.payer, each.amount, each.since, each.reason)
        if not hidden(each.row, each.metric)
        else DisputedPart(each.statement, each.line, "", each.payer, each.amount, each.since, "")
        for each in disputes_as_known(session, contract.id, seq, on=as_at)
    ]
    accrued_on = last_year_end(as_at)
    accruals = accruals_as_known(session, then, seq, on=accrued_on, today=known)
    return InvoiceSchedule(
        contract=then.terms,
        as_at=as_at,
        bills=tuple(bills_as_known(session, contract.id, seq, on=as_at)),
        disputes=tuple(disputes),
        accruals=accruals.lines,
        accrued_on=accrued_on,
        assumed=assumed_statements(session, contract.id, seq),
    )
