"""The invoices and credit notes of a contract as CSV."""

from sib_engine.documents.invoices import InvoiceSchedule, invoice_columns, invoice_rows
from sib_engine.documents.table_csv import table_csv


def invoice_csv(schedule: InvoiceSchedule) -> bytes:
    """Return the bills as CSV under the headings of the schedule, and those under which no bill has anything."""
    return table_csv(invoice_columns(schedule), invoice_rows(schedule))
