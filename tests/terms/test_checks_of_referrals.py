"""Prices by the day of referral, for people referred before the contract starts."""

from sib_engine.core.findings import Finding
from tests.terms.two_metrics import PRICE_A, PRICE_B, about

BY_START = ("period = {", 'price_date = "start"\nperiod = {')
EARLY_SHARE = ('metric = "*"\nfrom = 2024-01-01', 'metric = "*"\nfrom = 2023-10-01')
EARLY = ("from = 2024-01-01", "from = 2023-10-01")


def found(*changes: tuple[str, str], prices: str = PRICE_A + PRICE_B) -> list[Finding]:
    return about(changes=(BY_START, *changes), prices=prices)


def test_a_referral_before_the_start_has_no_price_where_the_first_tariff_starts_with_the_contract() -> None:
    (finding,) = found()

    assert (finding.severity, finding.at.key, finding.rule) == ("warning", "contract.price_date", "price-gap")
    assert finding.what == (
        "the day of referral decides, and before 2024-01-01 there is no price of a, b and no share of a, b: an outcome"
        " of somebody referred before then cannot be priced, and a file that holds one is refused"
    )


def test_a_metric_with_an_earlier_price_is_not_named() -> None:
    (finding,) = found(EARLY_SHARE, prices=PRICE_A.replace(*EARLY) + PRICE_B)

    assert "no price of b: an outcome" in finding.what


def test_earlier_prices_and_shares_fill_the_gap() -> None:
    assert found(EARLY_SHARE, prices=PRICE_A.replace(*EARLY) + PRICE_B.replace(*EARLY)) == []


def test_where_the_outcome_decides_nothing_is_said() -> None:
    assert about() == []
