"""When an outcome was known: the last of everything that it rests on; and what a row that lacks something also has."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np

from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.outcomes.rows_file import read_rows, write_rows
from sib_engine.services.as_achieved import mask_as_achieved
from sib_engine.terms.contract import Consent, Eligibility
from sib_engine.terms.metric import Band, BandRule, Counts, Employment, EvidenceRule, Metric, Window
from tests.oracle.build import AGREED, contract, metric
from tests.outcomes.people import Line, document, fact, facts_of, outcomes, referral, work

ENGAGED = metric("engaged", counts=Counts.ONCE_PER_PERSON)
JOB_START = metric("job_start", rule=Employment(), counts=Counts.ONCE_PER_PERSON, requires=("engaged",))
SUSTAINED = metric("sustained", rule=Employment(days=91), counts=Counts.ONCE_PER_PERSON, requires=("job_start",))
CHAIN = contract(metrics=(SUSTAINED, JOB_START, ENGAGED))

LATE_ENGAGEMENT = fact("engaged", "2021-01-04", recorded_on="2021-08-02")
JOB = work("2021-02-01..2021-06-30", job="a")


def known(metrics: tuple[Metric, ...], *lines: Line) -> dict[str, str]:
    found = outcomes(contract(metrics=metrics), *lines)
    assert {row_id: row.reasons for row_id, row in found.items() if row.reasons} == {}
    return {row_id: row.recorded_on for row_id, row in found.items()}


def test_an_outcome_is_known_when_what_it_requires_is_known_and_so_is_what_requires_it_in_turn() -> None:
    assert known(CHAIN.metrics, referral(), LATE_ENGAGEMENT, JOB) == {
        "P1/engaged": "2021-08-02",
        "P1/job_start/a": "2021-08-02",
        "P1/sustained/a": "2021-08-02",
    }


def test_what_is_known_late_of_one_person_delays_nobody_else() -> None:
    second = (referral(person="P2"), fact("engaged", "2021-01-04", person="P2"))

    found = known(CHAIN.metrics, referral(), LATE_ENGAGEMENT, *second, work("2021-02-01..2021-06-30", person="P2"))

    assert found["P2/job_start/2021-02-01"] == "2021-02-01"
    assert found["P2/sustained/2021-02-01"] == "2021-05-02"


def test_an_outcome_recorded_after_what_it_requires_keeps_its_own_day() -> None:
    lines = (
        referral(),
        fact("engaged", "2021-01-04"),
        work("2021-02-01..2021-06-30", job="a", recorded_on="2021-07-05"),
    )

    assert known(CHAIN.metrics, *lines)["P1/job_start/a"] == "2021-07-05"


def test_per_job_only_the_job_s_own_start_counts() -> None:
    evidence = EvidenceRule(("payslip",))
    start = metric("job_start", rule=Employment(), counts=Counts.ONCE_PER_JOB, evidence=evidence)
    stay = metric("sustained", rule=Employment(days=28), counts=Counts.ONCE_PER_JOB, requires=("job_start",))
    lines = (
        work("2021-02-01..2021-03-31", job="a"),
        document("payslip", "2021-02-28", job="a", recorded_on="2021-09-01"),
        work("2021-04-01..2021-06-30", job="b"),
        document("payslip", "2021-04-30", job="b"),
    )

    found = known((start, stay), referral(), *lines)

    assert (found["P1/sustained/a"], found["P1/sustained/b"]) == ("2021-09-01", "2021-04-30")


def test_the_outcome_that_a_window_runs_from_is_rested_on_as_well() -> None:
    window = replace(JOB_START, requires=(), within=Window("engaged", 0, 91))

    found = known((ENGAGED, window), referral(), LATE_ENGAGEMENT, work("2021-02-01", job="a"))

    assert found["P1/job_start/a"] == "2021-08-02"


def test_a_referral_recorded_late_is_part_of_what_an_outcome_rests_on() -> None:
    found = known((ENGAGED,), referral(recorded_on="2021-03-15"), fact("engaged", "2021-01-04"))

    assert found == {"P1/engaged": "2021-03-15"}


def test_consent_is_part_of_it_only_where_the_contract_requires_it() -> None:
    lines = (
        referral(),
        fact("appointment", "2021-01-02", consent_on="2021-01-02", recorded_on="2021-05-20"),
        fact("engaged", "2021-01-04"),
    )
    plain = contract(metrics=(ENGAGED,))
    required = replace(plain, eligibility=Eligibility(Consent.REQUIRED, (), None, AGREED))

    assert outcomes(plain, *lines)["P1/engaged"].recorded_on == "2021-01-04"
    row = outcomes(required, *lines)["P1/engaged"]
    assert (row.recorded_on, row.reasons) == ("2021-05-20", ())


def test_the_deadline_for_claims_is_about_the_row_s_own_facts_also_when_its_file_is_read_again(tmp_path: Path) -> None:
    # The job start may be recorded until 3 March 2021 and was on 1 February; its engagement became known in August.
    terms = contract(metrics=(ENGAGED, replace(JOB_START, claim_within_days=30)))
    table = find_outcomes(terms, facts_of(referral(), LATE_ENGAGEMENT, work("2021-02-01", job="a")))
    write_rows(tmp_path / "rows.csv", table, terms)

    read, findings = read_rows(tmp_path / "rows.csv", terms)

    assert table.mask.tolist() == [0, 0]
    assert read is not None
    assert findings == ()
    assert np.datetime_as_string(read.rows.recorded_on).tolist() == ["2021-08-02", "2021-08-02"]
    assert np.datetime_as_string(read.rows.claimed_on).tolist() == ["2021-08-02", "2021-02-01"]
    assert mask_as_achieved(terms, read).tolist() == [0, 0]


def test_a_row_recorded_late_itself_is_late_still() -> None:
    terms = contract(metrics=(replace(ENGAGED, claim_within_days=30),))

    assert outcomes(terms, referral(), LATE_ENGAGEMENT)["P1/engaged"].reasons == ("recorded-late",)


def test_a_second_outcome_that_lacks_its_evidence_is_called_a_duplicate_as_well() -> None:
    start = metric("job_start", rule=Employment(), counts=Counts.ONCE_PER_PERSON, evidence=EvidenceRule(("payslip",)))
    lines = (work("2021-02-01..2021-03-31", job="a"), document("payslip", "2021-02-28", job="a"))

    found = outcomes(contract(metrics=(start,)), referral(), *lines, work("2021-04-05", job="b"))

    assert found["P1/job_start/a"].reasons == ()
    second = found["P1/job_start/b"]
    assert (second.reasons, second.by_when) == (("duplicate", "evidence-missing"), "NaT")


def test_an_outcome_of_another_band_that_lacks_its_evidence_is_beaten_by_the_band_as_well() -> None:
    evidence = EvidenceRule(("payslip",))
    under = metric(
        "under", rule=Employment(days=28, hours_below=Decimal(16)), counts=Counts.ONCE_PER_PERSON, evidence=evidence
    )
    over = metric(
        "over", rule=Employment(days=28, hours_from=Decimal(16)), counts=Counts.ONCE_PER_PERSON, evidence=evidence
    )
    terms = contract(metrics=(under, over), bands=(Band("hours", ("under", "over"), BandRule.EXCLUSIVE, AGREED),))
    first = (work("2021-02-01..2021-03-31", job="a", hours="20"), document("payslip", "2021-03-31", job="a"))

    found = outcomes(terms, referral(), *first, work("2021-06-01..2021-07-31", job="b", hours="10"))

    assert found["P1/over/a"].reasons == ()
    second = found["P1/under/b"]
    assert (second.reasons, second.by_when) == (("evidence-missing", "other-band"), "NaT")


def test_an_outcome_that_lacks_its_evidence_and_is_the_first_has_that_reason_alone() -> None:
    start = metric("job_start", rule=Employment(), counts=Counts.ONCE_PER_PERSON, evidence=EvidenceRule(("payslip",)))

    row = outcomes(contract(metrics=(start,)), referral(), work("2021-02-01", job="a"))["P1/job_start/a"]

    assert (row.reasons, row.by_when) == (("evidence-missing",), str(date(2024, 7, 31)))
