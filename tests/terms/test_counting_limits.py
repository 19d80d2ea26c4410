"""Caps at a share of outcomes and minimums as clauses: in words, in a difference, amended, and mutated at random."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sib_engine.core.findings import has_errors
from sib_engine.terms.amend import in_force, states
from sib_engine.terms.diff import diff
from sib_engine.terms.load import contract_from
from sib_engine.terms.plain import plain_clauses
from tests.terms.edited import clause, contract, document, named
from tests.terms.mutations import mutated

SHARE = clause("cap", 'id = "health-share"\non = ["metric"]\nmetrics = ["health"]\nshare = "40%"\nof = "engagement"')
MINIMUM = clause(
    "minimum",
    'id = "job-starts"\non = ["period"]\nmetrics = ["job_start"]\nat_least_share = "1/3"\nof = ["engagement"]\n'
    'pays_below = "50%"',
)
BONUS = clause("bonus", 'id = "fifty"\non = ["site"]\nmetrics = ["engagement"]\nabove = 50\nprice = 20.00')
MORE = SHARE + MINIMUM + BONUS


def said(name: str) -> dict[str, str]:
    found = next(each for each in plain_clauses(contract(add=MORE)) if each.name == name)
    return {term.key: term.text for term in found.terms}


def test_the_clauses_are_clean_but_for_the_cliff_of_a_share() -> None:
    assert named(add=MORE) == [("minimum[job-starts].at_least_share", "minimum-cliff")]


def test_a_cap_at_a_share_is_said_in_the_words_of_the_file() -> None:
    assert said("cap[health-share]") == {"on": "metric", "share": "40%", "of": "engagement", "metrics": "health"}


def test_a_minimum_is_said_in_the_words_of_the_file() -> None:
    assert said("minimum[job-starts]") == {
        "on": "period",
        "at_least_share": "1/3",
        "of": "engagement",
        "pays_below": "50%",
        "metrics": "job_start",
    }


def test_a_difference_names_the_term() -> None:
    other = contract(add=MORE.replace('share = "40%"', 'share = "45%"').replace('"50%"', '"0%"'))

    found = {
        change.name: [(term.key, term.before, term.after) for term in change.terms]
        for change in diff(contract(add=MORE), other)
    }

    assert found == {
        "cap[health-share]": [("share", "40%", "45%")],
        "minimum[job-starts]": [("pays_below", "50%", "0%")],
    }


def test_other_terms_are_another_digest() -> None:
    first = contract(add=MORE)

    assert first.digest != contract(add=MORE.replace('share = "40%"', 'share = "45%"')).digest
    assert first.digest != contract(add=MORE.replace('"50%"', '"0%"')).digest


def test_an_amendment_replaces_them_on_its_day() -> None:
    later = MORE.replace('id = "', 'amendment = "a1"\nid = "later-')
    both = contract(
        ('replaces = ["contract-cap",', 'replaces = ["health-share", "job-starts", "contract-cap",'), add=MORE + later
    )

    def limits(on: date) -> tuple[list[str], list[str]]:
        state = in_force(both, on)
        return [each.id for each in state.outcome_caps], [each.id for each in state.minimums]

    assert limits(date(2022, 3, 31)) == (["health-share"], ["job-starts"])
    assert limits(date(2022, 4, 1)) == (["later-health-share"], ["later-job-starts"])


@given(st.data())
def test_any_change_of_such_a_contract_is_a_finding_or_a_contract(data: st.DataObject) -> None:
    made, findings = contract_from(mutated(document(add=MORE), data))

    assert all(str(finding).isprintable() for finding in findings)
    assert made is not None or has_errors(findings)
    if made is not None:
        assert plain_clauses(made)
        assert states(made)
