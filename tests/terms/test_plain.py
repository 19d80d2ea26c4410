from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from sib_engine.core.money import currency_of
from sib_engine.terms.metric import Employment
from sib_engine.terms.plain import PlainClause, plain_clauses
from sib_engine.terms.plain_values import employment_values
from sib_engine.terms.plain_words import percentage, price, words
from tests.terms.edited import MEASURED, clause, contract, named


def clause_of(name: str, *changes: tuple[str, str], add: str = "") -> PlainClause:
    return next(clause for clause in plain_clauses(contract(*changes, add=add)) if clause.name == name)


def said(clause: PlainClause) -> dict[str, str]:
    return {term.key: term.text for term in clause.terms}


@pytest.mark.parametrize(
    ("terms", "text"),
    [
        ("months = 9", "9 months after engagement"),
        ("not_before = { months = 6 }", "from 6 months after engagement"),
        ("not_before = { months = 3 }, months = 6", "from 3 months to 6 months after engagement"),
        ("not_before = { months = 3, days = 1 }, days = 180", "from 3 months and 1 day to 180 days after engagement"),
    ],
)
def test_a_window_says_when_it_opens_and_closes(terms: str, text: str) -> None:
    assert clause_of("metric.job_start", ("months = 9 }", f"{terms} }}")).text("within") == text


def test_a_metric_is_said_in_the_words_of_the_file() -> None:
    assert said(clause_of("metric.full_weeks")) == {
        "name": "13 weeks at 16 hours",
        "definition": "13 weeks in work at 16 hours a week or more",
        "counts": "once per person",
        "employment.competitive": "yes",
        "employment.self_employment": "yes",
        "employment.weeks": "13 (91 days)",
        "employment.hours_from": "16",
        "employment.hours": "average over the period",
        "employment.hours_over": "the first period",
        "employment.gap_days": "7",
        "employment.employer_change": "no",
        "requires": "job_start",
    }


def test_money_dates_shares_and_lists_are_said_as_people_write_them() -> None:
    assert said(clause_of("tariff[short-weeks-south]")) == {
        "metric": "short_weeks",
        "from": "1 April 2020",
        "price": "£910.005",
        "sites": "south",
    }
    assert said(clause_of("share[split-engagement]"))["payers"] == "council 1/3, fund 1/3, unfunded 1/3"
    assert said(clause_of("share[split]"))["payers"] == "council 58%, fund 42%"
    assert said(clause_of("plan[plan2]"))["amounts"] == "£30,000.00; £0.00; £40,000.50"
    assert said(clause_of("plan[plan1]"))["in_force"] == "from April 2020 to January 2021"
    assert said(clause_of("grant[covid]"))["months"] == "1 April 2020 to 30 June 2020"
    assert said(clause_of("metric.engagement"))["any_of"] == "appointment x 3, vocational profile"
    assert said(clause_of("metric.job_start"))["within"] == "9 months after engagement"


def test_a_scale_is_said_with_what_each_point_pays() -> None:
    assert said(clause_of("scale[reconvictions-1]", add=MEASURED)) == {
        "metric": "reconvictions",
        "from": "1 April 2020",
        "between": "steps",
        "points": "at least 7.5%: 50%, above 10%: 100%",
        "amount": "£20,000.00",
        "per": "result",
    }
    assert (
        said(clause_of("scale[reconvictions-2]", add=MEASURED))["points"]
        == "at least 0.075: £1,000.00; at least 0.1: £20,000.00"
    )
    assert said(clause_of("scale[bed-day]", add=MEASURED))["price"] == "£180.505"
    assert said(clause_of("metric.reconvictions", add=MEASURED))["measured"] == "reduction"


def test_an_assumed_term_carries_its_reason_and_one_that_is_not_set_is_named() -> None:
    clause = clause_of(
        "metric.full_weeks",
        (
            "gap_days = 7, employer_change = false }",
            'gap_days = 7 }\nassumed = { "employment.days" = "a", within = "b", employment = "c" }',
        ),
    )

    reasons = {term.key: term.assumed for term in clause.terms}
    assert reasons["employment.weeks"] == "a"
    assert reasons["employment.gap_days"] == "c"
    assert reasons["name"] is None
    assert clause.text("within") == "not set"
    assert reasons["within"] == "b"


def test_a_file_without_eligibility_borrows_no_provenance() -> None:
    bare = contract()
    bare = replace(bare, eligibility=replace(bare.eligibility, provenance=bare.provenance))

    eligibility = next(clause for clause in plain_clauses(bare) if clause.table == "eligibility")

    assert (eligibility.status, eligibility.source) == (None, None)


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (Fraction(58, 100), "58%"),
        (Fraction(1, 3), "1/3"),
        (Fraction(453, 1000), "45.3%"),
        (Fraction(1), "100%"),
        (Fraction(0), "0%"),
        (Fraction(1, 10**8), "0.000001%"),
        (Fraction(1, 7 * 10**5), "1/700000"),
    ],
)
def test_a_part_is_a_percentage_where_that_is_exact(part: Fraction, text: str) -> None:
    assert percentage(part) == text


def test_a_price_shows_all_its_places_and_at_least_those_of_the_currency() -> None:
    assert price(Decimal("1234.5"), currency_of("GBP")) == "£1,234.50"
    assert price(Decimal("0.1255"), currency_of("GBP")) == "£0.1255"
    assert price(Decimal(1200), currency_of("JPY")) == "¥1,200"
    assert price(Decimal("1E+3"), currency_of("CHF")) == "CHF 1,000.00"


def test_lists_with_commas_inside_can_still_be_told_apart() -> None:
    assert words(("a", "b")) == "a, b"
    assert words(("a, b", "c")) == "a, b; c"
    assert words(("a; b", "c")) == "'a; b', 'c'"


ASKED = ('evidence = ["payslip", "employer letter"]', 'evidence = ["form", ["letter", "payslip"]]')


def test_documents_of_which_one_is_enough_are_said_as_such() -> None:
    later = 'id = "m1"\nmetric = "job_start"\nfrom = 2022-07-01\nevidence = ["form", ["letter", "P45"]]'
    added = 'claim_within_days = 120\nevidence_from = "start of work"\nevidence_must_be = "held or inspected"'
    from_work = ("claim_within_days = 120", added)

    job_start = clause_of("metric.job_start", ASKED, from_work)
    changed = clause_of("metric_terms[m1]", ASKED, add=clause("metric_terms", later))

    assert said(job_start)["evidence"] == "form, one of letter or payslip"
    assert said(job_start)["evidence_from"] == "start of work"
    assert said(job_start)["evidence_must_be"] == "held or inspected"
    assert said(changed)["evidence"] == "form, one of letter or P45"


def test_alternatives_are_refused_where_a_change_makes_one_document_enough() -> None:
    later = 'id = "m1"\nmetric = "job_start"\nfrom = 2022-07-01\nevidence_needed = "any"'

    assert named(ASKED, add=clause("metric_terms", later)) == [("metric_terms[m1].evidence", "evidence-unclear")]


def test_terms_that_nobody_agreed_are_not_shown() -> None:
    first_day = Employment()
    weeks = Employment(days=91)
    at_16 = Employment(days=91, hours_from=Decimal(16))

    def keys(rule: Employment) -> set[str]:
        return {key.removeprefix("employment.") for key, _ in employment_values(rule)}

    assert keys(first_day).isdisjoint({"hours", "hours_over", "gap_days"})
    assert keys(weeks) & {"hours", "hours_over", "gap_days"} == {"gap_days"}
    assert keys(at_16) >= {"hours", "hours_over", "gap_days"}
