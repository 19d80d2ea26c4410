"""Every currency of ISO 4217 with its decimals, and the codes that have none."""

from decimal import Decimal

import pytest

from sib_engine.core.errors import NotFoundError
from sib_engine.core.money import CURRENCY_CODES, currency_of, shown, to_minor


@pytest.mark.parametrize(
    ("code", "places"),
    [
        ("JPY", 0),
        ("CLP", 0),
        ("COP", 2),
        ("ILS", 2),
        ("MXN", 2),
        ("ARS", 2),
        ("GBP", 2),
        ("BHD", 3),
        ("CLF", 4),
        ("UYW", 4),
    ],
)
def test_a_currency_has_the_decimals_of_the_standard(code: str, places: int) -> None:
    assert currency_of(code).places == places


def test_there_are_as_many_as_the_list_of_january_2026_has_with_minor_units() -> None:
    assert len(CURRENCY_CODES) == 165
    assert sorted({currency_of(code).places for code in CURRENCY_CODES}) == [0, 2, 3, 4]


def test_an_amount_in_unidades_de_fomento_has_four_decimals() -> None:
    fomento = currency_of("CLF")

    assert to_minor(Decimal("39.7251"), fomento) == 397_251
    assert shown(397_251, fomento) == "CLF 39.7251"
    with pytest.raises(ValueError, match=r"39\.72513 has more than the 4 decimal places of CLF"):
        to_minor(Decimal("39.72513"), fomento)


@pytest.mark.parametrize("code", ["XAU", "XDR", "XXX", "XTS"])
def test_a_code_without_minor_units_is_refused(code: str) -> None:
    with pytest.raises(NotFoundError, match=f"currency '{code}' has no minor unit, .*; accepted: a code of ISO 4217"):
        currency_of(code)


def test_an_unknown_code_is_refused_and_small_letters_are_understood_as_a_mistake() -> None:
    with pytest.raises(NotFoundError, match="currency 'ZZZ' is not in ISO 4217; accepted: a code of ISO 4217 such as"):
        currency_of("ZZZ")
    with pytest.raises(NotFoundError, match="did you mean GBP"):
        currency_of("gbp")
