"""Use case: rehearse a contract in a store of its own, from registration to audit."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from sib_engine.core.money import plain
from sib_engine.core.table_writer import write_table
from sib_engine.outcomes.claims import ClaimState, Move
from sib_engine.payments.billing.bills import Bill
from sib_engine.payments.billing.confirmation_file import COLUMNS
from sib_engine.payments.billing.vat import VatTreatment
from sib_engine.payments.sampling.review_file import Found, Review
from sib_engine.services.audit.replay import Replayed, replay
from sib_engine.services.claims.decide import accept_where_all_passed, decide
from sib_engine.services.claims.listing import list_claims
from sib_engine.services.claims.upload import Preview, commit_upload
from sib_engine.services.contracts.register import register_contract
from sib_engine.services.rehearsal.cast import Cast, person
from sib_engine.services.rehearsal.known_facts import write_known
from sib_engine.services.samples.close import Closed, close_sample
from sib_engine.services.samples.design import record_design
from sib_engine.services.samples.draw import draw_sample
from sib_engine.services.samples.review import record_reviews
from sib_engine.services.statements.approve import approve_statement
from sib_engine.services.statements.confirm import confirm_payments
from sib_engine.services.statements.draw import Draft, draw_statement_of
from sib_engine.services.statements.invoice import BillTo, issue_invoices
from sib_engine.services.statements.position import Positions, positions_of
from sib_engine.services.statements.send import send_statement
from sib_engine.storage import chain
from sib_engine.storage.migrate import upgrade
from sib_engine.storage.store import Store
from sib_engine.storage.verify import Verified, verify

DENIED: Final = "the employer says that nobody of this name worked there"
"""What the review of the sample finds of the first claim that it looks at."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter: its label, and the day on which its tracker is sent and its statement approved."""

    label: str
    on: date


@dataclass(frozen=True, slots=True)
class Decided:
    """What a verifier decided in a quarter: how many claims were accepted, and how many still stand open."""

    accepted: int
    open: int


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """One quarter as it was played: what was sent, decided and stated, and the invoices for it."""

    quarter: Quarter
    upload: Preview
    decided: Decided
    draft: Draft
    bills: tuple[Bill, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Rehearsed:
    """What came of it: two quarters, the sample of the first, the position, and the audit.

    ``queried`` is the claim that was queried and answered; ``drawn`` are the claims that the sample drew.
    """

    quarters: tuple[Played, Played]
    queried: str
    drawn: tuple[str, ...]
    sample: Closed
    version: int
    positions: Positions
    audit: Verified
    replayed: tuple[Replayed, ...]


def rehearse(
    url: str, source: str, facts: Path, folder: Path, *, quarters: tuple[Quarter, Quarter], amended: str, note: str
) -> Rehearsed:
    """Return what comes of two quarters of a contract, in a store that is made anew.

    Each quarter the provider sends its tracker as it stands by then, a verifier accepts what passes every check, an
    approver approves the statement, and the provider invoices. After the first quarter a second verifier reviews a
    sample of what was paid and finds one claim to be wrong; then the contract is amended.

    Args:
        url: Address of a database that is empty.
        source: The contract; it has a verification clause.
        facts: Facts of its people, of any length of time.
        folder: Where the files that are sent are written.
        quarters: The two, in order.
        amended: The contract after its amendment.
        note: What was agreed.
    """
    store = Store(url)
    try:
        upgrade(store)
        cast = Cast(source)
        cast.enter(store, _noon(cast.terms.start))
        stage = _Stage(store, cast.terms.code, facts, folder)
        first = stage.quarter(quarters[0], number=1, queries=True)
        stage.pay(first, _noon(quarters[0].on + timedelta(days=21)))
        drawn, closed = stage.sample(1, _noon(quarters[0].on + timedelta(days=28)))
        with store.begin() as session:
            root, at = person(session, "root"), _noon(quarters[0].on + timedelta(days=30))
            version = register_contract(session, amended, note=note, by=root, at=at).version
        second = stage.quarter(quarters[1], number=2)
        end = _noon(quarters[1].on + timedelta(days=1))
        with store.read() as session:
            seq, _ = chain.head(session)
            return Rehearsed(
                quarters=(first, second),
                queried=stage.queried,
                drawn=drawn,
                sample=closed,
                version=version,
                positions=positions_of(session, cast.terms.code, on=None, by=person(session, "abe"), at=end),
                audit=verify(session),
                replayed=replay(session, cast.terms.code, seq=seq),
            )
    finally:
        store.close()


class _Stage:
    """The steps of a quarter, each one command by one person."""

    def __init__(self, store: Store, code: str, facts: Path, folder: Path) -> None:
        self._store = store
        self._code = code
        self._facts = facts
        self._folder = folder
        self.queried = ""

    def quarter(self, quarter: Quarter, *, number: int, queries: bool = False) -> Played:
        """Send the tracker, decide, state and invoice."""
        at = _noon(quarter.on)
        path = self._folder / f"{self._facts.stem}.{quarter.label}.csv"
        write_known(self._facts, path, quarter.on)
        with self._store.begin() as session:
            upload = commit_upload(session, self._code, path, by=person(session, "wanda"), at=at)
        if queries:
            self._query(at)
        with self._store.begin() as session:
            accepted = accept_where_all_passed(session, self._code, by=person(session, "vera"), at=at)
        with self._store.read() as session:
            vera = person(session, "vera")
            n_open = len(list_claims(session, self._code, state=ClaimState.SUBMITTED.value, by=vera))
            digest = draw_statement_of(session, self._code, quarter.label, at=at).digest
        with self._store.begin() as session:
            abe = person(session, "abe")
            draft = approve_statement(session, self._code, quarter.label, digest=digest, by=abe, at=at)
        with self._store.begin() as session:
            send_statement(session, self._code, number, note="to both finance teams", by=person(session, "abe"), at=at)
        with self._store.begin() as session:
            bill_to = {payer: BillTo(f"PO-{payer}", VatTreatment.OUTSIDE_SCOPE) for payer in draft.statement.payers}
            scheme = "WWT-{serial:04}" if number == 1 else None
            wanda = person(session, "wanda")
            bills = issue_invoices(session, self._code, number, bill_to, scheme=scheme, by=wanda, at=at).bills
        return Played(quarter, upload, Decided(len(accepted), n_open), draft, bills)

    def _query(self, at: datetime) -> None:
        """Ask about one claim, and have it answered."""
        with self._store.read() as session:
            claims = list_claims(session, self._code, state=ClaimState.SUBMITTED.value, by=person(session, "vera"))
        self.queried = next(claim.row for claim in claims if not claim.failed)
        with self._store.begin() as session:
            note = "which appointment was the first?"
            decide(session, self._code, Move.QUERY, [self.queried], note=note, by=person(session, "vera"), at=at)
        with self._store.begin() as session:
            note = "the one of the tracker; the diary was checked"
            decide(session, self._code, Move.ANSWER, [self.queried], note=note, by=person(session, "wanda"), at=at)

    def pay(self, played: Played, at: datetime) -> None:
        """Confirm what the council paid on its invoice."""
        with self._store.read() as session:
            abe = person(session, "abe")
        terms = played.draft.contract
        bill = next(each for each in played.bills if terms.organisations[each.payer] == abe.organisation_id)
        path = self._folder / f"{self._facts.stem}.paid.csv"
        paid = plain(bill.gross, terms.terms.currency)
        cells = {"payer": bill.payer, "invoice": bill.number, "reference": "BACS 1", "amount": paid}
        cells["paid_on"] = at.date().isoformat()
        headings = tuple(column.name for column in COLUMNS)
        write_table(path, headings, [[cells.get(name, "") for name in headings]])
        with self._store.begin() as session:
            confirm_payments(session, self._code, path, by=person(session, "abe"), at=at)

    def sample(self, statement: int, at: datetime) -> tuple[tuple[str, ...], Closed]:
        """Design, draw and review a sample; the first claim drawn turns out not to have happened."""
        with self._store.begin() as session:
            record_design(session, self._code, statement, by=person(session, "sam"), at=at)
        with self._store.begin() as session:
            drawn = draw_sample(session, self._code, statement, by=person(session, "sam"), at=at).sample.claims
        for place, claim in enumerate(drawn):
            found = Review(None, claim, Found.RIGHT, None, "", "")
            if place == 0:
                found = Review(None, claim, Found.WRONG, None, "V06", DENIED)
            with self._store.begin() as session:
                record_reviews(session, self._code, statement, found, by=person(session, "sam"), at=at)
        with self._store.begin() as session:
            return drawn, close_sample(session, self._code, statement, by=person(session, "sam"), at=at)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
