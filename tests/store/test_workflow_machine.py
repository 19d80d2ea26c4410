"""The whole workflow in any order, against a model of it in plain Python."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from sib_engine.core.errors import RefusedError, SegregationError, StaleDigestError
from sib_engine.outcomes.claims import Move
from sib_engine.services.access.actors import actor_named, add_account, grant_role
from sib_engine.services.access.roles import Role
from sib_engine.services.audit.replay import replay
from sib_engine.services.statements.approve import approve_statement
from sib_engine.services.statements.draw import Draft
from sib_engine.services.statements.postings import owed_by
from sib_engine.storage.chain import head
from sib_engine.storage.records.claims import claims_as_known
from sib_engine.storage.records.contracts import contract_as_known
from sib_engine.storage.records.statements import lines_as_known
from sib_engine.storage.tables import LedgerEntry
from sib_engine.storage.verify import verify
from tests.store.office import CONTRACT, SOURCE, Office, at
from tests.store.stores import fresh_store
from tests.store.workflow_model import Model, Person

PERIOD = "2021-Q4"
NAMES = ("H-1", "H-2", "H-3")
EVERYBODY = ("ada", "vera", "vic", "paul", "abe", "tom", "root")
ROWS = tuple(
    f"P{number}/{outcome}" for number in (1, 2, 3) for outcome in ("engagement", "job_start/cafe", "sustained/cafe")
)
ACTED = st.sampled_from(EVERYBODY)


class Workflow(RuleBasedStateMachine):
    """Commands by anybody in any order; each is done, or refused, exactly where the model says so."""

    kind: ClassVar[str]

    @initialize()
    def open(self) -> None:
        """Open a store with two more people: one verifies and approves, one does so in the provider's pay."""
        self.ends = ExitStack()
        folder = Path(self.ends.enter_context(TemporaryDirectory()))
        self.office = Office.opened(self.ends.enter_context(fresh_store(self.kind, folder)), folder)
        with self.office.store.begin() as session:
            root = actor_named(session, "root")
            for login, organisation in (("vic", "Riverside Council"), ("paul", "Harbour Works")):
                add_account(session, login, name=login, organisation=organisation, by=root, at=at("2021-01-04"))
                for role in (Role.VERIFIER, Role.APPROVER):
                    grant_role(session, login, role, contract=CONTRACT, by=root, at=at("2021-01-04"))
        self.model = Model()
        self.today = date(2022, 1, 5)
        self.shown = ""
        self.terms_of_last = ""
        self.known: dict[int, object] = {}

    @property
    def day(self) -> str:
        """The day of the next command."""
        return self.today.isoformat()

    def command(self, *, works: bool, give: Callable[[], object], refused: type[Exception] = RefusedError) -> None:
        """Give a command, which is done or refused as the model says; what is refused leaves no entry."""
        before = self.head()
        if works:
            give()
        else:
            with pytest.raises(refused):
                give()
        assert self.head() == before + works
        self.today += timedelta(days=1)

    def head(self) -> int:
        """Return the last place of the chain."""
        with self.office.store.read() as session:
            return head(session)[0]

    @rule(
        who=st.sampled_from(("ada", "ada", "ada", "vera", "abe")),
        name=st.sampled_from(NAMES),
        has_profile=st.booleans(),
        job=st.sampled_from((None, "open", "long", "middling", "short")),
        documents=st.tuples(st.booleans(), st.booleans()),
    )
    def upload(self, who: str, name: str, *, has_profile: bool, job: str | None, documents: tuple[bool, bool]) -> None:
        """Send a person's tracker again; what was said once is not unsaid by leaving it out."""
        model = self.model
        before = model.people.get(name) or Person(len(model.people) + 1)
        now = replace(
            before,
            has_profile=before.has_profile or has_profile,
            job=job or before.job,
            has_letter=before.has_letter or (documents[0] and bool(job or before.job)),
            has_payslip=before.has_payslip or (documents[1] and bool(job or before.job)),
        )
        works = who == "ada" and tuple(now.lines(name)) not in model.files
        self.command(works=works, give=lambda: self.office.upload(*now.lines(name), on=self.day, by=who))
        if works:
            assert model.report(name, now)

    @rule(who=ACTED, move=st.sampled_from(list(Move)), row=st.sampled_from(ROWS))
    def decide(self, who: str, move: Move, row: str) -> None:
        """Anybody tries any move with any claim."""
        if row not in self.model.claims:
            return
        works = self.model.may_move(who, move.value, row)
        reason = "V02" if move is Move.REJECT else ""
        self.command(
            works=works, give=lambda: self.office.move(move, row, on=self.day, by=who, reason=reason, note="because")
        )
        if works:
            self.model.move(who, move.value, row)

    @rule(who=st.sampled_from(("vera", "vic")), row=st.sampled_from(ROWS), move=st.sampled_from(list(Move)))
    def decide_as_one_who_may(self, who: str, row: str, move: Move) -> None:
        """The same, by those who have most to do."""
        self.decide("ada" if move in {Move.ANSWER, Move.WITHDRAW} else who, move, row)

    @rule(who=st.sampled_from(("vera", "vic", "paul", "ada")))
    def accept_passed(self, who: str) -> None:
        """Accept in bulk what passed every check."""
        rows = self.model.acceptable()
        works = bool(rows) and who in {"vera", "vic"}
        self.command(works=works, give=lambda: self.office.accept_passed(on=self.day, by=who))
        for row in rows if works else ():
            self.model.move(who, "accept", row)

    @rule(who=ACTED, accepts_restatement=st.booleans())
    def approve(self, who: str, *, accepts_restatement: bool) -> None:
        """Draw up what is due, and let anybody try to approve it."""
        draft = self.drawn()
        self.approve_by(who, draft, draft.digest, accepts_restatement=accepts_restatement)

    @rule()
    def show(self) -> None:
        """Show somebody a draft, who approves it later or never."""
        self.shown = self.drawn().digest

    @precondition(lambda self: self.shown)
    @rule(who=st.sampled_from(("abe", "tom")))
    def approve_what_was_shown(self, who: str) -> None:
        """Approve what was shown some commands ago: refused where it is no longer what is due."""
        draft = self.drawn()
        if draft.digest == self.shown:
            self.approve_by(who, draft, self.shown, accepts_restatement=True)
        else:
            self.command(
                works=False,
                refused=StaleDigestError,
                give=lambda: self.approved(who, self.shown, accepts_restatement=True),
            )

    @rule(who=st.sampled_from(("root", "root", "abe")), limit=st.sampled_from((50_000, 6_000, 3_500)))
    def amend(self, who: str, limit: int) -> None:
        """Register the contract with another maximum."""
        works = who == "root" and limit * 100 != self.model.limit
        source = SOURCE.read_text(encoding="utf-8").replace("limit = 50000", f"limit = {limit}")
        self.command(works=works, give=lambda: self.office.register(source, on=self.day, note="agreed", by=who))
        if works:
            self.model.limit = limit * 100

    def drawn(self) -> Draft:
        """Draw up a statement, which must be what is due to date less what was stated."""
        draft = self.office.draft(PERIOD, on=self.day)
        made = draft.statement
        assert made.total == self.model.due() - self.model.stated
        assert made.total == sum(line.payable for line in made.lines) == sum(made.pays)
        assert list(made.pays) == [sum(line.pays[place] for line in made.lines) for place in (0, 1)]
        assert not made.restatements or draft.contract.terms.digest != self.terms_of_last
        return draft

    def approve_by(self, who: str, draft: Draft, digest: str, *, accepts_restatement: bool) -> None:
        """Let somebody approve a draft, and see that approving again adds nothing."""
        rows = {line.row for line in draft.statement.lines}
        works = self.model.may_approve(who, rows)
        refused: type[Exception] = SegregationError
        if works and draft.statement.restatements and not accepts_restatement:
            works, refused = False, RefusedError
        self.command(
            works=works,
            refused=refused,
            give=lambda: self.approved(who, digest, accepts_restatement=accepts_restatement),
        )
        if not works:
            return
        self.model.stated += draft.statement.total
        self.model.n_statements += 1
        self.model.approved()
        self.terms_of_last = draft.contract.terms.digest
        again = self.drawn().statement
        assert (again.total, again.lines) == (0, ())

    def approved(self, who: str, digest: str, *, accepts_restatement: bool) -> None:
        """Approve by digest."""
        with self.office.store.begin() as session:
            approve_statement(
                session,
                CONTRACT,
                PERIOD,
                digest=digest,
                accepts_restatement=accepts_restatement,
                by=actor_named(session, who),
                at=at(self.day),
            )

    @invariant()
    def what_stands_is_what_the_model_says(self) -> None:
        """Compare claims, statements and ledger with the model, and remember what is known here."""
        if not hasattr(self, "model"):
            return
        seq = self.head()
        states, paid, by_payer, owed = self.seen(seq)
        assert states == {row: claim.state for row, claim in self.model.claims.items()}
        assert paid == self.model.stated == sum(by_payer)
        # Two thirds and one third of everything so far, to the penny.
        assert abs(3 * by_payer[0] - 2 * paid) <= 2
        assert owed == by_payer
        self.known[seq] = (states, paid, by_payer)

    def seen(self, seq: int) -> tuple[dict[str, str], int, tuple[int, int], tuple[int, int]]:
        """Return claims, what was stated in all and by payer, as known at a place; and the ledger now."""
        with self.office.store.read() as session:
            contract = contract_as_known(session, CONTRACT, seq)
            states = {claim.row: claim.state.value for claim in claims_as_known(session, contract.id, seq)}
            lines = lines_as_known(session, contract.id, seq)

            def moved(side: InstrumentedAttribute[str]) -> dict[str, int]:
                return dict(session.execute(select(side, func.sum(LedgerEntry.amount)).group_by(side)).all())

            owed, settled = moved(LedgerEntry.debit), moved(LedgerEntry.credit)
        accounts = [owed_by(payer) for payer in ("council", "fund")]
        council, fund = (int(owed.get(name, 0)) - int(settled.get(name, 0)) for name in accounts)
        by_payer = (sum(line.pays[0] for line in lines), sum(line.pays[1] for line in lines))
        return states, sum(line.payable for line in lines), by_payer, (council, fund)

    def teardown(self) -> None:
        """See that the chain is whole, every statement comes out again, and nothing known earlier has changed."""
        if not hasattr(self, "model"):
            return
        with self.ends, self.office.store.read() as session:
            assert verify(session).breaks == ()
            again = replay(session, CONTRACT, seq=head(session)[0])
            assert [each.is_same for each in again] == [True] * self.model.n_statements
            assert {seq: self.seen(seq)[:3] for seq in self.known} == self.known


class OnSqlite(Workflow):
    """On SQLite."""

    kind = "sqlite"


class OnPostgresql(Workflow):
    """On PostgreSQL."""

    kind = "postgresql"


MOST = settings().max_examples
TestOnSqlite = OnSqlite.TestCase
TestOnSqlite.settings = settings(max_examples=min(MOST, 30) if MOST < 1_000 else MOST, stateful_step_count=25)
TestOnPostgresql = OnPostgresql.TestCase
TestOnPostgresql.settings = settings(max_examples=min(MOST, 4), stateful_step_count=25)
pytestmark = pytest.mark.slow
