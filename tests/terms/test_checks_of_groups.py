"""Prices for some groups, and what is said where they may not hold everybody."""

from tests.terms.edited import found


def test_groups_may_between_them_hold_everybody() -> None:
    everybody = ('metric = "engagement"\nfrom', 'groups = ["men", "women"]\nmetric = "engagement"\nfrom')

    (noted,) = found(everybody)

    assert (noted.severity, noted.at.key, noted.rule) == ("note", "metric.engagement", "price-gap")
    assert noted.what == (
        "metric 'engagement' has a price for group men, women alone: an outcome of no group, or of another, cannot be"
        " priced, and a file that holds one is refused"
    )
