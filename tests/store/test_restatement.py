"""An amendment that reaches back moves what was stated: shown in pounds, applied where that is said, billed once."""

from pathlib import Path

import pytest

from sib_engine.core.errors import RefusedError
from sib_engine.services.access.actors import actor_named
from sib_engine.services.audit.replay import replay
from sib_engine.services.statements.approve import approve_statement
from sib_engine.services.statements.postings import EARNED, owed_by
from sib_engine.storage.chain import head
from sib_engine.storage.store import Store
from sib_engine.storage.verify import verify
from tests.store.billing import Billing
from tests.store.office import CONTRACT, SOURCE, at

AMENDMENT = """
[[tariff]]
id = "job-2021-amended"
metric = "job_start"
from = 2021-03-01
price = 850
amendment = "lower"
status = "agreed"
source = "made up"

[[amendment]]
id = "lower"
signed_on = 2021-05-10
effective_from = 2021-03-01
text = "A job start is worth 850 from March on."
status = "agreed"
source = "made up"
"""


@pytest.fixture
def billing(store: Store, tmp_path: Path) -> Billing:
    """One engagement (400) and one job start (1,000) stated and invoiced; then the price of a job start falls."""
    found = Billing.stated(store, tmp_path)
    found.invoice()
    found.office.register(SOURCE.read_text(encoding="utf-8") + AMENDMENT, on="2021-05-11", note="agreed on 10 May")
    return found


def test_it_is_shown_in_pounds_and_refused_until_somebody_says_that_it_is_meant(billing: Billing) -> None:
    draft = billing.office.draft("2021-Q2", on="2021-07-05")

    assert [(each.subject, each.before, each.after) for each in draft.statement.restatements] == [
        ("P1/job_start/shop", 1_000_00, 850_00)
    ]
    with pytest.raises(RefusedError, match=r"1 of what was stated would change by -£150\.00 in all"):
        billing.office.approve("2021-Q2", on="2021-07-05", digest=draft.digest)
    assert balance(billing, EARNED) == -1_400_00


def test_accepted_the_old_amount_goes_back_and_the_new_one_is_stated_in_the_shares_of_the_first(
    billing: Billing,
) -> None:
    restate(billing)

    lines = [(each.line.kind.value, each.line.own_period, each.line.payable) for each in billing.show(2).lines]
    assert lines == [("correction", "2021-Q1", -1_000_00), ("correction", "2021-Q1", 850_00)]
    assert balance(billing, EARNED) == -1_250_00
    assert (balance(billing, owed_by("council")), balance(billing, owed_by("fund"))) == (833_34, 416_66)
    (first, second) = replayed(billing.store)
    assert (first, second) == ((1, 1_400_00, True), (2, -150_00, True))


def test_it_is_billed_as_a_credit_note_and_what_is_outstanding_falls_by_it(billing: Billing) -> None:
    restate(billing)
    notes = billing.invoice(2, on="2021-07-06")

    assert [(bill.payer, bill.gross) for bill in notes] == [("council", -100_00), ("fund", -50_00)]
    assert balance(billing, owed_by("council")) == 833_34


def test_of_the_same_restatement_nothing_is_left_for_the_statement_after(billing: Billing) -> None:
    restate(billing)

    after = billing.office.draft("2021-Q3", on="2021-10-04").statement
    assert (after.restatements, after.total) == ((), 0)
    with billing.store.read() as session:
        assert verify(session).breaks == ()


def restate(billing: Billing) -> None:
    """Approve the second quarter, restatement and all."""
    digest = billing.office.draft("2021-Q2", on="2021-07-05").digest
    with billing.store.begin() as session:
        abe = actor_named(session, "abe")
        approve_statement(
            session, CONTRACT, "2021-Q2", digest=digest, accepts_restatement=True, by=abe, at=at("2021-07-05")
        )


def balance(billing: Billing, account: str) -> int:
    """Return what an account was debited, less what it was credited."""
    entries = billing.ledger()
    return sum(amount for _, debit, _, amount in entries if debit == account) - sum(
        amount for _, _, credit, amount in entries if credit == account
    )


def replayed(store: Store) -> list[tuple[int, int, bool]]:
    """Return number and total of each statement, and whether it comes out the same again."""
    with store.read() as session:
        seq, _ = head(session)
        return [(each.number, each.total, each.is_same) for each in replay(session, None, seq=seq)]
