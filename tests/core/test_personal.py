import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sib_engine.core.personal import Kind, looks_personal, masked, nhs_check_digit_holds, personal_among, shown

NINE_DIGITS = st.text("0123456789", min_size=9, max_size=9)


@pytest.mark.parametrize(
    "text",
    [
        "9434765919",  # the specimen of the NHS Data Dictionary: 299 = 27 x 11 + 2, so its check digit is 9
        "943 476 5919",
        "943-476-5919",
        "943/476/5919",
        "943\u2013476\u20135919",
        "\uff19\uff14\uff13\uff14\uff17\uff16\uff15\uff19\uff11\uff19",
        "NHS9434765919",
        "NHS No. 943 476 5919",
        "patient_9434765919",
        "9434765919/job_start",
        "9434765919.0",
        "1234567881",  # 208 = 18 x 11 + 10, so its check digit is 1
    ],
)
def test_an_nhs_number_is_recognised_however_it_is_spaced(text: str) -> None:
    assert looks_personal(text) is Kind.NHS_NUMBER


@pytest.mark.parametrize("text", ["JG121416A", "jg 12 14 16 a", "JG-12-14-16-A", "NI JG121416A", "QQ 12 34 56 C"])
def test_a_national_insurance_number_is_recognised(text: str) -> None:
    assert looks_personal(text) is Kind.NATIONAL_INSURANCE_NUMBER


@pytest.mark.parametrize(
    "text",
    [
        "QA123456C",  # Q is never issued; QQ stands in published samples, and is refused
        "BG123456A",
        "NT123456A",
        "DA123456A",
        "AO123456A",
        "AB123456E",  # the last letter is A to D
        "AB123456",
        "AB1234567A",
        "XAB123456A",
    ],
)
def test_what_no_national_insurance_number_can_be_is_let_pass(text: str) -> None:
    assert looks_personal(text) is None


@pytest.mark.parametrize("text", ["jane.smith@example.org", "mail from JS@nhs.net", "j@example.co.uk"])
def test_an_e_mail_address_is_recognised(text: str) -> None:
    assert looks_personal(text) is Kind.EMAIL


@pytest.mark.parametrize(
    "text",
    [
        "Jane Smith 12/03/1985",
        "Jane Smith 12.3.85",
        "smith_jane_1985-03-12",
        "1985-03-12 smith",
        "SMITH12031985",
        "smithjane19850312",
        "Jane Smith, 12th March 1985",
        "Jane Smith (12-Mar-1985)",
        "Zoë 01/02/2003",
        "born 12/03/1985",
    ],
)
def test_a_name_with_a_date_of_birth_is_recognised(text: str) -> None:
    assert looks_personal(text) is Kind.NAME_WITH_BIRTH_DATE


@pytest.mark.parametrize("text", ["07700 900123", "07700900123", "+44 7700 900123", "020 7946 0018", "(0161) 496 0000"])
def test_a_telephone_number_is_recognised(text: str) -> None:
    assert looks_personal(text) is Kind.PHONE_NUMBER


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P000123",
        "ENF-0042",
        "1234567890",  # ten digits that fail the check
        "12345678901",
        "94347659190",
        "f47ac10b-58cc-4372-a567-0e02b2c3d479",
        "9434765919434765919943476591994347",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "P0001/job_start/2021-03-01",
        "P0001/sustained_16_plus/J0001",
        "count/engagement/haringey/2021-04-30",
        "2021-04-01..2021-06-30",
        "payslip 12/03/2020; employer letter 2021-04-30",
        "1985-03-12",
        "case 1985-03-12",
        "EN19850312",
        "Jane Smith",
        "16.25",
        "Café, Green Lanes",
        "JP/2020-11/0001",
        "@home",
    ],
)
def test_a_reference_that_names_nobody_is_let_pass(text: str) -> None:
    assert looks_personal(text) is None


@given(NINE_DIGITS)
def test_nine_digits_have_at_most_one_check_digit(nine: str) -> None:
    fitting = [last for last in "0123456789" if nhs_check_digit_holds(nine + last)]
    weighted = sum((10 - place) * int(digit) for place, digit in enumerate(nine))

    assert len(fitting) == (0 if weighted % 11 == 1 else 1)
    if fitting:
        assert (weighted + int(fitting[0])) % 11 == 0


@given(NINE_DIGITS, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(nine: str, place: int, shift: int) -> None:
    for last in "0123456789":
        right = nine + last
        wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
        assert not (nhs_check_digit_holds(right) and nhs_check_digit_holds(wrong))


@given(st.lists(st.one_of(st.text(), st.text("aJ019 -/._@()+,:é", max_size=25)), max_size=8))
@example(["Jane Smith 1 Mar 1985", "jg 12 14 16 a", "943 476 5919", "a\0b", "07700900123", "a 1/2/03 Jane Smith"])
def test_a_column_is_judged_as_its_single_texts_are(texts: list[str]) -> None:
    kinds = {place: kind for place, text in enumerate(texts) if (kind := looks_personal(text)) is not None}

    assert personal_among(texts) == kinds


def test_what_is_shown_of_a_personal_value_cannot_be_traced() -> None:
    assert shown("943 476 5919") == "'94* *** ****'"
    assert shown("jane.smith@example.org") == "'ja**.*****@*******.***'"
    assert masked("Jane Smith 12/03/1985") == "Ja** ***** **/**/****"


def test_what_is_shown_of_a_long_text_is_cut() -> None:
    assert shown("payslip " * 20) == f"'{'payslip ' * 7}pays...'"
