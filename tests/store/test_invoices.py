from datetime import date
from pathlib import Path

import pytest

from sib_engine.core.errors import NotFoundError, RefusedError, SegregationError
from sib_engine.payments.billing.setting_off import SetOffRule
from sib_engine.payments.billing.vat import VatTreatment
from sib_engine.services.statements.invoice import BillTo
from sib_engine.storage.store import Store
from tests.store.billing import ENDED, ENGAGED, EXEMPT, STANDARD, Billing

FEWER = {"council": EXEMPT["council"]}


def clawed_back(store: Store, folder: Path, bill_to: dict[str, BillTo]) -> Billing:
    """Return an office whose second statement takes £500 back: £333.34 of the council, £166.66 of the fund."""
    billing = Billing.stated(store, folder)
    billing.invoice(1, bill_to)
    billing.office.upload(ENDED, on="2021-07-21")
    billing.office.accept_passed(on="2021-07-21")
    billing.office.approve("2021-Q2", on="2021-07-22")
    return billing


def test_each_payer_gets_one_invoice_with_its_order_vat_and_due_date(store: Store, tmp_path: Path) -> None:
    billing = Billing.stated(store, tmp_path)

    bills = billing.invoice(1, EXEMPT, on="2021-04-09")

    assert [
        (bill.number, bill.payer, bill.purchase_order, bill.vat_treatment, bill.net, bill.vat, bill.gross)
        for bill in bills
    ] == [
        ("HW-001", "council", "PO-17", "exempt", 933_34, 0, 933_34),
        ("HW-002", "fund", "none", "outside_scope", 466_66, 0, 466_66),
    ]
    assert {(bill.issued_on, bill.due_on) for bill in bills} == {(date(2021, 4, 9), date(2021, 5, 9))}


def test_vat_is_worked_out_once_for_each_invoice_and_is_in_the_ledger(store: Store, tmp_path: Path) -> None:
    billing = Billing.stated(store, tmp_path)

    bills = billing.invoice(1, STANDARD)

    # 20 % of £933.34 is £186.668, of £466.66 £93.332.
    assert [(bill.net, bill.vat_rate, bill.vat, bill.gross) for bill in bills] == [
        (933_34, 2000, 186_67, 1_120_01),
        (466_66, 2000, 93_33, 559_99),
    ]
    assert billing.ledger() == [
        ("statement", "owed by council", "earned", 933_34),
        ("statement", "owed by fund", "earned", 466_66),
        ("VAT", "owed by council", "VAT to account for", 186_67),
        ("VAT", "owed by fund", "VAT to account for", 93_33),
    ]


def test_nobody_is_invoiced_twice_for_a_statement(store: Store, tmp_path: Path) -> None:
    billing = Billing.stated(store, tmp_path)
    billing.invoice()

    with pytest.raises(RefusedError, match="statement 1 is invoiced already: HW-001 to council, HW-002 to fund"):
        billing.invoice()


@pytest.mark.parametrize(
    ("bill_to", "scheme", "issued_on", "why"),
    [
        (FEWER, "A-{serial}", None, "it is not said how to bill fund; accepted: for each a purchase order"),
        ({**EXEMPT, "fund": BillTo(" ", VatTreatment.EXEMPT)}, "A-{serial}", None, "not said how to bill fund"),
        (EXEMPT, None, None, "its numbers are not declared yet; accepted: a scheme such as SIB-{year}-{serial:04}"),
        (EXEMPT, "A-1", None, "'A-1' is no scheme for invoice numbers; accepted: .*{serial} once"),
        (EXEMPT, "A {serial}", None, "no scheme for invoice numbers"),
        (EXEMPT, "A-{serial}", date(2021, 4, 7), "2021-04-07 cannot be the day of an invoice"),
        (EXEMPT, "A-{serial}", date(2021, 4, 10), "accepted: from then to today, 2021-04-09"),
        (
            {**EXEMPT, "fund": BillTo("none", VatTreatment.EXEMPT, 2000)},
            "A-{serial}",
            None,
            "no VAT is charged where the supply is exempt",
        ),
    ],
)
def test_what_is_not_said_is_not_guessed(
    store: Store, tmp_path: Path, bill_to: dict[str, BillTo], scheme: str | None, issued_on: date | None, why: str
) -> None:
    billing = Billing.stated(store, tmp_path)

    with pytest.raises(RefusedError, match=why):
        billing.invoice(1, bill_to, scheme=scheme, issued_on=issued_on)

    assert billing.positions("2021-04-30").bills == ()


def test_a_payer_or_statement_that_is_not_there_is_named(store: Store, tmp_path: Path) -> None:
    billing = Billing.stated(store, tmp_path)

    with pytest.raises(NotFoundError, match="no payer lottery; accepted: council, fund"):
        billing.invoice(1, {**EXEMPT, "lottery": EXEMPT["fund"]})
    with pytest.raises(NotFoundError, match="has no statement 2; accepted: 1 to 1"):
        billing.invoice(2)


def test_numbers_go_on_in_the_scheme_and_a_new_one_may_be_declared(store: Store, tmp_path: Path) -> None:
    billing = clawed_back(store, tmp_path, dict(EXEMPT))
    billing.office.upload("H-2,referral,2021-07-01", "H-2,vocational profile,2021-07-02", on="2021-10-01")
    billing.office.accept_passed(on="2021-10-02")

    second = billing.invoice(2, on="2021-07-23", scheme=None)
    billing.office.approve("2021-Q3", on="2021-10-03")
    third = billing.invoice(3, on="2021-10-04", scheme="{year}/{statement}/{payer}/{serial}")

    assert [bill.number for bill in (*second, *third)] == ["HW-003", "HW-004", "2021/3/council/1", "2021/3/fund/2"]


def test_a_number_that_is_taken_is_refused(store: Store, tmp_path: Path) -> None:
    billing = clawed_back(store, tmp_path, dict(EXEMPT))

    with pytest.raises(RefusedError, match="there is an invoice HW-001, HW-002 already; accepted: another scheme"):
        billing.invoice(2, on="2021-07-23", scheme="HW-00{serial}")


@pytest.mark.parametrize(("who", "why"), [("abe", "may not issue"), ("tom", "may not issue"), ("vera", "may not")])
def test_only_a_provider_or_intermediary_invoices(store: Store, tmp_path: Path, who: str, why: str) -> None:
    billing = Billing.stated(store, tmp_path)

    with pytest.raises(SegregationError, match=why):
        billing.invoice(by=who)


def test_a_claw_back_is_a_credit_note_with_the_vat_that_was_charged(store: Store, tmp_path: Path) -> None:
    billing = clawed_back(store, tmp_path, dict(STANDARD))

    with pytest.raises(RefusedError, match=r"exempt never was to council; accepted: standard at 20 %"):
        billing.invoice(2, EXEMPT, on="2021-07-23")
    notes = billing.invoice(2, STANDARD, on="2021-07-23")

    assert [(bill.number, bill.net, bill.vat, bill.gross, bill.is_credit_note) for bill in notes] == [
        ("HW-003", -333_34, -66_67, -400_01, True),
        ("HW-004", -166_66, -33_33, -199_99, True),
    ]
    assert billing.ledger()[-2:] == [
        ("VAT taken back", "VAT to account for", "owed by council", 66_67),
        ("VAT taken back", "VAT to account for", "owed by fund", 33_33),
    ]


def test_what_was_never_invoiced_is_not_credited(store: Store, tmp_path: Path) -> None:
    billing = Billing.stated(store, tmp_path)
    billing.office.upload(ENDED, on="2021-07-21")
    billing.office.accept_passed(on="2021-07-21")
    billing.office.approve("2021-Q2", on="2021-07-22")

    with pytest.raises(RefusedError, match="statement 1 is not invoiced yet; invoice that first"):
        billing.invoice(2, on="2021-07-23")


def test_a_credit_note_settles_the_oldest_open_invoice_first(store: Store, tmp_path: Path) -> None:
    billing = clawed_back(store, tmp_path, dict(EXEMPT))
    billing.invoice(2, on="2021-07-23")
    before = billing.position("council", "2021-07-24")

    done = billing.set_off("HW-003", on="2021-07-24")

    assert [(bill.number, amount) for bill, amount in done.parts] == [("HW-001", 333_34)]
    after = billing.position("council", "2021-07-24")
    assert (before.owed, before.debt.over_90, before.debt.to_90, before.debt.credit) == (600_00, 0, 933_34, 333_34)
    assert (after.owed, after.debt.to_90, after.debt.credit, after.agrees) == (600_00, 600_00, 0, True)
    with pytest.raises(RefusedError, match="HW-003 cannot be set off: nothing is left of it"):
        billing.set_off("HW-003", on="2021-07-25")


def test_the_rule_says_which_invoice_comes_first_and_disputed_ones_do_not(store: Store, tmp_path: Path) -> None:
    billing = Billing.stated(store, tmp_path)
    billing.invoice(1)
    billing.office.upload("H-2,referral,2021-04-11", "H-2,vocational profile,2021-04-20", on="2021-07-01")
    billing.office.accept_passed(on="2021-07-02")
    billing.office.approve("2021-Q2", on="2021-07-05")
    billing.invoice(2, on="2021-07-06")
    billing.office.upload(ENDED, on="2021-10-01")
    billing.office.accept_passed(on="2021-10-01")
    billing.office.approve("2021-Q3", on="2021-10-04")
    billing.invoice(3, on="2021-10-05")
    billing.dispute(1, 2, on="2021-10-06", by="tom")

    latest = billing.set_off("HW-005", on="2021-10-07", rule=SetOffRule.LATEST_DUE)
    undisputed = billing.set_off("HW-006", on="2021-10-07", rule=SetOffRule.OLDEST_DUE)

    assert [(bill.number, amount) for bill, amount in latest.parts] == [("HW-003", 266_66), ("HW-001", 66_67)]
    assert [(bill.number, amount) for bill, amount in undisputed.parts] == [("HW-002", 133_33), ("HW-004", 33_34)]


def test_only_what_is_a_credit_note_is_set_off_by_who_may_invoice(store: Store, tmp_path: Path) -> None:
    billing = clawed_back(store, tmp_path, dict(EXEMPT))
    billing.invoice(2, on="2021-07-23")

    with pytest.raises(NotFoundError, match="no credit note 'HW-001'; accepted: HW-003, HW-004"):
        billing.set_off("HW-001", on="2021-07-24")
    with pytest.raises(SegregationError, match="'abe' may not issue an invoice"):
        billing.set_off("HW-003", on="2021-07-24", by="abe")


def test_a_statement_of_nothing_is_not_invoiced(store: Store, tmp_path: Path) -> None:
    billing = Billing.stated(store, tmp_path, *ENGAGED)
    billing.office.approve("2021-Q2", on="2021-07-05")

    with pytest.raises(RefusedError, match="statement 2 asks nothing of any payer"):
        billing.invoice(2, on="2021-07-06")
