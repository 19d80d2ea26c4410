"""Keys of `employment` that change nothing beside the others are named; those that change something are not."""

import pytest

from sib_engine.core.findings import Severity
from tests.terms.edited import found, named

SHORT_WEEKS = "employment = { weeks = 13, within_weeks = 16, hours_below = 16 }"


@pytest.mark.parametrize(
    ("terms", "key", "why"),
    [
        ("weeks = 13, within_weeks = 16, gap_days = 7", "gap_days", "any break is allowed inside within_weeks"),
        ("gap_days = 7", "gap_days", "the first day counts, before any break"),
        ("employer_change = false", "employer_change", "the first day of every job counts"),
        ('weeks = 13, hours = "contracted"', "hours", "no hours are asked for"),
        (
            'hours_from = 4, hours = "every pay period"',
            "hours",
            "only the first day counts, and its hours are their own average",
        ),
    ],
)
def test_a_key_of_employment_that_changes_nothing_is_named(terms: str, key: str, why: str) -> None:
    (finding, *_) = [one for one in found((SHORT_WEEKS, f"employment = {{ {terms} }}")) if one.rule == "no-effect"]

    assert finding.severity is Severity.WARNING
    assert finding.at.key == f"metric.short_weeks.employment.{key}"
    assert finding.what == f"{key} of 'short_weeks' has no effect: {why}"


@pytest.mark.parametrize(
    "terms",
    [
        "weeks = 13, gap_days = 7, employer_change = false",
        "weeks = 13, within_weeks = 16, employer_change = false",
        "weeks = 13, within_weeks = 16, gap_days = 0",
        'hours_from = 4, hours = "contracted"',
        'months = 6, hours_below = 16, hours = "every pay period"',
    ],
)
def test_a_key_of_employment_that_changes_something_is_not(terms: str) -> None:
    assert "no-effect" not in [rule for _, rule in named((SHORT_WEEKS, f"employment = {{ {terms} }}"))]
