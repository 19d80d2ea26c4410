"""Every page on a mechanism has an example without findings it does not name, a test, and the example's amounts."""

import re
from pathlib import Path

import pytest

from sib_engine.services.price_counts import price_counts
from sib_engine.terms.load import load

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "mechanisms"
EXAMPLES = FOLDER / "examples"
PAGES = sorted(path.stem for path in FOLDER.glob("*.md") if path.stem != "README")
TABLE_LINK = re.compile(r"\]\(([a-z0-9-]+)\.md\)")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_an_example_without_findings_but_those_it_names(page: str) -> None:
    loaded = load(EXAMPLES / f"{page}.toml")
    text = (FOLDER / f"{page}.md").read_text(encoding="utf-8")

    assert loaded.contract is not None
    assert [finding for finding in loaded.findings if f"`{finding.rule}`" not in text] == []
    assert f"(examples/{page}.toml)" in text


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_its_own_tests(page: str) -> None:
    tests = (ROOT / "tests" / "mechanisms").glob("test_*.py")

    assert any(f'"{page}' in path.read_text(encoding="utf-8") for path in tests)


@pytest.mark.parametrize("page", [page for page in PAGES if (EXAMPLES / f"{page}.csv").exists()])
def test_what_the_example_earns_stands_on_its_page(page: str) -> None:
    priced = price_counts(str(EXAMPLES / f"{page}.toml"), EXAMPLES / f"{page}.csv")
    text = (FOLDER / f"{page}.md").read_text(encoding="utf-8")

    assert [finding.rule for finding in priced.findings if finding.rule != "scheduled-apart"] == []
    for amount in (priced.earned, priced.payable):
        assert amount is not None
        places = priced.contract.currency.places
        assert f"{amount / 10**places:,.{places}f}" in text


def test_every_example_belongs_to_a_page_and_every_page_is_listed() -> None:
    listed = TABLE_LINK.findall((FOLDER / "README.md").read_text(encoding="utf-8"))

    assert sorted(path.stem for path in EXAMPLES.glob("*.toml")) == PAGES
    assert sorted(listed) == PAGES
