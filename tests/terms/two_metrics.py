"""A contract of two recorded metrics over two years of quarters, with one payer and nothing else agreed."""

from sib_engine.core.findings import Finding
from sib_engine.terms.contract import Contract
from sib_engine.terms.load import load_text
from tests.terms.edited import AGREED, clause

HEAD = f"""
[contract]
code = "two-metrics"
name = "Two metrics"
programme = "tests"
currency = "GBP"
start = 2024-01-01
end = 2025-12-31
claims_close = 2026-03-31
timezone = "Europe/London"
period = {{ months = 3, anchor = 2024-01-01 }}
rounding = {{ mode = "half-even", at = "row" }}
{AGREED}
[[party]]
id = "council"
role = "outcomes_payer"
organisation = "A council"
{AGREED}
[metric.a]
name = "A"
definition = "recorded as a"
recorded = "a"
{AGREED}
[metric.b]
name = "B"
definition = "recorded as b"
recorded = "b"
{AGREED}
[[share]]
id = "all"
metric = "*"
from = 2024-01-01
payers = {{ council = "100%" }}
{AGREED}
"""
PRICE_A = clause("tariff", 'id = "price-a"\nmetric = "a"\nfrom = 2024-01-01\nprice = 100')
PRICE_B = clause("tariff", 'id = "price-b"\nmetric = "b"\nfrom = 2024-01-01\nprice = 200')
SITES = '[site.n]\nname = "North"\n[site.s]\nname = "South"\n'


def text(*added: str, changes: tuple[tuple[str, str], ...] = (), prices: str = PRICE_A + PRICE_B) -> str:
    """Return the contract's file with clauses added and words changed."""
    whole = HEAD + prices + "".join(added)
    for before, after in changes:
        assert before in whole
        whole = whole.replace(before, after)
    return whole


def about(*added: str, changes: tuple[tuple[str, str], ...] = (), prices: str = PRICE_A + PRICE_B) -> list[Finding]:
    """Return every finding about the contract."""
    return list(load_text(text(*added, changes=changes, prices=prices), "two-metrics.toml").findings)


def rules(*added: str, changes: tuple[tuple[str, str], ...] = ()) -> list[tuple[str, str]]:
    """Return key and rule of every finding about the contract."""
    return [(finding.at.key, finding.rule) for finding in about(*added, changes=changes)]


def contract(*added: str, changes: tuple[tuple[str, str], ...] = (), prices: str = PRICE_A + PRICE_B) -> Contract:
    """Return the contract, which has no errors."""
    loaded = load_text(text(*added, changes=changes, prices=prices), "two-metrics.toml")
    assert loaded.contract is not None, loaded.findings
    return loaded.contract
