"""What the papers of the billing office say, for the tests that hold them against the ledger."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sib_engine.documents.certificate import CertificateFigures
from sib_engine.documents.invoices import InvoiceSchedule
from sib_engine.documents.statement_figures import StatementFigures
from sib_engine.services.access.actors import actor_named
from sib_engine.services.papers.certificate import certificate_of, print_certificate
from sib_engine.services.papers.print_statement import figures_of_approved, print_approved
from sib_engine.services.papers.printing import Printing
from sib_engine.services.papers.schedule import print_schedule, schedule_of
from tests.store.billing import Billing
from tests.store.office import CONTRACT, at, day


@dataclass(slots=True)
class Papers:
    """The office, with the words of who asks for which paper."""

    billing: Billing
    now: str = "2021-12-01"

    def statement(self, number: int = 1, *, by: str = "abe") -> StatementFigures:
        """Return the figures of a statement's document."""
        with self.billing.store.read() as session:
            return figures_of_approved(session, CONTRACT, number, by=actor_named(session, by))

    def printed_statement(self, number: int = 1, *, by: str = "abe") -> dict[Printing, bytes]:
        """Return a statement in every kind but PDF, which takes its time."""
        kinds = (Printing.HTML, Printing.XLSX, Printing.CSV)
        with self.billing.store.read() as session:
            return print_approved(session, CONTRACT, number, kinds, by=actor_named(session, by)).files

    def certificate(
        self, number: int = 1, *, as_known_on: str = "", by: str = "abe"
    ) -> tuple[CertificateFigures, date]:
        """Return the figures of a certificate, and the day that it bears."""
        with self.billing.store.read() as session:
            who = actor_named(session, by)
            return certificate_of(session, CONTRACT, number, as_known_on=_day(as_known_on), by=who, at=at(self.now))

    def printed_certificate(self, number: int = 1, *, by: str = "abe") -> bytes:
        """Return a certificate as PDF."""
        with self.billing.store.read() as session:
            who = actor_named(session, by)
            printed = print_certificate(session, CONTRACT, number, [Printing.PDF], by=who, at=at(self.now))
            return printed.files[Printing.PDF]

    def schedule(self, on: str, *, as_known_on: str = "", by: str = "abe") -> InvoiceSchedule:
        """Return the figures of the invoice schedule on a day."""
        with self.billing.store.read() as session:
            who, known = actor_named(session, by), _day(as_known_on)
            return schedule_of(session, CONTRACT, on=day(on), as_known_on=known, by=who, at=at(self.now))

    def printed_schedule(
        self, on: str, *, by: str = "abe", kinds: Iterable[Printing] = (Printing.HTML, Printing.XLSX, Printing.CSV)
    ) -> dict[Printing, bytes]:
        """Return the invoice schedule as files."""
        with self.billing.store.read() as session:
            who = actor_named(session, by)
            return print_schedule(session, CONTRACT, kinds, on=day(on), by=who, at=at(self.now)).files


def words(page: bytes) -> str:
    """Return the text of a page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.decode()).split())


def n_pages(pdf: bytes) -> int:
    """Return how many pages a PDF has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def _day(text: str) -> date | None:
    return day(text) if text else None
