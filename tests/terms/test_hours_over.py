"""The term that says over which days of lasting work a band of hours is measured."""

import pytest

from sib_engine.terms.metric import Employment, HoursOver
from tests.terms.edited import contract, found

IN_THE_FILE = "employment = { weeks = 13, within_weeks = 16, hours_below = 16 }"


def test_a_band_is_measured_over_the_first_period_unless_the_contract_says_otherwise() -> None:
    any_period = contract((IN_THE_FILE, 'employment = { weeks = 13, hours_below = 16, hours_over = "any period" }'))
    first = contract((IN_THE_FILE, 'employment = { weeks = 13, hours_below = 16, hours_over = "the first period" }'))

    def over(rule: object) -> HoursOver | None:
        return rule.hours_over if isinstance(rule, Employment) else None

    assert over(contract().metrics[2].rule) is HoursOver.FIRST
    assert over(any_period.metrics[2].rule) is HoursOver.ANY
    assert over(first.metrics[2].rule) is HoursOver.FIRST


@pytest.mark.parametrize(
    ("terms", "lacks"),
    [
        ("weeks = 13, within_weeks = 16, hours_below = 16", "within_weeks"),
        ("hours_below = 16", "no length"),
        ("months = 6", "no hours"),
    ],
)
def test_any_period_is_refused_where_it_could_mean_nothing(terms: str, lacks: str) -> None:
    findings = found((IN_THE_FILE, f'employment = {{ {terms}, hours_over = "any period" }}'))

    said = [(each.at.key, each.rule, each.what) for each in findings if each.rule == "hours-over-unclear"]
    assert said == [
        (
            "metric.short_weeks.employment",
            "hours-over-unclear",
            f"employment asks for hours over any period and has {lacks}",
        )
    ]


def test_another_word_for_the_period_is_refused() -> None:
    findings = found((IN_THE_FILE, 'employment = { weeks = 13, hours_over = "the last period" }'))

    assert ("metric.short_weeks.employment.hours_over", "not-a-choice") in {(one.at.key, one.rule) for one in findings}
