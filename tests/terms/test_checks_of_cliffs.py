"""Cliffs outside tiers: one result, or one start, more that lowers the total."""

from pathlib import Path

from sib_engine.core.findings import Finding
from sib_engine.terms.load import load
from tests.terms.edited import clause
from tests.terms.two_metrics import about

ROOT = Path(__file__).parents[2]


def cliffs(name: str) -> list[Finding]:
    return [finding for finding in load(ROOT / name).findings if finding.rule == "unless-cliff"]


def test_the_first_cohort_of_peterborough_that_is_paid_lowers_the_total() -> None:
    (finding,) = cliffs("contracts/peterborough/one-service.toml")

    assert (finding.severity, finding.at.key) == ("note", "scale[pooled-threshold].unless")
    assert finding.what == (
        "scale 'pooled-threshold' pays up to £5,000,000.00 unless 'cohort_reconvictions' is paid: a result by which"
        " scale 'cohort-threshold' begins to pay £1,666,667.00 lowers the total by as much as £3,333,333.00"
    )


def test_a_scale_that_gives_way_to_as_much_is_no_cliff(tmp_path: Path) -> None:
    text = (ROOT / "docs/mechanisms/examples/threshold.toml").read_text(encoding="utf-8")
    path = tmp_path / "threshold.toml"
    path.write_text(text.replace("amount = 2000000.00", "amount = 1500000.00"), encoding="utf-8")

    assert [finding.rule for finding in cliffs("docs/mechanisms/examples/threshold.toml")] == ["unless-cliff"]
    assert cliffs(str(path)) == []


def test_one_more_of_what_a_minimum_is_a_share_of_un_reaches_it() -> None:
    terms = 'id = "m"\non = ["contract"]\nmetrics = "b"\nat_least_share = "30%"\nof = "a"\npays_below = "50%"'
    minimum = clause("minimum", terms)
    (finding,) = about(minimum)

    assert (finding.severity, finding.at.key, finding.rule) == ("note", "minimum[m].at_least_share", "minimum-cliff")
    assert finding.what == (
        "minimum 'm' is 30% of a: where it is just reached, one more of these un-reaches it, and 50% of it stays"
        " payable"
    )


def test_a_minimum_of_a_number_has_no_cliff() -> None:
    assert about(clause("minimum", 'id = "m"\non = ["contract"]\nmetrics = "b"\nat_least = 3')) == []
