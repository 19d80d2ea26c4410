"""Prices by group and site, as docs/mechanisms/prices-by-group.md has them."""

from pathlib import Path

from tests.mechanisms import pages

NAME = "prices-by-group"


def test_the_site_goes_before_the_group_and_the_group_before_all() -> None:
    assert pages.payable(pages.priced(NAME)) == {"job": "9400.00"}
    assert [pages.tree(NAME, row)["amount"] for row in ("older", "young", "young-south")] == [
        "4500.00",
        "3200.00",
        "1700.00",
    ]


def test_a_group_without_a_price_of_its_own_has_the_general_one_and_a_warning(tmp_path: Path) -> None:
    rows = pages.rows_file(tmp_path, "metric,site,group,count,achieved_on", "job,north,25 and over,3,2024-02-10")
    found = pages.priced(NAME, rows=rows)

    assert pages.payable(found) == {"job": "4500.00"}
    assert [finding.rule for finding in found.findings] == ["group-unknown"]


def test_a_corrected_group_is_reversed_and_stated_anew(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path)
    pages.stated(engine, ["2024-Q1"])
    engine.rows["young"]["group"] = ""

    drawn = engine.state("2024-Q2")

    assert [(line.row, line.payable) for line in drawn.statement.lines] == [("young", -320_000), ("young", 300_000)]
