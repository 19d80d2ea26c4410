"""One file for each mistake: what the reader says, where, and under which rule."""

from pathlib import Path

import pytest

from sib_engine.core.findings import Severity
from sib_engine.outcomes.facts_file import read_facts
from sib_engine.terms.metric import Activity, Component, Employment, EvidenceRule, Needed
from tests.oracle.build import contract, metric

FOLDER = Path(__file__).parents[1] / "bad" / "facts"

TERMS = contract(
    sites=("north", "south"),
    metrics=(
        metric("engagement", rule=Activity((Component("appointment", 3),), Needed.ALL)),
        metric("sustained", rule=Employment(days=91), evidence=EvidenceRule(("payslip", "employer letter"))),
    ),
)

ERRORS = {
    "a-cell-too-many": (3, "", "cell-count", "10 cells"),
    "competitive-column-missing": (3, "competitive", "value-needed", "employment has no competitive"),
    "competitive-missing": (3, "competitive", "value-needed", "employment has no competitive"),
    "competitive-unclear": (3, "competitive", "not-yes-or-no", "'partly'"),
    "date-after-2199": (3, "on", "date-out-of-range", "2921-05-01"),
    "date-ambiguous": (3, "on", "date-ambiguous", "04/05/2020"),
    "date-before-1900": (3, "on", "date-out-of-range", "1899-12-31"),
    "date-impossible": (3, "on", "not-a-date", "2021-02-29"),
    "e-mail-as-job": (3, "job", "personal-data", "an e-mail address"),
    "empty": (None, "", "file-empty", "empty"),
    "ends-before-it-begins": (3, "until", "ends-before-it-begins", "2021-01-04"),
    "evidence-without-kind": (3, "detail", "value-needed", "evidence has no detail"),
    "fact-blank": (3, "fact", "cell-blank", "blank"),
    "heading-misspelt": (1, "", "heading-unknown", "'competetive'"),
    "held-unclear": (3, "held", "state-unknown", "'lost'"),
    "hours-after-employment": (4, "job", "hours-without-employment", "2021-07-01 to 2021-07-31"),
    "hours-more-than-a-pay-period-has": (4, "hours", "hours-impossible", "169 hours in 7 days"),
    "hours-negative": (3, "hours", "not-a-number", "'-16'"),
    "hours-of-which-job": (5, "job", "hours-without-employment", "several jobs"),
    "hours-over-a-week": (3, "hours", "hours-impossible", "168.5 hours a week"),
    "hours-three-places": (3, "hours", "too-many-places", "16.125"),
    "hours-without-employment": (4, "job", "hours-without-employment", "'b'"),
    "hours-without-hours": (4, "hours", "value-needed", "hours has no hours"),
    "hours-without-last-day": (4, "until", "value-needed", "hours has no until"),
    "job-overlaps": (4, "on", "job-overlaps", "row 3"),
    "job-overlaps-an-open-one": (4, "on", "job-overlaps", "row 3"),
    "name-with-birth-date-as-person": (3, "person", "personal-data", "a name with a date of birth"),
    "national-insurance-number-as-person": (3, "person", "personal-data", "a National Insurance number"),
    "nhs-number-as-person": (3, "person", "personal-data", "an NHS number"),
    "no-rows": (1, "", "no-rows", "below it"),
    "not-utf-8": (3, "", "not-utf-8", "UTF-8"),
    "on-blank": (3, "on", "cell-blank", "blank"),
    "on-column-missing": (1, "on", "heading-missing", "'on'"),
    "pay-periods-overlap": (5, "on", "pay-periods-overlap", "row 4"),
    "person-blank": (3, "person", "cell-blank", "blank"),
    "person-called-grant": (3, "person", "person-reserved", "'grant'"),
    "recorded-before-it-happened": (3, "recorded_on", "recorded-before-it-happened", "2020-04-30"),
    "two-jobs-without-reference": (4, "on", "job-overlaps", "'2021-01-04'"),
}

WARNINGS = {
    "discharged-twice": (4, "fact", "discharge-repeated", "'P1'"),
    "fact-unknown": (3, "fact", "fact-unknown", "'apointment'"),
    "job-goes-on-after-a-break": (4, "job", "job-goes-on", "a break from 2021-06-29 (row 3): it is the same job"),
    "job-of-evidence-unknown": (4, "job", "job-unknown", "'b'"),
    "kind-of-evidence-unknown": (3, "detail", "kind-unknown", "'bus ticket'"),
    "last-day-of-an-appointment": (3, "until", "value-not-used", "'appointment'"),
    "metric-unknown": (3, "metric", "metric-unknown", "'sustaned'"),
    "name-in-detail": (3, "detail", "personal-data", "an e-mail address"),
    "referred-twice": (3, "fact", "referral-repeated", "the earliest one is used"),
    "row-twice": (4, "", "row-repeated", "row 3"),
    "person-in-capitals": (3, "person", "person-capitals", "'p001' (row 3) and 'P001' (rows 2, 4) differ only in"),
    "person-in-full-width": (3, "person", "person-capitals", "differ only in capitals or in how their characters are"),
    "site-unknown": (3, "site", "site-unknown", "'east'"),
    "two-sites": (3, "site", "sites-differ", "'south'"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_a_mistake_is_named_with_its_row_column_and_rule(name: str) -> None:
    row, column, rule, words = ERRORS[name]

    facts, findings = read_facts(FOLDER / f"{name}.csv", TERMS)

    assert facts is None
    (finding,) = findings
    assert (finding.at.row, finding.at.column, finding.rule) == (row, column, rule)
    assert finding.severity is Severity.ERROR
    assert words in finding.what
    assert finding.at.file.endswith(f"{name}.csv")


@pytest.mark.parametrize("name", WARNINGS)
def test_what_is_doubtful_is_a_warning_and_the_facts_can_be_used(name: str) -> None:
    row, column, rule, words = WARNINGS[name]

    facts, findings = read_facts(FOLDER / f"{name}.csv", TERMS)

    assert facts is not None
    (finding,) = findings
    assert (finding.at.row, finding.at.column, finding.rule) == (row, column, rule)
    assert finding.severity is Severity.WARNING
    assert words in finding.what


def test_each_bad_file_has_its_test() -> None:
    assert {path.stem for path in FOLDER.glob("*.csv")} == set(ERRORS) | set(WARNINGS)


@pytest.mark.parametrize("name", ["nhs-number-as-person", "e-mail-as-job", "name-in-detail"])
def test_a_message_does_not_repeat_what_looks_personal(name: str) -> None:
    _, findings = read_facts(FOLDER / f"{name}.csv", TERMS)

    assert not any(secret in str(findings[0]) for secret in ("943 476 5919", "anne@example.org"))
