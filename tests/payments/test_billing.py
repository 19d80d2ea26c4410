from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.core.errors import NotFoundError, RefusedError
from sib_engine.core.money import currency_of
from sib_engine.payments.billing.bills import Age, Bill, aged, due_on
from sib_engine.payments.billing.numbering import checked_scheme, numbered
from sib_engine.payments.billing.setting_off import SetOffRule, rule_of, set_off
from sib_engine.payments.billing.vat import VatTreatment, rate_in, rate_on, shown_rate, treatment_of, vat_on

GBP = currency_of("GBP")


def bill(net: int, *, number: str = "A-1", due: date = date(2021, 5, 9), paid: int = 0, disputed: int = 0) -> Bill:
    return Bill(
        id=int(number.rpartition("-")[2]),
        number=number,
        purchase_order="none",
        payer="council",
        statement=1,
        period="2021-Q1",
        vat_treatment=VatTreatment.EXEMPT,
        vat_rate=0,
        net=net,
        vat=0,
        issued_on=date(2021, 4, 9),
        due_on=due,
        paid=paid,
        disputed=disputed,
    )


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        ("1991-04-01", 1750),
        ("2008-11-30", 1750),
        ("2008-12-01", 1500),
        ("2009-12-31", 1500),
        ("2010-01-01", 1750),
        ("2011-01-03", 1750),
        ("2011-01-04", 2000),
        ("2026-11-25", 2000),
    ],
)
def test_the_standard_rate_is_that_of_the_day(day: str, rate: int) -> None:
    assert rate_on(VatTreatment.STANDARD, date.fromisoformat(day), GBP) == rate


def test_a_rate_that_is_not_known_has_to_be_given() -> None:
    with pytest.raises(RefusedError, match="the standard rate of VAT for EUR on 2021-04-09 is not known here"):
        rate_on(VatTreatment.STANDARD, date(2021, 4, 9), currency_of("EUR"))
    with pytest.raises(RefusedError, match="for GBP on 1990-01-01 is not known"):
        rate_on(VatTreatment.STANDARD, date(1990, 1, 1), GBP)
    assert rate_on(VatTreatment.STANDARD, date(2021, 4, 9), currency_of("EUR"), given=2300) == 2300


@pytest.mark.parametrize(
    ("net", "rate", "vat"), [(1, 2000, 0), (2, 2000, 0), (3, 2000, 1), (100, 1750, 18), (20, 1750, 4)]
)
def test_vat_goes_to_the_nearest_penny_and_halves_go_up(net: int, rate: int, vat: int) -> None:
    assert vat_on(net, rate) == vat


@given(st.integers(0, 10**12), st.sampled_from([0, 500, 1500, 1750, 2000]))
def test_a_credit_note_takes_back_what_an_invoice_charged(net: int, rate: int) -> None:
    assert vat_on(-net, rate) == -vat_on(net, rate)


@pytest.mark.parametrize(
    ("text", "rate", "words"), [("20", 2000, "20 %"), ("17.5%", 1750, "17.5 %"), ("5 %", 500, "5 %")]
)
def test_rates_are_written_in_per_cent(text: str, rate: int, words: str) -> None:
    assert (rate_in(text), shown_rate(rate)) == (rate, words)


@pytest.mark.parametrize("text", ["", "0", "100", "-5", "twenty", "17.555", "NaN", "1e400"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="is no rate of VAT; accepted: per cent"):
        rate_in(text)


def test_treatments_and_rules_are_named() -> None:
    assert (treatment_of("Outside scope"), rule_of("oldest-due")) == (VatTreatment.OUTSIDE_SCOPE, SetOffRule.OLDEST_DUE)
    with pytest.raises(NotFoundError, match="no VAT treatment 'zero'; accepted: exempt, standard, outside_scope"):
        treatment_of("zero")
    with pytest.raises(NotFoundError, match="no rule '' to set off by; accepted: oldest-due, latest-due"):
        rule_of("")


@pytest.mark.parametrize(
    ("scheme", "number"),
    [
        ("SIB-{year}-{serial:04}", "SIB-2021-0007"),
        ("{serial}", "7"),
        ("{payer}/{statement}/{serial:02}", "council/3/07"),
    ],
)
def test_a_number_is_written_by_its_scheme(scheme: str, number: str) -> None:
    assert numbered(checked_scheme(scheme), serial=7, year=2021, statement=3, payer="council") == number


@pytest.mark.parametrize(
    "scheme", ["", "SIB-1", "{serial}{serial}", "{serial:0}", "{serial:10}", "{date}-{serial}", "=A{serial}", "x" * 61]
)
def test_a_scheme_from_which_no_number_can_come_is_refused(scheme: str) -> None:
    with pytest.raises(RefusedError, match="no scheme for invoice numbers; accepted"):
        checked_scheme(scheme)


@pytest.mark.parametrize(
    ("on", "age"),
    [
        ("2021-04-09", Age.NOT_DUE),
        ("2021-05-09", Age.NOT_DUE),
        ("2021-05-10", Age.TO_30),
        ("2021-06-08", Age.TO_30),
        ("2021-06-09", Age.TO_60),
        ("2021-07-08", Age.TO_60),
        ("2021-07-09", Age.TO_90),
        ("2021-08-07", Age.TO_90),
        ("2021-08-08", Age.OVER_90),
    ],
)
def test_an_invoice_is_due_after_thirty_days_and_ages_from_then(on: str, age: Age) -> None:
    assert due_on(date(2021, 4, 9)) == date(2021, 5, 9)
    assert bill(100_00).age(date.fromisoformat(on)) is age


def test_disputed_amounts_are_in_no_age_and_credit_stands_apart() -> None:
    debt = aged([bill(100_00, paid=20_00, disputed=30_00), bill(-5_00), bill(10_00, paid=12_00)], on=date(2021, 5, 20))

    assert (debt.to_30, debt.disputed, debt.credit, debt.outstanding) == (50_00, 30_00, 7_00, 73_00)


def test_a_credit_goes_to_open_invoices_in_the_order_of_the_rule_and_keeps_the_rest() -> None:
    first = bill(30_00, number="A-1", due=date(2021, 5, 9))
    second = bill(50_00, number="A-2", due=date(2021, 8, 9), disputed=10_00)
    credit = bill(-60_00, number="A-3")

    oldest = set_off(credit, [second, first, credit], SetOffRule.OLDEST_DUE)
    latest = set_off(credit, [second, first, credit], SetOffRule.LATEST_DUE)
    whole = set_off(bill(-100_00, number="A-3"), [first, second], SetOffRule.OLDEST_DUE)

    assert [(each.number, amount) for each, amount in oldest] == [("A-1", 30_00), ("A-2", 30_00)]
    assert [(each.number, amount) for each, amount in latest] == [("A-2", 40_00), ("A-1", 20_00)]
    assert [(each.number, amount) for each, amount in whole] == [("A-1", 30_00), ("A-2", 40_00)]
