"""The office that bills: what tests say about invoices, payments, disputes and positions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import select

from sib_engine.payments.billing.bills import Bill
from sib_engine.payments.billing.position import Position
from sib_engine.payments.billing.setting_off import SetOffRule
from sib_engine.payments.billing.vat import VatTreatment
from sib_engine.services.access.actors import actor_named, add_account, add_organisation, grant_role
from sib_engine.services.access.roles import Role
from sib_engine.services.contracts.close_out import close_out
from sib_engine.services.statements.accrual import Accruals, accruals_on
from sib_engine.services.statements.confirm import Confirmation, confirm_payments, preview_payments
from sib_engine.services.statements.dispute import dispute_line, settle_line
from sib_engine.services.statements.invoice import BillTo, issue_invoices
from sib_engine.services.statements.position import Positions, positions_of
from sib_engine.services.statements.send import send_statement
from sib_engine.services.statements.set_off import SetOffBy, set_off_credit
from sib_engine.services.statements.show import ShownStatement, show_statement
from sib_engine.storage.store import Store
from sib_engine.storage.tables import LedgerEntry
from tests.store.office import CONTRACT, Office, at

SCHEME = "HW-{serial:03}"
EXEMPT: Mapping[str, BillTo] = {
    "council": BillTo("PO-17", VatTreatment.EXEMPT),
    "fund": BillTo("none", VatTreatment.OUTSIDE_SCOPE),
}
STANDARD: Mapping[str, BillTo] = {
    "council": BillTo("PO-17", VatTreatment.STANDARD),
    "fund": BillTo("none", VatTreatment.STANDARD),
}
HEADINGS = "payer,invoice,reference,paid_on,amount"

ENGAGED = ("H-1,referral,2021-01-11", "H-1,vocational profile,2021-01-20")
STARTED = (
    *ENGAGED,
    "H-1,employment,2021-03-08,,shop,16,yes,no",
    "H-1,evidence,2021-03-12,,shop,,,,employer letter,job_start,held",
)
ENDED = "H-1,employment,2021-03-08,2021-03-31,shop,16,yes,no,,,,2021-07-20"
"""On its 24th day, within the 28 of the claw-back of half the price."""


@dataclass(slots=True)
class Billing:
    """The store, with the words of what happens after approval; each call is one command."""

    office: Office
    store: Store = field(init=False)
    n_files: int = 0

    def __post_init__(self) -> None:
        """Name the store."""
        self.store = self.office.store

    @classmethod
    def opened(cls, store: Store, folder: Path) -> "Billing":
        """Return an office in which nothing is stated yet, with an investor and an auditor beside the five."""
        office = Office.opened(store, folder)
        with store.begin() as session:
            root = actor_named(session, "root")
            for login, organisation, role in (
                ("ivy", "Harbour Capital", Role.INVESTOR),
                ("otto", "National Audit", Role.AUDITOR),
            ):
                add_organisation(session, organisation, by=root, at=at("2021-01-04"))
                add_account(session, login, name=login, organisation=organisation, by=root, at=at("2021-01-04"))
                grant_role(session, login, role, contract=CONTRACT, by=root, at=at("2021-01-04"))
        return cls(office)

    @classmethod
    def stated(cls, store: Store, folder: Path, *facts: str) -> "Billing":
        """Return an office with the first quarter stated on 2021-04-08: £1,400 by default, £933.34 and £466.66."""
        billing = cls.opened(store, folder)
        billing.office.upload(*(facts or STARTED), on="2021-04-06")
        billing.office.accept_passed(on="2021-04-07")
        billing.office.approve("2021-Q1", on="2021-04-08")
        return billing

    def send(self, statement: int, *, on: str, by: str = "abe", note: str = "") -> None:
        """Send a statement."""
        with self.store.begin() as session:
            send_statement(session, CONTRACT, statement, note=note, by=actor_named(session, by), at=at(on))

    def invoice(
        self,
        statement: int = 1,
        bill_to: Mapping[str, BillTo] = EXEMPT,
        *,
        on: str = "2021-04-09",
        scheme: str | None = SCHEME,
        issued_on: date | None = None,
        by: str = "ada",
    ) -> tuple[Bill, ...]:
        """Issue the invoices of a statement."""
        with self.store.begin() as session:
            return issue_invoices(
                session,
                CONTRACT,
                statement,
                bill_to,
                scheme=scheme,
                issued_on=issued_on,
                by=actor_named(session, by),
                at=at(on),
            ).bills

    def file(self, *lines: str, headings: str = HEADINGS) -> Path:
        """Return a file of payments."""
        self.n_files += 1
        path = self.office.folder / f"paid-{self.n_files}.csv"
        path.write_text("\n".join((headings, *lines)) + "\n", encoding="utf-8")
        return path

    def preview(self, *lines: str, on: str = "2021-05-20", by: str = "abe", headings: str = HEADINGS) -> Confirmation:
        """Preview a file of payments."""
        path = self.file(*lines, headings=headings)
        with self.store.read() as session:
            return preview_payments(session, CONTRACT, path, by=actor_named(session, by), at=at(on))

    def confirm(
        self, *lines: str, on: str = "2021-05-20", by: str = "abe", accepts_overpayment: bool = False
    ) -> Confirmation:
        """Confirm a file of payments."""
        return self.confirm_file(self.file(*lines), on=on, by=by, accepts_overpayment=accepts_overpayment)

    def confirm_file(
        self,
        path: Path,
        *,
        on: str = "2021-05-20",
        by: str = "abe",
        digest: str | None = None,
        accepts_overpayment: bool = False,
    ) -> Confirmation:
        """Confirm a file of payments that is there."""
        with self.store.begin() as session:
            return confirm_payments(
                session,
                CONTRACT,
                path,
                digest=digest,
                accepts_overpayment=accepts_overpayment,
                by=actor_named(session, by),
                at=at(on),
            )

    def dispute(self, statement: int, line: int, *, on: str, by: str = "tom", note: str = "denied") -> int:
        """Dispute a line."""
        with self.store.begin() as session:
            who = actor_named(session, by)
            return dispute_line(session, CONTRACT, statement, line, note=note, by=who, at=at(on))

    def settle(self, statement: int, line: int, *, on: str, by: str = "tom", note: str = "agreed") -> int:
        """Settle a disputed line."""
        with self.store.begin() as session:
            who = actor_named(session, by)
            return settle_line(session, CONTRACT, statement, line, note=note, by=who, at=at(on))

    def set_off(self, number: str, *, on: str, by: str = "ada", rule: SetOffRule = SetOffRule.OLDEST_DUE) -> SetOffBy:
        """Set a credit note off."""
        with self.store.begin() as session:
            return set_off_credit(session, CONTRACT, number, rule, by=actor_named(session, by), at=at(on))

    def close(self, *, on: str, by: str = "abe", note: str = "agreed by both payers") -> None:
        """Close out the contract."""
        with self.store.begin() as session:
            close_out(session, CONTRACT, note=note, by=actor_named(session, by), at=at(on))

    def positions(self, on: str, *, by: str = "abe", known: str = "2022-12-01") -> Positions:
        """Return where each payer stands on a day."""
        with self.store.read() as session:
            who = actor_named(session, by)
            return positions_of(session, CONTRACT, on=date.fromisoformat(on), by=who, at=at(known))

    def position(self, payer: str, on: str) -> Position:
        """Return where one payer stands on a day."""
        return next(each for each in self.positions(on).payers if each.payer == payer)

    def accruals(self, on: str, *, known: str, by: str = "abe") -> Accruals:
        """Return what is accrued on a day."""
        with self.store.read() as session:
            who = actor_named(session, by)
            return accruals_on(session, CONTRACT, date.fromisoformat(on), by=who, at=at(known))

    def show(self, statement: int, *, by: str = "abe") -> ShownStatement:
        """Show a statement."""
        with self.store.read() as session:
            return show_statement(session, CONTRACT, statement, by=actor_named(session, by))

    def ledger(self) -> list[tuple[str, str, str, int]]:
        """Return kind, debit, credit and amount of every entry."""
        with self.store.read() as session:
            entries = session.execute(select(LedgerEntry).order_by(LedgerEntry.id)).scalars()
            return [(each.kind, each.debit, each.credit, each.amount) for each in entries]
