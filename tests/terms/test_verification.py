"""Terms of the verification sample: read, said in words, compared, amended; classes of risk."""

from datetime import date
from fractions import Fraction

import pytest

from sib_engine.payments.sampling.risk import RiskFacts, risk_class_of
from sib_engine.terms.amend import in_force
from sib_engine.terms.diff import Change, ClauseChange, TermChange, diff
from sib_engine.terms.plain import plain_clauses
from sib_engine.terms.verification import Recover, SampleMethod, StratifiedBy, in_force_on
from tests.terms.edited import clause, contract, named

FULL = clause(
    "verification",
    'id = "v1"\nfrom = 2020-04-01\nconfidence = "95%"\nrecover = "lower bound"\nmethod = "proportional to value"\n'
    'strata = ["metric", "risk"]\nshare = "10%"\nat_least = 5\nassumed = { confidence = "95% is usual" }\n'
    'risk = [{ name = "own-word", evidence = ["payslip"], share = "1/2" }, '
    '{ name = "dear", metrics = "full_weeks", sites = ["north"], value_from = 1500.00, recorded_after_days = 60 }]',
)
LATER = clause(
    "verification",
    'id = "v2"\nfrom = 2022-04-01\nconfidence = "90%"\nrecover = "found only"\namendment = "a1"',
)


def test_every_term_is_read() -> None:
    (terms,) = contract(add=FULL).verifications

    assert (terms.id, terms.starts_on, terms.confidence) == ("v1", date(2020, 4, 1), Fraction(19, 20))
    assert (terms.recover, terms.method) == (Recover.LOWER, SampleMethod.BY_VALUE)
    assert terms.strata == (StratifiedBy.METRIC, StratifiedBy.RISK)
    assert (terms.share, terms.at_least) == (Fraction(1, 10), 5)
    own_word, dear = terms.risk
    assert (own_word.evidence, own_word.share) == (("payslip",), Fraction(1, 2))
    assert (dear.metrics, dear.sites, dear.value_from, dear.recorded_after_days) == (
        ("full_weeks",),
        ("north",),
        150_000,
        60,
    )
    assert named(add=FULL) == [("contract", "assumed-terms")]


def test_without_a_clause_nothing_is_agreed() -> None:
    assert contract().verifications == ()
    assert in_force_on((), date(2021, 1, 1)) is None


def test_the_clause_is_said_in_words() -> None:
    said = next(each for each in plain_clauses(contract(add=FULL)) if each.name == "verification[v1]")

    assert {term.key: term.text for term in said.terms} == {
        "from": "1 April 2020",
        "confidence": "95%",
        "recover": "lower bound",
        "method": "proportional to value",
        "strata": "metric, risk",
        "share": "10%",
        "at_least": "5",
        "risk": "own-word: on no evidence but payslip, at least 50% checked; dear: metrics full_weeks, sites north,"
        " from £1,500.00, recorded more than 60 days after",
    }
    assert next(term.assumed for term in said.terms if term.key == "confidence") == "95% is usual"


def test_a_changed_recovery_rule_is_a_difference() -> None:
    old, new = contract(add=FULL), contract(add=FULL.replace("lower bound", "point estimate"))

    assert diff(old, new) == (
        ClauseChange("verification", "v1", Change.CHANGED, (TermChange("recover", "lower bound", "point estimate"),)),
    )
    assert old.digest != new.digest


def test_an_amendment_brings_terms_that_hold_from_their_day_on() -> None:
    both = contract(add=FULL + LATER)
    before, after = in_force(both, date(2022, 3, 31)).verifications, in_force(both, date(2022, 4, 1)).verifications

    assert [each.id for each in before] == ["v1"]
    assert [each.id for each in after] == ["v1", "v2"]
    assert [getattr(in_force_on(after, date(year, 4, 1)), "id", None) for year in (2019, 2021, 2022)] == [
        None,
        "v1",
        "v2",
    ]


def test_an_amendment_that_replaces_terms_has_to_bring_others() -> None:
    replaced = ('"job-start-1"]', '"job-start-1", "v1"]')

    assert ("amendment[a1].replaces", "replaced-by-nothing") in named(replaced, add=FULL)
    assert ("amendment[a1].replaces", "replaced-by-nothing") not in named(replaced, add=FULL + LATER)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (RiskFacts("job_start", "south", 70_000, frozenset({"payslip"}), 3), "own-word"),
        (RiskFacts("job_start", "south", 70_000, frozenset(), 3), "own-word"),
        (RiskFacts("job_start", "south", 70_000, frozenset({"payslip", "employer letter"}), 3), "standard"),
        (RiskFacts("full_weeks", "north", 150_000, frozenset({"employer letter"}), 61), "dear"),
        (RiskFacts("full_weeks", "north", 150_000, frozenset({"employer letter"}), 60), "standard"),
        (RiskFacts("full_weeks", "north", 150_000, frozenset({"employer letter"}), None), "standard"),
        (RiskFacts("full_weeks", "north", 149_999, frozenset({"employer letter"}), 61), "standard"),
        (RiskFacts("full_weeks", "south", 150_000, frozenset({"employer letter"}), 61), "standard"),
        (RiskFacts("job_start", "north", 150_000, frozenset({"employer letter"}), 61), "standard"),
        (RiskFacts("full_weeks", "north", 150_000, frozenset({"payslip"}), 61), "own-word"),
    ],
)
def test_a_claim_belongs_to_the_first_class_that_it_fits(facts: RiskFacts, expected: str) -> None:
    (terms,) = contract(add=FULL).verifications

    assert risk_class_of(facts, terms.risk) == expected
