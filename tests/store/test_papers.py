"""Papers from the store: to the penny what the ledger says, as it was known, and nobody's reference on them."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from sib_engine.core.errors import NotFoundError, RefusedError, SegregationError
from sib_engine.documents.certificate import Outcomes
from sib_engine.outcomes.claims import Move
from sib_engine.payments.billing.vat import VatTreatment
from sib_engine.services.papers.known_statement import statement_as_known
from sib_engine.services.papers.printing import Printing
from sib_engine.services.statements.invoice import BillTo
from sib_engine.services.statements.parties import statement_numbered
from sib_engine.services.statements.postings import EARNED, owed_by
from sib_engine.storage import chain
from sib_engine.storage.records.contracts import contract_as_known
from sib_engine.storage.store import Store
from tests.documents.sheets import cells, formulas, worked_out
from tests.store.billing import ENDED, STANDARD, STARTED, Billing
from tests.store.office import CONTRACT, SOURCE
from tests.store.paper import Papers, n_pages, words

SECOND = ("H-2,referral,2021-04-11", "H-2,vocational profile,2021-04-20")


@pytest.fixture
def papers(store: Store, tmp_path: Path) -> Papers:
    """Two statements: £1,400, and £400 less a claw-back of £500; both invoiced, the first paid in part and disputed."""
    billing = Billing.stated(store, tmp_path)
    billing.invoice(1, STANDARD, on="2021-04-09")
    billing.confirm("council,HW-001,T-1,2021-05-10,600.00", on="2021-05-20")
    billing.dispute(1, 2, on="2021-05-21")
    billing.office.upload(*SECOND, on="2021-06-01")
    billing.office.accept_passed(on="2021-06-02")
    billing.office.upload(ENDED, on="2021-07-21")
    billing.office.accept_passed(on="2021-07-22")
    billing.office.approve("2021-Q2", on="2021-08-02")
    billing.invoice(2, STANDARD, on="2021-08-03", scheme=None)
    return Papers(billing)


def balance(papers: Papers, account: str) -> int:
    return sum(
        amount * ((debit == account) - (credit == account)) for _, debit, credit, amount in papers.billing.ledger()
    )


def test_a_certificate_says_what_the_ledger_says_of_its_statement(papers: Papers) -> None:
    first, day = papers.certificate(1)

    assert (first.accepted, first.rejected, first.waiting) == (Outcomes(2, 140000), Outcomes(0, 0), Outcomes(0, 0))
    assert (first.corrections, first.capped, first.payable, first.headroom) == (0, 0, 140000, 4860000)
    assert [(part.payer, part.net, part.vat) for part in first.parts] == [
        ("council", 93334, 18667),
        ("fund", 46666, 9333),
    ]
    assert (first.vat, first.bills[0].due_on.isoformat(), day.isoformat()) == (28000, "2021-05-09", "2021-04-09")
    assert first.payable + papers.certificate(2)[0].payable == 130000 == -balance(papers, EARNED)


def test_a_credit_note_is_negative_on_the_certificate(papers: Papers) -> None:
    second, _ = papers.certificate(2)

    assert (second.accepted, second.corrections, second.payable) == (Outcomes(1, 40000), -50000, -10000)
    assert [(part.net, part.vat) for part in second.parts] == [(-6667, -1333), (-3333, -667)]
    assert second.headroom == 4870000
    assert n_pages(papers.printed_certificate(2)) == 1


def test_the_schedule_adds_up_to_the_ledger_for_each_payer_on_both_sides_of_every_event(papers: Papers) -> None:
    schedule = papers.schedule("2021-11-30")

    outstanding = {payer: debt.outstanding for payer, debt in schedule.aged.items()}
    assert outstanding == {"council": 44001, "fund": 51999}
    assert outstanding == {payer: balance(papers, owed_by(payer)) for payer in ("council", "fund")}
    assert [(bill.number, bill.gross, bill.outstanding) for bill in schedule.bills] == [
        ("HW-001", 112001, 52001),
        ("HW-002", 55999, 55999),
        ("HW-003", -8000, -8000),
        ("HW-004", -4000, -4000),
    ]
    assert [(each.payer, each.statement, each.line, each.net) for each in schedule.disputes] == [("fund", 1, 2, 33333)]
    assert [(each.disputed, each.over_90, each.credit) for each in schedule.aged.values()] == [
        (0, 52001, 8000),
        (40000, 15999, 4000),
    ]


def test_the_live_totals_of_the_workbooks_are_those_of_the_ledger(papers: Papers) -> None:
    schedule = cells(papers.printed_schedule("2021-11-30")[Printing.XLSX])
    statement = cells(papers.printed_statement(2)[Printing.XLSX])

    for found in (schedule, statement):
        assert [each for each in formulas(found) if worked_out(found, each[0], each[1]) != Decimal(each[2])] == []
    owed = sum(balance(papers, owed_by(payer)) for payer in ("council", "fund"))
    total = next(place[1:] for place, (_, value) in schedule["Schedule"].items() if value == "Total")
    assert schedule["Schedule"][f"J{total}"][1] == "960.00"
    assert owed == 96000


def test_a_statement_is_as_it_was_known_whatever_happened_since(store: Store, tmp_path: Path) -> None:
    papers = Papers(Billing.stated(store, tmp_path))
    before = papers.printed_statement(1)
    figures = papers.statement(1)
    assert (figures.total, figures.due, figures.stated_before) == (140000, 140000, 0)
    assert [(cap.cap, cap.used, cap.limit) for cap in figures.headroom] == [("total", 140000, 5000000)]

    papers.billing.invoice(1, STANDARD)
    papers.billing.office.upload(ENDED, on="2021-07-21")
    papers.billing.office.register(
        SOURCE.read_text(encoding="utf-8").replace("price = 400", "price = 450"), on="2021-07-22", note="agreed"
    )

    assert papers.printed_statement(1) == before
    assert papers.printed_statement(1) == papers.printed_statement(1)


def test_a_certificate_is_as_it_was_before_the_invoices_and_the_same_ever_after(store: Store, tmp_path: Path) -> None:
    papers = Papers(Billing.stated(store, tmp_path))
    before, day = papers.certificate()
    assert (before.vat, before.bills, day.isoformat()) == (None, (), "2021-04-08")
    papers.billing.invoice(1, STANDARD, on="2021-04-12")
    billed = papers.printed_certificate()

    papers.billing.confirm("council,HW-001,T-1,2021-05-10,600.00", on="2021-05-20")
    papers.billing.office.upload(ENDED, on="2021-07-21")

    assert papers.certificate(as_known_on="2021-04-11") == (before, day)
    assert papers.certificate()[1].isoformat() == "2021-04-12"
    assert papers.printed_certificate() == billed


def test_the_schedule_can_be_asked_as_it_stood_and_as_it_was_known(papers: Papers) -> None:
    paid = papers.schedule("2021-05-15")
    not_yet = papers.schedule("2021-05-15", as_known_on="2021-05-19")

    assert [bill.paid for bill in paid.bills] == [60000, 0]
    assert [bill.paid for bill in not_yet.bills] == [0, 0]
    assert (papers.schedule("2021-04-08").bills, papers.schedule("2021-05-20").disputes) == ((), ())
    # At 31 March nothing was stated. That the job ended became known in July: £1,400 less £500, then £1,400.
    assert sum(each.net for each in paid.accruals) == 90000
    assert [(each.payer, each.net) for each in not_yet.accruals] == [("council", 93334), ("fund", 46666)]


def test_who_claimed_verified_and_approved_signs_with_organisation_and_time(papers: Papers) -> None:
    signed = [
        (each.role, each.name, each.organisation, str(each.on), each.said) for each in papers.statement(1).sign_offs
    ]

    entry = "of the audit trail"
    assert [each[:4] for each in signed] == [
        ("Claimed by", "Ada", "Harbour Works", "2021-04-06"),
        ("Verified by", "Vera", "Riverside Council", "2021-04-07"),
        ("Approved by", "Abe", "Riverside Council", "2021-04-08"),
    ]
    assert all(each[4].startswith("13:00 Europe/London, ") and each[4].endswith(entry) for each in signed)
    assert [("2 claims" in each[4]) for each in signed] == [True, True, False]
    assert papers.certificate(1)[0].sign_offs == papers.statement(1).sign_offs


def test_what_was_rejected_and_what_waits_stand_beside_what_was_accepted(store: Store, tmp_path: Path) -> None:
    billing = Billing.opened(store, tmp_path)
    without_letter = "H-3,employment,2021-03-08,,yard,16,yes,no"
    engaged = ("referral,2021-01-11", "vocational profile,2021-01-20")
    people = [f"H-{place},{fact}" for place in (2, 3) for fact in engaged]
    billing.office.upload(*STARTED, *people, without_letter, on="2021-04-06")
    billing.office.move(
        Move.REJECT, "P2/engagement", on="2021-04-07", reason="V06 outcome-did-not-happen", note="he says so"
    )
    billing.office.accept_passed(on="2021-04-07")
    billing.office.approve("2021-Q1", on="2021-04-08")
    billing.office.approve("2021-Q2", on="2021-07-08")
    papers = Papers(billing)

    first, _ = papers.certificate(1)
    assert (first.accepted, first.rejected, first.waiting) == (
        Outcomes(3, 180000),
        Outcomes(1, 40000),
        Outcomes(1, 100000),
    )
    # Both jobs have lasted 13 weeks by then, and lack a payslip; what was rejected for the first is not so again.
    second, _ = papers.certificate(2)
    assert (second.accepted, second.rejected, second.waiting) == (Outcomes(0, 0), Outcomes(0, 0), Outcomes(3, 500000))


def everything(papers: Papers, by: str) -> Sequence[bytes]:
    statements = [file for number in (1, 2) for file in papers.printed_statement(number, by=by).values()]
    return [*statements, *papers.printed_schedule("2021-11-30", by=by).values()]


def test_no_paper_names_a_person_and_an_investor_sees_no_row_about_one(papers: Papers) -> None:
    for by in ("abe", "ada", "ivy", "otto"):
        assert all(b"H-1" not in file and b"H-2" not in file for file in everything(papers, by))

    seen, hidden = papers.statement(2), papers.statement(2, by="ivy")
    assert (hidden.digest, hidden.total, hidden.pays) == (seen.digest, seen.total, seen.pays)
    assert [(line.kind.value, line.row, line.payable) for line in seen.rows] == [
        ("claw-back", "P1/job_start/shop", -50000),
        ("outcome", "P2/engagement", 40000),
    ]
    assert [(line.kind.value, line.row, line.payable) for line in hidden.rows] == [
        ("claw-back", "", -50000),
        ("outcome", "", 40000),
    ]
    (disputed,) = papers.schedule("2021-11-30", by="ivy").disputes
    assert (disputed.row, disputed.reason, disputed.net) == ("", "", 33333)
    assert not any(b"P1/" in file for file in everything(papers, "ivy"))


def test_amounts_on_assumed_prices_are_marked_on_every_paper(store: Store, tmp_path: Path) -> None:
    billing = Billing.opened(store, tmp_path)
    price = 'price = 400\nstatus = "agreed"\nsource = "made up"'
    assumed = 'price = 400\nstatus = "agreed"\nsource = "made up"\nassumed = { price = "not published" }'
    billing.office.register(SOURCE.read_text(encoding="utf-8").replace(price, assumed), on="2021-01-05", note="agreed")
    billing.office.upload(*STARTED, on="2021-04-06")
    billing.office.accept_passed(on="2021-04-07")
    billing.office.approve("2021-Q1", on="2021-04-08")
    papers = Papers(billing)

    (accrued, _) = papers.schedule("2021-04-20").accruals
    assert accrued.is_assumed
    billing.invoice(1)
    assert papers.statement().is_assumed
    assert papers.certificate()[0].is_assumed
    assert papers.schedule("2021-04-20").assumed == {1}
    pages = (papers.printed_statement()[Printing.HTML], papers.printed_schedule("2021-04-20")[Printing.HTML])
    assert all("Assumed: " in words(page) for page in pages)


def test_what_a_payer_typed_is_no_formula_in_the_workbook_and_the_csv(store: Store, tmp_path: Path) -> None:
    billing = Billing.stated(store, tmp_path)
    harmful = BillTo("=cmd|' /C calc'!A0", VatTreatment.EXEMPT)
    billing.invoice(1, {"council": harmful, "fund": BillTo("@SUM(A1)", VatTreatment.EXEMPT)})
    papers = Papers(billing)

    files = papers.printed_schedule("2021-05-01")
    on = cells(files[Printing.XLSX])["Invoices"]
    assert [on[place] for place in ("B2", "B3")] == [("", "'=cmd|' /C calc'!A0"), ("", "'@SUM(A1)")]
    assert files[Printing.CSV].decode().splitlines()[1].startswith("HW-001,'=cmd|' /C calc'!A0,")


def test_a_statement_of_another_kernel_is_printed_without_what_is_not_known_any_more(papers: Papers) -> None:
    with papers.billing.store.read() as session:
        seq, _ = chain.head(session)
        record = statement_numbered(session, contract_as_known(session, CONTRACT, seq), 1)
        session.expunge(record)
        record.kernel = "1"
        found = statement_as_known(session, CONTRACT, record)

    assert (found.draft, found.headroom, len(found.lines)) == (None, (), 2)
    assert "it was stated by kernel 1" in found.notes[0]


def test_what_cannot_be_printed_is_refused_with_what_could(papers: Papers) -> None:
    with pytest.raises(NotFoundError, match="no statement 3; accepted: 1 to 2"):
        papers.certificate(3)
    with pytest.raises(RefusedError, match="statement 2 was approved on 2021-08-02; accepted: a day from then on"):
        papers.certificate(2, as_known_on="2021-08-01")
    with pytest.raises(RefusedError, match="2021-12-02 is yet to come"):
        papers.schedule("2021-12-02")
    with pytest.raises(RefusedError, match="how the invoices stood on 2021-06-01 was not known on 2021-05-01"):
        papers.schedule("2021-06-01", as_known_on="2021-05-01")
    for ask in (papers.statement, papers.certificate):
        with pytest.raises(SegregationError, match="'root' may not see amounts"):
            ask(1, by="root")
    with pytest.raises(SegregationError, match="'root' may not see amounts"):
        papers.schedule("2021-06-01", by="root")
