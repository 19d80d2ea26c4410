from pathlib import Path

import pytest

from sib_engine.core.errors import RefusedError, SegregationError
from sib_engine.services.statements.accrual import DUE, STATED
from sib_engine.storage.store import Store
from tests.store.billing import STARTED, Billing

LATER = ("H-2,referral,2021-04-11", "H-2,vocational profile,2021-04-20")


def lines(billing: Billing, on: str, known: str) -> list[tuple[str, str, str, int]]:
    return [(each.payer, each.basis, each.period, each.net) for each in billing.accruals(on, known=known).lines]


def test_what_is_due_at_the_years_end_is_accrued_whether_it_is_stated_later_or_not(
    store: Store, tmp_path: Path
) -> None:
    billing = Billing.opened(store, tmp_path)
    billing.office.upload(*STARTED, on="2021-04-06")
    billing.office.accept_passed(on="2021-04-07")
    expected = [("council", DUE, "2021-Q1", 933_34), ("fund", DUE, "2021-Q1", 466_66)]

    assert lines(billing, "2021-03-31", known="2021-04-07") == expected
    billing.office.approve("2021-Q1", on="2021-04-08")
    billing.invoice(1)
    assert lines(billing, "2021-03-31", known="2021-05-01") == expected


def test_it_is_stated_from_the_day_of_the_statement_and_gone_with_the_invoice(store: Store, tmp_path: Path) -> None:
    billing = Billing.stated(store, tmp_path)
    billing.invoice(1, on="2021-04-12")

    on_the_day = lines(billing, "2021-04-08", known="2021-05-01")

    assert on_the_day == [("council", STATED, "2021-Q1", 933_34), ("fund", STATED, "2021-Q1", 466_66)]
    assert lines(billing, "2021-04-11", known="2021-05-01") == on_the_day
    assert lines(billing, "2021-04-12", known="2021-05-01") == []


def test_only_what_was_achieved_by_the_day_is_accrued(store: Store, tmp_path: Path) -> None:
    billing = Billing.stated(store, tmp_path)
    billing.invoice(1, on="2021-04-09")
    billing.office.upload(*LATER, on="2021-05-01")
    billing.office.accept_passed(on="2021-05-02")

    assert lines(billing, "2021-04-19", known="2021-05-03") == []
    assert lines(billing, "2021-04-20", known="2021-05-03") == [
        ("council", DUE, "2021-Q2", 266_66),
        ("fund", DUE, "2021-Q2", 133_34),
    ]


def test_what_is_not_accepted_is_not_accrued(store: Store, tmp_path: Path) -> None:
    billing = Billing.opened(store, tmp_path)
    billing.office.upload(*STARTED, on="2021-04-06")

    found = billing.accruals("2021-03-31", known="2021-04-06")

    assert (found.lines, found.total, found.is_assumed) == ((), 0, False)


def test_the_accrual_is_what_the_statement_then_says(store: Store, tmp_path: Path) -> None:
    billing = Billing.opened(store, tmp_path)
    billing.office.upload(*STARTED, *LATER, on="2021-07-01")
    billing.office.accept_passed(on="2021-07-02")

    accrued = billing.accruals("2021-06-30", known="2021-07-03").total

    assert accrued == 1_800_00
    assert billing.office.draft("2021-Q2", on="2021-07-03").statement.total == accrued


def test_days_outside_the_contract(store: Store, tmp_path: Path) -> None:
    billing = Billing.stated(store, tmp_path)
    billing.invoice(1)

    assert lines(billing, "2020-12-31", known="2021-05-01") == []
    assert lines(billing, "2023-03-31", known="2023-04-01") == []
    with pytest.raises(RefusedError, match="2021-05-02 is yet to come"):
        billing.accruals("2021-05-02", known="2021-05-01")
    with pytest.raises(RefusedError, match="2021-05-02 is yet to come"):
        billing.positions("2021-05-02", known="2021-05-01")


def test_who_sees_no_amounts_sees_no_accrual_and_no_position(store: Store, tmp_path: Path) -> None:
    billing = Billing.stated(store, tmp_path)

    for who in ("ivy", "otto", "ada", "vera", "tom"):
        assert billing.accruals("2021-04-08", known="2021-05-01", by=who).total == 1_400_00
        assert [each.owed for each in billing.positions("2021-04-08", by=who).payers] == [933_34, 466_66]
    with pytest.raises(SegregationError, match="'root' may not see amounts"):
        billing.accruals("2021-04-08", known="2021-05-01", by="root")
    with pytest.raises(SegregationError, match="'root' may not see amounts"):
        billing.positions("2021-04-08", by="root")
