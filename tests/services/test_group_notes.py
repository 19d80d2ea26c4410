"""Counts that do not say their group, where prices or bonuses are for groups."""

from pathlib import Path

from sib_engine.core.findings import Severity
from tests.mechanisms import pages


def test_counts_without_a_group_are_priced_as_of_no_group_and_the_amount_is_called_a_guess(tmp_path: Path) -> None:
    rows = pages.rows_file(tmp_path, "metric,site,count,achieved_on", "job,north,3,2024-02-10")

    found = pages.priced("prices-by-group", rows=rows)

    assert pages.payable(found) == {"job": "4500.00"}
    (finding,) = found.findings
    assert (finding.severity, finding.rule) == (Severity.WARNING, "group-missing")
    assert finding.what == (
        "3 of job do not say their group, and are priced as people of no group, although 16 to 24 have prices of their"
        " own: the amount is a guess"
    )


def test_counts_without_a_group_earn_no_bonus_for_one_and_the_amount_is_called_a_lower_bound(tmp_path: Path) -> None:
    rows = pages.rows_file(tmp_path, "metric,count,achieved_on", "job,30,2024-02-10")

    (finding,) = pages.priced("bonus", rows=rows).findings

    assert finding.rule == "group-missing"
    assert finding.what == (
        "30 outcomes do not say their group, so none of them counts towards bonus 'young-people' for 16 to 24: the"
        " amount is a lower bound"
    )


def test_where_other_rows_have_a_group_one_without_is_of_people_of_no_group(tmp_path: Path) -> None:
    lines = ("job,north,,3,2024-02-10", "job,north,16 to 24,2,2024-02-10")
    rows = pages.rows_file(tmp_path, "metric,site,group,count,achieved_on", *lines)

    assert pages.priced("prices-by-group", rows=rows).findings == ()


def test_a_person_without_a_group_is_of_no_group(tmp_path: Path) -> None:
    rows = pages.rows_file(tmp_path, "row,person,metric,site,achieved_on", "a,P1,job,north,2024-02-10")

    assert "group-missing" not in [each.rule for each in pages.priced("prices-by-group", rows=rows).findings]
