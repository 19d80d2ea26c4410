from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from evaluation.report.values import Cited, Currency, Money, Number, Share, Span, Value, plain_text, shown

GBP, JPY, BHD, CHF = Currency("GBP", 2, "£"), Currency("JPY", 0, "¥"), Currency("BHD", 3), Currency("CHF", 2)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Money(123456, GBP), "£1,234.56"),
        (Money(-5, GBP), "\u2212£0.05"),
        (Money(1234567, JPY), "¥1,234,567"),
        (Money(1234567, BHD), "BHD 1,234.567"),
        (Money(-100, CHF), "\u2212CHF 1.00"),
        (Money(9007199254740991, GBP), "£90,071,992,547,409.91"),
        (Number(1234567), "1,234,567"),
        (Number(Decimal("2.5")), "2"),
        (Number(Decimal("12.345"), 2, "weeks"), "12.34 weeks"),
        (Share(Fraction(1, 3)), "33.3%"),
        (Share(Decimal("0.42"), 0), "42%"),
        (date(2020, 4, 30), "30 April 2020"),
        (Span("sib1:ab", is_code=True), "sib1:ab"),
        (None, ""),
    ],
)
def test_a_value_is_shown_exactly_as_a_person_reads_it(value: Value, text: str) -> None:
    assert shown(value) == text


def test_a_column_leaves_out_the_currency_and_shortens_days() -> None:
    assert shown(Money(-123456, GBP), bare=True) == "\u22121,234.56"
    assert shown(date(2020, 9, 3), bare=True) == "3 Sep 2020"


@pytest.mark.parametrize("hidden", ["\x00", "\x1b", "\u202e", "\u200b", "\ufeff", "\x85", "\ud800"])
def test_what_cannot_be_seen_or_turns_text_round_is_replaced_by_a_mark(hidden: str) -> None:
    assert shown(f"pay{hidden}100") == "pay\ufffd100"


def test_line_breaks_and_tabs_in_a_text_become_blanks() -> None:
    assert shown("one\n two\tthree") == "one two three"


def test_running_text_is_its_values_one_after_the_other() -> None:
    assert plain_text((Cited(Money(100, GBP), ("t1",)), " for ", Number(3))) == "£1.00 for 3"
