"""``gap_days = "any"``: read, shown in words, and given by a change of terms."""

from sib_engine.terms.metric import ANY_GAP, Employment
from sib_engine.terms.metric_terms import EmploymentTerms
from sib_engine.terms.plain_values import employment_values
from tests.terms.edited import clause, contract, found

ANY = ("gap_days = 7,", 'gap_days = "any",')


def test_any_break_is_more_than_any_number_of_days() -> None:
    rule = contract(ANY).metrics[3].rule

    assert isinstance(rule, Employment)
    assert rule.gap_days == ANY_GAP
    assert dict(employment_values(rule))["employment.gap_days"] == "any"


def test_a_change_of_terms_may_allow_any_break() -> None:
    change = clause(
        "metric_terms", 'id = "m"\nmetric = "full_weeks"\nfrom = 2022-01-01\nemployment = { gap_days = "any" }'
    )
    (terms,) = contract(add=change).metric_terms

    assert terms.employment == EmploymentTerms(gap_days=ANY_GAP)


def test_another_word_is_refused_with_the_one_that_would_do() -> None:
    (finding,) = found(("gap_days = 7,", 'gap_days = "Any",'))

    assert (finding.at.key, finding.rule) == ("metric.full_weeks.employment.gap_days", "not-a-count")
    assert finding.accepted == 'a whole number from 0 to 36500, or "any"'
