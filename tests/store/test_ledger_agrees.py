"""Whatever happens in whatever order: ledger = statements + VAT - payments, for each payer, on each day."""

import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sib_engine.core.dates import add_months
from sib_engine.payments.billing.bills import Bill
from sib_engine.services.statements.postings import EARNED, VAT, owed_by, paid_by
from sib_engine.storage import chain
from sib_engine.storage.records.billing import balances_as_known, bills_as_known
from sib_engine.storage.records.contracts import contract_as_known
from sib_engine.storage.records.statements import lines_as_known
from sib_engine.storage.verify import verify
from tests.store.billing import STANDARD, Billing
from tests.store.office import CONTRACT
from tests.store.stores import EACH_KIND, fresh_store

PAYERS = ("council", "fund")
WHO = {"council": "abe", "fund": "tom"}
N_QUARTERS = 3
VAT_OF_A_PENNY = 5
"""A fifth: 20 %."""

STEPS = st.lists(
    st.tuples(
        st.sampled_from(("engage", "start", "end", "state", "state", "invoice", "pay", "dispute", "settle", "set off")),
        st.integers(0, 99),
    ),
    min_size=6,
    max_size=12,
)


@dataclass(slots=True)
class Story:
    """A contract that goes through steps, with a plain count of what should come of them, by payer and day."""

    billing: Billing
    day: date = date(2021, 1, 11)
    quarter: int = 0
    n_people: int = 0
    n_payments: int = 0
    started: list[tuple[int, date]] = field(default_factory=list)
    moved: dict[str, list[tuple[date, int, int, int]]] = field(default_factory=lambda: defaultdict(list))
    """Day, net stated, VAT and paid, for each thing that moved money, by payer."""

    def step(self, name: str, pick: int) -> None:
        """Take one step where there is something to take it on; a step on nothing is none."""
        self.day += timedelta(days=pick % 3)
        getattr(self, name.replace(" ", "_"))(pick)

    def engage(self, _pick: int) -> int:
        """Let a new person engage, and accept it."""
        self.n_people += 1
        person = f"H-{self.n_people}"
        self.billing.office.upload(
            f"{person},referral,{self.day}", f"{person},vocational profile,{self.day}", on=str(self.day)
        )
        self.billing.office.accept_passed(on=str(self.day))
        return self.n_people

    def start(self, pick: int) -> None:
        """Let a new person start a job, with its letter."""
        number = self.engage(pick)
        person = f"H-{number}"
        self.billing.office.upload(
            f"{person},employment,{self.day},,j{number},20,yes,no",
            f"{person},evidence,{self.day},,j{number},,,,employer letter,job_start,held",
            on=str(self.day),
        )
        self.billing.office.accept_passed(on=str(self.day))
        self.started.append((number, self.day))

    def end(self, pick: int) -> None:
        """Let a job end after ten days, which takes half its price back."""
        if self.started:
            number, first = self.started.pop(pick % len(self.started))
            last = first + timedelta(days=9)
            self.day = max(self.day, last)
            self.billing.office.upload(
                f"H-{number},employment,{first},{last},j{number},20,yes,no,,,,{self.day}", on=str(self.day)
            )

    def state(self, _pick: int) -> None:
        """State the next quarter, once it is over."""
        if self.quarter == N_QUARTERS:
            return
        self.day = max(self.day, add_months(date(2021, 1, 1), 3 * (self.quarter + 1)))
        label = f"{2021 + self.quarter // 4}-Q{self.quarter % 4 + 1}"
        drawn = self.billing.office.approve(label, on=str(self.day)).statement
        self.quarter += 1
        for payer, amount in zip(drawn.payers, drawn.pays, strict=True):
            self.moved[payer].append((self.day, amount, 0, 0))

    def invoice(self, _pick: int) -> None:
        """Invoice the oldest statement that asks something and is not invoiced."""
        done = {bill.statement for bill in self.bills()}
        asked = {number: self.asked(number) for number in range(1, self.quarter + 1)}
        number = next((number for number, nets in asked.items() if any(nets.values()) and number not in done), None)
        if number is None:
            return
        bill_to = {payer: STANDARD[payer] for payer, net in asked[number].items() if net}
        self.billing.invoice(number, bill_to, on=str(self.day))
        for payer, net in asked[number].items():
            vat = (2 * abs(net) + VAT_OF_A_PENNY) // (2 * VAT_OF_A_PENNY)
            self.moved[payer].append((self.day, 0, vat if net > 0 else -vat, 0))

    def pay(self, pick: int) -> None:
        """Pay an invoice in part, whole or too much, or pay back what is in credit."""
        open_bills = [bill for bill in self.bills() if bill.outstanding]
        if not open_bills:
            return
        bill = open_bills[pick % len(open_bills)]
        amount = bill.outstanding * (1, 1, 2, 3)[pick % 4] // (1, 2, 3, 2)[pick % 4] or bill.outstanding
        if amount * bill.gross < 0:
            amount = bill.outstanding
        self.n_payments += 1
        line = f"{bill.payer},{bill.number},R-{self.n_payments},{self.day},{amount / 100:.2f}"
        self.billing.confirm(line, on=str(self.day), by=WHO[bill.payer], accepts_overpayment=True)
        self.moved[bill.payer].append((self.day, 0, 0, amount))

    def dispute(self, pick: int) -> None:
        """Dispute the first line of some statement, or settle it where it is disputed."""
        if self.quarter:
            self.say(pick % self.quarter + 1, PAYERS[pick % 2], settles=False)

    def settle(self, pick: int) -> None:
        """Settle what is disputed first, if anything is."""
        found = self.billing.positions(str(self.day)).disputes
        if found:
            each = found[pick % len(found)]
            self.billing.settle(each.statement, each.line, on=str(self.day), by=WHO[each.payer])

    def say(self, statement: int, payer: str, *, settles: bool) -> None:
        """Dispute the first line that asks something of a payer and is not disputed."""
        disputed = {(each.statement, each.line, each.payer) for each in self.billing.positions(str(self.day)).disputes}
        for each in self.billing.show(statement).lines:
            pays = dict(zip(each.line.payers, each.line.pays, strict=True))[payer]
            if pays > 0 and ((statement, each.number, payer) in disputed) is settles:
                self.billing.dispute(statement, each.number, on=str(self.day), by=WHO[payer])
                return

    def set_off(self, _pick: int) -> None:
        """Set a credit note off where it and an invoice are open."""
        bills = self.bills()
        for bill in bills:
            others = [each for each in bills if each.payer == bill.payer and each.open_amount > 0]
            if bill.is_credit_note and bill.credit and [each for each in others if not each.is_credit_note]:
                self.billing.set_off(bill.number, on=str(self.day))
                return

    def bills(self) -> list[Bill]:
        """Return every invoice as it stands."""
        with self.billing.store.read() as session:
            seq, _ = chain.head(session)
            return bills_as_known(session, contract_as_known(session, CONTRACT, seq).id, seq)

    def asked(self, number: int) -> dict[str, int]:
        """Return what a statement asks of each payer, from its lines."""
        nets = dict.fromkeys(PAYERS, 0)
        with self.billing.store.read() as session:
            seq, _ = chain.head(session)
            for line in lines_as_known(session, contract_as_known(session, CONTRACT, seq).id, seq):
                if line.statement == number:
                    for payer, pays in zip(line.payers, line.pays, strict=True):
                        nets[payer] += pays
        return nets

    def check(self, on: date) -> None:
        """Hold ledger, positions and invoices against the plain count on a day."""
        sums = {}
        for payer in PAYERS:
            until = [(stated, vat, paid) for day, stated, vat, paid in self.moved[payer] if day <= on]
            sums[payer] = (
                sum(each[0] for each in until),
                sum(each[1] for each in until),
                sum(each[2] for each in until),
            )
        with self.billing.store.read() as session:
            seq, _ = chain.head(session)
            balances = balances_as_known(session, contract_as_known(session, CONTRACT, seq).id, seq, on=on)
        for payer, (stated, vat, paid) in sums.items():
            assert balances.get(owed_by(payer), 0) == stated + vat - paid
            assert balances.get(paid_by(payer), 0) == paid
        assert balances.get(EARNED, 0) == -sum(stated for stated, _, _ in sums.values())
        assert balances.get(VAT, 0) == -sum(vat for _, vat, _ in sums.values())
        assert sum(balances.values()) == 0
        found = self.billing.positions(str(on))
        for each in found.payers:
            assert each.agrees
            assert (each.stated, each.vat, each.paid) == sums[each.payer]
            assert 0 <= each.disputed <= max(each.owed, 0) + each.debt.credit + max(-each.not_invoiced, 0)
        for payer in PAYERS:
            mine = [bill for bill in found.bills if bill.payer == payer]
            assert sum(bill.set_off for bill in mine) == 0
            assert all(0 <= bill.disputed <= max(bill.outstanding, 0) for bill in mine)


@pytest.mark.slow
@pytest.mark.parametrize("kind", EACH_KIND)
@settings(max_examples=3)
@given(steps=STEPS)
def test_the_ledger_is_statements_and_vat_less_payments_whatever_happens(
    kind: str, steps: list[tuple[str, int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder, fresh_store(kind, Path(folder)) as store:
        story = Story(Billing.opened(store, Path(folder)))
        # Something to begin with, so that the later steps have what they are about.
        for name, pick in (("start", 0), ("engage", 1), ("state", 0), ("invoice", 0), *steps):
            story.step(name, pick)
        for on in sorted({day for moves in story.moved.values() for day, *_ in moves} | {story.day}):
            story.check(on)
        with store.read() as session:
            assert verify(session).breaks == ()
