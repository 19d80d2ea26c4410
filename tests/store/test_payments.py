from pathlib import Path

import pytest

from sib_engine.core.errors import FindingsError, RefusedError, SegregationError, StaleDigestError
from sib_engine.storage.store import Store
from sib_engine.storage.verify import verify
from tests.store.billing import EXEMPT, HEADINGS, Billing

COUNCIL = "council,HW-001,BACS-1,2021-05-07,933.34"


def invoiced(store: Store, folder: Path) -> Billing:
    """Return an office with invoices HW-001 to the council, £933.34, and HW-002 to the fund, £466.66."""
    billing = Billing.stated(store, folder)
    billing.invoice(1, EXEMPT)
    return billing


def test_a_preview_holds_each_line_against_its_invoice_and_writes_nothing(store: Store, tmp_path: Path) -> None:
    billing = invoiced(store, tmp_path)

    found = billing.preview(
        "council,HW-001,BACS-1,2021-05-07,900.00",
        "council,HW-001,BACS-2,2021-05-08,33.34",
        "council,HW-001,BACS-3,2021-05-08,1.00",
    )

    assert [(each.match, each.difference) for each in found.lines] == [("part", 33_34), ("matched", 0), ("over", -1_00)]
    assert (found.can_be_committed, found.total) == (True, 934_34)
    assert billing.position("council", "2021-05-20").paid == 0


def test_a_confirmed_payment_is_in_the_ledger_and_off_the_debt(store: Store, tmp_path: Path) -> None:
    billing = invoiced(store, tmp_path)

    billing.confirm(COUNCIL)

    assert billing.ledger()[-1] == ("payment", "paid by council", "owed by council", 933_34)
    position = billing.position("council", "2021-05-20")
    assert (position.stated, position.paid, position.owed, position.debt.outstanding) == (933_34, 933_34, 0, 0)
    assert [position.agrees for position in billing.positions("2021-05-20").payers] == [True, True]


def test_a_part_leaves_the_rest_outstanding_until_it_comes(store: Store, tmp_path: Path) -> None:
    billing = invoiced(store, tmp_path)
    billing.confirm("council,HW-001,BACS-1,2021-05-07,900.00")

    assert billing.position("council", "2021-05-09").debt.not_due == 33_34
    assert billing.position("council", "2021-05-10").debt.to_30 == 33_34
    billing.confirm("council,HW-001,BACS-2,2021-05-20,33.34")
    assert billing.position("council", "2021-05-20").debt.outstanding == 0
    assert billing.position("council", "2021-05-19").debt.to_30 == 33_34


def test_too_much_is_confirmed_only_where_that_is_said_and_stands_as_credit(store: Store, tmp_path: Path) -> None:
    billing = invoiced(store, tmp_path)
    over = "council,HW-001,BACS-1,2021-05-07,1000.00"

    with pytest.raises(RefusedError, match=r"more is paid than is open in row 2 of paid-1\.csv"):
        billing.confirm(over)
    billing.confirm(over, accepts_overpayment=True)

    position = billing.position("council", "2021-05-20")
    assert (position.owed, position.debt.credit, position.agrees) == (-66_66, 66_66, True)
    billing.confirm("council,HW-001,BACK-1,2021-05-19,-66.66")
    position = billing.position("council", "2021-05-20")
    assert (position.owed, position.paid, position.debt.credit) == (0, 933_34, 0)
    assert billing.ledger()[-1] == ("paid back", "owed by council", "paid by council", 66_66)


@pytest.mark.parametrize(
    ("line", "rule", "column"),
    [
        ("council,HW-9,B-1,2021-05-07,933.34", "invoice-unknown", "invoice"),
        ("council,HW-002,B-1,2021-05-07,466.66", "payer-differs", "payer"),
        ("lottery,HW-001,B-1,2021-05-07,933.34", "payer-unknown", "payer"),
        ("council,HW-001,B-1,07/05/2021,933.34", "date-ambiguous", "paid_on"),
        ("council,HW-001,B-1,2021-05-21,933.34", "paid-in-future", "paid_on"),
        ("council,HW-001,B-1,2021-04-08,933.34", "paid-before-invoice", "paid_on"),
        ("council,HW-001,B-1,2021-05-07,£933.34", "not-an-amount", "amount"),
        ("council,HW-001,B-1,2021-05-07,0.00", "amount-is-nothing", "amount"),
        ("council,HW-001,B-1,2021-05-07,-933.35", "more-than-was-paid", "amount"),
        ("council,HW-001,,2021-05-07,933.34", "cell-blank", "reference"),
        ("fund,HW-002,B-1,2021-05-07,466.66", "not-your-payer", "payer"),
    ],
)
def test_each_mistake_is_named_with_row_and_column_and_nothing_is_written(
    store: Store, tmp_path: Path, line: str, rule: str, column: str
) -> None:
    billing = invoiced(store, tmp_path)

    with pytest.raises(FindingsError) as refused:
        billing.confirm(COUNCIL, line)

    errors = [each for each in refused.value.findings if each.severity == "error"]
    assert [(each.rule, each.at.row, each.at.column) for each in errors] == [(rule, 3, column)]
    assert all(each.accepted for each in errors)
    assert billing.position("council", "2021-05-20").paid == 0


def test_another_currency_is_refused(store: Store, tmp_path: Path) -> None:
    billing = invoiced(store, tmp_path)

    found = billing.preview(f"{COUNCIL},EUR", headings=f"{HEADINGS},currency")

    assert [(each.rule, each.at.row, each.accepted) for each in found.findings] == [
        ("currency-differs", 2, "GBP, or a blank cell")
    ]
    assert billing.preview(f"{COUNCIL},GBP", headings=f"{HEADINGS},currency").can_be_committed


def test_a_reference_twice_in_one_file_is_refused_and_a_likely_double_warned_of(store: Store, tmp_path: Path) -> None:
    billing = invoiced(store, tmp_path)

    twice = billing.preview(COUNCIL, "council,HW-001,BACS-1,2021-05-08,1.00")
    alike = billing.preview("council,HW-001,BACS-1,2021-05-07,400.00", "council,HW-001,BACS-2,2021-05-07,400.00")

    assert [(each.rule, each.at.row) for each in twice.findings if each.severity == "error"] == [("reference-twice", 3)]
    assert ("looks-paid-twice", 3) in [(each.rule, each.at.row) for each in alike.findings]
    assert alike.can_be_committed


def test_the_same_file_is_confirmed_once(store: Store, tmp_path: Path) -> None:
    billing = invoiced(store, tmp_path)
    path = billing.file(COUNCIL)
    billing.confirm_file(path)

    with pytest.raises(RefusedError, match="nothing new: the same file was confirmed on 2021-05-20 by abe"):
        billing.confirm_file(path, on="2021-05-21")


def test_a_reference_that_was_confirmed_is_passed_over_or_refused_where_it_says_otherwise(
    store: Store, tmp_path: Path
) -> None:
    billing = invoiced(store, tmp_path)
    first = "council,HW-001,BACS-1,2021-05-07,900.00"
    billing.confirm(first)

    again = billing.confirm(first, "council,HW-001,BACS-2,2021-05-08,33.34")
    with pytest.raises(RefusedError, match="every line of it was confirmed before"):
        billing.confirm(first, "")
    with pytest.raises(FindingsError) as refused:
        billing.confirm("council,HW-001,BACS-1,2021-05-07,9.00")

    assert [each.match for each in again.lines] == ["known", "matched"]
    assert billing.position("council", "2021-05-20").paid == 933_34
    assert [each.rule for each in refused.value.findings] == ["reference-used"]


def test_another_file_than_the_one_previewed_is_refused(store: Store, tmp_path: Path) -> None:
    billing = invoiced(store, tmp_path)

    with pytest.raises(StaleDigestError):
        billing.confirm_file(billing.file(COUNCIL), digest="sha256:other")


@pytest.mark.parametrize("who", ["ada", "vera", "root", "ivy", "otto"])
def test_nobody_but_a_payer_confirms(store: Store, tmp_path: Path, who: str) -> None:
    billing = invoiced(store, tmp_path)

    with pytest.raises(SegregationError, match=f"'{who}' may not confirm a payment"):
        billing.confirm(COUNCIL, by=who)


def test_each_payer_confirms_for_itself_and_for_no_other(store: Store, tmp_path: Path) -> None:
    billing = invoiced(store, tmp_path)
    fund = "fund,HW-002,F-1,2021-05-07,466.66"

    with pytest.raises(FindingsError) as refused:
        billing.confirm(COUNCIL, by="tom")
    billing.confirm(fund, by="tom")
    billing.confirm(COUNCIL, by="abe")

    (finding,) = refused.value.findings
    assert finding.what == (
        "council is not Riverside Outcomes Fund: nobody confirms for a payer that is not their organisation"
    )
    assert [each.owed for each in billing.positions("2021-05-20").payers] == [0, 0]
    with store.read() as session:
        assert verify(session).breaks == ()


def test_money_that_goes_back_settles_a_credit_note(store: Store, tmp_path: Path) -> None:
    billing = invoiced(store, tmp_path)
    billing.confirm(COUNCIL)
    billing.office.upload("H-1,employment,2021-03-08,2021-03-31,shop,16,yes,no,,,,2021-07-20", on="2021-07-21")
    billing.office.accept_passed(on="2021-07-21")
    billing.office.approve("2021-Q2", on="2021-07-22")
    billing.invoice(2, EXEMPT, on="2021-07-23")

    before = billing.position("council", "2021-07-24")
    found = billing.confirm("council,HW-003,BACK-1,2021-07-24,-333.34", on="2021-07-24")

    assert (before.owed, before.credited, before.debt.credit) == (-333_34, -333_34, 333_34)
    assert [each.match for each in found.lines] == ["matched"]
    after = billing.position("council", "2021-07-24")
    assert (after.owed, after.paid, after.debt.credit, after.agrees) == (0, 600_00, 0, True)
