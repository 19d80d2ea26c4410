from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.core.findings import Severity
from sib_engine.outcomes.facts import Answer, Held
from sib_engine.outcomes.facts_file import COLUMNS, read_facts
from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.outcomes.rows import NONE
from sib_engine.terms.metric import Activity, Component, Counts, Employment, EvidenceRule, HoursRule, Needed, Recorded
from tests.oracle.build import contract, metric
from tests.outcomes.people import Line, document, fact, facts_of, paid, read, referral, work


def rules(*lines: Line) -> list[tuple[int | None, str, str]]:
    _, findings = read(*lines)
    return [(finding.at.row, finding.at.column, finding.rule) for finding in findings]


def test_a_file_with_three_columns_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text("fact,on,person\nreferral,2020-04-01,P1\n", encoding="utf-8")

    facts, findings = read_facts(path)

    assert facts is not None
    assert findings == ()
    assert facts.person.labels == ("P1",)
    assert facts.starts_on.tolist() == [date(2020, 4, 1)]
    assert facts.line.tolist() == [2]


def test_a_spreadsheets_byte_order_mark_semicolons_and_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_bytes("\ufeffPerson;Fact;On\r\nP1;Referral;2020-04-01\r\n\r\nP2;referral;2020-05-01\r\n".encode())

    facts, findings = read_facts(path)

    assert findings == ()
    assert facts is not None
    assert facts.named("referral").tolist() == [0, 1]
    assert facts.line.tolist() == [2, 4]


def test_blank_cells_are_not_recorded() -> None:
    facts = facts_of(fact("appointment", "2020-05-01"))

    assert (facts.hours[0], facts.hourly_pay[0], facts.job.codes[0], facts.site.codes[0]) == (NONE,) * 4
    assert (facts.competitive[0], facts.held[0]) == (Answer.UNKNOWN, Held.NOT_SAID)
    assert np.isnat(facts.ends_on[0])


def test_hours_and_pay_are_read_to_the_hundredth() -> None:
    facts = facts_of(work("2021-01-04", job="a", hours="15.99", hourly_pay="11.44"))

    assert facts.hours.tolist() == [1599]
    assert facts.hourly_pay.tolist() == [1144]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("yes", Answer.YES),
        ("TRUE", Answer.YES),
        ("y", Answer.YES),
        ("1", Answer.YES),
        ("No", Answer.NO),
        ("false", Answer.NO),
        ("N", Answer.NO),
        ("0", Answer.NO),
    ],
)
def test_yes_and_no_have_several_spellings(text: str, answer: Answer) -> None:
    assert facts_of(work("2021-01-04", competitive=text)).competitive.tolist() == [answer]


def test_what_is_not_said_to_be_recorded_later_was_recorded_on_its_day() -> None:
    facts = facts_of(
        fact("appointment", "2020-05-01"),
        fact("appointment", "2020-05-02", recorded_on="2020-06-01"),
        work("2021-01-04..2021-06-30", job="a"),
        paid("2021-01-04..2021-01-31", "64", job="a"),
    )

    assert np.datetime_as_string(facts.recorded_on).tolist() == [
        "2020-05-01",
        "2020-06-01",
        "2021-01-04",
        "2021-01-31",  # hours of a pay period are not known before it ends
    ]


def test_a_job_may_be_recorded_before_it_begins_but_an_appointment_may_not() -> None:
    assert rules(work("2021-01-04", recorded_on="2020-12-15")) == []
    assert rules(fact("appointment", "2021-01-04", recorded_on="2020-12-15")) == [
        (2, "recorded_on", "recorded-before-it-happened")
    ]


def test_the_same_reference_of_two_people_is_two_jobs() -> None:
    facts = facts_of(work("2021-01-04", job="a"), work("2021-01-04", job="a", person="P2"))

    assert len(set(facts.job.codes.tolist())) == 2
    assert [facts.job.text(code) for code in facts.job.codes.tolist()] == ["a", "a"]


def test_pay_periods_and_documents_find_the_job_by_its_reference() -> None:
    facts = facts_of(
        work("2021-01-04..2021-06-30", job="a"),
        paid("2021-01-04..2021-01-31", "64", job="a"),
        document("payslip", "2021-02-05", job="a"),
        document("payslip", "2021-02-05"),
    )

    assert facts.job.codes[0] == facts.job.codes[1] == facts.job.codes[2] != NONE
    assert facts.job.codes[3] == NONE


def test_a_line_that_stands_three_times_is_taken_once() -> None:
    line = fact("appointment", "2020-05-01")

    facts, findings = read(referral(), line, fact("appointment", "2020-05-02"), line, line)

    assert facts is not None
    assert len(facts) == 3
    assert [(finding.at.row, finding.rule) for finding in findings] == [(5, "row-repeated"), (6, "row-repeated")]


def test_every_mistake_of_a_file_is_listed_at_once_in_the_order_of_its_rows() -> None:
    found = rules(
        referral(),
        fact("appointment", "2020-13-01"),
        {"fact": "appointment", "on": "2020-05-01"},
        work("2021-06-30..2021-01-04", job="a", hours="200"),
        work("2021-01-04..2021-06-30", job="b", competitive="perhaps"),
        paid("2021-01-04..2021-01-31", "64", job="c"),
    )

    assert found == [
        (3, "on", "not-a-date"),
        (4, "person", "cell-blank"),
        (5, "until", "ends-before-it-begins"),
        (5, "hours", "hours-impossible"),
        (6, "competitive", "not-yes-or-no"),
        (7, "job", "hours-without-employment"),
    ]


def test_an_unclear_answer_is_not_called_missing_as_well() -> None:
    assert rules(work("2021-01-04", competitive="perhaps")) == [(2, "competitive", "not-yes-or-no")]


def test_a_thousand_mistakes_of_one_kind_are_counted_and_not_all_listed() -> None:
    _, findings = read(*(work("2021-01-04", person=f"P{number}", competitive="") for number in range(1000)))

    assert sum(finding.rule == "value-needed" for finding in findings) == 50
    assert [finding.what for finding in findings if finding.rule == "more-findings"] == [
        "and 950 more errors like these"
    ]


def test_a_short_job_inside_a_longer_one_of_the_same_reference_overlaps_with_that_one() -> None:
    _, findings = read(
        work("2021-01-04..2021-12-31", job="a"),
        work("2021-02-01..2021-02-28", job="a"),
        work("2021-06-01..2021-06-30", job="a"),
    )

    assert [(finding.at.row, finding.what) for finding in findings] == [
        (3, "the days of job 'a' overlap with those in row 2"),
        (4, "the days of job 'a' overlap with those in row 2"),
    ]


def test_names_that_the_contract_uses_are_no_warning() -> None:
    terms = contract(
        metrics=(
            metric("engagement", rule=Activity((Component("group session", 3),), Needed.ALL)),
            metric("health", rule=Recorded("health improved"), indigo="outcomemetric4"),
            metric("start", rule=Employment(), evidence=EvidenceRule(("First payslip",))),
        )
    )

    _, findings = read(
        fact("Group session", "2020-05-01"),
        fact("health improved", "2020-05-01"),
        document("first payslip", "2020-05-01", metric="OUTCOMEMETRIC4"),
        fact("employer contact", "2020-05-01"),
        fact("appointment", "2020-05-01"),
        fact("vocational profile", "2020-05-01"),
        contract=terms,
    )

    assert findings == ()


def test_an_unknown_name_is_warned_of_once_with_the_number_of_its_rows() -> None:
    _, findings = read(
        *(fact("apointment", f"2020-05-0{day}") for day in range(1, 5)), contract=contract(metrics=(metric("m0"),))
    )

    assert [(finding.severity, finding.at.row, finding.what) for finding in findings] == [
        (Severity.WARNING, 2, "'apointment' is no fact of this contract (in 4 rows)")
    ]


def test_facts_as_known_on_a_day_leave_out_what_was_recorded_or_happened_later() -> None:
    facts = facts_of(
        referral(),
        fact("appointment", "2020-05-01", recorded_on="2020-07-01"),
        work("2020-06-01..2020-09-30", job="a"),
        work("2020-08-01", job="b", recorded_on="2020-06-15"),
    )

    known = facts.known_on(date(2020, 6, 30))

    assert known.line.tolist() == [2, 4]
    assert np.isnat(known.ends_on).tolist() == [True, True]
    assert facts.ends_on.tolist()[2] == date(2020, 9, 30)


ODD_CELLS = st.sampled_from(
    ["", "P1", "a", "yes", "16", "0", "999", "-1", "x y", "2021-01-04", "soon", "employment", "held", "1899-12-31"]
)
FACTS = ("referral", "employment", "employment", "hours", "evidence", "discharge", "appointment", "other")
DAYS = st.dates(date(2020, 12, 1), date(2021, 6, 1)).map(str)
CELLS = {column.name: st.just("") for column in COLUMNS} | {
    "person": st.sampled_from(["P1", "P2", "P3", "P4"]),
    "fact": st.sampled_from(FACTS),
    "on": DAYS,
    "until": st.one_of(st.just(""), DAYS),
    "competitive": st.sampled_from(["yes", "yes", "no"]),
    "job": st.sampled_from(["a", "b", "c", "d", ""]),
    "hours": st.sampled_from(["", "16", "8.25"]),
    "detail": st.just("payslip"),
}
TERMS = contract(
    sites=("north",),
    metrics=(
        metric("engagement", rule=Activity((Component("appointment", 2), Component("other")), Needed.ALL)),
        metric("start", rule=Employment(), evidence=EvidenceRule(("payslip",))),
        metric("months", rule=Employment(months=1, gap_days=3), counts=Counts.ONCE_PER_JOB, requires=("start",)),
        metric("within", rule=Employment(days=14, within_days=28, hours=HoursRule.EVERY_PAY_PERIOD)),
        metric("other", rule=Recorded("other"), claim_within_days=3),
    ),
)


@given(
    rows=st.lists(st.fixed_dictionaries(CELLS), max_size=10),
    odd=st.lists(st.tuples(st.integers(0, 9), st.sampled_from([*CELLS]), ODD_CELLS), max_size=2),
    known_on=st.none() | st.dates(date(2020, 12, 1), date(2021, 9, 1)),
)
def test_whatever_a_file_holds_there_are_findings_or_outcomes_and_no_failure(
    rows: list[dict[str, str]], odd: list[tuple[int, str, str]], known_on: date | None
) -> None:
    for place, column, text in odd:
        if place < len(rows):
            rows[place][column] = text

    facts, findings = read(*rows, contract=TERMS)

    if facts is None:
        assert any(finding.severity is Severity.ERROR for finding in findings)
    else:
        table = find_outcomes(TERMS, facts, known_on=known_on)
        assert len(set(table.row_ids())) == len(table)


def test_a_person_at_another_site_is_warned_of_once_and_capitals_tell_no_sites_apart() -> None:
    found = rules(
        referral(site="Haringey"),
        fact("appointment", "2020-04-02", site="HARINGEY"),
        fact("appointment", "2020-04-03", site="barnet"),
        fact("appointment", "2020-04-04", site="Barnet"),
        fact("appointment", "2020-04-05", site="haringey"),
        fact("appointment", "2020-04-05", site="barnet", person="P2"),
    )

    assert found == [(4, "site", "sites-differ")]
