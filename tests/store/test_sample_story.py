"""A sample from its design to the ledger, on both databases, with figures worked out by hand."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from sib_engine.core.errors import RefusedError, SegregationError, StaleDigestError
from sib_engine.outcomes.claims import Move
from sib_engine.services.statements.postings import EARNED, owed_by
from sib_engine.storage.store import Store
from sib_engine.storage.tables import LedgerEntry
from tests.store.billing import STANDARD, Billing
from tests.store.sampling import Sampling


def balance(store: Store, account: str) -> int:
    with store.read() as session:
        debit = select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(LedgerEntry.debit == account)
        credit = select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(LedgerEntry.credit == account)
        return int(session.execute(debit).scalar_one()) - int(session.execute(credit).scalar_one())


def test_what_a_sample_finds_is_taken_back_once_to_the_penny(store: Store, tmp_path: Path) -> None:
    # Twelve engagements at £400 were stated: £4,800, two thirds the council's.
    sampling = Sampling.opened(store, tmp_path)
    office = sampling.office
    assert balance(store, owed_by("council")) == 3_200_00
    drawn = sampling.drawn()
    assert len(drawn) == 6

    # One of six was worth nothing, one £100: £700 of £2,400 is wrong, so £1,400 of £4,800 by best estimate.
    wrong, in_part, *_ = drawn
    sampling.find(drawn, {wrong: 0, in_part: 100})
    closed = sampling.close()
    assert closed.rejected == (wrong,)
    taken = closed.recovery
    assert (taken.by_rule, taken.found, taken.corrected, taken.extrapolated) == (1_400_00, 700_00, 0, 700_00)

    # The second statement takes back the claim, the part, and £700 of claims that nobody looked at.
    lines = sampling.lines("2021-Q2", on="2021-07-05")
    assert lines == [
        ("correction", wrong, -400_00),
        ("recovery", f"recovery/1/found/{in_part}", -300_00),
        ("recovery", "recovery/1/extrapolated/engagement/split", -700_00),
    ]
    why = office.draft("2021-Q2", on="2021-07-05").statement.lines[2].why
    assert why == (
        "the sample of statement 1, point estimate: £1,400.00 of all its claims is overpaid, less £700.00 found"
        " and taken back claim by claim; £700.00 in all for claims that nobody looked at"
    )
    second = office.approve("2021-Q2", on="2021-07-05").statement
    assert (second.total, second.due, second.stated_before) == (-1_400_00, 3_400_00, 4_800_00)
    # Two thirds of £3,400 is £2,266.66 and two thirds of a penny: the council, which is served first, bears it.
    assert balance(store, owed_by("council")) == 2_266_67
    assert balance(store, owed_by("fund")) == 1_133_33
    assert balance(store, EARNED) == -3_400_00

    # A claim that nobody had looked at turns out wrong: it is taken back, and so much less is extrapolated.
    unseen = sorted(set(office.states()) - set(drawn))
    for place, claim in enumerate(unseen[:2]):
        office.move(Move.REOPEN, claim, on="2021-08-02", by="vic", note="a second look")
        office.move(Move.REJECT, claim, on="2021-08-02", by="vic", reason="V06", note="nobody met")
        expected = [
            [("recovery", "recovery/1/extrapolated/engagement/split", 400_00), ("correction", unseen[0], -400_00)],
            # Two of them are £800, more than the £700: nothing is extrapolated any more, and £100 more is found.
            [
                ("recovery", "recovery/1/extrapolated/engagement/split", 700_00),
                ("correction", unseen[0], -400_00),
                ("correction", unseen[1], -400_00),
            ],
        ][place]
        assert sampling.lines("2021-Q3", on="2021-10-04") == expected
    third = office.approve("2021-Q3", on="2021-10-04").statement
    assert third.total == -100_00
    assert balance(store, EARNED) == -3_300_00
    assert balance(store, owed_by("council")) == 2_200_00
    assert balance(store, owed_by("fund")) == 1_100_00

    # Decided anew after the sample, a claim counts in full again.
    office.move(Move.REOPEN, in_part, on="2021-11-01", note="the diary was found")
    office.move(Move.ACCEPT, in_part, on="2021-11-01")
    assert sampling.lines("2021-Q4", on="2022-01-04") == [("recovery", f"recovery/1/found/{in_part}", 300_00)]
    office.approve("2021-Q4", on="2022-01-04")
    assert sampling.lines("2021-Q4", on="2022-01-05") == []

    assert [(each.number, each.total, each.is_same) for each in sampling.again()] == [
        (1, 4_800_00, True),
        (2, -1_400_00, True),
        (3, -100_00, True),
        (4, 300_00, True),
    ]
    # The wrong claim, the two found later: £1,200 of £4,800 is gone, and everything else stands.
    assert balance(store, EARNED) == -3_600_00


def test_by_found_only_nothing_is_taken_back_that_was_not_found(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path, recover="found only")
    drawn = sampling.drawn()
    sampling.find(drawn, {drawn[0]: 0})

    closed = sampling.close()

    assert (closed.recovery.extrapolated, closed.recovery.found) == (0, 400_00)
    assert sampling.lines("2021-Q2", on="2021-07-05") == [("correction", drawn[0], -400_00)]


def test_by_lower_bound_only_what_the_sample_rules_out_is_extrapolated(store: Store, tmp_path: Path) -> None:
    # 5 of 6 wrong of 12: were only 6 wrong in all, 5 or more would be drawn in 37 of 924 samples, 4%; with 7 it is 12%.
    sampling = Sampling.opened(store, tmp_path, recover="lower bound")
    drawn = sampling.drawn()
    sampling.find(drawn, dict.fromkeys(drawn[:5], 0))

    taken = sampling.close().recovery

    assert (taken.by_rule, taken.found, taken.extrapolated) == (2_800_00, 2_000_00, 800_00)
    assert sampling.office.draft("2021-Q2", on="2021-07-05").statement.total == -2_800_00


def test_who_sampled_does_not_approve_what_the_sample_takes_back(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path)
    drawn = sampling.drawn()
    sampling.find(drawn, {drawn[0]: 100}, by="vic")
    sampling.close()
    sampling.office.grant("vic", "approver", on="2021-05-11")

    with pytest.raises(SegregationError, match="vic took part in the sample of statement 1: a second person"):
        sampling.office.approve("2021-Q2", on="2021-07-05", by="vic")


def test_a_statement_that_was_shown_before_the_sample_was_closed_is_stale(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path)
    drawn = sampling.drawn()
    sampling.find(drawn, {drawn[0]: 100})
    shown = sampling.office.draft("2021-Q2", on="2021-07-05").digest
    sampling.close(on="2021-07-05")

    with pytest.raises(StaleDigestError, match="what was shown for 2021-Q2 is no longer what is due"):
        sampling.office.approve("2021-Q2", on="2021-07-05", digest=shown)


def test_a_sample_with_nothing_wrong_leaves_the_next_statement_alone(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path)
    sampling.find(sampling.drawn(), {})

    assert sampling.close().recovery.by_rule == 0
    assert sampling.lines("2021-Q2", on="2021-07-05") == []


def test_a_closed_sample_takes_no_verdict_and_is_closed_once(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path)
    drawn = sampling.drawn()
    sampling.find(drawn, {})
    sampling.close()

    with pytest.raises(RefusedError, match="the sample of statement 1 is closed, and what it found stands"):
        sampling.close()
    with pytest.raises(RefusedError, match="the sample of statement 1 is closed"):
        sampling.find(drawn[:1], {drawn[0]: 0})


def test_a_recovery_becomes_credit_notes_and_every_position_agrees_with_the_ledger(
    store: Store, tmp_path: Path
) -> None:
    sampling = Sampling.opened(store, tmp_path)
    billing = Billing(sampling.office)
    billing.invoice(1, STANDARD, on="2021-04-06")
    drawn = sampling.drawn()
    sampling.find(drawn, {drawn[0]: 0})
    sampling.close()
    assert [
        (each.payer, each.net, each.basis) for each in billing.accruals("2021-06-30", known="2021-07-02").lines
    ] == [
        ("council", -533_33, "accepted and due, not stated"),
        ("fund", -266_67, "accepted and due, not stated"),
    ]

    # £400 found and £400 extrapolated: of £4,800 less £800 the council owes £2,666.67.
    sampling.office.approve("2021-Q2", on="2021-07-05")
    bills = billing.invoice(2, STANDARD, on="2021-07-06", scheme=None)

    assert [(bill.payer, bill.net, bill.vat, bill.is_credit_note) for bill in bills] == [
        ("council", -533_33, -106_67, True),
        ("fund", -266_67, -53_33, True),
    ]
    found = billing.positions("2021-07-31", known="2021-08-01")
    assert [(each.payer, each.stated, each.vat, each.agrees) for each in found.payers] == [
        ("council", 2_666_67, 533_33, True),
        ("fund", 1_333_33, 266_67, True),
    ]
    shown = billing.show(2).as_dict()["lines"]
    assert [(each["kind"], each["payable"], bool(each["why"])) for each in shown] == [
        ("correction", "-400.00", True),
        ("recovery", "-400.00", True),
    ]
    assert all(each.is_same for each in sampling.again())
