"""Prices for some groups, and what is said where they may not hold everybody."""

from tests.terms.edited import clause, found
from tests.terms.two_metrics import PRICE_B, about


def test_groups_may_between_them_hold_everybody() -> None:
    everybody = ('metric = "engagement"\nfrom', 'groups = ["men", "women"]\nmetric = "engagement"\nfrom')

    (noted,) = found(everybody)

    assert (noted.severity, noted.at.key, noted.rule) == ("note", "metric.engagement", "price-gap")
    assert noted.what == (
        "metric 'engagement' has a price for group men, women alone: an outcome of no group, or of another, cannot be"
        " priced, and a file that holds one is refused"
    )


def test_every_reason_for_which_paid_outcomes_differ_is_named() -> None:
    tiers = (
        'id = "t"\nmetric = "a"\nfrom = 2024-01-01\nvolume = "marginal"\ncount_over = "metric"\n'
        "tiers = [{ up_to = 10, price = 100 }, { price = 150 }]"
    )
    bonus = clause("bonus", 'id = "bo"\non = ["contract"]\nabove = 3\nprice = 5')
    cap = clause("cap", 'id = "half"\non = ["contract"]\nshare = "50%"')

    (finding,) = about(bonus, cap, prices=clause("tariff", tiers) + PRICE_B)

    assert finding.rule == "paid-outcomes-differ"
    assert "(bonus 'bo'; tariff 't' has tiers; tariffs 't', 'price-b')" in finding.what
