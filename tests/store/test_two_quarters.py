"""A contract through two quarters, by five people, on both databases: a story that must come out to the penny."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from sib_engine.core.errors import RefusedError, SegregationError, StaleDigestError
from sib_engine.outcomes.claims import Move
from sib_engine.services.audit.replay import replay
from sib_engine.services.statements.postings import EARNED, owed_by
from sib_engine.storage.chain import head
from sib_engine.storage.store import Store
from sib_engine.storage.tables import LedgerEntry
from sib_engine.storage.verify import verify
from tests.store.office import Office

FIRST_QUARTER = (
    "H-1,referral,2021-01-11",
    "H-1,vocational profile,2021-01-20",
    "H-1,employment,2021-02-01,,cafe,20,yes,no",
    "H-1,evidence,2021-02-05,,cafe,,,,employer letter,job_start,held",
    "H-2,referral,2021-02-01",
    "H-2,vocational profile,2021-02-10",
    "H-2,employment,2021-03-08,,shop,16,yes,no",
)


def balance(store: Store, account: str) -> int:
    with store.read() as session:
        debit = select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(LedgerEntry.debit == account)
        credit = select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(LedgerEntry.credit == account)
        return int(session.execute(debit).scalar_one()) - int(session.execute(credit).scalar_one())


def test_two_quarters_come_out_to_the_penny(store: Store, tmp_path: Path) -> None:
    office = Office.opened(store, tmp_path)

    # Ada of the provider looks before she sends: one job start lacks its letter.
    preview = office.preview(*FIRST_QUARTER, on="2021-04-06")
    assert preview.would_pay is not None
    assert preview.at_stake is not None
    assert (preview.would_pay.amount, preview.at_stake.amount) == (1_800_00, 1_000_00)
    assert preview.falls_due is not None
    assert preview.falls_due.amount == 2_000_00
    assert not office.states()
    office.upload(*FIRST_QUARTER, on="2021-04-06")
    assert office.states() == dict.fromkeys(
        (
            "P1/engagement",
            "P1/job_start/cafe",
            "P1/sustained/cafe",
            "P2/engagement",
            "P2/job_start/shop",
            "P2/sustained/shop",
        ),
        "submitted",
    )

    # Vera of the council accepts what passed every check; she may not accept what failed one.
    with pytest.raises(RefusedError, match="P2/job_start/shop: these checks failed: evidence"):
        office.move(Move.ACCEPT, "P2/job_start/shop", on="2021-04-07")
    assert office.accept_passed(on="2021-04-07") == 3

    # Ada may not verify her own claims, and Vera may not approve what she verified.
    with pytest.raises(SegregationError, match="'ada' may not verify claims"):
        office.move(Move.ACCEPT, "P1/sustained/cafe", on="2021-04-07", by="ada")
    shown = office.draft("2021-Q1", on="2021-04-08")
    assert shown.statement.total == 1_800_00
    with pytest.raises(SegregationError, match="'vera' may not approve a statement"):
        office.approve("2021-Q1", on="2021-04-08", by="vera")
    office.approve("2021-Q1", on="2021-04-08", digest=shown.digest)

    # Approving it again as it was shown is told that it is stale, and drawing it up again finds nothing to add.
    with pytest.raises(StaleDigestError):
        office.approve("2021-Q1", on="2021-04-09", digest=shown.digest)
    assert office.draft("2021-Q1", on="2021-04-09").statement.total == 0

    # The second quarter: late evidence for H-2, 13 weeks for H-1, and H-2's job ends on its 24th day.
    office.upload(
        "H-1,employment,2021-02-01,2021-06-11,cafe,20,yes,no",
        "H-1,evidence,2021-05-07,,cafe,,,,payslip,sustained,held,2021-05-10",
        "H-2,evidence,2021-03-12,,shop,,,,employer letter,job_start,held,2021-04-12",
        on="2021-05-12",
    )
    assert office.accept_passed(on="2021-05-13") == 2
    office.approve("2021-Q2", on="2021-07-05")
    office.upload("H-2,employment,2021-03-08,2021-03-31,shop,16,yes,no,,,,2021-07-20", on="2021-07-21")

    # A job start that was accepted on other facts is decided again before anything is taken back for it.
    assert office.states()["P2/job_start/shop"] == "submitted"
    waiting = office.draft("2021-Q3", on="2021-10-04")
    assert (waiting.statement.total, waiting.statement.lines) == (0, ())
    assert [each.what for each in waiting.findings] == [
        "1 claim waits to be decided again, and stays stated as it was: P2/job_start/shop"
    ]
    assert office.accept_passed(on="2021-10-04") == 1
    third = office.draft("2021-Q3", on="2021-10-04")
    lines = [(line.kind.value, line.row, line.own_period, line.payable) for line in third.statement.lines]
    assert lines == [("claw-back", "P2/job_start/shop", "2021-Q1", -500_00)]
    office.approve("2021-Q3", on="2021-10-04")

    # Ledger, statements and audit agree: 1,800 + 3,000 - 500.
    assert balance(store, EARNED) == -4_300_00
    assert balance(store, owed_by("council")) == 2_866_67
    assert balance(store, owed_by("fund")) == 1_433_33
    with store.read() as session:
        whole = verify(session)
        seq, _ = head(session)
        again = replay(session, None, seq=seq)
    assert whole.breaks == ()
    assert [(each.number, each.period, each.total, each.is_same) for each in again] == [
        (1, "2021-Q1", 1_800_00, True),
        (2, "2021-Q2", 3_000_00, True),
        (3, "2021-Q3", -500_00, True),
    ]
