from pathlib import Path

import pytest

from sib_engine.core.errors import FindingsError, RefusedError, SegregationError
from sib_engine.outcomes.claims import Move
from sib_engine.services.access.actors import actor_named, grant_role
from sib_engine.services.access.roles import Role
from sib_engine.services.audit.replay import replay
from sib_engine.services.claims.listing import list_claims
from sib_engine.storage import chain
from sib_engine.storage.store import Store
from sib_engine.storage.tables import StatementEvent
from sib_engine.storage.verify import verify
from tests.store.billing import STARTED, Billing
from tests.store.office import CONTRACT, SOURCE, at

PAID = {
    "abe": "council,HW-001,BACS-1,2021-05-07,933.34",
    "tom": "fund,HW-002,BACS-2,2021-05-07,466.66",
}


def settled(store: Store, folder: Path) -> Billing:
    """Return an office with one statement, paid by both, and no open claim."""
    billing = Billing.stated(store, folder)
    billing.office.move(Move.WITHDRAW, "P1/sustained/shop", on="2021-04-09", by="ada", note="the job will not last")
    billing.invoice(1)
    for who, line in PAID.items():
        billing.confirm(line, by=who)
    return billing


def write_something(store: Store) -> None:
    with store.begin() as session:
        command = chain.begin(session, "something.new", by_id=1, at=at("2021-06-02"), contract_id=1)
        command.add_one(StatementEvent, statement_id=1, kind="new", note="", by_id=1)
        command.close()


def refused(billing: Billing, on: str) -> list[tuple[str, str]]:
    with pytest.raises(FindingsError) as found:
        billing.close(on=on)
    return [(each.rule, each.what) for each in found.value.findings]


def test_everything_that_is_open_is_named(store: Store, tmp_path: Path) -> None:
    billing = Billing.opened(store, tmp_path)
    billing.office.upload(*STARTED, on="2021-04-06")
    billing.office.move(Move.QUERY, "P1/engagement", on="2021-04-06", note="which day?")
    assert refused(billing, "2021-04-07") == [
        ("claim-open", "claim P1/engagement is queried"),
        ("claim-open", "claim P1/job_start/shop is submitted"),
        ("claim-open", "claim P1/sustained/shop is submitted"),
    ]

    billing.office.move(Move.WITHDRAW, "P1/sustained/shop", on="2021-04-07", by="ada", note="it will not last")
    billing.office.move(Move.ACCEPT, "P1/engagement", "P1/job_start/shop", on="2021-04-07")
    assert refused(billing, "2021-04-07") == [
        ("due-not-stated", "P1/engagement of 2021-Q1: £400.00 is due and on no statement"),
        ("due-not-stated", "P1/job_start/shop of 2021-Q1: £1,000.00 is due and on no statement"),
    ]

    billing.office.approve("2021-Q1", on="2021-04-08")
    billing.dispute(1, 2, on="2021-04-08", note="the employer denies it")
    assert refused(billing, "2021-04-08") == [
        ("statement-not-invoiced", "statement 1 is not invoiced to council: £933.34"),
        ("statement-not-invoiced", "statement 1 is not invoiced to fund: £466.66"),
        ("line-disputed", "fund disputes line 2 of statement 1, £333.33: the employer denies it"),
    ]

    billing.invoice(1)
    billing.confirm("council,HW-001,BACS-1,2021-05-07,1000.00", accepts_overpayment=True)
    billing.settle(1, 2, on="2021-05-08")
    assert refused(billing, "2021-05-20") == [
        ("credit-open", "£66.66 of invoice HW-001 is to go back to council"),
        ("invoice-unpaid", "£466.66 of invoice HW-002 to fund is not paid"),
    ]


def test_a_closed_contract_takes_nothing_more_and_can_be_read(store: Store, tmp_path: Path) -> None:
    billing = settled(store, tmp_path)
    billing.close(on="2021-06-01")
    office = billing.office
    closed = "two-quarters was closed out on 2021-06-01: its records can be read, and nothing is added to them"

    for refuse in (
        lambda: office.upload("H-2,referral,2021-04-11", on="2021-06-02"),
        lambda: office.preview("H-2,referral,2021-04-11", on="2021-06-02"),
        lambda: office.move(Move.REOPEN, "P1/sustained/shop", on="2021-06-02", note="it lasts"),
        lambda: office.accept_passed(on="2021-06-02"),
        lambda: office.approve("2021-Q2", on="2021-07-05"),
        lambda: office.register(
            SOURCE.read_text(encoding="utf-8").replace("50000", "60000"), on="2021-06-02", note="more"
        ),
        lambda: billing.send(1, on="2021-06-02"),
        lambda: billing.invoice(1, on="2021-06-02"),
        lambda: billing.confirm("council,HW-001,BACS-3,2021-05-07,1.00", on="2021-06-02"),
        lambda: billing.dispute(1, 2, on="2021-06-02"),
        lambda: billing.set_off("HW-001", on="2021-06-02"),
        lambda: billing.close(on="2021-06-02"),
    ):
        with pytest.raises(RefusedError, match=closed):
            refuse()

    assert billing.show(1).total == 1_400_00
    assert [each.owed for each in billing.positions("2021-06-02").payers] == [0, 0]
    with store.begin() as session:
        root = actor_named(session, "root")
        grant_role(session, "vera", Role.AUDITOR, contract=CONTRACT, by=root, at=at("2021-06-03"))
    with store.read() as session:
        assert len(list_claims(session, CONTRACT, state=None, by=actor_named(session, "vera"))) == 3
        assert [each.is_same for each in replay(session, CONTRACT, seq=chain.head(session)[0])] == [True]
        assert verify(session).breaks == ()


def test_no_command_at_all_writes_about_a_closed_contract(store: Store, tmp_path: Path) -> None:
    settled(store, tmp_path).close(on="2021-06-01")

    with pytest.raises(RefusedError, match="was closed out on 2021-06-01"):
        write_something(store)


@pytest.mark.parametrize("who", ["ada", "vera", "root", "ivy", "otto"])
def test_only_who_approves_closes_out_and_with_a_note(store: Store, tmp_path: Path, who: str) -> None:
    billing = settled(store, tmp_path)

    with pytest.raises(SegregationError, match=f"'{who}' may not approve a statement"):
        billing.close(on="2021-06-01", by=who)
    with pytest.raises(RefusedError, match="to close out a contract needs a note"):
        billing.close(on="2021-06-01", note=" ")
    billing.close(on="2021-06-01", by="tom")
