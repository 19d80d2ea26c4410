from pathlib import Path

import pytest

from sib_engine.core.errors import NotFoundError, RefusedError, SegregationError
from sib_engine.storage.store import Store
from tests.store.billing import ENDED, STANDARD, Billing


def test_a_disputed_amount_is_owed_and_not_overdue_until_it_is_settled(store: Store, tmp_path: Path) -> None:
    billing = Billing.stated(store, tmp_path)
    billing.invoice(1, STANDARD)

    amount = billing.dispute(1, 2, on="2021-05-01", by="tom", note="the employer denies it")

    # Line 2 is the job start of £1,000: £333.33 of it are the fund's, £400.00 with VAT.
    assert amount == 333_33
    position = billing.position("fund", "2021-05-20")
    assert (position.owed, position.disputed, position.debt.disputed) == (559_99, 400_00, 400_00)
    assert (position.debt.to_30, position.debt.overdue, position.agrees) == (159_99, 159_99, True)
    assert billing.position("council", "2021-05-20").disputed == 0

    billing.settle(1, 2, on="2021-06-01", by="tom", note="payslip seen")
    assert billing.position("fund", "2021-06-01").debt.to_30 == 559_99
    assert billing.position("fund", "2021-05-20").debt.disputed == 400_00
    assert billing.position("fund", "2021-04-30").debt.disputed == 0


def test_a_statement_shows_its_disputes_with_their_words(store: Store, tmp_path: Path) -> None:
    billing = Billing.stated(store, tmp_path)
    billing.send(1, on="2021-04-09", note="to both finance teams")
    billing.dispute(1, 2, on="2021-05-01", by="tom", note="the employer denies it")

    found = billing.show(1)

    assert [(each.payer, each.line, each.row, each.reason, each.by) for each in found.disputes] == [
        ("fund", 2, "P1/job_start/shop", "the employer denies it", "tom")
    ]
    assert [(part.payer, part.disputed) for part in found.payers] == [("council", 0), ("fund", 333_33)]
    assert [(str(each.on), each.by, each.what) for each in found.events] == [
        ("2021-04-08", "abe", "approved"),
        ("2021-04-09", "abe", "sent: to both finance teams"),
        ("2021-05-01", "tom", "line 2 disputed by fund: the employer denies it"),
    ]


def test_a_line_can_be_disputed_before_there_is_an_invoice(store: Store, tmp_path: Path) -> None:
    billing = Billing.stated(store, tmp_path)

    billing.dispute(1, 2, on="2021-04-09", by="abe")

    position = billing.position("council", "2021-04-09")
    assert (position.not_invoiced, position.disputed, position.debt.disputed, position.agrees) == (
        933_34,
        666_67,
        0,
        True,
    )


def test_what_a_payer_was_right_about_is_credited_by_the_next_statement(store: Store, tmp_path: Path) -> None:
    billing = Billing.stated(store, tmp_path)
    billing.invoice(1, STANDARD)
    billing.dispute(1, 2, on="2021-05-01", by="tom", note="the job had ended")
    billing.office.upload(ENDED, on="2021-07-21")
    billing.office.accept_passed(on="2021-07-21")
    billing.office.approve("2021-Q2", on="2021-07-22")
    billing.invoice(2, STANDARD, on="2021-07-23")

    billing.settle(1, 2, on="2021-07-24", by="tom", note="credited by statement 2")
    billing.set_off("HW-004", on="2021-07-24")

    position = billing.position("fund", "2021-07-24")
    assert (position.owed, position.disputed, position.debt.outstanding, position.debt.credit) == (360_00, 0, 360_00, 0)


@pytest.mark.parametrize(
    ("statement", "line", "note", "why"),
    [
        (1, 3, "denied", "statement 1 has no line 3"),
        (2, 1, "denied", "has no statement 2; accepted: 1 to 1"),
    ],
)
def test_a_line_that_is_not_there_is_named(
    store: Store, tmp_path: Path, statement: int, line: int, note: str, why: str
) -> None:
    billing = Billing.stated(store, tmp_path)

    with pytest.raises(NotFoundError, match=why):
        billing.dispute(statement, line, on="2021-05-01", note=note)


def test_a_dispute_needs_words_and_stands_once(store: Store, tmp_path: Path) -> None:
    billing = Billing.stated(store, tmp_path)

    with pytest.raises(RefusedError, match="to dispute a line needs a note that says why"):
        billing.dispute(1, 2, on="2021-05-01", note=" ")
    with pytest.raises(RefusedError, match="line 2 of statement 1 is not disputed by fund"):
        billing.settle(1, 2, on="2021-05-01")
    billing.dispute(1, 2, on="2021-05-01")
    with pytest.raises(RefusedError, match="line 2 of statement 1 is disputed already by fund"):
        billing.dispute(1, 2, on="2021-05-02")
    with pytest.raises(RefusedError, match="to settle a line needs a note"):
        billing.settle(1, 2, on="2021-05-02", note="")
    with pytest.raises(RefusedError, match="is not disputed by council"):
        billing.settle(1, 2, on="2021-05-02", by="abe")


def test_what_is_taken_back_is_not_disputed(store: Store, tmp_path: Path) -> None:
    billing = Billing.stated(store, tmp_path)
    billing.office.upload(ENDED, on="2021-07-21")
    billing.office.accept_passed(on="2021-07-21")
    billing.office.approve("2021-Q2", on="2021-07-22")

    with pytest.raises(RefusedError, match="fund is to pay nothing for line 1 of statement 2"):
        billing.dispute(2, 1, on="2021-07-23")


@pytest.mark.parametrize("who", ["ada", "vera", "root", "ivy", "otto"])
def test_nobody_but_a_payer_disputes_or_settles(store: Store, tmp_path: Path, who: str) -> None:
    billing = Billing.stated(store, tmp_path)
    billing.dispute(1, 2, on="2021-05-01")

    with pytest.raises(SegregationError, match=f"'{who}' may not dispute a line"):
        billing.dispute(1, 1, on="2021-05-02", by=who)
    with pytest.raises(SegregationError, match=f"'{who}' may not dispute a line"):
        billing.settle(1, 2, on="2021-05-02", by=who)


@pytest.mark.parametrize("who", ["ada", "vera", "root", "ivy", "otto"])
def test_only_who_approves_sends_and_again_only_with_a_reason(store: Store, tmp_path: Path, who: str) -> None:
    billing = Billing.stated(store, tmp_path)

    with pytest.raises(SegregationError, match=f"'{who}' may not approve a statement"):
        billing.send(1, on="2021-04-09", by=who)
    billing.send(1, on="2021-04-09")
    with pytest.raises(RefusedError, match="statement 1 was sent before"):
        billing.send(1, on="2021-04-10")
    billing.send(1, on="2021-04-10", by="tom", note="the first came back")


def test_an_investor_sees_lines_added_up_and_no_row_about_a_person(store: Store, tmp_path: Path) -> None:
    billing = Billing.stated(store, tmp_path)
    billing.dispute(1, 2, on="2021-05-01")

    seen, hidden = billing.show(1, by="otto"), billing.show(1, by="ivy")

    assert [(each.number, each.line.row, each.line.payable) for each in seen.lines] == [
        (1, "P1/engagement", 400_00),
        (2, "P1/job_start/shop", 1_000_00),
    ]
    assert [(each.number, each.line.row, each.line.metric, each.line.payable) for each in hidden.lines] == [
        (0, "", "engagement", 400_00),
        (0, "", "job_start", 1_000_00),
    ]
    assert [each.row for each in hidden.disputes] == [""]
    with pytest.raises(SegregationError, match="'root' may not see amounts"):
        billing.show(1, by="root")
