"""Targets beside caps that have a limit for each metric, site or period."""

from tests.terms.edited import clause
from tests.terms.two_metrics import PRICE_B, SITES, about, rules


def cap(on: str, limit: int, more: str = "") -> str:
    return clause("cap", f'id = "most"\non = {on}\nlimit = {limit}\n{more}')


def target(count: int, more: str = "", metric: str = "a") -> str:
    name = f"t-{metric}-{count}"
    return clause("target", f'id = "{name}"\ncase = "high"\nmetric = "{metric}"\ncount = {count}\n{more}')


def said(*added: str) -> list[str]:
    return [finding.what for finding in about(*added) if finding.rule == "target-above-cap"]


def test_a_target_of_a_period_is_held_against_the_limit_of_that_period() -> None:
    assert said(cap('["period"]', 4_000), target(50, 'period = "2024-Q1"')) == [
        "targets of the high case in 2024-Q1 would earn £5,000.00, which is £1,000.00 above cap 'most'"
    ]
    assert rules(cap('["period"]', 5_000), target(50, 'period = "2024-Q1"')) == []


def test_a_target_of_the_whole_contract_is_held_against_the_limits_of_all_periods() -> None:
    (what,) = said(cap('["period"]', 4_000), target(5_000))

    assert what.startswith("targets of the high case would earn £500,000.00, which is £468,000.00 above the 8 limits")
    assert rules(cap('["period"]', 4_000), target(320)) == []


def test_a_target_at_a_site_is_held_against_the_limit_of_that_site() -> None:
    assert said(SITES, cap('["site"]', 4_000), target(50, 'site = "n"')) == [
        "targets of the high case at n would earn £5,000.00, which is £1,000.00 above cap 'most'"
    ]
    assert said(SITES, cap('["metric"]', 3_000, 'sites = "n"'), target(50, 'site = "n"')) == [
        "targets of the high case of 'a' would earn £5,000.00, which is £2,000.00 above cap 'most'"
    ]


def test_targets_at_another_site_or_at_none_in_particular_say_nothing_of_a_site() -> None:
    assert said(SITES, cap('["metric"]', 3_000, 'sites = "n"'), target(50, 'site = "s"')) == []
    assert said(SITES, cap('["metric"]', 3_000, 'sites = "n"'), target(50)) == []


def test_a_target_of_a_metric_is_held_against_the_limit_of_that_metric() -> None:
    assert said(cap('["metric"]', 5_000, 'metrics = "b"'), target(26, metric="b")) == [
        "targets of the high case of 'b' would earn £5,200.00, which is £200.00 above cap 'most'"
    ]
    assert rules(cap('["metric"]', 5_000), target(25, metric="b"), target(50)) == []


def test_each_period_above_its_limit_is_named() -> None:
    targets = [target(50, 'period = "2024-Q1"'), target(60, 'period = "2024-Q2"'), target(40, 'period = "2024-Q3"')]

    assert [what.split(" would")[0] for what in said(cap('["period"]', 4_000), *targets)] == [
        "targets of the high case in 2024-Q1",
        "targets of the high case in 2024-Q2",
    ]


def test_the_price_of_a_period_is_that_in_force_in_it() -> None:
    later = clause("tariff", 'id = "price-a-2"\nmetric = "a"\nfrom = 2025-01-01\nprice = 50')

    assert said(cap('["period"]', 4_000), later, target(50, 'period = "2025-Q2"')) == []


def test_tiers_of_a_period_are_taken_at_their_lowest_price() -> None:
    tiers = clause(
        "tariff",
        'id = "t"\nmetric = "a"\nfrom = 2024-01-01\nvolume = "marginal"\ncount_over = "metric"\n'
        "tiers = [{ up_to = 10, price = 100 }, { price = 50 }]",
    )
    found = about(cap('["period"]', 4_000), target(50, 'period = "2024-Q1"'), prices=PRICE_B + tiers)

    assert [finding.rule for finding in found if finding.rule == "target-above-cap"] == []
