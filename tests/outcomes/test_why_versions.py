"""What is said of a reason goes by the version of the terms that judges the outcome, and by both ends of a window."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.outcomes.reasons import Reason
from sib_engine.outcomes.why.words import Why
from sib_engine.terms.contract import Consent, Contract, EligibilityTerms, TermsDate
from sib_engine.terms.metric import Band, BandRule, Counts, Employment, EvidenceRule, Length, Window
from sib_engine.terms.metric_terms import EmploymentTerms
from tests.oracle.build import AGREED, contract, metric, terms
from tests.outcomes.people import Line, document, fact, facts_of, referral, work

ENGAGED = metric("engaged", counts=Counts.ONCE_PER_PERSON)


def why(under: Contract, row: str, reason: Reason, *lines: Line, known_on: str | None = None) -> Why:
    day = None if known_on is None else date.fromisoformat(known_on)
    table = find_outcomes(under, facts_of(*lines), known_on=day)
    place = table.place_of(row)
    assert place is not None, table.row_ids()
    (said,) = [each for each in table.whys[place] if each.reason is reason]
    return said


def test_a_window_from_the_referral_says_which_end_was_missed_and_names_both() -> None:
    window = Window("referral", months=3, not_before=Length(days=14))
    under = contract(metrics=(replace(ENGAGED, within=window),))

    early = why(under, "P1/engaged", Reason.TOO_SOON, referral("2021-03-01"), fact("engaged", "2021-03-12"))
    late = why(under, "P1/engaged", Reason.OUTSIDE_WINDOW, referral("2021-03-01"), fact("engaged", "2021-06-02"))

    assert (
        early.found
        == "dated 2021-03-12, 3 days before 2021-03-15, the first day: 14 days from the referral of 2021-03-01"
    )
    assert early.mend == "the same outcome on or after 2021-03-15 and on or before 2021-06-01"
    assert (
        late.found == "dated 2021-06-02, 1 day after 2021-06-01, the last day: 3 months from the referral of 2021-03-01"
    )
    assert (
        late.mend == "a date on or after 2021-03-15 and on or before 2021-06-01, if the record is wrong; else nothing"
    )


def test_a_window_that_stays_open_names_no_last_day() -> None:
    later = metric("later", within=Window("engaged", not_before=Length(months=1)))
    under = contract(metrics=(ENGAGED, later))
    lines = (referral(), fact("engaged", "2021-01-31"), fact("later", "2021-02-27"))

    said = why(under, "P1/later/2021-02-27", Reason.TOO_SOON, *lines)

    assert said.found == (
        "dated 2021-02-27, 1 day before 2021-02-28, the first day: 1 month from P1/engaged of 2021-01-31 (facts row 3)"
    )
    assert said.mend == "the same outcome on or after 2021-02-28"


def test_the_window_the_documents_and_the_deadline_are_those_in_force_on_the_day_of_the_outcome() -> None:
    first = replace(
        ENGAGED, within=Window("referral", months=3), evidence=EvidenceRule(("letter",)), claim_within_days=30
    )
    change = terms(
        "engaged", "2021-07-01", within=Window("referral", months=6), evidence=("form",), claim_within_days=60
    )
    under = replace(contract(metrics=(first,)), metric_terms=(change,))

    def both(on: str) -> tuple[Why, Why]:
        lines = (referral("2020-12-01"), fact("engaged", on))
        window = why(under, "P1/engaged", Reason.OUTSIDE_WINDOW, *lines)
        return window, why(under, "P1/engaged", Reason.EVIDENCE_MISSING, *lines)

    window, evidence = both("2021-06-30")
    assert (window.found, window.by) == (
        "dated 2021-06-30, 121 days after 2021-03-01, the last day: 3 months from the referral of 2020-12-01",
        date(2021, 7, 30),
    )
    assert (evidence.found, evidence.by) == ("no letter is recorded for it", date(2021, 7, 30))
    window, evidence = both("2021-07-01")
    assert (window.found, window.by) == (
        "dated 2021-07-01, 30 days after 2021-06-01, the last day: 6 months from the referral of 2020-12-01",
        date(2021, 8, 30),
    )
    assert (evidence.found, evidence.by) == ("no form is recorded for it", date(2021, 8, 30))


def test_a_deadline_that_was_missed_is_that_of_the_version_and_of_the_claim() -> None:
    change = terms("engaged", "2021-07-01", claim_within_days=10)
    under = replace(contract(metrics=(replace(ENGAGED, claim_within_days=5),)), metric_terms=(change,))

    # Consent and referral, recorded later still, have no part in it: the deadline is about the claim.
    lines = (referral(recorded_on="2021-12-01"), fact("engaged", "2021-07-01", recorded_on="2021-07-12"))

    assert why(under, "P1/engaged", Reason.RECORDED_LATE, *lines).found == (
        "recorded on 2021-07-12, 1 day after the deadline of 2021-07-11 (10 days after the outcome)"
    )


def test_a_prerequisite_that_only_the_new_terms_ask_for_is_missed_under_them() -> None:
    job = metric("job", counts=Counts.ONCE_PER_PERSON)
    under = replace(contract(metrics=(ENGAGED, job)), metric_terms=(terms("job", "2021-07-01", requires=("engaged",)),))

    said = why(under, "P1/job", Reason.PREREQUISITE_MISSING, referral(), fact("job", "2021-07-01"))

    assert said.found == "no 'engaged' of this person is recorded, and it must come first"


def test_hours_belong_to_the_other_band_as_it_stands_on_the_day_of_the_outcome() -> None:
    low = metric("low", rule=Employment(days=91, hours_from=Decimal(8), hours_below=Decimal(16)))
    high = metric("high", rule=Employment(days=91, hours_from=Decimal(16)))
    band = Band("hours", ("low", "high"), BandRule.EXCLUSIVE, AGREED)
    change = terms("low", "2021-05-01", employment=EmploymentTerms(hours_from=Decimal(12)))

    def said(start: str, terms_date: TermsDate, referred: str) -> str:
        under = replace(contract(metrics=(low, high), bands=(band,)), metric_terms=(change,), terms_date=terms_date)
        lines = (referral(referred), work(f"{start}..2021-12-31", hours="10", job="a"))
        table = find_outcomes(under, facts_of(*lines))
        (place,) = [at for at, row in enumerate(table.row_ids()) if row.startswith("P1/high")]
        (found,) = [each for each in table.whys[place] if each.reason is Reason.HOURS_BELOW]
        return found.mend

    # 91 days from 4 January are complete on 4 April, from 1 March on 30 May.
    asked = "pay records or hours that come to 16 hours or more a week from"
    belongs = "; as it is, such hours belong to low"
    assert said("2021-01-04", TermsDate.OUTCOME, "2020-04-01") == f"{asked} 2021-01-04 to 2021-04-04{belongs}"
    assert said("2021-03-01", TermsDate.OUTCOME, "2020-04-01") == f"{asked} 2021-03-01 to 2021-05-30"
    assert said("2021-03-01", TermsDate.START, "2020-04-01") == f"{asked} 2021-03-01 to 2021-05-30{belongs}"
    assert said("2021-05-10", TermsDate.START, "2021-05-03") == f"{asked} 2021-05-10 to 2021-08-08"


def test_eligibility_is_told_by_the_terms_of_the_outcomes_day() -> None:
    asked = EligibilityTerms(
        "consent-2021", date(2021, 7, 1), Consent.REQUIRED, ("out of work",), None, (), None, AGREED
    )
    under = replace(contract(metrics=(ENGAGED,)), eligibility_terms=(asked,))
    lines = (referral(detail="in work"), fact("engaged", "2021-07-01"))

    assert why(under, "P1/engaged", Reason.NOT_ELIGIBLE, *lines).mend == (
        "a corrected referral of 2020-04-01 with work status 'out of work'"
    )
    assert why(under, "P1/engaged", Reason.NO_CONSENT, *lines).found == "no consent is recorded"


def test_work_complete_before_the_new_terms_begin_has_to_last_to_their_first_day() -> None:
    rule = Employment(days=91)
    change = terms("kept", "2021-05-01", employment=EmploymentTerms(days=42))
    under = replace(contract(metrics=(metric("kept", rule=rule),)), metric_terms=(change,))

    # 42 days from 1 March are complete on 11 April; the old terms would ask for work to 30 May.
    said = why(
        under,
        "P1/kept/a/2021-05-01",
        Reason.STILL_RUNNING,
        referral(),
        work("2021-03-01", job="a"),
        known_on="2021-04-20",
    )

    assert said.mend == (
        "the work lasting to 2021-05-01, its due date under the terms in force from then on, with evidence"
    )


def test_a_document_of_a_kind_no_longer_accepted_is_named() -> None:
    change = terms("engaged", "2021-07-01", evidence=("form",))
    under = replace(contract(metrics=(replace(ENGAGED, evidence=EvidenceRule(("letter",))),)), metric_terms=(change,))

    said = why(
        under,
        "P1/engaged",
        Reason.EVIDENCE_MISSING,
        referral(),
        fact("engaged", "2021-07-01"),
        document("letter", "2021-07-05"),
    )

    assert said.found == "no form is recorded for it; recorded is letter 2021-07-05 (not accepted)"
