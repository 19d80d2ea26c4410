"""What is said of published counts that name no site, where clauses ask for one."""

from pathlib import Path

import pytest

from sib_engine.services.price_counts import price_counts
from tests.terms.edited import AGREED

CONTRACT = (
    """
[contract]
code = "two-sites"
name = "Two sites"
programme = "Tests"
currency = "GBP"
start = 2024-01-01
end = 2025-12-31
claims_close = 2026-03-31
timezone = "Europe/London"
period = { months = 3, anchor = 2024-01-01 }
rounding = { mode = "half-even", at = "row" }
"""
    + AGREED
    + "".join(
        f"""
[[{table}]]
{terms}
{AGREED}"""
        for table, terms in (
            ("party", 'id = "council"\nrole = "outcomes_payer"\norganisation = "Council"'),
            ("tariff", 'id = "ta"\nmetric = "a"\nfrom = 2024-01-01\nprice = 100'),
            ("tariff", 'id = "tb"\nmetric = "b"\nfrom = 2024-01-01\nprice = 100'),
            ("share", 'id = "all"\nfrom = 2024-01-01\nmetric = "*"\npayers = { council = "100%" }'),
        )
    )
    + "".join(
        f"""
[metric.{code}]
name = "{code}"
definition = "{code}"
recorded = "{code}"
{AGREED}"""
        for code in ("a", "b")
    )
    + "".join(f'\n[site.{code}]\nname = "{code}"\n' for code in ("n", "s"))
)
BY_SITE = f'\n[[cap]]\nid = "by-site"\non = ["site"]\nlimit = 100\n{AGREED}'
BY_METRIC = f'\n[[cap]]\nid = "by-metric"\non = ["metric"]\nlimit = 100\n{AGREED}'
IN_ALL = f'\n[[cap]]\nid = "in-all"\non = ["contract"]\nlimit = 1000\n{AGREED}'
VOLUME = f'\n[[volume]]\nid = "places"\nmetric = "a"\non = ["site"]\nmaximum = 2\n{AGREED}'


@pytest.mark.parametrize(
    ("clauses", "rule", "words"),
    [
        (BY_SITE + IN_ALL, "upper-bound", "the amount is an upper bound"),
        (
            BY_SITE + BY_METRIC,
            "sites-open",
            "cap by-site crosses by-metric: with their sites more may be payable, or less",
        ),
        (VOLUME, "sites-open", "places counts those without one as if they were of no site"),
    ],
)
def test_what_counts_without_a_site_leave_open_is_said(tmp_path: Path, clauses: str, rule: str, words: str) -> None:
    contract, counts = tmp_path / "two-sites.toml", tmp_path / "counts.csv"
    contract.write_text(CONTRACT + clauses, encoding="utf-8")
    counts.write_text("metric,count,site,achieved_on\na,2,,2024-02-01\nb,2,n,2024-02-02\n", encoding="utf-8")

    found = [
        each for each in price_counts(str(contract), counts).findings if each.rule in {"upper-bound", "sites-open"}
    ]

    assert [each.rule for each in found] == [rule]
    assert words in found[0].what
