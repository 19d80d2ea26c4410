"""Every page about a mechanism has its example, which loads without a finding and prices to amounts on the page."""

import re
from pathlib import Path

import pytest

from sib_engine.services.price_counts import price_counts
from sib_engine.terms.load import load

FOLDER = Path(__file__).parents[2] / "docs" / "mechanisms"
PAGES = sorted(FOLDER.glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_an_example_without_findings_and_links_to_it(page: Path) -> None:
    example = FOLDER / "examples" / f"{page.stem}.toml"

    loaded = load(example)

    assert loaded.findings == ()
    assert loaded.contract is not None
    assert f"(examples/{page.stem}.toml)" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_the_counts_of_an_example_come_to_stands_on_the_page(page: Path) -> None:
    counts = FOLDER / "examples" / f"{page.stem}.csv"
    if not counts.exists():
        pytest.skip("the example has facts, and a test of its own")

    found = price_counts(str(counts.with_suffix(".toml")), counts).as_dict()

    text = re.sub(r"[£,]", "", page.read_text(encoding="utf-8"))
    assert [line["payable"] for line in found["lines"] if line["payable"] not in text] == []


def test_every_example_has_its_page() -> None:
    assert {path.stem for path in (FOLDER / "examples").glob("*.toml")} == {page.stem for page in PAGES}
